//! Features of publishers: counts that they state, quirks that they name, positions that can be looked up.

use super::file;
use geo_types::{Coord, Geometry, LineString};
use std::process::Command;
use tessera_formats::{Batch, Record, RecordFormat, point_of, records, text_of, year_of};

fn read(name: &str, format: RecordFormat) -> Batch<Record> {
    records(&file(name), format).unwrap()
}

/// Rows that are bad, with their code.
fn bad(batch: &Batch<Record>) -> Vec<(u64, &str)> {
    batch.bad.iter().map(|row| (row.row, row.reason_code)).collect()
}

#[test]
fn published_geojson_has_the_counts_its_sources_state() {
    for (name, good, expected) in [
        ("amphitheaters-heath/roman-amphitheaters.geojson", 276, vec![]),
        ("awmc-geodata/aqueducts.geojson", 323, vec![]),
        ("awmc-geodata/canals.geojson", 62, vec![]),
        ("awmc-geodata/urban_areas.geojson", 95, vec![]),
        // Its first feature is a line without points.
        ("awmc-geodata/roman_empire_ce_200_provinces.geojson", 80, vec![(1, "geometry_missing")]),
        ("dare-klokantech/places_high.geojson", 9844, vec![]),
        ("dare-klokantech/places_low.geojson", 1523, vec![]),
        ("dare-klokantech/places_subsites.geojson", 2458, vec![]),
        // One of its 3166 roads has no line.
        ("dare-klokantech/roads_low.geojson", 3165, vec![(2221, "geometry_missing")]),
        ("dare-klokantech/10m_rivers_lake_centerlines.geojson", 103, vec![]),
        ("dare-klokantech/10m_lakes.geojson", 37, vec![]),
        ("dare-klokantech/provinces.geojson", 53, vec![]),
        ("geology-crust1-plates/PB2002_orogens.json", 13, vec![]),
        ("natural-earth-geojson/ne_10m_coastline_crop.geojson", 341, vec![]),
        ("natural-earth-geojson/ne_10m_lakes_europe.json", 767, vec![]),
        ("natural-earth-geojson/ne_10m_rivers_europe.json", 1334, vec![]),
    ] {
        let batch = read(name, RecordFormat::GeoJson);
        assert_eq!((batch.items.len(), bad(&batch)), (good, expected), "{name}");
    }
}

#[test]
fn published_years_are_numbers_texts_or_unknown() {
    let years = |record: &Record| {
        let year = |field| year_of(&record.properties, field).unwrap();
        (year("startyear"), year("endyear"))
    };
    let high = read("dare-klokantech/places_high.geojson", RecordFormat::GeoJson);
    let unknown = |of: &dyn Fn((Option<i32>, Option<i32>)) -> bool| {
        high.items.iter().filter(|record| of(years(record))).count()
    };
    assert_eq!(unknown(&|(from, _)| from.is_none()), 4159, "a start of 0 means unknown");
    assert_eq!(unknown(&|both| both == (None, None)), 4151, "8 of them have an end");
    let subsites = read("dare-klokantech/places_subsites.geojson", RecordFormat::GeoJson);
    assert_eq!(years(&subsites.items[0]), (Some(-750), Some(-330)), "years stored as text");
}

#[test]
fn published_gazetteer_of_a_place_a_line_keeps_precision_beside_the_point() {
    let batch = read("pleiades-geojson/pleiades_places_medbox.ndjson.gz", RecordFormat::NdJson);
    assert_eq!((batch.items.len(), batch.bad.len()), (31_888, 0));
    let first = &batch.items[0];
    assert_eq!((first.row, first.id.as_deref()), (1, Some("1000")));
    assert_eq!(first.geometry, Geometry::Point(geo_types::Point::new(7.5, 47.5)));
    assert_eq!(text_of(&first.properties, "title").as_deref(), Some("Germania Superior"));
    let precision = first.properties["features"][1]["properties"]["location_precision"].as_str();
    assert_eq!(precision, Some("rough"));
}

#[test]
fn published_open_water_says_what_its_folder_hides() {
    let of = |name: &str| {
        let batch = read(&format!("awmc-geodata/{name}.shp"), RecordFormat::Shapefile);
        let notes: Vec<&str> = batch.notes.iter().map(|note| note.code).collect();
        let bad: Vec<(u64, String)> =
            batch.bad.iter().map(|row| (row.row, row.reason_code.to_owned())).collect();
        (batch.items.len(), bad, notes)
    };
    let deleted = |row: u64| (row, "row_deleted".to_owned());
    assert_eq!(
        of("classical_open_water/classical_open_water"),
        (4, vec![deleted(4)], vec!["prj_missing"])
    );
    assert_eq!(
        of("hellenistic_open_water/hellenistic_open_water"),
        (3, vec![deleted(3), deleted(4)], vec![])
    );
    assert_eq!(of("archaic_open_water/archaic_open_water"), (2, vec![], vec![]));
    assert_eq!(of("roman_open_water/roman_open_water"), (2, vec![], vec![]));
    assert_eq!(of("late_open_water/late_open_water"), (3, vec![], vec![]));
}

