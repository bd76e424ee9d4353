//! A store that is killed at any step of taking a release in, promoting it, rolling back or removing it
//! serves the old release or the new one after the next start, and nothing between.

use crate::scene::write;
use reqwest::Method;
use std::{
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tessera_release::ReleaseFile;
use tessera_store::Config;
use tessera_store_api::{ReleaseSummary, StoreClient};
use theron_mesh::{MeshClient, names};
use theron_testkit::{Killer, TestMesh};

/// From a process to its answering; generous, because many run at once.
const LISTENS_WITHIN: Duration = Duration::from_secs(30);
/// Calls that change a file, in all steps together. More means that a step writes in a loop.
const CALLS_MAX: u32 = 400;

/// A data folder and what identifies its owner.
pub(crate) struct Scene {
    mesh: TestMesh,
    config: Config,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let mesh = TestMesh::new().unwrap();
        let config = Config::of(mesh.base(names::STORE).unwrap());
        Self { mesh, config }
    }
}

/// The service as a process of its own, on fixed ports.
pub(crate) struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    /// A store that answers.
    pub(crate) async fn start(scene: &Scene, kill: Option<(&Killer, u32)>) -> Self {
        Self::begin(scene, kill).await.expect("the store comes up")
    }

    /// A store that answers, or `None` where it was killed before.
    async fn begin(scene: &Scene, kill: Option<(&Killer, u32)>) -> Option<Self> {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut config = scene.config.clone();
        config.service.listen.mesh = address;
        config.service.listen.public = None;
        let path = scene.mesh.folder().join("store.toml");
        std::fs::write(&path, toml::to_string(&config).unwrap()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tessera-store"));
        command.args(["serve", "--config"]).arg(&path);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some((killer, at)) = kill {
            command.envs(killer.environment(at));
        }
        let mut process = Self { child: command.spawn().unwrap(), address };
        let started = Instant::now();
        while process.mesh(scene, names::OPERATOR).get::<serde_json::Value>("").await.is_err() {
            if process.child.try_wait().unwrap().is_some() {
                return None;
            }
            assert!(started.elapsed() < LISTENS_WITHIN, "the store does not come up");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Some(process)
    }

    pub(crate) fn mesh(&self, scene: &Scene, name: &str) -> MeshClient {
        scene.mesh.client(name, self.address).unwrap()
    }

    pub(crate) fn client(&self, scene: &Scene) -> StoreClient {
        StoreClient::new(self.mesh(scene, names::PIPELINE))
    }

    /// The most memory that it ever had, its file's pages among it.
    pub(crate) fn peak_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1024.0
    }

    pub(crate) fn end(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    /// Upload the new release and promote it.
    Bring,
    /// Go back from the new one to the old one.
    RollBack,
    /// Let the one go that is not served.
    Remove,
}

/// Whether the store said that the step was done.
async fn take(
    step: Step,
    process: &Process,
    scene: &Scene,
    new: &ReleaseFile,
    old: &ReleaseFile,
) -> bool {
    let store = process.client(scene);
    let operator = process.mesh(scene, names::OPERATOR);
    match step {
        Step::Bring => {
            store.upload_release(&new.path, &new.sha256).await.is_ok()
                && store.promote(&new.id).await.is_ok()
        }
        Step::RollBack => operator.post::<serde_json::Value>("/rollback", &()).await.is_ok(),
        Step::Remove => {
            let path = format!("/releases/{}", old.id);
            operator.send(operator.request(Method::DELETE, &path)).await.is_ok()
        }
    }
}

/// What is served after a start, whole: its file has the checksum that it is named by.
async fn served(process: &Process, scene: &Scene) -> ReleaseSummary {
    let store = process.client(scene);
    let current = store.current_release().await.unwrap().expect("a release is served");
    let into = scene.mesh.folder().join("fetched.sqlite3");
    store.download_release(&current.id, &into).await.unwrap();
    for listed in store.releases().await.unwrap().releases {
        store.download_release(&listed.id, &into).await.unwrap();
    }
    let half = std::fs::read_dir(scene.config.service.data_dir.join("incoming")).unwrap().count();
    assert_eq!(half, 0, "nothing half is left");
    current
}

/// Kills the store before each call of a step in turn, until the step comes through; gives how many there are.
async fn kill_at_each_call_of(step: Step) -> u32 {
    let folder = tempfile::tempdir().unwrap();
    let killer = Killer::new(folder.path()).unwrap();
    let (old, new) = (write(folder.path(), "old"), write(folder.path(), "new"));
    for at in 1..CALLS_MAX {
        let scene = Scene::new();
        let process = Process::start(&scene, Some((&killer, at))).await;
        let store = process.client(&scene);
        store.upload_release(&old.path, &old.sha256).await.unwrap();
        store.promote(&old.id).await.unwrap();
        if step != Step::Bring {
            store.upload_release(&new.path, &new.sha256).await.unwrap();
            store.promote(&new.id).await.unwrap();
        }
        killer.arm().unwrap();
        let done = take(step, &process, &scene, &new, &old).await;
        killer.disarm().unwrap();
        process.end();

        let process = Process::start(&scene, None).await;
        let current = served(&process, &scene).await;
        let [before, after] = match step {
            Step::Bring => [&old.id, &new.id],
            Step::RollBack => [&new.id, &old.id],
            Step::Remove => [&new.id, &new.id],
        };
        assert!([before, after].contains(&&current.id), "{step:?} at call {at}: {}", current.id);
        if done {
            assert_eq!(current.id, *after, "{step:?} was acknowledged");
        }
        // Whatever was cut off can be done again.
        if step == Step::Bring {
            assert!(take(step, &process, &scene, &new, &old).await, "{step:?} after call {at}");
        }
        process.end();
        if done {
            return at;
        }
    }
    panic!("{step:?} takes more than {CALLS_MAX} calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_call_of_the_first_start_leaves_a_folder_that_the_next_start_takes() {
    let folder = tempfile::tempdir().unwrap();
    let killer = Killer::new(folder.path()).unwrap();
    killer.arm().unwrap();
    let release = write(folder.path(), "first");
    for at in 1..CALLS_MAX {
        let scene = Scene::new();
        let killed = Process::begin(&scene, Some((&killer, at))).await;
        let came_up = killed.is_some();
        killed.into_iter().for_each(Process::end);
        let process = Process::start(&scene, None).await;
        assert!(take(Step::Bring, &process, &scene, &release, &release).await, "after call {at}");
        assert_eq!(served(&process, &scene).await.id, release.id, "after call {at}");
        process.end();
        if came_up {
            assert!(at > 20, "only {at} calls were seen");
            return;
        }
    }
    panic!("a first start takes more than {CALLS_MAX} calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_call_of_an_intake_or_promotion_leaves_the_old_release_or_the_new() {
    let calls = kill_at_each_call_of(Step::Bring).await;
    assert!(calls > 10, "only {calls} calls were seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_call_of_a_rollback_leaves_the_old_release_or_the_new() {
    let calls = kill_at_each_call_of(Step::RollBack).await;
    assert!(calls > 2, "only {calls} calls were seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_call_of_a_removal_leaves_what_is_served() {
    let calls = kill_at_each_call_of(Step::Remove).await;
    assert!(calls > 5, "only {calls} calls were seen");
}
