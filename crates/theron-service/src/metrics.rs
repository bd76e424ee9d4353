//! Prometheus metrics of this process.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::{sync::OnceLock, time::Duration};

/// Seconds; from a cached read to the slowest upload that the time limit lets through.
const LATENCY_BUCKETS: [f64; 12] =
    [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

pub(crate) fn install() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &LATENCY_BUCKETS)
            .expect("the list of buckets is not empty")
            .build_recorder();
        let handle = recorder.handle();
        // Another recorder in this process (a test's) keeps its place; ours then shows nothing.
        drop(metrics::set_global_recorder(recorder));
        handle
    })
}

/// Samples of durations are kept one by one until they are put in their buckets: 8 bytes each, which nobody who
/// never reads `/metrics` may pay for. At 50,000 calls a second this is 2 MB.
const UPKEEP: Duration = Duration::from_secs(5);

/// Puts samples in their buckets from time to time, whether or not anybody asks.
pub(crate) async fn keep_up() {
    every(UPKEEP, || install().run_upkeep()).await;
}

async fn every(period: Duration, mut work: impl FnMut()) {
    loop {
        tokio::time::sleep(period).await;
        work();
    }
}

/// The text that `/metrics` answers.
pub fn metrics_text() -> String {
    let handle = install();
    handle.run_upkeep();
    handle.render()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    #[tokio::test]
    async fn upkeep_comes_round_again_whether_or_not_anybody_reads_the_metrics() {
        let rounds = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&rounds);
        let upkeep = every(Duration::from_millis(1), move || {
            seen.fetch_add(1, Ordering::Relaxed);
        });
        let three = async {
            while rounds.load(Ordering::Relaxed) < 3 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            () = upkeep => {}
            () = three => {}
        }
        assert!(rounds.load(Ordering::Relaxed) >= 3);
    }
}
