//! A real process, killed without warning at each step of a run, and checkpoints that were damaged meanwhile.

use crate::service::{NOWHERE, ended};
use crate::small::Small;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tessera_pipeline_api::{PipelineClient, Run, RunState, StartRun, Step, StepState};
use tessera_release::Release;
use theron_mesh::{MeshClient, names};
use theron_testkit::TestMesh;

/// How often a step may be over before the kill reaches it. Some take a millisecond.
const TRIES: usize = 60;

struct Killable {
    mesh: TestMesh,
    config: PathBuf,
    client: MeshClient,
}

impl Killable {
    fn new(small: &Small) -> Self {
        let mesh = TestMesh::new().unwrap();
        let base = mesh.base(names::PIPELINE).unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let config = mesh.folder().join("pipeline.toml");
        let text = format!(
            "[service]\nname = \"tessera-pipeline\"\ndata_dir = \"{}\"\n[service.listen]\nmesh = \"{free}\"\n\
             [service.tls]\nca = \"{}\"\ncert = \"{}\"\nkey = \"{}\"\n[neighbours.store]\nbase_url = {NOWHERE:?}\n\
             [worlds.default]\nsources = \"{}\"\nsource_dir = \"{}\"\n",
            base.data_dir.display(),
            base.tls.ca.display(),
            base.tls.cert.display(),
            base.tls.key.display(),
            small.document().display(),
            small.path("").display(),
        );
        fs::write(&config, text).unwrap();
        let client = mesh.client(names::OPERATOR, free).unwrap();
        Self { mesh, config, client }
    }

    /// The same service on another port.
    fn twin(&self) -> PathBuf {
        let text = fs::read_to_string(&self.config).unwrap();
        let (before, after) = text.split_once("mesh = \"").unwrap();
        let (_, after) = after.split_once('"').unwrap();
        let path = self.mesh.folder().join("twin.toml");
        fs::write(&path, format!("{before}mesh = \"127.0.0.1:0\"{after}")).unwrap();
        path
    }

    async fn start(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tessera-pipeline"));
        self.started(command.args(["serve", "--config"]).arg(&self.config)).await
    }

    async fn started(&self, command: &mut Command) -> Child {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while self.client.get::<serde_json::Value>("/runs").await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "the service does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        child
    }

    /// Starts it where no file may grow beyond so many KiB, as on a disk that is full.
    async fn start_within(&self, kib: u32) -> Child {
        let script = format!(
            "trap '' XFSZ; ulimit -f {kib}; exec {} serve --config {}",
            env!("CARGO_BIN_EXE_tessera-pipeline"),
            self.config.display()
        );
        self.started(Command::new("bash").args(["-c", &script])).await
    }

    fn folder(&self, run: &str) -> PathBuf {
        self.mesh.folder().join("data").join(names::PIPELINE).join("runs").join(run)
    }

    fn state(&self, run: &str) -> Run {
        serde_json::from_slice(&fs::read(self.folder(run).join("state.json")).unwrap()).unwrap()
    }

    /// Starts a run and kills the service when that is at a step; answers the run's id.
    async fn killed_at(&self, step: Step) -> String {
        let pipeline = PipelineClient::new(self.client.clone());
        for _ in 0..TRIES {
            let mut child = self.start().await;
            let id = pipeline.start(&StartRun::of_world("default")).await.unwrap().id;
            loop {
                let run = self.state(&id);
                if run.state.is_over() || (run.state == RunState::Running && run.step >= step) {
                    break;
                }
            }
            child.kill().unwrap();
            child.wait().unwrap();
            let run = self.state(&id);
            if run.state == RunState::Running && run.step == step {
                return id;
            }
        }
        panic!("no kill reached the step {}", step.as_str());
    }

    async fn end(&self, id: &str) -> Run {
        let mut child = self.start().await;
        let run = ended(&self.client, id).await;
        child.kill().unwrap();
        child.wait().unwrap();
        run
    }
}

/// A world whose steps take long enough to be hit.
fn world() -> Small {
    let small = Small::new();
    small.edit("sources.toml", "resolution = 5", "resolution = 6");
    small
}

/// What a service says that does not come to serve.
fn refused(config: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tessera-pipeline"));
    command.args(["serve", "--config"]).arg(config);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    // One that serves after all is ended, and has said nothing of a refusal.
    child.kill().unwrap();
    let ended = child.wait_with_output().unwrap();
    assert!(!ended.status.success());
    [ended.stdout, ended.stderr].map(|said| String::from_utf8(said).unwrap()).concat()
}

fn taken_up(run: &Run) -> Vec<Step> {
    let steps = run.steps.iter().filter(|step| step.state == StepState::TakenUp);
    steps.map(|step| step.step).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_goes_on_at_its_step_and_makes_the_same_release() {
    let small = world();
    let killable = Killable::new(&small);
    let mut child = killable.start().await;
    let pipeline = PipelineClient::new(killable.client.clone());
    let whole = pipeline.start(&StartRun::of_world("default")).await.unwrap();
    let whole = ended(&killable.client, &whole.id).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let release = whole.release.unwrap();
    for (index, step) in Step::ALL.into_iter().enumerate() {
        let id = killable.killed_at(step).await;
        let run = killable.end(&id).await;
        assert_eq!((run.state, run.restarts), (RunState::Finished, 1), "{}", step.as_str());
        assert_eq!(run.release.as_ref(), Some(&release), "{}", step.as_str());
        // What was done stays done; the step itself may have left its checkpoint just before the kill.
        let taken = taken_up(&run);
        assert!(taken.starts_with(&Step::ALL[..index]), "{}: {taken:?}", step.as_str());
        assert!(taken.len() <= index + 1, "{}: {taken:?}", step.as_str());
    }
    // The service was killed right after that run, and has started again since.
    assert!(!killable.folder(&whole.id).join("checkpoint").exists());
}

fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    fs::write(path, bytes).unwrap();
}

