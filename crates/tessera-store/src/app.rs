//! What the routes share: the releases, the derived windows, the clock.

use crate::{StartError, derived::Windows, releases::Library};
use std::{path::Path, sync::Arc};
use theron_service::{Clock, ReadySignal};

pub(crate) struct App {
    pub(crate) library: Arc<Library>,
    pub(crate) windows: Windows,
    pub(crate) clock: Arc<dyn Clock>,
    ready: ReadySignal,
}

impl App {
    pub(crate) fn open(
        data_dir: &Path,
        clock: Arc<dyn Clock>,
        ready: ReadySignal,
    ) -> Result<Self, StartError> {
        let library = Arc::new(Library::open(data_dir, clock.now())?);
        let windows = Windows::open(&data_dir.join("derived.sqlite3"))?;
        let app = Self { library, windows, clock, ready };
        app.say_readiness();
        Ok(app)
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
