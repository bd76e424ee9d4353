//! The chart: all zones of a release as flat arrays, with their edges, winds, currents and ground.
//!
//! A zone has twelve ways out: its (up to six) neighbours, and the (up to six) zones that touch two of
//! them, so that a course is never more than 15 degrees from an edge. Nodes stand in the order of
//! their zones, so that a chart is the same whatever order the cells came in, those of water before all
//! others: what is said of the water alone lies together, and a search at sea touches nothing else.

mod build;
mod line;
mod rivers;
mod roads;

use crate::{
    Parameters, ShipType, barrier::Barrier, pace::Paces, sphere::arc_km, survey::Surveys,
    weather::Speeds,
};
pub use build::Draft;
use rivers::Rivers;
use std::{borrow::Borrow, sync::OnceLock};
use tessera_grid::{Position, Zone};
use tessera_world::{Cell, SurfaceKind};

/// Ways out of a zone: six neighbours, six diagonals.
pub(crate) const EDGES: usize = 12;
/// No zone there.
pub(crate) const NOWHERE: u32 = u32::MAX;
/// Rings from the shore are counted to here.
pub(crate) const RINGS_MAX: u8 = 40;

pub struct Chart {
    /// Nodes from 0 to here are those where a ship floats.
    pub(crate) waters: u32,
    pub(crate) zones: Vec<Zone>,
    pub(crate) kinds: Vec<SurfaceKind>,
    /// Unit vectors to the centres.
    pub(crate) points: Vec<[f32; 3]>,
    pub(crate) latitudes: Vec<i8>,
    /// `EDGES` per node.
    pub(crate) edges: Vec<Edge>,
    /// East and north, cm/s; `12` per node.
    pub(crate) winds: Vec<[i16; 2]>,
    /// Of the water's surface, as the winds but of nodes of water only; empty where none is known.
    pub(crate) currents: Vec<[i16; 2]>,
    /// Of all currents, m/s.
    pub(crate) swiftest_m_s: f32,
    pub(crate) elevations: Vec<i16>,
    pub(crate) slopes: Vec<u16>,
    /// The node that the river goes to.
    pub(crate) downstream: Vec<u32>,
    /// Whether boats ply there.
    pub(crate) river: Vec<bool>,
    /// Of the river, as far as is known; 0 where not.
    pub(crate) drained_km2: Vec<u32>,
    /// Where it hardly rains: nights are clear, and boats go on.
    pub(crate) desert: Vec<bool>,
    /// Where the river is in a zone; the zone's middle where no line was drawn.
    pub(crate) courses: Vec<[f32; 3]>,
    /// The lines of rivers, and how they join zones that touch.
    pub(crate) rivers: Rivers,
    /// Whether at least a small boat plies there.
    pub(crate) stream: Vec<bool>,
    /// The first node of the sea that a node is in, and of the land. Between seas no ship sails, between lands
    /// nobody walks.
    pub(crate) seas: Vec<u32>,
    pub(crate) lands: Vec<u32>,
    /// Rings of water between a node and the next shore; 0 at the coast.
    pub(crate) rings: Vec<u8>,
    /// Rings of land between a node and the next sea; 0 at the coast.
    pub(crate) inland: Vec<u8>,
    pub(crate) parameters: Parameters,
    /// Whether any edge has a road: then the others have none.
    pub(crate) has_roads: bool,
    /// Worked out when the first ship of a type sails.
    pub(crate) speeds: [OnceLock<Speeds>; ShipType::ALL.len()],
    /// Worked out when the first ship of a type sails in a month.
    pub(crate) paces: [Paces; ShipType::ALL.len()],
    /// Worked out when someone first walks.
    pub(crate) level_km: OnceLock<Box<[f32]>>,
    /// Worked out where someone asks for it.
    pub(crate) surveys: Surveys,
}

#[derive(Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) to: u32,
    /// Tens of metres.
    pub(crate) length_dam: u16,
    /// Course, 256ths of a circle clockwise from north.
    pub(crate) bearing: u8,
    /// Who may go along it: the bits below.
    pub(crate) ways: u8,
}

/// A ship may sail along the edge.
pub(crate) const OPEN: u8 = 1;
/// A boat goes along it with the stream, against it, or where neither is known.
pub(crate) const DOWN: u8 = 2;
pub(crate) const UP: u8 = 4;
pub(crate) const SLACK: u8 = 8;
/// A traveller may walk along it.
pub(crate) const DRY: u8 = 16;
/// There is a road along it.
pub(crate) const ROAD: u8 = 32;

impl Edge {
    pub(crate) const NONE: Self = Self { to: NOWHERE, length_dam: 0, bearing: 0, ways: 0 };

    pub(crate) fn has(self, ways: u8) -> bool {
        self.ways & ways != 0
    }

    pub(crate) fn km(self) -> f32 {
        f32::from(self.length_dam) / 100.0
    }
}

impl Chart {
    pub fn new<C: Borrow<Cell>>(cells: impl IntoIterator<Item = C>) -> Self {
        Self::with_barriers(cells, crate::barrier::BARRIERS)
    }

