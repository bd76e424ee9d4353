//! Lower bounds of time at sea by landmarks (ALT: Goldberg and Harrelson, SODA 2005).
//!
//! A voyage that begins in the middle of a month, as all do, and is over some months later takes no less than in
//! the best of these months on every stretch. In that graph the distances to and from a few landmarks are worked
//! out once; the triangle inequality then says, without a search, how long is left at least. What lies beyond those
//! months is left out: there is left what the landmarks say, or more than until their end. A bound is never more
//! than the time that is left, so a search with it has the same answer.

use crate::{
    Chart, Gait, Mode, Month, ShipType,
    chart::{EDGES, NOWHERE, OPEN},
    pace::{SECONDS_A_DAY, seconds_of},
    queue::Queue,
    ways::Traveller,
};
use std::sync::OnceLock;

/// More of them make a survey longer and a search hardly shorter.
const LANDMARKS: usize = 24;
/// Of these as many serve one search: those that see its way best from the side.
const ACTIVE: usize = 3;
/// The month in which a voyage begins, and those whose winds it may meet after: most voyages end within them, and
/// each one more makes the bounds weaker.
const SEASON: usize = 4;
const FAR: u32 = u32::MAX;

/// Seconds between every zone of water and the landmarks, in the best month of every stretch.
pub(crate) struct Survey {
    /// From the middle of the first month to that of the last.
    until_s: u32,
    /// A pair for each row of water, landmark after landmark: from the landmark, and to it; `FAR` where no ship
    /// gets. What a search reads of one landmark lies together.
    table: Vec<[u32; 2]>,
    rows: usize,
}

/// What a survey says of one search's goals.
pub(crate) struct Outlook<'a> {
    pub(crate) until_s: u32,
    active: Vec<Landmark<'a>>,
}

/// A landmark's times, the least time from it to a goal, the most from a goal to it.
#[derive(Clone, Copy)]
struct Landmark<'a> {
    times: &'a [[u32; 2]],
    to_goal: u32,
    from_goal: u32,
}

#[derive(Default)]
pub(crate) struct Surveys([[OnceLock<Survey>; 12]; ShipType::ALL.len()]);

impl Surveys {
    pub(crate) fn known(&self, ship: ShipType, month: Month) -> Option<&Survey> {
        self.0[ship as usize][month.index()].get()
    }
}

impl Chart {
    /// Works out once what makes every later search by sea quick for a ship of this type that sails in this month:
    /// about a second for the default world. What a search answers does not depend on it.
    pub fn survey(&self, ship: ShipType, month: Month) {
        self.surveys.0[ship as usize][month.index()].get_or_init(|| Survey::of(self, ship, month));
    }
}

fn season(month: Month) -> impl Iterator<Item = Month> {
    Month::all().chain(Month::all()).skip(month.index()).take(SEASON)
}

/// Stretches of water by row, the cheapest month's seconds as a ship of the type counts them.
struct Stretches {
    /// `EDGES` a row; `FAR` where there is none.
    out: Vec<(u32, u32)>,
    /// The same the other way round: where each row's stretches come from, and where each row's begin.
    into: Vec<(u32, u32)>,
    first_into: Vec<u32>,
    rows: usize,
}

impl Stretches {
    fn of(chart: &Chart, ship: ShipType, month: Month) -> Self {
        let paces: Vec<_> = season(month).map(|month| chart.month_pace(ship, month)).collect();
        let sailor = Traveller::new(chart, Mode::Sea, ship, Gait::Foot, month);
        let nodes: Vec<u32> = (0..chart.len() as u32).filter(|node| chart.floats(*node)).collect();
        let mut out = Vec::with_capacity(nodes.len() * EDGES);
        for (row, node) in nodes.iter().enumerate() {
            for (slot, edge) in chart.edges_of(*node).iter().enumerate() {
                let index = row * EDGES + slot;
                let least = paces.iter().map(|pace| pace[index]).min().unwrap_or(u16::MAX);
                if edge.to == NOWHERE || !edge.has(OPEN) {
                    out.push((FAR, FAR));
                    continue;
                }
                let seconds = seconds_of(least) * sailor.weight(edge.to);
                out.push((chart.water_rows[edge.to as usize], seconds as u32));
            }
        }
        let rows = nodes.len();
        let mut first_into = vec![0_u32; rows + 1];
        for (to, _) in out.iter().filter(|(to, _)| *to != FAR) {
            first_into[*to as usize + 1] += 1;
        }
        for row in 0..rows {
            first_into[row + 1] += first_into[row];
        }
        let mut next = first_into.clone();
        let mut into = vec![(FAR, FAR); first_into[rows] as usize];
        for (index, (to, seconds)) in out.iter().enumerate().filter(|(_, (to, _))| *to != FAR) {
            let place = &mut next[*to as usize];
            into[*place as usize] = ((index / EDGES) as u32, *seconds);
            *place += 1;
        }
        Self { out, into, first_into, rows }
    }

