//! OGC API Features part 3 and CQL2: each class that is declared, over the wire.

use crate::scene::{Store, cells, write};
use serde_json::Value;

async fn scene() -> (Store, tempfile::TempDir) {
    let store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    store.publish(&write(folder.path(), "first")).await;
    (store, folder)
}

/// The ids that a filter selects, over all pages of two.
async fn select(store: &Store, collection: &str, filter: &str) -> Vec<String> {
    let url = format!("{}/collections/{collection}/items", store.public_url());
    let first = reqwest::Client::new().get(&url).query(&[("filter", filter), ("limit", "2")]);
    let mut page: Value = first.send().await.unwrap().json().await.unwrap();
    let matched = page["numberMatched"].as_u64();
    let mut found = Vec::new();
    loop {
        let features = page["features"].as_array().unwrap_or_else(|| panic!("{filter}: {page}"));
        found.extend(features.iter().map(|f| f["id"].as_str().unwrap().to_owned()));
        let links = page["links"].as_array().unwrap();
        let Some(next) = links.iter().find(|link| link["rel"] == "next") else { break };
        page = reqwest::get(next["href"].as_str().unwrap()).await.unwrap().json().await.unwrap();
    }
    assert_eq!(matched, Some(found.len() as u64), "{filter}");
    found
}

