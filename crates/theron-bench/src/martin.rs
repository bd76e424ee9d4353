//! Martin beside the store: the same vector tiles, asked for by the same load generator on the same machine.

use crate::{
    lone::LoneStore,
    machine::{process_mib, row},
    oha::{Load, Oha},
    stack::Stack,
};
use anyhow::{Context, bail};
use std::{
    fmt::Write,
    net::TcpStream,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use tessera_release::{Release, TileAddress};
use theron_sqlite::rusqlite::Connection;
use tokio::process::{Child, Command};

const ADDRESS: &str = "127.0.0.1:3590";
const READY_WITHIN: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);
/// Zones asked for, spread over the world, in an order that no cache likes.
const ZONES: usize = 20_000;
const STRIDE: usize = 7_919;
/// The load at which a person still expects an answer at once.
const SHARE_OF_PEAK: f64 = 0.7;

pub(crate) async fn measure(
    stack: &Stack,
    release: &Path,
    peers: &Path,
    data_dir: &Path,
    each: Duration,
) -> anyhow::Result<()> {
    let oha = Oha { program: peers.join("bin/oha"), each };
    let store = LoneStore::start(stack, release, &data_dir.join("lone")).await?;
    let lists = Lists { folder: data_dir.to_owned() };
    let mbtiles = data_dir.join("world.mbtiles");
    let tiles = export(release, &mbtiles)?;
    let zones = zones_of(&Release::open(release)?)?;

    let martin = start(&peers.join("bin/martin"), &mbtiles).await?;
    let urls = lists
        .write("martin", tiles.iter().map(|t| format!("http://{ADDRESS}/world/{}", xyz(*t))))?;
    let peer = oha.run(&Load { urls: &urls, credentials: None, rate: None }).await?;
    let peer_mib = process_mib(martin.id().context("martin has ended")?, "smaps_rollup", "Pss:")?;
    drop(martin);
    row(
        "martin, the same tiles, no TLS",
        &peer.text(),
        &format!("{peer_mib:.0} MiB, its defaults"),
    );

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
            let peak = oha.run(&Load { urls: &urls, credentials, rate: None }).await?;
            let ratio = peak.per_second / peer.per_second;
            row(
                &format!("store, {what}, {how}, 16 connections"),
                &peak.text(),
                &format!("{ratio:.2} times martin; aim 1.5"),
            );
            let rate = Some(SHARE_OF_PEAK * peak.per_second);
            let calm = oha.run(&Load { urls: &urls, credentials, rate }).await?;
            row(&format!("the same at 70 % of peak, {how}"), &calm.text(), "aim p99 5 ms");
        }
    }
    store.report_memory()
}

/// Lists of addresses that `oha` reads.
struct Lists {
    folder: PathBuf,
}

impl Lists {
    fn write(&self, name: &str, urls: impl Iterator<Item = String>) -> anyhow::Result<PathBuf> {
        let path = self.folder.join(format!("urls-{}.txt", name.replace(' ', "-")));
        let mut text = String::new();
        for url in urls {
            writeln!(text, "{url}")?;
        }
        std::fs::write(&path, text)?;
        Ok(path)
    }
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
    let started = Instant::now();
    while TcpStream::connect(ADDRESS).is_err() {
        if let Some(ended) = martin.try_wait()? {
            bail!("martin ended ({ended}); run it by hand to see why");
        }
        if started.elapsed() > READY_WITHIN {
            bail!("martin does not listen after {} s", READY_WITHIN.as_secs());
        }
        tokio::time::sleep(POLL).await;
    }
    Ok(martin)
}
