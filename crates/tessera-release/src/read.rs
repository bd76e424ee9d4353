//! Reading a finished release. One value is one connection: cheap to open, used by one thread at a time.

use crate::{
    Error, RELEASE_FILE, TileAddress, Tileset,
    rows::{self, CELL_SELECT},
};
use std::path::{Path, PathBuf};
use tessera_grid::{BBox, Resolution, Zone, zone_ranges_in};
use tessera_world::{Cell, Place, Provenance, ReleaseInfo, Source};
use theron_sqlite::rusqlite::{self, Connection, OptionalExtension, Row, params};

/// How much coarser the zones are that an index scan of a bounding box steps through.
const SCAN_STEPS_COARSER: u8 = 3;

pub struct Release {
    connection: Connection,
    path: PathBuf,
    info: ReleaseInfo,
}

impl Release {
    pub fn open(path: &Path) -> Result<Self, Error> {
        let connection = theron_sqlite::open_immutable(path, RELEASE_FILE)?;
        let info = read_info(&connection, path)?;
        Ok(Self { connection, path: path.to_owned(), info })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn info(&self) -> &ReleaseInfo {
        &self.info
    }

    pub fn sources(&self) -> Result<Vec<Source>, Error> {
        self.all("SELECT * FROM source ORDER BY id", [], rows::source)
    }

    pub fn provenances(&self) -> Result<Vec<Provenance>, Error> {
        self.all("SELECT * FROM provenance ORDER BY id", [], rows::provenance)
    }

    pub fn cell(&self, zone: Zone) -> Result<Option<Cell>, Error> {
        let sql = format!("{CELL_SELECT} WHERE s.zone = ?1");
        Ok(self.all(&sql, [zone.to_i64()], rows::cell)?.pop())
    }

    /// Cells centred in `bbox` (all of them without one) after a zone, ascending, at most `limit`.
    pub fn cells(
        &self,
        bbox: Option<BBox>,
        after: Option<Zone>,
        limit: usize,
    ) -> Result<Vec<Cell>, Error> {
        let mut cells = Vec::new();
        let after = after.map_or(0, Zone::to_i64);
        let sql =
            format!("{CELL_SELECT} WHERE s.zone BETWEEN ?1 AND ?2 AND s.zone > ?3 ORDER BY s.zone");
        let mut statement = self.connection.prepare_cached(&sql).map_err(|e| self.within(e))?;
        for (first, last) in self.ranges(bbox) {
            if cells.len() >= limit {
                break;
            }
            if last < after {
                continue;
            }
            let mut found =
                statement.query(params![first, last, after]).map_err(|e| self.within(e))?;
            while cells.len() < limit
                && let Some(row) = found.next().map_err(|e| self.within(e))?
            {
                let cell = rows::cell(row).map_err(|e| self.within(e))?;
                if bbox.is_none_or(|bbox| bbox.contains(cell.zone.centre())) {
                    cells.push(cell);
                }
            }
        }
        Ok(cells)
    }

    /// How many cells are centred in `bbox`.
    pub fn count_cells(&self, bbox: Option<BBox>) -> Result<u64, Error> {
        match bbox {
            None => Ok(self.info.zones),
            Some(_) => Ok(self.zones(bbox)?.len() as u64),
        }
    }

    /// The zones of the cells centred in `bbox` (all of them without one), ascending.
    pub fn zones(&self, bbox: Option<BBox>) -> Result<Vec<Zone>, Error> {
        let mut zones = Vec::new();
        for (first, last) in self.ranges(bbox) {
            let found: Vec<i64> = self.all(
                "SELECT zone FROM surface WHERE zone BETWEEN ?1 AND ?2 ORDER BY zone",
                [first, last],
                |row| row.get(0),
            )?;
            let found = found.into_iter().filter_map(|raw| Zone::try_from(raw).ok());
            zones.extend(found.filter(|zone| bbox.is_none_or(|bbox| bbox.contains(zone.centre()))));
        }
        Ok(zones)
    }

    /// Calls `each` with every cell, ascending, holding one at a time.
    pub fn for_each_cell(&self, mut each: impl FnMut(Cell)) -> Result<(), Error> {
        let sql = format!("{CELL_SELECT} ORDER BY s.zone");
        let mut statement = self.connection.prepare(&sql).map_err(|e| self.within(e))?;
        let mut found = statement.query([]).map_err(|e| self.within(e))?;
        while let Some(row) = found.next().map_err(|e| self.within(e))? {
            each(rows::cell(row).map_err(|e| self.within(e))?);
        }
        Ok(())
    }

    /// All places by id; some hundreds to some tens of thousands.
    pub fn places(&self) -> Result<Vec<Place>, Error> {
        self.all("SELECT * FROM place ORDER BY id", [], rows::place)
    }

    pub fn place(&self, id: &str) -> Result<Option<Place>, Error> {
        Ok(self.all("SELECT * FROM place WHERE id = ?1", [id], rows::place)?.pop())
    }

    /// The bytes of a tile as they are served; `None` where the world has nothing to draw.
    pub fn tile(&self, tileset: Tileset, at: TileAddress) -> Result<Option<Vec<u8>>, Error> {
        let sql = "SELECT data FROM tile WHERE tileset = ?1 AND z = ?2 AND tile_row = ?3 AND tile_col = ?4";
        let mut statement = self.connection.prepare_cached(sql).map_err(|e| self.within(e))?;
        statement
            .query_row(params![tileset.as_str(), at.z, at.row, at.col], |row| row.get(0))
            .optional()
            .map_err(|e| self.within(e))
    }

    /// The finest level a tileset was drawn at; `None` without tiles.
    pub fn finest_tiles(&self, tileset: Tileset) -> Result<Option<u8>, Error> {
        let sql = "SELECT max(z) FROM tile WHERE tileset = ?1";
        Ok(self.all(sql, [tileset.as_str()], |row| row.get(0))?.pop().flatten())
    }

    /// Reads every page and every constraint; names what is wrong. Slow: for a file from outside.
    pub fn check(&self) -> Result<(), Error> {
        let verdict: Vec<String> = self.all("PRAGMA integrity_check", [], |row| row.get(0))?;
        if verdict != ["ok"] {
            return Err(Error::Broken { path: self.path.clone(), what: verdict.join("; ") });
        }
        let counts: (i64, i64) = self
            .connection
            .query_row(
                "SELECT (SELECT count(*) FROM surface), (SELECT count(*) FROM place)",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map_err(|e| self.within(e))?;
        if (counts.0.cast_unsigned(), counts.1.cast_unsigned())
            != (self.info.zones, self.info.places)
        {
            let what = format!(
                "it says {} zones and {} places, and holds {} and {}",
                self.info.zones, self.info.places, counts.0, counts.1
            );
            return Err(Error::Broken { path: self.path.clone(), what });
        }
        Ok(())
    }

    fn ranges(&self, bbox: Option<BBox>) -> Vec<(i64, i64)> {
        let Some(bbox) = bbox else { return vec![(0, i64::MAX)] };
        let resolution = self.info.resolution;
        let coarse = Resolution::try_from(u8::from(resolution).saturating_sub(SCAN_STEPS_COARSER))
            .unwrap_or(resolution);
        zone_ranges_in(bbox, coarse, resolution)
            .into_iter()
            .map(|(first, last)| (first.to_i64(), last.to_i64()))
            .collect()
    }

    fn all<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl Fn(&Row<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql).map_err(|e| self.within(e))?;
        let found = statement.query_map(values, |row| read(row)).map_err(|e| self.within(e))?;
        found.collect::<Result<_, _>>().map_err(|e| self.within(e))
    }

    fn within(&self, source: rusqlite::Error) -> Error {
        Error::Sqlite { path: self.path.clone(), source }
    }
}

fn read_info(connection: &Connection, path: &Path) -> Result<ReleaseInfo, Error> {
    let text = |key: &str| -> Result<Option<String>, Error> {
        connection
            .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
            .optional()
            .map_err(|source| Error::Sqlite { path: path.to_owned(), source })
    };
    if text("finished")?.is_none() {
        return Err(Error::Unfinished { path: path.to_owned() });
    }
    let broken = |key: &str| Error::Broken {
        path: path.to_owned(),
        what: format!("meta {key:?} is missing or wrong"),
    };
    let number = |key: &str| -> Result<u64, Error> {
        text(key)?.and_then(|value| value.parse().ok()).ok_or_else(|| broken(key))
    };
    Ok(ReleaseInfo {
        title: text("title")?.ok_or_else(|| broken("title"))?,
        epoch: text("epoch")?
            .and_then(|value| value.parse().ok())
            .ok_or_else(|| broken("epoch"))?,
        resolution: u8::try_from(number("resolution")?)
            .ok()
            .and_then(|raw| Resolution::try_from(raw).ok())
            .ok_or_else(|| broken("resolution"))?,
        bbox: text("bbox")?
            .and_then(|value| serde_json::from_str(&value).ok())
            .ok_or_else(|| broken("bbox"))?,
        zones: number("zones")?,
        places: number("places")?,
    })
}
