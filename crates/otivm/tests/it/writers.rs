//! A server in a process of its own that may end at any moment, and players who write down what it told them.

use crate::scene::{cache_world, config, cookie_of, until};
use otivm::Config;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};
use theron_testkit::TestMesh;

/// Who waits for a server's answer waits so long before it asks again.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);
/// A connection that is refused is tried again.
const AGAIN: Duration = Duration::from_millis(5);

/// What a server is started from: a world in the cache, and ports that outlive it.
pub(crate) struct Post {
    pub(crate) mesh: TestMesh,
    pub(crate) config: Config,
    file: PathBuf,
    /// Set for the process: what is loaded before its own libraries, and what that goes by.
    pub(crate) environment: Vec<(&'static str, OsString)>,
}

impl Post {
    pub(crate) fn new() -> Self {
        let mesh = TestMesh::new().unwrap();
        let mut config = config(&mesh);
        // Free now, and ours for the length of this test.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        config.service.listen.public = Some(address);
        cache_world(&config, "Mare");
        let file = mesh.folder().join("otivm.toml");
        std::fs::write(&file, toml::to_string(&config).unwrap()).unwrap();
        Self { mesh, config, file, environment: Vec::new() }
    }

    pub(crate) fn root(&self) -> String {
        format!("http://{}/api/v1", self.config.service.listen.public.unwrap())
    }

    pub(crate) fn players(&self) -> PathBuf {
        self.config.service.data_dir.join("data/players")
    }

    pub(crate) fn serve(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_otivm"));
        command.args(["serve", "--config"]).arg(&self.file);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    pub(crate) async fn enrol(&self) -> Writer {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let http = reqwest::Client::new();
        let key = format!("the-key-of-a-new-writer-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let url = format!("{}/players", self.root());
        let answer = until("the server answers", async || {
            let players = http.post(&url).header("idempotency-key", &key).json(&json!({}));
            players.send().await.ok().filter(|answer| answer.status() == 201)
        })
        .await;
        let cookie = cookie_of(&answer);
        let enrolled: otivm_api::Enrolled = answer.json().await.unwrap();
        let token = enrolled.player.token;
        Writer { root: self.root(), cookie, token, acknowledged: BTreeMap::new() }
    }
}

/// A player, and every entry that the server said is written: text to the moment that it is.
pub(crate) struct Writer {
    pub(crate) root: String,
    pub(crate) cookie: String,
    pub(crate) token: String,
    acknowledged: BTreeMap<String, i64>,
}

/// What the writers have heard so far, all together.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) acknowledged: AtomicU64,
    pub(crate) not_written: AtomicU64,
    over: AtomicBool,
}

impl Heard {
    /// Waits until a count has grown by so many.
    pub(crate) async fn more(count: &AtomicU64, by: u64) {
        let enough = count.load(Ordering::Relaxed) + by;
        until("the writers hear more", async || {
            for _ in 0..500 {
                if count.load(Ordering::Relaxed) >= enough {
                    return Some(());
                }
                tokio::task::yield_now().await;
            }
            None
        })
        .await;
    }
}

/// Players at work, each on a thread of its own.
pub(crate) struct Work {
    pub(crate) heard: Arc<Heard>,
    threads: Vec<JoinHandle<Writer>>,
}

impl Work {
    pub(crate) fn begin(writers: Vec<Writer>) -> Self {
        let heard = Arc::<Heard>::default();
        let on_thread = |mut writer: Writer| {
            let heard = Arc::clone(&heard);
            std::thread::spawn(move || {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(writer.write(&heard));
                writer
            })
        };
        let threads = writers.into_iter().map(on_thread).collect();
        Self { heard, threads }
    }

    pub(crate) fn end(self) -> Vec<Writer> {
        self.heard.over.store(true, Ordering::Relaxed);
        self.threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    }
}

/// Calls that one player has in flight, so that some share a transaction.
const AT_ONCE: usize = 3;

impl Writer {
    /// Sends a command under a key of its own, whatever the state of the life is by now.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: &Value,
    ) -> reqwest::Result<reqwest::Response> {
        let call = reqwest::Client::new().post(format!("{}{path}", self.root));
        let call =
            call.header("cookie", &self.cookie).header("idempotency-key", path.replace('/', "-"));
        call.header("if-match", "*").json(body).send().await
    }

    /// Writes one entry after the other in each of some lines, and sends each under its key until it is answered.
    async fn write(&mut self, heard: &Heard) {
        let lines = (0..AT_ONCE).map(|line| self.line(line, heard));
        let told = futures::future::join_all(lines).await;
        self.acknowledged.extend(told.into_iter().flatten());
    }

    async fn line(&self, line: usize, heard: &Heard) -> Vec<(String, i64)> {
        let http = reqwest::Client::builder().timeout(ANSWERED_WITHIN).build().unwrap();
        let mut told = Vec::new();
        while !heard.over.load(Ordering::Relaxed) {
            let text = format!("entry-{line}-{}", told.len());
            let sent = http
                .post(format!("{}/journal", self.root))
                .header("cookie", &self.cookie)
                .header("idempotency-key", &text)
                .json(&json!({ "text": text }))
                .send()
                .await;
            match sent {
                Ok(answer) if answer.status() == 201 => {
                    // An answer that is cut off in the middle was not received: it is asked for again.
                    let Ok(done) = answer.json::<otivm_api::Done>().await else { continue };
                    told.push((text, done.moments[0].at));
                    heard.acknowledged.fetch_add(1, Ordering::Relaxed);
                }
                Ok(answer) => {
                    let status = answer.status();
                    let Ok(problem) = answer.json::<theron_wire::Problem>().await else { continue };
                    match (status.as_u16(), problem.code.as_str()) {
                        (503, "not_written") => {
                            heard.not_written.fetch_add(1, Ordering::Relaxed);
                        }
                        // A server that is starting, and one whose first answer to this key is still on its way.
                        (503, "no_world") | (409, "idempotency_key_in_flight") => {}
                        refused => panic!("{refused:?}"),
                    }
                }
                Err(_gone) => tokio::time::sleep(AGAIN).await,
            }
        }
        told
    }

    /// The file is whole, and has every entry that was acknowledged, where it was said to be, and each entry once.
    pub(crate) fn check(&self, players: &Path) {
        let file = players.join(format!("{}.sqlite3", self.token));
        otivm::verify(&file).unwrap();
        let found = journal(&file);
        let kept: BTreeMap<&str, i64> =
            found.iter().map(|(text, at)| (text.as_str(), *at)).collect();
        assert_eq!(kept.len(), found.len(), "an entry is doubled");
        for (text, at) in &self.acknowledged {
            assert_eq!(kept.get(text.as_str()), Some(at), "{text}");
        }
        assert!(!self.acknowledged.is_empty());
    }
}

/// Text and moment of each entry, as the file itself has them.
fn journal(file: &Path) -> Vec<(String, i64)> {
    let flags = theron_sqlite::rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    let file = theron_sqlite::rusqlite::Connection::open_with_flags(file, flags).unwrap();
    let sql = "SELECT value ->> 'text', at FROM moment WHERE name = 'journal' ORDER BY at";
    let mut statement = file.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}
