//! A life is carried away as a file, and lived on elsewhere.

use crate::{
    scene::{House, Player, cookie_of, many, refusal},
    timeline::kept,
};
use otivm::{Form, ImportError, export, import, replay, rewind, verify};
use otivm_api::{Imported, Snapshot, World};
use otivm_rules::At;
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use std::{
    fs,
    num::NonZeroU32,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use theron_service::Clock;

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
    assert_eq!(fs::read_dir(house.config.service.data_dir.join("transit")).unwrap().count(), 0);
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

/// A house by another clock, which began in another year and runs at another rate.
async fn elsewhere() -> House {
    let house = House::open_with(|config| config.rate = NonZeroU32::new(1440).unwrap()).await;
    house.advance(10_000_000);
    house
}

/// A life that was carried away from a house that is closed by now, and the folder that holds the file.
async fn from_home() -> (TempDir, PathBuf) {
    let home = House::open().await;
    let player = busy(&home).await;
    home.advance(100_000);
    let folder = tempfile::tempdir().unwrap();
    let file = carried(&player, "sqlite3", folder.path()).await;
    home.running.drain().await;
    (folder, file)
}

const KEY: &str = "the-key-of-a-life-that-moves";

fn bring(house: &House, key: &str, file: &Path) -> RequestBuilder {
    let request = house.visitor().request(Method::POST, "/imports");
    request.header("idempotency-key", key).body(fs::read(file).unwrap())
}

async fn moved_in(house: &House, file: &Path) -> (Player, Imported) {
    let response = bring(house, KEY, file).send().await.unwrap();
    let (status, mut player) = (response.status(), house.visitor());
    assert_eq!(status, 201, "{}", response.text().await.unwrap());
    player.cookie = Some(cookie_of(&response));
    let imported: Imported = response.json().await.unwrap();
    player.token.clone_from(&imported.player.token);
    player.phrase.clone_from(&imported.recovery_phrase);
    (player, imported)
}

#[tokio::test]
async fn a_life_goes_on_elsewhere_with_the_state_it_had() {
    let home = House::open().await;
    let player = busy(&home).await;
    home.advance(100_000);
    let before = player.me().await;
    let folder = tempfile::tempdir().unwrap();
    for form in ["sqlite3", "jsonl"] {
        let house = elsewhere().await;
        let file = carried(&player, form, folder.path()).await;
        let truth = verify(&file).unwrap();
        let (moved, imported) = moved_in(&house, &file).await;
        assert_eq!((&imported.state, &imported.head), (&truth.state, &truth.head));
        assert_eq!(imported.moments as u64, truth.moments);
        let after = moved.me().await;
        assert_eq!(
            (&after.place, after.purse_asses, &after.cargo, after.gravitas),
            (&before.place, before.purse_asses, &before.cargo, before.gravitas)
        );
        let world: World = moved.get("/world").await;
        assert_eq!(after.world_date, world.clock.world_date, "it lives by this house's clock");
        // The doors of the other house open nothing, and the new ones do.
        let secret = player.cookie.as_ref().unwrap().split('.').next_back().unwrap();
        let old = format!("otivm_session={}.{secret}", moved.token);
        let stranger = Player { cookie: Some(old), ..moved.clone() };
        let refused = refusal(stranger.request(Method::GET, "/me")).await;
        assert_eq!(refused, (401, "session_missing".to_owned()));
        let words = |phrase: &str| {
            let words = json!({ "recovery_phrase": phrase });
            house.visitor().command(Method::POST, "/sessions", &words)
        };
        let unknown = (401, "recovery_phrase_unknown".to_owned());
        assert_eq!(refusal(words(&player.phrase)).await, unknown);

        let house = house.restart(|_| ()).await;
        assert!(house.readiness().await.ready);
        let again = bring(&house, KEY, &file).send().await.unwrap();
        assert_eq!(again.headers()["idempotent-replayed"], "true");
        assert_eq!(Some(cookie_of(&again)), moved.cookie);
        assert_eq!(again.json::<Imported>().await.unwrap(), imported);
        let back = house.visitor().command(
            Method::POST,
            "/sessions",
            &json!({ "recovery_phrase": moved.phrase }),
        );
        let back = back.send().await.unwrap();
        assert_eq!(back.status(), 200);
        let moved = Player { root: house.root(), cookie: Some(cookie_of(&back)), ..moved };
        moved.write("Alibi eadem vita.").await;
        moved.act(Method::POST, "/voyages", json!({"to": "ostia"})).await;
        house.advance(100_000);
        assert_eq!(moved.me().await.place.as_deref(), Some("ostia"));
        let database = house.database(&moved.token);
        house.running.drain().await;
        assert!(verify(&database).unwrap().moments > truth.moments);
        let then = replay(&database, truth.last).unwrap();
        assert_eq!((then.state, then.head), (truth.state, truth.head));
    }
    home.running.drain().await;
}

/// The seat's own head stands behind the import: a branch from before it would be another server's.
#[tokio::test]
async fn a_life_that_moved_in_is_taken_back_to_a_moment_in_this_house_and_no_further() {
    let (folder, file) = from_home().await;
    let house = elsewhere().await;
    let (moved, _) = moved_in(&house, &file).await;
    let settled = At(moved.me().await.revision);
    moved.write("Alibi.").await;
    let database = house.database(&moved.token);
    let now = At(house.clock.now().as_microsecond());
    let branch = folder.path().join("branch.sqlite3");
    let early = rewind(&database, verify(&file).unwrap().last.unwrap(), "r", &branch, now);
    let refused = early.unwrap_err().to_string();
    let named = format!("the life moved into this seat until {}: ", settled.0);
    assert!(refused.starts_with(&named), "{refused}");
    assert!(!branch.exists());
    rewind(&database, settled, "r", &branch, now).unwrap();
    let house = house
        .restart(|_| {
            for companion in ["-wal", "-shm"] {
                let _absent = fs::remove_file(format!("{}{companion}", database.display()));
            }
            fs::rename(&branch, &database).unwrap();
        })
        .await;
    assert!(!house.readiness().await.detail.contains("damaged"));
    let again = Player { root: house.root(), ..moved };
    assert_eq!(again.me().await.place.as_deref(), Some("caralis"));
    house.running.drain().await;
}

#[tokio::test]
async fn an_imported_life_moves_nobody_s_prices() {
    let home = House::open().await;
    let player = busy(&home).await;
    home.advance(100_000);
    let folder = tempfile::tempdir().unwrap();
    let file = carried(&player, "jsonl", folder.path()).await;
    let house = House::open_with(|config| config.limits.arrivals_per_minute = many()).await;
    house.advance(200_000);
    let (moved, _) = moved_in(&house, &file).await;
    let native = house.enrol().await;
    let world: World = native.get("/world").await;
    for player in [&moved, &native] {
        player.act(Method::POST, "/voyages", json!({"to": "olbia"})).await;
    }
    house.advance(600);
    let closed: Snapshot = house.node().snapshot(world.window.number).await.unwrap();
    assert_eq!(closed.contributions.len(), 1, "{:?}", closed.contributions);
    home.running.drain().await;
    house.running.drain().await;
}

#[tokio::test]
async fn what_does_not_prove_itself_is_refused_with_a_sentence_and_takes_no_seat() {
    let home = House::open().await;
    let player = busy(&home).await;
    home.advance(100_000);
    let folder = tempfile::tempdir().unwrap();
    let lines = carried(&player, "jsonl", folder.path()).await;
    let sqlite = carried(&player, "sqlite3", folder.path()).await;
    let now = home.clock.now().as_microsecond();
    home.running.drain().await;
    let text = fs::read_to_string(&lines).unwrap();
    let house = elsewhere().await;
    let mut damaged = fs::read(&sqlite).unwrap();
    // A whole page, so that it means something wherever the middle falls.
    let page = damaged.len() / 2 / 4096 * 4096;
    damaged[page..page + 4096].fill(0x5a);
    let seat = fs::read_dir(house.config.service.data_dir.join("data/players")).unwrap();
    let seat =
        seat.map(|entry| entry.unwrap().path()).find(|p| p.extension().unwrap() == "sqlite3");
    let empty = folder.path().join("empty.jsonl");
    export(&seat.unwrap(), Form::Lines, &empty).unwrap();
    for (name, body, says) in [
        ("nothing", Vec::new(), "the file cannot be read as a player database"),
        ("a list", b"{\"milk\": 2}".to_vec(), "this is not a life"),
        ("noise", vec![7; 5000], "the file cannot be read as a player database"),
        ("no text", vec![b'{', 0xff, 0xfe], "this is not a life"),
        ("cut", text.as_bytes()[..text.len() / 2].into(), "cannot be read"),
        ("changed", text.replacen("mecum", "tecum", 1).into(), "hash differs"),
        ("renamed", text.replacen("\"journal\"", "\"forge_coin\"", 1).into(), "hash differs"),
        ("damaged", damaged, "the file"),
        ("a free seat", fs::read(&empty).unwrap(), "nobody has lived in this file"),
    ] {
        let request = house.visitor().keyed(Method::POST, "/imports").body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 422, "{name}");
        let problem: theron_wire::Problem = response.json().await.unwrap();
        assert_eq!(problem.code, "life_not_whole", "{name}");
        assert!(problem.detail.contains(says), "{name}: {}", problem.detail);
        assert!(!problem.detail.contains("transit"), "{name}: {}", problem.detail);
    }
    let large = vec![b'{'; 32 * 1024 * 1024 + 1];
    let large = house.visitor().keyed(Method::POST, "/imports").body(large);
    assert_eq!(refusal(large).await, (413, "body_too_large".to_owned()));
    let short = bring(&house, "short", &lines);
    assert_eq!(refusal(short).await, (400, "idempotency_key_not_valid".to_owned()));
    assert_eq!(house.clock.now().as_microsecond().cmp(&now), std::cmp::Ordering::Greater);
    house.advance(-20_000_000);
    let early = bring(&house, KEY, &lines);
    assert_eq!(refusal(early).await, (409, "life_not_yet_here".to_owned()));
    house.advance(20_000_000);
    // None of them took one of the four seats; then they are all taken.
    for _ in 0..4 {
        house.enrol().await;
    }
    let full = bring(&house, KEY, &lines);
    assert_eq!(refusal(full).await, (503, "house_full".to_owned()));
    let other = bring(&house, KEY, &empty);
    assert_eq!(refusal(other).await, (422, "life_not_whole".to_owned()));
    house.running.drain().await;
}

