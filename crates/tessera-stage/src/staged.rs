//! A whole world in memory, between the sources and the release.
//!
//! `zones` ascend, and so do `coarse_zones`, their ancestors; every layer goes by the index of its zone.
//! Nothing here depends on the time or the machine, so equal sources stage equal worlds.

use crate::{dense::Dense, raster::Raster, sparse::Sparse};
use geo_types::{LineString, Polygon};
use std::sync::Arc;
use tessera_grid::{BBox, Resolution, Zone};
use tessera_world::{
    Bathymetry, Cell, Climate, Coarse, Conflict, Current, Feature, Geology, Lake, LandCover, Place,
    Provenance, ReleaseInfo, River, Source, Surface, Terrain, Weather, Wind, WindRose,
};

#[derive(Clone)]
pub struct Staged {
    pub title: String,
    /// The year that is played by default, astronomical.
    pub epoch: i32,
    /// The years it is made for, ascending.
    pub epochs: Vec<i32>,
    pub bbox: BBox,
    pub resolution: Resolution,
    pub coarse_resolution: Resolution,
    pub zones: Vec<Zone>,
    /// The ancestors of `zones` that the coarse layers lie on.
    pub coarse_zones: Vec<Zone>,

    pub terrain: Dense<Terrain>,
    pub surface: Dense<Surface>,
    pub bathymetry: Dense<Bathymetry>,
    pub climate: Dense<Climate>,
    pub land_cover: Dense<LandCover>,

    pub river: Sparse<River>,
    pub lake: Sparse<Lake>,
    pub surface_intervals: Sparse<Era>,
    pub conflicts: Sparse<Clash>,

    /// By index in `coarse_zones`, as the rest of this paragraph.
    pub wind: Vec<Option<Wind>>,
    pub current: Vec<Option<Current>>,
    pub weather: Vec<Option<Weather>>,
    pub geology: Vec<Option<Geology>>,
    pub wind_rose: Sparse<WindRose>,

    /// Ascending by id.
    pub places: Vec<Place>,
    /// Ascending by collection, then by id.
    pub features: Vec<Feature>,
    /// Ascending by id.
    pub sources: Vec<Source>,
    /// Ascending by id.
    pub provenances: Vec<Provenance>,
    /// Land, longitude and latitude in degrees; pieces that meet the box, not clipped to it.
    pub land: Vec<Polygon>,
    /// River lines that meet the box, not clipped to it, in the order of the source.
    pub river_lines: Vec<RiverLine>,
    /// Heights in metres over the box and a margin of a degree, negative under water, as their source has them.
    pub elevation: Raster<f32>,
    /// The same with what other sources say where they stand in for it: what zones and pictures are made of.
    pub heights: Raster<f32>,
}

/// One river line as drawn; points run downstream as far as that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct RiverLine {
    pub latin: Option<String>,
    pub modern: Option<String>,
    /// Natural Earth's rank of importance, 0 (the Nile) to 12.
    pub scalerank: u8,
    /// The largest area drained through any zone of the line, km².
    pub upstream_km2: Option<u32>,
    pub line: LineString,
}

/// A surface that held from one year to another, both among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Era {
    pub valid_from: i32,
    pub valid_to: i32,
    pub surface: Surface,
}

/// Two sources that disagree about a zone: see [`Conflict`].
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    pub layer: Arc<str>,
    pub rule: Arc<str>,
    pub chosen: Arc<str>,
    pub chosen_value: f64,
    pub other: Arc<str>,
    pub other_value: f64,
}

impl Staged {
    /// A world of these zones that says nothing yet; the zones are put in order.
    pub fn empty(info: &ReleaseInfo, mut zones: Vec<Zone>) -> Self {
        zones.sort_unstable();
        let mut coarse_zones: Vec<Zone> = Vec::new();
        for zone in &zones {
            let coarse = zone.ancestor(info.coarse_resolution).unwrap_or(*zone);
            if coarse_zones.last() != Some(&coarse) {
                coarse_zones.push(coarse);
            }
        }
        let (count, coarse) = (zones.len(), coarse_zones.len());
        Self {
            title: info.title.clone(),
            epoch: info.epoch,
            epochs: info.epochs.clone(),
            bbox: info.bbox,
            resolution: info.resolution,
            coarse_resolution: info.coarse_resolution,
            zones,
            coarse_zones,
            terrain: Dense::empty(count),
            surface: Dense::empty(count),
            bathymetry: Dense::empty(count),
            climate: Dense::empty(count),
            land_cover: Dense::empty(count),
            river: Sparse::default(),
            lake: Sparse::default(),
            surface_intervals: Sparse::default(),
            conflicts: Sparse::default(),
            wind: vec![None; coarse],
            current: vec![None; coarse],
            weather: vec![None; coarse],
            geology: vec![None; coarse],
            wind_rose: Sparse::default(),
            places: Vec::new(),
            features: Vec::new(),
            sources: Vec::new(),
            provenances: Vec::new(),
            land: Vec::new(),
            river_lines: Vec::new(),
            elevation: Raster::empty(),
            heights: Raster::empty(),
        }
    }

