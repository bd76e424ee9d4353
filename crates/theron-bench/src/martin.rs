//! Martin beside the store: the same vector tiles, asked for by the same load generator on the same machine.

use crate::{
    floor::{self, await_listening},
    lone::LoneStore,
    machine::{Processors, process_cpu_s, process_mib, row},
    oha::{Figure, Lists, Load, Oha, Pace},
    stack::Stack,
};
use anyhow::{Context, bail};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tessera_release::{Release, TileAddress};
use theron_mesh::Credentials;
use theron_sqlite::rusqlite::Connection;
use tokio::process::{Child, Command};

const ADDRESS: &str = "127.0.0.1:3590";
const FLOOR: &str = "127.0.0.1:3591";
/// Zones asked for, spread over the world, in an order that no cache likes.
const ZONES: usize = 20_000;
const STRIDE: usize = 7_919;
/// Odd, so that one is in the middle.
const ROUNDS: usize = 3;
/// The load at which a person still expects an answer at once.
const SHARE_OF_PEAK: f64 = 0.7;

/// One kind of call at one door.
struct Call<'a> {
    what: String,
    urls: PathBuf,
    credentials: Option<&'a Credentials>,
    pid: u32,
}

/// What one round of a call came to.
struct Round {
    figure: Figure,
    /// Of the server, a call.
    cpu_us: f64,
}

impl Call<'_> {
    /// As fast as it goes.
    async fn round(&self, oha: &Oha) -> anyhow::Result<Round> {
        let before = process_cpu_s(self.pid)?;
        let load = Load { urls: &self.urls, credentials: self.credentials, pace: Pace::Unpaced };
        let figure = oha.run(&load).await?;
        let used = process_cpu_s(self.pid)? - before;
        let cpu_us = 1e6 * used / figure.calls.max(1.0);
        Ok(Round { figure, cpu_us })
    }
}

/// Of each call the round in the middle, and the processor time in the middle; in turn, so that what else the
/// machine does falls on all of them.
async fn in_turn(calls: &[Call<'_>], oha: &Oha) -> anyhow::Result<Vec<Round>> {
    let mut rounds: Vec<Vec<Round>> = calls.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for (call, rounds) in calls.iter().zip(&mut rounds) {
            rounds.push(call.round(oha).await?);
        }
    }
    Ok(rounds.into_iter().filter_map(middle).collect())
}

fn middle(mut rounds: Vec<Round>) -> Option<Round> {
    let at = rounds.len() / 2;
    rounds.sort_by(|a, b| a.cpu_us.total_cmp(&b.cpu_us));
    let cpu_us = rounds.get(at)?.cpu_us;
    rounds.sort_by(|a, b| a.figure.per_second.total_cmp(&b.figure.per_second));
    Some(Round { cpu_us, ..rounds.swap_remove(at) })
}

pub(crate) async fn measure(
    stack: &Stack,
    store: &LoneStore,
    release: &Path,
    peers: &Path,
    data_dir: &Path,
    each: Duration,
) -> anyhow::Result<()> {
    let lists = Lists { folder: data_dir.to_owned() };
    let mbtiles = data_dir.join("world.mbtiles");
    let tiles = export(release, &mbtiles)?;
    let zones = zones_of(&Release::open(release)?)?;
    let martin = start(&peers.join("bin/martin"), &mbtiles).await?;
    let floor = floor::start(FLOOR, &middle_tile(&mbtiles)?).await?;
    let call =
        |what: &str, urls, credentials, pid| Call { what: what.to_owned(), urls, credentials, pid };
    let bare = lists.write("floor", std::iter::once(format!("http://{FLOOR}/")))?;
    let urls = lists
        .write("martin", tiles.iter().map(|t| format!("http://{ADDRESS}/world/{}", xyz(*t))))?;
    let mut calls = vec![
        call(
            "a thread a connection, one tile made beforehand, no TLS",
            bare,
            None,
            floor.id().context("the bare server has ended")?,
        ),
        call(
            "martin, the same tiles, no TLS, its defaults",
            urls,
            None,
            martin.id().context("martin has ended")?,
        ),
    ];
    for (what, path) in [
        ("tiles", tiles.iter().map(|t| format!("tiles/world/{}", rows(*t))).collect::<Vec<_>>()),
        ("zone reads", zones.iter().map(|zone| format!("zones/{zone}")).collect()),
    ] {
        for (how, base, credentials) in [
            ("no TLS", LoneStore::PLAIN, None),
            ("mutual TLS", LoneStore::MESH, Some(stack.status.credentials())),
        ] {
            let address = |path: &String| format!("{base}/releases/{}/{path}", store.release);
            let urls = lists.write(&format!("{what}-{how}"), path.iter().map(address))?;
            calls.push(call(&format!("store, {what}, {how}"), urls, credentials, store.pid()?));
        }
    }
    for (how, servers, generator) in [
        ("all on every core", Processors::All, Processors::All),
        ("server and load on cores of their own", Processors::FirstHalf, Processors::SecondHalf),
    ] {
        for call in &calls {
            servers.take(call.pid)?;
        }
        let oha = Oha { program: peers.join("bin/oha"), each, on: generator };
        beside(&calls, how, &oha).await?;
    }
    Ok(())
}

