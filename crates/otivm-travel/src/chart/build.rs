//! From cells to flat arrays.

use super::{Chart, DOWN, DRY, EDGES, Edge, NOWHERE, OPEN, RINGS_MAX, SLACK, UP, rivers::Rivers};
use crate::{
    barrier::Barrier,
    sphere::{Frame, arc_km, unit_vector},
    survey::Surveys,
};
use std::{collections::VecDeque, sync::OnceLock};
use tessera_grid::Zone;
use tessera_world::{Cell, FlowVector, River, SurfaceKind, Wind};

const SIDES: usize = 6;

/// A chart of which the zones come one by one: of each only what is charted is kept.
pub struct Draft {
    chart: Chart,
    /// The zones that rivers go to.
    mouths: Vec<Option<Zone>>,
    /// Where any are known.
    currents: Vec<(Zone, Flow)>,
}

/// East and north, cm/s, January first.
type Flow = [[i16; 2]; 12];

impl Default for Draft {
    fn default() -> Self {
        let chart = Chart {
            waters: 0,
            zones: Vec::new(),
            kinds: Vec::new(),
            points: Vec::new(),
            latitudes: Vec::new(),
            edges: Vec::new(),
            winds: Vec::new(),
            currents: Vec::new(),
            swiftest_m_s: 0.0,
            elevations: Vec::new(),
            slopes: Vec::new(),
            downstream: Vec::new(),
            river: Vec::new(),
            drained_km2: Vec::new(),
            desert: Vec::new(),
            courses: Vec::new(),
            rivers: Rivers::default(),
            stream: Vec::new(),
            seas: Vec::new(),
            lands: Vec::new(),
            rings: Vec::new(),
            inland: Vec::new(),
            parameters: crate::Parameters::default(),
            has_roads: false,
            speeds: Default::default(),
            paces: Default::default(),
            level_km: OnceLock::new(),
            surveys: Surveys::default(),
        };
        Self { chart, mouths: Vec::new(), currents: Vec::new() }
    }
}

impl Draft {
    /// In any order; of a zone that comes twice the first is taken.
    pub fn add(&mut self, cell: &Cell) {
        self.mouths.push(push(&mut self.chart, cell));
        let current = cell.current.map(|current| (cell.zone, flow(&current.months)));
        self.currents.extend(current);
    }

    pub fn chart(self) -> Chart {
        self.with_barriers(crate::barrier::BARRIERS)
    }

    pub(super) fn with_barriers(self, barriers: &[Barrier]) -> Chart {
        let Self { mut chart, mut mouths, currents } = self;
        sort(&mut chart, &mut mouths);
        set_currents(&mut chart, &currents);
        chart.downstream = mouths
            .iter()
            .map(|mouth| mouth.and_then(|zone| chart.node(zone)).unwrap_or(NOWHERE))
            .collect();
        chart.courses.clone_from(&chart.points);
        close_gaps(&mut chart);
        connect(&mut chart, barriers);
        chart.seas = parts(&chart, OPEN);
        chart.lands = parts(&chart, DRY);
        chart.rings = rings(&chart, |node| chart.walks(node));
        chart.inland = rings(&chart, |node| chart.floats(node));
        chart
    }
}

/// Appends what one cell says; gives the zone that its river goes to.
fn push(chart: &mut Chart, cell: &Cell) -> Option<Zone> {
    let centre = cell.zone.centre();
    chart.zones.push(cell.zone);
    // A zone of which the surface layer says nothing is no way for anyone on the water.
    chart.kinds.push(cell.surface.map_or(SurfaceKind::Land, |surface| surface.kind));
    chart.points.push(unit_vector(centre));
    chart.latitudes.push(centre.latitude() as i8);
    let months = cell.wind.map_or([FlowVector::default(); 12], |Wind { months, .. }| months);
    chart.winds.extend(flow(&months));
    let (elevation, slope) =
        cell.terrain.map_or((0, 0), |terrain| (terrain.elevation_mean_m, terrain.slope_permille));
    let elevation = elevation.clamp(i32::from(i16::MIN), i32::from(i16::MAX));
    chart.elevations.push(elevation as i16);
    chart.slopes.push(slope.min(u32::from(u16::MAX)) as u16);
    chart.river.push(cell.river.as_ref().is_some_and(|river| river.navigable));
    let drained_km2 = cell.river.as_ref().and_then(|river| river.upstream_km2);
    chart.drained_km2.push(drained_km2.unwrap_or(0));
    let class = cell.climate.map(|climate| climate.koppen.as_str());
    chart.desert.push(class.is_some_and(|class| class.starts_with(DESERTS)));
    chart.stream.push(cell.river.as_ref().is_some_and(bears_boats));
    cell.river.as_ref().and_then(|river| river.downstream)
}

