//! What is dear to answer, all at once: data of zones below a zone, searches with filters, samples along shapes,
//! whole exports. Each call takes one of them at random.

use crate::{
    lone::LoneStore,
    machine::{Processors, process_cpu_s, row},
    oha::{Lists, Load, Oha, Pace},
};
use std::{path::Path, time::Duration};
use tessera_grid::Resolution;
use tessera_release::Release;

/// Zones at this resolution whose data is asked for.
const PARENTS: u8 = 4;
const PARENTS_MAX: usize = 400;
/// Of a hundred addresses so many are whole exports: they take seconds, and nobody asks for them all day.
const EXPORT_EVERY: usize = 100;
const FILTERS: [&str; 4] = [
    "elevation_mean_m%20%3E%202500",
    "koppen%20=%20'Csa'%20AND%20elevation_mean_m%20%3C%20100",
    "river_latin%20=%20'Tiberis'",
    "S_INTERSECTS(geometry,%20POLYGON((12%2041,13%2041,12.5%2042,12%2041)))",
];
const SHAPES: [&str; 4] = [
    "area?coords=POLYGON((12%2041,13%2041,13%2042,12%2042,12%2041))",
    "radius?coords=POINT(12.5%2041.9)&within=40&within-units=km",
    "trajectory?coords=LINESTRING(12.2%2041.7,20%2036,29.9%2031.2)",
    "position?coords=MULTIPOINT((12.29%2041.75),(29.9%2031.2))",
];

pub(crate) async fn measure(
    store: &LoneStore,
    release: &Path,
    peers: &Path,
    data_dir: &Path,
    each: Duration,
) -> anyhow::Result<()> {
    let oha = Oha { program: peers.join("bin/oha"), each, on: Processors::All };
    let paths = addresses(store, &Release::open(release)?)?;
    let lists = Lists { folder: data_dir.to_owned() };
    let urls =
        lists.write("dear", paths.iter().map(|path| format!("{}{path}", LoneStore::PLAIN)))?;
    let before = process_cpu_s(store.pid()?)?;
    let figure = oha.run(&Load { urls: &urls, credentials: None, pace: Pace::Unpaced }).await?;
    let used = process_cpu_s(store.pid()?)? - before;
    row(
        "store, what is dear at once: DGGS data, filters, EDR, exports, no TLS, 16 connections",
        &figure.text(),
        &format!("{:.1} CPU ms a call", 1e3 * used / figure.calls.max(1.0)),
    );
    Ok(())
}

fn addresses(store: &LoneStore, release: &Release) -> anyhow::Result<Vec<String>> {
    let resolution = Resolution::try_from(PARENTS)?;
    let mut parents: Vec<_> =
        release.zones(None)?.iter().filter_map(|zone| zone.ancestor(resolution)).collect();
    parents.dedup();
    let step = (parents.len() / PARENTS_MAX).max(1);
    let mut all: Vec<String> = parents
        .iter()
        .step_by(step)
        .map(|zone| format!("/dggs/H3/zones/{zone}/data?zone-depth=0-1"))
        .collect();
    for at in 0..all.len() {
        let (filter, shape) = (FILTERS[at % FILTERS.len()], SHAPES[at % SHAPES.len()]);
        all.push(format!("/collections/cells/items?limit=100&filter={filter}"));
        all.push(format!("/collections/cells/{shape}&parameter-name=elevation_mean_m,rain_mm"));
    }
    let exports = ["places", "roads", "rivers"].into_iter().cycle();
    for name in exports.take(all.len() / EXPORT_EVERY) {
        all.push(format!("/releases/{}/export/{name}.parquet", store.release));
    }
    Ok(all)
}
