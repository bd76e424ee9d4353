//! Reading back.

use super::{Database, Decided, Kept, Origin, StorageError};
use crate::derive::Memory;
use tessera_dev_api::{ShareOutcome, WindowState};
use theron_sqlite::rusqlite::{self, params};

impl Database {
    pub(crate) fn origin(&self) -> Result<Origin, StorageError> {
        let setting = |name: &str| {
            self.one(
                "reading a setting",
                "SELECT value FROM setting WHERE name = ?1",
                [name],
                |row| row.get(0),
            )
        };
        // `open` wrote both.
        Ok(Origin {
            window_us: setting("window_us")?.unwrap_or(1),
            first_window: setting("first_window")?.unwrap_or(0),
        })
    }

    /// The window to derive next.
    pub(crate) fn next_window(&self) -> Result<i64, StorageError> {
        let last =
            self.one("finding the last window", "SELECT max(window) FROM derived", [], |row| {
                row.get::<_, Option<i64>>(0)
            })?;
        match last.flatten() {
            Some(last) => Ok(last.saturating_add(1)),
            None => Ok(self.origin()?.first_window),
        }
    }

    /// The oldest window that 1102 does not have yet, and its body.
    pub(crate) fn unwritten(&self) -> Result<Option<(i64, String)>, StorageError> {
        let sql =
            "SELECT window, body FROM derived WHERE state = 'derived' ORDER BY window LIMIT 1";
        self.one("finding an unwritten window", sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// What is remembered after the newest window; at rest before the first.
    pub(crate) fn memory(&self) -> Result<Memory, StorageError> {
        let sql =
            "SELECT memory FROM derived WHERE memory IS NOT NULL ORDER BY window DESC LIMIT 1";
        let text: Option<String> = self.one("reading the memory", sql, [], |row| row.get(0))?;
        let Some(text) = text else { return Ok(Memory::default()) };
        serde_json::from_str(&text)
            .map_err(|source| StorageError::Broken { what: "a memory", source })
    }

    /// What is decided of a window so far, by node.
    pub(crate) fn shares(&self, window: i64) -> Result<Vec<Decided>, StorageError> {
        let sql =
            "SELECT node, outcome, body, sha256, reason FROM share WHERE window = ?1 ORDER BY node";
        let read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map([window], |row| {
                Ok(Decided {
                    node: row.get(0)?,
                    outcome: outcome(&row.get::<_, String>(1)?),
                    body: row.get(2)?,
                    sha256: row.get(3)?,
                    reason: row.get(4)?,
                })
            })?;
            rows.collect::<Result<_, _>>()
        };
        read().map_err(|source| StorageError::Sqlite { step: "reading a window's shares", source })
    }

    /// The newest decided part of a node, and the newest window that it gave.
    pub(crate) fn last_share(
        &self,
        node: &str,
    ) -> Result<(Option<ShareOutcome>, Option<i64>), StorageError> {
        let sql = "SELECT outcome FROM share WHERE node = ?1 ORDER BY window DESC LIMIT 1";
        let last =
            self.one("reading a node's last share", sql, [node], |row| row.get::<_, String>(0))?;
        let sql = "SELECT max(window) FROM share WHERE node = ?1 AND outcome = 'counted'";
        let given = self.one("reading a node's last window", sql, [node], |row| row.get(0))?;
        Ok((last.as_deref().map(outcome), given.flatten()))
    }

    pub(crate) fn window(&self, window: i64) -> Result<Option<Kept>, StorageError> {
        Ok(self
            .windows_before(window.saturating_add(1), 1)?
            .into_iter()
            .find(|kept| kept.window == window))
    }

    /// Newest first.
    pub(crate) fn windows_before(
        &self,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Kept>, StorageError> {
        let sql = "SELECT window, body, sha256, record, state FROM derived
                   WHERE window < ?1 ORDER BY window DESC LIMIT ?2";
        let read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![before, limit], |row| {
                let state = state(&row.get::<_, String>(4)?);
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?, state))
            })?;
            rows.collect::<Result<Vec<_>, rusqlite::Error>>()
        };
        let rows =
            read().map_err(|source| StorageError::Sqlite { step: "reading windows", source })?;
        rows.into_iter()
            .map(|(window, body, sha256, record, state)| {
                let record = serde_json::from_str(&record)
                    .map_err(|source| StorageError::Broken { what: "a record", source })?;
                Ok(Kept { window, body, sha256, record, state })
            })
            .collect()
    }
}

pub(super) fn outcome_name(outcome: ShareOutcome) -> &'static str {
    match outcome {
        ShareOutcome::Counted => "counted",
        ShareOutcome::LeftOut => "left_out",
        ShareOutcome::NoSuchWindow => "no_such_window",
    }
}

/// The schema admits these three names only.
fn outcome(name: &str) -> ShareOutcome {
    match name {
        "counted" => ShareOutcome::Counted,
        "left_out" => ShareOutcome::LeftOut,
        _ => ShareOutcome::NoSuchWindow,
    }
}

pub(super) fn state_name(state: WindowState) -> &'static str {
    match state {
        WindowState::Derived => "derived",
        WindowState::Written => "written",
        WindowState::Superseded => "superseded",
    }
}

/// The schema admits these three names only.
fn state(name: &str) -> WindowState {
    match name {
        "derived" => WindowState::Derived,
        "written" => WindowState::Written,
        _ => WindowState::Superseded,
    }
}
