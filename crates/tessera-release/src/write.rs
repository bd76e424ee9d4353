//! Writing a release, once, from the first row to the last.

use crate::{Error, RELEASE_FILE, TileAddress, Tileset};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};
use tessera_grid::Zone;
use tessera_world::{Cell, Place, Provenance, ProvenanceId, ReleaseId, ReleaseInfo, Source, Wind};
use theron_sqlite::rusqlite::{Connection, ToSql, params, params_from_iter};

const SCHEMA: &str = include_str!("schema.sql");

/// A finished release on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseFile {
    pub path: PathBuf,
    pub id: ReleaseId,
    pub sha256: String,
    pub bytes: u64,
}

/// Takes rows in the order of their keys; nothing is a release before [`ReleaseWriter::finish`].
pub struct ReleaseWriter {
    connection: Connection,
    path: PathBuf,
    last_zone: Option<Zone>,
}

impl ReleaseWriter {
    /// Starts a release in a new file.
    pub fn create(path: &Path, info: &ReleaseInfo) -> Result<Self, Error> {
        if path.exists() {
            return Err(Error::File(theron_sqlite::Error::Exists(path.to_owned())));
        }
        let connection = theron_sqlite::create_immutable(path, RELEASE_FILE, SCHEMA)?;
        let writer = Self { connection, path: path.to_owned(), last_zone: None };
        writer.execute("BEGIN", &[])?;
        let [west, south, east, north]: [f64; 4] = info.bbox.into();
        for (key, value) in [
            ("bbox", json!([west, south, east, north]).to_string()),
            ("epoch", info.epoch.to_string()),
            ("places", info.places.to_string()),
            ("resolution", info.resolution.to_string()),
            ("title", info.title.clone()),
            ("zones", info.zones.to_string()),
        ] {
            writer.execute("INSERT INTO meta VALUES (?1, ?2)", &[&key, &value])?;
        }
        Ok(writer)
    }

    pub fn source(&mut self, source: &Source) -> Result<(), Error> {
        let Source { id, title, publisher, licence, attribution, edition, sha256 } = source;
        self.execute(
            "INSERT INTO source VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[id, title, publisher, licence, attribution, edition, sha256],
        )
    }

    pub fn provenance(&mut self, provenance: &Provenance) -> Result<(), Error> {
        self.execute(
            "INSERT INTO provenance VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            &[
                &provenance.id.0,
                &provenance.layer,
                &provenance.source,
                &provenance.licence,
                &provenance.certainty.as_str(),
                &provenance.method,
                &provenance.valid_from,
                &provenance.valid_to,
            ],
        )
    }

    /// One zone with all its layers; zones ascend.
    pub fn cell(&mut self, cell: &Cell) -> Result<(), Error> {
        if let Some(previous) = self.last_zone.filter(|last| *last >= cell.zone) {
            return Err(Error::Order { zone: cell.zone, previous });
        }
        self.last_zone = Some(cell.zone);
        let zone = cell.zone.to_i64();
        if let Some(t) = &cell.terrain {
            self.execute(
                "INSERT INTO terrain VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    zone,
                    t.elevation_mean_m,
                    t.elevation_min_m,
                    t.elevation_max_m,
                    t.slope_permille,
                    t.ruggedness_m,
                    t.provenance.0
                ],
            )?;
        }
        if let Some(s) = &cell.surface {
            self.execute(
                "INSERT INTO surface VALUES (?1, ?2, ?3, ?4)",
                params![zone, s.kind.as_str(), s.land_permille, s.provenance.0],
            )?;
        }
        if let Some(r) = &cell.river {
            self.execute(
                "INSERT INTO river VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    zone,
                    r.name,
                    r.upstream_km2,
                    r.navigable,
                    r.downstream.map(Zone::to_i64),
                    r.provenance.0
                ],
            )?;
        }
        if let Some(c) = &cell.climate {
            self.execute(
                "INSERT INTO climate VALUES (?1, ?2, ?3)",
                params![zone, c.koppen, c.provenance.0],
            )?;
        }
        if let Some(wind) = &cell.wind {
            self.wind(zone, wind)?;
        }
        Ok(())
    }

    fn wind(&self, zone: i64, wind: &Wind) -> Result<(), Error> {
        let ProvenanceId(provenance) = wind.provenance;
        let values = std::iter::once(zone)
            .chain(wind.months.iter().flat_map(|m| [i64::from(m.u_cm_s), i64::from(m.v_cm_s)]))
            .chain([i64::from(provenance)]);
        let sql = "INSERT INTO wind VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
        let mut statement =
            self.connection.prepare_cached(sql).map_err(|source| self.within(source))?;
        statement.execute(params_from_iter(values)).map_err(|source| self.within(source))?;
        Ok(())
    }

    pub fn place(&mut self, place: &Place) -> Result<(), Error> {
        self.execute(
            "INSERT INTO place VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17)",
            params![
                place.id,
                place.latin,
                place.modern,
                place.position.latitude(),
                place.position.longitude(),
                place.zone.to_i64(),
                place.water_zone.map(Zone::to_i64),
                place.province,
                place.harbour.as_str(),
                place.rank,
                place.population,
                place.certainty.as_str(),
                place.citation,
                place.valid_from,
                place.valid_to,
                place.note,
                place.provenance.0
            ],
        )
    }

    pub fn tile(&mut self, tileset: Tileset, at: TileAddress, data: &[u8]) -> Result<(), Error> {
        self.execute(
            "INSERT INTO tile VALUES (?1, ?2, ?3, ?4, ?5)",
            params![tileset.as_str(), at.z, at.row, at.col, data],
        )
    }

    /// Seals the file, brings it to the disk and names it by its content.
    pub fn finish(self) -> Result<ReleaseFile, Error> {
        self.execute("INSERT INTO meta VALUES ('finished', '1')", &[])?;
        self.execute("COMMIT", &[])?;
        let Self { connection, path, .. } = self;
        connection
            .close()
            .map_err(|(_connection, source)| Error::Sqlite { path: path.clone(), source })?;
        let io = |source| Error::Io { path: path.clone(), source };
        File::open(&path).and_then(|file| file.sync_all()).map_err(io)?;
        let (sha256, bytes) = checksum(&path).map_err(io)?;
        let id = ReleaseId::from_sha256(&sha256)
            .map_err(|refusal| Error::Broken { path: path.clone(), what: refusal.to_string() })?;
        Ok(ReleaseFile { path, id, sha256, bytes })
    }

    fn execute(&self, sql: &str, values: &[&dyn ToSql]) -> Result<(), Error> {
        let mut statement =
            self.connection.prepare_cached(sql).map_err(|source| self.within(source))?;
        statement.execute(values).map_err(|source| self.within(source))?;
        Ok(())
    }

    fn within(&self, source: theron_sqlite::rusqlite::Error) -> Error {
        Error::Sqlite { path: self.path.clone(), source }
    }
}

/// SHA-256 of a file, lower-case hexadecimal, and its length in bytes.
pub fn checksum(path: &Path) -> std::io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((hex::encode(hasher.finalize()), bytes));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}
