//! Coasts that moved: gulfs that were open water in an ancient period and have silted up since.
//!
//! A publisher draws the open water of a period; what is land today and was water then becomes a surface
//! that holds in that period's years. A period without a drawing keeps the coast of today (decision 0007).

use super::areas::{self, Areas};
use super::features::{Fields, Item, LeftOut, period};
use super::surface::{self, LandRows};
use crate::scan::{Rows, Span};
use crate::staged::Era;
use geo_types::{Geometry, Polygon};
use std::collections::BTreeMap;
use tessera_grid::{Resolution, Zone};
use tessera_world::{ProvenanceId, Surface};

pub const METHOD: &str = "Land of today inside the open water drawn for the period counts as sea in that \
     period's years; share by strips of latitude.";

/// A smaller change is the difference between two drawings of one shore.
const CHANGE_LEAST_PERMILLE: u16 = 10;

/// Open water of one period.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenWater {
    pub valid_from: i32,
    pub valid_to: i32,
    pub polygons: Vec<Polygon>,
    pub provenance: ProvenanceId,
}

/// The waters of a dataset by period: what is drawn for several is water in each. Role `period`: a column, or
/// `=hellenistic` for a file of one period.
pub fn waters<'a>(
    items: impl IntoIterator<Item = Item<'a>>,
    fields: &Fields,
    provenance: ProvenanceId,
) -> (Vec<OpenWater>, Vec<LeftOut>) {
    let mut by_period: BTreeMap<(i32, i32), Vec<Polygon>> = BTreeMap::new();
    let mut left_out = Vec::new();
    for item in items {
        let polygons = item.geometry.map(areas::polygons).unwrap_or_default();
        let periods = fields.text(&item, "period").and_then(|text| period::each(&text));
        match periods.filter(|periods| !periods.is_empty()) {
            _ if polygons.is_empty() => {
                left_out.push((item.row, "feature_geometry", "it is no area".to_owned()));
            }
            None => {
                let reason = "its period is none that has years".to_owned();
                left_out.push((item.row, "feature_years", reason));
            }
            Some(periods) => {
                for years in periods {
                    by_period.entry(years).or_default().extend_from_slice(polygons);
                }
            }
        }
    }
    let waters = by_period
        .into_iter()
        .map(|((valid_from, valid_to), polygons)| OpenWater {
            valid_from,
            valid_to,
            polygons,
            provenance,
        })
        .collect();
    (waters, left_out)
}

/// The surfaces that held, by the zone's index, then by year. What several datasets draw for one period adds up;
/// in each zone the one that takes most of the land speaks. Periods do not overlap.
pub fn stage(
    zones: &[Zone],
    resolution: Resolution,
    rows: Rows,
    land: &LandRows,
    waters: &[OpenWater],
) -> Vec<(usize, Era)> {
    let mut by_period: BTreeMap<(i32, i32), Vec<&OpenWater>> = BTreeMap::new();
    for water in waters {
        by_period.entry((water.valid_from, water.valid_to)).or_default().push(water);
    }
    let mut eras: BTreeMap<(usize, i32), Era> = BTreeMap::new();
    for ((valid_from, valid_to), drawn) in by_period {
        let polygons: Vec<Polygon> =
            drawn.iter().flat_map(|water| water.polygons.iter().cloned()).collect();
        let all = Areas::cut(&polygons, rows);
        let each: Vec<(Areas, ProvenanceId)> = drawn
            .iter()
            .map(|water| (Areas::cut(&water.polygons, rows), water.provenance))
            .collect();
        let Some(edges) = areas::bounds(&Geometry::MultiPolygon(polygons.into())) else { continue };
        for (index, spans) in areas::zones_about(zones, resolution, rows, edges) {
            let (today, then) = (permille(land, None, &spans), permille(land, Some(&all), &spans));
            if today.saturating_sub(then) < CHANGE_LEAST_PERMILLE {
                continue;
            }
            let most = each.iter().min_by_key(|(water, _)| permille(land, Some(water), &spans));
            let Some(&(_, provenance)) = most else { continue };
            let surface = Surface { kind: surface::kind(then), land_permille: then, provenance };
            eras.insert((index, valid_from), Era { valid_from, valid_to, surface });
        }
    }
    eras.into_iter().map(|((index, _), era)| (index, era)).collect()
}

