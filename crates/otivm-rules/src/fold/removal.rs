//! Where places lie, and what follows when one is lost.

use crate::{
    fact::{Departure, Loss, Removal},
    goods::GoodId,
    ids::PlaceId,
    state::{Location, Lot, State, Stock, Villa},
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
    let Removal { from, to, moved, reason: _, villa_asses: _, books: _ } = removal;
    if state.place() == Some(from) {
        state.location = Location::Ashore { place: to.clone(), since: at };
    }
    for Loss { good, .. } in moved {
        let Some(stock) = state.stores.remove(&(from.clone(), *good)) else { continue };
        lay_in(state, to, *good, stock);
    }
    let villa = state.villas.remove(from).filter(|villa| villa.books.units > 0);
    if let Some(Villa { books: lot, carried_ppm, paid_asses: _ }) = villa {
        lay_in(state, to, GoodId::Books, Stock { lot, since: at, carried_ppm });
    }
}

fn lay_in(state: &mut State, to: &PlaceId, good: GoodId, stock: Stock) {
    let there = state.stores.entry((to.clone(), good));
    let there = there.or_insert(Stock { lot: Lot::default(), ..stock });
    *there = Stock {
        lot: Lot {
            units: there.lot.units.saturating_add(stock.lot.units),
            cost_asses: there.lot.cost_asses.saturating_add(stock.lot.cost_asses),
        },
        since: there.since.max(stock.since),
        carried_ppm: there.carried_ppm.min(stock.carried_ppm),
    };
}
