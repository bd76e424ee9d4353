//! The seasons of the sea through which a life has passed.

use super::{Clocks, Label, LabelKind};
use crate::{
    calendar::Date,
    decide::sea_is_closed,
    fact::Fact,
    time::{At, WorldTime},
};
use serde_json::json;

/// A season, from its first day to the first day of the next.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Season {
    closed: bool,
    /// The year in which it begins.
    year: i64,
    start: WorldTime,
    end: WorldTime,
}

impl Season {
    fn of(world: WorldTime) -> Self {
        let opens = |year| Date { year, month: 3, day: 11 }.start();
        let closes = |year| Date { year, month: 11, day: 11 }.start();
        let year = Date::of(world).year;
        if !sea_is_closed(world) {
            Self { closed: false, year, start: opens(year), end: closes(year) }
        } else if world < opens(year) {
            Self { closed: true, year: year - 1, start: closes(year - 1), end: opens(year) }
        } else {
            Self { closed: true, year, start: closes(year), end: opens(year + 1) }
        }
    }
}

/// One label for each season in which something happened, so that there are never more labels than
/// moments; it begins no earlier than the life. Where a life moves to another world, one season ends and another begins.
pub(super) fn seasons(history: &[(At, Fact)], now: At, clocks: &Clocks) -> Vec<Label> {
    let lived = history.iter().skip_while(|(_, fact)| !matches!(fact, Fact::Enrolment(_)));
    // While a clock is set, hand after hand, there is no time of year.
    let lived = lived.filter(|(_, fact)| !matches!(fact, Fact::Parameter(..)));
    let mut found: Vec<(Season, usize, Vec<At>)> = Vec::new();
    for (at, _) in lived {
        let clock = clocks.number(*at);
        let season = Season::of(clocks.world_time(*at));
        match found.last_mut() {
            // The first and the last moment are evidence enough.
            Some((last, by, evidence)) if (*last, *by) == (season, clock) => {
                evidence.truncate(1);
                evidence.push(*at);
            }
            _ => found.push((season, clock, vec![*at])),
        }
    }
    let born = found.first().and_then(|(_, _, evidence)| evidence.first()).copied();
    found
        .into_iter()
        .map(|(season, clock, evidence)| {
            let (clock, set, until) = clocks.numbered(clock);
            let from = clock.at(season.start).max(set).max(born.unwrap_or(now));
            let end = clock.at(season.end).min(until);
            let to = (end <= now).then_some(end);
            let name = if season.closed { "Closed sea" } else { "Open sea" };
            Label {
                label: LabelKind::Season,
                title: format!("{name}, {}", season.year),
                from,
                to,
                world_from: clock.world_time(from),
                world_to: clock.world_time(to.unwrap_or(now)),
                evidence,
                detail: json!({ "closed": season.closed, "year": season.year }),
            }
        })
        .collect()
}