/// The land of a zone, thousandths, less what lies under `water`.
fn permille(land: &LandRows, water: Option<&Areas>, spans: &[Span]) -> u16 {
    let (mut all, mut dry) = (0.0, 0.0);
    for &span in spans {
        all += span.east - span.west;
        dry += land.land_in(span);
        for (west, east) in water.into_iter().flat_map(|water| water.within(span)) {
            dry -= land.land_in(Span { row: span.row, west, east });
        }
    }
    if all > 0.0 { (1000.0 * dry / all).round().clamp(0.0, 1000.0) as u16 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::item::tests::row;
    use geo_types::polygon;
    use serde_json::json;
    use tessera_grid::{BBox, Position, zones_in};
    use tessera_world::SurfaceKind;

    fn square(west: f64, south: f64, east: f64, north: f64) -> Polygon {
        polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)]
    }

    #[test]
    fn a_gulf_that_has_silted_up_is_sea_in_its_period_alone() {
        let bbox = BBox::new(26.0, 37.0, 29.0, 39.0).unwrap();
        let zones = zones_in(bbox, Resolution::FIVE);
        let rows = Rows::for_resolution(Resolution::FIVE);
        let land = LandRows::cut(&[square(27.2, 30.0, 60.0, 50.0)], rows, bbox);
        let gulf = row(json!({}));
        let shape = Geometry::Polygon(square(27.0, 37.7, 27.7, 38.3));
        let items = [Item { row: 1, id: None, geometry: Some(&shape), fields: &gulf }];
        let (waters, left_out) =
            waters(items, &Fields::new(&[("period", "=hellenistic")]), ProvenanceId(4));
        assert!(left_out.is_empty());
        let eras = stage(&zones, Resolution::FIVE, rows, &land, &waters);
        let at = |longitude: f64| {
            let zone = Zone::at(Position::new(38.0, longitude).unwrap(), Resolution::FIVE);
            let index = zones.binary_search(&zone).unwrap();
            eras.iter().find(|(other, _)| *other == index).map(|(_, era)| *era)
        };
        let inside = at(27.45).unwrap();
        assert_eq!((inside.valid_from, inside.valid_to), (-329, -30));
        assert_eq!((inside.surface.kind, inside.surface.land_permille), (SurfaceKind::Sea, 0));
        assert!(at(28.2).is_none()); // land then as now
        assert!(at(26.8).is_none()); // sea then as now
    }

    #[test]
    fn two_datasets_of_one_period_add_up_and_each_zone_says_whose_water_it_is() {
        let bbox = BBox::new(26.0, 37.0, 29.0, 39.0).unwrap();
        let zones = zones_in(bbox, Resolution::FIVE);
        let rows = Rows::for_resolution(Resolution::FIVE);
        let land = LandRows::cut(&[square(20.0, 30.0, 60.0, 50.0)], rows, bbox);
        let drawn = |west: f64, east: f64, provenance| OpenWater {
            valid_from: -29,
            valid_to: 299,
            polygons: vec![square(west, 37.5, east, 38.5)],
            provenance: ProvenanceId(provenance),
        };
        let eras = stage(
            &zones,
            Resolution::FIVE,
            rows,
            &land,
            &[drawn(26.5, 27.5, 4), drawn(27.3, 28.3, 5)],
        );
        let at = |longitude: f64| {
            let zone = Zone::at(Position::new(38.0, longitude).unwrap(), Resolution::FIVE);
            let index = zones.binary_search(&zone).unwrap();
            let here = eras.iter().filter(|(other, _)| *other == index);
            here.map(|(_, era)| (era.surface.land_permille, era.surface.provenance.0))
                .collect::<Vec<_>>()
        };
        assert_eq!((at(26.9), at(27.9)), (vec![(0, 4)], vec![(0, 5)]));
    }

    /// As of an atlas that draws a water for several periods beside one that draws each by itself.
    #[test]
    fn a_water_of_several_periods_is_the_water_of_each_and_no_year_has_two() {
        let shape = Geometry::Polygon(square(26.5, 37.5, 27.5, 38.5));
        let [several, single] = ["HL", "L"].map(|letters| row(json!({"letters": letters})));
        let item = |row, fields| Item { row, id: None, geometry: Some(&shape), fields };
        let fields = Fields::new(&[("period", "letters")]);
        let (waters, _) = waters([item(1, &several), item(2, &single)], &fields, ProvenanceId(4));
        let years =
            waters.iter().map(|water| (water.valid_from, water.valid_to, water.polygons.len()));
        assert_eq!(years.collect::<Vec<_>>(), [(-329, -30, 1), (300, 640, 2)]);
    }

    #[test]
    fn a_shape_without_area_or_period_is_left_out() {
        let map = row(json!({"timeperiod": "BAtlas_20"}));
        let line = Geometry::LineString(vec![(27.0, 37.0), (28.0, 37.0)].into());
        let area = Geometry::Polygon(square(27.0, 37.7, 27.7, 38.3));
        let item = |row, geometry| Item { row, id: None, geometry: Some(geometry), fields: &map };
        let (found, left_out) = waters(
            [item(1, &line), item(2, &area)],
            &Fields::new(&[("period", "timeperiod")]),
            ProvenanceId(4),
        );
        assert!(found.is_empty());
        let rules: Vec<_> = left_out.iter().map(|(row, rule, _)| (*row, *rule)).collect();
        assert_eq!(rules, [(1, "feature_geometry"), (2, "feature_years")]);
    }
}
