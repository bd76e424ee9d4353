//! A place that a new release no longer has: whoever is there has a way out, with all that is his.

use crate::{
    carry::carried,
    scene::{House, Player, refusal, until},
    world,
};
use otivm_api::{Imported, LostPlace, Me, World};
use reqwest::Method;
use serde_json::json;
use std::path::Path;

/// A merchant in Caralis, with wool aboard and in the warehouse there.
async fn in_caralis(house: &House) -> Player {
    let player = house.enrol().await;
    player.act(Method::POST, "/trades", json!({"side": "buy", "good": "wool", "units": 5})).await;
    player.act(Method::POST, "/voyages", json!({"to": "caralis"})).await;
    house.advance(100_000);
    assert_eq!(player.me().await.place.as_deref(), Some("caralis"));
    let store = json!({"way": "in", "good": "wool", "units": 2});
    player.act(Method::POST, "/storage", store).await;
    player
}

fn lost(place: &str, to: &str) -> Vec<LostPlace> {
    vec![LostPlace { place: place.to_owned(), to: Some(to.to_owned()) }]
}

fn stored(me: &Me) -> Vec<(&str, &str, i64)> {
    let line = |line: &otivm_api::StoreLine| {
        (line.place.clone().leak() as &str, line.good.clone().leak() as &str, line.units)
    };
    me.stores.iter().map(line).collect()
}

/// Nothing can be done there, and one call leads out to the nearest harbour.
async fn goes_on(player: &Player) {
    let me = player.me().await;
    assert_eq!((me.place.as_deref(), me.position), (Some("caralis"), None));
    assert_eq!(me.lost, lost("caralis", "olbia"));
    let sail = player.command(Method::POST, "/voyages", &json!({"to": "ostia"}));
    assert_eq!(refusal(sail).await, (404, "unknown_place".to_owned()));
    let move_on = || player.request(Method::POST, "/removals").header("idempotency-key", "out");
    let first = move_on().send().await.unwrap();
    assert_eq!((first.status().as_u16(), first.headers().get("idempotent-replayed")), (201, None));
    let done: otivm_api::Done = first.json().await.unwrap();
    assert_eq!(done.moments[0].name, "move_on");
    assert_eq!(done.moments[0].value["reason"], "place_lost");
    let again = move_on().send().await.unwrap();
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    let there = player.me().await;
    assert_eq!((there.place.as_deref(), &there.lost), (Some("olbia"), &Vec::new()));
    assert_eq!((&there.cargo, there.purse_asses), (&me.cargo, me.purse_asses));
    assert_eq!(stored(&there), [("olbia", "wool", 2)]);
    let more = player.keyed(Method::POST, "/removals");
    assert_eq!(refusal(more).await, (409, "nothing_lost".to_owned()));
    player.act(Method::POST, "/voyages", json!({"to": "ostia"})).await;
}

#[tokio::test]
async fn who_is_in_a_place_that_a_new_release_lost_goes_on_to_the_nearest_harbour() {
    let (house, store) = House::open_with_store("Mare").await;
    let player = in_caralis(&house).await;
    let file = house.mesh.folder().join("newer.sqlite3");
    let newer = world::write_without(&file, "Mare minus", &["caralis"]);
    store.shelf.lock().unwrap().release = Some(newer);
    until("the new release is played", async || {
        let world: World = player.get("/world").await;
        (world.release.title == "Mare minus").then_some(())
    })
    .await;
    goes_on(&player).await;
    house.running.drain().await;
    store.stop().await;
}

/// A house whose world knows no Caralis.
async fn without_caralis() -> House {
    House::open_with(|config| {
        let folder = config.service.data_dir.join("world");
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::create_dir_all(&folder).unwrap();
        let made = world::write_without(&folder.join("made.tmp"), "Mare minus", &["caralis"]);
        std::fs::rename(&made.path, folder.join(format!("{}.sqlite3", made.id))).unwrap();
    })
    .await
}

async fn moved_in(house: &House, file: &Path) -> Player {
    let body = std::fs::read(file).unwrap();
    let answer = house.visitor().keyed(Method::POST, "/imports").body(body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let mut player = house.visitor();
    player.cookie = Some(crate::scene::cookie_of(&answer));
    let imported: Imported = answer.json().await.unwrap();
    player.token = imported.player.token;
    player
}

#[tokio::test]
async fn a_life_that_is_in_a_place_unknown_here_moves_in_and_goes_on() {
    let home = House::open().await;
    let folder = tempfile::tempdir().unwrap();
    let player = in_caralis(&home).await;
    let file = carried(&player, "jsonl", folder.path()).await;
    let now = jiff::Timestamp::from_microsecond(player.me().await.revision).unwrap();
    home.running.drain().await;
    let house = without_caralis().await;
    let later = now.duration_since(theron_service::Clock::now(&*house.clock)).as_secs();
    house.advance(later.max(0) + 60);
    goes_on(&moved_in(&house, &file).await).await;
    house.running.drain().await;
}

#[tokio::test]
async fn who_never_sailed_from_a_lost_place_goes_on_to_where_lives_begin() {
    let (house, store) = House::open_with_store("Mare").await;
    let player = house.enrol().await;
    let file = house.mesh.folder().join("newer.sqlite3");
    let newer = world::write_without(&file, "Mare minus", &["ostia"]);
    store.shelf.lock().unwrap().release = Some(newer);
    until("the home is lost", async || {
        (player.me().await.lost == lost("ostia", "puteoli")).then_some(())
    })
    .await;
    player.act(Method::POST, "/removals", json!({})).await;
    assert_eq!(player.me().await.place.as_deref(), Some("puteoli"));
    house.running.drain().await;
    store.stop().await;
}

#[tokio::test]
async fn a_villa_in_a_place_that_a_new_release_lost_is_paid_back_and_its_books_are_kept() {
    let (house, store) = House::open_with_store("Mare").await;
    let player = crate::villa::in_olbia(&house).await;
    player.act(Method::POST, "/villas", json!({})).await;
    let owner = player.act(Method::POST, "/library", json!({"way": "in", "units": 3})).await.me;
    let file = house.mesh.folder().join("newer.sqlite3");
    let newer = world::write_without(&file, "Mare minus", &["olbia"]);
    store.shelf.lock().unwrap().release = Some(newer);
    until("the villa's place is lost", async || {
        (player.me().await.lost == lost("olbia", "caralis")).then_some(())
    })
    .await;
    let done = player.act(Method::POST, "/removals", json!({})).await;
    let paid_asses = owner.villas[0].paid_asses;
    let told = &done.moments[0].value;
    assert_eq!((told["villa_asses"].as_i64(), told["books"].as_i64()), (Some(paid_asses), Some(3)));
    assert_eq!(done.me.purse_asses - owner.purse_asses, paid_asses);
    assert!(done.me.villas.is_empty() && done.me.lost.is_empty());
    assert_eq!(stored(&done.me), [("caralis", "books", 3)]);
    house.running.drain().await;
    store.stop().await;
}
