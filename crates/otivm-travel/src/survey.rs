//! Lower bounds of the time that is left, by landmarks (ALT: Goldberg and Harrelson, SODA 2005).
//!
//! A way that begins in the middle of a month, as all do, and is over some months later takes no less than in
//! the best of these months on every stretch. In that graph the distances to and from a few landmarks are worked
//! out once; the triangle inequality then says, without a search, how long is left at least. What lies beyond those
//! months is left out: there is left what the landmarks say, or more than until their end. A bound is never more
//! than the time that is left, so a search with it has the same answer.

use crate::{
    Chart, Gait, Mode, Month, ShipType,
    chart::{DRY, EDGES, Edge, OPEN},
    pace::{SECONDS_A_DAY, seconds_of},
    queue::Queue,
    ways::{DAY_S, Traveller},
};
use std::sync::OnceLock;

/// As many as fit a line of the processor's cache, which is what a search waits for; more make it hardly shorter.
const LANDMARKS: usize = 16;
/// An island or a lake of fewer than one in so many nodes has no landmark: it is soon searched through.
const PART_SHARE: usize = 50;
/// Times are told in units of so many seconds, rounded down: two bytes hold a year.
const UNIT_S: u32 = 512;
/// What a bound is less than the units say: one for the rounding down, one for the seconds that steps are rounded to.
const PLAY: u16 = 2;
/// The month in which a way begins, and those whose winds it may meet after: most voyages end within them, and
/// each one more makes the bounds weaker.
const SEASON: usize = 4;
const FAR: u32 = u32::MAX;

/// How long it takes from every landmark and to it, units, in the best month of every stretch; the most that can
/// be told also where it is longer, or no ship gets.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Times {
    from: [u16; LANDMARKS],
    to: [u16; LANDMARKS],
}

pub(crate) struct Survey {
    /// From the middle of the first month to that of the last; a road has no end.
    until_s: u32,
    /// Of each node, or of each of water where a way is by sea alone.
    times: Vec<Times>,
}

/// What a survey says of one search's goals.
pub(crate) struct Outlook<'a> {
    pub(crate) until_s: u32,
    times: &'a [Times],
    /// Less than from any landmark to a goal, and more than from any goal to a landmark.
    goals: Times,
}

/// One for every mode, ship, gait and month that makes a difference.
pub(crate) struct Surveys(Box<[OnceLock<Survey>]>);

impl Default for Surveys {
    fn default() -> Self {
        let kinds = Mode::ALL.len() * ShipType::ALL.len() * Gait::ALL.len() * 12;
        Self((0..kinds).map(|_| OnceLock::new()).collect())
    }
}

impl Surveys {
    fn of(&self, traveller: &Traveller<'_>) -> Option<&OnceLock<Survey>> {
        let mode = traveller.mode;
        let (mut ship, mut gait) = (traveller.ship as usize, traveller.gait as usize);
        let mut month = traveller.month.index();
        if !mode.by_land() {
            gait = 0;
        }
        if mode == Mode::Road {
            (ship, month) = (0, 0);
        }
        let by_ship = (mode as usize * ShipType::ALL.len() + ship) * Gait::ALL.len();
        self.0.get((by_ship + gait) * 12 + month)
    }

    pub(crate) fn known(&self, traveller: &Traveller<'_>) -> Option<&Survey> {
        self.of(traveller)?.get()
    }
}

impl Chart {
    /// Works out once what makes every later search for such ways quick: some seconds. What a search answers
    /// does not depend on it.
    pub fn survey(&self, mode: Mode, ship: ShipType, gait: Gait, month: Month) {
        let traveller = Traveller::new(self, mode, ship, gait, month);
        if let Some(place) = self.surveys.of(&traveller) {
            place.get_or_init(|| Survey::of(&traveller));
        }
    }
}

fn season(month: Month) -> impl Iterator<Item = Month> {
    Month::all().chain(Month::all()).skip(month.index()).take(SEASON)
}