    /// With other necks of land than the known ones.
    pub fn with_barriers<C: Borrow<Cell>>(
        cells: impl IntoIterator<Item = C>,
        barriers: &[Barrier],
    ) -> Self {
        let mut draft = Draft::default();
        cells.into_iter().for_each(|cell| draft.add(cell.borrow()));
        draft.with_barriers(barriers)
    }

    /// The same chart with every line that a release draws, by the name of its collection.
    pub fn with_lines<E>(
        self,
        drawn: impl Fn(&str) -> Result<Vec<Vec<Position>>, E>,
    ) -> Result<Self, E> {
        Ok(self.with_rivers(&drawn("rivers")?).with_roads(&drawn("roads")?))
    }

    /// The same chart with its rivers as a release draws them: lines of positions in the order their water runs.
    pub(crate) fn with_rivers(mut self, lines: &[Vec<Position>]) -> Self {
        rivers::lay(&mut self, lines);
        self
    }

    /// The same chart with its roads as a release draws them. Where it has any, everywhere else is open country.
    pub(crate) fn with_roads(mut self, lines: &[Vec<Position>]) -> Self {
        roads::lay(&mut self, lines);
        self
    }

    /// The same chart searched with other numbers; what was worked out with the old ones is forgotten.
    pub fn with_parameters(mut self, parameters: Parameters) -> Self {
        self.parameters = parameters;
        self.speeds = Default::default();
        self.paces = Default::default();
        self.level_km = OnceLock::new();
        self.surveys = Surveys::default();
        self
    }

    pub fn contains(&self, zone: Zone) -> bool {
        self.node(zone).is_some()
    }

    /// Whether a ship can lie there.
    pub fn is_water(&self, zone: Zone) -> bool {
        self.node(zone).is_some_and(|node| self.floats(node))
    }

    /// The nearest zone of water to a position, at most `rings` away.
    pub fn water_near(&self, position: Position, zone: Zone, rings: u32) -> Option<Zone> {
        zone.disk(rings).into_iter().filter(|zone| self.is_water(*zone)).min_by(|a, b| {
            let away = |zone: &Zone| zone.centre().distance_km(position);
            away(a).total_cmp(&away(b)).then(a.cmp(b))
        })
    }

    pub(crate) fn node(&self, zone: Zone) -> Option<u32> {
        let (water, dry) = self.zones.split_at(self.waters as usize);
        let found = water.binary_search(&zone);
        let found = found.or_else(|_| dry.binary_search(&zone).map(|index| water.len() + index));
        found.ok().map(|index| index as u32)
    }

    pub(crate) fn len(&self) -> usize {
        self.zones.len()
    }

    pub(crate) fn edges_of(&self, node: u32) -> &[Edge] {
        let first = node as usize * EDGES;
        &self.edges[first..first + EDGES]
    }

    pub(crate) fn floats(&self, node: u32) -> bool {
        node < self.waters
    }

    pub(crate) fn walks(&self, node: u32) -> bool {
        self.kinds[node as usize] != SurfaceKind::Sea
    }

    /// Mean wind between two nodes in a month, m/s to the east and to the north.
    pub(crate) fn wind(&self, a: u32, b: u32, month: usize) -> (f32, f32) {
        between(&self.winds, a, b, month)
    }

    /// Mean current between two nodes of water in a month, m/s to the east and to the north; none where it is not
    /// known.
    pub(crate) fn current(&self, a: u32, b: u32, month: usize) -> (f32, f32) {
        let known = !self.currents.is_empty() && self.floats(a) && self.floats(b);
        if known { between(&self.currents, a, b, month) } else { (0.0, 0.0) }
    }

    pub(crate) fn speeds(&self, ship: ShipType) -> &Speeds {
        self.speeds[ship as usize].get_or_init(|| Speeds::of(ship, &self.parameters))
    }

    /// Between two nodes along a river, kilometres.
    pub(crate) fn reach_km(&self, a: u32, b: u32) -> f32 {
        let straight = || arc_km(self.courses[a as usize], self.courses[b as usize]);
        self.rivers.reach(a, b).map_or_else(straight, rivers::Reach::km)
    }

    /// From a town in a zone along the river to a zone that touches it, kilometres. Less than nothing where the
    /// town lies beyond that zone's place on the river.
    pub(crate) fn town_km(&self, town: [f32; 3], home: u32, next: u32) -> f32 {
        let straight = || arc_km(town, self.courses[next as usize]);
        self.rivers.town_km(town, home, next).unwrap_or_else(straight)
    }

    pub(crate) fn distance_km(&self, a: u32, b: u32) -> f32 {
        arc_km(self.points[a as usize], self.points[b as usize])
    }
}

/// The mean of a flow of two nodes, m/s.
fn between(flows: &[[i16; 2]], a: u32, b: u32, month: usize) -> (f32, f32) {
    let [u_a, v_a] = flows[a as usize * 12 + month];
    let [u_b, v_b] = flows[b as usize * 12 + month];
    let mean_m_s = |a: i16, b: i16| (f32::from(a) + f32::from(b)) / 200.0;
    (mean_m_s(u_a, u_b), mean_m_s(v_a, v_b))
}
