//! A life is carried away as a file, and lived on elsewhere.

use crate::{
    scene::{House, Player, refusal},
    timeline::kept,
};
use otivm::{Form, export, verify};
use reqwest::Method;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A merchant with something of everything, in the middle of a voyage.
pub(crate) async fn busy(house: &House) -> Player {
    let player = house.enrol().await;
    let wool = json!({"side": "buy", "good": "wool", "units": 2});
    player.act(Method::POST, "/trades", wool).await;
    player.act(Method::POST, "/otium", json!({})).await;
    house.advance(900);
    player.act(Method::DELETE, "/otium", json!({})).await;
    player.write("Omnia mea \"mecum\" porto.").await;
    player.act(Method::POST, "/voyages", json!({"to": "caralis"})).await;
    player
}

/// The life as a file in this folder.
pub(crate) async fn carried(player: &Player, form: &str, folder: &Path) -> PathBuf {
    let path = folder.join(format!("life.{form}"));
    let response = player.request(Method::GET, &format!("/life.{form}")).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "private, no-store");
    fs::write(&path, response.bytes().await.unwrap()).unwrap();
    path
}

#[tokio::test]
async fn both_files_are_the_whole_life_and_prove_themselves() {
    let house = House::open().await;
    let player = busy(&house).await;
    // What fell due before it was carried away is in it.
    house.advance(100_000);
    let folder = tempfile::tempdir().unwrap();
    let sqlite = carried(&player, "sqlite3", folder.path()).await;
    let lines = carried(&player, "jsonl", folder.path()).await;
    let bytes = fs::read(&sqlite).unwrap();
    assert_eq!(bytes[18..20], [1, 1], "no WAL belongs to it");
    let truth = verify(&sqlite).unwrap();
    assert_eq!(fs::read(&sqlite).unwrap(), bytes, "proving changes nothing");
    assert_eq!(verify(&lines).unwrap(), truth);
    let text = fs::read_to_string(&lines).unwrap();
    assert!(text.contains("\"name\":\"arrive\"") && text.contains("{\"label\":\"voyage\""));
    assert_eq!(fs::read_dir(house.config.service.data_dir.join("exports")).unwrap().count(), 0);
    let database = house.database(&player.token);
    house.running.drain().await;
    assert_eq!(verify(&database).unwrap(), truth);
}

#[tokio::test]
async fn who_carries_a_life_away_all_the_time_is_told_to_wait() {
    let house = House::open().await;
    let player = house.enrol().await;
    let export = || player.request(Method::GET, "/life.jsonl");
    for _ in 0..12 {
        assert_eq!(export().send().await.unwrap().status(), 200);
    }
    let waiting = export().send().await.unwrap();
    assert!(waiting.headers().contains_key("retry-after"));
    assert_eq!(refusal(export()).await, (429, "too_fast".to_owned()));
    house.running.drain().await;
}

#[test]
fn the_command_writes_both_forms_and_nothing_over_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let original = folder.path().join("life.sqlite3");
    fs::copy(kept(), &original).unwrap();
    let truth = verify(&original).unwrap();
    let to = |name: &str| folder.path().join(name);
    export(&original, Form::Lines, &to("a.jsonl")).unwrap();
    export(&to("a.jsonl"), Form::Sqlite, &to("b.sqlite3")).unwrap();
    export(&to("b.sqlite3"), Form::Lines, &to("c.jsonl")).unwrap();
    assert_eq!(verify(&to("b.sqlite3")).unwrap(), truth);
    assert_eq!(fs::read(to("a.jsonl")).unwrap(), fs::read(to("c.jsonl")).unwrap());
    for form in [Form::Lines, Form::Sqlite] {
        assert!(export(&original, form, &to("a.jsonl")).is_err());
    }
    fs::write(to("broken.jsonl"), "{\"format\":\"otivm life\"}").unwrap();
    assert!(export(&to("broken.jsonl"), Form::Sqlite, &to("d.sqlite3")).is_err());
    assert!(!to("d.sqlite3").exists());
}
