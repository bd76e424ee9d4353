//! Lakes: the share of each zone that is their water, under their Latin and their modern name.
//!
//! A reservoir is younger than every epoch here and would drown the towns of its valley, so it is left out
//! and named. Two drawings of one lake count once; the first dataset's is kept.

use super::areas::{self, Areas};
use super::features::{Fields, Item, LeftOut, World, gazetteer, plain_name};
use crate::scan::Rows;
use geo_types::{Coord, Geometry, Polygon};
use std::collections::BTreeMap;
use tessera_grid::{Resolution, Zone};
use tessera_world::{Certainty, Feature, Lake, ProvenanceId};

pub const METHOD: &str = "Share of the zone inside the lake's shore of today, by strips of latitude; \
     reservoirs are left out; the Latin name is that of the drawing in the ancient atlas that meets it.";

/// Less water than this is a pond.
const WATER_LEAST_PERMILLE: u16 = 5;

/// Made or drowned in modern times, though their class does not say so: name, year.
const MODERN: [(&str, i32); 3] =
    [("Lake Razazah", 1969), ("Lauwerszee", 1280), ("Buhayrat ath Tharthar", 1956)];

/// Which dataset drew a lake, and by which provenance.
#[derive(Clone, Copy, Debug)]
pub struct Drawer<'a> {
    pub dataset: &'a str,
    pub provenance: ProvenanceId,
}

/// One lake as drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct LakeShape {
    pub dataset: String,
    pub provenance: ProvenanceId,
    pub row: u64,
    pub latin: Option<String>,
    pub modern: Option<String>,
    /// Datasets that gave it a name which the one that drew it lacks.
    pub named_by: Vec<String>,
    pub polygons: Vec<Polygon>,
}

/// The lakes of a dataset that were there in antiquity. Roles: `modern`, `latin`, `class`, `dam`, `year`.
pub fn shapes<'a>(
    items: impl IntoIterator<Item = Item<'a>>,
    fields: &Fields,
    world: World,
    by: Drawer<'_>,
) -> (Vec<LakeShape>, Vec<LeftOut>) {
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    for item in items {
        match shape(&item, fields, world, by) {
            Ok(lake) => found.push(lake),
            Err(reason) => left_out.push(reason),
        }
    }
    (found, left_out)
}

fn shape(
    item: &Item<'_>,
    fields: &Fields,
    world: World,
    by: Drawer<'_>,
) -> Result<LakeShape, LeftOut> {
    let polygons = item.geometry.map(areas::polygons).unwrap_or_default();
    if polygons.is_empty() {
        return Err((item.row, "feature_geometry", "it is no area".to_owned()));
    }
    if let Some(geometry) = item.geometry {
        world.meets(item.row, geometry)?;
    }
    let modern = fields.text(item, "modern").and_then(|name| plain_name(&name));
    let called = modern.clone().unwrap_or_else(|| "a lake without a name".to_owned());
    let class = fields.text(item, "class").unwrap_or_default();
    if class.eq_ignore_ascii_case("reservoir") || class == "R" {
        // -99 stands for unknown.
        let year = fields.number(item, "year")?.filter(|year| *year > 0.0);
        let since = year.map_or_else(String::new, |year| format!(" of {year:.0}"));
        let reason = format!("{called} is a reservoir{since}: no epoch of antiquity knew it");
        return Err((item.row, "lake_anachronism", reason));
    }
    if let Some((_, year)) = MODERN.iter().find(|(name, _)| modern.as_deref() == Some(name)) {
        let reason = format!("{called} is water since about {year}: no epoch of antiquity knew it");
        return Err((item.row, "lake_anachronism", reason));
    }
    let latin = fields.text(item, "latin").and_then(|name| plain_name(&name));
    let (dataset, provenance) = (by.dataset.to_owned(), by.provenance);
    let polygons = polygons.to_vec();
    let named_by = Vec::new();
    Ok(LakeShape { dataset, provenance, row: item.row, latin, modern, named_by, polygons })
}

/// Adds the lakes of a second drawing that the first lacks, and gives names to those it has.
pub fn join(lakes: &mut Vec<LakeShape>, others: Vec<LakeShape>) -> Vec<LeftOut> {
    let mut left_out = Vec::new();
    for other in others {
        match lakes.iter_mut().find(|lake| same(lake, &other)) {
            Some(lake) => {
                let gives =
                    |has: &Option<String>, name: &Option<String>| has.is_none() && name.is_some();
                let named = gives(&lake.latin, &other.latin) || gives(&lake.modern, &other.modern);
                if named && !lake.named_by.contains(&other.dataset) {
                    lake.named_by.push(other.dataset);
                }
                lake.latin = lake.latin.take().or(other.latin);
                lake.modern = lake.modern.take().or(other.modern);
                let name = lake.modern.as_deref().unwrap_or("a lake without a name");
                left_out.push((other.row, "lake_duplicate", format!("{name} is drawn already")));
            }
            None => lakes.push(other),
        }
    }
    left_out
}

