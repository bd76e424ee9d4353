//! Whether a service can do its work, and what it waits for.

use arc_swap::ArcSwap;
use std::sync::Arc;
use theron_wire::Readiness;

/// Shared by the service, which sets it, and `/readyz`, which shows it.
#[derive(Clone)]
pub struct ReadySignal(Arc<ArcSwap<Readiness>>);

impl ReadySignal {
    /// Not ready yet, waiting for `detail`.
    pub fn waiting(service: &str, version: &str, detail: &str) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(Readiness {
            service: service.to_owned(),
            version: version.to_owned(),
            ready: false,
            detail: detail.to_owned(),
        })))
    }

    /// Logs when something changed.
    pub fn set(&self, ready: bool, detail: impl Into<String>) {
        let detail = detail.into();
        let before = self.get();
        if before.ready == ready && before.detail == detail {
            return;
        }
        tracing::info!(ready, detail, "readiness changed");
        self.0.store(Arc::new(Readiness { ready, detail, ..(*before).clone() }));
    }

    pub fn get(&self) -> Arc<Readiness> {
        self.0.load_full()
    }
}
