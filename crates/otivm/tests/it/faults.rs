//! A disk that fails: no answer is given that is not true, and play goes on when the cause is gone.
//!
//! The library of `disk.c` stands between the server and its files. It fails what it is told to fail, and keeps
//! beside them what a power cut would leave: only what a sync has brought to the disk, and of what a failed sync
//! should have brought nothing, until it is written again.

use crate::{
    scene::{refusal, until},
    timeline::kept,
    writers::{Heard, Post, Work, Writer},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::Child,
};
use theron_testkit::{Dice, preloadable};
use theron_wire::Readiness;

const DISK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/disk.c");
/// What may fail, as `disk.c` names it.
const SYNC: &str = "sync";
const WRITE: &str = "write";
const FOLDER: &str = "folder";

/// A server on such a disk.
struct Scene {
    post: Post,
    fault: PathBuf,
    /// What a power cut would leave of the service's folder.
    kept: PathBuf,
}

impl Scene {
    fn new() -> Self {
        let mut post = Post::new();
        let folder = post.mesh.folder().to_owned();
        let library = preloadable(Path::new(DISK), &folder).unwrap();
        let (fault, kept) = (folder.join("fault"), folder.join("kept"));
        post.environment = vec![
            ("LD_PRELOAD", library.into()),
            ("DISK_UNDER", post.config.service.data_dir.clone().into()),
            ("DISK_KEPT", kept.clone().into()),
            ("DISK_FAULT", fault.clone().into()),
        ];
        Self { post, fault, kept }
    }

    fn fail(&self, what: &str) {
        let whole = self.fault.with_extension("new");
        std::fs::write(&whole, what).unwrap();
        std::fs::rename(whole, &self.fault).unwrap();
    }

    fn mend(&self) {
        std::fs::remove_file(&self.fault).unwrap();
    }

    /// What anybody is told who asks.
    async fn readiness(&self) -> Readiness {
        let url = format!("{}/readyz", self.post.root().strip_suffix("/api/v1").unwrap());
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }

    async fn until(&self, what: &str, told: impl Fn(&Readiness) -> bool) -> Readiness {
        until(what, async || Some(self.readiness().await).filter(&told)).await
    }

