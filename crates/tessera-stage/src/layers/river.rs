//! Rivers: lines traced through the zones they touch, each zone given to its most important river.
//!
//! A line says where a river runs, not which way: the direction is argued from its mouth, from the area
//! drained and from the height of its ends, and that of an arm from its river's. Water never runs in a circle: where two lines would make it,
//! the loop is cut at its lowest zone and that is noted.

use super::{river_direction, river_fall, river_flow, river_name, river_network, river_order};
use crate::dense::Dense;
use crate::scan::KM_PER_DEGREE;
use crate::sparse::Sparse;
use crate::staged::RiverLine;
use geo_types::{Coord, LineString};
use std::collections::{BTreeMap, HashMap};
use tessera_grid::{Position, Resolution, Zone};
use tessera_world::{Climate, ProvenanceId, River, Surface, SurfaceKind, Terrain};

pub const METHOD: &str = "River lines traced through the zones they touch, and where there is none the drainage network's \
     links from 1,000 km2 on that do not begin in a desert; the area drained is the \
     largest of the drainage network's links in the zone, never less than upstream; navigable, where lines are drawn, from \
     10,000 km2 on (unknown: from rank 5 on) where the falling profile nearest to the heights falls less than \
     a metre in a kilometre; Strahler's order of the drainage network's links, else counted along the traced \
     rivers; Latin names of the ancient atlas's lines beside them.";

/// A river that drains less carries no cargo boat for most of the year.
const NAVIGABLE_FROM_KM2: u32 = 10_000;
/// Natural Earth's rank of the rivers one may take for navigable where no size is known (the Nile is 1).
const NAVIGABLE_TO_RANK: u8 = 5;
/// Natural Earth's least important rank.
const RANK_LAST: u8 = 12;
/// Links that drain less are brooks; the drainage network has 400,000 of them.
pub const LINK_LEAST_KM2: f64 = 100.0;
/// Steps along a line, in parts of a zone's spacing: short enough not to jump a zone but at its very corner.
const STEPS_PER_ZONE: f64 = 24.0;

/// A line with the attributes a river needs.
#[derive(Clone, Debug, PartialEq)]
pub struct RiverRecord {
    /// As the file counts, 1 is the first.
    pub row: u64,
    pub name: String,
    pub rank: Option<f64>,
    pub class: String,
    pub line: LineString,
}

/// Where a link of the drainage network lies and what it drains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrainageLink {
    pub row: u64,
    pub from: Coord,
    pub to: Coord,
    pub upstream_km2: f64,
}

/// The parts of the staged world that rivers are argued from.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    pub zones: &'a [Zone],
    pub resolution: Resolution,
    pub surface: &'a Dense<Surface>,
    pub terrain: &'a Dense<Terrain>,
    pub climate: &'a Dense<Climate>,
}

#[derive(Debug, Default)]
pub struct Rivers {
    pub facts: Sparse<River>,
    /// Those of the records, in their order, and then those of the drainage network.
    pub lines: Vec<RiverLine>,
    /// The dataset that gave each line its Latin name.
    pub named_by: Vec<Option<String>>,
    /// Which line the fact of each zone is of: the zone's index and the line's, in the order of the facts.
    pub traced: Vec<(usize, usize)>,
    /// Zones where a loop was cut.
    pub loops_cut: Vec<Zone>,
    /// Records whose name had lost its letters, by their index.
    pub names_lost: Vec<usize>,
    /// Lines that were drawn against the water, by their index.
    pub turned: Vec<usize>,
}

/// Whose facts these are: a map's that draws the line alone, or the drainage network's that knows its size.
#[derive(Clone, Copy)]
pub struct Provenances<'a> {
    /// Of each record.
    pub drawn: &'a [ProvenanceId],
    pub sized: ProvenanceId,
}

/// One line in the order its water runs, as indices of zones.
struct Course {
    rank: u8,
    latin: Option<String>,
    name: Option<String>,
    zones: Vec<usize>,
    upstream_km2: Vec<Option<u32>>,
    /// Where a boat can go against the stream.
    gentle: Vec<bool>,
    /// The line it was traced from.
    drawn: usize,
    /// A map of lines draws it. What only the network has carries small boats, and no freight for hire.
    charted: bool,
}

