//! How much one player and one address may ask for, by kind of call; and what the call in hand has used.
//!
//! A player's budgets go by the session's secret, so that who only knows a player's token uses nothing of
//! them. Calls without a session, or with one that opens nothing, are their address's. A call takes one of each
//! budget that it uses, at the first of the places that ask for it: before its body is read, or at the desk.

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
use theron_service::{Budget, Left, Place, Places, Policy};

/// A player who was quiet may send so many seconds' worth at once.
const BURST_S: u32 = 3;
const MINUTE_S: u32 = 60;
/// Whole lives that one player may carry away in a minute: each is read from its first moment to its last.
const EXPORTS_A_MINUTE: u32 = 12;
/// Calls of one address in hand at once: a house of 128 behind one router has four for each seat. It is a quarter of
/// what the server takes in hand from everybody, so that no address takes it all.
pub(crate) const CALLS_IN_HAND_MAX: u32 = 512;

const ARRIVALS: &str = "arrivals";
const ADDRESS: &str = "address";
const READS: &str = "reads";
const COMMANDS: &str = "commands";
const EXPORTS: &str = "exports";

/// Lives that come in from one address at once: whoever sends one slowly keeps only himself waiting.
const IMPORTS_OF_ONE: u32 = 1;

pub(crate) struct Budgets {
    in_hand: Arc<Places>,
    importing: Arc<Places>,
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

    /// What is left of this budget after this call, which takes from it once.
    fn uses(&self, budget: &str, take: impl FnOnce() -> Left) -> Left {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(left) = used.iter().find(|left| left.policy.name == budget) {
            return *left;
        }
        let left = take();
        used.push(left);
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
            in_hand: Places::new(CALLS_IN_HAND_MAX),
            importing: Places::new(IMPORTS_OF_ONE),
            arrivals: Budget::new(minute(ARRIVALS, limits.arrivals_per_minute)),
            strangers: Budget::new(minute(ADDRESS, limits.calls_per_minute)),
            reads: Budget::new(burst(READS, limits.reads_per_second)),
            commands: Budget::new(burst(COMMANDS, limits.commands_per_second)),
            exports: Budget::new(Policy {
                name: EXPORTS,
                calls_max: EXPORTS_A_MINUTE,
                window_s: MINUTE_S,
            }),
        }
    }

    /// A place for a call of this address, where one is free.
    pub(crate) fn place(&self, address: IpAddr) -> Option<Place> {
        self.in_hand.take(address)
    }

    /// A place for a life that comes in from the address of the call in hand.
    pub(crate) fn import(&self) -> Option<Place> {
        self.importing.take(InHand::current().address)
    }

    /// An enrolment, or an attempt to come back.
    pub(crate) fn arrival(&self, now: Timestamp) -> Result<(), PlayError> {
        let call = InHand::current();
        let left = call.uses(ARRIVALS, || self.arrivals.take(call.address, now));
        if left.over { Err(PlayError::TooManyArrivals(left)) } else { Ok(()) }
    }

    /// A call that needs no session, or came with one that opens nothing.
    pub(crate) fn stranger(&self, now: Timestamp) -> Result<(), PlayError> {
        let call = InHand::current();
        let left = call.uses(ADDRESS, || self.strangers.take(call.address, now));
        if left.over { Err(PlayError::TooManyCalls(left)) } else { Ok(()) }
    }

    pub(crate) fn player(
        &self,
        secret: &Secret,
        call: Call,
        now: Timestamp,
    ) -> Result<(), PlayError> {
        let (name, budget) = match call {
            Call::Read => (READS, &self.reads),
            Call::Command => (COMMANDS, &self.commands),
            Call::Export => (EXPORTS, &self.exports),
        };
        let left = InHand::current().uses(name, || budget.take(secret.hash(), now));
        if left.over { Err(PlayError::TooFast(left)) } else { Ok(()) }
    }
}
