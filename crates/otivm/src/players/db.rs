//! One player's file: append-only, one writer. SQL stays here; moments go in and come out.
//!
//! A commit that returned is on the disk (synchronous=FULL). One file a player rather than one
//! table for all, so that a life can be restored, exported or erased alone.

use otivm_rules::{At, Kind, Moment, hash::Hash};
use std::path::{Path, PathBuf};
use theron_sqlite::{
    FileKind,
    rusqlite::{self, Connection, Row, params},
};

/// `OTIV`.
pub(crate) const PLAYER_FILE: FileKind =
    FileKind { application_id: 0x4F54_4956, version: 1, name: "a player database" };
pub(super) const SCHEMA: &str = include_str!("schema.sql");
const COLUMNS: &str = "at, kind, name, value, key, prev, hash";

pub(crate) struct PlayerDb {
    connection: Connection,
    path: PathBuf,
    had_wal: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error(transparent)]
    File(#[from] theron_sqlite::Error),
    #[error("{path}: {transaction}")]
    Sqlite {
        path: PathBuf,
        transaction: &'static str,
        #[source]
        source: rusqlite::Error,
    },
}

impl DbError {
    /// There was no room, so nothing was written.
    pub(super) fn is_disk_full(&self) -> bool {
        let Self::Sqlite { source, .. } = self else { return false };
        source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
    }
}

impl PlayerDb {
    pub(crate) fn create(path: &Path) -> Result<Self, DbError> {
        Self::of(theron_sqlite::create_durable(path, PLAYER_FILE, SCHEMA)?, path).of_its_writer()
    }

    pub(crate) fn open(path: &Path) -> Result<Self, DbError> {
        let had_wal = std::fs::metadata(wal_of(path)).is_ok_and(|wal| wal.len() > 0);
        let connection = theron_sqlite::open_durable(path, PLAYER_FILE)?;
        Self { had_wal, ..Self::of(connection, path) }.of_its_writer()
    }

    /// What is written here is of the types that the CHECKs of the schema ask for, and to ask again, with a table
    /// of the three kinds made for it, was a quarter of each insert. They stand in the file for everyone else.
    fn of_its_writer(self) -> Result<Self, DbError> {
        self.connection.pragma_update(None, "ignore_check_constraints", true).map_err(
            |source| DbError::Sqlite {
                path: self.path.clone(),
                transaction: "opening for writing",
                source,
            },
        )?;
        Ok(self)
    }

    fn of(connection: Connection, path: &Path) -> Self {
        Self { connection, path: path.to_owned(), had_wal: false }
    }

    /// For who only looks: a copy that was handed on stays as it is.
    pub(crate) fn open_as_found(path: &Path) -> Result<Self, DbError> {
        Ok(Self::of(theron_sqlite::open_as_found(path, PLAYER_FILE)?, path))
    }

    /// A file that came from outside and that nobody writes: no journal beside it counts, and nothing that stands
    /// in its schema is run.
    pub(crate) fn open_from_outside(path: &Path) -> Result<Self, DbError> {
        let connection = theron_sqlite::open_immutable(path, PLAYER_FILE)?;
        let within = |source| DbError::Sqlite {
            path: path.to_owned(),
            transaction: "opening a file from outside",
            source,
        };
        connection.pragma_update(None, "trusted_schema", false).map_err(within)?;
        connection.pragma_update(None, "cell_size_check", true).map_err(within)?;
        Ok(Self::of(connection, path))
    }

    /// An empty history that is on no disk: what a desk holds whose file has gone.
    pub(super) fn nowhere(path: &Path) -> Result<Self, DbError> {
        let within = |source| DbError::Sqlite {
            path: path.to_owned(),
            transaction: "making an empty desk",
            source,
        };
        let connection = Connection::open_in_memory().map_err(within)?;
        connection.execute_batch(SCHEMA).map_err(within)?;
        Ok(Self::of(connection, path))
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where SQLite keeps what was written last.
    pub(super) fn wal(&self) -> PathBuf {
        wal_of(&self.path)
    }

    /// Whether something was left there by who had the file before.
    pub(super) fn had_wal(&self) -> bool {
        self.had_wal
    }

    /// All or nothing, and on the disk when it returns.
    pub(crate) fn append(&mut self, moments: &[Moment]) -> Result<(), DbError> {
        self.write(moments)?;
        self.commit()
    }

    /// Puts moments into the transaction that is open, or opens one. Everything read from here on has them.
    pub(super) fn write(&mut self, moments: &[Moment]) -> Result<(), DbError> {
        if !self.has_open() {
            self.run("BEGIN IMMEDIATE")?;
        }
        let within = |source| DbError::Sqlite {
            path: self.path.clone(),
            transaction: "appending moments",
            source,
        };
        let sql = "INSERT INTO moment VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let mut statement = self.connection.prepare_cached(sql).map_err(within)?;
        for moment in moments {
            let Moment { at, kind, name, value, key, prev, hash } = moment;
            let row = params![
                at.0,
                kind.as_str(),
                name,
                value,
                key,
                prev.as_bytes().as_slice(),
                hash.as_bytes().as_slice()
            ];
            statement.execute(row).map_err(within)?;
        }
        Ok(())
    }

    /// Whether a transaction is open.
    fn has_open(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// On the disk when it returns; nothing where no transaction is open.
    pub(super) fn commit(&mut self) -> Result<(), DbError> {
        if self.has_open() { self.run("COMMIT") } else { Ok(()) }
    }

    /// As if nothing had been written since the last commit.
    pub(super) fn roll_back(&mut self) -> Result<(), DbError> {
        if self.has_open() { self.run("ROLLBACK") } else { Ok(()) }
    }

    fn run(&self, sql: &'static str) -> Result<(), DbError> {
        let within = |source| DbError::Sqlite { path: self.path.clone(), transaction: sql, source };
        let mut statement = self.connection.prepare_cached(sql).map_err(within)?;
        statement.execute([]).map(drop).map_err(within)
    }

    /// The whole history, in order.
    pub(crate) fn history(&self) -> Result<Vec<Moment>, DbError> {
        self.select("reading the history", "ORDER BY at", params![])
    }

    /// The history up to a moment, that one included.
    pub(crate) fn history_to(&self, last: At) -> Result<Vec<Moment>, DbError> {
        self.select("reading a history", "WHERE at <= ?1 ORDER BY at", params![last.0])
    }

    pub(crate) fn after(&self, after: At, limit: usize) -> Result<Vec<Moment>, DbError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rest = "WHERE at > ?1 ORDER BY at LIMIT ?2";
        self.select("reading a page of moments", rest, params![after.0, limit])
    }

    /// As [`Self::after`], of one name.
    pub(crate) fn after_named(
        &self,
        after: At,
        name: &str,
        limit: usize,
    ) -> Result<Vec<Moment>, DbError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rest = "WHERE at > ?1 AND name = ?2 ORDER BY at LIMIT ?3";
        self.select("reading moments of a name", rest, params![after.0, name, limit])
    }