#[tokio::test]
async fn a_life_moves_in_by_command_and_never_under_a_server_that_runs() {
    let (_folder, file) = from_home().await;
    let house = elsewhere().await;
    let now = At(house.clock.now().as_microsecond());
    let refused = import(&file, &house.config, now).unwrap_err();
    assert!(matches!(refused, ImportError::Claim(_)), "{refused:?}");
    let House { mesh, clock, running, config } = house;
    running.drain().await;
    let moved = import(&file, &config, now).unwrap();
    assert_eq!(moved.state, verify(&file).unwrap().state);
    // What a kill in the middle leaves behind is swept at the next start.
    let left = moved.database.with_extension("unfinished");
    fs::copy(&file, &left).unwrap();
    fs::write(moved.database.with_extension("unfinished-wal"), "x").unwrap();
    let house = House::start(mesh, clock, config).await;
    assert!(!left.exists() && !house.readiness().await.detail.contains("damaged"));
    let words = json!({ "recovery_phrase": moved.recovery_phrase });
    let back = house.visitor().command(Method::POST, "/sessions", &words).send().await.unwrap();
    assert_eq!(back.status(), 200);
    let moved = Player { cookie: Some(cookie_of(&back)), ..house.visitor() };
    assert_eq!(moved.me().await.place.as_deref(), Some("caralis"));
    house.running.drain().await;
}

