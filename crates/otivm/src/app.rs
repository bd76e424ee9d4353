//! What every call has at hand: the house, the world, the windows, the clock, the dice.

use crate::{
    budgets::Budgets,
    config::{Config, Simulation},
    dice::Dice,
    passkeys::Passkeys,
    play::{Bells, Flights, PlayError, Transit},
    players::{Doorkeeper, House},
    windows::Book,
    world::Keeper,
};
use otivm_rules::At;
use std::sync::{Arc, Mutex, PoisonError};
use theron_service::{Clock, ReadySignal, Tasks};

pub(crate) struct App {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) dice: Arc<dyn Dice>,
    pub(crate) house: Arc<House>,
    pub(crate) keeper: Doorkeeper,
    pub(crate) flights: Flights,
    pub(crate) bells: Bells,
    pub(crate) transit: Transit,
    pub(crate) tasks: Tasks,
    pub(crate) world: Keeper,
    pub(crate) windows: Book,
    pub(crate) budgets: Budgets,
    /// None where the operator named no address for them.
    pub(crate) passkeys: Option<Passkeys>,
    pub(crate) config: Config,
    pub(crate) ready: ReadySignal,
    /// What was said of 1102 last.
    pub(crate) store: Mutex<Option<String>>,
}

impl App {
    pub(crate) fn now(&self) -> At {
        At(self.clock.now().as_microsecond())
    }

    pub(crate) fn passkeys(&self) -> Result<&Passkeys, PlayError> {
        self.passkeys.as_ref().ok_or(PlayError::PasskeysOff)
    }

    /// What is known of 1102 now.
    pub(crate) fn tell_readiness(&self, store: Option<&str>) {
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = store.map(str::to_owned);
        self.tell_again();
    }

    /// Ready with a world and a disk that takes moments, whatever the neighbours do; what is amiss is said either way.
    pub(crate) fn tell_again(&self) {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let (has_world, ailment) = (self.world.scene().is_some(), self.house.disk().ailment());
        let mut remarks = Vec::new();
        remarks.extend(ailment.map(str::to_owned));
        match (has_world, store.as_deref()) {
            (false, None) => remarks.push("no world yet: 1102 is being asked".to_owned()),
            (false, Some(store)) => remarks.push(format!("no world yet: {store}")),
            (true, Some(store)) => remarks.push(format!("the world comes from the cache: {store}")),
            (true, None) => {}
        }
        // Their names say who sits there, and anybody may ask.
        let damaged = self.house.damaged().len();
        if damaged > 0 {
            remarks.push(format!(
                "not used, because they are damaged: {damaged} files; the log names them"
            ));
        }
        if let Some(Simulation { answers_ahead_ms }) = self.config.simulation {
            remarks.push(format!(
                "a simulation: what is answered is on the disk {answers_ahead_ms} ms later"
            ));
        }
        let left = self.house.left();
        if left > 0 {
            remarks.push(format!("{left} seats were left; they are made anew at the next start"));
        }
        self.ready.set(has_world && ailment.is_none(), remarks.join("; "));
    }
}