    /// What a call with this idempotency key led to; empty where there was none.
    pub(crate) fn of_key(&self, key: &str) -> Result<Vec<Moment>, DbError> {
        self.select("looking up a key", "WHERE key = ?1 ORDER BY at", [key])
    }

    /// As [`Self::of_key`], of either form of a key.
    pub(crate) fn of_keys(&self, forms: [&str; 2]) -> Result<Vec<Moment>, DbError> {
        self.select("looking up a key", "WHERE key IN (?1, ?2) ORDER BY at", forms)
    }

    /// Actions in `from..to`.
    pub(crate) fn actions(&self, from: At, to: At) -> Result<Vec<Moment>, DbError> {
        let rest = "WHERE at >= ?1 AND at < ?2 AND kind = 'action' ORDER BY at";
        self.select("reading a window", rest, params![from.0, to.0])
    }

    pub(crate) fn first(&self, limit: u16) -> Result<Vec<Moment>, DbError> {
        self.select("reading the head", "ORDER BY at LIMIT ?1", params![limit])
    }

    /// The last moments, in order.
    pub(crate) fn last(&self, limit: u16) -> Result<Vec<Moment>, DbError> {
        let mut moments =
            self.select("reading the end", "ORDER BY at DESC LIMIT ?1", params![limit])?;
        moments.reverse();
        Ok(moments)
    }

    /// The moments that say whether somebody sits here, from where, and with which phrase.
    pub(crate) fn seat_moments(&self) -> Result<Vec<Moment>, DbError> {
        let rest = "WHERE name IN ('enrol', 'import', 'recovery_set') ORDER BY at";
        self.select("reading who sits here", rest, params![])
    }

    fn select(
        &self,
        transaction: &'static str,
        rest: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Moment>, DbError> {
        let within = |source| DbError::Sqlite { path: self.path.clone(), transaction, source };
        let sql = format!("SELECT {COLUMNS} FROM moment {rest}");
        let mut statement = self.connection.prepare_cached(&sql).map_err(within)?;
        let found = statement.query_map(values, moment).map_err(within)?;
        found.collect::<Result<_, _>>().map_err(within)
    }

    /// Brings everything into the one file and lets go of it.
    pub(crate) fn close(self) -> Result<(), DbError> {
        let Self { connection, path, .. } = self;
        connection.close().map_err(|(_connection, source)| DbError::Sqlite {
            path,
            transaction: "closing",
            source,
        })
    }
}

fn wal_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn moment(row: &Row<'_>) -> Result<Moment, rusqlite::Error> {
    let kind: String = row.get(1)?;
    let unknown = || {
        let refusal = format!("there is no kind {kind:?}").into();
        rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, refusal)
    };
    Ok(Moment {
        at: At(row.get(0)?),
        kind: Kind::from_name(&kind).ok_or_else(unknown)?,
        name: row.get(2)?,
        value: row.get(3)?,
        key: row.get(4)?,
        prev: Hash::from(row.get::<_, [u8; 32]>(5)?),
        hash: Hash::from(row.get::<_, [u8; 32]>(6)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_writes_into_a_life_beside_us_is_held_to_every_check_of_its_schema() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seat.sqlite3");
        PlayerDb::create(&path).unwrap().close().unwrap();
        let beside = theron_sqlite::open_durable(&path, PLAYER_FILE).unwrap();
        let refused = |kind: &str, hash: &[u8]| {
            let sql = "INSERT INTO moment VALUES (1, ?1, 'rumor', '{}', NULL, ?2, ?2)";
            beside.execute(sql, params![kind, hash]).unwrap_err().to_string()
        };
        assert!(refused("gossip", &[0; 32]).contains("CHECK"), "{}", refused("gossip", &[0; 32]));
        assert!(refused("event", &[0; 31]).contains("CHECK"), "{}", refused("event", &[0; 31]));
    }
}
