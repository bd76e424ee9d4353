//! A whole world in memory, between the sources and the release.
//!
//! `zones` ascend; every layer is a vector of the same length in the same order, `None` where it has
//! nothing to say. Nothing here depends on the time or the machine, so equal sources stage equal worlds.

use geo_types::{LineString, Polygon};
use tessera_grid::{BBox, Resolution, Zone};
use tessera_world::{
    Climate, Place, Provenance, ReleaseInfo, River, Source, Surface, Terrain, Wind,
};

use crate::raster::Raster;

#[derive(Clone, Debug)]
pub struct Staged {
    pub title: String,
    /// The year that is played by default, astronomical.
    pub epoch: i32,
    pub bbox: BBox,
    pub resolution: Resolution,
    pub zones: Vec<Zone>,
    pub terrain: Vec<Option<Terrain>>,
    pub surface: Vec<Option<Surface>>,
    pub river: Vec<Option<River>>,
    pub climate: Vec<Option<Climate>>,
    pub wind: Vec<Option<Wind>>,
    /// Ascending by id.
    pub places: Vec<Place>,
    /// Ascending by id.
    pub sources: Vec<Source>,
    /// Ascending by id.
    pub provenances: Vec<Provenance>,
    /// Land, longitude and latitude in degrees; pieces that meet the box, not clipped to it.
    pub land: Vec<Polygon>,
    /// River lines that meet the box, not clipped to it, in the order of the source.
    pub river_lines: Vec<RiverLine>,
    /// Heights in metres over the box and a margin of a degree, negative under water.
    pub elevation: Raster,
}

/// One river line as drawn; points run downstream as far as that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct RiverLine {
    pub name: Option<String>,
    /// Natural Earth's rank of importance, 0 (the Nile) to 12.
    pub scalerank: u8,
    /// The largest area drained through any zone of the line, km².
    pub upstream_km2: Option<u32>,
    pub line: LineString,
}

impl Staged {
    /// A world of these zones that says nothing yet; the zones are put in order.
    pub fn empty(info: &ReleaseInfo, mut zones: Vec<Zone>) -> Self {
        zones.sort_unstable();
        let count = zones.len();
        Self {
            title: info.title.clone(),
            epoch: info.epoch,
            bbox: info.bbox,
            resolution: info.resolution,
            zones,
            terrain: vec![None; count],
            surface: vec![None; count],
            river: vec![None; count],
            climate: vec![None; count],
            wind: vec![None; count],
            places: Vec::new(),
            sources: Vec::new(),
            provenances: Vec::new(),
            land: Vec::new(),
            river_lines: Vec::new(),
            elevation: Raster::empty(),
        }
    }

    /// Where a zone stands in every layer, or `None` outside the world.
    pub fn index_of(&self, zone: Zone) -> Option<usize> {
        self.zones.binary_search(&zone).ok()
    }

    /// What the release says of itself.
    pub fn info(&self) -> ReleaseInfo {
        ReleaseInfo {
            title: self.title.clone(),
            epoch: self.epoch,
            epochs: vec![self.epoch],
            resolution: self.resolution,
            coarse_resolution: ReleaseInfo::coarse_resolution_of(self.resolution),
            bbox: self.bbox,
            zones: self.zones.len() as u64,
            places: self.places.len() as u64,
        }
    }
}
