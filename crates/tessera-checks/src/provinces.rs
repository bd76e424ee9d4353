//! Province by province: whether each layer and the table of places reach it.

use crate::found::Found;
use geo_types::{Coord, Geometry, LineString, Polygon};
use serde::Serialize;
use tessera_grid::{Position, Zone};
use tessera_stage::staged::Staged;
use tessera_world::{Feature, Place, SurfaceKind};

/// Points that a province is asked at, along each side of the box around it.
const POINTS_ACROSS: u32 = 24;
/// Land that a province must show among them to be asked at all.
const LAND_POINTS_MIN: u32 = 3;

/// What a layer may be asked at a point of a province.
const LAYERS: [&str; 7] =
    ["terrain", "climate", "land_cover", "wind", "rain", "temperature", "geology"];

/// How far the world reaches into one province of its epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reached {
    pub province: String,
    /// Points of land that were asked, of 576 spread over the box around it.
    pub points: u32,
    /// The whole province lies in the world.
    pub inside: bool,
    /// Layer, and how many of the points have a fact of it; layers that say nothing anywhere are not asked.
    pub layers: Vec<(&'static str, u32)>,
    pub places: usize,
}

/// Layers that are known here and there by their nature: a province without mountains has no orogen.
const PARTIAL: [&str; 1] = ["geology"];

impl Reached {
    /// Layers that ought to speak of every province, and are silent of this one.
    pub fn silent(&self) -> impl Iterator<Item = &'static str> {
        let silent = self.layers.iter().filter(|(_, count)| *count == 0).map(|(layer, _)| *layer);
        silent.filter(|layer| !PARTIAL.contains(layer))
    }
}

/// Every province of the world's epoch that has land in the world, in the order of its features.
pub fn reached(staged: &Staged) -> Vec<Reached> {
    let asked: Vec<&str> = LAYERS.into_iter().filter(|layer| spoken(staged, layer)).collect();
    let provinces = staged.features.iter().filter(|feature| {
        feature.collection == "provinces"
            && tessera_world::held_in(feature.valid_from, feature.valid_to, staged.epoch)
    });
    let reached = provinces.map(|province| {
        let seen = Seen::of(staged, province);
        let inside = |place: &&Place| holds(&province.geometry, coordinate(place.position));
        Reached {
            province: province.title.clone(),
            points: seen.land,
            inside: seen.inside,
            layers: seen.layers.into_iter().filter(|(layer, _)| asked.contains(layer)).collect(),
            places: staged.places.iter().filter(inside).count(),
        }
    });
    reached.filter(|reached| reached.points >= LAND_POINTS_MIN).collect()
}

pub(crate) fn check(staged: &Staged, found: &mut Found) {
    for reached in reached(staged) {
        let silent: Vec<&str> = reached.silent().collect();
        let Reached { province, inside, places, .. } = reached;
        if !silent.is_empty() {
            let silent = silent.join(", ");
            found.say("coverage_province", format!("{province}: nothing is said of {silent}"));
        }
        if inside && places == 0 {
            found.say("coverage_province", format!("{province}: no place lies in it"));
        }
    }
}

fn coordinate(position: Position) -> Coord {
    Coord { x: position.longitude(), y: position.latitude() }
}

/// Whether a layer speaks of anything in the world.
fn spoken(staged: &Staged, layer: &str) -> bool {
    match layer {
        "climate" => staged.climate.facts().next().is_some(),
        "land_cover" => staged.land_cover.facts().next().is_some(),
        "rain" => staged.weather.iter().flatten().any(|weather| weather.rain.is_some()),
        "temperature" => {
            staged.weather.iter().flatten().any(|weather| weather.temperature.is_some())
        }
        "geology" => staged.geology.iter().flatten().next().is_some(),
        _ => true,
    }
}

/// What the layers say at points of a province that are land.
struct Seen {
    land: u32,
    /// The whole province lies in the world.
    inside: bool,
    layers: [(&'static str, u32); LAYERS.len()],
}

impl Seen {
    fn of(staged: &Staged, province: &Feature) -> Self {
        let mut seen = Self { land: 0, inside: true, layers: LAYERS.map(|layer| (layer, 0)) };
        let Some((low, high)) = bounds(&province.geometry) else { return seen };
        for step in 0..POINTS_ACROSS * POINTS_ACROSS {
            let share = |part: u32| (f64::from(part) + 0.5) / f64::from(POINTS_ACROSS);
            let at = Coord {
                x: low.x + share(step % POINTS_ACROSS) * (high.x - low.x),
                y: low.y + share(step / POINTS_ACROSS) * (high.y - low.y),
            };
            if holds(&province.geometry, at) {
                seen.point(staged, at);
            }
        }
        seen
    }

    fn point(&mut self, staged: &Staged, at: Coord) {
        let zone = Position::new(at.y, at.x).ok().map(|here| Zone::at(here, staged.resolution));
        let Some(index) = zone.and_then(|zone| staged.index_of(zone)) else {
            self.inside = false;
            return;
        };
        if staged.surface.get(index).is_none_or(|surface| surface.kind != SurfaceKind::Land) {
            return;
        }
        self.land += 1;
        let coarse = staged.coarse_of(index);
        let weather = coarse.and_then(|at| staged.weather[at]);
        for (layer, count) in &mut self.layers {
            *count += u32::from(match *layer {
                "terrain" => staged.terrain.get(index).is_some(),
                "climate" => staged.climate.get(index).is_some(),
                "land_cover" => staged.land_cover.get(index).is_some(),
                "wind" => coarse.is_some_and(|at| staged.wind[at].is_some()),
                "rain" => weather.is_some_and(|weather| weather.rain.is_some()),
                "temperature" => weather.is_some_and(|weather| weather.temperature.is_some()),
                _ => coarse.is_some_and(|at| staged.geology[at].is_some()),
            });
        }
    }
}

fn polygons(geometry: &Geometry<f64>) -> &[Polygon] {
    match geometry {
        Geometry::Polygon(polygon) => std::slice::from_ref(polygon),
        Geometry::MultiPolygon(polygons) => &polygons.0,
        _ => &[],
    }
}

fn bounds(geometry: &Geometry<f64>) -> Option<(Coord, Coord)> {
    let corners = || polygons(geometry).iter().flat_map(|polygon| polygon.exterior().coords());
    let first = *corners().next()?;
    Some(corners().fold((first, first), |(low, high), c| {
        (
            Coord { x: low.x.min(c.x), y: low.y.min(c.y) },
            Coord { x: high.x.max(c.x), y: high.y.max(c.y) },
        )
    }))
}

fn holds(geometry: &Geometry<f64>, at: Coord) -> bool {
    polygons(geometry).iter().any(|polygon| {
        winds_around(polygon.exterior(), at)
            && !polygon.interiors().iter().any(|hole| winds_around(hole, at))
    })
}

/// Even and odd: a ray to the east crosses the ring an odd number of times.
fn winds_around(ring: &LineString, at: Coord) -> bool {
    let crossed = ring.lines().filter(|line| {
        let (a, b) = (line.start, line.end);
        (a.y <= at.y) != (b.y <= at.y) && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x)
    });
    crossed.count() % 2 == 1
}
