//! OGC API Tiles: each class that is declared.

use crate::scene::Store;
use serde_json::{Value, json};
use tessera_release::ReleaseFile;
use theron_testkit::world::{RELIEF_TILE, SmallWorld, WORLD_TILE};

async fn scene() -> (Store, ReleaseFile, tempfile::TempDir) {
    let store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let release = SmallWorld::latium().write(&folder.path().join("world.sqlite3")).unwrap();
    store.publish(&release).await;
    (store, release, folder)
}

fn href(links: &Value, rel: &str) -> String {
    let found =
        links.as_array().unwrap().iter().find(|link| link["rel"].as_str().unwrap().ends_with(rel));
    found.unwrap()["href"].as_str().unwrap().to_owned()
}

async fn follow(store: &Store, href: &str) -> Value {
    store.json(href.strip_prefix(&store.public_url()).unwrap()).await
}

#[tokio::test]
pub(crate) async fn dataset_tilesets_lead_from_the_landing_page_to_each_tile() {
    let (mut store, _release, _folder) = scene().await;
    let landing = store.json("").await;
    for (rel, kind, media_type, address, bytes) in [
        (
            "tilesets-vector",
            "vector",
            "application/vnd.mapbox-vector-tile",
            ["1", "0", "1"],
            WORLD_TILE,
        ),
        ("tilesets-coverage", "coverage", "image/png", ["0", "0", "0"], RELIEF_TILE),
    ] {
        let list = follow(&store, &href(&landing["links"], rel)).await;
        let listed = &list["tilesets"][0];
        assert_eq!(
            (&listed["dataType"], list["tilesets"].as_array().unwrap().len()),
            (&json!(kind), 1)
        );
        let tileset = follow(&store, &href(&listed["links"], "self")).await;
        let scheme = follow(&store, &href(&tileset["links"], "tiling-scheme")).await;
        assert_eq!(scheme["id"], "WebMercatorQuad");
        let [z, row, col] = address;
        let template = href(&tileset["links"], "item");
        let tile =
            template.replace("{tileMatrix}", z).replace("{tileRow}", row).replace("{tileCol}", col);
        let path = tile.strip_prefix(&store.public_url()).unwrap().to_owned();
        let tile = store.get(&path).await;
        assert_eq!(
            (tile.status().as_u16(), &tile.headers()["content-type"]),
            (200, &media_type.parse().unwrap())
        );
        let etag = tile.headers()["etag"].clone();
        assert_eq!(tile.bytes().await.unwrap(), bytes);
        let again = store.request(&path).header("if-none-match", etag).send().await.unwrap();
        assert_eq!(again.status(), 304);
    }
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn the_tile_matrix_set_is_the_one_that_ogc_registers() {
    let (mut store, _release, _folder) = scene().await;
    let list = store.json("/tileMatrixSets").await;
    let set = follow(&store, &href(&list["tileMatrixSets"][0]["links"], "self")).await;
    assert_eq!(set["uri"], "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad");
    let levels = set["tileMatrices"].as_array().unwrap();
    assert_eq!(levels.len(), 25);
    // As the register has them, 17-083r4 D.1.
    assert!((levels[0]["scaleDenominator"].as_f64().unwrap() - 559_082_264.028_717_6).abs() < 1e-3);
    assert!((levels[10]["cellSize"].as_f64().unwrap() - 152.874_056_570_353).abs() < 1e-9);
    assert_eq!((&levels[10]["matrixWidth"], &levels[10]["id"]), (&json!(1024), &json!("10")));
    assert_eq!(
        levels[0]["pointOfOrigin"],
        json!([-20_037_508.342_789_244, 20_037_508.342_789_244])
    );
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn tileset_metadata_says_how_far_the_tiles_reach_and_whose_they_are() {
    let (mut store, release, _folder) = scene().await;
    let tileset = store.json("/tiles/WebMercatorQuad").await;
    assert_eq!(tileset["boundingBox"]["lowerLeft"], json!([11.5, 40.5]));
    let limits = json!({"tileMatrix": "1", "minTileRow": 0, "maxTileRow": 0, "minTileCol": 1, "maxTileCol": 1});
    assert_eq!(tileset["tileMatrixSetLimits"][1], limits);
    assert_eq!(tileset["attribution"], "none");
    let tilejson = store.json("/tiles/WebMercatorQuad?f=tilejson").await;
    assert_eq!((&tilejson["tilejson"], &tilejson["maxzoom"]), (&json!("3.0.0"), &json!(1)));
    // The address names the release, so that a map that is open shows one world.
    let expected =
        format!("{}/releases/{}/tiles/world/{{z}}/{{y}}/{{x}}", store.public_url(), release.id);
    assert_eq!(tilejson["tiles"], json!([expected]));
    let layers = tilejson["vector_layers"].as_array().unwrap().iter();
    let fields = layers.map(|layer| {
        let fields: Vec<&String> = layer["fields"].as_object().unwrap().keys().collect();
        (layer["id"].as_str().unwrap(), json!(fields))
    });
    let place = ["certainty", "harbour", "id", "latin", "modern", "province", "rank"];
    let drawn = [
        ("land", json!([])),
        ("coast", json!([])),
        ("lakes", json!([])),
        ("rivers", json!(["name", "scalerank", "upstream_km2"])),
        ("places", json!(place)),
    ];
    assert_eq!(fields.collect::<Vec<_>>(), drawn);
    assert_eq!(
        store.json("/coverage/tiles/WebMercatorQuad?f=tilejson").await["encoding"],
        "terrarium"
    );
    store.stop().await;
}

#[tokio::test]
pub(crate) async fn tiles_that_are_not_there_are_said_so() {
    let (mut store, _release, _folder) = scene().await;
    for (path, status, code) in [
        ("/tiles/WorldCRS84Quad", 404, "no_such_tileset"),
        ("/tiles/WorldCRS84Quad/0/0/0", 404, "no_such_tileset"),
        ("/tileMatrixSets/WorldCRS84Quad", 404, "no_such_tileset"),
        ("/tiles/WebMercatorQuad/9/0/0", 404, "no_such_level"),
        ("/tiles/WebMercatorQuad/1/2/0", 400, "tile_outside"),
    ] {
        let response = store.get(path).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.json::<Value>().await.unwrap()["code"], code, "{path}");
    }
    assert_eq!(store.get("/tiles/WebMercatorQuad/1/0/0").await.status(), 204);
    store.stop().await;
}
