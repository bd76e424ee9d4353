//! Cursors, budgets, representations: what a reader may do, and how it is told.

use crate::scene::{Store, cells, write};
use reqwest::StatusCode;
use serde_json::Value;
use theron_service::Proxy;
use theron_wire::Problem;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn scene() -> (Store, tempfile::TempDir) {
    let store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    store.publish(&write(folder.path(), "first")).await;
    (store, folder)
}

fn next(page: &Value) -> String {
    let links = page["links"].as_array().unwrap();
    let next = links.iter().find(|link| link["rel"] == "next").unwrap();
    next["href"].as_str().unwrap().to_owned()
}

async fn refusal(url: &str) -> (u16, String, String) {
    let problem: Problem = reqwest::get(url).await.unwrap().json().await.unwrap();
    (problem.status, problem.code, problem.detail)
}

#[tokio::test]
async fn a_cursor_that_was_tampered_with_or_is_of_elsewhere_is_refused() {
    let (mut store, folder) = scene().await;
    let next = next(&store.json("/collections/cells/items?limit=5").await);
    let (head, cursor) = next.split_once("cursor=").unwrap();
    let mut letters: Vec<char> = cursor.chars().collect();
    let middle = letters.len() / 2;
    letters[middle] = if letters[middle] == 'A' { 'B' } else { 'A' };
    let tampered: String = letters.into_iter().collect();
    let not_ours = refusal(&format!("{head}cursor={tampered}")).await;
    assert_eq!((not_ours.0, not_ours.1.as_str()), (400, "cursor_not_valid"));
    let elsewhere = next.replace("/collections/cells/", "/collections/places/");
    let other_list = refusal(&elsewhere).await;
    assert_eq!((other_list.0, other_list.1.as_str()), (400, "cursor_not_valid"));

    let second = write(folder.path(), "second");
    store.publish(&second).await;
    let zones = store.json(&format!("/releases/{}/zones?limit=5", second.id)).await;
    let of_second = self::next(&zones);
    let (_, second_cursor) = of_second.split_once("cursor=").unwrap();
    let first_id = zones["release"].as_str().unwrap();
    assert_eq!(first_id, second.id.as_str());
    let first = store.json("/releases").await["releases"][1]["id"].as_str().unwrap().to_owned();
    let url = format!("{}/releases/{first}/zones?cursor={second_cursor}", store.public_url());
    let other_release = refusal(&url).await;
    assert_eq!((other_release.0, other_release.1.as_str()), (400, "cursor_not_valid"));
    assert!(other_release.2.contains("start the walk again"), "{}", other_release.2);
    store.stop().await;
}

#[tokio::test]
async fn a_cursor_outlives_a_restart_and_not_its_release() {
    let (mut store, folder) = scene().await;
    let next = next(&store.json("/collections/cells/items?limit=5").await);
    let query = next.split_once("/items").unwrap().1.to_owned();
    let before = store.json(&format!("/collections/cells/items{query}")).await;
    store.restart().await;
    let after = store.json(&format!("/collections/cells/items{query}")).await;
    assert_eq!(before["features"], after["features"]);
    let first = before["release"].as_str().unwrap().to_owned();
    store.publish(&write(folder.path(), "second")).await;
    let operator = store.as_identity(theron_mesh::names::OPERATOR);
    let gone = operator.request(reqwest::Method::DELETE, &format!("/releases/{first}"));
    assert_eq!(operator.send(gone).await.unwrap().status(), StatusCode::NO_CONTENT);
    let url = format!("{}/collections/cells/items{query}", store.public_url());
    let refused = refusal(&url).await;
    assert_eq!((refused.0, refused.1.as_str()), (400, "cursor_not_valid"));
    assert!(refused.2.contains("no longer kept"), "{}", refused.2);
    store.stop().await;
}

