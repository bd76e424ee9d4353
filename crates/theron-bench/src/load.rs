//! Callers that ask again when they are answered, or at set times.

use futures::future::join_all;
use std::{
    future::Future,
    time::{Duration, Instant},
};

pub(crate) struct Outcome {
    pub(crate) per_second: f64,
    /// Answered as it should be.
    pub(crate) answered: usize,
    p50: Duration,
    p99: Duration,
    failed: usize,
}

impl Outcome {
    pub(crate) fn of(mut latencies: Vec<Duration>, failed: usize, elapsed: Duration) -> Self {
        latencies.sort_unstable();
        let at = |share: f64| {
            let index = ((latencies.len() as f64) * share) as usize;
            latencies.get(index.min(latencies.len().saturating_sub(1))).copied().unwrap_or_default()
        };
        Self {
            per_second: latencies.len() as f64 / elapsed.as_secs_f64(),
            answered: latencies.len(),
            p50: at(0.50),
            p99: at(0.99),
            failed,
        }
    }

    pub(crate) fn figure(&self) -> String {
        let failed =
            if self.failed == 0 { String::new() } else { format!(", {} FAILED", self.failed) };
        format!(
            "{:.0}/s, p50 {:.2} ms, p99 {:.2} ms{failed}",
            self.per_second,
            self.p50.as_secs_f64() * 1e3,
            self.p99.as_secs_f64() * 1e3
        )
    }
}

/// Runs `callers` loops for a time. `call(caller, turn)` says whether it was answered as it should.
pub(crate) async fn run<F, A>(callers: usize, each: Duration, call: F) -> Outcome
where
    F: Fn(usize, u64) -> A,
    A: Future<Output = bool>,
{
    let call = async |(): &mut (), caller, turn| call(caller, turn).await;
    run_with(vec![(); callers], each, None, call).await
}

/// Runs each caller with what it calls by, for a time: as fast as it is answered, or paced, so that one call of
/// all callers together falls due in each `pace`. A paced call's time counts from when it was due, so that waiting
/// behind a slow one is part of it.
pub(crate) async fn run_with<W>(
    callers: Vec<W>,
    each: Duration,
    pace: Option<Duration>,
    call: impl AsyncFn(&mut W, usize, u64) -> bool,
) -> Outcome {
    let (started, count) = (Instant::now(), callers.len() as u64);
    let loops = callers.into_iter().enumerate().map(|(caller, mut own)| {
        let call = &call;
        async move {
            let (mut latencies, mut failed, mut turn) = (Vec::new(), 0, 0);
            while started.elapsed() < each {
                let due = pace.map_or_else(Instant::now, |pace| {
                    started + pace.mul_f64((turn * count + caller as u64) as f64)
                });
                if pace.is_some() {
                    tokio::time::sleep_until(due.into()).await;
                }
                if call(&mut own, caller, turn).await {
                    latencies.push(due.elapsed());
                } else {
                    failed += 1;
                }
                turn += 1;
            }
            (latencies, failed)
        }
    });
    let mut all = Vec::new();
    let mut failures = 0;
    for (latencies, failed) in join_all(loops).await {
        all.extend(latencies);
        failures += failed;
    }
    Outcome::of(all, failures, started.elapsed())
}
