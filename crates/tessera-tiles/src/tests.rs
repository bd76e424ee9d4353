//! Tiles as a reader sees them: gunzipped, decoded by another hand, and compared with what was drawn.

use super::*;
use decode::{Feature, Layers, layers};
use geo_types::{Coord, LineString, Polygon};
use std::collections::BTreeSet;
use tessera_grid::{BBox, Position, Resolution, Zone};
use tessera_release::Tileset;
use tessera_stage::raster::Raster;
use tessera_stage::staged::RiverLine;
use tessera_world::{Certainty, Harbour, Place, ProvenanceId, ReleaseInfo};

fn world(bbox: BBox) -> Staged {
    let resolution = Resolution::FIVE;
    let info = ReleaseInfo {
        title: "Test".to_owned(),
        epoch: 150,
        epochs: vec![150],
        resolution,
        coarse_resolution: resolution,
        bbox,
        zones: 0,
        places: 0,
    };
    Staged::empty(&info, Vec::new())
}

fn place(id: &str, rank: u8, longitude: f64, latitude: f64) -> Place {
    let position = Position::new(latitude, longitude).unwrap();
    Place {
        id: id.to_owned(),
        latin: "Ostia".to_owned(),
        modern: "Ostia Antica".to_owned(),
        position,
        zone: Zone::at(position, Resolution::FIVE),
        water_zone: None,
        province: "Italia".to_owned(),
        harbour: Harbour::Sea,
        rank,
        population: None,
        certainty: Certainty::Certain,
        citation: "pleiades:422995".to_owned(),
        valid_from: None,
        valid_to: None,
        note: String::new(),
        provenance: ProvenanceId(1),
    }
}

/// Two pieces of one land, 2..8 E and 41..46 N, split at 7.5 E; in it a sea of 118,000 km2 and a lake with
/// an island; off it an island; rivers; places.
fn small_world() -> Staged {
    let mut staged = world(BBox::new(0.0, 40.0, 10.0, 47.0).unwrap());
    let ring = |west: f64, south: f64, east: f64, north: f64| -> LineString {
        vec![(west, south), (east, south), (east, north), (west, north), (west, south)].into()
    };
    let waters = vec![ring(2.6, 42.0, 7.0, 45.0), ring(3.0, 41.2, 3.5, 41.7)];
    staged.land = vec![
        Polygon::new(ring(2.0, 41.0, 7.5, 46.0), waters),
        Polygon::new(ring(7.5, 41.0, 8.0, 46.0), Vec::new()),
        Polygon::new(ring(3.2, 41.4, 3.3, 41.5), Vec::new()),
        Polygon::new(ring(9.0, 41.0, 9.02, 41.02), Vec::new()),
    ];
    staged.river_lines = vec![
        RiverLine {
            latin: None,
            modern: Some("Rhodanus".to_owned()),
            scalerank: 2,
            upstream_km2: Some(96_925),
            line: LineString::from(vec![(6.0, 45.9), (6.0, 44.0), (5.0, 41.0)]),
        },
        RiverLine {
            latin: None,
            modern: None,
            scalerank: 9,
            upstream_km2: None,
            line: LineString::from(vec![(7.0, 45.0), (7.5, 41.5)]),
        },
    ];
    staged.places = vec![place("ostia", 1, 4.5, 42.0), place("portus", 4, 5.5, 42.0)];
    staged
}

fn rendered(staged: &Staged) -> Vec<Tile> {
    render(staged, &|_, _| {}).unwrap()
}

fn at_zoom(tiles: &[Tile], z: u8) -> Vec<(TileAddress, Layers)> {
    tiles
        .iter()
        .filter(|tile| tile.tileset == Tileset::World && tile.at.z == z)
        .map(|tile| (tile.at, layers(&tile.data)))
        .collect()
}

/// A feature's parts in degrees.
fn degrees(at: TileAddress, feature: &Feature) -> Vec<Vec<Coord>> {
    let corner = mercator::tile_corner(at);
    let point = |&(x, y): &(i64, i64)| {
        mercator::unproject(Coord { x: corner.x + x as f64, y: corner.y + y as f64 }, at.z)
    };
    feature.parts.iter().map(|part| part.iter().map(point).collect()).collect()
}

/// Square units of a layer's rings within the tile itself, waters and islands taken off.
fn visible_area(layers: &Layers, layer: &str) -> f64 {
    let parts = layers.get(layer).into_iter().flatten().flat_map(|feature| &feature.parts);
    parts
        .map(|part| {
            let ring: Vec<Coord> =
                part.iter().map(|&(x, y)| Coord { x: x as f64, y: y as f64 }).collect();
            let visible = clip::Rect { min: Coord::zero(), max: Coord { x: 4096.0, y: 4096.0 } };
            clip::signed_area_doubled(&clip::clip_ring(&ring, visible)) / 2.0
        })
        .sum()
}

