//! A seat: the queue before its single writer, and how much may be asked of it in a second.

use super::{Desk, PlayerDb, Token};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::{num::NonZeroU32, sync::Arc, time::Duration};
use tokio::sync::{Mutex, Semaphore};

/// Calls that wait for one player's writer: two tabs of six connections each, and some. More is a
/// client gone wrong, and it must not hold up the others.
const WAITING_MAX: usize = 16;
/// A player who was quiet may send so many seconds' worth at once.
const BURST_SECONDS: u32 = 3;

pub(crate) struct Seat {
    token: Token,
    desk: Arc<Mutex<Desk>>,
    waiting: Semaphore,
    commands: DefaultDirectRateLimiter,
    reads: DefaultDirectRateLimiter,
}

/// Calls of one player in a second, by kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budgets {
    pub(crate) commands_per_second: NonZeroU32,
    pub(crate) reads_per_second: NonZeroU32,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Busy {
    #[error("{WAITING_MAX} calls of this player are waiting already; wait for their answers first")]
    Queue,
    #[error("this player's calls come too fast; wait {} s", retry_after.as_secs().max(1))]
    Budget { retry_after: Duration },
    #[error("the call was given up: the work panicked or the server stops")]
    GivenUp,
}

impl Seat {
    pub(crate) fn new(token: Token, db: PlayerDb, budgets: Budgets) -> Self {
        let limiter = |per_second: NonZeroU32| {
            let burst =
                per_second.saturating_mul(NonZeroU32::MIN.saturating_add(BURST_SECONDS - 1));
            RateLimiter::direct(Quota::per_second(per_second).allow_burst(burst))
        };
        Self {
            token,
            desk: Arc::new(Mutex::new(Desk::new(db))),
            waiting: Semaphore::new(WAITING_MAX),
            commands: limiter(budgets.commands_per_second),
            reads: limiter(budgets.reads_per_second),
        }
    }

    pub(crate) fn token(&self) -> &Token {
        &self.token
    }

    /// Takes one command from this second's budget.
    pub(crate) fn may_command(&self) -> Result<(), Busy> {
        within_budget(&self.commands)
    }

    /// Takes one read from this second's budget.
    pub(crate) fn may_read(&self) -> Result<(), Busy> {
        within_budget(&self.reads)
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

fn within_budget(limiter: &DefaultDirectRateLimiter) -> Result<(), Busy> {
    use governor::clock::{Clock, DefaultClock};
    limiter.check().map_err(|refusal| Busy::Budget {
        retry_after: refusal.wait_time_from(DefaultClock::default().now()),
    })
}
