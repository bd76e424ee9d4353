//! The one database, used by the scheduler, which writes, and by the API, which reads.

use super::{Database, StorageError};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone)]
pub(crate) struct Storage(Arc<Mutex<Database>>);

impl Storage {
    pub(crate) fn new(database: Database) -> Self {
        Self(Arc::new(Mutex::new(database)))
    }

    /// Runs one method of the database where waiting for a disk holds nobody up.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        body: impl FnOnce(&mut Database) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let database = Arc::clone(&self.0);
        let run = move || body(&mut database.lock().unwrap_or_else(PoisonError::into_inner));
        tokio::task::spawn_blocking(run).await.map_err(StorageError::Stopped)?
    }
}
