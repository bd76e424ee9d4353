//! The runs on disk: `runs/run-000001/` with `state.json` and what the run made.
//!
//! A state is written whole beside the old one and moved over it, so that a crash leaves the old or the
//! new. A folder without a state is an intake that never finished; it is removed at the next start. What
//! was running when the service stopped is queued again, and goes on from what its steps left on the disk.
//!
//! A shelf is one process's: it holds its claim on the folder for as long as anybody may write by it, a cut-off
//! run's thread included (decision 0073).
//!
//! Every change of a run goes through [`Shelf::change`], one at a time: the worker, a promotion and a person
//! who calls a run off write the same record.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};
use tessera_pipeline_api::{Promotion, PromotionState, Run, RunKind, RunState, Step, StepProgress};
use theron_service::{Claim, ClaimError, write_whole};

/// Runs kept, with their assays; an assay is some megabytes.
const RUNS_KEPT: usize = 20;
/// Runs whose release file is kept: at resolution 7 it is gigabytes, and the store keeps what was promoted.
const RELEASES_KEPT: usize = 5;
/// Runs waiting at a time. A run takes a minute, and a person starts them by hand.
const QUEUE_MAX: usize = 4;
/// A run that the service died under this often is what kills it.
const RESTARTS_MAX: u32 = 3;

const STATE: &str = "state.json";

#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    #[error("{path}")]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path} is not the state of a run; move its folder away and start again")]
    State {
        path: PathBuf,
        #[source]
        source: serde_json::Error,
    },
    #[error(transparent)]
    Claim(#[from] ClaimError),
    #[error("{QUEUE_MAX} runs are waiting; wait until one is done")]
    QueueFull,
}

/// A run about to be accepted.
pub(crate) struct NewRun {
    pub(crate) kind: RunKind,
    pub(crate) world: String,
    /// The id of the document it is made from, where that was sent.
    pub(crate) sent: Option<String>,
    pub(crate) created_at: String,
}

pub(crate) struct Shelf {
    folder: PathBuf,
    runs: Mutex<BTreeMap<String, Run>>,
    /// Held while a record is read, changed and written.
    changing: Mutex<()>,
    claim: Claim,
}

