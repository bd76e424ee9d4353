//! The chart: all zones of a release as flat arrays, with their edges, winds and ground.
//!
//! A zone has twelve ways out: its (up to six) neighbours, and the (up to six) zones that touch two of
//! them, so that a course is never more than 15 degrees from an edge. Nodes stand in the order of
//! their zones, so that a chart is the same whatever order the cells came in.

mod build;

use crate::{ShipType, barrier::Barrier, sphere::arc_km, weather::Speeds};
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
    pub(crate) zones: Vec<Zone>,
    pub(crate) kinds: Vec<SurfaceKind>,
    /// Unit vectors to the centres.
    pub(crate) points: Vec<[f32; 3]>,
    pub(crate) latitudes: Vec<i8>,
    /// `EDGES` per node.
    pub(crate) edges: Vec<Edge>,
    /// East and north, cm/s; `12` per node.
    pub(crate) winds: Vec<[i16; 2]>,
    pub(crate) elevations: Vec<i16>,
    pub(crate) slopes: Vec<u16>,
    /// The node that the river goes to.
    pub(crate) downstream: Vec<u32>,
    /// Whether boats ply there.
    pub(crate) river: Vec<bool>,
    /// Rings of water between a node and the next shore; 0 at the coast.
    pub(crate) rings: Vec<u8>,
    /// Worked out when the first ship of a type sails.
    pub(crate) speeds: [OnceLock<Speeds>; ShipType::ALL.len()],
}

#[derive(Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) to: u32,
    /// Tens of metres.
    pub(crate) length_dam: u16,
    /// Course, 256ths of a circle clockwise from north.
    pub(crate) bearing: u8,
    /// Whether a ship may sail along it.
    pub(crate) open: bool,
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
        build::chart(cells, barriers)
    }

    pub fn zones(&self) -> &[Zone] {
        &self.zones
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
        self.zones.binary_search(&zone).ok().map(|index| index as u32)
    }

    pub(crate) fn len(&self) -> usize {
        self.zones.len()
    }

    pub(crate) fn edges_of(&self, node: u32) -> &[Edge] {
        let first = node as usize * EDGES;
        &self.edges[first..first + EDGES]
    }

    pub(crate) fn floats(&self, node: u32) -> bool {
        self.kinds[node as usize] != SurfaceKind::Land
    }

    pub(crate) fn walks(&self, node: u32) -> bool {
        self.kinds[node as usize] != SurfaceKind::Sea
    }

    /// Mean wind between two nodes in a month, m/s to the east and to the north.
    pub(crate) fn wind(&self, a: u32, b: u32, month: usize) -> (f32, f32) {
        let [u_a, v_a] = self.winds[a as usize * 12 + month];
        let [u_b, v_b] = self.winds[b as usize * 12 + month];
        let mean_m_s = |a: i16, b: i16| (f32::from(a) + f32::from(b)) / 200.0;
        (mean_m_s(u_a, u_b), mean_m_s(v_a, v_b))
    }

    pub(crate) fn speeds(&self, ship: ShipType) -> &Speeds {
        self.speeds[ship as usize].get_or_init(|| Speeds::of(ship))
    }

    pub(crate) fn distance_km(&self, a: u32, b: u32) -> f32 {
        arc_km(self.points[a as usize], self.points[b as usize])
    }
}
