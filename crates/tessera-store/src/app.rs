//! What the routes share: the releases, the derived windows, the clock, the key, the limits.

use crate::{
    Config, StartError,
    api::{Budgets, EXPORTS, budgets},
    derived::Windows,
    releases::{Library, RemoveError, SEARCHES},
    secret::Secret,
    turns::Turns,
};
use std::{sync::Arc, time::Duration};
use theron_service::{Clock, Proxy, ReadySignal};

pub(crate) struct App {
    pub(crate) library: Arc<Library>,
    pub(crate) windows: Windows,
    pub(crate) clock: Arc<dyn Clock>,
    /// Signs the cursors of walks over pages.
    pub(crate) secret: Secret,
    pub(crate) budget: Budgets,
    pub(crate) searches: Turns,
    pub(crate) exports: Turns,
    /// How long an answer that streams waits for its reader.
    pub(crate) stall: Duration,
    pub(crate) behind_proxy: Proxy,
    releases_kept: usize,
    ready: ReadySignal,
}

impl App {
    pub(crate) fn open(
        config: &Config,
        clock: Arc<dyn Clock>,
        ready: ReadySignal,
        stall: Duration,
    ) -> Result<Self, StartError> {
        let data_dir = &config.service.data_dir;
        let library = Arc::new(Library::open(data_dir, clock.now())?);
        let windows = Windows::open(&data_dir.join("derived.sqlite3"))?;
        let path = data_dir.join("cursor.key");
        let secret = Secret::open(&path).map_err(|source| StartError::Secret { path, source })?;
        let app = Self {
            library,
            windows,
            clock,
            secret,
            budget: budgets(&config.public),
            searches: Turns::new(SEARCHES),
            exports: Turns::new(EXPORTS),
            stall,
            behind_proxy: config.public.behind_proxy,
            releases_kept: config.keep.releases,
            ready,
        };
        app.say_readiness();
        Ok(app)
    }

    /// After a promotion: lets go what no rule keeps. What it could not remove now, the next one will.
    pub(crate) fn prune(&self) {
        let named = self.windows.releases().map_err(RemoveError::from);
        let pruned = named.and_then(|named| self.library.prune(self.releases_kept, &named));
        if let Err(error) = pruned {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "old releases are not pruned"
            );
        }
    }

    /// After everything that changes which releases are whole, or which is current.
    pub(crate) fn say_readiness(&self) {
        let broken = self.library.broken();
        let served = match self.library.current() {
            Some(current) => format!("serving release {}", current.id()),
            None => "no release has been promoted yet".to_owned(),
        };
        let named = broken.iter().map(|(name, what)| format!("{name} is not used: {what}"));
        let detail = std::iter::once(served).chain(named).collect::<Vec<_>>().join("; ");
        self.ready.set(self.library.current().is_some(), detail);
    }
}
