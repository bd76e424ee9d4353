//! Releases in, current, back, and over a restart; who may do it.

use crate::scene::{Store, write};
use reqwest::Method;
use std::path::Path;
use tessera_release::ReleaseFile;
use tessera_store_api::{ReleaseSummary, Rollback, StoreError};
use theron_mesh::{CallError, names};
use theron_sqlite::rusqlite;

fn refusal(error: &StoreError) -> (u16, &str) {
    let problem = error.problem().unwrap();
    (problem.status, &problem.code)
}

async fn put(store: &Store, id: &str, body: Vec<u8>) -> Result<u16, CallError> {
    let mesh = store.as_identity(names::PIPELINE);
    let request = mesh.request(Method::PUT, &format!("/releases/{id}")).body(body);
    mesh.send(request).await.map(|response| response.status().as_u16())
}

fn code(answer: Result<u16, CallError>) -> (u16, String) {
    let error = answer.unwrap_err();
    let problem = error.problem().unwrap();
    (problem.status, problem.code.clone())
}

async fn current(store: &Store) -> Option<ReleaseSummary> {
    store.client("otivm-dev").current_release().await.unwrap()
}

/// A file that SQLite opens and that says it is a release, but is not whole.
fn damaged(release: &ReleaseFile) -> Vec<u8> {
    let mut bytes = std::fs::read(&release.path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xa5);
    bytes
}

#[tokio::test]
async fn a_release_goes_in_becomes_current_and_comes_out_byte_for_byte() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let release = write(folder.path(), "first");
    let (pipeline, game) = (store.client(names::PIPELINE), store.client("otivm-dev"));
    assert_eq!(store.readiness().await.detail, "no release has been promoted yet");
    assert_eq!(current(&store).await, None);

    let uploaded = pipeline.upload_release(&release.path, &release.sha256).await.unwrap();
    assert_eq!((uploaded.id.clone(), uploaded.bytes), (release.id.clone(), release.bytes));
    assert_eq!(
        (uploaded.title.as_str(), uploaded.places, uploaded.promoted_at),
        ("first", 5, None)
    );
    assert_eq!(pipeline.upload_release(&release.path, &release.sha256).await.unwrap(), uploaded);
    let bytes = std::fs::read(&release.path).unwrap();
    assert_eq!(
        put(&store, release.id.as_str(), bytes.clone()).await.unwrap(),
        200,
        "again is no news"
    );
    assert_eq!(current(&store).await, None, "uploaded is not promoted");

    let promoted = pipeline.promote(&release.id).await.unwrap();
    assert_eq!(promoted.promoted_at, Some(uploaded.uploaded_at));
    assert_eq!(pipeline.promote(&release.id).await.unwrap(), promoted);
    assert_eq!(current(&store).await, Some(promoted.clone()));
    assert!(store.readiness().await.ready);

    let into = folder.path().join("fetched.sqlite3");
    assert_eq!(game.download_release(&release.id, &into).await.unwrap(), promoted);
    assert_eq!(std::fs::read(&into).unwrap(), bytes);
    store.stop().await;
}

#[tokio::test]
async fn a_promotion_of_an_older_release_is_a_rollback_and_survives_a_restart() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (write(folder.path(), "a"), write(folder.path(), "b"));
    store.publish(&a).await;
    let operator = store.as_identity(names::OPERATOR);
    let nothing = operator.post::<Rollback>("/rollback", &()).await.unwrap_err();
    assert_eq!(refusal(&nothing.into()), (409, "nothing_before"));

    store.publish(&b).await;
    store.restart().await;
    assert_eq!(current(&store).await.unwrap().id, b.id);
    let operator = store.as_identity(names::OPERATOR);
    let back: Rollback = operator.post("/rollback", &()).await.unwrap();
    assert_eq!((back.from, back.to.id), (b.id.clone(), a.id.clone()));
    store.restart().await;
    assert_eq!(current(&store).await.unwrap().id, a.id);
    store.client(names::PIPELINE).promote(&b.id).await.unwrap();
    assert_eq!(current(&store).await.unwrap().id, b.id);
    let unknown = "0123456789abcdef0123456789abcdef".parse().unwrap();
    let error = store.client(names::PIPELINE).promote(&unknown).await.unwrap_err();
    assert_eq!(refusal(&error), (404, "no_such_release"));
    store.stop().await;
}