pub fn stage(
    ground: Ground<'_>,
    records: &[RiverRecord],
    links: &[DrainageLink],
    named: &[river_name::Named],
    provenances: Provenances<'_>,
) -> Rivers {
    let charted = records.len();
    let lacking = river_network::lacking(links, records, |at| desert(ground, at));
    let records = &[records, &lacking].concat();
    let named = named_as(records, named);
    let drained = drained_by_zone(ground, links);
    let lost = (0..records.len()).filter(|&index| has_lost_letters(&records[index]));
    let names_lost = lost.collect();
    let named_by = named.iter().map(|river| river.map(|river| river.by.clone())).collect();
    let mut rivers = Rivers { named_by, names_lost, ..Rivers::default() };
    let mut courses = Vec::new();
    let traces: Vec<Vec<usize>> =
        records.iter().map(|record| trace(ground, &record.line)).collect();
    let best_rank = best_rank_nearby(ground, records, &traces);
    // Beside a greater river the network's largest link is that river's, not this one's.
    let area = |rank: u8| {
        let (best_rank, drained) = (&best_rank, &drained);
        move |zone: &usize| {
            let own = best_rank.get(zone).is_none_or(|&best| best >= rank);
            drained.get(zone).copied().filter(|_| own)
        }
    };
    let turned = river_direction::turned(ground, records, &traces, area);
    for (((record, mut zones), named), turned) in records.iter().zip(traces).zip(named).zip(turned)
    {
        let (name, latin) = (name(record), named.map(|river| river.latin.clone()));
        let rank = rank(record);
        let mut line = record.line.clone();
        if turned {
            zones.reverse();
            line.0.reverse();
            rivers.turned.push(rivers.lines.len());
        }
        let upstream_km2 = growing(area(rank), &zones);
        if !zones.is_empty() {
            let drawn = rivers.lines.len();
            let (name, latin) = (name.clone(), latin.clone());
            let gentle = gentle(ground, &zones);
            let charted = drawn < charted;
            courses.push(Course { rank, latin, name, zones, upstream_km2, gentle, drawn, charted });
        }
        rivers.lines.push(RiverLine {
            latin,
            modern: name,
            scalerank: rank,
            upstream_km2: None,
            line,
        });
    }
    forget_cut_sizes(ground, links, &mut courses);
    size(&mut rivers.lines, &courses);
    let owners = owners(&courses);
    rivers.traced =
        owners.iter().map(|(&zone, &(course, _))| (zone, courses[course].drawn)).collect();
    let mut facts = facts(ground, &courses, &owners, provenances);
    rivers.loops_cut = river_flow::cut_loops(ground, &mut facts);
    let network = network_orders(ground, links);
    river_flow::order(ground, &mut facts, |zone, river| {
        // A river without a size lies beyond the network, whatever brooks it meets.
        network.get(&zone).copied().filter(|_| river.upstream_km2.is_some())
    });
    rivers.facts = Sparse::from_unsorted(facts.into_iter().collect());
    rivers
}

/// A line is as large as the largest zone along it.
fn size(lines: &mut [RiverLine], courses: &[Course]) {
    for course in courses {
        lines[course.drawn].upstream_km2 = course.upstream_km2.iter().flatten().max().copied();
    }
}

fn named_as<'a>(
    records: &[RiverRecord],
    named: &'a [river_name::Named],
) -> Vec<Option<&'a river_name::Named>> {
    let lines = records.iter().map(|record| (Some(record.name.as_str()), &record.line));
    river_name::named_as(&lines.collect::<Vec<_>>(), named)
}

fn has_lost_letters(record: &RiverRecord) -> bool {
    record.name.contains('?')
}

fn name(record: &RiverRecord) -> Option<String> {
    let is_whole = !record.name.is_empty() && !has_lost_letters(record);
    is_whole.then(|| record.name.clone())
}

fn index_of(ground: Ground<'_>, coord: Coord) -> Option<usize> {
    let position = Position::new(coord.y, coord.x).ok()?;
    ground.zones.binary_search(&Zone::at(position, ground.resolution)).ok()
}

fn desert(ground: Ground<'_>, at: Coord) -> bool {
    let climate = index_of(ground, at).and_then(|index| ground.climate.get(index));
    climate.is_some_and(|climate| climate.koppen.as_str().starts_with("BW"))
}

fn drained_by_zone(ground: Ground<'_>, links: &[DrainageLink]) -> HashMap<usize, u32> {
    let mut drained: HashMap<usize, u32> = HashMap::new();
    for link in links {
        let middle = (link.from + link.to) / 2.0;
        if let Some(index) = index_of(ground, middle) {
            let largest = drained.entry(index).or_default();
            *largest = (*largest).max(link.upstream_km2.round().clamp(0.0, 1e9) as u32);
        }
    }
    drained
}

