//! How long a ship type takes along every edge of water in the middle of a month, tabulated.

use crate::{
    Chart, Month, ShipType,
    chart::{EDGES, NOWHERE, OPEN},
    daylight,
};
use std::sync::OnceLock;

/// A step of the table, seconds: a thousandth of the time between two zones.
const UNIT_S: f32 = 8.0;
/// Slowest that any ship is in the long run, m/s: half a kilometre an hour, drifting and waiting.
const SLOWEST_M_S: f32 = 0.15;
/// Rings of zones within which a ship is on the coast: she can lie at anchor, and does by night if
/// she is a coaster.
pub(crate) const COAST_RINGS: u8 = 2;
/// Rings within which it is the coast that is followed.
const COAST_FOLLOWED_RINGS: u8 = 1;

/// Between the middles of two months, as seconds of a journey.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    months: (Month, Month),
    until_s: u32,
    /// Of the way from the one middle to the other, when the journey begins and a second later.
    share: f64,
    share_a_second: f64,
}

/// The months through which a journey passes, worked out once for all its stretches.
pub(crate) struct Calendar(Vec<Span>);

/// A year and a month: who is longer under way looks the day up.
const SPANS: usize = 13;

impl Calendar {
    pub(crate) fn from(start_day: f64) -> Self {
        let mut begin_day = start_day;
        let spans = (0..SPANS).map(|_| {
            let (before, after, share) = Month::around(begin_day);
            let gap = before.days_until(after);
            let share_a_second = 1.0 / gap / SECONDS_A_DAY;
            let begun_s = (begin_day - start_day) * SECONDS_A_DAY;
            // Never quite the middle, which is the next span's.
            begin_day += (1.0 - share) * gap + 1e-6;
            Span {
                months: (before, after),
                until_s: ((begin_day - start_day) * SECONDS_A_DAY) as u32,
                share: share - begun_s * share_a_second,
                share_a_second,
            }
        });
        Self(spans.collect())
    }

    fn at(&self, elapsed_s: u32) -> Option<(Month, Month, f64)> {
        let span = self.0.iter().find(|span| elapsed_s < span.until_s)?;
        let share = span.share + f64::from(elapsed_s) * span.share_a_second;
        Some((span.months.0, span.months.1, share.clamp(0.0, 1.0)))
    }
}

pub(crate) const SECONDS_A_DAY: f64 = 86_400.0;

#[derive(Default)]
pub(crate) struct Paces([OnceLock<Box<[u16]>>; 12]);

/// The tables of the two months between whose middles a day lies.
pub(crate) struct Pace<'a> {
    before: &'a [u16],
    after: &'a [u16],
    share: f32,
}

impl Pace<'_> {
    /// Seconds along the edge at a slot of a node of water.
    pub(crate) fn seconds(&self, node: u32, slot: usize) -> f32 {
        let index = node as usize * EDGES + slot;
        let (before, after) = (f32::from(self.before[index]), f32::from(self.after[index]));
        (before + (after - before) * self.share) * UNIT_S
    }
}

/// What a step of the table says.
pub(crate) fn seconds_of(steps: u16) -> f32 {
    f32::from(steps) * UNIT_S
}

/// Courses of 256ths of a circle as vectors east and north.
pub(crate) fn courses() -> [(f32, f32); 256] {
    std::array::from_fn(|step| {
        let angle = step as f32 / 256.0 * std::f32::consts::TAU;
        angle.sin_cos()
    })
}

impl Chart {
    /// So many seconds after a journey began.
    pub(crate) fn pace(
        &self,
        ship: ShipType,
        calendar: &Calendar,
        start_day: f64,
        elapsed_s: u32,
    ) -> Pace<'_> {
        let day = || start_day + f64::from(elapsed_s) / SECONDS_A_DAY;
        let (before, after, share) = calendar.at(elapsed_s).unwrap_or_else(|| Month::around(day()));
        Pace {
            before: self.month_pace(ship, before),
            after: self.month_pace(ship, after),
            share: share as f32,
        }
    }

    pub(crate) fn month_pace(&self, ship: ShipType, month: Month) -> &[u16] {
        self.paces[ship as usize].0[month.index()].get_or_init(|| tabulate(self, ship, month))
    }

    /// What is sailed for a straight length between two zones.
    pub(crate) fn sailed_km(&self, a: u32, b: u32, km: f32) -> f32 {
        let along_shore = self.rings[a as usize].max(self.rings[b as usize]);
        let winding = if along_shore <= COAST_FOLLOWED_RINGS {
            self.parameters.coast_winding
        } else {
            self.parameters.sea_winding
        };
        km * winding as f32
    }
}