#[tokio::test]
async fn bytes_that_are_not_what_was_promised_or_no_release_are_refused_and_leave_nothing() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let release = write(folder.path(), "first");
    let whole = std::fs::read(&release.path).unwrap();
    let cut = whole[..whole.len() / 2].to_vec();
    let id = release.id.as_str();
    assert_eq!(code(put(&store, id, cut).await), (400, "checksum_differs".to_owned()));
    assert_eq!(
        code(put(&store, id, damaged(&release)).await),
        (400, "checksum_differs".to_owned())
    );
    let elsewhere =
        store.client(names::PIPELINE).upload_release(&release.path, &"0".repeat(64)).await;
    assert_eq!(refusal(&elsewhere.unwrap_err()), (400, "checksum_differs"));
    assert_eq!(
        code(put(&store, "no-id", whole.clone()).await),
        (400, "path_not_understood".to_owned())
    );

    for (name, bytes) in [("text", b"not a release".to_vec()), ("torn", damaged(&release))] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let (sha256, _) = tessera_release::checksum(&path).unwrap();
        let error = store.client(names::PIPELINE).upload_release(&path, &sha256).await.unwrap_err();
        assert_eq!(refusal(&error), (400, "not_a_release"), "{name}: {error}");
        assert!(!error.to_string().contains("incoming"), "no path of ours: {error}");
    }
    for folder in ["incoming", "releases"] {
        assert_eq!(
            std::fs::read_dir(store.base.data_dir.join(folder)).unwrap().count(),
            0,
            "{folder}"
        );
    }
    assert_eq!(put(&store, id, whole).await.unwrap(), 201, "the right bytes are still welcome");
    store.stop().await;
}

#[tokio::test]
async fn an_upload_that_a_stop_cut_off_is_removed_at_start() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let release = write(folder.path(), "first");
    store.publish(&release).await;
    store.stop().await;
    let half = store.base.data_dir.join("incoming/ffffffffffffffffffffffffffffffff.part");
    std::fs::write(&half, "SQLite format 3\0 and then nothing").unwrap();
    store.restart().await;
    assert!(!half.exists());
    assert_eq!(current(&store).await.unwrap().id, release.id);
    store.stop().await;
}

#[tokio::test]
async fn a_whole_release_whose_row_was_never_written_is_listed_at_start() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let release = write(folder.path(), "first");
    store.stop().await;
    std::fs::copy(&release.path, store.path_of(&release)).unwrap();
    store.restart().await;
    assert_eq!(current(&store).await, None);
    let pipeline = store.client(names::PIPELINE);
    assert_eq!(pipeline.promote(&release.id).await.unwrap().bytes, release.bytes);
    store.stop().await;
}

#[tokio::test]
async fn a_release_that_broke_on_the_disk_is_named_and_the_one_before_is_served() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (write(folder.path(), "a"), write(folder.path(), "b"));
    store.publish(&a).await;
    store.publish(&b).await;
    store.stop().await;
    std::fs::write(store.path_of(&b), damaged(&b)).unwrap();
    store.restart().await;
    assert_eq!(current(&store).await.unwrap().id, a.id);
    let readiness = store.readiness().await;
    assert!(readiness.ready);
    let named = format!("serving release {}; {}.sqlite3 is not used: its checksum is", a.id, b.id);
    assert!(readiness.detail.starts_with(&named), "{}", readiness.detail);
    let error = store.client("otivm-dev").places(&b.id).await.unwrap_err();
    assert_eq!(refusal(&error), (404, "no_such_release"));
    let error = store.client(names::PIPELINE).promote(&b.id).await.unwrap_err();
    assert_eq!(refusal(&error), (409, "release_broken"));

    store.publish(&b).await;
    assert_eq!(current(&store).await.unwrap().id, b.id);
    assert_eq!(store.readiness().await.detail, format!("serving release {}", b.id));
    store.stop().await;
}

#[tokio::test]
async fn a_release_of_a_format_that_is_no_longer_read_is_named_and_the_rest_is_served() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (write(folder.path(), "old"), write(folder.path(), "new"));
    store.publish(&new).await;
    store.publish(&old).await;
    store.stop().await;
    let table = store.base.data_dir.join("store.sqlite3");
    let rows = rusqlite::Connection::open_in_memory().unwrap();
    rows.execute("ATTACH ?1 AS store", [table.to_str().unwrap()]).unwrap();
    let forget = "UPDATE store.release SET info = '{\"title\": \"old\"}' WHERE id = ?1";
    assert_eq!(rows.execute(forget, [old.id.as_str()]).unwrap(), 1);
    drop(rows);
    let file = rusqlite::Connection::open_in_memory().unwrap();
    file.execute("ATTACH ?1 AS old", [store.path_of(&old).to_str().unwrap()]).unwrap();
    file.execute_batch("PRAGMA old.user_version = 1").unwrap();
    drop(file);
    store.restart().await;
    assert_eq!(current(&store).await.unwrap().id, new.id);
    let detail = store.readiness().await.detail;
    assert!(detail.contains(&format!("{}.sqlite3 is not used", old.id)), "{detail}");
    store.stop().await;
}

