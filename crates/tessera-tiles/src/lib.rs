//! The release's map tiles: equal worlds give equal bytes.
//!
//! `world` is vector tiles, z0 to z7, with the layers `land`, `coast`, `lakes`,
//! `rivers` and `places`; `relief` is
//! elevation as pictures, z0 to z6. Only tiles that touch the world's box exist, and a tile with nothing
//! on it is no row: a reader takes its absence for open sea. The work is dealt out to two threads, which
//! changes the time it takes and nothing else: every job's tiles are put in their place afterwards.

pub mod clip;
#[cfg(test)]
mod decode;
pub mod dissolve;
mod encode;
pub mod lakes;
mod mercator;
mod relief;
pub mod simplify;
mod vector;

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};
use tessera_release::{TileAddress, Tileset};
use tessera_stage::staged::Staged;

/// A tile as the release keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    pub tileset: Tileset,
    pub at: TileAddress,
    pub data: Vec<u8>,
}

/// Zooms of vector tiles. At 7 a tile unit is 60 m in the Mediterranean, finer than Natural Earth's 1:10m.
pub const WORLD_ZOOM_MAX: u8 = 7;
/// Zooms of relief. At 6 a pixel is a quarter of the elevation's own step: more would add only bytes.
pub const RELIEF_ZOOM_MAX: u8 = 6;
/// The machine has other work while a release is made, and the tiles take seconds.
const THREADS: usize = 2;

#[derive(Debug, thiserror::Error)]
pub enum TileError {
    #[error("encoding vector tile {z}/{row}/{col}", z = at.z, row = at.row, col = at.col)]
    Vector { at: TileAddress, source: mvt::Error },
    #[error("compressing vector tile {z}/{row}/{col}", z = at.z, row = at.row, col = at.col)]
    Gzip { at: TileAddress, source: std::io::Error },
    #[error("encoding relief tile {z}/{row}/{col}", z = at.z, row = at.row, col = at.col)]
    Png { at: TileAddress, source: png::EncodingError },
}

/// What one thread does at a time: a column of tiles at one zoom, from its first row to its last.
struct Job<'a> {
    paint: Paint<'a>,
    col: u32,
    rows: std::ops::RangeInclusive<u32>,
}

#[derive(Clone, Copy)]
enum Paint<'a> {
    World(&'a vector::Sheet<'a>),
    Relief(&'a relief::Relief<'a>, u8),
}

impl Job<'_> {
    fn run(&self) -> Result<Vec<Tile>, TileError> {
        match self.paint {
            Paint::World(sheet) => sheet.column(self.col, self.rows.clone()),
            Paint::Relief(relief, z) => self
                .rows
                .clone()
                .map(|row| relief.tile(TileAddress { z, row, col: self.col }))
                .collect(),
        }
    }
}

/// All tiles of a world, by tileset, zoom, row and column; `tick` hears of tiles done and tiles in all,
/// from whichever thread has done them.
pub fn render(staged: &Staged, tick: &(dyn Fn(u64, u64) + Sync)) -> Result<Vec<Tile>, TileError> {
    let (lands, lakes) = lakes::apart(dissolve::dissolve(&staged.land));
    let sheets: Vec<vector::Sheet<'_>> =
        (0..=WORLD_ZOOM_MAX).map(|z| vector::Sheet::draw(staged, &lands, &lakes, z)).collect();
    let relief = (!staged.heights.is_empty()).then(|| relief::Relief::of(&staged.heights));
    let mut jobs = Vec::new();
    // The deepest zooms first: they are the longest, and two threads should end together.
    for sheet in sheets.iter().rev() {
        let (rows, cols) = mercator::tiles_of(staged.bbox, sheet.zoom());
        jobs.extend(cols.map(|col| Job { paint: Paint::World(sheet), col, rows: rows.clone() }));
    }
    if let Some(relief) = &relief {
        for z in (0..=RELIEF_ZOOM_MAX).rev() {
            let (rows, cols) = mercator::tiles_of(staged.bbox, z);
            jobs.extend(cols.map(|col| Job {
                paint: Paint::Relief(relief, z),
                col,
                rows: rows.clone(),
            }));
        }
    }
    let mut tiles = run_all(&jobs, tick)?;
    tiles.sort_by(|a, b| a.tileset.as_str().cmp(b.tileset.as_str()).then(a.at.cmp(&b.at)));
    Ok(tiles)
}

fn run_all(jobs: &[Job<'_>], tick: &(dyn Fn(u64, u64) + Sync)) -> Result<Vec<Tile>, TileError> {
    let total: u64 = jobs.iter().map(|job| job.rows.clone().count() as u64).sum();
    let (next, done) = (AtomicUsize::new(0), AtomicU64::new(0));
    let made: Mutex<Result<Vec<Tile>, TileError>> = Mutex::new(Ok(Vec::new()));
    let work = || {
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = job.run();
            // Whole results go in one step, so a lock that another thread left by a panic holds no half one.
            let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
            match (made.as_mut(), result) {
                (Ok(tiles), Ok(more)) => tiles.extend(more),
                (Ok(_), Err(error)) => *made = Err(error),
                (Err(_), _) => return,
            }
            drop(made);
            let rows = job.rows.clone().count() as u64;
            tick(done.fetch_add(rows, Ordering::Relaxed) + rows, total);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..THREADS {
            scope.spawn(work);
        }
        work();
    });
    made.into_inner().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
