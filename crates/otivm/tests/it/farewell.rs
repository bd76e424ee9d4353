//! Leaving for good: archived or erased, once, whatever is killed when; and the seat is made anew.

use crate::{
    carry::busy,
    scene::{House, Player, cookie_of, refusal},
};
use otivm::{import, replay, verify};
use otivm_api::{Keep, Left};
use otivm_rules::At;
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};
use theron_service::Clock;
use theron_sqlite::rusqlite::{Connection, OpenFlags};

fn farewell(player: &Player, keep: &str) -> RequestBuilder {
    let body = json!({ "keep": keep });
    player.command_with("vale", Method::POST, "/farewell", &body).header("if-match", "*")
}

fn data(house: &House) -> PathBuf {
    house.config.service.data_dir.join("data")
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Whether any file below holds these bytes.
fn holds(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, needle);
        }
        fs::read(&path).unwrap().windows(needle.len()).any(|window| window == needle)
    })
}

async fn nobody_comes_in(house: &House, player: &Player) {
    let me = Player { root: house.root(), ..player.clone() };
    let refused = refusal(me.request(Method::GET, "/me")).await;
    assert_eq!(refused, (401, "session_missing".to_owned()));
    let words = json!({ "recovery_phrase": player.phrase });
    let back = house.visitor().command(Method::POST, "/sessions", &words);
    assert_eq!(refusal(back).await, (401, "recovery_phrase_unknown".to_owned()));
}

async fn seats_free(house: &House) -> usize {
    let mut free = 0;
    loop {
        let enrol = house.visitor().command(Method::POST, "/players", &json!({}));
        if enrol.send().await.unwrap().status() != 201 {
            return free;
        }
        free += 1;
    }
}

#[tokio::test]
async fn an_archived_life_is_whole_and_open_to_nobody_and_its_seat_is_made_anew() {
    let house = House::open().await;
    let (player, other) = (busy(&house).await, house.enrol().await);
    house.advance(100_000);
    let me = player.me().await;
    let unseen = player.command(Method::POST, "/farewell", &json!({"keep": "archive"}));
    assert_eq!(refusal(unseen).await, (428, "condition_missing".to_owned()));
    let old = player.command(Method::POST, "/farewell", &json!({"keep": "archive"}));
    let old = old.header("if-match", "\"1-x\"");
    assert_eq!(refusal(old).await, (412, "changed_meanwhile".to_owned()));
    let first = farewell(&player, "archive").send().await.unwrap();
    assert_eq!(first.status(), 200);
    assert!(cookie_of(&first).ends_with('='), "the cookie is taken back");
    let left: Left = first.json().await.unwrap();
    assert_eq!(left.kept, Keep::Archive);
    // The answer was lost: it is given again, to this player and for this intention alone.
    let again = farewell(&player, "archive").send().await.unwrap();
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(again.json::<Left>().await.unwrap(), left);
    let nobody = Player { cookie: None, ..player.clone() };
    for stranger in [farewell(&player, "erase"), farewell(&nobody, "archive")] {
        let refused = refusal(stranger).await;
        assert_eq!(refused, (401, "session_missing".to_owned()));
    }
    nobody_comes_in(&house, &player).await;
    other.write("Ego maneo.").await;
    let data = data(&house);
    let name = format!("{}-{}.sqlite3", player.token, left.date);
    assert_eq!(
        (names(&data.join("archive")), names(&data.join("leaving"))),
        (vec![name.clone()], vec![])
    );
    assert_eq!(
        names(&data.join("players")).iter().filter(|n| n.contains(&player.token)).count(),
        0
    );
    // No seat is made while players are served; two of four are taken by nobody.
    assert_eq!(seats_free(&house).await, 2);
    let archived = data.join("archive").join(name);
    let bytes = fs::read(&archived).unwrap();
    let whole = verify(&archived).unwrap();
    assert_eq!(fs::read(&archived).unwrap(), bytes);
    assert_eq!(whole.moments as i64, left.moments + 2, "one session ends, and the player leaves");
    let then = replay(&archived, Some(At(me.revision))).unwrap();
    assert_eq!((then.head, then.state), (left.head.clone(), left.state.clone()));
    let house = house.restart(|_| ()).await;
    assert_eq!(seats_free(&house).await, 1, "the seat has been made anew");
    nobody_comes_in(&house, &player).await;
    let House { running, mut config, clock, .. } = house;
    running.drain().await;
    // The operator can put it back into a seat.
    config.seats = 5;
    otivm::provision(&config, &*clock).unwrap();
    let now = At(clock.now().as_microsecond() + 1_000_000);
    let back = import(&archived, &config, now).unwrap();
    assert_eq!(back.state, whole.state);
}

