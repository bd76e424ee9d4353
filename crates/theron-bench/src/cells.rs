//! One raster to H3 cells, area-weighted: the stage's own walk, beside raster2dggs on the same file.
//!
//! Each side runs in a process of its own and says its processor seconds and its peak memory. The peer is
//! given a part of the box, for it would take an hour for the whole; its rate is per cell.

use crate::machine::row;
use anyhow::{Context, bail};
use clap::Args;
use rustix::time::{ClockId, clock_gettime};
use std::{
    collections::HashMap,
    fmt::Write,
    path::{Path, PathBuf},
    process::Command,
};
use tessera_formats::{Bounds, Grid, GridFormat, GridOptions};
use tessera_grid::{BBox, Resolution, zones_in};
use tessera_stage::{
    layers::climate::dominant,
    raster::Raster,
    scan::{Rows, of_each_zone},
};

const PEER: &str = include_str!("../peers/cells.py");
const WORLD: &str = "-12,4,82,60";
/// What the peer is given: southern Italy and the sea around it.
const PART: &str = "12,36,18,42";
/// Of that, the cells that are compared: at the edge the peer sees a part of a cell only.
const COMPARED_PART: &str = "12.5,36.5,17.5,41.5";
const RESOLUTIONS: [u8; 4] = [5, 6, 7, 8];
const COMPARED: u8 = 7;

/// `theron-bench cells …`: what one process does.
#[derive(Args)]
pub(crate) struct Task {
    #[arg(long)]
    raster: PathBuf,
    /// A variable of a netCDF file; without one the raster is a GeoTIFF
    #[arg(long)]
    variable: Option<String>,
    /// The GeoTIFF holds classes, not numbers
    #[arg(long)]
    classes: bool,
    #[arg(long)]
    resolution: u8,
    /// west,south,east,north
    #[arg(long, allow_hyphen_values = true)]
    bbox: String,
    /// Where each cell and its value is written, for a comparison
    #[arg(long)]
    values: Option<PathBuf>,
}

/// What a process says of itself: processor seconds, peak memory in MiB, cells.
struct Cost {
    cpu_s: f64,
    peak_mib: f64,
    cells: f64,
}

impl Cost {
    fn rate(&self) -> f64 {
        self.cells / self.cpu_s
    }

    fn read(line: &str) -> anyhow::Result<Self> {
        let numbers: Vec<f64> = line.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        match numbers[..] {
            [cpu_s, peak_mib, cells] => Ok(Self { cpu_s, peak_mib, cells }),
            _ => bail!("expected seconds, MiB and cells, found {line:?}"),
        }
    }
}

pub(crate) fn perform(task: &Task) -> anyhow::Result<()> {
    let resolution = Resolution::try_from(task.resolution)?;
    let [west, south, east, north] = corners(&task.bbox)?;
    let format = match &task.variable {
        Some(variable) => GridFormat::NetCdf { variable: variable.clone() },
        None => GridFormat::GeoTiff,
    };
    let mut grid = Grid::open(&task.raster, &format, &GridOptions::default())?;
    let bounds = Bounds { west, south, east, north };
    let zones = zones_in(BBox::new(west, south, east, north)?, resolution);
    let rows = Rows::for_resolution(resolution);
    let values: Vec<Option<f64>> = if task.classes {
        let window = grid.window::<u8>(0, bounds, 2)?.context("the raster misses the box")?;
        let raster = Raster::from(window);
        of_each_zone(&zones, rows, |_, spans| {
            dominant(&raster, rows, spans, |class| class != 0).map(|(class, _)| f64::from(class))
        })
    } else {
        let window = grid.window::<f32>(0, bounds, 2)?.context("the raster misses the box")?;
        let raster = Raster::from(window);
        of_each_zone(&zones, rows, |_, spans| {
            let (mut sum, mut weight) = (0.0, 0.0);
            raster.under(rows, spans, |node| {
                if !node.value.is_nan() {
                    sum += f64::from(node.value) * node.weight;
                    weight += node.weight;
                }
            });
            (weight > 0.0).then(|| sum / weight)
        })
    };
    if let Some(path) = &task.values {
        let mut text = String::new();
        for (zone, value) in zones.iter().zip(&values) {
            if let Some(value) = value {
                writeln!(text, "{zone},{value}")?;
            }
        }
        std::fs::write(path, text)?;
    }
    let used = clock_gettime(ClockId::ProcessCPUTime);
    let cpu_s = used.tv_sec as f64 + used.tv_nsec as f64 / 1e9;
    let peak_mib = crate::machine::process_mib(std::process::id(), "status", "VmHWM:")?;
    crate::machine::say(&format!("{cpu_s:.3} {peak_mib:.0} {}", zones.len()));
    Ok(())
}

fn corners(text: &str) -> anyhow::Result<[f64; 4]> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(str::parse).collect();
    let numbers = numbers.with_context(|| format!("{text:?} holds what is no number"))?;
    match numbers[..] {
        [west, south, east, north] => Ok([west, south, east, north]),
        _ => bail!("{text:?} is not west,south,east,north"),
    }
}