/// The key was looked up in the whole history, where the house before had used it too.
#[tokio::test]
async fn a_life_that_came_in_twice_under_one_key_is_at_home_where_it_came_last() {
    let (folder, file) = from_home().await;
    let second = elsewhere().await;
    let (moved, _) = moved_in(&second, &file).await;
    let file = carried(&moved, "sqlite3", folder.path()).await;
    second.running.drain().await;
    let third = elsewhere().await;
    third.advance(1_000);
    let (moved, imported) = moved_in(&third, &file).await;
    let again = bring(&third, KEY, &file).send().await.unwrap();
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(Some(cookie_of(&again)), moved.cookie);
    assert_eq!(again.json::<Imported>().await.unwrap(), imported);
    let third = third.restart(|_| ()).await;
    assert!(!third.readiness().await.detail.contains("damaged"));
    let moved = Player { root: third.root(), ..moved };
    moved.write("Tertia domus.").await;
    third.running.drain().await;
}

/// Else a wreck is undone by leaving, and coming back with what was carried away before it.
#[tokio::test]
async fn a_life_is_in_a_house_once_and_never_comes_back_to_before_its_last_deed() {
    let house = House::open().await;
    let player = house.enrol().await;
    let wool = json!({"side": "buy", "good": "wool", "units": 2});
    player.act(Method::POST, "/trades", wool).await;
    let [before, after] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let early = carried(&player, "sqlite3", before.path()).await;
    player.act(Method::POST, "/voyages", json!({"to": "caralis"})).await;
    let late = carried(&player, "jsonl", after.path()).await;
    let twin = (409, "life_lives_here".to_owned());
    house.advance(1);
    assert_eq!(refusal(bring(&house, KEY, &early)).await, twin);
    let house = house.restart(|_| ()).await;
    assert_eq!(refusal(bring(&house, KEY, &late)).await, twin, "nor after a start");
    let player = Player { root: house.root(), ..player };
    let vale = player.command(Method::POST, "/farewell", &json!({ "keep": "erase" }));
    assert_eq!(vale.header("if-match", "*").send().await.unwrap().status(), 200);
    let further = (409, "life_went_further".to_owned());
    assert_eq!(refusal(bring(&house, KEY, &early)).await, further);
    let house = house.restart(|_| ()).await;
    assert_eq!(refusal(bring(&house, KEY, &early)).await, further, "nor after a start");
    let (moved, _) = moved_in(&house, &late).await;
    assert_eq!(moved.me().await.place, None, "at sea, where it was");
    assert_eq!(refusal(bring(&house, "another-key-for-the-twin", &late)).await, twin);
    house.running.drain().await;
}
