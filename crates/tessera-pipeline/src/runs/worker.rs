//! The one worker: takes the oldest waiting run, does it on a thread of its own, keeps what it says.
//!
//! The thread is not waited for at the end: a run that is cut off is taken up at the next start, and no
//! person should wait a minute for a service to stop.

use super::{LiveRelease, Shelf, ShelfError, import::check_import};
use crate::checkpoint::Checkpoints;
use crate::config::World;
use crate::datasets::{document_sum, source_dir_for};
use crate::documents::{DocumentError, Documents};
use crate::run::{self, Around, Finished, RunError};
use crate::sources::{Sources, SourcesError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use std::time::Instant;
use tessera_checks::finding::{Report, Severity};
use tessera_pipeline_api::{FindingCounts, Run, RunKind, RunState, Step, StepProgress, StepState};
use theron_service::{Clock, ReadySignal, chain};
use tokio::sync::{Notify, oneshot};

pub(crate) struct Worker {
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) worlds: BTreeMap<String, World>,
    pub(crate) documents: Arc<Documents>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Woken by every run that is queued.
    pub(crate) wake: Arc<Notify>,
    pub(crate) in_hand: Arc<InHand>,
    pub(crate) live: LiveRelease,
    pub(crate) ready: ReadySignal,
}

#[derive(Debug, thiserror::Error)]
enum WorkError {
    #[error("no world is called {0:?} any more; the configuration names those there are")]
    NoWorld(String),
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error("reading {path}")]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Sources(#[from] SourcesError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Shelf(#[from] ShelfError),
}

/// The run that is being done, and how it is told to stop.
#[derive(Default)]
pub(crate) struct InHand(Mutex<Option<(String, Arc<AtomicBool>)>>);

impl InHand {
    fn begin(&self, id: &str, stop: &Arc<AtomicBool>) {
        *self.lock() = Some((id.to_owned(), Arc::clone(stop)));
    }

