//! Features and places: sound shapes, years in order, and each kind of thing where it can be.

use crate::found::{Found, Heaviest, Spot};
use crate::shape;
use geo_types::{Coord, Geometry};
use std::collections::BTreeMap;
use tessera_grid::{Position, Zone};
use tessera_stage::layers::features::water;
use tessera_stage::staged::Staged;
use tessera_world::{CollectionKind, Feature, Harbour, Place, Shapes, SurfaceKind};

/// Astronomical years: 2000 stands for "still there".
const YEAR_LAST: i32 = 2_000;
/// A road at sea for longer than this is no bridge and no slip of the coast, km.
const AT_SEA_KM: f64 = 25.0;
/// Lines are looked at in steps of this, degrees: a quarter of a zone of the default world.
const STEP_DEGREES: f64 = 0.05;
const KM_PER_DEGREE: f64 = 111.195;
/// A port has water in its zone or in one so near, km: silting explains 25 km, not more.
const HARBOUR_REACH_KM: f64 = 40.0;
/// Rome, the largest of them, had about a million.
const POPULATION_MAX: f64 = 1_500_000.0;
/// People that a place of each rank has at most and at least, from 1 (Rome, Alexandria) to 5.
const POPULATION_OF_RANK: [std::ops::RangeInclusive<u32>; 5] =
    [50_000..=1_500_000, 5_000..=600_000, 1_000..=300_000, 100..=150_000, 10..=60_000];

/// One list of spots for each rule that is broken.
#[derive(Default)]
struct Spots(BTreeMap<&'static str, Heaviest>);

impl Spots {
    fn put(
        &mut self,
        rule: &'static str,
        number: usize,
        weight: f64,
        at: Option<Position>,
        say: String,
    ) {
        let spots = self.0.entry(rule).or_default();
        spots.put(number, weight, || Spot::position(at, weight, say));
    }
}

pub(crate) fn check(staged: &Staged, found: &mut Found) {
    let mut spots = Spots::default();
    for (number, place) in staged.places.iter().enumerate() {
        of_place(staged, number, place, &mut spots);
    }
    let mut before: Option<&Feature> = None;
    for (number, feature) in staged.features.iter().enumerate() {
        if before.is_some_and(|before| before.key() >= feature.key()) {
            let say = format!("{} stands twice or out of order", named(feature));
            spots.put("feature_order", number, 1.0, position(feature), say);
        }
        before = Some(feature);
        of_feature(staged, number, feature, &mut spots);
    }
    of_waters(staged, &mut spots);
    for (rule, heaviest) in spots.0 {
        found.heaviest(rule, heaviest);
    }
}

/// Open waters that share ground in a year.
fn of_waters(staged: &Staged, spots: &mut Spots) {
    let all = staged.features.iter().enumerate();
    let waters: Vec<(usize, &Feature)> =
        all.filter(|(_, feature)| feature.collection == "open_water").collect();
    for (at, &(_, first)) in waters.iter().enumerate() {
        for &(number, second) in &waters[at + 1..] {
            if water::overlap(first, second).is_some() {
                let say = format!("{} and {} share ground in a year", named(first), named(second));
                spots.put("open_water_overlap", number, 1.0, position(second), say);
            }
        }
    }
}

fn named(feature: &Feature) -> String {
    format!("{} {} ({})", feature.collection, feature.id, feature.title)
}

/// Where a feature is pinned: its first coordinate.
fn position(feature: &Feature) -> Option<Position> {
    shape::coordinates(&feature.geometry).next().and_then(at)
}

fn at(coordinate: Coord) -> Option<Position> {
    Position::new(coordinate.y, coordinate.x).ok()
}

fn of_place(staged: &Staged, number: usize, place: &Place, spots: &mut Spots) {
    let pin = Some(place.position);
    let range = POPULATION_OF_RANK.get(usize::from(place.rank).wrapping_sub(1));
    if let (Some(people), Some(range)) = (place.population, range)
        && !range.contains(&people)
    {
        let say = format!("{} has rank {} and {people} people", place.id, place.rank);
        spots.put("place_population", number, f64::from(people), pin, say);
    }
    for text in [&place.latin, &place.modern, &place.note] {
        if shape::is_garbled(text) {
            spots.put("text_garbled", number, 1.0, pin, format!("{}: {text:?}", place.id));
        }
    }
    let river = place.harbour == Harbour::River;
    if river && !staged.river.is_empty() && !near_water(staged, place.zone) {
        let say = format!("{} is a river harbour, and no river or lake is near", place.id);
        spots.put("place_river_missing", number, 1.0, pin, say);
    }
}

/// Whether a river, a lake or the sea is in a zone or next to it.
fn near_water(staged: &Staged, zone: Zone) -> bool {
    zone.disk(2).into_iter().any(|near| {
        staged.index_of(near).is_none_or(|index| {
            staged.river.get(index).is_some()
                || staged.lake.get(index).is_some()
                || staged.surface.get(index).is_none_or(|s| s.kind != SurfaceKind::Land)
        })
    })
}

fn of_feature(staged: &Staged, number: usize, feature: &Feature, spots: &mut Spots) {
    let pin = position(feature);
    let mut put = |rule: &'static str, weight: f64, say: String| {
        spots.put(rule, number, weight, pin, format!("{}: {say}", named(feature)));
    };
    match CollectionKind::of(&feature.collection) {
        None => put("feature_collection", 1.0, "no release has this collection".to_owned()),
        Some(CollectionKind { shapes, .. }) if Shapes::of(&feature.geometry) != Some(*shapes) => {
            put("feature_shapes", 1.0, format!("its collection is one of {}", shapes.as_str()));
        }
        Some(_) => {}
    }
    if feature.title.trim().is_empty() {
        put("feature_title", 1.0, "it has no name, not even one made up".to_owned());
    }
    for text in std::iter::once(&feature.title).chain(&feature.latin) {
        if shape::is_garbled(text) {
            put("text_garbled", 1.0, format!("{text:?} has lost its letters"));
        }
    }
    if let (Some(from), Some(to)) = (feature.valid_from, feature.valid_to)
        && from > to
    {
        put("feature_years", f64::from(from - to), format!("it lasts from {from} to {to}"));
    }
    let latest = feature.valid_from.into_iter().chain(feature.valid_to).max();
    if let Some(year) = latest.filter(|year| *year > YEAR_LAST) {
        put("feature_year_future", f64::from(year), format!("it names the year {year}"));
    }
    let people = feature.properties.get("population").and_then(serde_json::Value::as_f64);
    if let Some(people) = people.filter(|people| !(0.0..=POPULATION_MAX).contains(people)) {
        put("feature_population", people, format!("{people} people live there"));
    }
    if let Some(fault) = shape::fault(&feature.geometry) {
        put("feature_geometry", 1.0, fault);
    } else {
        somewhere(staged, feature, &mut put);
    }
}