/// One raster, as both sides name it.
struct Subject {
    what: &'static str,
    raster: PathBuf,
    variable: Option<&'static str>,
    method: &'static str,
}

pub(crate) fn measure(sources: &Path, peers: &Path, data_dir: &Path) -> anyhow::Result<()> {
    let koppen = find(&peers.join("python"), "KG_simplified_uint8.tif")
        .context("the peers' folder holds no Köppen raster")?;
    let subjects = [
        Subject {
            what: "ETOPO5",
            raster: sources.join("etopo5/etopo5.cdf"),
            variable: Some("ROSE"),
            method: "weighted",
        },
        Subject { what: "Köppen at 1 km", raster: koppen, variable: None, method: "mode" },
    ];
    for subject in &subjects {
        for resolution in RESOLUTIONS {
            let ours = subject.ours(resolution)?;
            row(
                &format!("{} to H3 resolution {resolution}, the whole box", subject.what),
                &format!("{:.1} CPU s, peak {:.0} MiB", ours.cpu_s, ours.peak_mib),
                &format!("{:.0} cells a CPU second; aim 1,536 MiB", ours.rate()),
            );
        }
        let (own, other) = (data_dir.join("cells-ours.csv"), data_dir.join("cells-peer.csv"));
        let whole = subject.ours(COMPARED)?;
        let peer = subject.peer(peers, &other)?;
        subject.compared(&data_dir.join("cells-peer.csv.tif"), &own)?;
        let (common, worst, unequal) = differences(&own, &other)?;
        row(
            &format!("raster2dggs, {} to resolution {COMPARED}, {PART}", subject.what),
            &format!(
                "{:.1} CPU s, peak {:.0} MiB, {:.0} cells a CPU second",
                peer.cpu_s,
                peer.peak_mib,
                peer.rate()
            ),
            &format!(
                "ours {:.0} times as many, aim 5; of {common} cells on the same raster {unequal} differ by more \
                 than 1, largest difference {worst:.2}",
                whole.rate() / peer.rate()
            ),
        );
    }
    Ok(())
}

impl Subject {
    fn ours(&self, resolution: u8) -> anyhow::Result<Cost> {
        let mut task = task(&self.raster, WORLD, resolution)?;
        match self.variable {
            Some(variable) => task.args(["--variable", variable]),
            None => task.arg("--classes"),
        };
        said_by(task)
    }

    /// Our values on the part that the peer cut for itself: georeferenced alike to the last digit.
    fn compared(&self, part: &Path, values: &Path) -> anyhow::Result<Cost> {
        let mut task = task(part, COMPARED_PART, COMPARED)?;
        if self.variable.is_none() {
            task.arg("--classes");
        }
        task.arg("--values").arg(values);
        said_by(task)
    }

    fn peer(&self, peers: &Path, values: &Path) -> anyhow::Result<Cost> {
        let raster = match self.variable {
            Some(variable) => format!("NETCDF:{}:{variable}", self.raster.display()),
            None => self.raster.display().to_string(),
        };
        let mut task = Command::new(peers.join("python/bin/python"));
        task.args(["-c", PEER, &raster, &COMPARED.to_string(), self.method]);
        task.args(PART.split(',')).arg(values);
        said_by(task)
    }
}

fn task(raster: &Path, bbox: &str, resolution: u8) -> anyhow::Result<Command> {
    let mut task = Command::new(std::env::current_exe()?);
    task.args(["cells", "--bbox", bbox, "--resolution", &resolution.to_string(), "--raster"]);
    task.arg(raster);
    Ok(task)
}

fn said_by(mut task: Command) -> anyhow::Result<Cost> {
    let output = task.output().with_context(|| format!("starting {task:?}"))?;
    if !output.status.success() {
        bail!("{task:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Cost::read(text.lines().last().unwrap_or_default())
}

/// Cells that both have, the largest difference, and how many differ by more than one unit.
fn differences(ours: &Path, theirs: &Path) -> anyhow::Result<(usize, f64, usize)> {
    let read = |path: &Path| -> anyhow::Result<HashMap<String, f64>> {
        let text = std::fs::read_to_string(path)?;
        let pairs = text.lines().filter_map(|line| line.split_once(','));
        Ok(pairs.filter_map(|(cell, value)| Some((cell.to_owned(), value.parse().ok()?))).collect())
    };
    let (ours, theirs) = (read(ours)?, read(theirs)?);
    let gaps: Vec<f64> =
        ours.iter().filter_map(|(cell, value)| Some((value - theirs.get(cell)?).abs())).collect();
    let worst = gaps.iter().copied().fold(0.0, f64::max);
    Ok((gaps.len(), worst, gaps.iter().filter(|gap| **gap > 1.0).count()))
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).ok()?.flatten() {
            let path = entry.path();
            if entry.file_name() == name {
                return Some(path);
            }
            // Links lead out of the environment.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            }
        }
    }
    None
}
