//! The one worker: takes the oldest waiting run, does it on a thread of its own, keeps what it says.
//!
//! The thread is not waited for at the end: a run that is cut off is taken up at the next start, and no
//! person should wait a minute for a service to stop.

use super::{Shelf, ShelfError, import::check_import};
use crate::config::World;
use tessera_checks::finding::{Report, Severity};
use crate::run::{self, Finished, RunError};
use crate::sources::{Sources, SourcesError};
use std::collections::BTreeMap;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tessera_pipeline_api::{FindingCounts, Run, RunKind, RunState, Step};
use theron_service::{Clock, ReadySignal};
use tokio::sync::{Notify, oneshot};

pub(crate) struct Worker {
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) worlds: BTreeMap<String, World>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Woken by every run that is queued.
    pub(crate) wake: Arc<Notify>,
    pub(crate) ready: ReadySignal,
}

#[derive(Debug, thiserror::Error)]
enum WorkError {
    #[error("no world is called {0:?} any more; the configuration names those there are")]
    NoWorld(String),
    #[error(transparent)]
    Sources(#[from] SourcesError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Shelf(#[from] ShelfError),
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
        let (done, is_done) = oneshot::channel::<()>();
        let (thread_worker, stopped) = (Arc::clone(&worker), Arc::clone(&stop.0));
        std::thread::spawn(move || {
            thread_worker.do_run(run, &stopped);
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

impl Worker {
    fn do_run(&self, mut run: Run, stop: &AtomicBool) {
        let id = run.id.clone();
        let outcome =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.attempt(&mut run, stop)));
        if stop.load(Ordering::Relaxed) {
            return;
        }
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.fail(&id, &error),
            Err(_panic) => {
                let text = "the run came to an end nobody foresaw; the log says where".to_owned();
                self.fail_with(&id, text);
            }
        }
    }

    fn attempt(&self, run: &mut Run, stop: &AtomicBool) -> Result<(), WorkError> {
        run.state = RunState::Running;
        self.shelf.save(run.clone())?;
        let folder = self.shelf.folder(&run.id);
        let finished = match run.kind {
            RunKind::Pipeline => {
                let world = self
                    .worlds
                    .get(&run.world)
                    .ok_or_else(|| WorkError::NoWorld(run.world.clone()))?;
                let sources = Sources::load(&world.sources)?;
                let at = Mutex::new(run.clone());
                let progress = |step: Step, done: u64, total: u64| {
                    self.note_progress(&at, stop, step, run::permille(step, done, total));
                };
                run::run(&sources, &world.source_dir, &folder, &progress, stop)?
            }
            RunKind::Import => check_import(&folder)?,
        };
        if stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut run = self.shelf.get(&run.id).unwrap_or_else(|| run.clone());
        self.finish(&mut run, finished);
        self.shelf.save(run)?;
        Ok(())
    }

    /// A new step is kept on disk, progress within one only shown.
    fn note_progress(&self, at: &Mutex<Run>, stop: &AtomicBool, step: Step, permille: u16) {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let mut run = at.lock().unwrap_or_else(PoisonError::into_inner);
        run.progress_permille = permille;
        if run.step == step {
            self.shelf.show_progress(&run.id, permille);
            return;
        }
        run.step = step;
        if let Err(error) = self.shelf.save(run.clone()) {
            tracing::warn!(error = &error as &dyn std::error::Error, "a run's step was not kept");
        }
    }

    fn finish(&self, run: &mut Run, finished: Finished) {
        run.findings = counts(&finished.report);
        run.quarantined = finished.report.quarantine.len() as u64;
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
        tracing::info!(
            run = run.id,
            promotable = run.promotable,
            errors = run.findings.error,
            warnings = run.findings.warning,
            "a run is finished"
        );
    }

    fn fail(&self, id: &str, error: &WorkError) {
        tracing::error!(run = id, error = error as &dyn std::error::Error, "a run failed");
        self.fail_with(id, error.to_string());
    }

    fn fail_with(&self, id: &str, problem: String) {
        let Some(mut run) = self.shelf.get(id) else { return };
        run.state = RunState::Failed;
        run.problem = Some(problem);
        run.finished_at = Some(self.clock.now().to_string());
        // Kept in memory at least: a disk that is full must not make the same run begin for ever.
        self.shelf.show(run.clone());
        if let Err(error) = self.shelf.save(run) {
            tracing::error!(
                run = id,
                error = &error as &dyn std::error::Error,
                "a failed run was not kept"
            );
        }
    }
}

fn counts(report: &Report) -> FindingCounts {
    FindingCounts {
        error: report.count(Severity::Error) as u64,
        warning: report.count(Severity::Warning) as u64,
        note: report.count(Severity::Note) as u64,
    }
}