    /// Tells the run to stop, if it is the one in hand; it does so at the end of its step.
    pub(crate) fn stop(&self, id: &str) {
        if let Some((in_hand, stop)) = &*self.lock()
            && in_hand == id
        {
            stop.store(true, Ordering::Relaxed);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(String, Arc<AtomicBool>)>> {
        // It is replaced in one step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does runs for ever; dropped when the service stops.
pub(crate) async fn work(worker: Arc<Worker>) {
    loop {
        let Some(run) = worker.shelf.next_queued() else {
            worker.ready.set(true, "no run is waiting");
            worker.wake.notified().await;
            continue;
        };
        worker.ready.set(true, format!("working on {}", run.id));
        let stop = StopOnDrop(Arc::new(AtomicBool::new(false)));
        worker.in_hand.begin(&run.id, &stop.0);
        let (done, is_done) = oneshot::channel::<()>();
        let (thread_worker, stopped) = (Arc::clone(&worker), Arc::clone(&stop.0));
        std::thread::spawn(move || {
            thread_worker.do_run(&run, &stopped);
            drop(done);
        });
        // Resolves when the thread lets go of its end, also by a panic.
        drop(is_done.await);
    }
}

/// Tells the thread to stop when the task that waits for it is dropped.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The step a run is at, and since when.
struct At {
    step: Option<Step>,
    since: Instant,
}

impl Worker {
    fn do_run(&self, run: &Run, stop: &AtomicBool) {
        let outcome =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.attempt(run, stop)));
        if !stop.load(Ordering::Relaxed) {
            match outcome {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(run = run.id, error, "a run failed");
                    self.fail(&run.id, &chain(error));
                }
                Err(_panic) => {
                    let text = "the run came to an end nobody foresaw; the log says where";
                    self.fail(&run.id, text);
                }
            }
        }
        // One that the service's end cut off is not over, and keeps what it goes on from.
        if self.shelf.get(&run.id).is_some_and(|run| run.state.is_over()) {
            self.shelf.let_go(&run.id);
        }
    }

    fn attempt(&self, run: &Run, stop: &AtomicBool) -> Result<(), WorkError> {
        let begun = self.shelf.change(&run.id, |run| {
            if run.state == RunState::Queued {
                run.state = RunState::Running;
            }
        })?;
        if begun.is_none_or(|run| run.state != RunState::Running) {
            return Ok(());
        }
        let folder = self.shelf.folder(&run.id);
        let at = Mutex::new(At { step: None, since: Instant::now() });
        let finished = match run.kind {
            RunKind::Pipeline => {
                let (sources, source_dir, document) = self.sources(run)?;
                let progress = |step: Step, done: u64, total: u64| {
                    self.note_progress(&run.id, &at, stop, step, (done, total));
                };
                let taken_up = |step: Step, milliseconds: u64| {
                    self.note_taken_up(&run.id, step, milliseconds);
                };
                let kept = Checkpoints::of(&folder, document, &taken_up);
                let live = || self.live.file();
                let around = Around { progress: &progress, stop, live: &live, kept: Some(&kept) };
                run::run(&sources, &source_dir, &folder, &around)?
            }
            RunKind::Import => check_import(&folder, self.live.file(), &self.accepted(&run.world))?,
        };
        super::findings::write(&folder, &finished.report)?;
        self.finish(&run.id, &at, finished)
    }

    /// Licences that are accepted for a world of this title, by the documents of the configured ones.
    fn accepted(&self, title: &str) -> Vec<String> {
        let documents = self.worlds.values().filter_map(|world| Sources::load(&world.sources).ok());
        let of_title = documents.map(|sources| sources.world).filter(|world| world.title == title);
        of_title.flat_map(|world| world.accept_licences).collect()
    }

    fn note_taken_up(&self, id: &str, step: Step, milliseconds: u64) {
        tracing::info!(
            run = id,
            step = step.as_str(),
            milliseconds,
            "a step was taken up from the disk"
        );
        self.shelf.show(id, |run| {
            run.progress_permille = run::permille(step, 1, 1);
            of(run, step, |progress| {
                (progress.state, progress.done, progress.total) = (StepState::TakenUp, 1, 1);
                progress.milliseconds = milliseconds;
            });
            // What the release was made of is in it.
            if step == Step::Write {
                of(run, Step::Tiles, |progress| progress.state = StepState::TakenUp);
            }
        });
    }

    /// What the run is made from: the document, the folder of the fetched files, the document's checksum.
    fn sources(&self, run: &Run) -> Result<(Sources, PathBuf, String), WorkError> {
        if let Some(document) = run.document.as_ref().filter(|_| run.sent) {
            let sources = Sources::load(&self.documents.path(document)?)?;
            let folder = source_dir_for(&sources, &self.worlds).map(Path::to_owned);
            let folder = folder.unwrap_or_else(|| sources.folder.clone());
            return Ok((sources, folder, document.clone()));
        }
        let world =
            self.worlds.get(&run.world).ok_or_else(|| WorkError::NoWorld(run.world.clone()))?;
        let text = std::fs::read(&world.sources)
            .map_err(|source| WorkError::Read { path: world.sources.clone(), source })?;
        let sum = document_sum(&text);
        self.shelf.change(&run.id, |run| run.document = Some(sum.clone()))?;
        Ok((Sources::load(&world.sources)?, world.source_dir.clone(), sum))
    }

    /// A new step is kept on disk, progress within one only shown.
    fn note_progress(
        &self,
        id: &str,
        at: &Mutex<At>,
        stop: &AtomicBool,
        step: Step,
        (done, total): (u64, u64),
    ) {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let mut at = at.lock().unwrap_or_else(PoisonError::into_inner);
        let now = |run: &mut Run| {
            run.step = step;
            run.progress_permille = run::permille(step, done, total);
            of(run, step, |progress| {
                (progress.state, progress.done, progress.total) = (StepState::Running, done, total);
            });
        };
        if at.step == Some(step) {
            self.shelf.show(id, now);
            return;
        }
        let before = at.step.replace(step);
        let took = at.since.elapsed().as_millis() as u64;
        at.since = Instant::now();
        let changed = self.shelf.change(id, |run| {
            if run.state != RunState::Running {
                return;
            }
            if let Some(before) = before {
                of(run, before, |progress| end(progress, took));
            }
            now(run);
        });
        if let Err(error) = changed {
            tracing::warn!(error = &error as &dyn std::error::Error, "a run's step was not kept");
        }
    }

    fn finish(&self, id: &str, at: &Mutex<At>, finished: Finished) -> Result<(), WorkError> {
        let at = at.lock().unwrap_or_else(PoisonError::into_inner);
        let took = at.since.elapsed().as_millis() as u64;
        let last = at.step.unwrap_or(Step::Assay);
        let run = self.shelf.change(id, |run| {
            // Somebody may have called it off while its last step went on.
            if run.state == RunState::Running {
                self.complete(run, finished, (last, took));
            }
        })?;
        if let Some(run) = run {
            tracing::info!(
                run = run.id,
                promotable = run.promotable,
                errors = run.findings.error,
                warnings = run.findings.warning,
                "a run is finished"
            );
        }
        Ok(())
    }

    fn complete(&self, run: &mut Run, finished: Finished, (last, took): (Step, u64)) {
        of(run, last, |progress| end(progress, took));
        let left_out = finished.release.is_none();
        for progress in &mut run.steps {
            match progress.state {
                StepState::Waiting if left_out => progress.state = StepState::LeftOut,
                StepState::Waiting => end(progress, 0),
                _ => {}
            }
        }
        run.findings = counts(&finished.report);
        run.quarantined = finished.report.left_out();
        run.quarantine_kept = finished.report.quarantine.len() as u64;
        run.finished_at = Some(self.clock.now().to_string());
        run.progress_permille = 1000;
        run.promotable = finished.report.promotable() && finished.release.is_some();
        run.release = finished.release;
        run.step = Step::Assay;
        run.state = RunState::Finished;
        if !run.promotable {
            let first = finished.report.findings.iter().find(|f| f.severity == Severity::Error);
            run.problem = first.map(|finding| {
                format!(
                    "{} errors, the first by rule {}: {}",
                    run.findings.error, finding.rule, finding.message
                )
            });
        }
    }

    fn fail(&self, id: &str, problem: &str) {
        let now = self.clock.now().to_string();
        let set = |run: &mut Run| {
            if !run.state.is_over() {
                run.state = RunState::Failed;
                run.problem = Some(problem.to_owned());
                run.finished_at = Some(now.clone());
            }
        };
        // Shown at least: a disk that is full must not make the same run begin for ever. What the run itself
        // wrote goes first, so that the disk has room to say so.
        self.shelf.show(id, set);
        self.shelf.let_go(id);
        if let Err(error) = self.shelf.change(id, set) {
            tracing::error!(
                run = id,
                error = &error as &dyn std::error::Error,
                "a failed run was not kept"
            );
        }
    }
}

fn of(run: &mut Run, step: Step, change: impl FnOnce(&mut StepProgress)) {
    if let Some(progress) = run.steps.iter_mut().find(|progress| progress.step == step) {
        change(progress);
    }
}

fn end(progress: &mut StepProgress, milliseconds: u64) {
    if progress.state != StepState::TakenUp {
        progress.state = StepState::Done;
    }
    progress.total = progress.total.max(1);
    progress.done = progress.total;
    progress.milliseconds = milliseconds;
}

fn counts(report: &Report) -> FindingCounts {
    FindingCounts {
        error: report.count(Severity::Error) as u64,
        warning: report.count(Severity::Warning) as u64,
        note: report.count(Severity::Note) as u64,
    }
}
