//! OGC API: each class that is declared, and GDAL as the judge.

use crate::scene::{Store, cells, places, write};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tessera_grid::Position;
use tessera_release::ReleaseFile;
use tessera_world::Cell;

const SPEC: &str = "http://www.opengis.net/spec";
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

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
pub(crate) async fn common_core_every_link_of_the_landing_page_leads_somewhere() {
    let (mut store, _release, _folder) = scene().await;
    let landing = store.json("").await;
    for rel in ["self", "service-desc", "conformance", "data"] {
        let [href] = hrefs(&landing, rel).try_into().unwrap();
        fetch(&href).await;
    }
    let [api] = hrefs(&landing, "service-desc").try_into().unwrap();
    assert_eq!(fetch(&api).await["openapi"], "3.1.0");
    let [conformance] = hrefs(&landing, "conformance").try_into().unwrap();
    let declared = fetch(&conformance).await;
    let declared: Vec<&str> =
        declared["conformsTo"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    for class in ["ogcapi-common-1/1.0/conf/core", "ogcapi-features-1/1.0/conf/core"] {
        assert!(declared.contains(&format!("{SPEC}/{class}").as_str()), "{class}");
    }
    assert_eq!(store.json("/").await["title"], landing["title"]);
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn common_collections_are_described_with_extent_and_links_to_their_items() {
    let (mut store, release, _folder) = scene().await;
    let list = store.json("/collections").await;
    let all = list["collections"].as_array().unwrap();
    assert_eq!(
        all.iter().map(|c| c["id"].as_str().unwrap()).collect::<Vec<_>>(),
        [
            "cells",
            "cells-surface",
            "cells-terrain",
            "cells-climate",
            "cells-river",
            "cells-wind",
            "places",
            "mines",
            "provinces",
            "roads"
        ]
    );
    for collection in all {
        let [own] = hrefs(collection, "self").try_into().unwrap();
        assert_eq!(fetch(&own).await, *collection);
        assert_eq!(collection["storageCrs"], collection["crs"][0]);
        let items = &hrefs(collection, "items")[0];
        assert_eq!(fetch(items).await["type"], "FeatureCollection");
        let file = &hrefs(collection, "enclosure")[0];
        assert!(file.ends_with(&format!("/releases/{}/file", release.id)), "{file}");
    }
    let extent = |index: usize| all[index]["extent"].clone();
    assert_eq!(extent(0)["spatial"]["bbox"], json!([[11.5, 40.5, 14.5, 42.5]]));
    assert_eq!(
        extent(0)["temporal"]["interval"],
        json!([["-000200-01-01T00:00:00Z", "0150-12-31T23:59:59Z"]])
    );
    assert_eq!(extent(7)["spatial"]["bbox"], json!([[12.1, 40.8, 13.9, 42.2]]));
    assert_eq!(extent(9).get("temporal"), None, "nothing is known of a road's years");
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn features_core_paging_gives_every_feature_once() {
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
pub(crate) async fn features_core_bbox_selects_what_has_a_point_in_it() {
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
pub(crate) async fn features_core_datetime_selects_places_that_were_there() {
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
pub(crate) async fn features_geojson_one_feature_is_the_one_of_the_list() {
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
pub(crate) async fn each_page_is_json_and_html_by_its_media_type() {
    let (mut store, _release, _folder) = scene().await;
    for path in ["", "/conformance", "/collections", "/collections/places"] {
        for (accept, kind) in
            [("application/json", "application/json"), ("text/html", "text/html; charset=utf-8")]
        {
            let response = store.request(path).header("accept", accept).send().await.unwrap();
            assert_eq!(response.status(), 200, "{path} as {accept}");
            assert_eq!(response.headers()["content-type"], kind, "{path}");
            let body = response.text().await.unwrap();
            let is_json = serde_json::from_str::<Value>(&body).is_ok();
            assert_eq!(is_json, accept == "application/json", "{path} as {accept}");
        }
    }
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn features_crs_the_one_that_is_listed_is_taken_told_and_no_other() {
    let (mut store, _release, _folder) = scene().await;
    let collection = store.json("/collections/places").await;
    assert_eq!((&collection["crs"], &collection["storageCrs"]), (&json!([CRS84]), &json!(CRS84)));
    for path in ["/collections/places/items", "/collections/places/items/ostia"] {
        let plain = store.get(path).await;
        assert_eq!(plain.headers()["content-crs"], format!("<{CRS84}>"), "{path}");
        let plain: Value = plain.json().await.unwrap();
        let asked = store.json(&format!("{path}?crs={CRS84}")).await;
        let shapes = |answer: &Value| match answer["features"].as_array() {
            Some(all) => all.iter().map(|one| one["geometry"].clone()).collect::<Vec<_>>(),
            None => vec![answer["geometry"].clone()],
        };
        assert_eq!(shapes(&asked), shapes(&plain), "{path}");
        let other = format!("{path}?crs=http://www.opengis.net/def/crs/EPSG/0/4326");
        assert_eq!(store.refusal(&other).await, (400, "query_not_understood".to_owned()));
    }
    let boxed = |crs: &str| format!("/collections/places/items?bbox=12,41,13,42&bbox-crs={crs}");
    assert_eq!(ids(&store.json(&boxed(CRS84)).await), ["antium", "ostia", "portus"]);
    assert_eq!(store.refusal(&boxed("EPSG:4326")).await.0, 400);
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
pub(crate) async fn people_get_pages_and_what_is_in_them_is_escaped() {
    let (mut store, _release, _folder) = scene().await;
    for path in [
        "",
        "/conformance",
        "/collections",
        "/collections/places",
        "/collections/places/queryables",
        "/collections/places/items",
        "/collections/places/items/ostia",
        "/collections/cells/items?limit=20",
        "/collections/roads/items",
        "/collections/provinces/items/latium%20et%20campania",
    ] {
        let browser =
            store.request(path).header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        let response = browser.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8", "{path}");
        let page = response.text().await.unwrap();
        assert!(!page.contains("<script") && page.contains("</html>"), "{path}");
        assert!(!page.contains("Latina\"") && !page.contains("<&>"), "{path}");
    }
    let then = "/collections/cells/items?f=html&limit=1&datetime=-000400-01-01";
    let page = store.get(then).await.text().await.unwrap();
    let zone = cells()[0].zone;
    assert!(
        page.contains(&format!(
            "/items/{zone}?f=html&amp;datetime=-000400-01-01/-000400-01-01\">{zone}</a>"
        )),
        "a zone of the table is shown as it was then: {page}"
    );
    let page = store.get("/collections/places/items?f=html").await.text().await.unwrap();
    assert!(page.contains("<td>ostia &lt;&amp;&gt; &quot;Latina&quot;</td>"), "{page}");
    let page = store.get("/collections/places?f=html").await.text().await.unwrap();
    let command = format!(
        "<code>ogr2ogr -f GPKG places.gpkg -oo PAGE_SIZE=10000 OAPIF:{} places</code>",
        store.public_url()
    );
    assert!(page.contains(&command), "{page}");
    let neither = store.request("").header("accept", "image/png").send().await.unwrap();
    assert_eq!(neither.status(), 406);
    store.stop().await;
}