/// Strahler's order of the largest link in each zone.
fn network_orders(ground: Ground<'_>, links: &[DrainageLink]) -> HashMap<usize, u8> {
    let mut largest: HashMap<usize, (f64, u8)> = HashMap::new();
    for (link, order) in links.iter().zip(river_order::orders(links)) {
        let (Some(order), Some(index)) = (order, index_of(ground, (link.from + link.to) / 2.0))
        else {
            continue;
        };
        let entry = largest.entry(index).or_insert((link.upstream_km2, order));
        if link.upstream_km2 > entry.0 {
            *entry = (link.upstream_km2, order);
        }
    }
    largest.into_iter().map(|(zone, (_, order))| (zone, order)).collect()
}

/// The zones a line touches, in its order, each once in a row; what lies outside the world is left out.
fn trace(ground: Ground<'_>, line: &LineString) -> Vec<usize> {
    let step = ground.resolution.spacing_km() / KM_PER_DEGREE / STEPS_PER_ZONE;
    let mut zones: Vec<usize> = Vec::new();
    for segment in line.lines() {
        let delta = segment.delta();
        let length = (delta.x * segment.start.y.to_radians().cos()).hypot(delta.y);
        let steps = (length / step).ceil().max(1.0);
        for part in 0..=steps as u64 {
            let share = part as f64 / steps;
            if let Some(index) = index_of(ground, segment.start + delta * share)
                && zones.last() != Some(&index)
            {
                zones.push(index);
            }
        }
    }
    without_returns(&zones)
}

/// A meander that leaves a zone and comes back is one stay in it.
fn without_returns(zones: &[usize]) -> Vec<usize> {
    let mut last_seen: HashMap<usize, usize> = HashMap::new();
    for (at, &zone) in zones.iter().enumerate() {
        last_seen.insert(zone, at);
    }
    let mut kept = Vec::new();
    let mut at = 0;
    while at < zones.len() {
        kept.push(zones[at]);
        at = last_seen[&zones[at]] + 1;
    }
    kept
}

/// What each zone drains: never less than the zone before it.
fn growing(area: impl Fn(&usize) -> Option<u32>, zones: &[usize]) -> Vec<Option<u32>> {
    let mut so_far = None;
    zones
        .iter()
        .map(|zone| {
            so_far = so_far.max(area(zone));
            so_far
        })
        .collect()
}

/// Where the drainage network ends, degrees: a river that comes from beyond it has no known size.
struct Reach {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Reach {
    /// How near to the network's edge a line may begin, degrees: two of its 5 km links.
    const SLACK: f64 = 0.1;

    fn of(links: &[DrainageLink]) -> Self {
        let mut reach = Self {
            west: f64::INFINITY,
            south: f64::INFINITY,
            east: f64::NEG_INFINITY,
            north: f64::NEG_INFINITY,
        };
        for at in links.iter().flat_map(|link| [link.from, link.to]) {
            reach.west = reach.west.min(at.x);
            reach.south = reach.south.min(at.y);
            reach.east = reach.east.max(at.x);
            reach.north = reach.north.max(at.y);
        }
        reach
    }