fn flow(months: &[FlowVector; 12]) -> Flow {
    months.map(|vector| [vector.u_cm_s, vector.v_cm_s])
}

/// The currents of nodes of water; of a zone that came twice the first.
fn set_currents(chart: &mut Chart, currents: &[(Zone, Flow)]) {
    if currents.is_empty() {
        return;
    }
    chart.currents = vec![[0; 2]; chart.waters as usize * 12];
    for (zone, months) in currents.iter().rev() {
        if let Some(node) = chart.node(*zone).filter(|node| chart.floats(*node)) {
            chart.currents[node as usize * 12..][..12].copy_from_slice(months);
        }
    }
    let speeds = chart.currents.iter().map(|[u, v]| f32::from(*u).hypot(f32::from(*v)) / 100.0);
    chart.swiftest_m_s = speeds.fold(0.0, f32::max);
}

/// Köppen's classes of deserts, hot and cold.
const DESERTS: &str = "BW";

/// Drains enough for a small boat: the Witham, which carried trade to Lindum, has some 1,300 there.
const BOATS_FROM_KM2: u32 = 1_000;

fn bears_boats(river: &River) -> bool {
    river.navigable || river.upstream_km2.is_none_or(|area| area >= BOATS_FROM_KM2)
}

/// By zone, the water first.
fn sort(chart: &mut Chart, mouths: &mut Vec<Option<Zone>>) {
    let dry = |node: usize| chart.kinds[node] == SurfaceKind::Land;
    let mut order: Vec<usize> = (0..chart.zones.len()).collect();
    order.sort_by_key(|&node| chart.zones[node]);
    order.dedup_by_key(|node| chart.zones[*node]);
    order.sort_by_key(|&node| dry(node));
    chart.waters = order.partition_point(|&node| !dry(node)) as u32;
    let winds = order.iter().flat_map(|&node| &chart.winds[node * 12..node * 12 + 12]).copied();
    chart.winds = winds.collect();
    chart.zones = permuted(&chart.zones, &order);
    chart.kinds = permuted(&chart.kinds, &order);
    chart.points = permuted(&chart.points, &order);
    chart.latitudes = permuted(&chart.latitudes, &order);
    chart.elevations = permuted(&chart.elevations, &order);
    chart.slopes = permuted(&chart.slopes, &order);
    chart.river = permuted(&chart.river, &order);
    chart.drained_km2 = permuted(&chart.drained_km2, &order);
    chart.desert = permuted(&chart.desert, &order);
    chart.stream = permuted(&chart.stream, &order);
    *mouths = permuted(mouths, &order);
}

fn permuted<T: Copy>(values: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&node| values[node]).collect()
}

fn connect(chart: &mut Chart, barriers: &[Barrier]) {
    let sides = sides(chart);
    let mut edges = Vec::with_capacity(chart.len() * EDGES);
    let walls: Vec<_> = barriers.iter().filter_map(Barrier::wall).collect();
    for node in 0..chart.len() as u32 {
        let near = chart.points[node as usize];
        let frame = Frame::at(near);
        for (slot, to) in ways(&sides, node).into_iter().enumerate() {
            if to == NOWHERE {
                edges.push(Edge::NONE);
                continue;
            }
            let far = chart.points[to as usize];
            let length_dam = (arc_km(near, far) * 100.0).round().min(f32::from(u16::MAX)) as u16;
            let sealed = walls.iter().any(|wall| wall.crosses(near, far));
            let beside = slot < SIDES;
            let mut ways = if beside { stream(chart, node, to) } else { 0 };
            let floats = |node: u32| chart.floats(node);
            if !sealed && joins(&sides, (node, to), beside, floats) {
                ways |= OPEN;
            }
            if joins(&sides, (node, to), beside, |node| chart.walks(node)) {
                ways |= DRY;
            }
            edges.push(Edge { to, length_dam, bearing: frame.bearing(far), ways });
        }
    }
    chart.edges = edges;
}

/// Zones of a river without boats between zones with boats.
const GAP_MAX: usize = 3;

