//! Martin beside the store: the same vector tiles, asked for by the same load generator on the same machine.

use crate::{
    floor::{self, await_listening},
    lone::LoneStore,
    machine::{process_cpu_s, process_mib, row},
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
struct Case<'a> {
    what: String,
    urls: PathBuf,
    credentials: Option<&'a Credentials>,
    pid: u32,
    rounds: Vec<Figure>,
    cpu_us: Vec<f64>,
}

impl Case<'_> {
    /// One round, as fast as it goes.
    async fn round(&mut self, oha: &Oha) -> anyhow::Result<()> {
        let before = process_cpu_s(self.pid)?;
        let load = Load { urls: &self.urls, credentials: self.credentials, pace: Pace::Unpaced };
        let figure = oha.run(&load).await?;
        let used = process_cpu_s(self.pid)? - before;
        self.cpu_us.push(1e6 * used / figure.calls.max(1.0));
        self.rounds.push(figure);
        Ok(())
    }

    /// The round in the middle, and the processor time of a call in the middle.
    fn middle(mut self) -> anyhow::Result<Middle> {
        self.rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        self.cpu_us.sort_by(f64::total_cmp);
        if self.rounds.is_empty() {
            bail!("{} was not measured", self.what);
        }
        let at = self.rounds.len() / 2;
        Ok(Middle { figure: self.rounds.swap_remove(at), cpu_us: self.cpu_us.swap_remove(at) })
    }
}

struct Middle {
    figure: Figure,
    cpu_us: f64,
}

pub(crate) async fn measure(
    stack: &Stack,
    store: &LoneStore,
    release: &Path,
    peers: &Path,
    data_dir: &Path,
    each: Duration,
) -> anyhow::Result<()> {
    let oha = Oha { program: peers.join("bin/oha"), each };
    let lists = Lists { folder: data_dir.to_owned() };
    let mbtiles = data_dir.join("world.mbtiles");
    let tiles = export(release, &mbtiles)?;
    let zones = zones_of(&Release::open(release)?)?;
    let martin = start(&peers.join("bin/martin"), &mbtiles).await?;
    let martin_pid = martin.id().context("martin has ended")?;
    let case = |what: &str, urls, credentials, pid| Case {
        what: what.to_owned(),
        urls,
        credentials,
        pid,
        rounds: Vec::new(),
        cpu_us: Vec::new(),
    };
    let floor = floor::start(FLOOR, &middle_tile(&mbtiles)?).await?;
    let floor_pid = floor.id().context("the bare server has ended")?;
    let bare = lists.write("floor", std::iter::once(format!("http://{FLOOR}/")))?;
    let urls = lists
        .write("martin", tiles.iter().map(|t| format!("http://{ADDRESS}/world/{}", xyz(*t))))?;
    let mut cases =
        vec![case("floor", bare, None, floor_pid), case("martin", urls, None, martin_pid)];
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
            cases.push(case(&format!("store, {what}, {how}"), urls, credentials, store.pid()?));
        }
    }
    // In turn, so that what else the machine does falls on all of them.
    for _ in 0..ROUNDS {
        for case in &mut cases {
            case.round(&oha).await?;
        }
    }
    let mut cases = cases.into_iter();
    let bare = floor_of(cases.next().context("the floor was not measured")?, &oha).await?;
    drop(floor);
    let peer = cases.next().context("the peer was not measured")?.middle()?;
    row(
        "martin, the same tiles, no TLS, 16 connections",
        &peer.figure.text(),
        &format!(
            "{:.2} times the bare server; {:.0} CPU µs a call, {:.0} MiB, its defaults; the middle of {ROUNDS} \
             rounds in turn",
            peer.figure.per_second / bare.per_second,
            peer.cpu_us,
            process_mib(martin_pid, "smaps_rollup", "Pss:")?
        ),
    );
    drop(martin);
    for case in cases {
        beside(&peer, case, &oha).await?;
    }
    Ok(())
}

/// What the machine gives any server, at its peak and at the load at which an answer still comes at once.
async fn floor_of(case: Case<'_>, oha: &Oha) -> anyhow::Result<Figure> {
    let urls = case.urls.clone();
    let Middle { figure, cpu_us } = case.middle()?;
    row(
        "a thread a connection, one tile made beforehand, no TLS, 16 connections",
        &figure.text(),
        &format!("{cpu_us:.0} CPU µs a call: what any server has to pay the kernel here"),
    );
    let calm = oha.calm(&urls, None, SHARE_OF_PEAK * figure.per_second).await?;
    row("the same at 70 % of peak", &calm, "the machine's own");
    Ok(figure)
}

/// A case of ours at its peak beside the peer, and at the load at which an answer still comes at once.
async fn beside(peer: &Middle, case: Case<'_>, oha: &Oha) -> anyhow::Result<()> {
    let (what, urls, credentials) = (case.what.clone(), case.urls.clone(), case.credentials);
    let Middle { figure, cpu_us } = case.middle()?;
    row(
        &format!("{what}, 16 connections"),
        &figure.text(),
        &format!(
            "{:.2} times martin, aim 1.5; {cpu_us:.0} CPU µs a call, martin {:.2} times that",
            figure.per_second / peer.figure.per_second,
            peer.cpu_us / cpu_us
        ),
    );
    let calm = oha.calm(&urls, credentials, SHARE_OF_PEAK * figure.per_second).await?;
    row(&format!("{what}, at 70 % of peak"), &calm, "aim p99 5 ms");
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
