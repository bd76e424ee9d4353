//! The single writer of one seat: its file, and the life that the file amounts to.
//!
//! What is appended stands in a transaction that [`Desk::commit`] brings to the disk, and nobody is answered before.
//! The life in memory is a cache: whenever a write fails it is forgotten, so that the next call reads what is true.

use super::{
    DbError, FileError, PlayerDb,
    file::{rewrite, sync_folder},
};
use otivm_rules::{At, Life, Moment, canonical::CanonicalError, life::ReplayError};
use std::path::Path;

pub(crate) struct Desk {
    db: PlayerDb,
    life: Option<Box<Life>>,
    /// What was appended since the last commit is gone, and whoever asked for it is to be told.
    lost: bool,
    /// A write has failed, and nobody has asked why yet.
    failed: bool,
    /// The disk may not have what is read of the file: a failed fsync leaves pages in memory that look written.
    in_doubt: bool,
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
    /// Said in the log where it happened.
    #[error("the life could not be written down")]
    NotWritten,
}

impl Desk {
    pub(crate) fn new(db: PlayerDb) -> Self {
        // After a kill nobody knows how the last fsync ended.
        let in_doubt = db.had_wal();
        Self { db, life: None, lost: false, failed: false, in_doubt }
    }

    pub(crate) fn db(&self) -> &PlayerDb {
        &self.db
    }

    /// The life with everything that was appended.
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

    /// In the life at once; on the disk with the next [`Self::commit`].
    pub(crate) fn append(&mut self, moments: &[Moment]) -> Result<(), DeskError> {
        self.life()?;
        let life = self.life.take();
        if let Err(error) = self.db.write(moments) {
            return Err(self.fail(&error));
        }
        if let Some(mut life) = life {
            if let Err(source) = life.commit(moments) {
                self.give_up();
                return Err(self.broken(source));
            }
            self.life = Some(life);
        }
        Ok(())
    }

    /// Brings everything that was appended to the disk. Before anything outside the file follows from it, too.
    pub(crate) fn commit(&mut self) -> Result<(), DeskError> {
        self.db.commit().map_err(|error| self.fail(&error))
    }

    /// Whether anything that was appended is gone; once.
    pub(super) fn take_lost(&mut self) -> bool {
        std::mem::take(&mut self.lost)
    }

    /// Whether a write has failed; once.
    pub(super) fn take_failed(&mut self) -> bool {
        std::mem::take(&mut self.failed)
    }

    fn fail(&mut self, error: &DbError) -> DeskError {
        self.failed = true;
        let path = self.db.path().display();
        tracing::error!(%path, error = error as &dyn std::error::Error, "a life could not be written down");
        // A full disk refuses before anything is synced.
        self.in_doubt |= !error.is_disk_full();
        self.give_up();
        DeskError::NotWritten
    }

    /// Takes back everything that is not on the disk.
    pub(super) fn give_up(&mut self) {
        self.lost = true;
        self.life = None;
        if let Err(error) = self.db.roll_back() {
            let error: &dyn std::error::Error = &error;
            tracing::error!(
                error,
                "a transaction could not be taken back; the file is opened again"
            );
            self.in_doubt = true;
        }
    }

    /// Makes sure that the disk has what is read of the file. After a failed fsync the kernel calls pages clean that
    /// never arrived (Rebello et al., "Can applications recover from fsync failures?", 2020), so what stands in the
    /// journal is written once more, and the file is opened anew.
    pub(super) fn make_sure(&mut self) -> Result<(), FileError> {
        if !self.in_doubt {
            return Ok(());
        }
        self.life = None;
        let path = self.db.path().to_owned();
        let sure = rewrite(&self.db.wal())
            .map_err(|source| FileError::Io { path: path.clone(), source })
            .and_then(|()| {
                self.db = PlayerDb::nowhere(&path)?;
                Ok(PlayerDb::open(&path)?)
            });
        match sure {
            Ok(db) => {
                self.db = db;
                self.in_doubt = false;
                Ok(())
            }
            Err(error) => {
                self.failed = true;
                let cause: &dyn std::error::Error = &error;
                tracing::error!(path = %path.display(), error = cause, "a life is not to be had");
                Err(error)
            }
        }
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
