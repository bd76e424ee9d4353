//! Where places lie, and what follows when one is lost.

use crate::{
    fact::{Departure, Loss, Removal},
    state::{Location, Lot, State, Stock},
    time::At,
};

pub(super) fn chart(state: &mut State, departure: &Departure) {
    let Departure { from, to, path, .. } = departure;
    for (place, point) in [(from, path.first()), (to, path.last())] {
        if let Some(point) = point {
            state.charted.insert(place.clone(), *point);
        }
    }
}

/// Where two stocks become one nothing is lost, and the days of the older are forgiven.
pub(super) fn moves_on(state: &mut State, at: At, removal: &Removal) {
    let Removal { from, to, moved, reason: _ } = removal;
    if state.place() == Some(from) {
        state.location = Location::Ashore { place: to.clone(), since: at };
    }
    for Loss { good, .. } in moved {
        let Some(stock) = state.stores.remove(&(from.clone(), *good)) else { continue };
        let there = state
            .stores
            .entry((to.clone(), *good))
            .or_insert(Stock { lot: Lot::default(), ..stock });
        *there = Stock {
            lot: Lot {
                units: there.lot.units.saturating_add(stock.lot.units),
                cost_asses: there.lot.cost_asses.saturating_add(stock.lot.cost_asses),
            },
            since: there.since.max(stock.since),
            carried_ppm: there.carried_ppm.min(stock.carried_ppm),
        };
    }
}
