//! Durable actions over 128 seats, beside a bare loop on as many SQLite files of the same settings.
//!
//! The load comes from this program, on the same processors as the server, so what it uses itself stands beside
//! each figure. The bare loops are measured again before each of them.

use crate::{
    house::{House, Running, enrol},
    load,
    machine::{process_cpu_s, row},
    wire::Wire,
};
use anyhow::{Context, bail};
use futures::future::try_join_all;
use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};
use theron_sqlite::FileKind;

pub(crate) const SEATS: usize = 128;
/// What a moment of the journal weighs on disk, bytes.
const MOMENT_BYTES: usize = 400;
/// Calls of one seat in flight at once. The server takes 512 of one address.
const IN_FLIGHT: [usize; 3] = [1, 2, 4];

/// Where is measured: programs, a release, an empty folder, how long each.
pub(crate) struct Place<'a> {
    pub(crate) programs: &'a Path,
    pub(crate) release: &'a Path,
    pub(crate) folder: &'a Path,
    pub(crate) each: Duration,
}

/// Actions a second, and whose processor time they took.
pub(crate) struct Figure {
    pub(crate) outcome: load::Outcome,
    pub(crate) server_us: f64,
    pub(crate) caller_us: f64,
}

pub(crate) async fn measure(place: &Place<'_>) -> anyhow::Result<()> {
    let house = House::new(place.programs, &place.folder.join("game"), place.release, SEATS, "")?;
    let running = house.start().await?;
    let cookies = enrol_all().await?;
    for in_flight in IN_FLIGHT {
        let bare = place.folder.join(format!("bare-{in_flight}"));
        let (alone, _) = bare_loop(&bare.join("one"), 1, place.each)?;
        let (ceiling, bare_us) = bare_loop(&bare.join("all"), SEATS, place.each)?;
        let actions = act(&running, &cookies, in_flight, place.each, None)?;
        let share = |of: &load::Outcome| 100.0 * actions.outcome.per_second / of.per_second;
        let half =
            act(&running, &cookies, in_flight, place.each, Some(actions.outcome.per_second / 2.0))?;
        row(
            &format!("game, durable actions over HTTP, 128 seats, {in_flight} in flight each"),
            &actions.outcome.figure(),
            &format!(
                "synchronous=FULL: {:.0} % of one bare loop over 128 files ({}), {:.0} % of a bare loop on each of them \
                 at once ({}); CPU µs an action: server {:.0}, caller {:.0}; a bare commit {bare_us:.0}",
                share(&alone),
                alone.figure(),
                share(&ceiling),
                ceiling.figure(),
                actions.server_us,
                actions.caller_us,
            ),
        );
        row(
            &format!("the same at half of that, paced, {in_flight} connections a seat"),
            &half.outcome.figure(),
            &format!(
                "aim p99 50 ms; CPU µs an action: server {:.0}, caller {:.0}",
                half.server_us, half.caller_us
            ),
        );
    }
    running.kill()
}

pub(crate) async fn enrol_all() -> anyhow::Result<Vec<String>> {
    try_join_all((0..SEATS).map(enrol)).await
}

/// Journal entries on every seat: as many as are answered, or so many a second.
pub(crate) fn act(
    running: &Running,
    cookies: &[String],
    in_flight: usize,
    each: Duration,
    rate: Option<f64>,
) -> anyhow::Result<Figure> {
    let own = std::process::id();
    let (server, caller) = (running.cpu_s()?, process_cpu_s(own)?);
    let outcome = on_one_thread(async || {
        let callers = cookies.len() * in_flight;
        let wires = try_join_all((0..callers).map(async |caller| {
            Wire::connect(House::ADDRESS, &cookies[caller % cookies.len()]).await
        }));
        let run = format!("{:x}-{in_flight}", running.cpu_s()?.to_bits());
        let write = async |wire: &mut Wire, caller: usize, turn: u64| {
            let key = format!("b-{run}-{caller}-{turn}");
            let answer = wire.write(&key, "Hodie nihil nisi mare.").await;
            answer.is_ok_and(|answer| answer.status == 201)
        };
        let pace = rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
        Ok(load::run_with(wires.await?, each, pace, write).await)
    })?;
    let calls = outcome.answered as f64;
    Ok(Figure {
        server_us: (running.cpu_s()? - server) / calls * 1e6,
        caller_us: (process_cpu_s(own)? - caller) / calls * 1e6,
        outcome,
    })
}

/// Callers that share a thread do not wake each other.
pub(crate) fn on_one_thread<T: Send>(
    work: impl AsyncFnOnce() -> anyhow::Result<T> + Send,
) -> anyhow::Result<T> {
    let on_thread =
        || tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work());
    thread::scope(|scope| scope.spawn(on_thread).join())
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// So many threads, each committing one row at a time to each of its share of the files in turn; and the processor
/// time of a commit, µs.
fn bare_loop(
    folder: &Path,
    threads: usize,
    each: Duration,
) -> anyhow::Result<(load::Outcome, f64)> {
    const KIND: FileKind =
        FileKind { application_id: 0x4245_4e43, version: 1, name: "a bench file" };
    std::fs::create_dir_all(folder)?;
    let mut files = (0..SEATS)
        .map(|i| {
            let schema =
                "CREATE TABLE moment (at INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT;";
            theron_sqlite::create_durable(&folder.join(format!("{i}.sqlite3")), KIND, schema)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let (started, cpu) = (Instant::now(), process_cpu_s(std::process::id())?);
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let share = files.split_off(files.len() - SEATS / threads);
            thread::spawn(move || {
                let (mut latencies, mut failed, value) = (Vec::new(), 0, vec![7_u8; MOMENT_BYTES]);
                let sql = "INSERT INTO moment (value) VALUES (?1)";
                for file in share.iter().cycle().take_while(|_| started.elapsed() < each) {
                    let asked = Instant::now();
                    match file.prepare_cached(sql).and_then(|mut it| it.execute([&value])) {
                        Ok(_) => latencies.push(asked.elapsed()),
                        Err(_) => failed += 1,
                    }
                }
                (latencies, failed)
            })
        })
        .collect();
    let (mut all, mut failures) = (Vec::new(), 0);
    for thread in threads {
        let Ok((latencies, failed)) = thread.join() else {
            bail!("a thread of the bare loop ended early")
        };
        all.extend(latencies);
        failures += failed;
    }
    let outcome = load::Outcome::of(all, failures, started.elapsed());
    let cpu = process_cpu_s(std::process::id()).context("our own processor time")? - cpu;
    let us = cpu / outcome.answered as f64 * 1e6;
    Ok((outcome, us))
}
