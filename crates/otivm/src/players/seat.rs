//! A seat: the queue before its single writer.

use super::{Desk, PlayerDb, Token};
use std::sync::Arc;
use tokio::sync::{Mutex, Semaphore};

/// Calls that wait for one player's writer: two tabs of six connections each, and some. More is a
/// client gone wrong, and it must not hold up the others.
const WAITING_MAX: usize = 16;

pub(crate) struct Seat {
    token: Token,
    desk: Arc<Mutex<Desk>>,
    waiting: Semaphore,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Busy {
    #[error("{WAITING_MAX} calls of this player are waiting already; wait for their answers first")]
    Queue,
    #[error("the call was given up: the work panicked or the server stops")]
    GivenUp,
}

impl Seat {
    pub(crate) fn new(token: Token, db: PlayerDb) -> Self {
        Self {
            token,
            desk: Arc::new(Mutex::new(Desk::new(db))),
            waiting: Semaphore::new(WAITING_MAX),
        }
    }

    pub(crate) fn token(&self) -> &Token {
        &self.token
    }

    /// Runs blocking work at the desk, one call at a time, in the order of asking.
    pub(crate) async fn at_desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let _waiting = self.waiting.try_acquire().map_err(|_full| Busy::Queue)?;
        let mut desk = Arc::clone(&self.desk).lock_owned().await;
        tokio::task::spawn_blocking(move || work(&mut desk)).await.map_err(|_gone| Busy::GivenUp)
    }

    /// As [`Self::at_desk`], for the server's own work: it waits as long as it takes.
    pub(crate) async fn at_desk_patiently<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let mut desk = Arc::clone(&self.desk).lock_owned().await;
        tokio::task::spawn_blocking(move || work(&mut desk)).await.map_err(|_gone| Busy::GivenUp)
    }
}