impl Shelf {
    /// Reads every run, and changes none: a service that then cannot listen has not begun.
    pub(crate) fn open(data_dir: &Path) -> Result<Self, ShelfError> {
        let claim = Claim::take(data_dir)?;
        let folder = data_dir.join("runs");
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let mut runs = BTreeMap::new();
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let path = entry.map_err(at(&folder))?.path();
            let state = path.join(STATE);
            if !state.is_file() {
                tracing::warn!(path = %path.display(), "a run that never came to be is removed");
                fs::remove_dir_all(&path).map_err(at(&path))?;
                continue;
            }
            let bytes = fs::read(&state).map_err(at(&state))?;
            let mut run: Run = serde_json::from_slice(&bytes)
                .map_err(|source| ShelfError::State { path: state.clone(), source })?;
            // A record of before there were two numbers counts the rows that are kept.
            if run.quarantine_kept == 0 {
                run.quarantine_kept = run.quarantined;
            }
            runs.insert(run.id.clone(), run);
        }
        Ok(Self { folder, runs: Mutex::new(runs), changing: Mutex::new(()), claim })
    }

    pub(crate) fn claim(&self) -> Claim {
        self.claim.clone()
    }

    /// Queues what was interrupted again. Once a start: each time counts as a stop of the service.
    pub(crate) fn take_up(&self) {
        // The service may have stopped between the end of a run and the end of its files.
        for run in self.all().into_iter().filter(|run| run.state.is_over()) {
            self.let_go(&run.id);
        }
        let interrupted: Vec<Run> =
            self.all().into_iter().filter(|run| run.state == RunState::Running).collect();
        for run in interrupted {
            tracing::warn!(
                run = run.id,
                step = run.step.as_str(),
                "taking up a run that was interrupted"
            );
            let again = |run: &mut Run| {
                run.restarts += 1;
                run.steps = StepProgress::none();
                run.state = RunState::Queued;
                if run.restarts > RESTARTS_MAX {
                    run.state = RunState::Failed;
                    run.problem = Some(format!(
                        "the service stopped {} times during its step {}; the log says why",
                        run.restarts,
                        run.step.as_str()
                    ));
                }
            };
            if let Err(error) = self.change(&run.id, again) {
                // A full disk keeps no service from starting: the runs are what a person frees it with.
                let error: &dyn std::error::Error = &error;
                tracing::error!(run = run.id, error, "a run that is taken up was not kept");
                self.show(&run.id, again);
            }
        }
    }

    /// Lets the files go that a run over and done needs no more: what it would go on from, a release half
    /// written, and one that may not be promoted.
    pub(crate) fn let_go(&self, id: &str) {
        let folder = self.folder(id);
        let promotable = self.get(id).is_some_and(|run| run.promotable);
        let release = (!promotable).then(|| fs::remove_file(folder.join(crate::run::RELEASE_FILE)));
        let gone = [
            fs::remove_dir_all(folder.join(crate::checkpoint::FOLDER)),
            fs::remove_file(folder.join(crate::run::HALF_FILE)),
        ];
        let failed = |gone: &std::io::Error| gone.kind() != std::io::ErrorKind::NotFound;
        for error in gone.into_iter().chain(release).filter_map(Result::err).filter(failed) {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(run = id, error, "files of a run that is over stay");
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Run>> {
        // A panic elsewhere leaves whole records behind: each is replaced in one step.
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every run, oldest first.
    pub(crate) fn all(&self) -> Vec<Run> {
        self.lock().values().cloned().collect()
    }

    pub(crate) fn get(&self, id: &str) -> Option<Run> {
        self.lock().get(id).cloned()
    }

    /// The oldest run that waits.
    pub(crate) fn next_queued(&self) -> Option<Run> {
        self.lock().values().find(|run| run.state == RunState::Queued).cloned()
    }

    pub(crate) fn folder(&self, id: &str) -> PathBuf {
        self.folder.join(id)
    }

    /// The promotion that was asked for first and is not over.
    pub(crate) fn next_promotion(&self) -> Option<(Run, Promotion)> {
        let runs = self.lock();
        let open = runs.values().filter_map(|run| {
            let promotion = run.promotion.as_ref()?;
            (!promotion.state.is_over()).then_some((run, promotion))
        });
        open.min_by(|(_, a), (_, b)| a.requested_at.cmp(&b.requested_at))
            .map(|(run, promotion)| (run.clone(), promotion.clone()))
    }

    /// Documents that kept runs were made from.
    pub(crate) fn documents(&self) -> BTreeSet<String> {
        let runs = self.lock();
        runs.values().filter(|run| run.sent).filter_map(|run| run.document.clone()).collect()
    }

    /// Whether one more run may be queued.
    pub(crate) fn admits(&self) -> Result<(), ShelfError> {
        let waiting = self.lock().values().filter(|run| run.state == RunState::Queued).count();
        if waiting < QUEUE_MAX { Ok(()) } else { Err(ShelfError::QueueFull) }
    }

    /// Queues a run; what an import brought is moved into its folder first.
    pub(crate) fn add(&self, new: NewRun, brought: Option<&Path>) -> Result<Run, ShelfError> {
        let _one_at_a_time = self.changing();
        self.admits()?;
        let id = {
            let runs = self.lock();
            let last = runs.keys().next_back().and_then(|id| number(id)).unwrap_or(0);
            format!("run-{:06}", last + 1)
        };
        let folder = self.folder(&id);
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        if let Some(brought) = brought {
            let target = folder.join(crate::run::RELEASE_FILE);
            fs::rename(brought, &target).map_err(at(&target))?;
        }
        let run = Run {
            id,
            kind: new.kind,
            world: new.world,
            sent: new.sent.is_some(),
            state: RunState::Queued,
            step: match new.kind {
                RunKind::Pipeline => Step::Stage,
                RunKind::Import => Step::Check,
            },
            progress_permille: 0,
            steps: StepProgress::none(),
            document: new.sent,
            created_at: new.created_at,
            finished_at: None,
            restarts: 0,
            findings: tessera_pipeline_api::FindingCounts::default(),
            quarantined: 0,
            quarantine_kept: 0,
            release: None,
            promotable: false,
            promoted_at: None,
            promotion: None,
            problem: None,
        };
        self.keep(run.clone())?;
        self.prune()?;
        Ok(run)
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes a run on disk, then in memory; `None` where it is no longer kept.
    pub(crate) fn change(
        &self,
        id: &str,
        change: impl FnOnce(&mut Run),
    ) -> Result<Option<Run>, ShelfError> {
        let changed = self.try_change(id, |run| {
            change(run);
            Ok::<(), ShelfError>(())
        })?;
        Ok(changed.map(|(run, ())| run))
    }

    /// The same where the change may be refused; then nothing is written.
    pub(crate) fn try_change<T, E: From<ShelfError>>(
        &self,
        id: &str,
        change: impl FnOnce(&mut Run) -> Result<T, E>,
    ) -> Result<Option<(Run, T)>, E> {
        let _one_at_a_time = self.changing();
        let Some(mut run) = self.get(id) else { return Ok(None) };
        let answer = change(&mut run)?;
        self.keep(run.clone())?;
        Ok(Some((run, answer)))
    }

    /// Keeps a run on disk, then in memory.
    fn keep(&self, run: Run) -> Result<(), ShelfError> {
        let path = self.folder(&run.id).join(STATE);
        let text = serde_json::to_vec_pretty(&run)
            .map_err(|source| ShelfError::State { path: path.clone(), source })?;
        write_whole(&path, &text).map_err(at(&path))?;
        self.lock().insert(run.id.clone(), run);
        Ok(())
    }

    /// Shows a change that need not outlive the service, or that the disk did not take.
    pub(crate) fn show(&self, id: &str, change: impl FnOnce(&mut Run)) {
        if let Some(run) = self.lock().get_mut(id) {
            change(run);
        }
    }

    /// Lets the oldest runs go that are over, and the release files of those that are older than the newest.
    fn prune(&self) -> Result<(), ShelfError> {
        let idle = |run: &&Run| {
            let promoting = run.promotion.as_ref().is_some_and(|p| !p.state.is_over());
            run.state.is_over() && !promoting
        };
        let (gone, emptied) = {
            let runs = self.lock();
            let surplus = runs.len().saturating_sub(RUNS_KEPT);
            let gone: Vec<String> =
                runs.values().filter(idle).take(surplus).map(|run| run.id.clone()).collect();
            let with_release = runs
                .values()
                .rev()
                .filter(idle)
                .filter(|run| run.promotable && !gone.contains(&run.id));
            let emptied: Vec<Run> = with_release.skip(RELEASES_KEPT).cloned().collect();
            (gone, emptied)
        };
        for id in gone {
            let folder = self.folder(&id);
            fs::remove_dir_all(&folder).map_err(at(&folder))?;
            self.lock().remove(&id);
        }
        for mut run in emptied {
            run.promotable = false;
            run.problem = Some(format!(
                "its release file was let go, as those of all but the newest {RELEASES_KEPT}; run it again"
            ));
            let path = self.folder(&run.id).join(crate::run::RELEASE_FILE);
            self.keep(run)?;
            fs::remove_file(&path).map_err(at(&path))?;
        }
        Ok(())
    }
}

/// A promotion that was just asked for.
pub(crate) fn asked(requested_at: String, bytes: u64, attempts_max: u32) -> Promotion {
    Promotion {
        state: PromotionState::Waiting,
        requested_at,
        finished_at: None,
        bytes,
        bytes_sent: 0,
        attempts: 0,
        attempts_max,
        next_attempt_at: None,
        problem: None,
    }
}

fn number(id: &str) -> Option<u32> {
    id.strip_prefix("run-")?.parse().ok()
}

pub(crate) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> ShelfError {
    let path = path.to_owned();
    move |source| ShelfError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_run() -> NewRun {
        NewRun {
            kind: RunKind::Pipeline,
            world: "default".to_owned(),
            sent: None,
            created_at: "2026-09-21T14:13:20Z".to_owned(),
        }
    }

    fn set(shelf: &Shelf, run: &Run) {
        shelf.change(&run.id, |kept| kept.clone_from(run)).unwrap();
    }

    fn running(shelf: &Shelf) -> Run {
        let mut run = shelf.add(new_run(), None).unwrap();
        run.state = RunState::Running;
        run.step = Step::Tiles;
        set(shelf, &run);
        run
    }

    /// As at a start of the service.
    fn taken_up(folder: &Path) -> Shelf {
        let shelf = Shelf::open(folder).unwrap();
        shelf.take_up();
        shelf
    }

    #[test]
    fn a_folder_is_one_shelf_s_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = Shelf::open(folder.path()).unwrap();
        let second = Shelf::open(folder.path()).map(drop);
        assert!(matches!(second, Err(ShelfError::Claim(_))));
        drop(first);
        assert!(Shelf::open(folder.path()).is_ok());
    }

    #[test]
    fn a_run_that_was_interrupted_is_queued_again_and_says_at_which_step() {
        let folder = tempfile::tempdir().unwrap();
        let run = running(&Shelf::open(folder.path()).unwrap());
        assert_eq!(Shelf::open(folder.path()).unwrap().all(), std::slice::from_ref(&run));
        let shelf = taken_up(folder.path());
        let mut expected = run;
        expected.state = RunState::Queued;
        expected.restarts = 1;
        assert_eq!(shelf.all(), [expected]);
    }

    #[test]
    fn a_run_that_stops_the_service_again_and_again_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let id = running(&Shelf::open(folder.path()).unwrap()).id;
        for _ in 0..=RESTARTS_MAX {
            let shelf = taken_up(folder.path());
            let mut run = shelf.get(&id).unwrap();
            if run.state == RunState::Queued {
                run.state = RunState::Running;
                set(&shelf, &run);
            }
        }
        let run = Shelf::open(folder.path()).unwrap().get(&id).unwrap();
        assert_eq!(run.state, RunState::Failed);
        assert_eq!(
            run.problem.unwrap(),
            "the service stopped 4 times during its step tiles; the log says why"
        );
    }

    #[test]
    fn an_intake_that_never_finished_is_removed_and_a_broken_state_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let half = folder.path().join("runs/run-000009");
        fs::create_dir_all(&half).unwrap();
        fs::write(half.join("world.sqlite3"), "half").unwrap();
        assert_eq!(Shelf::open(folder.path()).unwrap().all(), []);
        assert!(!half.exists());

        fs::create_dir_all(&half).unwrap();
        fs::write(half.join(STATE), "{").unwrap();
        assert!(
            matches!(Shelf::open(folder.path()), Err(ShelfError::State { path, .. }) if path == half.join(STATE))
        );
    }

    #[test]
    fn a_record_that_counts_only_rows_that_are_kept_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let mut run = running(&Shelf::open(folder.path()).unwrap());
        (run.state, run.quarantined) = (RunState::Finished, 12);
        let mut record = serde_json::to_value(&run).unwrap();
        record.as_object_mut().unwrap().remove("quarantine_kept");
        let state = folder.path().join("runs").join(&run.id).join(STATE);
        fs::write(state, record.to_string()).unwrap();
        run.quarantine_kept = 12;
        assert_eq!(Shelf::open(folder.path()).unwrap().all(), [run]);
    }

    #[test]
    fn the_queue_has_an_end_and_old_runs_go() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path()).unwrap();
        for _ in 0..QUEUE_MAX {
            shelf.add(new_run(), None).unwrap();
        }
        assert!(matches!(shelf.add(new_run(), None), Err(ShelfError::QueueFull)));
        for _ in 0..RUNS_KEPT {
            let mut run = shelf.next_queued().unwrap();
            run.state = RunState::Failed;
            set(&shelf, &run);
            shelf.add(new_run(), None).unwrap();
        }
        let kept = shelf.all();
        assert_eq!(kept.len(), RUNS_KEPT);
        assert_eq!(kept.last().unwrap().id, "run-000024");
        assert!(!shelf.folder("run-000001").exists());
    }

    #[test]
    fn a_run_that_is_over_keeps_its_release_file_only_where_it_may_be_promoted() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path()).unwrap();
        let all = ["world.sqlite3", "world.half", "checkpoint/stage", "assay.html"];
        let left = |promotable: bool| {
            let mut run = shelf.add(new_run(), None).unwrap();
            (run.state, run.promotable) = (RunState::Finished, promotable);
            set(&shelf, &run);
            let within = shelf.folder(&run.id);
            fs::create_dir(within.join("checkpoint")).unwrap();
            for name in all {
                fs::write(within.join(name), "bytes").unwrap();
            }
            shelf.let_go(&run.id);
            all.into_iter().filter(|name| within.join(name).exists()).collect::<Vec<_>>()
        };
        assert_eq!(left(true), ["world.sqlite3", "assay.html"]);
        assert_eq!(left(false), ["assay.html"]);
    }
}
