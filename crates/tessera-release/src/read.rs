//! Reading a finished release. One value is one connection: cheap to open, used by one thread at a time.

use crate::{Error, RELEASE_FILE, TileAddress, Tileset, rows};
use std::path::{Path, PathBuf};
use tessera_grid::Resolution;
use tessera_world::{LayerInfo, Place, Provenance, ReleaseInfo, Source};
use theron_sqlite::rusqlite::{self, CachedStatement, Connection, OptionalExtension, Row, params};

/// Pages one reader keeps in memory, KiB: some dozens of readers must fit beside everything else.
const CACHE_KIB: i32 = 1024;

/// Statements one reader keeps prepared: as many as it has ways to ask.
const STATEMENTS_MAX: usize = 32;

pub struct Release {
    connection: Connection,
    path: PathBuf,
    info: ReleaseInfo,
}

impl Release {
    pub fn open(path: &Path) -> Result<Self, Error> {
        let connection = theron_sqlite::open_immutable(path, RELEASE_FILE)?;
        let info = read_info(&connection, path)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        connection
            .pragma_update(None, "cache_size", -CACHE_KIB)
            .map_err(|source| Error::Sqlite { path: path.to_owned(), source })?;
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

    /// The layers it has, by id.
    pub fn layers(&self) -> Result<Vec<LayerInfo>, Error> {
        self.all("SELECT id, zones, resolution FROM layer ORDER BY id", [], |row| {
            let resolution = Resolution::try_from(row.get::<_, u8>(2)?)
                .map_err(|refusal| rows::wrong(2, refusal))?;
            Ok(LayerInfo {
                id: row.get(0)?,
                zones: row.get::<_, i64>(1)?.cast_unsigned(),
                resolution,
            })
        })
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
        self.check_counts()
    }

    /// Whether it holds as much as it says.
    fn check_counts(&self) -> Result<(), Error> {
        let counted = |sql: &str| -> Result<u64, Error> {
            let found: Vec<i64> = self.all(sql, [], |row| row.get(0))?;
            Ok(found.into_iter().sum::<i64>().cast_unsigned())
        };
        let info = &self.info;
        let features = self.collections()?.iter().map(|collection| collection.features).sum();
        for (what, said, sql) in [
            ("zones", info.zones, "SELECT count(*) FROM cell"),
            ("places", info.places, "SELECT count(*) FROM place"),
            ("features", features, "SELECT count(*) FROM feature"),
            ("feature boxes", features, "SELECT count(*) FROM feature_box"),
        ] {
            let held = counted(sql)?;
            if held != said {
                let what = format!("it says {said} {what}, and holds {held}");
                return Err(Error::Broken { path: self.path.clone(), what });
            }
        }
        Ok(())
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn prepared(&self, sql: &str) -> Result<CachedStatement<'_>, Error> {
        self.connection.prepare_cached(sql).map_err(|e| self.within(e))
    }

    pub(crate) fn all<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl Fn(&Row<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql).map_err(|e| self.within(e))?;
        let found = statement.query_map(values, |row| read(row)).map_err(|e| self.within(e))?;
        found.collect::<Result<_, _>>().map_err(|e| self.within(e))
    }

    pub(crate) fn within(&self, source: rusqlite::Error) -> Error {
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
    let resolution = |key: &str| -> Result<Resolution, Error> {
        u8::try_from(number(key)?)
            .ok()
            .and_then(|raw| Resolution::try_from(raw).ok())
            .ok_or_else(|| broken(key))
    };
    Ok(ReleaseInfo {
        title: text("title")?.ok_or_else(|| broken("title"))?,
        epoch: text("epoch")?
            .and_then(|value| value.parse().ok())
            .ok_or_else(|| broken("epoch"))?,
        epochs: text("epochs")?
            .and_then(|value| serde_json::from_str(&value).ok())
            .ok_or_else(|| broken("epochs"))?,
        resolution: resolution("resolution")?,
        coarse_resolution: resolution("coarse_resolution")?,
        bbox: text("bbox")?
            .and_then(|value| serde_json::from_str(&value).ok())
            .ok_or_else(|| broken("bbox"))?,
        zones: number("zones")?,
        places: number("places")?,
    })
}
