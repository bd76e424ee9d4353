//! What is aboard, and since when it ages.

use super::remaining;
use crate::{
    fact::{Aged, Carried, Loss},
    goods::GoodId,
    state::{Aging, State},
    time::At,
};

/// Goods leave the cargo with their share of what it has cost.
pub(super) fn lose(state: &mut State, losses: &[Loss]) {
    for Loss { good, units } in losses {
        let lot = state.cargo.entry(*good).or_default();
        *lot = remaining(*lot, *units);
        clear(state, *good);
    }
}

/// Reckoned up, before anything else is done with it.
pub(super) fn age(state: &mut State, at: At, good: GoodId, aged: Option<Aged>) {
    let Some(Aged { spoiled_units, carried_ppm }) = aged else { return };
    if let Some(lot) = state.cargo.get_mut(&good) {
        *lot = remaining(*lot, spoiled_units);
    }
    state.aging.insert(good, Aging { since: at, carried_ppm });
}

/// What has begun to spoil comes aboard with its goods, or leaves with them.
pub(super) fn goes_along(state: &mut State, good: GoodId, by_ppm: i64) {
    if let Some(aging) = state.aging.get_mut(&good) {
        aging.carried_ppm = aging.carried_ppm.saturating_add(by_ppm).max(0);
    }
}

pub(super) fn date(state: &mut State, at: At, carried: &[Carried]) {
    for Carried { good, ppm } in carried {
        state.aging.insert(*good, Aging { since: at, carried_ppm: *ppm });
        clear(state, *good);
    }
}

/// A lot that is gone has neither cost nor age.
pub(super) fn clear(state: &mut State, good: GoodId) {
    if state.cargo.get(&good).is_none_or(|lot| lot.units == 0) {
        state.cargo.remove(&good);
        state.aging.remove(&good);
    }
}
