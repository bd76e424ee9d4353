//! OGC API DGGS: each class that is declared.

use crate::scene::Store;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tessera_grid::{Resolution, Zone};
use theron_testkit::world::SmallWorld;

async fn scene() -> (Store, SmallWorld, tempfile::TempDir) {
    scene_at(Resolution::FIVE).await
}

async fn scene_at(resolution: Resolution) -> (Store, SmallWorld, tempfile::TempDir) {
    let store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium_at(resolution);
    store.publish(&world.write(&folder.path().join("world.sqlite3")).unwrap()).await;
    (store, world, folder)
}

fn level(raw: u8) -> Resolution {
    Resolution::try_from(raw).unwrap()
}

fn zones(answer: &Value) -> Vec<Zone> {
    let zones = answer["zones"].as_array().unwrap().iter();
    zones.map(|zone| zone.as_str().unwrap().parse().unwrap()).collect()
}

fn all(world: &SmallWorld) -> Vec<Zone> {
    world.cells.iter().map(|cell| cell.zone).collect()
}

/// A zone of level 4 of which all seven children are cells.
fn whole_parent(world: &SmallWorld) -> Zone {
    let cells = all(world);
    let parents = cells.iter().filter_map(|cell| cell.ancestor(level(4)));
    let whole =
        |zone: &Zone| zone.descendants(Resolution::FIVE).all(|child| cells.contains(&child));
    parents.into_iter().find(whole).unwrap()
}

fn href(links: &Value, rel: &str) -> String {
    let links = links.as_array().unwrap().iter();
    let found = links.clone().find(|link| link["rel"].as_str().unwrap().ends_with(rel));
    found.unwrap()["href"].as_str().unwrap().to_owned()
}

/// The address of a zone, as the grid says that it is made.
fn template(grid: &Value, rel: &str, zone: &Value) -> String {
    let templates = grid["linkTemplates"].as_array().unwrap().iter();
    let mut found = templates.filter(|link| link["rel"].as_str().unwrap().ends_with(rel));
    let template = found.next().unwrap()["uriTemplate"].as_str().unwrap();
    template.replace("{zoneId}", zone.as_str().unwrap())
}

async fn follow(store: &Store, href: &str) -> Value {
    store.json(href.strip_prefix(&store.public_url()).unwrap()).await
}

