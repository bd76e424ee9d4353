//! Zones, places, tiles and the file: whole, conditional, and refused with a reason.

use crate::scene::{Store, cells, places, write};
use reqwest::StatusCode;
use tessera_grid::{BBox, Resolution, Zone};
use tessera_release::ReleaseFile;
use tessera_store_api::{CellPage, CellView, PlaceList};
use theron_mesh::names;
use theron_testkit::world::WORLD_TILE;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

async fn scene() -> (Store, ReleaseFile, tempfile::TempDir) {
    let store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let release = write(folder.path(), "first");
    store.publish(&release).await;
    (store, release, folder)
}

/// Follows `next` to the end.
async fn walk(store: &Store, first: &str) -> Vec<CellPage> {
    let mut pages: Vec<CellPage> = vec![store.get(first).await.json().await.unwrap()];
    while let Some(next) = pages.last().unwrap().links.iter().find(|link| link.rel == "next") {
        let page = reqwest::get(&next.href).await.unwrap().json().await.unwrap();
        pages.push(page);
    }
    pages
}

fn zones(pages: &[CellPage]) -> Vec<Zone> {
    pages.iter().flat_map(|page| page.cells.iter().map(|cell| cell.zone)).collect()
}

#[tokio::test]
async fn pages_together_hold_every_zone_once() {
    let (mut store, _release, _folder) = scene().await;
    let all: Vec<Zone> = cells().iter().map(|cell| cell.zone).collect();
    let pages = walk(&store, "/releases/current/zones?limit=7").await;
    assert_eq!(zones(&pages), all);
    let (last, full) = pages.split_last().unwrap();
    assert!(full.iter().all(|page| (page.cells.len(), page.number_returned) == (7, 7)));
    assert!((1..=7).contains(&last.cells.len()));
    assert!(pages.iter().all(|page| page.number_matched == all.len() as u64));
    assert_eq!(zones(&walk(&store, "/releases/current/zones").await), all);
    let exactly = format!("/releases/current/zones?limit={}", all.len());
    assert_eq!(walk(&store, &exactly).await.len(), 1, "a full last page has no next");

    let bbox = BBox::new(12.2, 41.2, 13.0, 42.0).unwrap();
    let within: Vec<Zone> = all.into_iter().filter(|zone| bbox.contains(zone.centre())).collect();
    let pages = walk(&store, "/releases/current/zones?limit=3&bbox=12.2,41.2,13.0,42.0").await;
    assert_eq!(zones(&pages), within);
    assert_eq!(pages[0].number_matched, within.len() as u64);
    store.stop().await;
}

#[tokio::test]
async fn a_walk_stays_with_the_release_it_began_with() {
    let (mut store, first, folder) = scene().await;
    let page: CellPage = store.get("/releases/current/zones?limit=5").await.json().await.unwrap();
    store.publish(&write(folder.path(), "second")).await;
    let next = &page.links[0].href;
    let page: CellPage = reqwest::get(next).await.unwrap().json().await.unwrap();
    assert_eq!(page.release, first.id);
    let fresh: CellPage = store.get("/releases/current/zones?limit=5").await.json().await.unwrap();
    assert_ne!(fresh.release, first.id);
    store.stop().await;
}

#[tokio::test]
async fn a_zone_has_every_layer_with_its_provenance() {
    let (mut store, release, _folder) = scene().await;
    let cell = &cells()[0];
    let view: CellView = store
        .get(&format!("/releases/{}/zones/{}", release.id, cell.zone))
        .await
        .json()
        .await
        .unwrap();
    let said = serde_json::json!({
        "source": "made", "licence": "CC0-1.0", "certainty": "conjectured", "method": "counted",
        "valid_from": null, "valid_to": 2000,
    });
    let river = cell.river.as_ref().unwrap();
    let months = vec![serde_json::json!({"u_cm_s": 120, "v_cm_s": -340}); 12];
    let centre = cell.zone.centre();
    assert_eq!(
        serde_json::to_value(view).unwrap(),
        serde_json::json!({
            "zone": cell.zone, "centre": {"latitude": centre.latitude(), "longitude": centre.longitude()},
            "terrain": {"elevation_mean_m": -3, "elevation_min_m": -10, "elevation_max_m": 900,
                        "slope_permille": 12, "ruggedness_m": 30, "provenance": said},
            "surface": {"kind": "coast", "land_permille": 400, "provenance": said},
            "river": {"latin": "Tiberis", "modern": null, "upstream_km2": 17000, "strahler": null,
                      "navigable": true, "downstream": river.downstream, "provenance": said},
            "climate": {"koppen": "Csa", "provenance": said},
            "wind": {"months": months, "provenance": said},
            "bathymetry": null, "land_cover": null, "lake": null, "current": null, "rain": null,
            "temperature": null, "crust": null, "orogen": null, "conflicts": [],
        })
    );
    store.stop().await;
}

