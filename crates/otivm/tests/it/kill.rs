//! SIGKILL at random instants under load: nothing that was acknowledged is lost, nothing is doubled.

use crate::scene::{cache_world, config, cookie_of, until};
use otivm::Config;
use otivm_api::Moments;
use serde_json::json;
use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};
use theron_testkit::TestMesh;

const PLAYERS: usize = 4;
const KILLS: u64 = 8;

fn serve(config: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_otivm"))
        .args(["serve", "--config"])
        .arg(config)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

struct Writer {
    root: String,
    cookie: String,
    token: String,
    /// Text to the moment that the server said it is.
    acknowledged: BTreeMap<String, i64>,
}

/// Writes one entry after the other; sends each again under its key until it is answered.
async fn write_until(writer: &mut Writer, stop: &AtomicBool) {
    let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).build().unwrap();
    let mut index = 0;
    while !stop.load(Ordering::Relaxed) {
        let text = format!("entry-{index}");
        let sent = http
            .post(format!("{}/api/v1/journal", writer.root))
            .header("cookie", &writer.cookie)
            .header("idempotency-key", &text)
            .json(&json!({ "text": text }))
            .send()
            .await;
        match sent {
            Ok(answer) if answer.status() == 201 => {
                // An answer that is cut off in the middle was not received: it is asked for again.
                let Ok(done) = answer.json::<otivm_api::Done>().await else { continue };
                writer.acknowledged.insert(text, done.moments[0].at);
                index += 1;
            }
            Ok(answer) => {
                assert_eq!(answer.status(), 503, "only a server that is starting may refuse");
            }
            Err(_gone) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn enrol(root: &str) -> Writer {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let http = reqwest::Client::new();
    let key = format!("the-key-of-a-new-writer-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let answer = until("the server answers", async || {
        let players = http.post(format!("{root}/api/v1/players")).header("idempotency-key", &key);
        let sent = players.json(&json!({})).send().await;
        sent.ok().filter(|answer| answer.status() == 201)
    })
    .await;
    let cookie = cookie_of(&answer);
    let enrolled: otivm_api::Enrolled = answer.json().await.unwrap();
    Writer {
        root: root.to_owned(),
        cookie,
        token: enrolled.player.token,
        acknowledged: BTreeMap::new(),
    }
}

async fn history(writer: &Writer) -> Vec<(String, i64)> {
    let http = reqwest::Client::new();
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let url = format!("{}/api/v1/moments?limit=1000&after={after}", writer.root);
        let page: Moments = until("moments", async || {
            let sent = http.get(&url).header("cookie", &writer.cookie).send().await.ok()?;
            if sent.status() == 200 { sent.json().await.ok() } else { None }
        })
        .await;
        let journal = page.moments.iter().filter(|moment| moment.name == "journal");
        found.extend(journal.map(|m| (m.value["text"].as_str().unwrap().to_owned(), m.at)));
        match page.next {
            Some(next) => after = next,
            None => return found,
        }
    }
}

fn child_config(mesh: &TestMesh) -> Config {
    let mut config = config(mesh);
    // A port that outlives the process: free now, and ours for the length of this test.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    config.service.listen.public = Some(port);
    cache_world(&config, "Mare");
    config
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_instant_it_has_kept_every_word_it_gave() {
    let mesh = TestMesh::new().unwrap();
    let config = child_config(&mesh);
    let path = mesh.folder().join("otivm.toml");
    std::fs::write(&path, toml::to_string(&config).unwrap()).unwrap();
    let root = format!("http://{}", config.service.listen.public.unwrap());
    let mut child = serve(&path);
    let mut writers = Vec::new();
    for _ in 0..PLAYERS {
        writers.push(enrol(&root).await);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let work: Vec<_> = writers
        .into_iter()
        .map(|mut writer| {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(write_until(&mut writer, &stop));
                writer
            })
        })
        .collect();
    for round in 0..KILLS {
        // 300 to 900 ms, at another point of the work each time.
        tokio::time::sleep(Duration::from_millis(300 + round * 7919 % 600)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        child = serve(&path);
    }
    tokio::time::sleep(Duration::from_millis(1500)).await;
    stop.store(true, Ordering::Relaxed);
    let writers: Vec<Writer> = work.into_iter().map(|thread| thread.join().unwrap()).collect();
    for writer in &writers {
        let found = history(writer).await;
        let kept: BTreeMap<String, i64> = found.iter().cloned().collect();
        assert_eq!(kept.len(), found.len(), "an entry is doubled");
        for (text, at) in &writer.acknowledged {
            assert_eq!(kept.get(text), Some(at), "{text}");
        }
        assert!(!writer.acknowledged.is_empty());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for writer in &writers {
        let file = config.service.data_dir.join(format!("data/players/{}.sqlite3", writer.token));
        otivm::verify(&file).unwrap();
    }
}
