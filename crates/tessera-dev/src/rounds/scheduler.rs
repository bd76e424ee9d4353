//! Rounds: as many steps as there are, then a pause. Readiness says what is waited for.

use super::{Aggregator, Awaited, Step, StepError};
use std::{sync::Arc, time::Duration};
use theron_mesh::trace;
use theron_service::{Clock, ReadySignal, Tasks, chain};

/// Steps in one round, so that a long catching-up is many traces and stops soon when it must.
const ROUND_STEPS_MAX: usize = 256;

/// Runs until the service stops. A step in hand is finished first.
pub(crate) async fn run(
    mut aggregator: Aggregator,
    clock: Arc<dyn Clock>,
    ready: ReadySignal,
    tasks: Tasks,
    pause: Duration,
) {
    while !tasks.is_stopping() {
        let span = trace::span_in(None);
        let traceparent = span.to_string();
        let round = round(&mut aggregator, &*clock, &ready, &tasks, &traceparent);
        let is_behind = trace::CURRENT.scope(span, round).await;
        if !is_behind {
            tokio::select! {
                () = tasks.stopping() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}

/// Whether more is to be done at once.
async fn round(
    aggregator: &mut Aggregator,
    clock: &dyn Clock,
    ready: &ReadySignal,
    tasks: &Tasks,
    traceparent: &str,
) -> bool {
    let mut at = None;
    for done in 0..ROUND_STEPS_MAX {
        if tasks.is_stopping() {
            return false;
        }
        let step = aggregator.step(clock.now()).await;
        let Some((is_ready, detail)) = pause_after(&step) else {
            at = step.ok().and_then(|step| step.window());
            continue;
        };
        if done > 0 {
            tracing::info!(traceparent, steps = done, "a round is done");
        }
        ready.set(is_ready, detail);
        return false;
    }
    if let Some(window) = at {
        let last = aggregator.span.at(clock.now().as_microsecond()).saturating_sub(1);
        ready.set(false, format!("catches up: window {window} of {last}"));
    }
    true
}

/// Readiness at a step after which there is nothing to do for now.
fn pause_after(step: &Result<Step, StepError>) -> Option<(bool, String)> {
    match step {
        Ok(Step::Idle { open }) => Some((true, format!("window {open} is open"))),
        Ok(Step::Waiting(awaited)) => Some((false, sentence(awaited))),
        Ok(_done) => None,
        Err(error) => {
            tracing::error!(error = chain(error), "a step did not end");
            Some((false, format!("its own database: {error}")))
        }
    }
}

fn sentence(awaited: &Awaited) -> String {
    match awaited {
        Awaited::Store { reason } => format!("waits for tessera-store: {reason}"),
        Awaited::Release => "waits for tessera-store: no release is promoted yet".to_owned(),
        Awaited::Node { node, window, reason } => {
            format!("waits for {node} at window {window}: {reason}")
        }
        Awaited::Clock { open, next } => format!(
            "the clock is behind what was derived: by it window {open} is open, and {next} is next; \
             set the machine's clock right, or wait until it is there"
        ),
    }
}