#[tokio::test]
async fn a_zone_is_shown_as_it_was_in_the_year_that_is_asked_for() {
    let (mut store, release, _folder) = scene().await;
    let zone = cells()[0].zone;
    let surface = async |at: &str| {
        let path = format!("/releases/{}/zones/{zone}{at}", release.id);
        store.json(&path).await["surface"]["kind"].as_str().unwrap().to_owned()
    };
    assert_eq!(surface("").await, "coast");
    assert_eq!(surface("?datetime=-000199-01-01").await, "sea");
    assert_eq!(surface("?datetime=-0099-01-01").await, "coast");
    let item = format!("/collections/cells/items/{zone}?datetime=../-000100-01-01");
    assert_eq!(store.json(&item).await["properties"]["surface_kind"], "sea");
    let page = store.json("/collections/cells/items?limit=1&datetime=-000199-01-01").await;
    assert_eq!(page["features"][0]["properties"]["surface_kind"], "sea");
    store.stop().await;
}

#[tokio::test]
async fn places_are_all_there_and_the_client_reads_them() {
    let (mut store, release, _folder) = scene().await;
    let list: PlaceList = store.get("/releases/current/places").await.json().await.unwrap();
    assert_eq!(list.places, store.client(names::AGGREGATION).places(&release.id).await.unwrap());
    let found: Vec<_> =
        list.places.iter().map(|place| (place.id.clone(), place.position.latitude)).collect();
    let expected: Vec<_> =
        places().iter().map(|place| (place.id.clone(), place.position.latitude())).collect();
    assert_eq!((list.release, found), (release.id, expected));
    store.stop().await;
}

#[tokio::test]
async fn an_address_by_id_is_kept_for_ever_and_current_is_asked_for_again() {
    let (mut store, release, _folder) = scene().await;
    let id = &release.id;
    let zone = cells()[0].zone;
    let paths = [
        format!("zones/{zone}"),
        "zones".into(),
        "places".into(),
        "file".into(),
        "tiles/world/1/0/1".into(),
    ];
    for path in paths {
        for (base, cache) in [(id.as_str(), FOR_EVER), ("current", "no-cache")] {
            let address = format!("/releases/{base}/{path}");
            let first = store.get(&address).await;
            assert_eq!(first.headers()["cache-control"], cache, "{address}");
            let etag = first.headers()["etag"].clone();
            let strong = etag.to_str().unwrap();
            assert!(strong.starts_with('"') && strong.ends_with('"'), "{strong}");
            let again =
                store.request(&address).header("if-none-match", &etag).send().await.unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{address}");
            assert_eq!(again.headers()["etag"], etag);
            let other =
                store.request(&address).header("if-none-match", "\"other\"").send().await.unwrap();
            assert_eq!(other.bytes().await.unwrap(), first.bytes().await.unwrap());
        }
    }
    store.stop().await;
}

#[tokio::test]
async fn the_file_comes_whole_or_in_ranges_of_the_same_bytes() {
    let (mut store, release, _folder) = scene().await;
    let bytes = std::fs::read(&release.path).unwrap();
    let whole = store.get("/releases/current/file").await;
    assert_eq!(whole.headers()["content-type"], "application/vnd.sqlite3");
    let etag = whole.headers()["etag"].clone();
    assert_eq!(etag.to_str().unwrap(), format!("\"{}\"", release.sha256));
    assert_eq!(whole.bytes().await.unwrap(), bytes);
    let range = || store.request("/releases/current/file").header("range", "bytes=100-199");
    let part = range().send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(
        part.headers()["content-range"].to_str().unwrap(),
        format!("bytes 100-199/{}", bytes.len())
    );
    assert_eq!(part.bytes().await.unwrap(), &bytes[100..200]);
    let same = range().header("if-range", &etag).send().await.unwrap();
    assert_eq!(same.status(), StatusCode::PARTIAL_CONTENT);
    let changed = range().header("if-range", "\"another\"").send().await.unwrap();
    assert_eq!(changed.status(), StatusCode::OK);
    assert_eq!(changed.bytes().await.unwrap(), bytes);
    let beyond = store
        .request("/releases/current/file")
        .header("range", "bytes=999999999-")
        .send()
        .await
        .unwrap();
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(beyond.headers()["content-range"], format!("bytes */{}", bytes.len()));
    assert_eq!(beyond.headers()["content-type"], "application/problem+json");
    store.stop().await;
}

#[tokio::test]
async fn what_is_no_range_is_not_listened_to_and_a_file_that_is_not_the_one_wanted_is_412() {
    let (mut store, release, _folder) = scene().await;
    let ask = async |name: &str, value: &str| {
        let request = store.request("/releases/current/file").header(name, value);
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.bytes().await.unwrap().len() as u64)
    };
    for odd in ["bytes=x", "bytes=", "bytes=-", "bytes=5-1", "lines=0-1", "bytes=0-1,5-6"] {
        assert_eq!(ask("range", odd).await, (200, release.bytes), "{odd}");
    }
    assert_eq!(ask("range", "bytes=-7").await, (206, 7));
    assert_eq!(ask("range", "bytes=0-0").await, (206, 1));
    let own = format!("\"{}\"", release.sha256);
    for wanted in [own.clone(), "*".to_owned(), format!("\"other\", {own}")] {
        assert_eq!(ask("if-match", &wanted).await.0, 200, "{wanted}");
    }
    for other in ["\"other\"".to_owned(), format!("W/{own}")] {
        assert_eq!(ask("if-match", &other).await.0, 412, "{other}");
    }
    store.stop().await;
}

