//! The one worker: takes the oldest waiting run, does it on a thread of its own, keeps what it says.
//!
//! The thread is not waited for at the end: a run that is cut off is taken up at the next start, and no
//! person should wait a minute for a service to stop.

use super::{Record, Shelf, ShelfError, import::check_import};
use crate::config::World;
use crate::finding::{Report, Severity};
use crate::run::{self, Finished, RunError};
use crate::sources::{Sources, SourcesError};
use std::collections::BTreeMap;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tessera_pipeline_api::{FindingCounts, RunKind, RunState, Step};
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
        let Some(record) = worker.shelf.next_queued() else {
            worker.ready.set(true, "no run is waiting");
            worker.wake.notified().await;
            continue;
        };
        worker.ready.set(true, format!("working on {}", record.run.id));
        let stop = StopOnDrop(Arc::new(AtomicBool::new(false)));
        let (done, is_done) = oneshot::channel::<()>();
        let (thread_worker, stopped) = (Arc::clone(&worker), Arc::clone(&stop.0));
        std::thread::spawn(move || {
            thread_worker.do_run(record, &stopped);
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
    fn do_run(&self, mut record: Record, stop: &AtomicBool) {
        let id = record.run.id.clone();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            self.attempt(&mut record, stop)
        }));
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

    fn attempt(&self, record: &mut Record, stop: &AtomicBool) -> Result<(), WorkError> {
        record.run.state = RunState::Running;
        self.shelf.save(record.clone())?;
        let folder = self.shelf.folder(&record.run.id);
        let finished = match record.run.kind {
            RunKind::Pipeline => {
                let world = self
                    .worlds
                    .get(&record.run.world)
                    .ok_or_else(|| WorkError::NoWorld(record.run.world.clone()))?;
                let sources = Sources::load(&world.sources)?;
                let at = Mutex::new(record.clone());
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
        let mut record = self.shelf.get(&record.run.id).unwrap_or_else(|| record.clone());
        self.finish(&mut record, finished);
        self.shelf.save(record)?;
        Ok(())
    }

    /// A new step is kept on disk, progress within one only shown.
    fn note_progress(&self, at: &Mutex<Record>, stop: &AtomicBool, step: Step, permille: u16) {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let mut record = at.lock().unwrap_or_else(PoisonError::into_inner);
        record.run.progress_permille = permille;
        if record.run.step == step {
            self.shelf.show_progress(&record.run.id, permille);
            return;
        }
        record.run.step = step;
        if let Err(error) = self.shelf.save(record.clone()) {
            tracing::warn!(error = &error as &dyn std::error::Error, "a run's step was not kept");
        }
    }

    fn finish(&self, record: &mut Record, finished: Finished) {
        let run = &mut record.run;
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
        let Some(mut record) = self.shelf.get(id) else { return };
        record.run.state = RunState::Failed;
        record.run.problem = Some(problem);
        record.run.finished_at = Some(self.clock.now().to_string());
        if let Err(error) = self.shelf.save(record) {
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
