//! What fell due while nobody looked, each at its own moment.
//!
//! Looking twice, late or never gives the same timeline: what is due and when depends on the state
//! alone, `now` only says how much of it has come.

use crate::{
    chapters,
    fact::{Arrival, Fact},
    ships,
    state::{Location, State},
    time::{At, DAY_US},
};

/// The next thing that is due at `now` or before, with the moment it happens.
pub fn settle(state: &State, now: At) -> Option<(At, Fact)> {
    // What the last moment brought about comes before anything that is still to happen.
    let advance = chapters::due(state).map(|fact| (state.next_at(At(i64::MIN)), fact));
    advance.or_else(|| arrival(state)).filter(|(at, _)| *at <= now)
}

fn arrival(state: &State) -> Option<(At, Fact)> {
    let Location::AtSea(voyage) = &state.location else {
        return None;
    };
    let wear_ppm = state.ship.as_ref().map_or(0, |ship| {
        let per_day = ships::hull(ship.ship).wear_ppm_per_day;
        voyage.duration_us.max(0) / (DAY_US / per_day.max(1))
    });
    let arrival = Arrival { place: voyage.to.clone(), wear_ppm };
    Some((state.next_at(voyage.arrives_at), Fact::Arrival(arrival)))
}
