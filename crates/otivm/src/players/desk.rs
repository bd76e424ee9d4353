//! The single writer of one seat: its file, and the life that the file amounts to.
//!
//! The life in memory is a cache: it is taken away before every write and comes back only when the
//! write is on the disk, so that after any failure the next call reads what is true.

use super::{DbError, FileError, PlayerDb, file::sync_folder};
use otivm_rules::{At, Life, Moment, canonical::CanonicalError, life::ReplayError};
use std::path::Path;

pub(crate) struct Desk {
    db: PlayerDb,
    life: Option<Box<Life>>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum DeskError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("{}: the history is broken; restore the file from a backup", path.display())]
    Broken {
        path: std::path::PathBuf,
        #[source]
        source: ReplayError,
    },
    #[error("a moment cannot be written down")]
    Canonical(#[from] CanonicalError),
}

impl Desk {
    pub(crate) fn new(db: PlayerDb) -> Self {
        Self { db, life: None }
    }

    pub(crate) fn db(&self) -> &PlayerDb {
        &self.db
    }

    /// The life as the disk has it.
    pub(crate) fn life(&mut self) -> Result<&Life, DeskError> {
        let life = match self.life.take() {
            Some(life) => life,
            None => Box::new(self.replayed(&self.db.history()?)?),
        };
        Ok(self.life.insert(life))
    }

    pub(crate) fn replayed(&self, history: &[Moment]) -> Result<Life, DeskError> {
        Life::replay(history).map_err(|source| self.broken(source))
    }

    /// The present moment of this life: the clock's, but never before what is written already.
    pub(crate) fn present(&mut self, clock: At) -> Result<At, DeskError> {
        Ok(self.life()?.state().last_at.map_or(clock, |last| clock.max(last)))
    }

    /// Writes down everything that fell due.
    pub(crate) fn settle(&mut self, clock: At) -> Result<(), DeskError> {
        let due = self.life()?.settle(clock)?;
        if due.is_empty() { Ok(()) } else { self.append(&due) }
    }

    /// On the disk, and then in the life.
    pub(crate) fn append(&mut self, moments: &[Moment]) -> Result<(), DeskError> {
        self.life()?;
        let life = self.life.take();
        self.db.append(moments)?;
        if let Some(mut life) = life {
            life.commit(moments).map_err(|source| self.broken(source))?;
            self.life = Some(life);
        }
        Ok(())
    }

    /// Puts a file that is whole, closed and in the same folder in the place of this desk's own, which nobody
    /// lives in. The renaming is the moment from which it counts; where reading it afterwards fails, the desk is
    /// empty until the next start.
    pub(crate) fn move_in(&mut self, file: &Path) -> Result<(), FileError> {
        let path = self.db.path().to_owned();
        self.vacate()?.close_alone()?;
        let renamed = std::fs::rename(file, &path).and_then(|()| sync_folder(&path));
        self.db = PlayerDb::open(&path)?;
        renamed.map_err(|source| FileError::Io { path, source })
    }

    /// Hands the file out. An empty history is left, which no session opens and no phrase.
    pub(crate) fn vacate(&mut self) -> Result<PlayerDb, DbError> {
        let nowhere = PlayerDb::nowhere(self.db.path())?;
        self.life = None;
        Ok(std::mem::replace(&mut self.db, nowhere))
    }

    pub(crate) fn broken(&self, source: ReplayError) -> DeskError {
        DeskError::Broken { path: self.db.path().to_owned(), source }
    }
}
