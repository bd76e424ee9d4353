//! GeoParquet: whole collections, read back by another hand.

use crate::scene::Store;
use arrow_array::{Array, RecordBatch, cast::AsArray, types::Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use std::time::Duration;
use tessera_release::from_wkb;
use theron_testkit::world::SmallWorld;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

async fn scene(world: &SmallWorld) -> (Store, String, tempfile::TempDir) {
    let store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let release = world.write(&folder.path().join("world.sqlite3")).unwrap();
    store.publish(&release).await;
    (store, format!("/releases/{}/export", release.id), folder)
}

async fn table(store: &Store, path: &str) -> (RecordBatch, usize) {
    let response = store.get(path).await;
    assert_eq!(response.status(), 200, "{path}");
    assert_eq!(response.headers()["content-type"], "application/vnd.apache.parquet");
    let reader = ParquetRecordBatchReaderBuilder::try_new(response.bytes().await.unwrap()).unwrap();
    let groups = reader.metadata().num_row_groups();
    let batch = reader.with_batch_size(1_000_000).build().unwrap().next().unwrap().unwrap();
    (batch, groups)
}

#[tokio::test]
async fn features_are_exported_whole_with_their_shapes_and_properties() {
    let world = SmallWorld::latium();
    let (mut store, exports, _folder) = scene(&world).await;
    let (roads, _) = table(&store, &format!("{exports}/roads.parquet")).await;
    let road = &world.features[3];
    assert_eq!(roads.num_rows(), 1);
    assert_eq!(roads["fid"].as_string::<i32>().value(0), road.id);
    assert_eq!(roads["latin"].as_string::<i32>().value(0), "Via Appia");
    assert_eq!(roads["valid_from"].as_primitive::<Int64Type>().value(0), -312);
    assert!(roads["valid_to"].is_null(0) && roads["paved"].as_boolean().value(0));
    assert_eq!(
        from_wkb(roads["geometry"].as_binary::<i32>().value(0)).as_ref(),
        Some(&road.geometry)
    );
    let (places, _) = table(&store, &format!("{exports}/places.parquet")).await;
    assert_eq!(places.num_rows(), world.places.len());
    store.stop().await;
}

#[tokio::test]
async fn a_world_of_many_zones_is_exported_in_several_row_groups() {
    let world = SmallWorld::latium_at(tessera_grid::Resolution::try_from(8).unwrap());
    let (mut store, exports, _folder) = scene(&world).await;
    let (cells, groups) = table(&store, &format!("{exports}/cells.parquet")).await;
    assert_eq!(cells.num_rows(), world.cells.len());
    assert_eq!(groups, world.cells.len().div_ceil(20_000));
    assert!(groups > 2);
    let heights = cells["elevation_mean_m"].as_primitive::<Int64Type>();
    let zones = cells["fid"].as_string::<i32>();
    for (index, cell) in world.cells.iter().enumerate() {
        assert_eq!(zones.value(index), cell.zone.to_string());
        assert_eq!(heights.value(index), i64::from(cell.terrain.unwrap().elevation_mean_m));
    }
    let (rivers, _) = table(&store, &format!("{exports}/cells-river.parquet")).await;
    assert_eq!(rivers.num_rows(), world.cells.iter().filter(|cell| cell.river.is_some()).count());
    store.stop().await;
}

#[tokio::test]
async fn an_export_is_named_by_its_release_and_found_from_its_collection() {
    let (mut store, exports, _folder) = scene(&SmallWorld::latium()).await;
    let collection = store.json("/collections/settlements").await;
    let links = collection["links"].as_array().unwrap().iter();
    let link = links.clone().find(|link| link["type"] == "application/vnd.apache.parquet").unwrap();
    assert_eq!(link["href"], format!("{}{exports}/settlements.parquet", store.public_url()));
    let path = format!("{exports}/settlements.parquet");
    let first = store.get(&path).await;
    assert_eq!(first.headers()["cache-control"], "public, max-age=31536000, immutable");
    let etag = first.headers()["etag"].clone();
    let again = store.request(&path).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    for (file, code) in [("roads.csv", "no_such_export"), ("gold.parquet", "no_such_collection")] {
        let response = store.get(&format!("{exports}/{file}")).await;
        assert_eq!(response.status(), 404);
        assert_eq!(response.json::<Value>().await.unwrap()["code"], code);
    }
    store.stop().await;
}

/// Exports that nobody reads hold both places, and those who come then wait in line; when the callers are gone,
/// the next one is made.
#[tokio::test]
async fn a_caller_that_hangs_up_frees_its_place_and_who_waited_is_served() {
    let world = SmallWorld::latium_at(tessera_grid::Resolution::try_from(8).unwrap());
    let (mut store, exports, _folder) = scene(&world).await;
    let path = format!("{exports}/cells.parquet");
    let held = [store.get(&path).await, store.get(&path).await];
    assert!(held.iter().all(|response| response.status() == 200));
    let mut waiting = Box::pin(store.get(&path));
    let soon = tokio::time::timeout(Duration::from_millis(300), &mut waiting).await;
    assert!(soon.is_err(), "a third export begins while two are held");
    drop(held);
    let served = waiting.as_mut().await;
    drop(waiting);
    assert_eq!(served.status(), 200);
    assert_eq!(&served.bytes().await.unwrap()[..4], b"PAR1");
    store.stop().await;
}

/// Asks for an export over a socket that holds little, and reads its first byte.
async fn begun(store: &Store, path: &str) -> TcpStream {
    let url = store.public_url();
    let (address, base) = url.trim_start_matches("http://").split_once('/').unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(address.parse().unwrap()).await.unwrap();
    let head =
        format!("GET /{base}{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.read_exact(&mut [0]).await.unwrap();
    stream
}

/// Two that nobody reads hold all turns of a reader; a third one is answered only once one of them is let go. The other
/// may still be written when it is read on.
#[tokio::test]
async fn a_reader_that_stands_still_loses_his_turn() {
    let world = SmallWorld::latium_at(tessera_grid::Resolution::try_from(8).unwrap());
    let (mut store, exports, _folder) = scene(&world).await;
    store.stall = Some(Duration::from_millis(200));
    store.restart().await;
    let path = format!("{exports}/cells.parquet");
    let held = [begun(&store, &path).await, begun(&store, &path).await];
    assert_eq!(store.get(&path).await.status(), 200);
    let mut broken = 0;
    for mut answer in held {
        let mut came = Vec::new();
        // The connection may be reset after what was on its way.
        let ended = answer.read_to_end(&mut came).await;
        broken += usize::from(ended.is_err() || !came.ends_with(b"\r\n0\r\n\r\n"));
    }
    assert!(broken > 0, "both came whole");
    // On the mesh a connection carries many answers, and one of them may stand still while it does not.
    let mesh = store.as_identity("otivm-dev");
    let ask = async || mesh.send(mesh.request(reqwest::Method::GET, &path)).await.unwrap();
    let held = [ask().await, ask().await];
    assert_eq!(ask().await.status(), 200);
    let mut broken = 0;
    for answer in held {
        broken += usize::from(answer.bytes().await.is_err());
    }
    assert!(broken > 0, "both came whole");
    store.stop().await;
}

#[tokio::test]
async fn a_line_that_is_too_long_is_told_when_to_come_back() {
    let world = SmallWorld::latium_at(tessera_grid::Resolution::try_from(8).unwrap());
    let (mut store, exports, _folder) = scene(&world).await;
    let path = format!("{exports}/cells.parquet");
    let held = [store.get(&path).await, store.get(&path).await];
    let mut all: futures::stream::FuturesUnordered<_> = (0..17).map(|_| store.get(&path)).collect();
    let refused = futures::StreamExt::next(&mut all).await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (503, &"60".parse().unwrap())
    );
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "too_busy");
    drop((held, all));
    store.stop().await;
}