#[test]
fn every_zoom_has_the_areas_of_land_and_lakes_wound_as_mvt_asks() {
    let tiles = rendered(&small_world());
    for z in 4..=WORLD_ZOOM_MAX {
        let unit = 360.0 / mercator::world_units(z);
        let mut of_lands = 0.0;
        let mut of_lakes = 0.0;
        for (at, layers) in at_zoom(&tiles, z) {
            of_lands += visible_area(&layers, "land");
            of_lakes += visible_area(&layers, "lakes");
            assert!(at.row < 1 << z && at.col < 1 << z);
        }
        // Widths are in degrees of longitude; heights are in the same units on the map.
        let height = |south: f64, north: f64| {
            let y = |y| mercator::project(Coord { x: 0.0, y }, z).y;
            y(south) - y(north)
        };
        let island = if z < 6 { 0.0 } else { 0.02 / unit * height(41.0, 41.02) };
        let sea = 4.4 / unit * height(42.0, 45.0);
        let lands = of_lands / (6.0 / unit * height(41.0, 46.0) - sea + island);
        let lake = 0.5 / unit * height(41.2, 41.7) - 0.1 / unit * height(41.4, 41.5);
        let lakes = of_lakes / lake;
        assert!((lands - 1.0).abs() < 0.002, "zoom {z}: {lands} of the area of land");
        assert!((lakes - 1.0).abs() < 0.03, "zoom {z}: {lakes} of the area of lakes");
    }
}

#[test]
fn the_coast_runs_round_the_land_and_nowhere_else() {
    for (at, layers) in at_zoom(&rendered(&small_world()), 7) {
        for feature in layers.get("coast").into_iter().flatten() {
            assert_eq!(feature.kind, 2);
            for line in degrees(at, feature) {
                for pair in line.windows(2) {
                    let middle = (pair[0] + pair[1]) / 2.0;
                    let near = |value: f64, edges: &[f64]| {
                        edges.iter().any(|edge| (value - edge).abs() < 0.002)
                    };
                    let mainland = near(middle.x, &[2.0, 8.0]) || near(middle.y, &[41.0, 46.0]);
                    let sea = near(middle.x, &[2.6, 7.0]) || near(middle.y, &[42.0, 45.0]);
                    let island = near(middle.x, &[9.0, 9.02]) || near(middle.y, &[41.02]);
                    // 7.5 is the seam between the pieces, 2.8125 and 5.625 are edges of tiles, the lake
                    // is no coast.
                    assert!(mainland || sea || island, "coast at {middle:?} in {at:?}");
                }
            }
        }
    }
}

#[test]
fn the_coast_is_as_long_as_the_shores() {
    let tiles = rendered(&small_world());
    let mut units = 0.0;
    for (_, layers) in at_zoom(&tiles, 7) {
        for line in layers.get("coast").into_iter().flatten().flat_map(|feature| &feature.parts) {
            let line: Vec<Coord> =
                line.iter().map(|&(x, y)| Coord { x: x as f64, y: y as f64 }).collect();
            let visible = clip::Rect { min: Coord::zero(), max: Coord { x: 4096.0, y: 4096.0 } };
            for piece in clip::clip_line(&line, visible) {
                units +=
                    piece.windows(2).map(|p| (p[1].x - p[0].x).hypot(p[1].y - p[0].y)).sum::<f64>();
            }
        }
    }
    let y = |y| mercator::project(Coord { x: 0.0, y }, 7).y;
    let unit = 360.0 / mercator::world_units(7);
    let round = |width: f64, south: f64, north: f64| 2.0 * (width / unit + y(south) - y(north));
    let expected = round(6.0, 41.0, 46.0) + round(4.4, 42.0, 45.0) + round(0.02, 41.0, 41.02);
    assert!((units / expected - 1.0).abs() < 0.001, "{units} of {expected}");
}

#[test]
fn a_river_keeps_its_line_and_says_its_name_and_size() {
    let tiles = rendered(&small_world());
    let rivers = |z| -> Vec<(TileAddress, Feature)> {
        let of = |(at, mut layers): (TileAddress, Layers)| {
            layers
                .remove("rivers")
                .unwrap_or_default()
                .into_iter()
                .map(move |feature| (at, feature))
        };
        at_zoom(&tiles, z).into_iter().flat_map(of).collect()
    };
    let attributes = |z| -> BTreeSet<Vec<(String, String)>> {
        rivers(z).into_iter().map(|(_, feature)| feature.attributes.into_iter().collect()).collect()
    };
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let rhone =
        vec![pair("name", "Rhodanus"), pair("scalerank", "2"), pair("upstream_km2", "96925")];
    assert_eq!(attributes(5), BTreeSet::from([rhone.clone()]));
    assert_eq!(attributes(7), BTreeSet::from([rhone, vec![pair("scalerank", "9")]]));
    for (at, feature) in rivers(7).into_iter().filter(|(_, feature)| feature.attributes.len() == 3)
    {
        for point in degrees(at, &feature).concat() {
            let x = if point.y >= 44.0 { 6.0 } else { 5.0 + (point.y - 41.0) / 3.0 };
            // Straight on the map is not quite straight in degrees: 0.01 degrees in a leg of three.
            assert!((point.x - x).abs() < 0.02, "{point:?}");
        }
    }
}

