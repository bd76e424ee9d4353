//! The closed sea, by the calendar.

use crate::{calendar::Date, time::WorldTime};

/// First and last day of the closed sea, month and day (Vegetius 4.39).
pub(crate) const CLOSED: [(u8, u8); 2] = [(11, 11), (3, 10)];

pub fn sea_is_closed(world: WorldTime) -> bool {
    let Date { month, day, .. } = Date::of(world);
    let [first, last] = CLOSED;
    (month, day) >= first || (month, day) <= last
}

/// World time of an interval in which the sea was closed.
pub(crate) fn closed_us(from: WorldTime, to: WorldTime) -> i64 {
    let [first, last] = CLOSED;
    // A winter is named by the year in which it ends.
    let winters = Date::of(from).year..=Date::of(to).year.saturating_add(1);
    winters.fold(0, |sum: i64, year| {
        let begins = Date { year: year - 1, month: first.0, day: first.1 }.start();
        let ends = Date { year, month: last.0, day: last.1 + 1 }.start();
        sum.saturating_add(ends.min(to).0.saturating_sub(begins.max(from).0).max(0))
    })
}