/// Rules about where a thing of sound shape is.
fn somewhere(staged: &Staged, feature: &Feature, put: &mut impl FnMut(&'static str, f64, String)) {
    let coordinates = || shape::coordinates(&feature.geometry);
    let on_globe = |c: Coord| at(c).is_some();
    if !coordinates().all(on_globe) {
        return put("feature_range", 1.0, "it leaves the globe".to_owned());
    }
    if !staged.bbox.meets(&feature.geometry) {
        return put("feature_outside", 1.0, "it lies outside the world's box".to_owned());
    }
    if coordinates().any(|c| c.x == 0.0 && c.y == 0.0) {
        put("feature_position_unknown", 1.0, "it lies at 0, 0".to_owned());
    }
    let Geometry::Point(point) = feature.geometry else {
        if matches!(feature.collection.as_str(), "roads" | "aqueducts" | "canals") {
            let km = at_sea_km(staged, &feature.geometry);
            if km > AT_SEA_KM {
                put("feature_crosses_sea", km, format!("{km:.0} km of it are in open sea"));
            }
        }
        return;
    };
    let Some(here) = at(point.0) else { return };
    let zone = Zone::at(here, staged.resolution);
    let of_world = staged.index_of(zone);
    if feature.zone != of_world.map(|_| zone) {
        put("feature_zone", 1.0, format!("it lies in zone {zone}, and says otherwise"));
    }
    let Some(index) = of_world else { return };
    let year = feature.valid_from.unwrap_or(staged.epoch);
    let kind = staged.surface_in(index, year).map(|surface| surface.kind);
    match (feature.collection.as_str(), kind) {
        ("mines", Some(SurfaceKind::Sea)) => {
            put("mine_at_sea", 1.0, "a mine in open sea".to_owned());
        }
        ("settlements" | "cities" | "monuments", Some(SurfaceKind::Sea)) => {
            put("settlement_at_sea", 1.0, "it stands in open sea".to_owned());
        }
        ("shipwrecks", Some(SurfaceKind::Land)) if !near_water(staged, zone) => {
            put("wreck_inland", 1.0, "a wreck with no water near".to_owned());
        }
        ("ports", Some(SurfaceKind::Land)) if !water_within_reach(staged, zone, here) => {
            put("port_inland", 1.0, format!("no sea, river or lake within {HARBOUR_REACH_KM} km"));
        }
        _ => {}
    }
}

fn water_within_reach(staged: &Staged, zone: Zone, here: Position) -> bool {
    if near_water(staged, zone) {
        return true;
    }
    let rings = (HARBOUR_REACH_KM / staged.resolution.spacing_km()).ceil() as u32;
    zone.disk(rings).into_iter().any(|near| {
        near.centre().distance_km(here) <= HARBOUR_REACH_KM
            && staged.index_of(near).is_none_or(|index| {
                staged.river.get(index).is_some()
                    || staged.surface.get(index).is_none_or(|s| s.kind != SurfaceKind::Land)
            })
    })
}

/// Kilometres of a line that lie in zones without any land.
fn at_sea_km(staged: &Staged, geometry: &Geometry<f64>) -> f64 {
    let mut km = 0.0;
    shape::each_line(geometry, &mut |line| {
        for segment in line.lines() {
            let delta = segment.delta();
            let narrow = segment.start.y.to_radians().cos();
            let length = (delta.x * narrow).hypot(delta.y);
            let steps = (length / STEP_DEGREES).ceil().max(1.0);
            for part in 0..steps as u64 {
                let middle = segment.start + delta * ((part as f64 + 0.5) / steps);
                let index =
                    at(middle).and_then(|p| staged.index_of(Zone::at(p, staged.resolution)));
                let wet = index
                    .and_then(|index| staged.surface.get(index))
                    .is_some_and(|surface| surface.kind == SurfaceKind::Sea);
                km += if wet { length / steps * KM_PER_DEGREE } else { 0.0 };
            }
        }
    });
    km
}
