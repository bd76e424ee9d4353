//! A history that was proven moves into a free seat: taken over moment by moment, and marked.
//!
//! After the last moment that came with it stands one `import` moment, then the head of the seat that it moves
//! into (its clock, its numbers, its name), then the end of every session that was open elsewhere and of every
//! passkey, which names another seat of another address, and new doors. So whatever the file says, from here on the
//! life is played by this house's numbers.

use super::{
    Desk, FileError, PlayerDb, file::with_companions, inspect::HEAD_MOMENTS_MAX,
    provision::UNFINISHED,
};
use otivm_rules::{
    At, Fact, Kind, Life, Moment,
    canonical::CanonicalError,
    fact::{Import, PasskeyRemoved, SessionClosed},
    life::ReplayError,
};
use std::path::PathBuf;

/// A history that proved itself, and the life that it amounts to.
pub(crate) struct Proven {
    pub(crate) life: Life,
    pub(crate) history: Vec<Moment>,
}

#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    #[error("the history cannot be lived on")]
    Replay(#[from] ReplayError),
    #[error("the seat cannot be read")]
    Seat(#[from] super::DbError),
}

impl Proven {
    /// What the `import` moment says.
    pub(crate) fn import(&self) -> Import {
        Import {
            head: self.life.head().hash.to_string(),
            moments: i64::try_from(self.history.len()).unwrap_or(i64::MAX),
            state: self.life.state().hash().to_string(),
        }
    }

    /// Everything but the doors: what fell due, the mark, the seat's own head, no session open and no passkey.
    pub(crate) fn settle_in(&mut self, desk: &Desk, key: &str, now: At) -> Result<(), AdoptError> {
        let import = self.import();
        let due = self.life.settle(now)?;
        self.extend(due)?;
        let mut facts = vec![Fact::Import(import)];
        for moment in desk.db().first(HEAD_MOMENTS_MAX)? {
            if moment.kind == Kind::Parameter {
                let at = moment.at;
                facts.push(moment.fact().map_err(|source| ReplayError::Fact { at, source })?);
            }
        }
        let open = self.life.state().sessions.keys();
        facts.extend(open.map(|hash| Fact::SessionClosed(SessionClosed { hash: hash.clone() })));
        let keys = self.life.state().passkeys.keys();
        facts.extend(keys.map(|id| Fact::PasskeyRemoved(PasskeyRemoved { id: id.clone() })));
        self.record(&facts, key, now)
    }

    pub(crate) fn record(&mut self, facts: &[Fact], key: &str, now: At) -> Result<(), AdoptError> {
        let moments = self.life.record(facts, Some(key), now)?;
        self.extend(moments)
    }

    fn extend(&mut self, moments: Vec<Moment>) -> Result<(), AdoptError> {
        self.life.commit(&moments)?;
        self.history.extend(moments);
        Ok(())
    }

    /// Whole and on the disk, in the seat's folder under another name. Until it moves in the seat is free.
    pub(crate) fn write_beside(&self, desk: &Desk) -> Result<Unfinished, AdoptError> {
        let unfinished = Unfinished(desk.db().path().with_extension(UNFINISHED));
        PlayerDb::write_new(&unfinished.0, &self.history)?;
        Ok(unfinished)
    }
}

/// A file that is not yet a seat's. Dropped, it is swept.
pub(crate) struct Unfinished(PathBuf);

impl Unfinished {
    /// Into the seat, by its new name. A kill before the renaming leaves a free seat.
    pub(crate) fn move_in(self, desk: &mut Desk) -> Result<(), AdoptError> {
        Ok(desk.move_in(&self.0)?)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        for part in with_companions(&self.0) {
            // What is not there need not go; what cannot go is swept at the next start.
            let _swept = std::fs::remove_file(part);
        }
    }
}
