//! Leisure: where it could be, as long as it could be, and as far as it was paid for.

use super::{Possible, possible};
use crate::{
    decide::{bill, day_asses, gravitas_milli},
    fact::{OtiumBegin, OtiumEnd},
    state::{Otium, State},
    time::At,
};

pub(super) fn begun(state: &State, begin: &OtiumBegin) -> Possible {
    possible(state.place() == Some(&begin.place), "the merchant was not there")?;
    // In the smallest town.
    let least = day_asses(state, u8::MAX);
    let cheap = begin.day_asses.is_some_and(|day_asses| day_asses < least);
    possible(!cheap, "nowhere is a day of otium so cheap")?;
    let rested = begin.tired_us.unwrap_or(0) == state.tired_us;
    possible(rested, "leisure before it was not told as it was")?;
    possible(state.otium.is_none(), "otium had begun already")
}

pub(super) fn ended(state: &State, end: &OtiumEnd, at: At) -> Possible {
    let otium = state.otium.as_ref().ok_or("otium had not begun")?;
    let spent = state.world_time(at).0.saturating_sub(state.world_time(otium.since).0);
    possible(otium.place == end.place, "otium was spent elsewhere")?;
    possible(end.days_us <= spent.max(0), "so much time had not passed")?;
    paid(state, otium, end, at)?;
    let told = otium.tired_us.is_some();
    let counted_us = end.paid_us.unwrap_or(end.days_us);
    let yields = || end.gravitas_milli == gravitas_milli(state, otium, counted_us);
    possible(!told || yields(), "that was not what so much leisure yields")
}

/// Where a price was agreed on, what the purse was good for follows from the moments alone.
fn paid(state: &State, otium: &Otium, end: &OtiumEnd, at: At) -> Possible {
    let told = end.paid_us.unwrap_or(end.days_us);
    possible(told <= end.days_us, "more days were paid than were spent")?;
    let Some(day_asses) = otium.day_asses else { return Ok(()) };
    let due = bill(state, otium, day_asses, at);
    let told = (end.days_us, end.cost_asses, end.paid_us);
    let owed = (due.days_us, due.paid_asses, Some(due.paid_us));
    possible(told == owed, "that was not what the purse was good for")
}