#[tokio::test]
pub(crate) async fn queryables_are_a_schema_of_what_every_feature_has() {
    let (mut store, _folder) = scene().await;
    for collection in ["cells", "cells-terrain", "places", "mines", "roads", "provinces"] {
        let response = store.get(&format!("/collections/{collection}/queryables")).await;
        assert_eq!(response.headers()["content-type"], "application/schema+json");
        let schema: Value = response.json().await.unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        let properties = schema["properties"].as_object().unwrap();
        let page = store.json(&format!("/collections/{collection}/items?limit=1")).await;
        let held = page["features"][0]["properties"].as_object().unwrap();
        let named: Vec<&String> = properties
            .keys()
            .filter(|name| !["geometry", "valid"].contains(&name.as_str()))
            .collect();
        let mut held: Vec<&String> = held.keys().collect();
        held.sort();
        assert_eq!(named, held, "{collection}");
    }
    // As QGIS asks, and the one form of a geometry that it knows.
    let asked = store.request("/collections/mines/queryables");
    let answer = asked.header("accept", "application/schema+json").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"application/schema+json".parse().unwrap())
    );
    let mines: Value = answer.json().await.unwrap();
    let geometry = "https://geojson.org/schema/Geometry.json";
    assert_eq!(mines["properties"]["geometry"]["$ref"], geometry);
    let kind = |name: &str| mines["properties"][name]["type"].as_str().unwrap().to_owned();
    assert_eq!(
        [kind("metal"), kind("depth_m"), kind("worked"), kind("published_title")],
        ["string", "integer", "boolean", "string"]
    );
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn basic_cql2_selects_by_comparison_and_logic() {
    let (mut store, _folder) = scene().await;
    for (collection, filter, expected) in [
        ("mines", "metal = 'iron'", vec!["m1", "m3"]),
        ("mines", "metal <> 'iron' OR depth_m >= 12", vec!["m2", "m3"]),
        ("mines", "NOT (depth_m < 8 AND worked = FALSE)", vec!["m2", "m3"]),
        ("mines", "latin IS NULL", vec!["m1", "m2", "m3"]),
        ("mines", "valid_from <= DATE('-000149-01-01')", vec!["m1", "m2", "m3"]),
        ("places", "valid_from > 0", vec!["portus"]),
        ("places", "population > 50000", vec![]),
    ] {
        assert_eq!(select(&store, collection, filter).await, expected, "{filter}");
    }
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn advanced_and_case_insensitive_comparisons_select() {
    let (mut store, _folder) = scene().await;
    for (collection, filter, expected) in [
        ("mines", "metal LIKE 'al%'", vec!["m2"]),
        ("mines", "depth_m BETWEEN 3 AND 8", vec!["m1", "m2"]),
        ("mines", "metal NOT IN ('alum', 'lead')", vec!["m1", "m3"]),
        ("mines", "CASEI(title) = CASEI('MINE M2')", vec!["m2"]),
        ("mines", "CASEI(metal) IN (CASEI('ALUM'))", vec!["m2"]),
        ("places", "CASEI(latin) LIKE CASEI('P%')", vec!["portus", "puteoli"]),
    ] {
        assert_eq!(select(&store, collection, filter).await, expected, "{filter}");
    }
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn spatial_functions_select_points_lines_and_areas() {
    let (mut store, _folder) = scene().await;
    for (collection, filter, expected) in [
        ("mines", "S_INTERSECTS(geometry, BBOX(12, 42, 12.15, 43))", vec!["m1"]),
        ("mines", "S_INTERSECTS(geometry, POINT(12.2 42.2))", vec!["m2"]),
        (
            "roads",
            "S_INTERSECTS(geometry, POLYGON((12.6 41.6, 13 41.6, 13 41.9, 12.6 41.6)))",
            vec!["appia"],
        ),
        ("roads", "S_INTERSECTS(geometry, LINESTRING(12.5 41.5, 12.6 41.5))", vec![]),
        ("provinces", "S_INTERSECTS(geometry, POINT(13 42))", vec!["latium et campania"]),
        (
            "places",
            "S_INTERSECTS(geometry, MULTIPOLYGON(((12 41.7, 12.5 41.7, 12.5 41.8, 12 41.7)))) OR rank = 9",
            vec!["ostia"],
        ),
        ("places", "T_BEFORE(valid, DATE('0001-01-01'))", vec![]),
        ("mines", "T_INTERSECTS(valid, INTERVAL('0050-01-01', '..'))", vec!["m1", "m2", "m3"]),
    ] {
        assert_eq!(select(&store, collection, filter).await, expected, "{filter}");
    }
    let zone = cells()[7].zone;
    let (lon, lat) = (zone.centre().longitude(), zone.centre().latitude());
    let here = format!("S_INTERSECTS(geometry, POINT({lon} {lat}))");
    assert_eq!(select(&store, "cells", &here).await, [zone.to_string()]);
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn filters_of_zones_count_and_page_like_the_zones_themselves() {
    let (mut store, _folder) = scene().await;
    let of = |keep: &dyn Fn(usize) -> bool| -> Vec<String> {
        let all = cells().into_iter().enumerate().filter(|(index, _)| keep(*index));
        all.map(|(_, cell)| cell.zone.to_string()).collect()
    };
    let tiberis = of(&|index| index % 4 == 0);
    assert_eq!(select(&store, "cells", "river_latin = 'Tiberis'").await, tiberis);
    assert_eq!(select(&store, "cells-river", "river_latin IS NOT NULL").await, tiberis);
    let high = of(&|index| index % 3 == 0 && index >= 13);
    assert_eq!(select(&store, "cells", "koppen = 'Csa' AND elevation_mean_m >= 10").await, high);
    let winds = store.json("/collections/cells-wind/items").await;
    assert_eq!(winds["numberReturned"], of(&|index| index % 5 == 0).len());
    let keys: Vec<&String> =
        winds["features"][0]["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "wind_certainty",
            "wind_licence",
            "wind_method",
            "wind_source",
            "wind_u_cm_s",
            "wind_v_cm_s"
        ]
    );
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn the_language_and_the_crs_of_a_filter_may_be_said() {
    let (mut store, _folder) = scene().await;
    let ask = |more: &str| format!("/collections/mines/items?filter=metal%20=%20'alum'{more}");
    let crs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    for said in ["", "&filter-lang=cql2-text", &format!("&filter-crs={crs}")] {
        let page = store.json(&ask(said)).await;
        assert_eq!((&page["numberMatched"], &page["features"][0]["id"]), (&1.into(), &"m2".into()));
    }
    for other in ["&filter-lang=cql2-json", "&filter-crs=EPSG:4326"] {
        let refused = store.refusal(&ask(other)).await;
        assert_eq!(refused, (400, "query_not_understood".to_owned()), "{other}");
    }
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn a_filter_that_is_wrong_is_answered_with_its_place() {
    let (mut store, _folder) = scene().await;
    let response = store.get("/collections/mines/items?filter=depth_m%20=%20'deep'").await;
    assert_eq!(response.status(), 400);
    let problem: theron_wire::Problem = response.json().await.unwrap();
    assert_eq!(problem.code, "filter_not_understood");
    let said = "filter, character 11: it is compared with a number; write one without quotes";
    assert_eq!(problem.detail, said);
    store.stop().await;
}
