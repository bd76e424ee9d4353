//! How much one player and one address may ask for, by kind of call; and what the call in hand has used.
//!
//! A player's budgets go by the session's secret, so that who only knows a player's token uses nothing of
//! them. Calls without a session, or with one that opens nothing, are their address's.

use crate::{
    Limits,
    play::{Call, PlayError},
    players::Secret,
};
use jiff::Timestamp;
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, PoisonError},
};
use theron_service::{Budget, Left, Policy};

/// A player who was quiet may send so many seconds' worth at once.
const BURST_S: u32 = 3;
const MINUTE_S: u32 = 60;
/// Whole lives that one player may carry away in a minute: each is read from its first moment to its last.
const EXPORTS_A_MINUTE: u32 = 12;

pub(crate) struct Budgets {
    arrivals: Budget<IpAddr>,
    strangers: Budget<IpAddr>,
    reads: Budget<String>,
    commands: Budget<String>,
    exports: Budget<String>,
}

/// Where the call in hand comes from, and which budgets it has used.
#[derive(Clone)]
pub(crate) struct InHand {
    pub(crate) address: IpAddr,
    /// The browser's way to us is HTTPS, as far as the proxy says.
    pub(crate) https: bool,
    used: Arc<Mutex<Vec<Left>>>,
}

tokio::task_local! {
    pub(crate) static IN_HAND: InHand;
}

impl InHand {
    pub(crate) fn new(address: Option<IpAddr>, https: bool) -> Self {
        let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Self { address, https, used: Arc::default() }
    }

    /// The budgets that were used, in the order of their use.
    pub(crate) fn used(&self) -> Vec<Left> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Work of the server's own comes from nowhere.
    fn current() -> Self {
        IN_HAND.try_with(Clone::clone).unwrap_or_else(|_none| Self::new(None, false))
    }

    fn uses(&self, left: Left) -> Left {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).push(left);
        left
    }
}

impl Budgets {
    pub(crate) fn new(limits: Limits) -> Self {
        let burst = |name, per_second: std::num::NonZeroU32| Policy {
            name,
            calls_max: per_second.get().saturating_mul(BURST_S),
            window_s: BURST_S,
        };
        let minute = |name, per_minute: std::num::NonZeroU32| Policy {
            name,
            calls_max: per_minute.get(),
            window_s: MINUTE_S,
        };
        Self {
            arrivals: Budget::new(minute("arrivals", limits.arrivals_per_minute)),
            strangers: Budget::new(minute("address", limits.calls_per_minute)),
            reads: Budget::new(burst("reads", limits.reads_per_second)),
            commands: Budget::new(burst("commands", limits.commands_per_second)),
            exports: Budget::new(Policy {
                name: "exports",
                calls_max: EXPORTS_A_MINUTE,
                window_s: MINUTE_S,
            }),
        }
    }

    /// An enrolment, or an attempt to come back.
    pub(crate) fn arrival(&self, now: Timestamp) -> Result<(), PlayError> {
        let call = InHand::current();
        let left = call.uses(self.arrivals.take(call.address, now));
        if left.over { Err(PlayError::TooManyArrivals(left)) } else { Ok(()) }
    }

    /// A call that needs no session, or came with one that opens nothing.
    pub(crate) fn stranger(&self, now: Timestamp) -> Result<(), PlayError> {
        let call = InHand::current();
        let left = call.uses(self.strangers.take(call.address, now));
        if left.over { Err(PlayError::TooManyCalls(left)) } else { Ok(()) }
    }

    pub(crate) fn player(
        &self,
        secret: &Secret,
        call: Call,
        now: Timestamp,
    ) -> Result<(), PlayError> {
        let budget = match call {
            Call::Read => &self.reads,
            Call::Command => &self.commands,
            Call::Export => &self.exports,
        };
        let left = InHand::current().uses(budget.take(secret.hash(), now));
        if left.over { Err(PlayError::TooFast(left)) } else { Ok(()) }
    }
}