#[tokio::test]
pub(crate) async fn core_links_lead_from_the_landing_page_and_from_a_collection_to_the_grid_s_definition()
 {
    let (mut store, _world, _folder) = scene().await;
    for from in ["", "/collections/cells", "/collections/cells-terrain"] {
        let start = store.json(from).await;
        let list = follow(&store, &href(&start["links"], "/dggrs-list")).await;
        assert_eq!(list["dggrs"][0]["id"], "H3");
        let grid = follow(&store, &href(&list["dggrs"][0]["links"], "self")).await;
        let (about, whole) = match from {
            "" => ("/dataset", store.public_url()),
            _ => ("/geodata", format!("{}{from}", store.public_url())),
        };
        assert_eq!(href(&list["links"], about), whole);
        assert_eq!(href(&grid["links"], about), whole);
        assert_eq!((&grid["id"], &grid["maxRefinementLevel"]), (&json!("H3"), &json!(5)));
        let definition = follow(&store, &href(&grid["links"], "/dggrs-definition")).await;
        assert_eq!(definition["dggh"]["definition"]["refinementRatio"], 7);
        let zones = follow(&store, &href(&grid["links"], "/dggrs-zone-query")).await;
        assert!(!zones["zones"].as_array().unwrap().is_empty());
        let zone = follow(&store, &template(&grid, "/dggrs-zone-info", &zones["zones"][0])).await;
        for known in [&zones, &zone] {
            assert_eq!(follow(&store, &href(&known["links"], "/dggrs")).await, grid);
        }
        assert_eq!(follow(&store, &href(&zones["links"], "/dggrs-definition")).await, definition);
        let templates = grid["linkTemplates"].as_array().unwrap();
        assert!(
            templates.iter().all(|link| link["uriTemplate"].as_str().unwrap().contains("{zoneId}"))
        );
    }
    let plain = store.json("/collections/roads").await;
    let rels = plain["links"].as_array().unwrap().iter();
    assert!(rels.clone().all(|link| !link["rel"].as_str().unwrap().contains("dggrs")));
    assert_eq!(store.refusal("/dggs/ISEA3H").await, (404, "no_such_grid".to_owned()));
    assert_eq!(store.refusal("/collections/roads/dggs").await, (404, "no_such_grid".to_owned()));
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn zone_query_gives_every_zone_that_has_data_at_any_level() {
    let (mut store, world, _folder) = scene().await;
    let cells = all(&world);
    let found = store.json("/dggs/H3/zones?zone-level=5&compact-zones=false").await;
    assert_eq!(zones(&found), cells);
    for coarser in [0, 3, 4] {
        let expected: BTreeSet<Zone> =
            cells.iter().filter_map(|cell| cell.ancestor(level(coarser))).collect();
        let path = format!("/dggs/H3/zones?zone-level={coarser}&compact-zones=false");
        let found: BTreeSet<Zone> = zones(&store.json(&path).await).into_iter().collect();
        assert_eq!(found, expected, "level {coarser}");
    }
    let compact = zones(&store.json("/dggs/H3/zones?zone-level=5").await);
    assert!(compact.len() < cells.len());
    let spread: BTreeSet<Zone> =
        compact.iter().flat_map(|zone| zone.descendants(Resolution::FIVE)).collect();
    assert_eq!(spread, cells.into_iter().collect());
    assert_eq!(
        store.refusal("/dggs/H3/zones?zone-level=6").await,
        (400, "zone_level_too_fine".to_owned())
    );
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn zone_query_goes_by_box_and_parent_and_page_by_page() {
    let (mut store, world, _folder) = scene().await;
    let parent = whole_parent(&world);
    let path = format!("/dggs/H3/zones?parent-zone={parent}&zone-level=5&compact-zones=false");
    let children: Vec<Zone> = parent.descendants(Resolution::FIVE).collect();
    assert_eq!(zones(&store.json(&path).await), children);
    assert_eq!(zones(&store.json(&format!("/dggs/H3/zones?parent-zone={parent}")).await), [parent]);

    let path = "/dggs/H3/zones?bbox=12.2,41.6,12.4,41.8&zone-level=5&compact-zones=false";
    let boxed = zones(&store.json(path).await);
    let inside = |zone: &Zone| {
        let at = zone.centre();
        (12.2..=12.4).contains(&at.longitude()) && (41.6..=41.8).contains(&at.latitude())
    };
    let centred: Vec<Zone> = all(&world).into_iter().filter(inside).collect();
    assert!(centred.iter().all(|zone| boxed.contains(zone)) && boxed.len() > centred.len());
    assert!(boxed.len() < 12, "{boxed:?}");

    let walked = walk(&store, "/dggs/H3/zones?zone-level=5&compact-zones=false&limit=50").await;
    assert_eq!(walked, all(&world));
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn zone_geojson_has_the_zones_of_zone_json_with_their_shapes() {
    let (mut store, world, _folder) = scene().await;
    let plain = store.json("/dggs/H3/zones?zone-level=5").await;
    let shaped = store.json("/dggs/H3/zones?zone-level=5&f=geojson").await;
    let features = shaped["features"].as_array().unwrap();
    let ids: Vec<&Value> = features.iter().map(|feature| &feature["id"]).collect();
    assert_eq!(ids, plain["zones"].as_array().unwrap().iter().collect::<Vec<_>>());
    assert!(features.iter().all(|feature| feature["geometry"]["type"] == "Polygon"));
    assert!(features.iter().all(|feature| feature["properties"]["zoneID"] == feature["id"]));

    let zone = world.cells[0].zone;
    let info = store.json(&format!("/dggs/H3/zones/{zone}")).await;
    assert_eq!((&info["id"], &info["level"]), (&json!(zone.to_string()), &json!(5)));
    assert_eq!(info["shapeType"], "hexagon");
    let area = info["areaMetersSquare"].as_f64().unwrap();
    assert!((area / 1e6 / zone.area_km2() - 1.0).abs() < 1e-6);
    assert_eq!(
        info["geometry"]["coordinates"][0].as_array().unwrap().len(),
        zone.boundary().len() + 1
    );
    let feature = store.json(&format!("/collections/cells/dggs/H3/zones/{zone}?f=geojson")).await;
    assert_eq!(feature["geometry"], info["geometry"]);
    assert_eq!(feature["properties"]["zoneID"], info["id"]);
    assert_eq!(store.refusal("/dggs/H3/zones/rome").await.0, 400);
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn data_json_has_the_numbers_of_the_cells_and_of_what_they_make_together() {
    let (mut store, world, _folder) = scene().await;
    let parent = whole_parent(&world);
    let heights: Vec<i32> = parent
        .descendants(Resolution::FIVE)
        .map(|zone| world.cells.iter().find(|cell| cell.zone == zone).unwrap())
        .map(|cell| cell.terrain.unwrap().elevation_mean_m)
        .collect();
    let mean = f64::from(heights.iter().sum::<i32>()) / 7.0;
    let path = format!("/dggs/H3/zones/{parent}/data?zone-depth=0-1&properties=elevation_mean_m");
    let data = store.json(&path).await;
    assert_eq!((&data["zoneId"], &data["depths"]), (&json!(parent.to_string()), &json!([0, 1])));
    let values = &data["values"]["elevation_mean_m"];
    assert_eq!(values[1]["shape"], json!({"count": 7, "subZones": 7}));
    assert_eq!(values[1]["data"], json!(heights.iter().map(|m| f64::from(*m)).collect::<Vec<_>>()));
    assert_eq!(values[0]["data"], json!([(mean * 1000.0).round() / 1000.0]));
    assert_eq!(data["schema"]["properties"]["elevation_mean_m"]["x-ogc-unit"], "m");

    let cell = &world.cells[0];
    let path = format!("/collections/cells-wind/dggs/H3/zones/{}/data?zone-depth=0", cell.zone);
    let wind = store.json(&path).await;
    assert_eq!(wind["values"]["wind_v_cm_s"][0]["data"], json!(vec![-340.0; 12]));
    assert_eq!(wind["values"]["wind_v_cm_s"][0]["shape"]["dimensions"], json!({"month": 12}));
    assert!(wind["values"]["elevation_mean_m"].is_null());
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn data_is_that_of_the_year_and_of_depths_that_there_are() {
    let (mut store, world, _folder) = scene().await;
    let zone = world.intervals[0].zone;
    let share = async |year: &str| {
        let path = format!("/dggs/H3/zones/{zone}/data?properties=land_permille&datetime={year}");
        store.json(&path).await["values"]["land_permille"][0]["data"][0].clone()
    };
    assert_eq!(share("-000199-01-01").await, 0.0);
    assert_eq!(share("0001-01-01").await, 150.0);
    assert_eq!(share("0150-01-01").await, 400.0);
    for (path, code) in [
        (format!("{zone}/data?zone-depth=1"), "zone_depth_too_great"),
        (format!("{zone}/data?zone-depth=0,x"), "query_not_understood"),
        (format!("{zone}/data?properties=gold"), "no_such_property"),
    ] {
        assert_eq!(store.refusal(&format!("/dggs/H3/zones/{path}")).await, (400, code.to_owned()));
    }
    let far = Zone::at(tessera_grid::Position::new(-30.0, 140.0).unwrap(), Resolution::FIVE);
    let path = format!("/dggs/H3/zones/{far}/data");
    assert_eq!(store.refusal(&path).await, (404, "no_such_zone".to_owned()));
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn data_geojson_has_a_feature_a_sub_zone_and_the_numbers_of_data_json() {
    let (mut store, world, _folder) = scene().await;
    let parent = whole_parent(&world);
    let path = format!("/dggs/H3/zones/{parent}/data?properties=elevation_max_m,rain_mm");
    let plain = store.json(&path).await;
    let shaped = store.json(&format!("{path}&f=geojson")).await;
    let features = shaped["features"].as_array().unwrap();
    let ids: Vec<String> =
        parent.descendants(Resolution::FIVE).map(|zone| zone.to_string()).collect();
    assert_eq!(
        features.iter().map(|feature| feature["id"].as_str().unwrap()).collect::<Vec<_>>(),
        ids
    );
    assert!(features.iter().all(|feature| feature["properties"]["zoneID"] == feature["id"]));
    let heights: Vec<Value> =
        features.iter().map(|feature| feature["properties"]["elevation_max_m"].clone()).collect();
    assert_eq!(json!(heights), plain["values"]["elevation_max_m"][0]["data"]);
    let rain: Vec<Value> = features
        .iter()
        .flat_map(|feature| feature["properties"]["rain_mm"].as_array().unwrap().clone())
        .collect();
    assert_eq!(json!(rain), plain["values"]["rain_mm"][0]["data"]);
    let path = format!("/dggs/H3/zones/{parent}/data?zone-depth=0,1&f=geojson");
    assert_eq!(store.refusal(&path).await.0, 400);
    store.stop().await;
}

/// Of all pages, from the first.
async fn walk(store: &Store, path: &str) -> Vec<Zone> {
    let mut page = store.json(path).await;
    let mut walked = zones(&page);
    while page["links"].as_array().unwrap().iter().any(|link| link["rel"] == "next") {
        page = follow(store, &href(&page["links"], "next")).await;
        walked.extend(zones(&page));
    }
    walked
}

#[tokio::test]
async fn pages_of_a_box_over_the_antimeridian_hold_what_one_answer_holds() {
    let (mut store, _world, _folder) = scene().await;
    // From 13 E eastwards round the globe to 12.25 E: the zones of both boxes have ids among each other's.
    for level in [3, 4, 5] {
        let path = format!(
            "/dggs/H3/zones?bbox=13,40,12.25,43&zone-level={level}&compact-zones=false&limit="
        );
        let whole = zones(&store.json(&format!("{path}10000")).await);
        for limit in [1, 7, 20] {
            assert_eq!(walk(&store, &format!("{path}{limit}")).await, whole, "{level} by {limit}");
        }
    }
    store.stop().await;
}

#[tokio::test]
async fn the_link_of_a_list_to_itself_and_to_its_next_page_ask_for_the_same_again() {
    let (mut store, _world, _folder) = scene().await;
    let asked = "zone-level=5&bbox=12%2C41%2C13%2C42&compact-zones=false&limit=3";
    for f in ["json", "geojson"] {
        let page = store.json(&format!("/dggs/H3/zones?{asked}&f={f}")).await;
        let own = href(&page["links"], "self");
        assert_eq!(own, format!("{}/dggs/H3/zones?f={f}&{asked}", store.public_url()));
        assert_eq!(follow(&store, &own).await, page);
        let next = href(&page["links"], "next");
        let (address, cursor) = next.rsplit_once("&cursor=").unwrap();
        assert_eq!((address, cursor.is_empty()), (own.as_str(), false));
        let second = follow(&store, &next).await;
        assert_eq!(follow(&store, &href(&second["links"], "self")).await, second);
        let other = href(&page["links"], "alternate");
        let other = follow(&store, &other).await;
        assert_eq!(
            (other["type"].is_null(), page["type"].is_null()),
            (f == "geojson", f == "json")
        );
    }
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn zone_query_takes_a_subset_for_a_box_and_a_year_in_every_crs_that_is_crs84() {
    let (mut store, _world, _folder) = scene().await;
    let crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    for start in ["/dggs", "/collections/cells-terrain/dggs"] {
        let path = format!("{start}/H3/zones?zone-level=5&compact-zones=false");
        let all = zones(&store.json(&path).await);
        let boxed = zones(&store.json(&format!("{path}&bbox=12.2,41.6,12.4,41.8")).await);
        assert!(!boxed.is_empty() && boxed.len() < all.len());
        for same in [
            format!("bbox=12.2,41.6,12.4,41.8&bbox-crs={crs84}&datetime=0150-01-01"),
            "bbox=12.2,41.6,12.4,41.8&bbox-crs=%5BOGC:CRS84%5D".to_owned(),
            format!("subset=Lat(41.6:41.8),Lon(12.2:12.4)&subset-crs={crs84}&bbox-crs=none"),
            "subset=Lat(41.6:41.8)&subset=Lon(12.2:12.4)&subset-crs=[OGC:CRS84]".to_owned(),
            "subset=lon(12.2:12.4),time(%220150-01-01%22),lat(41.6:41.8)".to_owned(),
        ] {
            assert_eq!(zones(&store.json(&format!("{path}&{same}")).await), boxed, "{same}");
        }
        let timed = format!("{path}&subset=time(%22-000199-01-01%22:*)&subset-crs=none&limit=50");
        assert_eq!(walk(&store, &timed).await, all);
        for wrong in [
            "bbox=12,41,13,42&bbox-crs=EPSG:4326",
            "subset=Lat(41:42)&subset-crs=[EPSG:4326]",
            "bbox=12,41,13,42&subset=Lat(41:42)",
            "datetime=0150-01-01&subset=time(0150-01-01)",
            "subset=h(0:10)",
            "subset=Lat(41:42",
            "subset=Lat(41:42)&subset=Lat(41:42)",
            "datetime=soon",
        ] {
            let refusal = store.refusal(&format!("{path}&{wrong}")).await;
            assert_eq!(refusal, (400, "query_not_understood".to_owned()), "{wrong}");
        }
    }
    store.stop().await;
}

/// The collections of zones that have quantities.
const COLLECTIONS: [&str; 9] = [
    "cells-bathymetry",
    "cells-current",
    "cells-lake",
    "cells-land-cover",
    "cells-river",
    "cells-surface",
    "cells-terrain",
    "cells-weather",
    "cells-wind",
];

#[tokio::test]
pub(crate) async fn a_collection_lists_the_zones_of_its_items_and_has_data_of_no_other() {
    for resolution in [5, 6] {
        let (mut store, world, _folder) = scene_at(level(resolution)).await;
        for collection in COLLECTIONS {
            let items = format!("/collections/{collection}/items?limit=10000");
            let items = store.json(&items).await["features"].as_array().unwrap().clone();
            let of_item = |item: &Value| item["id"].as_str().unwrap().parse().unwrap();
            let held: Vec<Zone> = items.iter().map(of_item).collect();
            let grid = format!("/collections/{collection}/dggs/H3/zones");
            let path = format!("{grid}?compact-zones=false&limit=10000&zone-level");
            assert_eq!(zones(&store.json(&format!("{path}={resolution}")).await), held);
            let paged = format!("{grid}?zone-level={resolution}&compact-zones=false&limit=177");
            assert_eq!(walk(&store, &paged).await, held, "{collection}");
            for coarser in [0, 3, 4] {
                let mut above: Vec<Zone> =
                    held.iter().filter_map(|zone| zone.ancestor(level(coarser))).collect();
                above.dedup();
                let found = store.json(&format!("{path}={coarser}")).await;
                assert_eq!(zones(&found), above, "{collection} at {coarser}");
            }
            let unsaid = all(&world).into_iter().find(|zone| !held.contains(zone));
            let data = |zone: Zone| format!("{grid}/{zone}/data");
            assert_eq!(store.get(&data(held[0])).await.status(), 200, "{collection}");
            let Some(unsaid) = unsaid else { continue };
            let refusal = store.refusal(&data(unsaid)).await;
            assert_eq!(refusal, (404, "no_such_zone".to_owned()), "{collection}");
            assert_eq!(store.get(&format!("/dggs/H3/zones/{unsaid}/data")).await.status(), 200);
        }
        store.stop().await;
    }
}

#[tokio::test]
async fn a_zone_is_listed_in_the_years_in_which_something_is_known_of_it() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut world = SmallWorld::latium();
    // Known to be sea until 51 BC and mud until AD 14; nothing is said of it later.
    world.cells[1].surface = None;
    store.publish(&world.write(&folder.path().join("world.sqlite3")).unwrap()).await;
    let (all, zone) = (all(&world), world.cells[1].zone);
    for (year, known) in [("-000199-01-01", true), ("0014-01-01", true), ("0150-01-01", false)] {
        let grid = "/collections/cells-surface/dggs/H3/zones";
        let rest = format!("datetime={year}&zone-level=5&compact-zones=false");
        let found = zones(&store.json(&format!("{grid}?{rest}")).await);
        assert_eq!((found.contains(&zone), found.len()), (known, all.len() - usize::from(!known)));
        let data = store.get(&format!("{grid}/{zone}/data?datetime={year}")).await;
        assert_eq!(data.status(), if known { 200 } else { 404 }, "{year}");
    }
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn zones_and_their_data_are_written_as_the_accept_header_asks() {
    let (mut store, world, _folder) = scene().await;
    let zone = world.cells[0].zone;
    let (json, geojson) = ("application/json", "application/geo+json");
    for start in ["/dggs", "/collections/cells/dggs"] {
        for rest in ["", &format!("/{zone}"), &format!("/{zone}/data")] {
            let path = format!("{start}/H3/zones{rest}");
            for (accept, f, kind) in [
                (geojson, "", geojson),
                ("application/geo+json;q=0.5, application/json", "", json),
                ("*/*", "", json),
                (geojson, "?f=json", json),
                ("image/png", "?f=geojson", geojson),
            ] {
                let request = store.request(&format!("{path}{f}")).header("accept", accept);
                let answer = request.send().await.unwrap();
                assert_eq!(answer.headers()["content-type"], kind, "{path}{f}: {accept}");
                let mut varies = answer.headers().get_all("vary").iter();
                assert!(varies.any(|by| by == "accept"), "{path}{f}");
            }
            let refused = store.request(&path).header("accept", "image/png").send().await.unwrap();
            assert_eq!(refused.status(), 406, "{path}");
        }
    }
    store.stop().await;
}

#[tokio::test]
async fn an_answer_that_is_had_is_not_sent_again() {
    let (mut store, world, _folder) = scene().await;
    let path = format!("/dggs/H3/zones/{}/data", world.cells[0].zone);
    let first = store.get(&path).await;
    let etag = first.headers()["etag"].clone();
    let again = store.request(&path).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    store.stop().await;
}