#[test]
fn each_place_stands_in_one_tile_of_each_zoom_that_shows_its_rank() {
    let tiles = rendered(&small_world());
    for (z, expected) in [
        (0, vec!["ostia"]),
        (4, vec!["ostia"]),
        (5, vec!["ostia", "portus"]),
        (7, vec!["ostia", "portus"]),
    ] {
        let mut found = Vec::new();
        for (at, layers) in at_zoom(&tiles, z) {
            for feature in layers.get("places").into_iter().flatten() {
                assert_eq!(feature.kind, 1);
                let point = degrees(at, feature).concat()[0];
                let longitude = if feature.attributes["id"] == "ostia" { 4.5 } else { 5.5 };
                let half_unit = 180.0 / mercator::world_units(z);
                assert!((point.x - longitude).abs() <= half_unit * 1.01, "{point:?}");
                found.push(feature.attributes["id"].clone());
            }
        }
        found.sort();
        assert_eq!(found, expected, "zoom {z}");
    }
}

#[test]
fn a_place_carries_what_a_map_needs_to_draw_it() {
    let (_, layers) = at_zoom(&rendered(&small_world()), 0).remove(0);
    let attributes: Vec<(&str, &str)> = layers["places"][0]
        .attributes
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        attributes,
        [
            ("certainty", "certain"),
            ("harbour", "sea"),
            ("id", "ostia"),
            ("latin", "Ostia"),
            ("modern", "Ostia Antica"),
            ("province", "Italia"),
            ("rank", "1"),
        ]
    );
}

#[test]
fn a_ring_that_begins_where_the_last_one_ended_is_a_ring_of_its_own() {
    let at = TileAddress { z: 0, row: 0, col: 0 };
    let ring = |points: [(f64, f64); 3]| vec![points.map(|(x, y)| Coord { x, y }).to_vec()];
    // Both wind as outlines; the second begins at 10, 10, where the first ends.
    let polygons = [
        ring([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]),
        ring([(10.0, 10.0), (20.0, 10.0), (20.0, 20.0)]),
    ];
    let mut tile = encode::TileBuilder::new(at);
    tile.add(tile.layer("land").polygons(&polygons).unwrap()).unwrap();
    let bytes = encode::gzip(&tile.bytes().unwrap().unwrap()).unwrap();
    let parts = layers(&bytes).remove("land").unwrap().remove(0).parts;
    let lengths: Vec<usize> = parts.iter().map(Vec::len).collect();
    assert_eq!((lengths, &parts[0]), (vec![3, 3], &vec![(0, 0), (10, 0), (10, 10)]));
    assert!(parts[1].contains(&(10, 10)));
}

#[test]
fn open_sea_is_no_tile() {
    let tiles = rendered(&small_world());
    let mut addresses = at_zoom(&tiles, 7).into_iter().map(|(at, _)| at);
    // 0..2.8 E, 46.6..48.5 N is sea: the land begins at 46 N.
    assert!(addresses.all(|at| (at.row, at.col) != (44, 64)));
    assert_eq!(rendered(&world(BBox::new(0.0, 40.0, 10.0, 47.0).unwrap())), vec![]);
}

#[test]
fn equal_worlds_give_equal_bytes_in_the_order_of_the_table() {
    let mut staged = small_world();
    staged.heights = Raster {
        west: -1.0,
        north: 48.0,
        step_longitude: 0.5,
        step_latitude: 0.5,
        columns: 24,
        rows: 18,
        values: (0..24 * 18).map(|i| (i * 37 % 997) as f32).collect(),
    };
    let tiles = rendered(&staged);
    assert_eq!(tiles, rendered(&staged));
    let keys: Vec<_> = tiles.iter().map(|tile| (tile.tileset.as_str(), tile.at)).collect();
    assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
    let relief: Vec<u8> =
        tiles.iter().filter(|tile| tile.tileset == Tileset::Relief).map(|tile| tile.at.z).collect();
    assert_eq!((relief.first(), relief.last()), (Some(&0), Some(&RELIEF_ZOOM_MAX)));
}

#[test]
fn the_tick_ends_at_the_whole() {
    let last = Mutex::new((0, 0));
    let tick = |done, total| {
        let mut last = last.lock().unwrap();
        if done > last.0 {
            *last = (done, total);
        }
    };
    render(&small_world(), &tick).unwrap();
    let (done, total) = *last.lock().unwrap();
    assert!(done == total && total > 8, "{done} of {total}");
}