/// A short gap in a navigable river is a gap in its source, not in the river.
fn close_gaps(chart: &mut Chart) {
    let mut gaps = Vec::new();
    for node in 0..chart.len() {
        if !chart.river[node] {
            continue;
        }
        let next =
            |node: usize| Some(chart.downstream[node] as usize).filter(|to| *to < chart.len());
        let below = std::iter::successors(next(node), |node| next(*node)).take(GAP_MAX + 1);
        let below: Vec<usize> = below.collect();
        let gap = below.iter().position(|node| chart.river[*node]).unwrap_or(0);
        gaps.extend_from_slice(&below[..gap]);
    }
    for node in gaps {
        chart.stream[node] = true;
        chart.river[node] = true;
    }
}

/// Up to six neighbours of every node.
fn sides(chart: &Chart) -> Vec<[u32; SIDES]> {
    let neighbours = |zone: &Zone| {
        let mut sides = [NOWHERE; SIDES];
        let mut known: Vec<u32> = zone.neighbours().filter_map(|near| chart.node(near)).collect();
        known.sort_unstable();
        for (side, node) in sides.iter_mut().zip(known) {
            *side = node;
        }
        sides
    };
    chart.zones.iter().map(neighbours).collect()
}

/// The neighbours and then the diagonals: zones that touch exactly two neighbours.
fn ways(sides: &[[u32; SIDES]], node: u32) -> [u32; EDGES] {
    let near = sides[node as usize];
    let mut ways = [NOWHERE; EDGES];
    ways[..SIDES].copy_from_slice(&near);
    let mut beyond: Vec<u32> = near
        .iter()
        .filter(|&&side| side != NOWHERE)
        .flat_map(|&side| sides[side as usize])
        .filter(|&far| far != NOWHERE && far != node && !near.contains(&far))
        .collect();
    beyond.sort_unstable();
    let diagonals = beyond.chunk_by(|a, b| a == b).filter(|seen| seen.len() == 2);
    for (way, seen) in ways[SIDES..].iter_mut().zip(diagonals) {
        *way = seen[0];
    }
    ways
}

/// Whether someone who may be in zones of a kind gets from one to the other. A diagonal runs between the
/// two zones that it passes: one of them must be of the kind too.
fn joins(
    sides: &[[u32; SIDES]],
    (from, to): (u32, u32),
    beside: bool,
    kind: impl Fn(u32) -> bool,
) -> bool {
    let far = sides[to as usize];
    let passes = || {
        sides[from as usize]
            .iter()
            .any(|&side| side != NOWHERE && far.contains(&side) && kind(side))
    };
    kind(from) && kind(to) && (beside || passes())
}

/// How a boat goes from a zone of a river, or of the shore at its mouth, to the next.
fn stream(chart: &Chart, from: u32, to: u32) -> u8 {
    let plies = |node: u32| chart.stream[node as usize];
    let shore = |node: u32| chart.floats(node) && chart.walks(node);
    let below = |node: u32| chart.downstream[node as usize];
    let bears = |node: u32| plies(node) || shore(node);
    if plies(from) && plies(to) && below(from) == to {
        DOWN
    } else if plies(from) && plies(to) && below(to) == from {
        UP
    } else if bears(from) && bears(to) {
        // An arm of a delta, a mouth, or a gap in what is known.
        SLACK
    } else {
        0
    }
}

/// The first node of the part that each node is in, where one gets about by edges of some ways.
fn parts(chart: &Chart, ways: u8) -> Vec<u32> {
    let mut parts = vec![NOWHERE; chart.len()];
    let mut front = Vec::new();
    for first in 0..chart.len() as u32 {
        front.push(first);
        while let Some(node) = front.pop() {
            if parts[node as usize] == NOWHERE {
                parts[node as usize] = first;
                let passable = chart.edges_of(node).iter().filter(|edge| edge.has(ways));
                front.extend(passable.map(|edge| edge.to));
            }
        }
    }
    parts
}

/// Rings to the next zone of a kind, by a flood from all of them.
fn rings(chart: &Chart, kind: impl Fn(u32) -> bool) -> Vec<u8> {
    let mut rings = vec![RINGS_MAX; chart.len()];
    let mut queue = VecDeque::new();
    for node in 0..chart.len() as u32 {
        if kind(node) {
            rings[node as usize] = 0;
            queue.push_back(node);
        }
    }
    while let Some(node) = queue.pop_front() {
        let next = rings[node as usize] + 1;
        for edge in &chart.edges_of(node)[..SIDES] {
            if edge.to != NOWHERE && rings[edge.to as usize] > next {
                rings[edge.to as usize] = next;
                queue.push_back(edge.to);
            }
        }
    }
    rings
}