#[tokio::test]
async fn a_tile_is_the_bytes_that_were_drawn_with_their_kind() {
    let (mut store, _release, _folder) = scene().await;
    let world = store.get("/releases/current/tiles/world/1/0/1").await;
    let header = |name: &str| world.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/vnd.mapbox-vector-tile");
    assert_eq!(header("content-encoding"), "gzip");
    assert_eq!(world.bytes().await.unwrap(), WORLD_TILE);
    let relief = store.get("/releases/current/tiles/relief/0/0/0").await;
    assert_eq!(relief.headers()["content-type"], "image/png");
    assert!(!relief.headers().contains_key("content-encoding"));
    assert_eq!(relief.bytes().await.unwrap(), &b"\x89PNG"[..]);
    let nothing = store.get("/releases/current/tiles/world/1/1/1").await;
    assert_eq!((nothing.status().as_u16(), nothing.bytes().await.unwrap().len()), (204, 0));
    store.stop().await;
}

#[tokio::test]
async fn what_cannot_be_answered_says_what_to_do() {
    let (mut store, _release, _folder) = scene().await;
    let three = cells()[0].zone.ancestor(Resolution::try_from(3).unwrap()).unwrap();
    let far = Zone::at(tessera_grid::Position::new(-40.0, 100.0).unwrap(), Resolution::FIVE);
    let nobody = "0123456789abcdef0123456789abcdef";
    for (path, status, code) in [
        ("/releases/current/zones?bbox=1,2,3".to_owned(), 400, "query_not_understood"),
        ("/releases/current/zones?bbox=13,42,12,41".to_owned(), 400, "query_not_understood"),
        ("/releases/current/zones?limit=0".to_owned(), 400, "query_not_understood"),
        ("/releases/current/zones?limit=many".to_owned(), 400, "query_not_understood"),
        ("/releases/current/zones?cursor=x".to_owned(), 400, "cursor_not_valid"),
        ("/releases/current/zones?colour=red".to_owned(), 400, "query_not_understood"),
        ("/releases/current/zones/rome".to_owned(), 400, "path_not_understood"),
        (format!("/releases/current/zones/{three}"), 400, "zone_of_other_resolution"),
        (format!("/releases/current/zones/{far}"), 404, "no_such_zone"),
        ("/releases/newest/zones".to_owned(), 400, "path_not_understood"),
        (format!("/releases/{nobody}"), 404, "no_such_release"),
        (format!("/releases/{nobody}/places"), 404, "no_such_release"),
        (format!("/releases/{nobody}/file"), 404, "no_such_release"),
        ("/releases/current/tiles/roads/1/0/0".to_owned(), 400, "path_not_understood"),
        ("/releases/current/tiles/world/1/2/0".to_owned(), 400, "tile_outside"),
        ("/releases/current/tiles/world/2/0/0".to_owned(), 404, "no_such_level"),
        ("/collections/railways".to_owned(), 404, "no_such_collection"),
        ("/collections/places/items/atlantis".to_owned(), 404, "no_such_feature"),
        ("/collections/cells/items/atlantis".to_owned(), 404, "no_such_feature"),
        ("/collections/cells/items?bbox=a,b,c,d".to_owned(), 400, "query_not_understood"),
        ("/collections/places/items?datetime=yesterday".to_owned(), 400, "query_not_understood"),
        ("/collections?f=xml".to_owned(), 400, "query_not_understood"),
        ("/collections/places/items?filter=rank=".to_owned(), 400, "filter_not_understood"),
        ("/collections/places/items?filter-lang=cql2-json".to_owned(), 400, "query_not_understood"),
        ("/collections/places/items?crs=EPSG:4326".to_owned(), 400, "query_not_understood"),
        ("/collections/places/items?bbox=1,2,200,3".to_owned(), 400, "query_not_understood"),
    ] {
        let response = store.get(&path).await;
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        let problem: theron_wire::Problem = response.json().await.unwrap();
        assert_eq!((problem.status, problem.code.as_str()), (status, code), "{path}");
        assert_eq!(kind, "application/problem+json");
        assert!(problem.detail.len() > 20, "{path}: {}", problem.detail);
    }
    store.stop().await;
}

#[tokio::test]
async fn before_a_promotion_readers_are_told_to_wait() {
    let mut store = Store::start().await;
    for path in [
        "/releases/current",
        "/releases/current/zones",
        "/collections",
        "/collections/places/items",
    ] {
        let problem: theron_wire::Problem = store.get(path).await.json().await.unwrap();
        assert_eq!((problem.status, problem.code.as_str()), (404, "no_release_promoted"), "{path}");
    }
    assert_eq!(store.get("").await.status(), 200, "the landing page is there");
    store.stop().await;
}
