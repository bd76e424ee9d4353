//! Lives in files: kept by older builds, planted with every damage, shown at any moment, taken back.

use crate::scene::House;
use otivm::{VerifyError, replay, rewind, verify};
use otivm_rules::At;
use reqwest::Method;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};
use theron_sqlite::rusqlite::{Connection, OpenFlags};

/// What the kept life amounted to when it was written.
const KEPT_STATE: &str = "e5c5895202b7bf3bda4b4abf882477ac5fe016de946a357d7f8cdcead41f71c6";

pub(crate) fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kept/0.1.0-life.sqlite3")
}

/// A life with a voyage, a rest and a journal. `BLESS=1` keeps the one of this build where there is none.
#[tokio::test]
async fn a_life_that_an_older_build_wrote_folds_to_the_hash_it_had() {
    if std::env::var_os("BLESS").is_some() && !kept().exists() {
        keep_one().await;
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("life.sqlite3");
    fs::copy(kept(), &copy).unwrap();
    assert_eq!(verify(&copy).unwrap().state, KEPT_STATE);
}

async fn keep_one() {
    let house = House::open().await;
    let player = house.enrol().await;
    let wine = json!({"side": "buy", "good": "pottery", "units": 3});
    player.act(Method::POST, "/trades", wine).await;
    player.act(Method::POST, "/voyages", json!({"to": "caralis"})).await;
    house.advance(3_000);
    player.me().await;
    let sold = json!({"side": "sell", "good": "pottery", "units": 2});
    player.act(Method::POST, "/trades", sold).await;
    player.act(Method::POST, "/otium", json!({})).await;
    house.advance(3_000);
    player.act(Method::DELETE, "/otium", json!({})).await;
    player.write("Vidi mare, et satis erat.").await;
    player.act(Method::POST, "/voyages", json!({"to": "ostia"})).await;
    let file = house.database(&player.token);
    house.running.drain().await;
    fs::create_dir_all(kept().parent().unwrap()).unwrap();
    fs::copy(file, kept()).unwrap();
}

/// A copy of the kept life, changed behind its back.
fn planted(folder: &Path, name: &str, sql: &str) -> PathBuf {
    let path = folder.join(name);
    fs::copy(kept(), &path).unwrap();
    let file = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let guards: Vec<(String, String)> = file
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for (name, _) in &guards {
        file.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    file.execute_batch(sql).unwrap();
    for (_, sql) in &guards {
        file.execute_batch(sql).unwrap();
    }
    path
}

#[test]
fn a_dropped_reordered_doubled_or_changed_moment_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let third = "(SELECT at FROM moment ORDER BY at DESC LIMIT 1 OFFSET 2)";
    let end = "(SELECT max(at) FROM moment)";
    for (name, sql, says) in [
        ("dropped", format!("DELETE FROM moment WHERE at = {third}"), "does not follow"),
        (
            "dropped-first",
            "DELETE FROM moment WHERE at = (SELECT min(at) FROM moment)".to_owned(),
            "does not follow",
        ),
        (
            "doubled",
            format!(
                "INSERT INTO moment SELECT {end} + 1, kind, name, value, key, prev, hash FROM moment WHERE at = {third}"
            ),
            "does not follow",
        ),
        (
            "reordered",
            format!("UPDATE moment SET at = {end} + 1 WHERE at = {third}"),
            "does not follow",
        ),
        ("later", format!("UPDATE moment SET at = at + 1 WHERE at = {end}"), "hash differs"),
        (
            "value",
            "UPDATE moment SET value = replace(value, 'satis', 'nimis') WHERE name = 'journal'"
                .to_owned(),
            "hash differs",
        ),
        ("key", format!("UPDATE moment SET key = 'another' WHERE at = {third}"), "hash differs"),
        (
            "name",
            "UPDATE moment SET name = 'feriae' WHERE name = 'journal'".to_owned(),
            "hash differs",
        ),
    ] {
        let error = verify(&planted(folder.path(), name, &sql)).unwrap_err();
        let text = format!("{:#}", anyhow::Error::new(error));
        assert!(text.contains(says), "{name}: {text}");
    }
}

#[test]
fn guards_that_were_taken_away_and_newer_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guards");
    fs::copy(kept(), &path).unwrap();
    let file = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    file.execute_batch("DROP TRIGGER moment_is_never_changed").unwrap();
    drop(file);
    let text = verify(&path).unwrap_err().to_string();
    assert!(text.ends_with("not those of this format: moment_is_never_changed"), "{text}");
    let newer = planted(folder.path(), "newer", "PRAGMA user_version = 2");
    let text = verify(&newer).unwrap_err().to_string();
    assert!(
        text.ends_with(
            "is a player database of version 2, this build reads version 1; use the build that wrote it"
        ),
        "{text}"
    );
}