    fn holds(&self, position: Position) -> bool {
        (self.west + Self::SLACK..=self.east - Self::SLACK).contains(&position.longitude())
            && (self.south + Self::SLACK..=self.north - Self::SLACK).contains(&position.latitude())
    }
}

/// Takes the sizes from rivers that come from beyond the network, and from those that go on from them.
fn forget_cut_sizes(ground: Ground<'_>, links: &[DrainageLink], courses: &mut [Course]) {
    let reach = Reach::of(links);
    let mut pending: Vec<usize> = (0..courses.len())
        .filter(|&course| {
            courses[course].zones.iter().any(|&zone| !reach.holds(ground.zones[zone].centre()))
        })
        .collect();
    let mut beginnings: HashMap<usize, Vec<usize>> = HashMap::new();
    for (number, course) in courses.iter().enumerate() {
        beginnings.entry(course.zones[0]).or_default().push(number);
    }
    let mut cut = vec![false; courses.len()];
    while let Some(number) = pending.pop() {
        if std::mem::replace(&mut cut[number], true) {
            continue;
        }
        courses[number].upstream_km2.fill(None);
        let last = *courses[number].zones.last().unwrap_or(&courses[number].zones[0]);
        for near in ground.zones[last].disk(1) {
            if let Ok(index) = ground.zones.binary_search(&near) {
                pending.extend(beginnings.get(&index).into_iter().flatten());
            }
        }
    }
}

pub(super) fn rank(record: &RiverRecord) -> u8 {
    record.rank.unwrap_or(f64::from(RANK_LAST)).clamp(0.0, f64::from(RANK_LAST)) as u8
}

/// The most important river in each zone or beside it; lower is more important.
fn best_rank_nearby(
    ground: Ground<'_>,
    records: &[RiverRecord],
    traces: &[Vec<usize>],
) -> HashMap<usize, u8> {
    let mut best: HashMap<usize, u8> = HashMap::new();
    for (record, zones) in records.iter().zip(traces) {
        for &zone in zones {
            for near in ground.zones[zone].disk(1) {
                if let Ok(index) = ground.zones.binary_search(&near) {
                    let entry = best.entry(index).or_insert(RANK_LAST);
                    *entry = (*entry).min(rank(record));
                }
            }
        }
    }
    best
}

/// The course that a zone belongs to, and its place in it.
type Owners = BTreeMap<usize, (usize, usize)>;

fn owners(courses: &[Course]) -> Owners {
    let mut owners = Owners::new();
    let weight = |&(course, at): &(usize, usize)| {
        let course = &courses[course];
        (std::cmp::Reverse(course.rank), course.upstream_km2[at])
    };
    for (number, course) in courses.iter().enumerate() {
        for (at, &zone) in course.zones.iter().enumerate() {
            let claim = (number, at);
            let owner = owners.entry(zone).or_insert(claim);
            if weight(&claim) > weight(owner) {
                *owner = claim;
            }
        }
    }
    owners
}

fn facts(
    ground: Ground<'_>,
    courses: &[Course],
    owners: &Owners,
    provenances: Provenances<'_>,
) -> BTreeMap<usize, River> {
    let fact = |(&zone, &(number, at)): (&usize, &(usize, usize))| {
        let course = &courses[number];
        let downstream = match course.zones.get(at + 1) {
            Some(&next) => adjacent(ground, zone, next),
            None => confluence(ground, courses, owners, zone, number),
        };
        let river = River {
            latin: course.latin.clone(),
            modern: course.name.clone(),
            upstream_km2: course.upstream_km2[at],
            strahler: None,
            navigable: navigable(course, at),
            downstream,
            provenance: match (course.upstream_km2[at], provenances.drawn.get(course.drawn)) {
                (None, Some(&map)) => map,
                _ => provenances.sized,
            },
        };
        (zone, river)
    };
    owners.iter().map(fact).collect()
}

fn adjacent(ground: Ground<'_>, zone: usize, next: usize) -> Option<Zone> {
    let next = ground.zones[next];
    ground.zones[zone].neighbours().any(|neighbour| neighbour == next).then_some(next)
}

/// Where a river goes whose line ends inland: into a neighbour zone of a river at least as important.
fn confluence(
    ground: Ground<'_>,
    courses: &[Course],
    owners: &Owners,
    zone: usize,
    number: usize,
) -> Option<Zone> {
    if ground.surface.get(zone).is_some_and(|surface| surface.kind != SurfaceKind::Land) {
        return None;
    }
    let own = courses[number].rank;
    ground.zones[zone]
        .neighbours()
        .filter_map(|neighbour| {
            let index = ground.zones.binary_search(&neighbour).ok()?;
            let &(other, at) = owners.get(&index)?;
            let rank = courses[other].rank;
            // Of equals only a line that begins here goes on from this one: two ends would feed each other.
            (other != number && (rank < own || (rank == own && at == 0)))
                .then_some(((std::cmp::Reverse(rank), courses[other].upstream_km2[at]), neighbour))
        })
        .max()
        .map(|(_, neighbour)| neighbour)
}

fn navigable(course: &Course, at: usize) -> bool {
    let large = match course.upstream_km2[at] {
        Some(area) => area >= NAVIGABLE_FROM_KM2,
        None => course.rank <= NAVIGABLE_TO_RANK,
    };
    course.charted && large && course.gentle[at]
}

/// By the lowest heights of the zones; where one is unknown the one above it holds.
fn gentle(ground: Ground<'_>, zones: &[usize]) -> Vec<bool> {
    let mut above = None;
    let heights: Vec<f64> = zones
        .iter()
        .map(|&zone| {
            // A zone at the mouth holds sea floor too; the river does not fall to that.
            let low =
                ground.terrain.get(zone).map(|terrain| f64::from(terrain.elevation_min_m.max(0)));
            above = low.or(above);
            above.unwrap_or(0.0)
        })
        .collect();
    river_fall::gentle(&heights, ground.resolution.spacing_km())
}
