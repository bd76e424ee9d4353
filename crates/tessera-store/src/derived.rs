//! `derived.sqlite3`: what the aggregation wrote, window by window, each once and in ascending order.
//!
//! A window's hash is of its canonical JSON, so writing equal content again is seen to be the same write.
//! Numbers may leave gaps: a window in which nobody played has nothing to derive.

use arc_swap::ArcSwapOption;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};
use tessera_store_api::{DerivedWindow, DerivedWindowError};
use tessera_world::ReleaseId;
use theron_sqlite::{
    FileKind,
    rusqlite::{self, Connection, OptionalExtension, Row, params},
};

/// `TESD`.
const KIND: FileKind =
    FileKind { application_id: 0x5445_5344, version: 1, name: "a store's derived windows" };
const SCHEMA: &str = "-- derived.sqlite3, format 1.
CREATE TABLE derived_window (
  n INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,   -- SHA-256 of body, hexadecimal
  body TEXT NOT NULL    -- canonical JSON
) STRICT;";

/// At the default rate a month of windows, five minutes each; older ones interest nobody who plays.
const WINDOWS_KEPT: i64 = 10_000;

#[derive(Debug, thiserror::Error)]
pub enum DerivedError {
    #[error(transparent)]
    File(#[from] theron_sqlite::Error),
    #[error("reading or writing the derived windows")]
    Sqlite(#[from] rusqlite::Error),
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum PutError {
    #[error("the window is not valid: {0}")]
    NotValid(#[from] DerivedWindowError),
    #[error("window {0} was written with other content, and a window is never changed")]
    AlreadyWritten(u64),
    #[error(
        "window {window} comes after window {last} was written; windows are written in ascending order"
    )]
    OutOfOrder { window: u64, last: u64 },
    #[error("window numbers end at {}", i64::MAX)]
    Number,
    #[error("writing a window as JSON")]
    Json(#[from] serde_json::Error),
    #[error("writing a window")]
    Sqlite(#[from] rusqlite::Error),
}

/// A window as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) hash: String,
    pub(crate) body: String,
}

pub(crate) struct Windows {
    connection: Mutex<Connection>,
    current: ArcSwapOption<Written>,
}

impl Windows {
    pub(crate) fn open(path: &Path) -> Result<Self, DerivedError> {
        let connection = theron_sqlite::open_or_create_durable(path, KIND, SCHEMA)?;
        let newest = connection
            .query_row("SELECT hash, body FROM derived_window ORDER BY n DESC LIMIT 1", [], written)
            .optional()?;
        Ok(Self {
            connection: Mutex::new(connection),
            current: ArcSwapOption::from(newest.map(Arc::new)),
        })
    }

    /// The newest window; in memory, because every game node asks for it again and again.
    pub(crate) fn current(&self) -> Option<Arc<Written>> {
        self.current.load_full()
    }

    pub(crate) fn get(&self, window: u64) -> Result<Option<Written>, rusqlite::Error> {
        let Ok(n) = i64::try_from(window) else { return Ok(None) };
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        find(&connection, n)
    }

    /// The releases that kept windows name.
    pub(crate) fn releases(&self) -> Result<BTreeSet<ReleaseId>, rusqlite::Error> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let mut named =
            connection.prepare_cached("SELECT DISTINCT body ->> 'release' FROM derived_window")?;
        let found = named.query_map([], |row| row.get::<_, String>(0))?;
        found.filter_map(|id| id.map(|id| id.parse().ok()).transpose()).collect()
    }

    /// Gives the window as it is kept, and whether it is new.
    pub(crate) fn put(&self, window: DerivedWindow) -> Result<(Arc<Written>, bool), PutError> {
        let number = window.window;
        let n = i64::try_from(number).map_err(|_sign| PutError::Number)?;
        let body = serde_json::to_string(&window.canonical()?)?;
        let hash = hex::encode(Sha256::digest(&body));
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction()?;
        if let Some(known) = find(&transaction, n)? {
            let same = known.hash == hash;
            return if same {
                Ok((Arc::new(known), false))
            } else {
                Err(PutError::AlreadyWritten(number))
            };
        }
        let last: Option<i64> =
            transaction.query_row("SELECT max(n) FROM derived_window", [], |row| row.get(0))?;
        if let Some(last) = last.filter(|last| n <= *last) {
            return Err(PutError::OutOfOrder { window: number, last: last.cast_unsigned() });
        }
        transaction
            .execute("INSERT INTO derived_window VALUES (?1, ?2, ?3)", params![n, hash, body])?;
        transaction.execute(
            "DELETE FROM derived_window WHERE n <=
               (SELECT n FROM derived_window ORDER BY n DESC LIMIT 1 OFFSET ?1)",
            [WINDOWS_KEPT],
        )?;
        transaction.commit()?;
        let written = Arc::new(Written { hash, body });
        self.current.store(Some(Arc::clone(&written)));
        Ok((written, true))
    }
}

fn find(connection: &Connection, n: i64) -> Result<Option<Written>, rusqlite::Error> {
    connection
        .query_row("SELECT hash, body FROM derived_window WHERE n = ?1", [n], written)
        .optional()
}

fn written(row: &Row<'_>) -> Result<Written, rusqlite::Error> {
    Ok(Written { hash: row.get(0)?, body: row.get(1)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn window(number: u64) -> DerivedWindow {
        DerivedWindow {
            window: number,
            nodes: vec![],
            from: Timestamp::from_second(0).unwrap(),
            to: Timestamp::from_second(1).unwrap(),
            prices: vec![],
            routes: vec![],
            release: "0123456789abcdef0123456789abcdef".parse().unwrap(),
        }
    }

    #[test]
    fn only_the_newest_ten_thousand_windows_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let windows = Windows::open(&folder.path().join("derived.sqlite3")).unwrap();
        {
            let connection = windows.connection.lock().unwrap();
            connection
                .execute_batch(
                    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 10000)
                     INSERT INTO derived_window SELECT n, 'h', 'b' FROM c",
                )
                .unwrap();
        }
        windows.put(window(10_002)).unwrap();
        assert_eq!(windows.get(1).unwrap(), None);
        assert_eq!(windows.get(2).unwrap().unwrap().hash, "h");
        let connection = windows.connection.lock().unwrap();
        let count: i64 = connection
            .query_row("SELECT count(*) FROM derived_window", [], |row| row.get(0))
            .unwrap();
        assert_eq!(count, WINDOWS_KEPT);
    }
}