/// Each at its peak beside the bare server and the peer, and at the load at which an answer still comes at once.
async fn beside(calls: &[Call<'_>], how: &str, oha: &Oha) -> anyhow::Result<()> {
    let rounds = in_turn(calls, oha).await?;
    let [floor, peer, ..] = rounds.as_slice() else { bail!("the peers were not measured") };
    for (call, Round { figure, cpu_us }) in calls.iter().zip(&rounds) {
        row(
            &format!("{}, 16 connections, {how}", call.what),
            &figure.text(),
            &format!(
                "{cpu_us:.1} CPU µs a call, {:.0} MiB; {:.2} times the bare server, {:.2} times martin (aim 1.5), who \
                 takes {:.2} times the processor; the middle of {ROUNDS} rounds in turn",
                process_mib(call.pid, "smaps_rollup", "Pss:")?,
                figure.per_second / floor.figure.per_second,
                figure.per_second / peer.figure.per_second,
                peer.cpu_us / cpu_us,
            ),
        );
    }
    for (call, Round { figure, .. }) in calls.iter().zip(&rounds) {
        let calm =
            oha.calm(&call.urls, call.credentials, SHARE_OF_PEAK * figure.per_second).await?;
        row(&format!("{}, at 70 % of peak, {how}", call.what), &calm, "aim p99 5 ms");
    }
    Ok(())
}

fn xyz(at: TileAddress) -> String {
    format!("{}/{}/{}", at.z, at.col, at.row)
}

fn rows(at: TileAddress) -> String {
    format!("{}/{}/{}", at.z, at.row, at.col)
}

/// The vector tiles as MBTiles 1.3, whose rows count from the south; and where they are.
#[expect(clippy::disallowed_methods, reason = "the file is the peer's, made by the peer's format")]
fn export(release: &Path, to: &Path) -> anyhow::Result<Vec<TileAddress>> {
    let file = Connection::open(to)?;
    file.execute("ATTACH ?1 AS release", [release.to_string_lossy()])?;
    file.execute_batch(
        "CREATE TABLE metadata (name TEXT, value TEXT);
         CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);
         CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);
         INSERT INTO metadata VALUES ('name', 'world'), ('format', 'pbf'), ('json', '{\"vector_layers\":[]}');
         INSERT INTO tiles SELECT z, tile_col, (1 << z) - 1 - tile_row, data
           FROM release.tile WHERE tileset = 'world' ORDER BY z, tile_col, tile_row;",
    )?;
    let mut every = file.prepare(
        "SELECT z, tile_row, tile_col FROM release.tile WHERE tileset = 'world' ORDER BY 1, 2, 3",
    )?;
    let tiles = every
        .query_map([], |found| {
            Ok(TileAddress { z: found.get(0)?, row: found.get(1)?, col: found.get(2)? })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    if tiles.is_empty() {
        bail!("the release holds no vector tile");
    }
    Ok(tiles)
}

/// A tile of which half of all are smaller, in a file of its own beside them.
#[expect(clippy::disallowed_methods, reason = "the file is the peer's, made by the peer's format")]
fn middle_tile(mbtiles: &Path) -> anyhow::Result<PathBuf> {
    let file = Connection::open(mbtiles)?;
    let middle = "SELECT tile_data FROM tiles ORDER BY length(tile_data)
                  LIMIT 1 OFFSET (SELECT count(*) / 2 FROM tiles)";
    let tile: Vec<u8> = file.query_row(middle, [], |found| found.get(0))?;
    let alone = mbtiles.with_file_name("tile.bin");
    std::fs::write(&alone, tile)?;
    Ok(alone)
}

fn zones_of(release: &Release) -> anyhow::Result<Vec<String>> {
    let zones = release.zones(None)?;
    let chosen = (0..ZONES).filter_map(|i| zones.get(i * STRIDE % zones.len().max(1)));
    Ok(chosen.map(ToString::to_string).collect())
}

async fn start(program: &Path, mbtiles: &Path) -> anyhow::Result<Child> {
    let mut martin = Command::new(program)
        .arg(mbtiles)
        .args(["--listen-addresses", ADDRESS])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("starting martin")?;
    await_listening("martin", ADDRESS, &mut martin).await?;
    Ok(martin)
}
