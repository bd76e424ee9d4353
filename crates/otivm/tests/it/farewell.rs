//! Leaving for good: archived or erased, once, whatever is killed when; and the seat is made anew.

use crate::{
    carry::busy,
    scene::{House, Player, cookie_of, refusal},
    writers::{Post, Writer},
};
use otivm::{import, replay, verify};
use otivm_api::{Keep, Left, Me};
use otivm_rules::At;
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};
use theron_service::Clock;
use theron_sqlite::rusqlite::{Connection, OpenFlags};
use theron_testkit::Killer;

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
        // A file that went meanwhile, such as a journal of SQLite's, holds nothing.
        let bytes = fs::read(&path).unwrap_or_default();
        bytes.windows(needle.len()).any(|window| window == needle)
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

/// Calls that change a file, in the whole of a farewell. More means that a step writes in a loop.
const CALLS_MAX: u32 = 200;

/// A player who said farewell to a server that was killed meanwhile.
struct Leaver {
    writer: Writer,
    secret: String,
    /// Whether the server said that the life is gone.
    answered: bool,
}

impl Leaver {
    async fn leave(writer: Writer, keep: &str, killer: &Killer) -> Self {
        let secret = format!("arcanum {}", writer.token);
        let written = writer.post("/journal", &json!({ "text": secret })).await.unwrap();
        assert_eq!(written.status(), 201);
        killer.arm().unwrap();
        let left = writer.post("/farewell", &json!({ "keep": keep })).await;
        killer.disarm().unwrap();
        let answered = left.is_ok_and(|left| left.status() == 200);
        Self { writer, secret, answered }
    }

    /// After the next start the life is there, whole, or gone as its player chose; who is there may go.
    async fn check(&self, keep: &str, data: &Path) {
        let Self { writer, secret, answered } = self;
        let again = writer.post("/farewell", &json!({ "keep": keep })).await.unwrap();
        let was_there = again.status() == 200;
        assert!(was_there && !answered || again.status() == 401, "answered: {answered}, {again:?}");
        let of = |folder: &str| -> Vec<PathBuf> {
            let files = names(&data.join(folder)).into_iter();
            let mine = files.filter(|file| file.contains(&writer.token));
            mine.map(|file| data.join(folder).join(file)).collect()
        };
        let archives = of("archive");
        let is_kept = keep == "archive";
        assert_eq!(
            (archives.len(), holds(data, secret.as_bytes())),
            (usize::from(is_kept), is_kept)
        );
        assert!(of("players").is_empty() && of("leaving").is_empty());
        for archived in &archives {
            verify(archived).unwrap();
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
            let file = Connection::open_with_flags(archived, flags).unwrap();
            let last = "SELECT name FROM moment ORDER BY at DESC LIMIT 1";
            let last: String = file.query_row(last, [], |row| row.get(0)).unwrap();
            assert_eq!(last, "leave");
        }
    }
}

/// Kills the server before each call of a farewell in turn, until one comes through; gives how many there are.
async fn kill_at_each_call_of_a_farewell(keep: &str) -> u32 {
    let mut post = Post::new();
    let killer = Killer::new(post.mesh.folder()).unwrap();
    let data = post.config.service.data_dir.join("data");
    let mut last: Option<Leaver> = None;
    for at in 1..CALLS_MAX {
        post.environment = killer.environment(at).into();
        let mut child = post.serve();
        let writer = post.enrol().await;
        if let Some(before) = &last {
            before.check(keep, &data).await;
        }
        let done = last.is_some_and(|before| before.answered);
        last = Some(Leaver::leave(writer, keep, &killer).await);
        child.kill().unwrap();
        child.wait().unwrap();
        if done {
            return at - 1;
        }
    }
    panic!("a farewell takes more than {CALLS_MAX} calls");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_call_of_a_farewell_leaves_a_life_whole_or_in_the_archive() {
    let calls = kill_at_each_call_of_a_farewell("archive").await;
    assert!(calls > 10, "only {calls} calls were seen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_call_of_a_farewell_leaves_a_life_whole_or_not_a_byte_of_it() {
    let calls = kill_at_each_call_of_a_farewell("erase").await;
    assert!(calls > 10, "only {calls} calls were seen");
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

#[tokio::test]
async fn a_seat_in_which_nothing_was_done_and_to_which_nobody_came_back_is_made_anew_after_two_weeks()
 {
    const HOUR: i64 = 3_600;
    let house = House::open_with(|config| config.seats = 3).await;
    let (idle, busy, anxious) = (house.enrol().await, house.enrol().await, house.enrol().await);
    busy.write("Scripsi, ergo maneo.").await;
    house.advance(335 * HOUR);
    let house = house.restart(|_| ()).await;
    assert_eq!(seats_free(&house).await, 0, "two weeks are not over");
    let words = json!({ "recovery_phrase": anxious.phrase });
    let back = house.visitor().command(Method::POST, "/sessions", &words).send().await.unwrap();
    assert_eq!(back.status(), 200);
    house.advance(HOUR + 1);
    let house = house.restart(|_| ()).await;
    nobody_comes_in(&house, &idle).await;
    for stays in [&busy, &anxious] {
        let words = json!({ "recovery_phrase": stays.phrase });
        let back = house.visitor().command(Method::POST, "/sessions", &words).send().await.unwrap();
        assert_eq!(back.status(), 200);
    }
    let data = data(&house);
    assert_eq!((names(&data.join("leaving")), names(&data.join("archive"))), (vec![], vec![]));
    assert_eq!(seats_free(&house).await, 1);
    let held = names(&data.join("players"));
    assert!(held.iter().all(|name| !name.contains(&idle.token)), "{held:?}");
}

#[tokio::test]
async fn where_no_note_can_be_written_a_seat_that_nobody_played_stays_as_it_is() {
    let house = House::open_with(|config| config.seats = 1).await;
    let idle = house.enrol().await;
    house.advance(337 * 3_600);
    // The folder of the notes leads nowhere, as on a disk that is not there.
    std::os::unix::fs::symlink("/nowhere/at/all", data(&house).join("leaving")).unwrap();
    let house = house.restart(|_| ()).await;
    let words = json!({ "recovery_phrase": idle.phrase });
    let back = house.visitor().command(Method::POST, "/sessions", &words).send().await.unwrap();
    assert_eq!(back.status(), 200);
}

#[tokio::test]
async fn a_seat_that_was_made_anew_by_a_clock_that_was_ahead_is_played_by_the_right_one() {
    const TEN_YEARS: i64 = 10 * 365 * 24 * 3_600;
    let house = House::open_with(|config| config.seats = 1).await;
    let idle = house.enrol().await;
    house.advance(TEN_YEARS);
    let house = house.restart(|_| ()).await;
    house.advance(-TEN_YEARS);
    let house = house.restart(|_| ()).await;
    nobody_comes_in(&house, &idle).await;
    let player = house.enrol().await;
    let before: Me = player.me().await;
    house.advance(3_600);
    let after: Me = player.me().await;
    let days = [before, after].map(|me| me.world_date.plain);
    assert_eq!(days, ["0150-03-01", "0150-03-13"], "an hour is twelve days");
}
