//! Lives that were lived for years: the start with them after a kill, what the server holds of them, and the fold.
//!
//! They are generated, moment by moment as a server writes them, into files that `otivm provision` made.

use crate::{
    game::{Place, SEATS},
    house::House,
    machine::{process_mib, row},
    wire::Wire,
};
use anyhow::Context;
use futures::future::try_join_all;
use otivm_rules::{At, Fact, Kind, Life, Moment, hash::Hash, parameters::ParameterId};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use theron_service::{Clock, SystemClock};
use theron_sqlite::{
    FileKind, open_durable,
    rusqlite::{Connection, params},
};

const PLAYER_FILE: FileKind =
    FileKind { application_id: 0x4F54_4956, version: 1, name: "a player database" };
/// A world day at the usual rate.
const DAY_US: i64 = 300_000_000;
const YEAR_DAYS: i64 = 365;
/// After the last year, until the ship of its last days has come in.
const HOMECOMING_DAYS: i64 = 7;
/// Days of a voyage and the stay after it: two a month.
const VOYAGE_EVERY: i64 = 15;
/// Goods that are bought before a voyage and sold after it.
const GOODS: [&str; 6] = ["wheat", "oil", "wine", "pottery", "salt", "timber"];
const STARTS: usize = 5;
/// Of the longest life.
const YEARS: i64 = 10;

pub(crate) async fn measure(place: &Place<'_>) -> anyhow::Result<()> {
    let folder = place.folder.join("lives");
    // One life more, of ten years.
    let house = House::new(place.programs, &folder, place.release, SEATS + 1, "")?;
    house.provision()?;
    let mut players = Vec::new();
    // All seats live by one clock, or the server leaves out those that do not.
    let start =
        SystemClock.now().as_microsecond() - (YEARS * YEAR_DAYS + HOMECOMING_DAYS + 2) * DAY_US;
    for (index, file) in house.files()?.iter().enumerate() {
        players.push(live(file, start, if index == SEATS { YEARS } else { 1 })?);
    }
    let mut running = house.start().await?;
    let mut starts = Vec::new();
    for turn in 0..STARTS {
        write_all(&players, turn).await?;
        running.kill()?;
        running = house.start().await?;
        starts.push(running.started.as_secs_f64() * 1e3);
    }
    starts.sort_unstable_by(f64::total_cmp);
    row(
        "game, ready after a kill with 128 lives of a year",
        &format!("{:.0} to {:.0} ms, {STARTS} times", starts[0], starts[STARTS - 1]),
        &format!("aim 1,000 ms; {} moments a life", players[0].history.len()),
    );
    let looked = Instant::now();
    let firsts = try_join_all(players.iter().map(async |player| player.look().await)).await?;
    let all = looked.elapsed();
    let slowest = firsts.iter().max().copied().unwrap_or_default();
    let pid = running.pid();
    row(
        "the same, every life looked at once for the first time",
        &format!(
            "{:.0} ms, the slowest {:.0} ms",
            all.as_secs_f64() * 1e3,
            slowest.as_secs_f64() * 1e3
        ),
        &format!(
            "a journal left by the kill is made sure of first; {} lives at once",
            players.len()
        ),
    );
    write_all(&players, STARTS).await?;
    first_plan(&players).await?;
    row(
        "the same, a voyage planned",
        &format!("{:.1} s after the server was ready", looked.elapsed().as_secs_f64()),
        "the chart of the seas is drawn meanwhile",
    );
    row(
        "game, memory with 128 lives in hand",
        &format!("{:.0} MiB of its own", process_mib(pid, "status", "RssAnon:")?),
        &format!(
            "aim 250 MiB; {:.0} MiB with the pages of its files, peak {:.0} MiB",
            process_mib(pid, "status", "VmRSS:")?,
            process_mib(pid, "status", "VmHWM:")?,
        ),
    );
    running.kill()?;
    fold(&players[SEATS])
}