#[tokio::test]
async fn of_an_erased_life_no_byte_is_left_in_the_house() {
    let house = House::open().await;
    let player = house.enrol().await;
    let secret = b"arcanum quod nemo leget";
    // More than is overwritten in one go.
    let page = format!("arcanum quod nemo leget{}", " et nemo legit".repeat(250));
    for _ in 0..60 {
        player.write(&page).await;
    }
    let folder = house.config.service.data_dir.clone();
    assert!(holds(&folder, secret) && !holds(&folder, player.token.as_bytes()));
    // Whoever holds the file open, or under another name, finds zeros.
    let outside = tempfile::tempdir().unwrap();
    let link = outside.path().join("link");
    fs::hard_link(house.database(&player.token), &link).unwrap();
    let left: Left = farewell(&player, "erase").send().await.unwrap().json().await.unwrap();
    assert_eq!((left.kept, left.moments > 30), (Keep::Erase, true));
    assert!(!holds(&folder, secret));
    assert!(fs::read(&link).unwrap().iter().all(|byte| *byte == 0));
    nobody_comes_in(&house, &player).await;
    let data = data(&house);
    assert_eq!((names(&data.join("archive")), names(&data.join("leaving"))), (vec![], vec![]));
    let house = house.restart(|_| ()).await;
    nobody_comes_in(&house, &player).await;
    assert_eq!(seats_free(&house).await, 4);
    house.running.drain().await;
}

/// As a kill between two steps leaves it; `until` is the first step that is not done.
fn killed(data: &Path, token: &str, keep: &str, until: &str) {
    let life = data.join(format!("players/{token}.sqlite3"));
    let note = data.join(format!("leaving/{token}.json"));
    fs::create_dir_all(data.join("leaving")).unwrap();
    fs::create_dir_all(data.join("archive")).unwrap();
    fs::write(data.join("leaving/.tmp-never-finished"), "{").unwrap();
    if until == "note" {
        return;
    }
    fs::write(&note, format!("{{\"keep\":\"{keep}\",\"date\":\"2026-11-24\"}}")).unwrap();
    let open = || Connection::open_with_flags(&life, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    match (keep, until) {
        (_, "begin") => {}
        ("archive", "rename") => {
            open().pragma_update(None, "journal_mode", "DELETE").unwrap();
        }
        ("archive", "forget") => {
            let archived = data.join(format!("archive/{token}-2026-11-24.sqlite3"));
            fs::rename(&life, archived).unwrap();
        }
        ("erase", "overwrite") => {
            let mut bytes = fs::read(&life).unwrap();
            let half = bytes.len() / 2;
            bytes[..half].fill(0);
            fs::write(&life, bytes).unwrap();
            fs::write(life.with_extension("sqlite3-wal"), "a page").unwrap();
        }
        ("erase", "companions") => {
            fs::remove_file(&life).unwrap();
            fs::write(life.with_extension("sqlite3-wal"), "a page").unwrap();
        }
        ("erase", "forget") => fs::remove_file(&life).unwrap(),
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn killed_between_any_two_steps_a_life_is_there_or_gone_as_its_player_chose() {
    for (keep, until) in [
        ("archive", "note"),
        ("archive", "begin"),
        ("archive", "rename"),
        ("archive", "forget"),
        ("erase", "note"),
        ("erase", "begin"),
        ("erase", "overwrite"),
        ("erase", "companions"),
        ("erase", "forget"),
    ] {
        let house = House::open().await;
        let player = house.enrol().await;
        player.write("arcanum").await;
        let data = data(&house);
        let house = house.restart(|_| killed(&data, &player.token, keep, until)).await;
        let name = format!("{keep} until {until}");
        assert!(!house.readiness().await.detail.contains("damaged"), "{name}");
        let archive = names(&data.join("archive"));
        let mine = names(&data.join("players")).iter().any(|n| n.contains(&player.token));
        if until == "note" {
            let stays = Player { root: house.root(), ..player.clone() };
            assert!(stays.me().await.place.is_some() && mine && archive.is_empty(), "{name}");
            assert_eq!(seats_free(&house).await, 3, "{name}");
        } else {
            nobody_comes_in(&house, &player).await;
            assert!(!mine, "{name}");
            assert_eq!(archive.len(), usize::from(keep == "archive"), "{name}");
            assert_eq!(names(&data.join("leaving")), [".tmp-never-finished"], "{name}");
            assert_eq!(seats_free(&house).await, 4, "{name}");
            for file in archive {
                verify(&data.join("archive").join(file)).unwrap();
            }
        }
        house.running.drain().await;
    }
}

#[tokio::test]
async fn who_is_listening_hears_that_the_life_is_over() {
    let house = House::open().await;
    let player = house.enrol().await;
    let mut stream = player.request(Method::GET, "/events").send().await.unwrap();
    assert!(stream.chunk().await.unwrap().is_some());
    assert_eq!(farewell(&player, "erase").send().await.unwrap().status(), 200);
    let mut heard = String::new();
    while let Some(chunk) = stream.chunk().await.unwrap() {
        heard.push_str(&String::from_utf8_lossy(&chunk));
    }
    assert!(heard.contains("session_missing"), "{heard}");
    house.running.drain().await;
}