#[test]
fn a_damaged_byte_is_found_wherever_it_means_anything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.sqlite3");
    let whole = fs::read(kept()).unwrap();
    fs::write(&path, &whole).unwrap();
    let truth = verify(&path).unwrap();
    let mut found = 0;
    for offset in (0..whole.len()).step_by(31).filter(|offset| whole[*offset] != 0) {
        let mut bytes = whole.clone();
        bytes[offset] ^= 0x24;
        for companion in ["-wal", "-shm"] {
            let _absent =
                fs::remove_file(folder.path().join(format!("damaged.sqlite3{companion}")));
        }
        fs::write(&path, &bytes).unwrap();
        match verify(&path) {
            // The root of the table was a leaf once: what is left of that in its page means nothing.
            Ok(other) => assert_eq!((offset / 4096, other), (1, truth.clone()), "byte {offset}"),
            Err(_) => found += 1,
        }
    }
    assert!(found > 200, "{found}");
}

#[test]
fn a_life_is_shown_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("life.sqlite3");
    fs::copy(kept(), &path).unwrap();
    let end = replay(&path, None).unwrap();
    assert_eq!(end.state, KEPT_STATE);
    assert_eq!((end.place.as_deref(), end.sails_to.as_deref()), (None, Some("ostia")));
    let truth = verify(&path).unwrap();
    let before = |at: At| replay(&path, Some(at)).unwrap();
    // Before the first moment there is nothing.
    assert_eq!(before(At(truth.first.unwrap().0 - 1)).moments, 0);
    // What nobody looked at has fallen due all the same.
    let arrived = before(At(end.arrives_at.unwrap()));
    assert_eq!((arrived.place.as_deref(), arrived.moments), (Some("ostia"), end.moments + 1));
    let enrolled = (0..end.moments as i64)
        .map(|step| before(At(truth.first.unwrap().0 + step)))
        .find(|then| then.home.is_some())
        .unwrap();
    assert_eq!((enrolled.purse_asses, enrolled.sessions_open), (48_000, 0));
    assert_eq!(fs::read(&path).unwrap(), fs::read(kept()).unwrap(), "replay only reads");
}

#[test]
fn a_branch_has_the_reason_on_record_and_the_original_is_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (path, branch) = (folder.path().join("life.sqlite3"), folder.path().join("branch.sqlite3"));
    fs::copy(kept(), &path).unwrap();
    let truth = verify(&path).unwrap();
    let end = replay(&path, None).unwrap();
    let to = At(truth.last.unwrap().0 - 1);
    let now = At(end.at + 5_000_000);
    let rewound =
        rewind(&path, to, " The harbour was closed by our mistake. ", &branch, now).unwrap();
    assert_eq!(rewound.left_behind, 1);
    let whole = verify(&branch).unwrap();
    assert_eq!((whole.moments, &whole.state), (truth.moments, &rewound.state));
    let shown = replay(&branch, None).unwrap();
    assert_eq!((shown.place.as_deref(), shown.rewinds), (Some("caralis"), 1));
    let file = Connection::open_with_flags(&branch, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let last: String = file
        .query_row("SELECT value FROM moment WHERE name = 'rewind'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(
        last,
        format!(
            "{{\"left\":\"{}\",\"moments\":1,\"reason\":\"The harbour was closed by our mistake.\"}}",
            truth.head
        )
    );
    assert_eq!(fs::read(&path).unwrap(), fs::read(kept()).unwrap());
    let again = rewind(&path, to, "again", &branch, now).unwrap_err().to_string();
    assert!(again.ends_with("exists already; nothing was written"), "{again}");
    let other = folder.path().join("other.sqlite3");
    for (at, reason, says) in [
        (to, "  ", "a reason is 1 to 500 characters, not 0"),
        (
            truth.last.unwrap(),
            "r",
            "the history ends at or before that moment: there is nothing to take back",
        ),
        (At(0), "r", "the history begins after that moment: nothing would be left"),
        (
            truth.first.unwrap(),
            "r",
            "the life begins after that moment: a branch would be a seat in which nobody sits",
        ),
    ] {
        assert_eq!(rewind(&path, at, reason, &other, now).unwrap_err().to_string(), says);
    }
    assert!(!other.exists());
}

#[test]
fn a_file_that_is_no_life_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    fs::write(&path, "{\"milk\": 2}\n").unwrap();
    assert!(matches!(verify(&path), Err(VerifyError::Lines(_))));
    fs::write(&path, "milk").unwrap();
    assert!(matches!(verify(&path), Err(VerifyError::Db(_))));
}