fn fold(player: &Player) -> anyhow::Result<()> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let started = Instant::now();
        let life = Life::replay(&player.history)?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
        drop(life);
    }
    times.sort_unstable_by(f64::total_cmp);
    let moments = player.history.len();
    row(
        "fold of a life of ten years, its chain checked",
        &format!("{:.1} ms, median of {STARTS}", times[STARTS / 2]),
        &format!(
            "aim 100 ms; {moments} moments, {:.1} µs each",
            times[STARTS / 2] * 1e3 / moments as f64
        ),
    );
    Ok(())
}

struct Player {
    cookie: String,
    history: Vec<Moment>,
}

impl Player {
    /// How long a look at the life takes.
    async fn look(&self) -> anyhow::Result<Duration> {
        let mut wire = Wire::connect(House::ADDRESS, &self.cookie).await?;
        let started = Instant::now();
        let answer = wire.get("/api/v1/me").await?;
        anyhow::ensure!(answer.status == 200, "GET /me: {}", answer.status);
        Ok(started.elapsed())
    }
}

/// Of whoever lies in a harbour.
async fn first_plan(players: &[Player]) -> anyhow::Result<()> {
    for player in players {
        let mut wire = Wire::connect(House::ADDRESS, &player.cookie).await?;
        for to in ["ostia", "puteoli"] {
            let answer = wire.get(&format!("/api/v1/voyages/plan?to={to}")).await?;
            if answer.status == 200 {
                return Ok(());
            }
        }
    }
    anyhow::bail!("nobody can plan a voyage")
}

async fn write_all(players: &[Player], turn: usize) -> anyhow::Result<()> {
    let write = async |player: &Player| {
        let mut wire = Wire::connect(House::ADDRESS, &player.cookie).await?;
        let answer = wire.write(&format!("turn-{turn}"), "Superest.").await?;
        anyhow::ensure!(answer.status == 201, "POST /journal: {}", answer.status);
        Ok(())
    };
    try_join_all(players.iter().map(write)).await.map(drop)
}

/// Writes the last years of the world, which began at `start`, into the file of a seat.
fn live(file: &Path, start: i64, years: i64) -> anyhow::Result<Player> {
    let first = (YEARS - years) * YEAR_DAYS;
    let mut db = open_durable(file, PLAYER_FILE)?;
    let mut head = Vec::new();
    for fact in head_of(&db)? {
        head.push(match fact {
            Fact::Parameter(ParameterId::Start, _) => Fact::Parameter(ParameterId::Start, start),
            other => other,
        });
    }
    let mut story = Story { life: Life::default(), history: Vec::new() };
    story.tell(&head, start)?;
    let token = file.file_stem().and_then(|name| name.to_str()).context("no token")?;
    let mut secret = start.to_be_bytes().to_vec();
    secret.extend([7; 24]);
    let mut digest = Sha256::new();
    digest.update(b"otivm session 1\0");
    digest.update(&secret);
    let session = json!({ "hash": hex::encode(digest.finalize()) });
    let enrol = json!({"home": "ostia", "ship": "corbita_minor", "ship_name": "Isis",
        "purse_asses": 48_000, "language": "en"});
    let begin = [("enrol", enrol), ("session_opened", session.clone()), ("recovery_set", session)];
    for (name, value) in begin {
        story.tell(&[action(name, &value)?], start + (first + 1) * DAY_US)?;
    }
    for day in 1..=years * YEAR_DAYS + HOMECOMING_DAYS {
        story.day(day, start + (first + day + 1) * DAY_US)?;
    }
    replace(&mut db, &story.history)?;
    Ok(Player {
        cookie: format!("otivm_session={token}.{}", hex::encode(secret)),
        history: story.history,
    })
}

struct Story {
    life: Life,
    history: Vec<Moment>,
}

impl Story {
    fn tell(&mut self, facts: &[Fact], at: i64) -> anyhow::Result<()> {
        let key =
            format!("{:032x}", u128::from(self.life.state().moments) << 64 | 0x7468_6572_6f6e);
        let key = self.life.state().merchant.is_some().then_some(key.as_str());
        let moments = self.life.record(facts, key, At(at))?;
        self.life.commit(&moments)?;
        self.history.extend(moments);
        Ok(())
    }