/// One lake drawn twice: the middle of one in the other, or one name and drawings that nearly touch.
fn same(a: &LakeShape, b: &LakeShape) -> bool {
    let inside = |outer: &LakeShape, inner: &LakeShape| {
        areas::middle(&inner.polygons).is_some_and(|at| areas::contains(&outer.polygons, at))
    };
    if inside(a, b) || inside(b, a) {
        return true;
    }
    let names = |lake: &LakeShape| lake.modern.as_deref().map(gazetteer::key);
    names(a).is_some() && names(a) == names(b) && near(a, b)
}

/// Degrees between two drawings of a lake at most.
const NEAR_DEGREES: f64 = 0.2;

fn near(a: &LakeShape, b: &LakeShape) -> bool {
    let edges =
        |lake: &LakeShape| areas::bounds(&Geometry::MultiPolygon(lake.polygons.clone().into()));
    let (Some(a), Some(b)) = (edges(a), edges(b)) else { return false };
    a[0] - NEAR_DEGREES <= b[2]
        && b[0] - NEAR_DEGREES <= a[2]
        && a[1] - NEAR_DEGREES <= b[3]
        && b[1] - NEAR_DEGREES <= a[3]
}

/// The lakes on the zones of the world, by the zone's index. Of several in a zone the largest gives the name.
pub fn stage(
    zones: &[Zone],
    resolution: Resolution,
    rows: Rows,
    lakes: &[LakeShape],
) -> Vec<(usize, Lake)> {
    let mut found: BTreeMap<usize, (u16, Lake)> = BTreeMap::new();
    for lake in lakes {
        let shape = Geometry::MultiPolygon(lake.polygons.clone().into());
        let Some(edges) = areas::bounds(&shape) else { continue };
        let cut = Areas::cut(&lake.polygons, rows);
        for (index, spans) in areas::zones_about(zones, resolution, rows, edges) {
            let share = areas::share_permille(&cut, &spans);
            if share == 0 {
                continue;
            }
            let (latin, modern) = (lake.latin.clone(), lake.modern.clone());
            let provenance = lake.provenance;
            let here = Lake { latin, modern, water_permille: share, provenance };
            found
                .entry(index)
                .and_modify(|(largest, all)| {
                    let sum = (all.water_permille + share).min(1000);
                    if share > *largest {
                        (*largest, *all) = (share, here.clone());
                    }
                    all.water_permille = sum;
                })
                .or_insert((share, here));
        }
    }
    found
        .into_iter()
        .map(|(index, (_, lake))| (index, lake))
        .filter(|(_, lake)| lake.water_permille >= WATER_LEAST_PERMILLE)
        .collect()
}

/// The lakes as features, for maps.
pub fn features(lakes: &[LakeShape]) -> Vec<Feature> {
    let mut features: Vec<Feature> = lakes
        .iter()
        .enumerate()
        .map(|(number, lake)| {
            let mut properties = serde_json::Map::new();
            if let Some(modern) = &lake.modern {
                properties.insert("modern".to_owned(), modern.clone().into());
            }
            let title = lake.latin.clone().or_else(|| lake.modern.clone());
            let id = format!("{}-{}-{number}", lake.dataset, lake.row);
            let area = Geometry::MultiPolygon(lake.polygons.clone().into());
            Feature {
                title: title.unwrap_or_else(|| "lake".to_owned()),
                latin: lake.latin.clone(),
                properties,
                certainty: Certainty::Conjectured,
                ..Feature::new("lakes", id, area, lake.provenance)
            }
        })
        .collect();
    features.sort_by(|a, b| a.id.cmp(&b.id));
    features
}

