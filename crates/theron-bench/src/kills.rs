//! SIGKILL under load, as often as is asked for: what was acknowledged is there, once, and every file is whole.
//!
//! The files themselves are read in the end, after the last kill and before anybody has opened them again.

use crate::{
    game::{Place, on_one_thread},
    house::{House, Running, enrol},
    machine::row,
    wire::Wire,
};
use anyhow::Context;
use futures::future::{join_all, try_join_all};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};
use theron_sqlite::rusqlite::{self, Connection, OpenFlags};

const SEATS: usize = 16;
/// Calls of one seat in flight at once, so that some share a transaction.
const IN_FLIGHT: usize = 3;
/// A kill comes at most so long after the first answer since the start; the server answers all the while.
const LIVES_AT_MOST: Duration = Duration::from_millis(60);
/// One in so many starts is killed before it is over.
const WHILE_STARTING: u64 = 8;
const AGAIN: Duration = Duration::from_millis(1);

/// Text to the moment that the server said it is, of each seat.
type Acknowledged = Vec<BTreeMap<String, i64>>;

#[derive(Default)]
struct Heard {
    acknowledged: AtomicU64,
    over: AtomicBool,
}

pub(crate) async fn measure(place: &Place<'_>, kills: u64, seed: u64) -> anyhow::Result<()> {
    let folder = place.folder.join("kills");
    let house = House::new(place.programs, &folder, place.release, SEATS, "")?;
    let running = house.start().await?;
    let cookies = try_join_all((0..SEATS).map(enrol)).await?;
    let (heard, since) = (Heard::default(), Instant::now());
    let acknowledged = std::thread::scope(|scope| {
        let load = scope.spawn(|| on_one_thread(async || Ok(write(&cookies, &heard).await)));
        let killed = kill_again_and_again(&house, running, &heard, (kills, seed));
        heard.over.store(true, Ordering::Relaxed);
        let told = load.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        killed.and(told)
    })?;
    let took = since.elapsed().as_secs_f64();
    let (mut lost, mut doubled) = (0, 0);
    for (cookie, told) in cookies.iter().zip(&acknowledged) {
        let token = cookie.split_once('=').and_then(|(_, it)| it.split('.').next());
        let file = house.players().join(format!("{}.sqlite3", token.context("no token")?));
        let found = journal(&file)?;
        let kept: BTreeMap<&String, &i64> = found.iter().map(|(text, at)| (text, at)).collect();
        doubled += found.len() - kept.len();
        lost += told.iter().filter(|(text, at)| kept.get(text) != Some(at)).count();
    }
    let broken = house.verify(&house.files()?)?;
    let told: usize = acknowledged.iter().map(BTreeMap::len).sum();
    row(
        &format!("SIGKILL at {kills} random instants under load (seed {seed})"),
        &format!("{lost} lost, {doubled} doubled, {} files not whole", broken.len()),
        &format!("{told} acknowledged, {SEATS} seats, {IN_FLIGHT} in flight each, {took:.0} s"),
    );
    Ok(())
}

fn kill_again_and_again(
    house: &House,
    mut running: Running,
    heard: &Heard,
    (kills, seed): (u64, u64),
) -> anyhow::Result<()> {
    let mut dice = seed;
    for _ in 0..kills {
        // A linear congruential generator (Knuth's MMIX); its upper bits are good enough to choose instants by.
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let roll = dice >> 33;
        if !roll.is_multiple_of(WHILE_STARTING) {
            let before = heard.acknowledged.load(Ordering::Relaxed);
            while heard.acknowledged.load(Ordering::Relaxed) == before {
                std::thread::sleep(AGAIN);
            }
        }
        std::thread::sleep(Duration::from_micros(roll % LIVES_AT_MOST.as_micros() as u64));
        running.kill()?;
        running = house.spawn()?;
    }
    running.kill()
}

/// Entry after entry on every seat, each sent under its key until it is answered.
async fn write(cookies: &[String], heard: &Heard) -> Acknowledged {
    let lines = (0..cookies.len() * IN_FLIGHT).map(async |line| {
        let (seat, mut told) = (line % cookies.len(), Vec::new());
        let mut wire = None;
        while !heard.over.load(Ordering::Relaxed) {
            let text = format!("entry-{line}-{}", told.len());
            match attempt(&mut wire, &cookies[seat], &text).await {
                Some(at) => {
                    told.push((text, at));
                    heard.acknowledged.fetch_add(1, Ordering::Relaxed);
                }
                None => tokio::time::sleep(AGAIN).await,
            }
        }
        (seat, told)
    });
    let mut all = vec![BTreeMap::new(); cookies.len()];
    for (seat, told) in join_all(lines).await {
        all[seat].extend(told);
    }
    all
}

/// The moment that the entry is, where a whole answer says so.
async fn attempt(wire: &mut Option<Wire>, cookie: &str, text: &str) -> Option<i64> {
    let mut own = match wire.take() {
        Some(own) => own,
        None => Wire::connect(House::ADDRESS, cookie).await.ok()?,
    };
    let answer = own.write(text, text).await.ok()?;
    let at = match answer.status {
        201 => serde_json::from_slice::<serde_json::Value>(answer.body).ok()?["moments"][0]["at"]
            .as_i64(),
        _ => None,
    };
    *wire = Some(own);
    at
}

/// Text and moment of each entry, as the file has them.
fn journal(file: &Path) -> Result<Vec<(String, i64)>, rusqlite::Error> {
    let file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let sql = "SELECT value ->> 'text', at FROM moment WHERE name = 'journal' ORDER BY at";
    file.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