    async fn writers(&self, count: usize) -> Vec<Writer> {
        let mut writers = Vec::new();
        for _ in 0..count {
            writers.push(self.post.enrol().await);
        }
        writers
    }
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_a_power_cut_whatever_syncs_failed_before() {
    let (scene, mut dice) = (Scene::new(), Dice::new(46));
    let mut child = scene.post.serve();
    let work = Work::begin(scene.writers(3).await);
    let Heard { acknowledged, not_written, .. } = &*work.heard;
    for round in 0..8 {
        Heard::more(acknowledged, 1 + dice.below(40) as u64).await;
        scene.fail(SYNC);
        Heard::more(not_written, 1 + dice.below(12) as u64).await;
        if round % 4 == 3 {
            // Whoever comes next knows nothing of the failure.
            kill(child);
            scene.mend();
            child = scene.post.serve();
        } else {
            scene.mend();
        }
    }
    // Service resumes, and nobody started it anew.
    Heard::more(acknowledged, 30).await;
    let writers = work.end();
    kill(child);
    let kept = scene.kept.join("data/players");
    for writer in &writers {
        writer.check(&kept);
        writer.check(&scene.post.players());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_what_it_cannot_keep_and_still_tells_what_it_has() {
    let scene = Scene::new();
    let child = scene.post.serve();
    let writers = scene.writers(2).await;
    let Writer { cookie, root, .. } = &writers[0];
    let http = reqwest::Client::new();
    let write = |key: &str| {
        let body = json!({ "text": key });
        let call = http.post(format!("{root}/journal")).header("cookie", cookie);
        call.header("idempotency-key", key).json(&body)
    };
    let me = async || {
        let call = http.request(Method::GET, format!("{root}/me")).header("cookie", cookie);
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json::<Value>().await.unwrap()["revision"].as_i64().unwrap()
    };
    assert_eq!(write("before").send().await.unwrap().status(), 201);
    let before = me().await;
    scene.fail(WRITE);
    for _ in 0..3 {
        let refused = write("during").send().await.unwrap();
        assert_eq!(refused.headers()["retry-after"], "5");
        assert_eq!(refusal(write("during")).await, (503, "not_written".to_owned()));
        assert_eq!(me().await, before, "what was not written is not told");
    }
    scene.mend();
    let done = write("during").send().await.unwrap();
    assert_eq!((done.status().as_u16(), done.headers().get("idempotent-replayed")), (201, None));
    assert!(me().await > before);
    let again = write("during").send().await.unwrap();
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    kill(child);
    for folder in [scene.kept.join("data/players"), scene.post.players()] {
        let file = folder.join(format!("{}.sqlite3", writers[0].token));
        otivm::verify(&file).unwrap();
    }
}

/// Each of them took one of the seats, until nobody was let in any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_life_that_cannot_be_taken_in_leaves_the_seat_free() {
    let scene = Scene::new();
    let child = scene.post.serve();
    let first = scene.post.enrol().await;
    let life = std::fs::read(kept()).unwrap();
    let http = reqwest::Client::new();
    let bring = |number: u32| {
        let call = http.post(format!("{}/imports", first.root)).body(life.clone());
        call.header("idempotency-key", format!("a-life-from-elsewhere-{number}"))
    };
    scene.fail(SYNC);
    for number in 0..6 {
        assert_eq!(refusal(bring(number)).await, (503, "not_written".to_owned()));
    }
    scene.mend();
    let taken = bring(0).send().await.unwrap();
    assert_eq!(taken.status(), 201, "{}", taken.text().await.unwrap());
    // The other two of four.
    scene.writers(2).await;
    kill(child);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_takes_no_files_is_named_at_the_start_and_stops_no_play() {
    let scene = Scene::new();
    let child = scene.post.serve();
    let work = Work::begin(scene.writers(2).await);
    Heard::more(&work.heard.acknowledged, 10).await;
    scene.fail(FOLDER);
    Heard::more(&work.heard.acknowledged, 10).await;
    let writers = work.end();
    kill(child);
    let mut refused = scene.post.serve();
    assert!(!refused.wait().unwrap().success(), "it does not start and call every seat damaged");
    scene.mend();
    let child = scene.post.serve();
    let work = Work::begin(writers);
    Heard::more(&work.heard.acknowledged, 10).await;
    let writers = work.end();
    kill(child);
    for writer in &writers {
        writer.check(&scene.post.players());
        writer.check(&scene.kept.join("data/players"));
    }
}

fn entry(writer: &Writer, key: &str) -> reqwest::RequestBuilder {
    let call = reqwest::Client::new().post(format!("{}/journal", writer.root));
    let call = call.header("cookie", &writer.cookie).header("idempotency-key", key);
    call.json(&json!({ "text": key }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readiness_says_that_the_disk_takes_no_more_and_comes_back_when_it_does() {
    let scene = Scene::new();
    let child = scene.post.serve();
    let writers = scene.writers(1).await;
    let ready = |told: &Readiness| told.ready;
    let before = scene.until("it is ready", ready).await;
    for (fault, why) in [(WRITE, "it is full"), (SYNC, "it fails; the log says how")] {
        scene.fail(fault);
        assert_eq!(refusal(entry(&writers[0], fault)).await, (503, "not_written".to_owned()));
        let told = scene.until("it is not ready", |told| !told.ready).await;
        let reason = told.detail.split("; the world").next().unwrap();
        assert_eq!(reason, format!("the disk takes no more moments: {why}"));
        assert!(!told.detail.contains(&writers[0].token));
        let live = scene.post.root().replace("/api/v1", "/livez");
        assert_eq!(reqwest::get(live).await.unwrap().status(), 200);
        scene.mend();
        // Nobody writes anything.
        let after = scene.until("it is ready again", ready).await;
        assert_eq!(after.detail, before.detail);
        assert_eq!(entry(&writers[0], fault).send().await.unwrap().status(), 201);
    }
    kill(child);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_life_whose_file_is_ill_leaves_the_others_ready() {
    let scene = Scene::new();
    let child = scene.post.serve();
    let writers = scene.writers(2).await;
    scene.until("it is ready", |told| told.ready).await;
    for fault in [WRITE, SYNC] {
        scene.fail(&format!("{fault} {}", writers[0].token));
        for turn in 0..20 {
            let key = format!("{fault}-{turn}");
            let ill = refusal(entry(&writers[0], &key)).await;
            assert_eq!(ill, (503, "not_written".to_owned()));
            assert_eq!(entry(&writers[1], &key).send().await.unwrap().status(), 201);
            assert!(scene.readiness().await.ready, "{turn}");
        }
        scene.mend();
    }
    kill(child);
}