/// Where a lake's middle is, for a finding.
pub fn middle(lake: &LakeShape) -> Option<Coord> {
    areas::middle(&lake.polygons)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::item::tests::{mediterranean, row};
    use geo_types::polygon;
    use serde_json::{Value, json};
    use tessera_grid::{BBox, zones_in};

    fn garda() -> Geometry<f64> {
        Geometry::Polygon(polygon![
            (x: 10.6, y: 45.45), (x: 10.8, y: 45.45), (x: 10.8, y: 45.85), (x: 10.6, y: 45.85)
        ])
    }

    const MAP: Drawer<'_> = Drawer { dataset: "map", provenance: ProvenanceId(2) };
    const ATLAS: Drawer<'_> = Drawer { dataset: "atlas", provenance: ProvenanceId(3) };

    fn read(rows: Vec<Value>) -> (Vec<LakeShape>, Vec<LeftOut>) {
        read_by(MAP, rows)
    }

    fn read_by(by: Drawer<'_>, rows: Vec<Value>) -> (Vec<LakeShape>, Vec<LeftOut>) {
        let shape = garda();
        let maps: Vec<_> = rows.into_iter().map(row).collect();
        let items = maps.iter().enumerate().map(|(index, fields)| Item {
            row: index as u64 + 1,
            id: None,
            geometry: Some(&shape),
            fields,
        });
        let roles =
            [("modern", "name"), ("class", "featurecla"), ("year", "year"), ("latin", "latin")];
        shapes(items, &Fields::new(&roles), mediterranean(), by)
    }

    #[test]
    fn a_reservoir_is_left_out_with_its_year_and_a_natural_lake_is_kept() {
        let (lakes, left_out) = read(vec![
            json!({"name": "Lago di Garda", "featurecla": "Lake", "year": -99}),
            json!({"name": "Lake Nasser", "featurecla": "Reservoir", "year": 1970}),
            json!({"name": "Lake Razazah", "featurecla": "Alkaline Lake", "year": -99}),
        ]);
        assert_eq!(lakes.len(), 1);
        let reasons: Vec<_> =
            left_out.iter().map(|(row, rule, why)| (*row, *rule, why.as_str())).collect();
        assert_eq!(
            reasons,
            [
                (
                    2,
                    "lake_anachronism",
                    "Lake Nasser is a reservoir of 1970: no epoch of antiquity knew it"
                ),
                (
                    3,
                    "lake_anachronism",
                    "Lake Razazah is water since about 1969: no epoch of antiquity knew it"
                ),
            ]
        );
    }

    #[test]
    fn a_second_drawing_gives_a_name_and_no_second_lake() {
        let (mut lakes, _) =
            read(vec![json!({"name": "Lago di Garda", "featurecla": "Lake", "year": -99})]);
        let (atlas, _) = read(vec![
            json!({"name": "Garda", "latin": "Benacus", "featurecla": "Lake", "year": -99}),
        ]);
        let left_out = join(&mut lakes, atlas);
        assert_eq!((lakes.len(), left_out[0].1), (1, "lake_duplicate"));
        assert_eq!(lakes[0].latin.as_deref(), Some("Benacus"));
        assert_eq!(lakes[0].modern.as_deref(), Some("Lago di Garda"));
    }

    #[test]
    fn a_lake_that_only_the_second_drawing_has_is_the_second_dataset_s() {
        let (mut lakes, _) = read(vec![]);
        let (atlas, _) = read_by(ATLAS, vec![json!({"latin": "Benacus", "featurecla": "Lake"})]);
        assert_eq!(join(&mut lakes, atlas), []);
        let drawn: Vec<_> = features(&lakes)
            .into_iter()
            .map(|lake| (lake.id, lake.title, lake.provenance))
            .collect();
        let atlas = ATLAS.provenance;
        assert_eq!(drawn, [("atlas-1-0".to_owned(), "Benacus".to_owned(), atlas)]);
        let zones = zones_in(BBox::new(9.0, 44.0, 12.0, 47.0).unwrap(), Resolution::FIVE);
        let rows = Rows::for_resolution(Resolution::FIVE);
        let facts = stage(&zones, Resolution::FIVE, rows, &lakes);
        assert!(!facts.is_empty() && facts.iter().all(|(_, lake)| lake.provenance == atlas));
    }

    #[test]
    fn the_zones_of_a_lake_hold_its_area() {
        let (lakes, _) =
            read(vec![json!({"name": "Lago di Garda", "featurecla": "Lake", "year": -99})]);
        let zones = zones_in(BBox::new(9.0, 44.0, 12.0, 47.0).unwrap(), Resolution::FIVE);
        let rows = Rows::for_resolution(Resolution::FIVE);
        let facts = stage(&zones, Resolution::FIVE, rows, &lakes);
        let km2: f64 = facts
            .iter()
            .map(|(index, lake)| f64::from(lake.water_permille) / 1000.0 * zones[*index].area_km2())
            .sum();
        let expected = 0.2 * 0.4 * 111.195 * 111.195 * 45.65_f64.to_radians().cos();
        assert!((km2 / expected - 1.0).abs() < 0.03, "{km2} against {expected}");
        // Two lakes in a zone: their water adds up, never beyond the zone.
        let twice = [lakes.clone(), lakes].concat();
        let facts = stage(&zones, Resolution::FIVE, rows, &twice);
        assert!(facts.iter().all(|(_, lake)| lake.water_permille <= 1000));
    }
}