    /// Where a zone stands in every layer, or `None` outside the world.
    pub fn index_of(&self, zone: Zone) -> Option<usize> {
        self.zones.binary_search(&zone).ok()
    }

    /// Where the ancestor of a zone stands in the coarse layers.
    pub fn coarse_index_of(&self, zone: Zone) -> Option<usize> {
        self.coarse_zones.binary_search(&zone.ancestor(self.coarse_resolution)?).ok()
    }

    /// The coarse index of a zone by its own.
    pub fn coarse_of(&self, index: usize) -> Option<usize> {
        self.coarse_index_of(*self.zones.get(index)?)
    }

    /// The surface that held in a year: an interval's, else the zone's own.
    pub fn surface_in(&self, index: usize, year: i32) -> Option<Surface> {
        let held = |era: &&Era| (era.valid_from..=era.valid_to).contains(&year);
        let era = self.surface_intervals.all(index).find(held);
        era.map(|era| era.surface).or_else(|| self.surface.get(index))
    }

    /// The zone of an index with all that is said of it; its coarse facts are its ancestor's.
    pub fn cell(&self, index: usize) -> Cell {
        let zone = self.zones[index];
        let coarse = self.coarse_index_of(zone);
        Cell {
            wind: coarse.and_then(|at| self.wind[at]),
            current: coarse.and_then(|at| self.current[at]),
            weather: coarse.and_then(|at| self.weather[at]),
            geology: coarse.and_then(|at| self.geology[at].clone()),
            ..self.fine_cell(index)
        }
    }

    /// The same without the coarse facts, which a release keeps apart.
    pub fn fine_cell(&self, index: usize) -> Cell {
        Cell {
            terrain: self.terrain.get(index),
            surface: self.surface.get(index),
            bathymetry: self.bathymetry.get(index),
            river: self.river.get(index).cloned(),
            lake: self.lake.get(index).cloned(),
            climate: self.climate.get(index),
            land_cover: self.land_cover.get(index),
            conflicts: self.conflicts.all(index).map(Clash::to_conflict).collect(),
            ..Cell::bare(self.zones[index])
        }
    }

    /// A coarse zone with its facts, by its index.
    pub fn coarse(&self, at: usize) -> Coarse {
        Coarse {
            wind: self.wind[at],
            current: self.current[at],
            weather: self.weather[at],
            geology: self.geology[at].clone(),
            wind_rose: self.wind_rose.get(at).copied(),
            ..Coarse::bare(self.coarse_zones[at])
        }
    }

    /// What the release says of itself.
    pub fn info(&self) -> ReleaseInfo {
        ReleaseInfo {
            title: self.title.clone(),
            epoch: self.epoch,
            epochs: self.epochs.clone(),
            resolution: self.resolution,
            coarse_resolution: self.coarse_resolution,
            bbox: self.bbox,
            zones: self.zones.len() as u64,
            places: self.places.len() as u64,
        }
    }
}

impl From<Conflict> for Clash {
    fn from(conflict: Conflict) -> Self {
        Self {
            layer: conflict.layer.into(),
            rule: conflict.rule.into(),
            chosen: conflict.chosen.into(),
            chosen_value: conflict.chosen_value,
            other: conflict.other.into(),
            other_value: conflict.other_value,
        }
    }
}

impl Clash {
    pub fn to_conflict(&self) -> Conflict {
        Conflict {
            layer: self.layer.to_string(),
            rule: self.rule.to_string(),
            chosen: self.chosen.to_string(),
            chosen_value: self.chosen_value,
            other: self.other.to_string(),
            other_value: self.other_value,
        }
    }
}