    fn from(&self, row: u32) -> &[(u32, u32)] {
        &self.out[row as usize * EDGES..][..EDGES]
    }

    fn to(&self, row: u32) -> &[(u32, u32)] {
        let ends = (self.first_into[row as usize], self.first_into[row as usize + 1]);
        &self.into[ends.0 as usize..ends.1 as usize]
    }

    /// Seconds from a row to all others, or from all others to it (Dijkstra).
    fn distances<'a>(&'a self, begin: u32, next: impl Fn(u32) -> &'a [(u32, u32)]) -> Vec<u32> {
        let mut seconds = vec![FAR; self.rows];
        let mut queue = Queue::default();
        seconds[begin as usize] = 0;
        queue.push(0, begin);
        while let Some((key, row)) = queue.pop() {
            if key > seconds[row as usize] {
                continue;
            }
            for &(to, step) in next(row).iter().filter(|(to, _)| *to != FAR) {
                let reached = key.saturating_add(step);
                if reached < seconds[to as usize] {
                    seconds[to as usize] = reached;
                    queue.push(reached, to);
                }
            }
        }
        seconds
    }
}

impl Survey {
    fn of(chart: &Chart, ship: ShipType, month: Month) -> Self {
        let stretches = Stretches::of(chart, ship, month);
        let rows = stretches.rows;
        let mut table = Vec::with_capacity(rows * LANDMARKS);
        let mut nearest = vec![FAR; rows];
        // The first is the farthest from an arbitrary zone; each next one is the farthest from all before it,
        // and a sea that no other reaches is the farthest of all.
        let mut landmark = 0;
        if rows > 0 {
            landmark = farthest(&stretches.distances(0, |row| stretches.from(row)));
        }
        for _ in 0..LANDMARKS.min(rows) {
            let from = stretches.distances(landmark, |row| stretches.from(row));
            let to = stretches.distances(landmark, |row| stretches.to(row));
            table.extend(from.iter().zip(&to).map(|(from, to)| [*from, *to]));
            for (nearest, from) in nearest.iter_mut().zip(&from) {
                *nearest = (*nearest).min(*from);
            }
            landmark = farthest(&nearest);
        }
        let last = season(month).last().unwrap_or(month);
        Self { until_s: (month.days_until(last) * SECONDS_A_DAY) as u32, table, rows }
    }

    /// For a search from some rows of water to others.
    pub(crate) fn outlook(&self, starts: &[u32], goals: &[u32]) -> Outlook<'_> {
        let landmark = |times: &'_ [[u32; 2]]| {
            let of = |side: usize| goals.iter().map(move |goal| times[*goal as usize][side]);
            (of(0).min().unwrap_or(FAR), of(1).max().unwrap_or(FAR))
        };
        let mut active: Vec<Landmark<'_>> = self
            .table
            .chunks_exact(self.rows.max(1))
            .map(|times| {
                let (to_goal, from_goal) = landmark(times);
                Landmark { times, to_goal, from_goal }
            })
            .collect();
        let seen = |landmark: &Landmark<'_>| starts.iter().map(|row| landmark.left(*row)).max();
        active.sort_by_key(|landmark| std::cmp::Reverse(seen(landmark)));
        active.truncate(ACTIVE);
        Outlook { until_s: self.until_s, active }
    }
}

impl Outlook<'_> {
    /// Never more than the seconds that are left from a row of water to an end before the survey's.
    pub(crate) fn at_least(&self, row: u32) -> u32 {
        self.active.iter().map(|landmark| landmark.left(row)).max().unwrap_or(0)
    }
}

impl Landmark<'_> {
    /// By the triangle of a row, a landmark and the goals; 0 where one of them is out of reach.
    fn left(&self, row: u32) -> u32 {
        let [from, to] = self.times[row as usize];
        let Self { to_goal, from_goal, .. } = *self;
        let ahead = if from == FAR || to_goal == FAR { 0 } else { to_goal.saturating_sub(from) };
        let behind = if to == FAR || from_goal == FAR { 0 } else { to.saturating_sub(from_goal) };
        ahead.max(behind)
    }
}

fn farthest(seconds: &[u32]) -> u32 {
    let of = |row: &usize| seconds[*row];
    (0..seconds.len()).max_by_key(of).map_or(0, |row| row as u32)
}