#[test]
fn published_shapefiles_have_the_counts_their_sources_state() {
    let land = read("natural-earth-magics/ne_10m_land.shp", RecordFormat::Shapefile);
    assert_eq!((land.items.len(), bad(&land)), (7979, vec![(7449, "geometry_missing")]));
    let rivers =
        read("natural-earth-magics/ne_10m_rivers_lake_centerlines.shp", RecordFormat::Shapefile);
    assert_eq!((rivers.items.len(), rivers.bad.len()), (1454, 0));
    let nile = rivers
        .items
        .iter()
        .filter(|river| text_of(&river.properties, "name").as_deref() == Some("Nile"));
    assert!(nile.count() > 0);
    let links = read("efas-rivers-magics/efas_rivers_up1000.shp", RecordFormat::Shapefile);
    assert_eq!((links.items.len(), links.bad.len()), (47_910, 0));
    assert!(
        links
            .items
            .iter()
            .all(|link| matches!(&link.geometry, Geometry::LineString(line) if line.0.len() == 2))
    );
}

fn positions(geometry: &Geometry<f64>) -> Vec<Coord<f64>> {
    match geometry {
        Geometry::LineString(line) => line.0.clone(),
        Geometry::MultiLineString(lines) => {
            lines.0.iter().flat_map(|line: &LineString<f64>| line.0.clone()).collect()
        }
        other => panic!("no line: {other:?}"),
    }
}

fn metres(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (dx, dy) = ((a.x - b.x) * b.y.to_radians().cos(), a.y - b.y);
    dx.hypot(dy) * 111_195.0
}

/// The roads lie on a Lambert cone over ED50; GDAL, with PROJ's own choice of datum shift, is the judge.
#[test]
fn published_roads_on_a_lambert_cone_land_where_gdal_puts_them() {
    let name = "darmc-roman-roads/roman_roads_v2008.shp";
    let ours = read(name, RecordFormat::Shapefile);
    assert_eq!((ours.items.len(), ours.bad.len()), (7154, 0));
    assert_eq!(ours.notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["reprojected"]);
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("roads.geojson");
    let gdal = Command::new("ogr2ogr")
        .args(["-t_srs", "EPSG:4326", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9"])
        .arg(&target)
        .arg(file(name))
        .output();
    let Ok(done) = gdal else {
        println!("NOT JUDGED: ogr2ogr is not installed");
        return;
    };
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let theirs = records(&target, RecordFormat::GeoJson).unwrap();
    assert_eq!(theirs.items.len(), ours.items.len());
    let mut largest: f64 = 0.0;
    for (ours, theirs) in ours.items.iter().zip(&theirs.items) {
        let (ours, theirs) = (positions(&ours.geometry), positions(&theirs.geometry));
        assert_eq!(ours.len(), theirs.len());
        let pairs = ours.into_iter().zip(theirs);
        largest = pairs.map(|(a, b)| metres(a, b)).fold(largest, f64::max);
    }
    println!("largest difference to GDAL: {largest:.1} m");
    assert!(largest < 200.0, "{largest:.1} m");
}

/// A second judge that has nothing to do with projections: another atlas of the same roads.
#[test]
fn published_roads_of_two_atlases_meet_within_their_drawing() {
    let darmc = read("darmc-roman-roads/roman_roads_v2008.shp", RecordFormat::Shapefile);
    let dare = read("dare-klokantech/roads_low.geojson", RecordFormat::GeoJson);
    let italy = |at: &Coord<f64>| (12.0..13.0).contains(&at.x) && (41.0..42.5).contains(&at.y);
    let points = |batch: &Batch<Record>| -> Vec<Coord<f64>> {
        batch.items.iter().flat_map(|record| positions(&record.geometry)).filter(italy).collect()
    };
    let (ours, theirs) = (points(&darmc), points(&dare));
    let nearest =
        |at: &Coord<f64>| theirs.iter().map(|other| metres(*at, *other)).fold(f64::MAX, f64::min);
    let mut distances: Vec<f64> = ours.iter().map(nearest).collect();
    distances.sort_by(f64::total_cmp);
    let median = distances[distances.len() / 2];
    println!(
        "{} points round Rome, median distance to the other atlas {median:.0} m",
        distances.len()
    );
    assert!(median < 1500.0, "{median}");
}

#[test]
fn published_places_have_positions_or_a_reason() {
    let cities = read("amphitheaters-heath/roman-amphitheaters.geojson", RecordFormat::GeoJson);
    assert!(cities.items.iter().all(|record| matches!(record.geometry, Geometry::Point(_))));
    assert!(point_of(&cities.items[0].properties, "nowhere", "neither").is_err());
}