/// A store that serves `a` because `b`, promoted after it, is damaged; before both `old` was current.
async fn fallback(folder: &Path) -> (Store, [ReleaseFile; 3]) {
    let mut store = Store::start().await;
    let releases = ["old", "a", "b"].map(|title| write(folder, title));
    for release in &releases {
        store.publish(release).await;
    }
    let [_, a, b] = &releases;
    std::fs::write(store.path_of(b), damaged(b)).unwrap();
    store.restart().await;
    assert_eq!(current(&store).await.unwrap().id, a.id);
    (store, releases)
}

#[tokio::test]
async fn what_is_promoted_while_it_stands_in_for_a_broken_release_stays_current() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, [_, a, b]) = fallback(folder.path()).await;
    let pipeline = store.client(names::PIPELINE);
    pipeline.promote(&a.id).await.unwrap();
    pipeline.upload_release(&b.path, &b.sha256).await.unwrap();
    store.restart().await;
    assert_eq!(current(&store).await.unwrap().id, a.id);
    store.stop().await;
}

#[tokio::test]
async fn a_rollback_goes_behind_what_is_served_and_past_what_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, [old, a, _]) = fallback(folder.path()).await;
    let operator = store.as_identity(names::OPERATOR);
    let roll_back = async || {
        let back: Rollback = operator.post("/rollback", &()).await.unwrap();
        (back.from, back.to.id)
    };
    assert_eq!(roll_back().await, (a.id.clone(), old.id.clone()));
    assert_eq!(roll_back().await, (old.id, a.id), "the broken one is between them");
    store.stop().await;
}

#[tokio::test]
async fn only_whom_a_route_lists_gets_in() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let release = write(folder.path(), "first");
    store.publish(&release).await;
    let id = &release.id;
    let everyone = [
        names::PIPELINE,
        names::STORE,
        names::AGGREGATION,
        names::APT_CACHE,
        "otivm-dev",
        names::OPERATOR,
    ];
    let table = [
        (Method::GET, "/releases/current".to_owned(), everyone.to_vec()),
        (Method::GET, "/collections".to_owned(), everyone.to_vec()),
        (Method::GET, "/derived/current".to_owned(), everyone.to_vec()),
        (Method::PUT, format!("/releases/{id}"), vec![names::PIPELINE]),
        (Method::POST, format!("/releases/{id}/promote"), vec![names::PIPELINE]),
        (Method::POST, "/rollback".to_owned(), vec![names::PIPELINE, names::OPERATOR]),
        (
            Method::DELETE,
            "/releases/0123456789abcdef0123456789abcdef".to_owned(),
            vec![names::PIPELINE, names::OPERATOR],
        ),
        (Method::PUT, "/derived/windows/1".to_owned(), vec![names::AGGREGATION]),
    ];
    for (method, path, admitted) in table {
        for name in everyone {
            let mesh = store.as_identity(name);
            let response = mesh.request(method.clone(), &path).send().await.unwrap();
            let refused = response.status() == 403;
            assert_eq!(refused, !admitted.contains(&name), "{method} {path} as {name}");
        }
    }
    store.stop().await;
}

#[tokio::test]
async fn the_public_listener_reads_the_world_and_nothing_more() {
    let mut store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let release = write(folder.path(), "first");
    store.publish(&release).await;
    let id = &release.id;
    let ask = async |method: Method, path: &str| {
        let url = format!("{}{path}", store.public_url());
        reqwest::Client::new().request(method, url).send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask(Method::GET, "/releases/current").await, 200);
    assert_eq!(ask(Method::HEAD, "/collections").await, 200);
    assert_eq!(ask(Method::GET, "/derived/current").await, 404);
    assert_eq!(ask(Method::PUT, "/derived/windows/1").await, 404);
    assert_eq!(ask(Method::PUT, &format!("/releases/{id}")).await, 405);
    assert_eq!(ask(Method::POST, &format!("/releases/{id}/promote")).await, 404);
    assert_eq!(ask(Method::POST, "/rollback").await, 404);
    store.stop().await;
}
