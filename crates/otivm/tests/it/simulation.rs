//! A house that a simulation owns: many answers a commit, and it says so.

use crate::scene::House;
use otivm::Simulation;
use std::collections::BTreeSet;
use theron_sqlite::rusqlite::{Connection, OpenFlags};

const ENTRIES: usize = 50;

#[tokio::test]
async fn a_simulation_is_answered_ahead_of_the_disk_and_loses_nothing_at_a_stop() {
    let simulation = Simulation { answers_ahead_ms: 1_000 };
    let house = House::open_with(|config| config.simulation = Some(simulation)).await;
    let detail = house.readiness().await.detail;
    assert!(
        detail.contains("a simulation: what is answered is on the disk 1000 ms later"),
        "{detail}"
    );
    let player = house.enrol().await;
    let file = house.database(&player.token);
    let reader = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let count = |sql: &str| reader.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(
        count("SELECT count(*) FROM moment WHERE name = 'enrol'"),
        1,
        "a new life is no matter of speed"
    );
    // As the file has it after each answer: it changes with a commit of somebody else's.
    let mut versions = BTreeSet::new();
    for index in 0..ENTRIES {
        player.write(&format!("entry {index}")).await;
        versions.insert(count("PRAGMA data_version"));
    }
    assert!(versions.len() < ENTRIES, "not every answer was a commit of its own");
    house.running.drain().await;
    let entries = "SELECT count(*) FROM moment WHERE name = 'journal'";
    crate::scene::until("all of it is on the disk", async || {
        (count(entries) == ENTRIES as i64).then_some(())
    })
    .await;
    drop(reader);
    otivm::verify(&file).unwrap();
}

#[test]
fn how_far_ahead_is_bounded() {
    let parse = |text: &str| toml::from_str::<Simulation>(text).map(|it| it.answers_ahead_ms);
    assert_eq!(parse("answers_ahead_ms = 200").unwrap(), 200);
    for wrong in [0, 1001] {
        let refusal = parse(&format!("answers_ahead_ms = {wrong}")).unwrap_err().to_string();
        assert!(
            refusal.contains(&format!("answers_ahead_ms is 1 to 1000, not {wrong}")),
            "{refusal}"
        );
    }
}