#[tokio::test]
async fn the_public_listener_tells_a_client_its_budget_and_the_mesh_has_none() {
    let (mut store, _folder) = scene().await;
    store.config.public.calls_max = 3;
    store.restart().await;
    for left in [2, 1, 0] {
        let response = store.get("/conformance").await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["ratelimit-policy"], "\"client\";q=3;w=60");
        assert_eq!(response.headers()["ratelimit"], format!("\"client\";r={left};t=60"));
    }
    let response = store.get("/conformance").await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()["retry-after"], "60");
    let problem: Problem = response.json().await.unwrap();
    assert_eq!(problem.code, "too_many_calls");
    assert!(problem.detail.contains("taken in 60 s"), "{}", problem.detail);
    assert!(store.readiness().await.ready, "who watches over the service is not counted");
    let mesh = store.as_identity("otivm-dev");
    for _ in 0..5 {
        mesh.get::<Value>("/conformance").await.unwrap();
    }
    store.stop().await;
}

#[tokio::test]
async fn a_page_of_any_origin_may_read_the_public_world_and_none_the_mesh() {
    let (mut store, _folder) = scene().await;
    for (path, status) in [("/collections", 200), ("/tiles/WebMercatorQuad/9/0/0", 404)] {
        let response = store.request(path).header("origin", "https://maps.example").send().await;
        let response = response.unwrap();
        assert_eq!(response.status(), status);
        for header in ["access-control-allow-origin", "access-control-expose-headers"] {
            assert_eq!(response.headers()[header], "*", "{path}");
        }
        assert!(!response.headers().contains_key("access-control-allow-credentials"));
    }
    let mesh = store.as_identity("otivm-dev");
    let answer = mesh.send(mesh.request(reqwest::Method::GET, "/collections")).await.unwrap();
    assert!(!answer.headers().contains_key("access-control-allow-origin"));
    store.stop().await;
}

#[tokio::test]
async fn a_page_may_ask_with_headers_of_its_own_which_costs_no_call() {
    let (mut store, _folder) = scene().await;
    let client = reqwest::Client::new();
    for path in ["/collections", "/collections/cells/items", "/openapi.json", "/nothing"] {
        let preflight = client
            .request(reqwest::Method::OPTIONS, format!("{}{path}", store.public_url()))
            .header("origin", "https://maps.example")
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "if-none-match,traceparent");
        let answer = preflight.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT, "{path}");
        for (header, said) in [
            ("access-control-allow-origin", "*"),
            ("access-control-allow-methods", "GET, HEAD"),
            ("access-control-allow-headers", "*"),
            ("access-control-max-age", "86400"),
        ] {
            assert_eq!(answer.headers()[header], said, "{path}");
        }
    }
    let left = store.get("/conformance").await.headers()["ratelimit"].clone();
    assert_eq!(left, "\"client\";r=5999;t=60");
    store.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_said_to_any_page_and_counted() {
    let (mut store, _folder) = scene().await;
    let nothing = store.request("/nothing").send().await.unwrap();
    let client = reqwest::Client::new();
    let post = client.post(format!("{}/collections", store.public_url())).send().await.unwrap();
    let top = store.public_url().replace("/api/v1", "/");
    let top = client.get(top).send().await.unwrap();
    for (answer, status, code, left) in [
        (nothing, 404, "no_such_route", 5999),
        (post, 405, "no_such_method", 5998),
        (top, 404, "no_such_route", 5997),
    ] {
        assert_eq!(answer.status(), status);
        let headers = answer.headers();
        assert_eq!(headers["access-control-allow-origin"], "*", "{code}");
        assert_eq!(headers["ratelimit"], format!("\"client\";r={left};t=60"));
        assert_eq!(answer.json::<Problem>().await.unwrap().code, code);
    }
    let document = store.get("/openapi.json").await;
    assert_eq!(document.headers()["access-control-allow-origin"], "*");
    store.stop().await;
}

#[tokio::test]
async fn a_parameter_of_an_address_that_takes_none_is_refused() {
    let (mut store, _folder) = scene().await;
    for path in [
        "/releases",
        "/releases/current",
        "/releases/current/file",
        "/releases/current/sources",
        "/releases/current/places",
        "/releases/current/tiles/world/0/0/0",
        "/releases/current/export/mines.parquet",
        "/tileMatrixSets",
        "/tileMatrixSets/WebMercatorQuad",
        "/tiles",
        "/tiles/WebMercatorQuad",
        "/tiles/WebMercatorQuad/0/0/0",
        "/coverage/tiles",
        "/openapi.json",
    ] {
        let refused = store.refusal(&format!("{path}?colour=red")).await;
        assert_eq!(refused, (400, "query_not_understood".to_owned()), "{path}");
        assert!(store.get(&format!("{path}?")).await.status().is_success(), "{path}");
    }
    store.stop().await;
}

