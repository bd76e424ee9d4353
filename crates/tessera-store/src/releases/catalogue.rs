//! `store.sqlite3`: which releases were uploaded, and the history of what was current.

use jiff::Timestamp;
use std::path::Path;
use tessera_store_api::ReleaseSummary;
use tessera_world::{ReleaseId, ReleaseInfo};
use theron_sqlite::{
    FileKind,
    rusqlite::{Connection, Error, OptionalExtension, Row, params, types::Type},
};

/// `TESS`.
const KIND: FileKind =
    FileKind { application_id: 0x5445_5353, version: 1, name: "a store's table of releases" };
const SCHEMA: &str = include_str!("schema.sql");
const SELECT: &str = "SELECT id, sha256, bytes, info, uploaded_at,
  (SELECT promoted_at FROM promotion WHERE release = id ORDER BY n DESC LIMIT 1) FROM release";

pub(crate) struct Catalogue(Connection);

impl Catalogue {
    pub(crate) fn open(path: &Path) -> Result<Self, theron_sqlite::Error> {
        theron_sqlite::open_or_create_durable(path, KIND, SCHEMA).map(Self)
    }

    /// Newest upload first.
    pub(crate) fn releases(&self) -> Result<Vec<ReleaseSummary>, Error> {
        let sql = format!("{SELECT} ORDER BY uploaded_at DESC, id");
        let mut statement = self.0.prepare_cached(&sql)?;
        let known = statement.query_map([], summary)?;
        known.filter_map(Result::transpose).collect()
    }

    pub(crate) fn release(&self, id: &ReleaseId) -> Result<Option<ReleaseSummary>, Error> {
        let sql = format!("{SELECT} WHERE id = ?1");
        self.0
            .prepare_cached(&sql)?
            .query_row([id.as_str()], summary)
            .optional()
            .map(Option::flatten)
    }

    /// A second upload of a release that is known changes nothing.
    pub(crate) fn add(
        &self,
        id: &ReleaseId,
        sha256: &str,
        bytes: u64,
        info: &ReleaseInfo,
        now: Timestamp,
    ) -> Result<(), Error> {
        let info = serde_json::to_string(info)
            .map_err(|source| Error::ToSqlConversionFailure(source.into()))?;
        self.0.execute(
            "INSERT INTO release VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            params![id.as_str(), sha256, bytes.cast_signed(), info, now.as_microsecond()],
        )?;
        Ok(())
    }

    /// One commit: neither the release nor that it was ever current is known any more.
    pub(crate) fn forget(&self, id: &ReleaseId) -> Result<(), Error> {
        let transaction = self.0.unchecked_transaction()?;
        transaction.execute("DELETE FROM promotion WHERE release = ?1", [id.as_str()])?;
        transaction.execute("DELETE FROM release WHERE id = ?1", [id.as_str()])?;
        transaction.commit()
    }

    /// One commit: the release is current before it or after it.
    pub(crate) fn promote(&self, id: &ReleaseId, now: Timestamp) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO promotion (release, promoted_at) VALUES (?1, ?2)",
            params![id.as_str(), now.as_microsecond()],
        )?;
        Ok(())
    }

    /// Every release that was ever current, the last promotion first, each once.
    pub(crate) fn promoted(&self) -> Result<Vec<ReleaseId>, Error> {
        self.0
            .prepare_cached("SELECT release FROM promotion GROUP BY release ORDER BY max(n) DESC")?
            .query_map([], |row| id(row, 0))?
            .collect()
    }
}

/// `None` where the row was written for a format that is no longer read.
fn summary(row: &Row<'_>) -> Result<Option<ReleaseSummary>, Error> {
    let info: String = row.get(3)?;
    let Ok(info) = serde_json::from_str::<ReleaseInfo>(&info) else { return Ok(None) };
    let promoted_at: Option<i64> = row.get(5)?;
    Ok(Some(ReleaseSummary {
        id: id(row, 0)?,
        sha256: row.get(1)?,
        bytes: row.get::<_, i64>(2)?.cast_unsigned(),
        title: info.title,
        epoch: info.epoch,
        epochs: info.epochs,
        resolution: info.resolution.into(),
        bbox: info.bbox.into(),
        zones: info.zones,
        places: info.places,
        uploaded_at: time(4, row.get(4)?)?,
        promoted_at: promoted_at.map(|micros| time(5, micros)).transpose()?,
    }))
}

fn id(row: &Row<'_>, column: usize) -> Result<ReleaseId, Error> {
    row.get::<_, String>(column)?.parse().map_err(|source| wrong(column, source))
}

fn time(column: usize, micros: i64) -> Result<Timestamp, Error> {
    Timestamp::from_microsecond(micros).map_err(|source| wrong(column, source))
}

fn wrong(column: usize, source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, Box::new(source))
}
