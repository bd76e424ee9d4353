//! The field's own clients as judges: GDAL, OWSLib, and schemathesis against the API document.

use crate::scene::{Store, cells, features, places, write};
use geo_types::{Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon};
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::Path, process::Command};
use tessera_world::{COLLECTIONS, CollectionKind, Feature, Shapes};
use theron_testkit::world::{MADE, SmallWorld};

async fn scene() -> (Store, tempfile::TempDir) {
    let store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    store.publish(&write(folder.path(), "first")).await;
    (store, folder)
}

fn gdal(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| {
        panic!("{program}: {error}; run `cargo xtask test`, which installs gdal-bin")
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {errors}");
    assert!(!errors.contains("ERROR"), "{program} {arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Features of a collection as GDAL reads them.
fn read(source: &str, folder: &Path, name: &str, extra: &[&str]) -> Vec<Value> {
    let into = folder.join(format!("{name}{}.json", extra.len()));
    let mut arguments = vec!["-f", "GeoJSON", into.to_str().unwrap(), source, name];
    arguments.extend(["-oo", "PAGE_SIZE=10"]);
    arguments.extend(extra);
    gdal("ogr2ogr", &arguments);
    let file: Value = serde_json::from_slice(&std::fs::read(into).unwrap()).unwrap();
    file["features"].as_array().unwrap().clone()
}

/// GDAL turns an id that is no number into a column.
fn ids(features: &[Value]) -> Vec<String> {
    let id = |feature: &Value| feature["properties"]["id"].as_str().unwrap().to_owned();
    features.iter().map(id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn gdal_walks_every_collection_to_its_end() {
    let (mut store, folder) = scene().await;
    let source = format!("OAPIF:{}", store.public_url());
    let listed = gdal("ogrinfo", &[&source]);
    let list = store.json("/collections").await;
    for collection in list["collections"].as_array().unwrap() {
        let name = collection["id"].as_str().unwrap();
        assert!(listed.contains(name), "{name} is not in {listed}");
        let found = ids(&read(&source, folder.path(), name, &[]));
        let page = store.json(&format!("/collections/{name}/items?limit=10000")).await;
        let served: Vec<&str> = page["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["id"].as_str().unwrap())
            .collect();
        assert_eq!(found, served, "{name}");
        assert!(!found.is_empty(), "{name}");
    }
    let all: Vec<String> = cells().iter().map(|cell| cell.zone.to_string()).collect();
    let found = read(&source, folder.path(), "cells", &[]);
    assert_eq!(ids(&found), all);
    assert_eq!(found[0]["properties"]["river_latin"], "Tiberis");
    assert_eq!(found[0]["properties"]["wind_v_cm_s"], json!(vec![-340; 12]));
    let found = ids(&read(&source, folder.path(), "places", &[]));
    assert_eq!(found, places().into_iter().map(|place| place.id).collect::<Vec<_>>());
    let found = ids(&read(&source, folder.path(), "mines", &[]));
    let mines = features().into_iter().filter(|feature| feature.collection == "mines");
    assert_eq!(found, mines.map(|mine| mine.id).collect::<Vec<_>>());
    store.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gdal_asks_by_box_and_gets_what_the_store_says_lies_there() {
    let (mut store, folder) = scene().await;
    let source = format!("OAPIF:{}", store.public_url());
    let ask = |name: &str, corners: [&str; 4]| {
        let [west, south, east, north] = corners;
        ids(&read(&source, folder.path(), name, &["-spat", west, south, east, north]))
    };
    assert_eq!(ask("places", ["12.2", "41.7", "12.5", "41.8"]), ["ostia", "portus"]);
    assert_eq!(ask("roads", ["12.6", "41.6", "13.0", "41.8"]), ["appia"]);
    let asked = store.json("/collections/cells/items?bbox=12.2,41.2,13.0,42.0").await;
    let served: Vec<String> = asked["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ask("cells", ["12.2", "41.2", "13.0", "42.0"]), served);
    store.stop().await;
}

/// Something of every collection that a release may have: once as one shape, once as several where it may be.
fn every_collection() -> Vec<Feature> {
    let line = |y: f64| LineString::from(vec![(12.1, y), (12.9, y + 0.1), (13.6, y)]);
    let area = |y: f64| Polygon::new(line(y), Vec::new());
    let shapes = |kind: Shapes| -> [Geometry<f64>; 2] {
        match kind {
            Shapes::Points => [Point::new(12.5, 41.5).into(), Point::new(13.5, 41.0).into()],
            Shapes::Lines => {
                [line(41.0).into(), MultiLineString(vec![line(41.2), line(41.4)]).into()]
            }
            Shapes::Areas => [area(41.0).into(), MultiPolygon(vec![area(41.2), area(41.4)]).into()],
        }
    };
    let of = |kind: &CollectionKind| {
        let feature = |(id, shape): (&str, Geometry<f64>)| Feature {
            title: format!("One of {}", kind.id),
            ..Feature::new(kind.id, id.to_owned(), shape, MADE)
        };
        let [one, several] = shapes(kind.shapes);
        [("a-one", one), ("b-several", several)].map(feature)
    };
    let mut all: Vec<Feature> = COLLECTIONS.iter().flat_map(of).collect();
    all.sort_by(|a, b| a.key().cmp(&b.key()));
    all
}

fn shapes_of(feature: &Value) -> &'static str {
    match feature["geometry"]["type"].as_str().unwrap() {
        "Point" => "points",
        "LineString" | "MultiLineString" => "lines",
        "Polygon" | "MultiPolygon" => "polygons",
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gdal_takes_a_release_of_everything_into_shapefiles_and_loses_nothing() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld { features: every_collection(), ..SmallWorld::latium() };
    store.publish(&world.write(&folder.path().join("world.sqlite3")).unwrap()).await;
    let into = folder.path().join("shapes");
    let source = format!("OAPIF:{}", store.public_url());
    // A Shapefile has no lists: months become words.
    let words = ["-mapFieldType", "IntegerList=String"];
    let arguments = ["-q", "-f", "ESRI Shapefile", into.to_str().unwrap(), &source];
    gdal("ogr2ogr", &[arguments.as_slice(), &words].concat());
    let list = store.json("/collections").await;
    let all = list["collections"].as_array().unwrap();
    assert!(all.len() > COLLECTIONS.len());
    for collection in all {
        let name = collection["id"].as_str().unwrap();
        let page = store.json(&format!("/collections/{name}/items?limit=10000")).await;
        let served = page["features"].as_array().unwrap();
        let kinds: BTreeSet<&str> = served.iter().map(shapes_of).collect();
        assert_eq!(kinds.len(), 1, "{name}: {kinds:?}");
        if let Some(kind) = CollectionKind::of(name) {
            assert!(kinds.contains(kind.shapes.as_str()), "{name}: {kinds:?}");
            let said = collection["description"].as_str().unwrap();
            assert_eq!(said, format!("{}, as {}.", kind.what, kind.shapes.as_str()));
        }
        let file = into.join(format!("{name}.shp"));
        let taken = gdal("ogrinfo", &["-so", file.to_str().unwrap(), name]);
        let taken = taken.lines().find_map(|line| line.strip_prefix("Feature Count: "));
        assert_eq!(taken, Some(served.len().to_string().as_str()), "{name}");
    }
    store.stop().await;
}

/// A program of the judges' own Python.
fn judge(program: &str) -> Command {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/judges/bin").join(program);
    assert!(home.exists(), "no {}; run `cargo xtask test`, which installs it", home.display());
    Command::new(home)
}

#[tokio::test(flavor = "multi_thread")]
async fn owslib_reads_every_collection() {
    let (mut store, _folder) = scene().await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/owslib_walk.py");
    let output = judge("python").arg(script).arg(store.public_url()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let walked: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(walked["places"], places().len());
    assert_eq!(walked["cells"], cells().len());
    assert_eq!((&walked["mines"], &walked["roads"]), (&json!(3), &json!(1)));
    assert_eq!(walked["places that begin with o"], 1);
    let list = store.json("/collections").await;
    let sampled = list["collections"].as_array().unwrap().iter();
    let sampled = sampled.filter(|one| !one["data_queries"].is_null()).map(|one| &one["id"]);
    let sampled: BTreeSet<&str> = sampled.map(|id| id.as_str().unwrap()).collect();
    assert!(sampled.contains("cells-wind"));
    assert_eq!(walked["sampled"], json!(sampled), "in order");
    store.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn geopandas_reads_every_export_as_the_api_says_it() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium();
    store.publish(&world.write(&folder.path().join("world.sqlite3")).unwrap()).await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/geopandas_read.py");
    let output = judge("python").arg(script).arg(store.public_url()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = store.json("/collections").await;
    let all = list["collections"].as_array().unwrap();
    assert_eq!(read.as_object().unwrap().len(), all.len());
    assert_eq!((&read["cells"], &read["places"]), (&json!(world.cells.len()), &json!(5)));
    let rivers = world.cells.iter().filter(|cell| cell.river.is_some()).count();
    assert_eq!((&read["cells-river"], &read["settlements"]), (&json!(rivers), &json!(3)));
    store.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_no_answer_that_the_document_does_not_promise() {
    let (mut store, folder) = scene().await;
    store.config.public.calls_max = u32::MAX;
    store.restart().await;
    let origin = store.public_url().replace("/api/v1", "");
    let mut run = judge("schemathesis");
    run.args(["--no-color", "run"]).arg(format!("{origin}/api/v1/openapi.json"));
    run.args(["--url", &origin, "--seed", "1102", "--max-examples", "40"]);
    run.args([
        "--phases",
        "examples,coverage,fuzzing",
        "--generation-database",
        "none",
        "--warnings",
        "off",
    ]);
    run.args(["--continue-on-failure", "--workers", "2"]);
    run.args([
        "--checks",
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
    ]);
    let output = run.current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    store.stop().await;
}
