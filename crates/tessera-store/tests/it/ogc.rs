//! OGC API: each class that is declared, and GDAL as the judge.

use crate::scene::{Store, cells, places, write};
use serde_json::{Value, json};
use std::{collections::BTreeSet, process::Command};
use tessera_grid::Position;
use tessera_release::ReleaseFile;
use tessera_world::Cell;

const SPEC: &str = "http://www.opengis.net/spec";

async fn scene() -> (Store, ReleaseFile, tempfile::TempDir) {
    let store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let release = write(folder.path(), "first");
    store.publish(&release).await;
    (store, release, folder)
}

fn hrefs(page: &Value, rel: &str) -> Vec<String> {
    let links = page["links"].as_array().unwrap().iter();
    links
        .filter(|link| link["rel"] == rel)
        .map(|link| link["href"].as_str().unwrap().to_owned())
        .collect()
}

async fn fetch(url: &str) -> Value {
    let response = reqwest::get(url).await.unwrap();
    assert_eq!(response.status(), 200, "{url}");
    response.json().await.unwrap()
}

fn ids(page: &Value) -> Vec<String> {
    let features = page["features"].as_array().unwrap().iter();
    features.map(|feature| feature["id"].as_str().unwrap().to_owned()).collect()
}

/// The ids of a walk to its end, and each page's own count.
async fn walk(store: &Store, path: &str) -> Vec<String> {
    let mut page = store.json(path).await;
    let matched = page["numberMatched"].as_u64().unwrap();
    let mut found = ids(&page);
    while let Some(next) = hrefs(&page, "next").first() {
        page = fetch(next).await;
        assert_eq!(page["numberReturned"], ids(&page).len());
        assert_eq!(page["numberMatched"], matched);
        found.extend(ids(&page));
    }
    assert_eq!(found.len() as u64, matched);
    found
}

#[tokio::test]
async fn common_core_every_link_of_the_landing_page_leads_somewhere() {
    let (mut store, _release, _folder) = scene().await;
    let landing = store.json("").await;
    for rel in ["self", "service-desc", "conformance", "data"] {
        let [href] = hrefs(&landing, rel).try_into().unwrap();
        fetch(&href).await;
    }
    let [api] = hrefs(&landing, "service-desc").try_into().unwrap();
    assert_eq!(fetch(&api).await["openapi"], "3.1.0");
    let [conformance] = hrefs(&landing, "conformance").try_into().unwrap();
    assert_eq!(
        fetch(&conformance).await,
        json!({"conformsTo": [
            format!("{SPEC}/ogcapi-common-1/1.0/conf/core"),
            format!("{SPEC}/ogcapi-common-2/1.0/conf/collections"),
            format!("{SPEC}/ogcapi-features-1/1.0/conf/core"),
            format!("{SPEC}/ogcapi-features-1/1.0/conf/geojson"),
        ]})
    );
    assert_eq!(store.json("/").await["title"], landing["title"]);
    store.stop().await;
}

#[tokio::test]
async fn common_collections_are_described_with_extent_and_links_to_their_items() {
    let (mut store, release, _folder) = scene().await;
    let list = store.json("/collections").await;
    let all = list["collections"].as_array().unwrap();
    assert_eq!(
        all.iter().map(|c| c["id"].as_str().unwrap()).collect::<Vec<_>>(),
        ["places", "cells"]
    );
    for collection in all {
        let [own] = hrefs(collection, "self").try_into().unwrap();
        assert_eq!(fetch(&own).await, *collection);
        assert_eq!(collection["extent"]["spatial"]["bbox"], json!([[11.5, 40.5, 14.5, 42.5]]));
        let [items] = hrefs(collection, "items").try_into().unwrap();
        assert_eq!(fetch(&items).await["type"], "FeatureCollection");
        let [file] = hrefs(collection, "enclosure").try_into().unwrap();
        assert!(file.ends_with(&format!("/releases/{}/file", release.id)), "{file}");
    }
    store.stop().await;
}

#[tokio::test]
async fn features_core_paging_gives_every_feature_once() {
    let (mut store, _release, _folder) = scene().await;
    let all: Vec<String> = cells().iter().map(|cell| cell.zone.to_string()).collect();
    assert_eq!(walk(&store, "/collections/cells/items?limit=10").await, all);
    let ids: Vec<String> = places().into_iter().map(|place| place.id).collect();
    assert_eq!(walk(&store, "/collections/places/items?limit=2").await, ids);
    let most = store.json("/collections/cells/items?limit=1000000").await;
    assert_eq!(most["numberReturned"], all.len(), "more than the most is taken as the most");
    store.stop().await;
}

#[tokio::test]
async fn features_core_bbox_selects_what_has_a_point_in_it() {
    let (mut store, _release, _folder) = scene().await;
    let found = walk(&store, "/collections/places/items?bbox=12.2,41.7,12.5,41.8&limit=1").await;
    assert_eq!(found, ["ostia", "portus"]);
    // A box on a corner touches the three zones that meet there, one on an edge the two beside it,
    // wherever their centres are.
    let corners = cells()[cells().len() / 2].zone.boundary();
    let (a, b) = (corners[0], corners[1]);
    let middle =
        [f64::midpoint(a.longitude(), b.longitude()), f64::midpoint(a.latitude(), b.latitude())];
    for ([lon, lat], shared) in [([a.longitude(), a.latitude()], vec![a]), (middle, vec![a, b])] {
        let tiny = format!("{},{},{},{}", lon - 1e-5, lat - 1e-5, lon + 1e-5, lat + 1e-5);
        let found = walk(&store, &format!("/collections/cells/items?limit=2&bbox={tiny}")).await;
        let has = |cell: &Cell, at: &Position| {
            cell.zone.boundary().iter().any(|c| c.distance_km(*at) < 0.01)
        };
        let around = cells().into_iter().filter(|cell| shared.iter().all(|at| has(cell, at)));
        let around: BTreeSet<String> = around.map(|cell| cell.zone.to_string()).collect();
        assert_eq!(around.len(), 4 - shared.len());
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), around);
    }
    store.stop().await;
}