    /// Trade and sail every fifteenth day, arrive ten days later and sell; write every day.
    fn day(&mut self, day: i64, at: i64) -> anyhow::Result<()> {
        let away = (day / VOYAGE_EVERY) % 2 == 1;
        let (here, there) = if away { ("puteoli", "ostia") } else { ("ostia", "puteoli") };
        match day % VOYAGE_EVERY {
            1 => {
                self.trade("buy", here, at)?;
                self.tell(&[depart(here, there, at)?], at)?;
            }
            11 => {
                let arrival = json!({"place": there, "wear_ppm": 900});
                let arrival = Fact::parse(Kind::Event, "arrive", &arrival.to_string())?;
                let moments = self.life.record(&[arrival], None, At(at))?;
                self.life.commit(&moments)?;
                self.history.extend(moments);
                self.trade("sell", there, at)?;
            }
            _ => {}
        }
        let text = format!("Dies {day}: ventus secundus, mare tranquillum, animus quietus.");
        self.tell(&[action("journal", &json!({ "text": text }))?], at)
    }

    fn trade(&mut self, side: &str, place: &str, at: i64) -> anyhow::Result<()> {
        for good in GOODS {
            let trade = json!({"side": side, "good": good, "units": 20, "place": place,
                "total_asses": 400, "toll_asses": 10, "base_milliasses": 20_000,
                "multiplier_permille": 1_000, "season_permille": 1_000, "window": at / DAY_US});
            self.tell(&[action("trade", &trade)?], at)?;
        }
        Ok(())
    }
}

fn action(name: &str, value: &serde_json::Value) -> anyhow::Result<Fact> {
    Ok(Fact::parse(Kind::Action, name, &value.to_string())?)
}

/// As long a way as the coast of Campania has bends.
fn depart(from: &str, to: &str, at: i64) -> anyhow::Result<Fact> {
    let path: Vec<[i32; 2]> = (0..40).map(|i| [12_300 + 47 * i, 41_750 - 24 * i]).collect();
    let departure = json!({"from": from, "to": to, "ship": "corbita_minor", "planned_us": 864_000_000_000_i64,
        "pace_permille": 1_000, "arrives_at": at + 10 * DAY_US, "distance_m": 220_000, "risk_permille": 4,
        "dues_asses": 8, "wages_asses": 60, "upkeep_asses": 20, "path": path, "seed": "07".repeat(16)});
    action("depart", &departure)
}

/// The parameters that the seat was made with.
fn head_of(db: &Connection) -> anyhow::Result<Vec<Fact>> {
    let sql = "SELECT name, value FROM moment WHERE kind = 'parameter' ORDER BY at";
    let mut statement = db.prepare(sql)?;
    let rows =
        statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| {
        let (name, value) = row?;
        Ok(Fact::parse(Kind::Parameter, &name, &value)?)
    })
    .collect()
}

/// Puts a history in the place of the one that is there: the guards against that are taken away meanwhile.
fn replace(db: &mut Connection, history: &[Moment]) -> anyhow::Result<()> {
    let guard = "moment_is_never_removed";
    let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
    let guarded: String = db.query_row(sql, [guard], |row| row.get(0))?;
    let transaction = db.transaction()?;
    transaction.execute_batch(&format!("DROP TRIGGER {guard}; DELETE FROM moment; {guarded};"))?;
    {
        let mut insert =
            transaction.prepare("INSERT INTO moment VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
        let bytes = |hash: &Hash| hash.as_bytes().to_vec();
        for Moment { at, kind, name, value, key, prev, hash } in history {
            let row = params![at.0, kind.as_str(), name, value, key, bytes(prev), bytes(hash)];
            insert.execute(row)?;
        }
    }
    Ok(transaction.commit()?)
}