fn tabulate(chart: &Chart, ship: ShipType, month: Month) -> Box<[u16]> {
    let courses = courses();
    let coasting = ship.rig().coasting;
    let row = |node: u32| {
        let share = daylight::share(chart.latitudes[node as usize], month) as f32;
        let (courses, edges) = (&courses, chart.edges_of(node));
        edges.iter().map(move |edge| {
            if edge.to == NOWHERE || !edge.has(OPEN) {
                return u16::MAX;
            }
            let speed = chart.made_good_m_s(ship, courses, node, *edge, month);
            let by_day = coasting && chart.rings[edge.to as usize] <= COAST_RINGS;
            let metres = chart.sailed_km(node, edge.to, edge.km()) * 1000.0;
            let seconds = metres / speed / if by_day { share } else { 1.0 };
            (seconds / UNIT_S).round().clamp(1.0, f32::from(u16::MAX)) as u16
        })
    };
    (0..chart.waters).flat_map(row).collect()
}

impl Chart {
    /// What a ship makes good along an edge in a month's winds and currents.
    pub(crate) fn made_good_m_s(
        &self,
        ship: ShipType,
        courses: &[(f32, f32); 256],
        from: u32,
        edge: crate::chart::Edge,
        month: Month,
    ) -> f32 {
        let course = courses[usize::from(edge.bearing)];
        let (along, across) = about(course, self.wind(from, edge.to, month.index()));
        let latitude = self.latitudes[from as usize];
        let sailed = self.speeds(ship).made_good(latitude, month.index(), along, across);
        let current = about(course, self.current(from, edge.to, month.index()));
        over_ground(sailed, current).max(SLOWEST_M_S)
    }
}

/// A flow along a course and across it.
fn about((east, north): (f32, f32), (u, v): (f32, f32)) -> (f32, f32) {
    (u * east + v * north, u * north - v * east)
}

/// The triangle of velocities (Bowditch, American Practical Navigator, current sailing): a ship that is to stay on
/// her course heads into what sets her off it, and what is left of her speed is carried on.
fn over_ground(sailed_m_s: f32, (along, across): (f32, f32)) -> f32 {
    (sailed_m_s * sailed_m_s - across * across).max(0.0).sqrt() + along
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seconds(before: u16, after: u16, share: f64) -> f64 {
        let (before, after) = ([before; EDGES], [after; EDGES]);
        let pace = Pace { before: &before, after: &after, share: share as f32 };
        f64::from(pace.seconds(0, 0))
    }

    #[test]
    fn a_ship_is_carried_on_held_up_and_slowed_by_heading_into_what_sets_her_off() {
        let over_mm_s = |current| (over_ground(2.0, current) * 1000.0).round() as i32;
        let along = [0.5, -0.5, 0.0].map(|along| over_mm_s((along, 0.0)));
        assert_eq!(along, [2_500, 1_500, 2_000]);
        // 3, 4, 5.
        assert_eq!([1.2, -1.2].map(|across| over_mm_s((0.0, across))), [1_600, 1_600]);
        assert_eq!(over_mm_s((0.25, 3.0)), 250, "she drifts");
    }

    proptest! {
        #[test]
        fn a_calendar_says_of_every_second_what_its_day_says(
            start in 0.0..365.0_f64,
            elapsed_s in 0..31_000_000_u32,
        ) {
            let (before, after, share) = Month::around(start + f64::from(elapsed_s) / SECONDS_A_DAY);
            let at = |(before, after, share): (Month, Month, f64)| {
                let middles = (before.middle(), after.middle());
                middles.0 + (middles.1 - middles.0).rem_euclid(Month::DAYS_IN_YEAR) * share
            };
            let said = Calendar::from(start).at(elapsed_s).unwrap();
            let apart = (at(said) - at((before, after, share))).rem_euclid(Month::DAYS_IN_YEAR);
            prop_assert!(apart.min(Month::DAYS_IN_YEAR - apart) < 1e-4, "{said:?} {before:?} {share}");
        }

        /// What Dijkstra's labels need where times change (first in, first out).
        #[test]
        fn who_leaves_later_arrives_later(
            before in 1..=u16::MAX,
            after in 1..=u16::MAX,
            left in 0.0..27.9_f64,
            later in 0.001..0.1_f64,
        ) {
            const SHORTEST_MONTH: f64 = 28.0;
            let arrival = |day: f64| day * 86_400.0 + seconds(before, after, day / SHORTEST_MONTH);
            prop_assert!(arrival(left + later) > arrival(left));
        }
    }
}
