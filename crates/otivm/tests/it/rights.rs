//! Role × object × verb: nobody reads or moves another's life. The verbs are those of the API document: a
//! route without a row here fails the test.

use crate::scene::{House, Player};
use otivm_api::Moments;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use std::collections::BTreeSet;
use theron_mesh::names;

/// For each operation of the player API an address and a body that are in order.
const ROWS: &[(&str, &str, &str, &str)] = &[
    ("post", "/players", "/players", "{}"),
    ("post", "/imports", "/imports", "{}"),
    ("post", "/sessions", "/sessions", r#"{"recovery_phrase":"PHRASE"}"#),
    ("delete", "/sessions", "/sessions", ""),
    ("post", "/sessions/challenges", "/sessions/challenges", ""),
    ("post", "/sessions/passkey", "/sessions/passkey", PASSKEY_ANSWER),
    ("get", "/passkeys", "/passkeys", ""),
    ("post", "/passkeys", "/passkeys", r#"{"ceremony":"none","name":"mine","credential":{}}"#),
    ("post", "/passkeys/challenges", "/passkeys/challenges", ""),
    ("delete", "/passkeys/{id}", "/passkeys/none", ""),
    ("get", "/session", "/session", ""),
    ("put", "/session", "/session", ""),
    ("delete", "/session", "/session", ""),
    ("put", "/recovery-phrase", "/recovery-phrase", ""),
    ("post", "/farewell", "/farewell", r#"{"keep":"erase"}"#),
    ("get", "/world", "/world", ""),
    ("get", "/chapters", "/chapters", ""),
    ("get", "/parameters", "/parameters", ""),
    ("get", "/places", "/places", ""),
    ("get", "/places/{id}", "/places/ostia", ""),
    ("get", "/places/{id}/market", "/places/ostia/market", ""),
    ("get", "/tiles/{tileset}/{z}/{row}/{col}", "/tiles/world/0/0/0", ""),
    (
        "get",
        "/releases/{id}/tiles/{tileset}/{z}/{row}/{col}",
        "/releases/RELEASE/tiles/world/0/0/0",
        "",
    ),
    ("get", "/me", "/me", ""),
    ("get", "/voyages/plan", "/voyages/plan?to=puteoli", ""),
    ("get", "/timeline", "/timeline", ""),
    ("get", "/ledger", "/ledger", ""),
    ("get", "/moments", "/moments?limit=1000", ""),
    ("get", "/life.sqlite3", "/life.sqlite3", ""),
    ("get", "/life.jsonl", "/life.jsonl", ""),
    ("get", "/events", "/events?after=0", ""),
    ("post", "/trades", "/trades", r#"{"side":"buy","good":"wool","units":1}"#),
    ("post", "/storage", "/storage", r#"{"way":"in","good":"wool","units":1}"#),
    ("post", "/voyages", "/voyages", r#"{"to":"puteoli"}"#),
    ("post", "/otium", "/otium", r#"{"guests":0}"#),
    ("delete", "/otium", "/otium", ""),
    ("post", "/journal", "/journal", r#"{"text":"mine"}"#),
    ("get", "/harbour", "/harbour", ""),
    ("post", "/repairs", "/repairs", r#"{"wear_permille":1}"#),
    ("post", "/ships", "/ships", r#"{"type":"actuaria","name":"Isis"}"#),
    ("delete", "/ships", "/ships", ""),
    ("post", "/charters", "/charters", r#"{"type":"actuaria"}"#),
    ("post", "/loans", "/loans", r#"{"to":"puteoli","principal_asses":100}"#),
    ("post", "/repayments", "/repayments", ""),
    ("post", "/relief", "/relief", ""),
    ("post", "/removals", "/removals", ""),
    ("post", "/villas", "/villas", ""),
    ("delete", "/villas/{place}", "/villas/ostia", ""),
    ("post", "/library", "/library", r#"{"way":"in","units":1}"#),
];

/// To a challenge that nobody was given.
const PASSKEY_ANSWER: &str = r#"{"ceremony":"none","credential":{"id":"AA","rawId":"AA","type":"public-key","response":{
    "authenticatorData":"AA","clientDataJSON":"AA","signature":"AA","userHandle":"AAAAAAAAAAAAAAAAAAAAAA"}}}"#;

/// In A's journal, and nowhere else.
const MARK: &str = "arcanum-quod-nemo-alius-videt";

struct Operation {
    method: String,
    path: String,
    needs_session: bool,
}

fn operations(document: usize) -> Vec<Operation> {
    let api = serde_json::to_value(&otivm::openapi()[document]).unwrap();
    let mut found = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push(Operation {
                method: method.clone(),
                path: path.clone(),
                needs_session: operation
                    .get("security")
                    .is_some_and(|list| list != &Value::Array(vec![])),
            });
        }
    }
    found
}

fn row(operation: &Operation) -> (&'static str, &'static str) {
    let Operation { method, path, .. } = operation;
    let found = ROWS.iter().find(|(m, p, ..)| m == method && p == path);
    let Some((.., address, body)) = found else {
        panic!("{method} {path} has no row: say here how it is called")
    };
    (address, body)
}

fn request(caller: &Player, operation: &Operation, release: &str) -> RequestBuilder {
    let (address, body) = row(operation);
    let method: Method = operation.method.to_uppercase().parse().unwrap();
    let address = address.replace("RELEASE", release);
    let request = caller.keyed(method, &address);
    if body.is_empty() {
        return request;
    }
    let body = body.replace("PHRASE", &caller.phrase);
    request.header("content-type", "application/json").body(body)
}

/// Status and text; of a stream what comes first.
async fn answer(request: RequestBuilder) -> (u16, String) {
    let mut response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    if kind.as_deref() == Some("text/event-stream") {
        let first = response.chunk().await.unwrap().unwrap_or_default();
        return (status, String::from_utf8_lossy(&first).into_owned());
    }
    (status, String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned())
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let of_the_document: BTreeSet<(String, String)> =
        operations(0).into_iter().map(|operation| (operation.method, operation.path)).collect();
    let of_the_rows: BTreeSet<(String, String)> =
        ROWS.iter().map(|(method, path, ..)| (method.to_string(), path.to_string())).collect();
    assert_eq!(of_the_rows, of_the_document);
}

#[tokio::test]
async fn role_by_object_by_verb_nobody_reads_or_moves_another_s_life() {
    let operations = operations(0);
    let house = House::open_with(|config| config.seats = 64).await;
    let expired = house.enrol().await;
    house.advance(181 * 86_400);
    let a = house.enrol().await;
    a.write(MARK).await;
    let ended = house.enrol().await;
    ended.keyed(Method::DELETE, "/session").send().await.unwrap();
    let world: otivm_api::World = a.get("/world").await;
    let moments = async || a.get::<Moments>("/moments?limit=1000").await.moments;
    let before = moments().await;

    for operation in &operations {
        let name = format!("{} {}", operation.method, operation.path);
        // B is somebody else each time, for what B does to its own session.
        let b = house.enrol().await;
        let secret = b.cookie.as_ref().unwrap().split('.').next_back().unwrap().to_owned();
        let stolen = Some(format!("otivm_session={}.{secret}", a.token));
        let strangers = [
            ("anonymous", Player { cookie: None, ..b.clone() }),
            ("B's secret with A's token", Player { cookie: stolen, ..b.clone() }),
            ("a session whose time is over", expired.clone()),
            ("a session that was ended", ended.clone()),
        ];
        for (role, caller) in &strangers {
            let (status, text) = answer(request(caller, operation, &world.release.id)).await;
            assert!(!text.contains(MARK) && !text.contains(&a.token), "{role}: {name}: {text}");
            if operation.needs_session {
                assert_eq!(status, 401, "{role}: {name}: {text}");
                assert!(text.contains("\"detail\":"), "{role}: {name}: {text}");
            } else {
                assert!(![401, 403].contains(&status) && status < 500, "{role}: {name}: {text}");
            }
        }
        let (status, text) = answer(request(&b, operation, &world.release.id)).await;
        assert!(!text.contains(MARK) && !text.contains(&a.token), "B: {name}: {text}");
        assert!(![401, 403].contains(&status) && status < 500, "B: {name}: {status} {text}");
        // Naming A in the address changes nothing.
        let named = format!(
            "{}{}token={}",
            row(operation).0,
            if row(operation).0.contains('?') { '&' } else { '?' },
            a.token
        );
        let get =
            answer(b.request(Method::GET, &named.replace("RELEASE", &world.release.id))).await;
        assert!(!get.1.contains(MARK), "B naming A: {name}: {}", get.1);
    }
    assert_eq!(moments().await, before, "A's life has been moved by somebody");

    // A, last, because A ends its own sessions on the way: reads and writes are A's own.
    let (_, text) = answer(a.request(Method::GET, "/moments?limit=1000")).await;
    assert!(text.contains(MARK));
    assert!(a.me().await.purse_asses > 0);
    house.running.drain().await;
}

#[tokio::test]
async fn the_mesh_s_identities_have_no_life_and_players_have_no_mesh() {
    let house = House::open().await;
    for name in [names::OPERATOR, names::AGGREGATION, names::STORE, names::PIPELINE, names::GAME] {
        let client = house.mesh.client(name, house.running.mesh_address).unwrap();
        for operation in operations(0).iter().filter(|operation| operation.method == "get") {
            let address = row(operation).0;
            let refused = client.get::<Value>(address).await.unwrap_err();
            assert_eq!(refused.problem().unwrap().code, "no_such_route", "{name}: {address}");
        }
        for operation in operations(1) {
            assert_eq!(operation.method, "get", "a row for it, please");
            let address = operation.path.replace("{n}", "1");
            let code = match client.get::<Value>(&address).await {
                Ok(_) => "answered".to_owned(),
                Err(error) => error.problem().unwrap().code.clone(),
            };
            let admitted = name == names::AGGREGATION;
            assert_eq!(code != "not_admitted", admitted, "{name}: {address}: {code}");
        }
    }
    let player = house.enrol().await;
    for operation in operations(1) {
        let address = operation.path.replace("{n}", "1");
        let (status, text) = answer(player.request(Method::GET, &address)).await;
        assert!(status == 404 && text.contains("no_such_route"), "{address}: {text}");
    }
    house.running.drain().await;
}

#[test]
fn every_verb_that_changes_something_names_its_key_in_the_document() {
    let api = serde_json::to_value(&otivm::openapi()[0]).unwrap();
    for operation in operations(0).iter().filter(|operation| operation.method != "get") {
        let Operation { method, path, .. } = operation;
        let parameters = api["paths"][path][method]["parameters"].as_array().cloned();
        let key =
            parameters.unwrap_or_default().into_iter().find(|p| p["name"] == "Idempotency-Key");
        assert_eq!(key.unwrap_or_else(|| panic!("{method} {path}"))["required"], true);
    }
}

#[tokio::test]
async fn every_verb_that_changes_something_is_refused_without_a_key() {
    let house = House::open().await;
    let player = house.enrol().await;
    for operation in operations(0).iter().filter(|operation| operation.method != "get") {
        let (address, body) = row(operation);
        let method: Method = operation.method.to_uppercase().parse().unwrap();
        let mut request = player.request(method, address);
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body);
        }
        let refused = crate::scene::refusal(request).await;
        assert_eq!(refused, (400, "idempotency_key_missing".to_owned()), "{address}");
    }
    house.running.drain().await;
}