/// Stretches between nodes, the cheapest month's and side's seconds as a traveller counts them.
struct Stretches {
    /// `EDGES` a node; `FAR` where there is none.
    out: Vec<(u32, u32)>,
    /// The same the other way round: where each node's stretches come from, and where each node's begin.
    into: Vec<(u32, u32)>,
    first_into: Vec<u32>,
    nodes: usize,
}

impl Stretches {
    fn of(traveller: &Traveller<'_>) -> Self {
        let chart = traveller.chart;
        let at_sea = matches!(traveller.mode, Mode::Sea | Mode::Coast);
        let nodes = if at_sea { chart.waters as usize } else { chart.len() };
        let mut out = Vec::with_capacity(nodes * EDGES);
        let best = Best::of(traveller);
        for node in 0..nodes as u32 {
            let edges = chart.edges_of(node).iter().enumerate();
            out.extend(edges.map(|(slot, edge)| {
                let seconds = best.seconds(node, slot, *edge);
                seconds.map_or((FAR, FAR), |seconds| (edge.to, seconds as u32))
            }));
        }
        let mut first_into = vec![0_u32; nodes + 1];
        for (to, _) in out.iter().filter(|(to, _)| *to != FAR) {
            first_into[*to as usize + 1] += 1;
        }
        for node in 0..nodes {
            first_into[node + 1] += first_into[node];
        }
        let mut next = first_into.clone();
        let mut into = vec![(FAR, FAR); first_into[nodes] as usize];
        for (index, (to, seconds)) in out.iter().enumerate().filter(|(_, (to, _))| *to != FAR) {
            let place = &mut next[*to as usize];
            into[*place as usize] = ((index / EDGES) as u32, *seconds);
            *place += 1;
        }
        Self { out, into, first_into, nodes }
    }

    fn from(&self, node: u32) -> &[(u32, u32)] {
        &self.out[node as usize * EDGES..][..EDGES]
    }

    fn to(&self, node: u32) -> &[(u32, u32)] {
        let ends = (self.first_into[node as usize], self.first_into[node as usize + 1]);
        &self.into[ends.0 as usize..ends.1 as usize]
    }

    /// Seconds from a node to all others, or from all others to it (Dijkstra).
    fn distances<'a>(&'a self, begin: u32, next: impl Fn(u32) -> &'a [(u32, u32)]) -> Vec<u32> {
        let mut seconds = vec![FAR; self.nodes];
        let mut queue = Queue::default();
        seconds[begin as usize] = 0;
        queue.push(0, begin);
        while let Some((key, node)) = queue.pop() {
            if key > seconds[node as usize] {
                continue;
            }
            for &(to, step) in next(node).iter().filter(|(to, _)| *to != FAR) {
                let reached = key.saturating_add(step);
                if reached < seconds[to as usize] {
                    seconds[to as usize] = reached;
                    queue.push(reached, to);
                }
            }
        }
        seconds
    }

    /// Whether a node lies in a part of the graph that is worth a landmark.
    fn in_large_parts(&self) -> Vec<bool> {
        let joined = self.out.chunks(EDGES).filter(|edges| edges.iter().any(|(to, _)| *to != FAR));
        let least = joined.count() / PART_SHARE;
        let mut large = vec![false; self.nodes];
        let mut seen = vec![false; self.nodes];
        for first in 0..self.nodes as u32 {
            if std::mem::replace(&mut seen[first as usize], true) {
                continue;
            }
            let mut part = vec![first];
            let mut done = 0;
            while let Some(&node) = part.get(done) {
                done += 1;
                let next = self.from(node).iter().map(|(to, _)| *to).filter(|to| *to != FAR);
                part.extend(next.filter(|to| !std::mem::replace(&mut seen[*to as usize], true)));
            }
            if part.len() > least {
                for node in part {
                    large[node as usize] = true;
                }
            }
        }
        large
    }
}

/// The least time of every stretch in the months of a season.
struct Best<'a> {
    traveller: &'a Traveller<'a>,
    season: Vec<Month>,
    /// Where one may sail.
    paces: Vec<&'a [u16]>,
}

impl<'a> Best<'a> {
    fn of(traveller: &'a Traveller<'a>) -> Self {
        let season: Vec<Month> = season(traveller.month).collect();
        let sails = season.iter().filter(|_| traveller.mode.by_sea());
        let paces = sails.map(|month| traveller.chart.month_pace(traveller.ship, *month)).collect();
        Self { traveller, season, paces }
    }

