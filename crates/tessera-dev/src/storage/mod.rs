//! Everything 1103 must not forget, in one durable file. Each method is one transaction: what it
//! returned from is on the disk, and a stop between two of them loses nothing and repeats nothing.
//!
//! Windows are derived in order without gaps from the first one on; at most the newest is unwritten.

mod read;
mod shared;

pub(crate) use shared::Storage;

use crate::derive::Memory;
use std::path::Path;
use tessera_dev_api::{RejectedRow, Share, ShareOutcome, WindowState};
use theron_sqlite::{
    FileKind, open_or_create_durable,
    rusqlite::{self, Connection, OptionalExtension, params},
};

/// "TDEV".
const KIND: FileKind =
    FileKind { application_id: 0x5444_4556, version: 1, name: "an aggregation database" };
/// Windows whose snapshots stay, for whoever asks why a price is what it is: a week at five minutes each.
const SHARES_KEPT_WINDOWS: i64 = 2_016;
/// Windows that stay listed here. 1102 has them all; this is a month at five minutes each.
const DERIVED_KEPT_WINDOWS: i64 = 8_640;
/// Memories that stay. One is needed; the others let an operator see a few steps back.
const MEMORIES_KEPT_WINDOWS: i64 = 12;

/// The service's own database.
pub(crate) struct Database {
    connection: Connection,
}

#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    #[error(
        "the aggregation database cannot be opened: restore it from a backup, or move it away, and a new one begins at \
         the window that is open"
    )]
    File(#[from] theron_sqlite::Error),
    #[error("{step}")]
    Sqlite {
        step: &'static str,
        #[source]
        source: rusqlite::Error,
    },
    #[error("the aggregation database holds {what} that cannot be read: restore it from a backup")]
    Broken {
        what: &'static str,
        #[source]
        source: serde_json::Error,
    },
    #[error("a call of the aggregation database did not come to its end")]
    Stopped(#[source] tokio::task::JoinError),
}

/// What was fixed when the database was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) window_us: i64,
    pub(crate) first_window: i64,
}

/// One node's decided part in a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decided {
    pub(crate) node: String,
    pub(crate) outcome: ShareOutcome,
    pub(crate) body: Option<String>,
    pub(crate) sha256: Option<String>,
    pub(crate) reason: Option<String>,
}

/// A window as it is about to be kept.
pub(crate) struct NewWindow<'a> {
    pub(crate) window: i64,
    pub(crate) body: &'a str,
    pub(crate) sha256: &'a str,
    pub(crate) record: &'a Record,
    pub(crate) memory: &'a Memory,
}

/// How a window came to be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Record {
    pub(crate) nodes: Vec<Share>,
    pub(crate) rejected_rows: Vec<RejectedRow>,
}

/// A window as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) window: i64,
    pub(crate) body: String,
    pub(crate) sha256: String,
    pub(crate) record: Record,
    pub(crate) state: WindowState,
}

impl Database {
    /// Opens the file, or makes it with this origin; an existing file keeps the origin it has.
    pub(crate) fn open(path: &Path, origin: Origin) -> Result<Self, StorageError> {
        let mut database =
            Self { connection: open_or_create_durable(path, KIND, include_str!("schema.sql"))? };
        database.transaction("fixing the origin", |tx| {
            let keep = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            tx.execute(keep, params!["window_us", origin.window_us])?;
            tx.execute(keep, params!["first_window", origin.first_window])?;
            Ok(())
        })?;
        Ok(database)
    }

    /// Keeps what became of a node's part in a window. Once decided it stays.
    pub(crate) fn decide(&mut self, window: i64, share: &Decided) -> Result<(), StorageError> {
        self.transaction("keeping a node's share", |tx| {
            tx.execute(
                "INSERT INTO share (window, node, outcome, body, sha256, reason)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    window,
                    share.node,
                    read::outcome_name(share.outcome),
                    share.body,
                    share.sha256,
                    share.reason
                ],
            )?;
            Ok(())
        })
    }

    /// Keeps a derived window and what is remembered after it, and lets go of what is old.
    pub(crate) fn derive(&mut self, new: &NewWindow<'_>) -> Result<(), StorageError> {
        let broken = |what| move |source| StorageError::Broken { what, source };
        let record = serde_json::to_string(new.record).map_err(broken("a record"))?;
        let memory = serde_json::to_string(new.memory).map_err(broken("a memory"))?;
        self.transaction("keeping a derived window", |tx| {
            tx.execute(
                "INSERT INTO derived (window, body, sha256, record, memory, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, 'derived')",
                params![new.window, new.body, new.sha256, record, memory],
            )?;
            let before = |kept: i64| new.window.saturating_sub(kept);
            tx.execute(
                "UPDATE derived SET memory = NULL WHERE window = ?1",
                [before(MEMORIES_KEPT_WINDOWS)],
            )?;
            tx.execute("DELETE FROM share WHERE window <= ?1", [before(SHARES_KEPT_WINDOWS)])?;
            tx.execute("DELETE FROM derived WHERE window <= ?1", [before(DERIVED_KEPT_WINDOWS)])?;
            Ok(())
        })
    }

    /// Keeps that 1102 has a window, or that its own stands.
    pub(crate) fn mark(&mut self, window: i64, state: WindowState) -> Result<(), StorageError> {
        self.transaction("marking a window", |tx| {
            tx.execute(
                "UPDATE derived SET state = ?2 WHERE window = ?1",
                params![window, read::state_name(state)],
            )?;
            Ok(())
        })
    }

    fn transaction(
        &mut self,
        step: &'static str,
        body: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<(), rusqlite::Error>,
    ) -> Result<(), StorageError> {
        let run = || {
            let transaction = self.connection.transaction()?;
            body(&transaction)?;
            transaction.commit()
        };
        run().map_err(|source| StorageError::Sqlite { step, source })
    }

    fn one<T>(
        &self,
        step: &'static str,
        sql: &str,
        parameters: impl rusqlite::Params,
        row: impl FnOnce(&rusqlite::Row<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<Option<T>, StorageError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(parameters, row).optional())
            .map_err(|source| StorageError::Sqlite { step, source })
    }
}