#[tokio::test]
async fn features_core_datetime_selects_places_that_were_there() {
    let (mut store, _release, _folder) = scene().await;
    let before =
        walk(&store, "/collections/places/items?datetime=../0001-01-01T00:00:00Z&limit=2").await;
    assert_eq!(before, ["antium", "ostia", "puteoli", "terracina"]);
    let early = walk(&store, "/collections/places/items?datetime=-0450-01-01").await;
    assert_eq!(early, ["antium"]);
    assert_eq!(walk(&store, "/collections/places/items?datetime=0150-06-01").await.len(), 5);
    assert_eq!(
        walk(&store, "/collections/cells/items?datetime=0150-06-01").await.len(),
        cells().len()
    );
    store.stop().await;
}

#[tokio::test]
async fn features_geojson_one_feature_is_the_one_of_the_list() {
    let (mut store, _release, _folder) = scene().await;
    for (collection, id) in [("places", "ostia".to_owned()), ("cells", cells()[4].zone.to_string())]
    {
        let response = store.get(&format!("/collections/{collection}/items/{id}")).await;
        assert_eq!(response.headers()["content-type"], "application/geo+json");
        let mut one: Value = response.json().await.unwrap();
        let [own] = hrefs(&one, "self").try_into().unwrap();
        assert_eq!(fetch(&own).await, one);
        one.as_object_mut().unwrap().remove("links");
        let list = store.json(&format!("/collections/{collection}/items")).await;
        let listed = list["features"].as_array().unwrap().iter().find(|f| f["id"] == id.as_str());
        assert_eq!(listed, Some(&one));
    }
    let ostia = store.json("/collections/places/items/ostia").await;
    assert_eq!(ostia["geometry"], json!({"type": "Point", "coordinates": [12.2917, 41.7556]}));
    let cell = store.json(&format!("/collections/cells/items/{}", cells()[4].zone)).await;
    let ring = cell["geometry"]["coordinates"][0].as_array().unwrap();
    assert_eq!((ring.len(), ring.first()), (7, ring.last()));
    let first = store.json("/collections/cells/items?limit=1").await;
    let keys = |feature: &Value| {
        feature["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(keys(&cell), keys(&first["features"][0]), "every feature has every property");
    store.stop().await;
}

#[tokio::test]
async fn a_walk_over_items_stays_with_its_release() {
    let (mut store, _first, folder) = scene().await;
    let page = store.json("/collections/cells/items?limit=5").await;
    let before = fetch(&hrefs(&page, "next")[0]).await;
    store.publish(&write(folder.path(), "second")).await;
    assert_eq!(fetch(&hrefs(&page, "next")[0]).await, before);
    store.stop().await;
}

#[tokio::test]
async fn people_get_pages_and_what_is_in_them_is_escaped() {
    let (mut store, _release, _folder) = scene().await;
    for path in ["", "/collections", "/collections/places", "/collections/places/items"] {
        let browser =
            store.request(path).header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        let response = browser.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8", "{path}");
        let page = response.text().await.unwrap();
        assert!(!page.contains("<script") && page.contains("</html>"), "{path}");
    }
    let page = store.get("/collections/places/items?f=html").await.text().await.unwrap();
    assert!(page.contains("<td>ostia &lt;&amp;&gt; &quot;Latina&quot;</td>"), "{page}");
    let neither = store.request("").header("accept", "image/png").send().await.unwrap();
    assert_eq!(neither.status(), 406);
    store.stop().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn gdal_walks_both_collections_to_their_ends() {
    let (mut store, _release, folder) = scene().await;
    let source = format!("OAPIF:{}", store.public_url());
    let layers = gdal("ogrinfo", &[&source]);
    assert!(layers.contains("places") && layers.contains("cells"), "{layers}");
    let read = |name: &str, extra: &[&str]| {
        let into = folder.path().join(format!("{name}{}.json", extra.len()));
        let mut arguments = vec!["-f", "GeoJSON", into.to_str().unwrap(), source.as_str(), name];
        arguments.extend(["-oo", "PAGE_SIZE=10"]);
        arguments.extend(extra);
        gdal("ogr2ogr", &arguments);
        let file: Value = serde_json::from_slice(&std::fs::read(into).unwrap()).unwrap();
        file["features"].as_array().unwrap().clone()
    };
    // GDAL turns an id that is no number into a column.
    let of = |features: &[Value]| -> Vec<String> {
        features
            .iter()
            .map(|feature| feature["properties"]["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let found = read("cells", &[]);
    let all: Vec<String> = cells().iter().map(|cell| cell.zone.to_string()).collect();
    assert_eq!(of(&found), all);
    assert_eq!(found[0]["properties"]["river_name"], "Tiberis");
    assert_eq!(found[0]["properties"]["wind_v_cm_s"], json!(vec![-340; 12]));
    let found = read("places", &[]);
    assert_eq!(of(&found), places().into_iter().map(|place| place.id).collect::<Vec<_>>());
    let found = read("places", &["-spat", "12.2", "41.7", "12.5", "41.8"]);
    assert_eq!(of(&found), ["ostia", "portus"]);
    let found = read("cells", &["-spat", "12.2", "41.2", "13.0", "42.0"]);
    let asked = store.json("/collections/cells/items?bbox=12.2,41.2,13.0,42.0").await;
    assert_eq!(of(&found), ids(&asked));
    store.stop().await;
}