/// A file of the run, and what happens to it.
type Damage = (&'static str, fn(&Path));

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_checkpoint_is_noticed_and_only_its_step_is_done_again() {
    let small = world();
    let killable = Killable::new(&small);
    let damages: [Damage; 4] = [
        ("checkpoint/stage", damage),
        ("checkpoint/check", |path| fs::write(path, "").unwrap()),
        ("checkpoint/tiles", |path| {
            let whole = fs::read(path).unwrap();
            fs::write(path, &whole[..whole.len() / 3]).unwrap();
        }),
        ("world.sqlite3", damage),
    ];
    let mut releases = Vec::new();
    for (name, damage) in damages {
        let id = killable.killed_at(Step::Assay).await;
        damage(&killable.folder(&id).join(name));
        let run = killable.end(&id).await;
        assert_eq!(run.state, RunState::Finished, "{name}");
        let again = match name {
            "checkpoint/stage" => Step::Stage,
            "checkpoint/check" => Step::Check,
            "world.sqlite3" => Step::Write,
            // The release is written already: its tiles are not asked for.
            _ => Step::Assay,
        };
        let expected: Vec<Step> =
            Step::ALL.into_iter().filter(|step| *step != again && *step != Step::Assay).collect();
        assert_eq!(taken_up(&run), expected, "{name}");
        releases.push(run.release.unwrap().id);
    }
    releases.dedup();
    assert_eq!(releases.len(), 1, "{releases:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_fails_the_run_with_a_sentence_and_not_the_service() {
    let small = world();
    let killable = Killable::new(&small);
    // The release grows beyond that, the records do not.
    let mut child = killable.start_within(200).await;
    let pipeline = PipelineClient::new(killable.client.clone());
    let run = pipeline.start(&StartRun::of_world("default")).await.unwrap();
    let run = ended(&killable.client, &run.id).await;
    assert_eq!((run.state, run.promotable), (RunState::Failed, false), "{:?}", run.problem);
    let problem = run.problem.unwrap();
    assert!(problem.starts_with("the release: "), "{problem}");
    // Nothing of it keeps the disk full.
    for left in ["world.sqlite3", "world.half", "checkpoint"] {
        assert!(!killable.folder(&run.id).join(left).exists(), "{left}");
    }
    let again = pipeline.runs(None).await.unwrap();
    assert_eq!(again.runs.len(), 1);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_was_cut_off_starts_on_a_disk_that_is_full() {
    let small = world();
    let killable = Killable::new(&small);
    let id = killable.killed_at(Step::Tiles).await;
    let mut child = killable.start_within(0).await;
    let run = ended(&killable.client, &id).await;
    assert_eq!((run.state, run.restarts), (RunState::Failed, 1), "{:?}", run.problem);
    let problem = run.problem.unwrap();
    assert!(problem.contains("state.json: File too large (os error 27)"), "{problem}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_document_was_changed_meanwhile_is_staged_anew_from_the_one_it_names() {
    let small = world();
    let killable = Killable::new(&small);
    let id = killable.killed_at(Step::Tiles).await;
    let before = killable.state(&id).document;
    small.edit("sources.toml", "A small world", "Another world");
    let run = killable.end(&id).await;
    assert_eq!((run.state, taken_up(&run)), (RunState::Finished, vec![]));
    assert_ne!(run.document, before);
    let release = Release::open(&killable.folder(&id).join("world.sqlite3")).unwrap();
    assert_eq!(release.info().title, "Another world");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_service_on_one_folder_says_so_and_leaves_the_first_its_run() {
    let small = world();
    let killable = Killable::new(&small);
    let mut child = killable.start().await;
    let pipeline = PipelineClient::new(killable.client.clone());
    let id = pipeline.start(&StartRun::of_world("default")).await.unwrap().id;
    while killable.state(&id).state != RunState::Running {}
    let said = refused(&killable.twin());
    let folder = killable.mesh.folder().join("data").join(names::PIPELINE);
    let sentence = format!(
        "another process works in {}: stop that one, or give this one a data_dir of its own",
        folder.display()
    );
    assert!(said.contains(&sentence), "{said}");
    let run = ended(&killable.client, &id).await;
    assert_eq!((run.state, run.restarts), (RunState::Finished, 0));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_cannot_listen_takes_no_run_up() {
    let small = world();
    let killable = Killable::new(&small);
    let id = killable.killed_at(Step::Tiles).await;
    let before = killable.state(&id);
    let text = fs::read_to_string(&killable.config).unwrap();
    let address = text.split("mesh = \"").nth(1).unwrap().split('"').next().unwrap();
    let taken = std::net::TcpListener::bind(address).unwrap();
    let said = refused(&killable.config);
    assert!(said.contains(&format!("cannot listen on {address}")), "{said}");
    assert_eq!(killable.state(&id), before);
    drop(taken);
    let run = killable.end(&id).await;
    assert_eq!((run.state, run.restarts), (RunState::Finished, 1));
}
