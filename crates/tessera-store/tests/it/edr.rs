//! OGC API EDR: each class that is declared.

use crate::{
    dear::{LEFT_MIN, left_when_answered},
    scene::Store,
};
use serde_json::{Value, json};
use tessera_grid::{Position, Resolution, Zone};
use theron_testkit::world::SmallWorld;

async fn scene() -> (Store, SmallWorld, tempfile::TempDir) {
    let store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut world = SmallWorld::latium();
    // A wind everywhere, so that a route has one.
    let wind = world.coarse[0].wind;
    world.coarse.iter_mut().for_each(|coarse| coarse.wind = wind);
    store.publish(&world.write(&folder.path().join("world.sqlite3")).unwrap()).await;
    (store, world, folder)
}

fn height(world: &SmallWorld, zone: Zone) -> Option<f64> {
    let cell = world.cells.iter().find(|cell| cell.zone == zone)?;
    Some(cell.terrain?.elevation_mean_m.into())
}

fn at(longitude: f64, latitude: f64) -> Zone {
    Zone::at(Position::new(latitude, longitude).unwrap(), Resolution::FIVE)
}

#[tokio::test]
pub(crate) async fn collections_say_which_queries_and_parameters_they_have() {
    let (mut store, _world, _folder) = scene().await;
    let collection = store.json("/collections/cells-wind").await;
    let queries = collection["data_queries"].as_object().unwrap();
    assert_eq!(queries.keys().collect::<Vec<_>>().len(), 4);
    for kind in ["position", "area", "radius", "trajectory"] {
        let link = &queries[kind]["link"];
        assert!(
            link["href"].as_str().unwrap().ends_with(&format!("/collections/cells-wind/{kind}"))
        );
        assert_eq!(link["variables"]["query_type"], kind);
    }
    assert_eq!(
        queries["radius"]["link"]["variables"]["within_units"],
        json!(["km", "m", "mi", "nmi"])
    );
    assert_eq!(collection["parameter_names"]["wind_u_cm_s"]["unit"]["symbol"]["value"], "cm/s");
    assert_eq!(collection["output_formats"], json!(["CoverageJSON", "GeoJSON"]));
    let data = |collection: &Value| -> Vec<String> {
        let links = collection["links"].as_array().unwrap().iter();
        let data = links.filter(|link| link["rel"] == "data");
        data.map(|link| link["href"].as_str().unwrap().rsplit('/').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(data(&collection), ["position", "area", "radius", "trajectory"]);
    let roads = store.json("/collections/roads").await;
    assert!(roads["data_queries"].is_null() && roads["parameter_names"].is_null());
    assert_eq!(data(&roads), [""; 0]);
    let listed = store.json("/collections").await;
    let cells =
        listed["collections"].as_array().unwrap().iter().find(|one| one["id"] == "cells").unwrap();
    assert!(cells["parameter_names"]["elevation_mean_m"].is_object());
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn covjson_of_a_position_is_the_series_of_its_cell() {
    let (mut store, world, _folder) = scene().await;
    let response = store
        .get("/collections/cells/position?coords=POINT(12.29%2041.75)&parameter-name=elevation_mean_m,wind_v_cm_s")
        .await;
    assert_eq!(response.headers()["content-type"], "application/prs.coverage+json");
    let coverage: Value = response.json().await.unwrap();
    assert_eq!(
        (&coverage["type"], &coverage["domain"]["domainType"]),
        (&json!("Coverage"), &json!("PointSeries"))
    );
    let axes = &coverage["domain"]["axes"];
    assert_eq!((&axes["x"]["values"], &axes["y"]["values"]), (&json!([12.29]), &json!([41.75])));
    assert_eq!(axes["t"]["values"].as_array().unwrap().len(), 12);
    assert_eq!(axes["t"]["values"][6], "0150-07");
    let height = height(&world, at(12.29, 41.75)).unwrap();
    let range = &coverage["ranges"]["elevation_mean_m"];
    assert_eq!((&range["axisNames"], &range["shape"]), (&json!(["t"]), &json!([12])));
    assert_eq!(range["values"], json!(vec![height; 12]));
    assert_eq!(coverage["ranges"]["wind_v_cm_s"]["values"], json!(vec![-340.0; 12]));
    assert_eq!(
        coverage["parameters"]["wind_v_cm_s"]["observedProperty"]["label"]["en"],
        "Mean wind to the north"
    );
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn a_datetime_chooses_the_months_and_the_state_of_the_year() {
    let (mut store, world, _folder) = scene().await;
    let centre = world.intervals[0].zone.centre();
    let coords = format!("coords=POINT({}%20{})", centre.longitude(), centre.latitude());
    let share = async |datetime: &str| {
        let path = format!(
            "/collections/cells/position?{coords}&parameter-name=land_permille&datetime={datetime}"
        );
        let coverage = store.json(&path).await;
        (
            coverage["domain"]["axes"]["t"]["values"].clone(),
            coverage["ranges"]["land_permille"]["values"].clone(),
        )
    };
    assert_eq!(share("-000199-07").await, (json!(["-000199-07"]), json!([0.0])));
    assert_eq!(
        share("0001-02/0001-03").await,
        (json!(["0001-02", "0001-03"]), json!([150.0, 150.0]))
    );
    assert_eq!(share("0150-07-15T00:00:00Z").await, (json!(["0150-07"]), json!([400.0])));
    store.stop().await;
}

#[tokio::test]
async fn an_interval_is_sampled_in_the_year_that_a_zone_of_it_is_shown_in() {
    let (mut store, world, _folder) = scene().await;
    let zone = world.intervals[0].zone;
    let at = zone.centre();
    let coords = format!("coords=POINT({}%20{})", at.longitude(), at.latitude());
    // The sea came to be land in 99 BC; the release is of AD 150.
    for (interval, dated, year) in [
        ("../0300", "../0300-01-01", "0150"),
        ("-000400/..", "-000400-01-01/..", "0150"),
        ("-000400/-000200", "-000400-01-01/-000200-01-01", "-000200"),
    ] {
        let path = format!("/collections/cells/position?{coords}&datetime={interval}");
        let sampled = store.json(&format!("{path}&parameter-name=land_permille")).await;
        assert_eq!(sampled["domain"]["axes"]["t"]["values"][0], format!("{year}-01"), "{interval}");
        let shown = store.json(&format!("/collections/cells/items/{zone}?datetime={dated}")).await;
        assert_eq!(
            sampled["ranges"]["land_permille"]["values"][0].as_f64(),
            shown["properties"]["land_permille"].as_f64(),
            "{interval}"
        );
    }
    store.stop().await;
}

#[tokio::test]
async fn several_positions_are_a_collection_of_coverages_also_where_one_is_outside() {
    let (mut store, world, _folder) = scene().await;
    let path = "/collections/cells-terrain/position?coords=MULTIPOINT((12.29%2041.75),(100%200))&datetime=0150-01";
    let coverages = store.json(&format!("{path}&parameter-name=elevation_mean_m")).await;
    assert_eq!(coverages["type"], "CoverageCollection");
    let values: Vec<&Value> = coverages["coverages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|coverage| &coverage["ranges"]["elevation_mean_m"]["values"][0])
        .collect();
    assert_eq!(values, [&json!(height(&world, at(12.29, 41.75))), &Value::Null]);
    let alone = "/collections/cells/position?coords=POINT(100%200)";
    assert_eq!(store.refusal(alone).await, (404, "nothing_there".to_owned()));
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn an_area_and_a_radius_hold_the_cells_centred_in_them() {
    let (mut store, world, _folder) = scene().await;
    let ask = async |path: &str| {
        let path = format!(
            "/collections/cells-terrain/{path}&parameter-name=elevation_mean_m&datetime=0150-01"
        );
        let coverage = store.json(&path).await;
        assert_eq!(coverage["domain"]["domainType"], "MultiPointSeries");
        let values = coverage["ranges"]["elevation_mean_m"]["values"].as_array().unwrap().clone();
        let places = coverage["domain"]["axes"]["composite"]["values"].as_array().unwrap().len();
        assert_eq!(coverage["ranges"]["elevation_mean_m"]["shape"], json!([1, places]));
        values.iter().map(|value| value.as_f64().unwrap()).collect::<Vec<f64>>()
    };
    let heights = |holds: &dyn Fn(Position) -> bool| -> Vec<f64> {
        let held = world.cells.iter().filter(|cell| holds(cell.zone.centre()));
        held.map(|cell| cell.terrain.unwrap().elevation_mean_m.into()).collect()
    };
    let square = "area?coords=POLYGON((12%2041,13%2041,13%2042,12%2042,12%2041))";
    let expected = heights(&|at| {
        (12.0..13.0).contains(&at.longitude()) && (41.0..42.0).contains(&at.latitude())
    });
    assert!(expected.len() > 20);
    assert_eq!(ask(square).await, expected);
    let rome = Position::new(41.9, 12.5).unwrap();
    let expected = heights(&|at| at.distance_km(rome) <= 40.0);
    assert!(expected.len() > 10);
    assert_eq!(ask("radius?coords=POINT(12.5%2041.9)&within=40&within-units=km").await, expected);
    assert_eq!(ask("radius?coords=POINT(12.5%2041.9)&within=40000&within-units=m").await, expected);
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn a_trajectory_gives_wind_current_and_depth_along_a_sea_route_in_its_order() {
    let (mut store, world, _folder) = scene().await;
    let path = "/collections/cells/trajectory?coords=LINESTRING(12.2%2041.7,13.0%2041.2,14.0%2040.8)&datetime=0150-07\
                &parameter-name=wind_u_cm_s,current_u_cm_s,depth_mean_m,elevation_mean_m";
    let coverage = store.json(path).await;
    assert_eq!(coverage["domain"]["domainType"], "Trajectory");
    let composite = &coverage["domain"]["axes"]["composite"];
    assert_eq!(composite["coordinates"], json!(["t", "x", "y"]));
    let stops = composite["values"].as_array().unwrap();
    assert_eq!(stops[0], json!(["0150-07", 12.2, 41.7]));
    let zones: Vec<Zone> =
        stops.iter().map(|stop| at(stop[1].as_f64().unwrap(), stop[2].as_f64().unwrap())).collect();
    assert!(zones.len() > 8, "{}", zones.len());
    assert!(zones.windows(2).all(|pair| pair[0].neighbours().any(|near| near == pair[1])));
    assert_eq!(zones.last(), Some(&at(14.0, 40.8)));
    let heights: Vec<Option<f64>> = zones.iter().map(|zone| height(&world, *zone)).collect();
    assert_eq!(coverage["ranges"]["elevation_mean_m"]["values"], json!(heights));
    assert_eq!(coverage["ranges"]["wind_u_cm_s"]["values"], json!(vec![120.0; zones.len()]));
    let depths = coverage["ranges"]["depth_mean_m"]["values"].as_array().unwrap();
    assert!(depths.contains(&json!(40.0)) && depths.contains(&Value::Null));

    let whole = path.replace("&datetime=0150-07", "");
    assert_eq!(store.json(&whole).await["coverages"].as_array().unwrap().len(), 12);
    // 5 July AD 150 and five days later, as Unix time.
    let timed = "/collections/cells/trajectory?coords=LINESTRINGM(12.2%2041.7%20-57417638400,13%2041.2%20-57417206400)\
                 &parameter-name=rain_mm";
    let timed = store.json(timed).await;
    assert_eq!(timed["domain"]["axes"]["composite"]["values"][0][0], "0150-07-05T00:00:00Z");
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn edr_geojson_has_a_point_a_sample_with_its_numbers() {
    let (mut store, world, _folder) = scene().await;
    let response =
        store.get("/collections/cells/position?coords=POINT(12.29%2041.75)&parameter-name=elevation_mean_m,rain_mm&f=GeoJSON").await;
    assert_eq!(response.headers()["content-type"], "application/geo+json");
    let features: Value = response.json().await.unwrap();
    let feature = &features["features"][0];
    assert_eq!(feature["geometry"], json!({"type": "Point", "coordinates": [12.29, 41.75]}));
    let properties = &feature["properties"];
    assert_eq!(properties["elevation_mean_m"], json!(height(&world, at(12.29, 41.75))));
    assert_eq!(properties["datetime"], "0150-01/0150-12");
    assert_eq!(properties["label"], at(12.29, 41.75).to_string());
    assert_eq!(properties["parameter-name"], json!(["elevation_mean_m", "rain_mm"]));
    let endpoint = format!("{}/collections/cells", store.public_url());
    assert_eq!(properties["edrqueryendpoint"], endpoint);
    let links: Vec<(&str, &str)> = features["links"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| (link["rel"].as_str().unwrap(), link["href"].as_str().unwrap()))
        .collect();
    let own = format!(
        "{endpoint}/position?coords=POINT(12.29%2041.75)&parameter-name=elevation_mean_m,rain_mm&f=GeoJSON"
    );
    assert_eq!(links, [("self", own.as_str()), ("collection", endpoint.as_str())]);
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn a_query_that_makes_no_sense_is_refused_with_a_sentence() {
    let (mut store, _world, _folder) = scene().await;
    for (path, code) in [
        ("cells/position", "coords_not_understood"),
        ("cells/position?coords=POINT(12)", "coords_not_understood"),
        ("cells/position?coords=LINESTRING(12%2041,13%2041)", "coords_not_understood"),
        ("cells/area?coords=POINT(12%2041)", "coords_not_understood"),
        ("cells/trajectory?coords=LINESTRING(12%2041)", "coords_not_understood"),
        ("cells/radius?coords=POINT(12%2041)&within=5", "query_not_understood"),
        ("cells/radius?coords=POINT(12%2041)&within=-5&within-units=km", "query_not_understood"),
        (
            "cells/radius?coords=POINT(12%2041)&within=5&within-units=leagues",
            "query_not_understood",
        ),
        ("cells/position?coords=POINT(12%2041)&parameter-name=gold", "no_such_property"),
        (
            "cells/trajectory?coords=LINESTRINGM(12%2041%201e300,13%2041%200)",
            "coords_not_understood",
        ),
        ("cells/position?coords=POINT(12%2041)&crs=EPSG:3857", "query_not_understood"),
        ("cells/position?coords=POINT(12%2041)&crs=EPSG:4326", "query_not_understood"),
        ("cells/position?coords=POINT(12%2041)&datetime=yesterday", "query_not_understood"),
        ("cells/position?coords=POINT(12%2041)&colour=red", "query_not_understood"),
    ] {
        assert_eq!(
            store.refusal(&format!("/collections/{path}")).await,
            (400, code.to_owned()),
            "{path}"
        );
    }
    let roads = "/collections/roads/position?coords=POINT(12%2041)";
    assert_eq!(store.refusal(roads).await, (404, "no_such_query".to_owned()));
    store.stop().await;
}

/// The most memory that this process ever had.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn many_long_ways_are_refused_before_they_are_sampled() {
    let (mut store, _world, _folder) = scene().await;
    let before = peak_kib();
    let way = "(-170%20-60,170%2060)";
    let ways = vec![way; 100].join(",");
    let path = format!("/collections/cells/trajectory?coords=MULTILINESTRING({ways})");
    assert_eq!(store.refusal(&path).await, (400, "too_many_zones".to_owned()));
    let grown = peak_kib() - before;
    assert!(grown < 8 * 1024, "{grown} KiB");
    store.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tile_does_not_wait_for_samples() {
    let (mut store, _world, _folder) = scene().await;
    let lines: Vec<String> = (0..8).map(|n| format!("(-60%20{n},60%2010)")).collect();
    let sample =
        format!("/collections/cells/trajectory?coords=MULTILINESTRING({})", lines.join(","));
    let tile = ["/coverage/tiles/WebMercatorQuad/0/0/0".to_owned()];
    // No zone of Latium is on the way.
    let left = left_when_answered(&store, &tile, &sample, 404).await;
    assert!(left >= LEFT_MIN, "only {left} samples are left");
    store.stop().await;
}

#[tokio::test]
async fn an_answer_that_is_had_is_not_sent_again() {
    let (mut store, _world, _folder) = scene().await;
    let path = "/collections/cells/position?coords=POINT(12.29%2041.75)";
    let etag = store.get(path).await.headers()["etag"].clone();
    let again = store.request(path).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    store.stop().await;
}
