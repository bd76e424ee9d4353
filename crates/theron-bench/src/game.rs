//! Durable actions over 128 seats, beside a bare loop on as many SQLite files of the same settings.

use crate::{load, machine::row, stack::Stack};
use anyhow::{Context, bail};
use futures::future::try_join_all;
use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};
use theron_sqlite::FileKind;

const SEATS: usize = 128;
/// What a moment of a trade weighs on disk, bytes.
const MOMENT_BYTES: usize = 400;

pub(crate) async fn measure(stack: &Stack, data_dir: &Path, each: Duration) -> anyhow::Result<()> {
    let ceiling = bare_loop(&data_dir.join("bare"), each)?;
    let base = stack.status.public_url("otivm-dev")?.to_owned();
    let http = reqwest::Client::new();
    let cookies = try_join_all((0..SEATS).map(|seat| enrol(&http, &base, seat))).await?;
    let actions = load::run(SEATS, each, async |seat, turn| {
        let Some(cookie) = cookies.get(seat) else { return false };
        let answer = http
            .post(format!("{base}/journal"))
            .header("cookie", cookie)
            .header("idempotency-key", format!("bench-{seat}-{turn}"))
            .json(&serde_json::json!({ "text": "Hodie nihil nisi mare." }))
            .send()
            .await;
        match answer {
            Ok(answer) => answer.status().as_u16() == 201 && answer.bytes().await.is_ok(),
            Err(_) => false,
        }
    })
    .await;
    let share = 100.0 * actions.per_second / ceiling.per_second;
    row(
        "game, durable actions over HTTP, 128 seats",
        &actions.figure(),
        &format!(
            "{share:.0} % of a bare loop on 128 files, synchronous=FULL ({})",
            ceiling.figure()
        ),
    );
    Ok(())
}

async fn enrol(http: &reqwest::Client, base: &str, seat: usize) -> anyhow::Result<String> {
    let key = format!("a-seat-for-the-bench-{seat}");
    let players = http.post(format!("{base}/players")).header("idempotency-key", key);
    let answer = players.json(&serde_json::json!({})).send().await?;
    if answer.status().as_u16() != 201 {
        bail!("enrolling: {} {}", answer.status(), answer.text().await?);
    }
    let cookie = answer.headers().get("set-cookie").context("no cookie")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// As many threads as files, each committing one row at a time.
fn bare_loop(folder: &Path, each: Duration) -> anyhow::Result<load::Outcome> {
    const KIND: FileKind =
        FileKind { application_id: 0x4245_4e43, version: 1, name: "a bench file" };
    std::fs::create_dir_all(folder)?;
    let files = (0..SEATS)
        .map(|i| {
            let schema =
                "CREATE TABLE moment (at INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT;";
            theron_sqlite::create_durable(&folder.join(format!("{i}.sqlite3")), KIND, schema)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let started = Instant::now();
    let threads: Vec<_> = files
        .into_iter()
        .map(|file| {
            thread::spawn(move || {
                let (mut latencies, mut failed, value) = (Vec::new(), 0, vec![7_u8; MOMENT_BYTES]);
                while started.elapsed() < each {
                    let asked = Instant::now();
                    match file.execute("INSERT INTO moment (value) VALUES (?1)", [&value]) {
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
    Ok(load::Outcome::of(all, failures, started.elapsed()))
}
