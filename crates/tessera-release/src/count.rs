//! What the writer counts while rows go by, so that no reader has to.

use geo_types::{Coord, Rect};
use std::collections::BTreeMap;
use tessera_grid::{BBox, Resolution, Zone};
use tessera_world::{Cell, Coarse, Feature, Shapes};

/// How much coarser the zones of `cell_count` are than the world's: 343 cells each.
const COUNT_STEPS_COARSER: u8 = 3;

/// A box of one point is made this much wider each way, degrees: a decimetre.
const LEAST_HALF_WIDTH: f64 = 1e-6;

/// The resolution of `cell_count`; `None` where the world is too coarse to need it.
pub(crate) fn count_resolution(resolution: Resolution) -> Option<Resolution> {
    Resolution::try_from(u8::from(resolution).checked_sub(COUNT_STEPS_COARSER)?).ok()
}

/// Zones with a fact of each layer; by id, with whether the layer is a coarse one.
#[derive(Default)]
pub(crate) struct Layers(BTreeMap<(&'static str, bool), u64>);

impl Layers {
    pub(crate) fn count(&mut self, cell: &Cell) {
        let Cell { surface, terrain, bathymetry, climate, land_cover, river, lake, .. } = cell;
        for (layer, there) in [
            ("surface", surface.is_some()),
            ("terrain", terrain.is_some()),
            ("bathymetry", bathymetry.is_some()),
            ("climate", climate.is_some()),
            ("land_cover", land_cover.is_some()),
            ("river", river.is_some()),
            ("lake", lake.is_some()),
        ] {
            self.add(layer, false, there);
        }
    }

    pub(crate) fn count_coarse(&mut self, coarse: &Coarse) {
        let weather = coarse.weather.as_ref();
        let geology = coarse.geology.as_ref();
        for (layer, there) in [
            ("wind", coarse.wind.is_some()),
            ("current", coarse.current.is_some()),
            ("rain", weather.is_some_and(|weather| weather.rain.is_some())),
            ("temperature", weather.is_some_and(|weather| weather.temperature.is_some())),
            ("wind_rose", coarse.wind_rose.is_some()),
            ("crust", geology.is_some_and(|geology| geology.crust.is_some())),
            ("orogen", geology.is_some_and(|geology| geology.orogen.is_some())),
        ] {
            self.add(layer, true, there);
        }
    }

    fn add(&mut self, layer: &'static str, coarse: bool, there: bool) {
        if there {
            *self.0.entry((layer, coarse)).or_default() += 1;
        }
    }

    pub(crate) fn counted(&self) -> impl Iterator<Item = (&'static str, u64, bool)> {
        self.0.iter().map(|(&(id, coarse), &zones)| (id, zones, coarse))
    }
}

/// Cells by coarser zone, in the order they came.
pub(crate) struct CellCounts {
    resolution: Option<Resolution>,
    counts: Vec<(Zone, u64)>,
}

impl CellCounts {
    pub(crate) fn new(resolution: Resolution) -> Self {
        Self { resolution: count_resolution(resolution), counts: Vec::new() }
    }

    pub(crate) fn count(&mut self, zone: Zone) {
        let Some(coarse) = self.resolution.and_then(|coarse| zone.ancestor(coarse)) else { return };
        match self.counts.last_mut() {
            Some((last, cells)) if *last == coarse => *cells += 1,
            _ => self.counts.push((coarse, 1)),
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (Zone, u64)> {
        self.counts.iter().copied()
    }
}

/// Collections by id; features are numbered from 1 in the order they come.
#[derive(Default)]
pub(crate) struct Collections {
    by_id: BTreeMap<String, Counted>,
    features: i64,
}

pub(crate) struct Counted {
    pub(crate) features: u64,
    pub(crate) first_fid: i64,
    shapes: Option<Shapes>,
    around: Rect<f64>,
    years: Vec<i32>,
}

impl Collections {
    /// Whether the feature is of the kind of shape that its collection began with.
    pub(crate) fn takes(&self, feature: &Feature) -> bool {
        let known = self.by_id.get(&feature.collection);
        known.is_none_or(|known| known.shapes == Shapes::of(&feature.geometry))
    }

    /// The number of the feature.
    pub(crate) fn count(&mut self, feature: &Feature, bounds: Rect<f64>) -> i64 {
        self.features += 1;
        let known = self.by_id.entry(feature.collection.clone()).or_insert_with(|| Counted {
            features: 0,
            first_fid: self.features,
            shapes: Shapes::of(&feature.geometry),
            around: bounds,
            years: Vec::new(),
        });
        known.features += 1;
        known.around = joined(known.around, bounds);
        let years = [feature.valid_from, feature.valid_to].into_iter().flatten();
        known.years.extend(years);
        let (first, last) = (known.first_year(), known.last_year());
        known.years = first.into_iter().chain(last).collect();
        self.features
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Counted)> {
        self.by_id.iter().map(|(id, counted)| (id.as_str(), counted))
    }
}

impl Counted {
    pub(crate) fn first_year(&self) -> Option<i32> {
        self.years.iter().min().copied()
    }

    pub(crate) fn last_year(&self) -> Option<i32> {
        self.years.iter().max().copied()
    }

    /// Never empty, also around a single point.
    pub(crate) fn bbox(&self) -> BBox {
        let (west, east) = apart(self.around.min().x, self.around.max().x, 180.0);
        let (south, north) = apart(self.around.min().y, self.around.max().y, 90.0);
        BBox::new(west, south, east, north).expect("bounds are on the globe, and were put apart")
    }
}

/// A lower and an upper end, moved apart where they are one.
fn apart(low: f64, high: f64, end: f64) -> (f64, f64) {
    if low < high {
        return (low, high);
    }
    ((low - LEAST_HALF_WIDTH).max(-end), (high + LEAST_HALF_WIDTH).min(end))
}

fn joined(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    Rect::new(
        Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
        Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
    )
}
