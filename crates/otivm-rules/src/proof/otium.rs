//! Leisure: where it could be, as long as it could be, and as far as it was paid for.

use super::{Possible, possible};
use crate::{
    decide::{bill, day_asses, gravitas_milli, guest_day_asses, stay, villa_day_asses},
    fact::{OtiumBegin, OtiumEnd},
    market::leisure::QUALITY_MOST,
    parameters::ParameterId,
    state::{Otium, State},
    time::At,
};

pub(super) fn begun(state: &State, begin: &OtiumBegin) -> Possible {
    possible(state.place() == Some(&begin.place), "the merchant was not there")?;
    made_of(state, begin)?;
    let guests = begin.villa.map_or(0, |villa| villa.guests);
    // In the smallest town.
    let smallest = u8::MAX;
    let kept = begin.villa.map_or(0, |_| villa_day_asses(state, smallest));
    let invited = guest_day_asses(state, smallest).saturating_mul(guests);
    let least = day_asses(state, smallest).saturating_add(kept).saturating_add(invited);
    let cheap = begin.day_asses.is_some_and(|day_asses| day_asses < least);
    possible(!cheap, "nowhere is a day of otium so cheap")?;
    let rested = begin.tired_us.unwrap_or(0) == state.tired_us;
    possible(rested, "leisure before it was not told as it was")?;
    possible(state.otium.is_none(), "otium had begun already")
}

/// The place's own only its world could tell; what the merchant kept there follows from his history.
fn made_of(state: &State, begin: &OtiumBegin) -> Possible {
    let get = |id| state.parameters.get(id);
    let Some(told) = begin.villa else {
        let none = !state.villas.contains_key(&begin.place);
        possible(none, "the merchant had a villa there, and was not in it")?;
        return possible(begin.quality_permille <= QUALITY_MOST, "no place is so good for leisure");
    };
    let villa = state.villas.get(&begin.place).ok_or("the merchant had no villa there")?;
    possible(told.place_permille <= QUALITY_MOST, "no place is so good for leisure")?;
    possible(told.guests <= get(ParameterId::GuestsMost), "the table seats not so many guests")?;
    let follows = told == stay(state, villa, told.place_permille, told.guests);
    possible(follows, "that was not what the merchant kept there")?;
    let quality = told.sum_permille().min(get(ParameterId::OtiumMost));
    possible(begin.quality_permille == quality, "that was not the sum of its parts")
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
