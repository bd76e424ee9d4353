//! Which releases stay, which go, and what readers see meanwhile.

use crate::scene::{Store, write};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use tessera_release::ReleaseFile;
use tessera_store_api::{DerivedWindow, Rollback};
use theron_mesh::names;

async fn held(store: &Store) -> Vec<String> {
    let list = store.client("otivm-dev").releases().await.unwrap();
    let mut titles: Vec<String> = list.releases.into_iter().map(|release| release.title).collect();
    titles.sort();
    titles
}

fn on_disk(store: &Store) -> usize {
    std::fs::read_dir(store.base.data_dir.join("releases")).unwrap().count()
}

async fn delete(store: &Store, id: &str) -> (u16, String) {
    let operator = store.as_identity(names::OPERATOR);
    let request = operator.request(Method::DELETE, &format!("/releases/{id}"));
    match operator.send(request).await {
        Ok(response) => (response.status().as_u16(), String::new()),
        Err(error) => {
            let problem = error.problem().unwrap();
            (problem.status, problem.code.clone())
        }
    }
}

#[tokio::test]
async fn promotions_let_go_what_no_rule_keeps() {
    let mut store = Store::start().await;
    store.config.keep.releases = 2;
    store.restart().await;
    let folder = tempfile::tempdir().unwrap();
    let named = write(folder.path(), "a");
    store.publish(&named).await;
    let window = DerivedWindow {
        window: 1,
        nodes: vec![],
        from: jiff::Timestamp::from_second(0).unwrap(),
        to: jiff::Timestamp::from_second(1).unwrap(),
        prices: vec![],
        routes: vec![],
        release: named.id.clone(),
    };
    store.client(names::AGGREGATION).put_derived(&window).await.unwrap();
    for title in ["b", "c", "d", "e"] {
        store.clock.advance(jiff::SignedDuration::from_secs(1));
        store.publish(&write(folder.path(), title)).await;
    }
    assert_eq!(held(&store).await, ["a", "d", "e"], "one is named by a window, two are the newest");
    assert_eq!(on_disk(&store), 3);
    store.client(names::PIPELINE).promote(&named.id).await.unwrap();
    assert_eq!(held(&store).await, ["a", "d", "e"], "the one before stays");
    store.restart().await;
    assert_eq!(held(&store).await, ["a", "d", "e"]);
    store.stop().await;
}

#[tokio::test]
async fn an_operator_removes_any_release_but_the_live_one() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (write(folder.path(), "a"), write(folder.path(), "b"));
    store.publish(&a).await;
    store.publish(&b).await;
    assert_eq!(delete(&store, b.id.as_str()).await, (409, "release_live".to_owned()));
    assert_eq!(delete(&store, a.id.as_str()).await, (204, String::new()));
    assert_eq!(delete(&store, a.id.as_str()).await, (404, "no_such_release".to_owned()));
    let operator = store.as_identity(names::OPERATOR);
    let nothing = operator.post::<Rollback>("/rollback", &()).await.unwrap_err();
    assert_eq!(nothing.problem().unwrap().code, "nothing_before");
    assert_eq!((held(&store).await, on_disk(&store)), (vec!["b".to_owned()], 1));
    store.publish(&a).await;
    assert_eq!(held(&store).await, ["a", "b"], "it may come again");
    store.stop().await;
}

#[tokio::test]
async fn a_reader_reads_on_in_a_release_that_is_removed() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (write(folder.path(), "a"), write(folder.path(), "b"));
    store.publish(&a).await;
    store.publish(&b).await;
    let path = format!("/releases/{}/file", a.id);
    let mut download = store.get(&path).await;
    let first = download.chunk().await.unwrap().unwrap();
    assert_eq!(delete(&store, a.id.as_str()).await.0, 204);
    let mut read = first.len();
    while let Some(chunk) = download.chunk().await.unwrap() {
        read += chunk.len();
    }
    assert_eq!(read as u64, a.bytes);
    assert_eq!(store.get(&path).await.status(), StatusCode::NOT_FOUND);
    store.stop().await;
}

#[tokio::test]
async fn a_removal_that_a_stop_cut_short_is_ended_at_the_next_start() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (write(folder.path(), "a"), write(folder.path(), "b"));
    store.publish(&a).await;
    store.publish(&b).await;
    store.stop().await;
    let aside = store.base.data_dir.join("incoming").join(format!("{}.gone", a.id));
    std::fs::rename(store.path_of(&a), &aside).unwrap();
    store.restart().await;
    assert_eq!(held(&store).await, ["b"]);
    assert!(!aside.exists());
    assert_eq!(store.readiness().await.detail, format!("serving release {}", b.id));
    store.stop().await;
}

/// Everything that an answer says of where it comes from.
async fn marks(store_url: &str, path: &str) -> Vec<String> {
    let response = reqwest::get(format!("{store_url}{path}")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let answer: Value = response.json().await.unwrap();
    let mut marks = Vec::new();
    for list in ["places", "features"] {
        let rows = answer[list].as_array().into_iter().flatten();
        let note = |row: &Value| {
            let note = row.get("note").or_else(|| row["properties"].get("note"));
            note.and_then(|note| note.as_str()).map(str::to_owned)
        };
        marks.extend(rows.filter_map(note));
    }
    marks.push(answer["release"].as_str().unwrap().to_owned());
    marks.sort();
    marks.dedup();
    marks
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reader_sees_two_releases_in_one_answer() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (write(folder.path(), "a"), write(folder.path(), "b"));
    store.publish(&a).await;
    store.publish(&b).await;
    let (url, stop) = (store.public_url(), Arc::new(AtomicBool::new(false)));
    let seen = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
    let of = |release: &ReleaseFile, title: &str| -> Vec<String> {
        let mut marks = vec![title.to_owned(), release.id.to_string()];
        marks.sort();
        marks
    };
    let expected = Arc::new([of(&a, "a"), of(&b, "b")]);
    let mut readers = tokio::task::JoinSet::new();
    for reader in 0..6 {
        let (url, stop, seen, expected) =
            (url.clone(), Arc::clone(&stop), Arc::clone(&seen), Arc::clone(&expected));
        let paths = ["/releases/current/places", "/collections/places/items"];
        readers.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let found = marks(&url, paths[reader % 2]).await;
                let which = expected.iter().position(|marks| *marks == found);
                let which = which.unwrap_or_else(|| panic!("one answer of {found:?}"));
                seen[which].fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let operator = store.as_identity(names::OPERATOR);
    for _ in 0..60 {
        operator.post::<Rollback>("/rollback", &()).await.unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    while let Some(reader) = readers.join_next().await {
        reader.unwrap();
    }
    let [a, b] = [&seen[0], &seen[1]].map(|count| count.load(Ordering::Relaxed));
    assert!(a > 0 && b > 0, "readers saw {a} answers of one and {b} of the other");
    store.stop().await;
}
