//! Ten thousand requests that nobody should make: each is answered, none with a failure of ours, and every
//! refusal is a problem with a sentence.

use crate::scene::{Store, cells, write};
use reqwest::{Client, Method};
use std::sync::Arc;
use theron_testkit::Dice;
use theron_wire::Problem;

const REQUESTS: usize = 10_000;
const TOGETHER: usize = 8;

/// Segments of addresses, right ones and wrong ones.
const SEGMENTS: &[&str] = &[
    "collections",
    "places",
    "cells",
    "cells-terrain",
    "mines",
    "roads",
    "items",
    "queryables",
    "releases",
    "current",
    "zones",
    "tiles",
    "world",
    "relief",
    "file",
    "sources",
    "conformance",
    "ostia",
    "appia",
    "m1",
    "0",
    "1",
    "2",
    "255",
    "4294967296",
    "-1",
    "..",
    "%2e%2e",
    "%00",
    "%ff",
    "a%20b",
    "%F0%9F%8F%9B",
    "dggs",
    "coverage",
    "position",
    "area",
    "cube",
    "",
];
const NAMES: &[&str] = &[
    "bbox",
    "limit",
    "cursor",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "crs",
    "bbox-crs",
    "f",
    "zone",
    "coords",
    "parameter-name",
    "x",
    "",
    "BBOX",
    "offset",
];
const VALUES: &[&str] = &[
    "12,41,13,42",
    "170,-10,-170,10",
    "NaN,0,1,1",
    "inf,0,1,1",
    "1e400,0,1,1",
    "1,2,3",
    ",,,",
    "a,b,c,d",
    "12,41,0,13,42,9",
    "0",
    "1",
    "10000",
    "99999999999999999999",
    "-1",
    "json",
    "html",
    "xml",
    "0150-01-01",
    "-000199-01-01/..",
    "../..",
    "9999-99-99",
    "+000150-01-01T00:00:00Z",
    "/",
    "..",
    "rank%20%3C%3D%202",
    "latin%20LIKE%20'%25%25%25a'",
    "S_INTERSECTS(geometry,POINT(12%2041))",
    "S_INTERSECTS(geometry,POLYGON((0%200,0%200,0%200,0%200)))",
    "NOT%20NOT%20NOT%20TRUE",
    "((((((((((",
    "'",
    "%22",
    "%00",
    "%ff%fe",
    "%F0%9F%8F%9B",
    "koppen='Csa'",
    "conflicts>0",
    "AAAA",
    "b3N0aWE",
    "cql2-text",
    "cql2-json",
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "EPSG:4326",
    "POINT(12.3%2041.7)",
    "POLYGON((12%2041,13%2041,13%2042,12%2041))",
    "elevation_mean_m",
];
const HEADERS: &[(&str, &[&str])] = &[
    (
        "accept",
        &["text/html", "*/*", "application/json;q=x", "image/png", ",,,;;;q=", "text/html;q=0"],
    ),
    ("accept-encoding", &["gzip", "zstd", "br", "gzip;q=0, *", "\"", "identity;q=0"]),
    ("if-none-match", &["*", "\"x\"", "W/\"x-gzip\"", "-gzip\"", ",,,", "\"\""]),
    (
        "range",
        &["bytes=0-0", "bytes=-1", "bytes=9-1", "lines=1", "bytes=0-0,2-3", "bytes=999999999999-"],
    ),
    ("if-range", &["\"x\"", "Wed, 21 Oct 2015 07:28:00 GMT"]),
    ("forwarded", &["for=\"", "proto=https;host=\"a b\"", ";;;==="]),
    ("traceparent", &["00-0-0-0", "ff"]),
    ("content-type", &["application/json", "x"]),
];

fn address(dice: &mut Dice, zone: &str) -> String {
    let mut path: Vec<String> = match dice.below(8) {
        0 => vec!["collections".into()],
        1 | 2 => vec![
            "collections".into(),
            dice.pick(&["places", "cells", "mines", "roads", "provinces"]).to_owned(),
            "items".into(),
        ],
        3 => vec![
            "releases".into(),
            "current".into(),
            dice.pick(&["zones", "places", "file", "sources", "tiles"]).to_owned(),
        ],
        4 => vec!["collections".into(), "cells".into(), "items".into(), zone.to_owned()],
        5 => vec!["releases".into(), "current".into(), "zones".into(), zone.to_owned()],
        _ => Vec::new(),
    };
    for _ in 0..dice.below(4) {
        path.push(dice.pick(SEGMENTS).to_owned());
    }
    if dice.below(6) == 0 && !path.is_empty() {
        let at = dice.below(path.len());
        dice.pick(SEGMENTS).clone_into(&mut path[at]);
    }
    let mut query = Vec::new();
    for _ in 0..dice.below(4) {
        query.push(format!("{}={}", dice.pick(NAMES), dice.pick(VALUES)));
    }
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/{}{mark}{}", path.join("/"), query.join("&"))
}

/// What is wrong with the answer, if anything is.
async fn ask(client: &Client, url: &str, mut dice: Dice) -> Option<String> {
    let methods = [Method::POST, Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS];
    let method = if dice.below(12) == 0 { methods[dice.below(5)].clone() } else { Method::GET };
    let mut request = client.request(method.clone(), url);
    for _ in 0..dice.below(3) {
        let (name, values) = HEADERS[dice.below(HEADERS.len())];
        request = request.header(name, dice.pick(values));
    }
    let said = format!("{method} {url}");
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => return Some(format!("{said}: no answer: {error:?}")),
    };
    let status = response.status();
    if status.is_server_error() {
        return Some(format!("{said}: {status}"));
    }
    if !status.is_client_error() || method == Method::HEAD {
        return None;
    }
    // A range beyond the end has a header that says so, and no body.
    if status.as_u16() == 416 {
        return None;
    }
    let kind = response.headers().get("content-type").map(|kind| kind.as_bytes().to_vec());
    let body = response.text().await.unwrap_or_default();
    match serde_json::from_str::<Problem>(&body) {
        Ok(problem) if problem.detail.len() > 10 && problem.status == status.as_u16() => None,
        _ => Some(format!("{said}: {status} {kind:?} {body}")),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_odd_requests_are_answered_and_every_refusal_is_a_sentence() {
    let mut store = Store::start().await;
    store.config.public.calls_max = u32::MAX;
    store.restart().await;
    let folder = tempfile::tempdir().unwrap();
    store.publish(&write(folder.path(), "first")).await;
    let client = Client::builder().no_gzip().build().unwrap();
    let zone = cells()[3].zone.to_string();
    let url: Arc<str> = store.public_url().into();
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..TOGETHER {
        let (client, zone, url) = (client.clone(), zone.clone(), Arc::clone(&url));
        workers.spawn(async move {
            let mut complaints = Vec::new();
            for request in (worker..REQUESTS).step_by(TOGETHER) {
                let mut dice = Dice::new(request as u64);
                let url = format!("{url}{}", address(&mut dice, &zone));
                complaints.extend(ask(&client, &url, dice).await);
            }
            complaints
        });
    }
    let mut complaints = Vec::new();
    while let Some(found) = workers.join_next().await {
        complaints.extend(found.unwrap());
    }
    let some: Vec<_> = complaints.iter().take(20).collect();
    assert!(complaints.is_empty(), "{} of {REQUESTS}: {some:#?}", complaints.len());
    assert!(store.readiness().await.ready);
    store.stop().await;
}