    fn seconds(&self, node: u32, slot: usize, edge: Edge) -> Option<f32> {
        let Self { traveller, season, paces } = self;
        let mode = traveller.mode;
        let sailed = edge.has(OPEN).then(|| {
            let paces = paces.iter().map(|pace| pace[node as usize * EDGES + slot]);
            paces.min().map(|least| seconds_of(least) * traveller.weight(edge.to))
        });
        let by_boat = season
            .iter()
            .filter_map(|month| traveller.boat_step(node, edge, *month))
            .map(|(days, weight)| days * DAY_S * weight)
            .reduce(f32::min)
            .filter(|_| mode.by_river());
        let walks = mode.by_land() && edge.has(DRY);
        let walked = walks.then(|| traveller.land_days(node, slot) * DAY_S);
        [sailed.flatten(), by_boat, walked].into_iter().flatten().reduce(f32::min)
    }
}

impl Survey {
    fn of(traveller: &Traveller<'_>) -> Self {
        let stretches = Stretches::of(traveller);
        let large = stretches.in_large_parts();
        let mut times = vec![Times::UNKNOWN; stretches.nodes];
        let mut nearest = vec![FAR; stretches.nodes];
        // The first is any; each next one is the farthest from all before it, and one in a part that no other
        // reaches is the farthest of all.
        for index in 0..LANDMARKS {
            let Some(landmark) = farthest(&nearest, &large) else { break };
            let from = stretches.distances(landmark, |node| stretches.from(node));
            let to = stretches.distances(landmark, |node| stretches.to(node));
            for (node, times) in times.iter_mut().enumerate() {
                times.from[index] = units(from[node]);
                times.to[index] = units(to[node]);
                nearest[node] = nearest[node].min(from[node]);
            }
        }
        let (begin, end) = (traveller.month, season(traveller.month).last());
        // A road is as long in every month.
        let season_s = end.filter(|_| traveller.mode != Mode::Road);
        let season_s = season_s.map(|end| (begin.days_until(end) * SECONDS_A_DAY) as u32);
        Self { until_s: season_s.unwrap_or(u32::MAX), times }
    }

    /// For a search for some nodes.
    pub(crate) fn outlook(&self, goals: impl Iterator<Item = u32>) -> Outlook<'_> {
        let mut bounds = Times { from: [u16::MAX; LANDMARKS], to: [0; LANDMARKS] };
        for goal in goals {
            let times = self.times[goal as usize];
            for (bound, from) in bounds.from.iter_mut().zip(times.from) {
                *bound = (*bound).min(from.saturating_sub(PLAY));
            }
            for (bound, to) in bounds.to.iter_mut().zip(times.to) {
                *bound = (*bound).max(to.saturating_add(PLAY));
            }
        }
        Outlook { until_s: self.until_s, times: &self.times, goals: bounds }
    }
}

impl Times {
    const UNKNOWN: Self = Self { from: [u16::MAX; LANDMARKS], to: [u16::MAX; LANDMARKS] };
}

impl Outlook<'_> {
    /// Never more than the seconds that are left from a node to an end before the survey's, by the
    /// triangle of the node, a landmark and the goals.
    pub(crate) fn at_least(&self, node: u32) -> u32 {
        let (here, goals) = (&self.times[node as usize], &self.goals);
        let mut most = 0;
        for index in 0..LANDMARKS {
            let ahead = goals.from[index].saturating_sub(here.from[index]);
            let behind = here.to[index].saturating_sub(goals.to[index]);
            most = most.max(ahead).max(behind);
        }
        u32::from(most) * UNIT_S
    }
}

fn units(seconds: u32) -> u16 {
    u16::try_from(seconds / UNIT_S).unwrap_or(u16::MAX)
}

fn farthest(seconds: &[u32], among: &[bool]) -> Option<u32> {
    let nodes = (0..seconds.len()).filter(|node| among[*node]);
    nodes.max_by_key(|node| seconds[*node]).map(|node| node as u32)
}