#[tokio::test]
async fn each_encoding_is_a_representation_with_an_etag_of_its_own() {
    let (mut store, _folder) = scene().await;
    let path = "/collections/cells/items";
    let ask = async |encoding: &str, known: Option<&str>| {
        let mut request = store.request(path).header("accept-encoding", encoding);
        if let Some(known) = known {
            request = request.header("if-none-match", known);
        }
        request.send().await.unwrap()
    };
    let plain = ask("identity", None).await;
    assert!(!plain.headers().contains_key("content-encoding"));
    let plain_tag = plain.headers()["etag"].to_str().unwrap().to_owned();
    let length = plain.bytes().await.unwrap().len();
    let mut tags = vec![plain_tag.clone()];
    for encoding in ["gzip", "zstd"] {
        let response = ask(encoding, None).await;
        assert_eq!(response.headers()["content-encoding"], encoding);
        let vary: Vec<&str> =
            response.headers().get_all("vary").iter().map(|v| v.to_str().unwrap()).collect();
        assert!(vary.contains(&"accept-encoding") && vary.contains(&"accept"), "{vary:?}");
        let tag = response.headers()["etag"].to_str().unwrap().to_owned();
        assert!(tag.starts_with('"') && tag.ends_with(&format!("-{encoding}\"")), "{tag}");
        assert!(response.bytes().await.unwrap().len() * 4 < length);
        let again = ask(encoding, Some(&tag)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers()["etag"], tag.as_str());
        tags.push(tag);
    }
    tags.dedup();
    assert_eq!(tags.len(), 3);
    let unasked = "/collections/places/items";
    let known = store.request(unasked).header("if-none-match", "*").send().await.unwrap();
    let vary: Vec<&str> =
        known.headers().get_all("vary").iter().map(|v| v.to_str().unwrap()).collect();
    assert_eq!((known.status().as_u16(), vary), (304, vec!["accept-encoding", "accept"]));
    let both = format!("\"other\", {}", tags[1]);
    assert_eq!(ask("gzip", Some(&both)).await.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(ask("gzip", Some("\"other-gzip\"")).await.status(), StatusCode::OK);
    let file = store.request("/releases/current/file").header("accept-encoding", "gzip");
    let file = file.send().await.unwrap();
    assert!(!file.headers().contains_key("content-encoding"), "files are read by ranges");
    store.stop().await;
}

#[tokio::test]
async fn links_go_by_what_a_proxy_says_only_where_one_is_configured() {
    let (mut store, _folder) = scene().await;
    let landing = async |store: &Store| {
        let request = store.request("").header("forwarded", "proto=https;host=tessera.example");
        let page: Value = request.send().await.unwrap().json().await.unwrap();
        page["links"][0]["href"].as_str().unwrap().to_owned()
    };
    assert_eq!(landing(&store).await, format!("{}?f=json", store.public_url()));
    store.config.public.behind_proxy = Proxy::Forwarded;
    store.restart().await;
    assert_eq!(landing(&store).await, "https://tessera.example/api/v1?f=json");
    let mesh = store.as_identity("otivm-dev");
    let page: Value = mesh.get("/collections").await.unwrap();
    let own = page["links"][0]["href"].as_str().unwrap();
    assert_eq!(own, format!("{}/collections?f=json", mesh.base_url()), "the mesh is https");
    store.stop().await;
}

#[tokio::test]
async fn a_proxy_opens_as_many_connections_as_its_readers_need() {
    const OF_ONE_ADDRESS: usize = 1024;
    let (mut store, _folder) = scene().await;
    store.config.public.behind_proxy = Proxy::Forwarded;
    store.restart().await;
    let address = store.public_url();
    let address = address.trim_start_matches("http://").trim_end_matches("/api/v1");
    // The first is worked out, the others are given as it was kept.
    let call = format!(
        "GET /api/v1/collections HTTP/1.1\r\nhost: {address}\r\nforwarded: for=192.0.2.7\r\n\r\n"
    );
    let mut open = Vec::new();
    for number in 0..=OF_ONE_ADDRESS {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(call.as_bytes()).await.unwrap();
        let mut status = [0; 12];
        connection.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 200", "{number}");
        open.push(connection);
    }
    store.stop().await;
}

#[tokio::test]
async fn a_box_over_the_antimeridian_is_taken() {
    let (mut store, _folder) = scene().await;
    for collection in ["cells", "places", "mines"] {
        // From 13 E eastwards round the globe to 12.25 E.
        let path = format!("/collections/{collection}/items?limit=10000&bbox=13,40,12.25,43");
        let page = store.json(&path).await;
        let around: Vec<&str> = page["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["id"].as_str().unwrap())
            .collect();
        let between = store
            .json(&format!(
                "/collections/{collection}/items?limit=10000&bbox=12.2501,40,12.9999,43"
            ))
            .await;
        let all = store.json(&format!("/collections/{collection}/items?limit=10000")).await;
        let number = |page: &Value| page["numberMatched"].as_u64().unwrap();
        assert!(number(&page) + number(&between) >= number(&all), "{collection}");
        assert_eq!(number(&page), around.len() as u64);
        if collection == "mines" {
            assert_eq!(around, ["m1", "m2", "m3"]);
        }
        if collection == "places" {
            assert_eq!(around, ["puteoli", "terracina"]);
        }
    }
    store.stop().await;
}

#[tokio::test]
async fn a_box_that_is_a_point_or_a_line_holds_what_lies_on_it_and_one_off_the_globe_is_refused() {
    let (mut store, _folder) = scene().await;
    let held = async |collection: &str, bbox: &str| -> Vec<String> {
        let page = store.json(&format!("/collections/{collection}/items?bbox={bbox}")).await;
        let features = page["features"].as_array().unwrap().iter();
        features.map(|feature| feature["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(held("mines", "12.1,42.1,12.1,42.1").await, ["m1"]);
    assert_eq!(held("mines", "12.2,40,12.2,43").await, ["m2"]);
    for collection in ["mines", "places", "cells"] {
        assert_eq!(held(collection, "180,-10,-180,10").await, [""; 0], "the antimeridian");
    }
    for off in ["180,95,-180,200", "500,-10,20,60", "1e400,1,2,3"] {
        let refused = store.refusal(&format!("/collections/places/items?bbox={off}")).await;
        assert_eq!(refused, (400, "query_not_understood".to_owned()), "{off}");
    }
    store.stop().await;
}

const ASKED: u32 = 1_500;

/// Of this process, without the pages of files.
fn memory_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// While one allocator put the small answer that is kept into the holes that an encoder's large buffers had left,
/// each answer took another 80 KB.
#[tokio::test]
async fn compressed_answers_that_are_kept_take_little_more_memory_than_their_bytes() {
    let (mut store, _folder) = scene().await;
    store.config.public.calls_max = u32::MAX;
    store.restart().await;
    let list = store.json("/releases").await;
    let release = list["current"].as_str().unwrap();
    let address = format!("{}/releases/{release}/zones/{}", store.public_url(), cells()[0].zone);
    let client = reqwest::Client::builder().no_gzip().build().unwrap();
    let ask = async |n: u32| {
        // As many questions as there are lists of encodings.
        let request = client.get(&address).header("accept-encoding", format!("gzip, x-{n}"));
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-encoding"], "gzip");
        response.bytes().await.unwrap().len()
    };
    let bytes = ask(0).await;
    let before = memory_kib();
    for n in 1..=ASKED {
        assert_eq!(ask(n).await, bytes);
    }
    let each = (memory_kib() - before) * 1024 / i64::from(ASKED);
    assert!(each < 16 * 1024, "{each} bytes for each answer of {bytes} bytes");
    store.stop().await;
}
