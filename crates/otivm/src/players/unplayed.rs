//! Lives that were begun and never lived: at a start, before anybody is served, their seats are made anew, so that
//! whoever took all of them does not keep the house (decision 81).
//!
//! Nothing is lost with them but a phrase: who did anything at all, or came through a door lately, stays.

use super::{
    PlayerDb, Token,
    departed::DOORS,
    file::sync_folder,
    house::seat_path,
    inspect::{Inspected, inspect},
    leave::{self, Keeping, Leaving},
    provision::{ProvisionError, make, parameters},
};
use otivm_rules::{At, Moment, time::WorldClock};
use std::path::Path;

/// Moments of a life that can be no more than doors that opened and closed. Whoever came back oftener cares for it.
const LOOKED_AT: usize = 64;

/// What begins anew, and with what.
pub(crate) struct Renewal<'a> {
    pub(crate) now: At,
    /// How long nobody came.
    pub(crate) after_us: i64,
    pub(crate) release: Option<&'a str>,
}

impl Renewal<'_> {
    /// The seat as it is, or another in its place; none where its life is on its way out and could not leave.
    pub(super) fn of(
        &self,
        folder: &Path,
        token: Token,
        inspected: Inspected,
    ) -> Option<(Token, Inspected)> {
        if !self.is_due(&inspected) {
            return Some((token, inspected));
        }
        // Who leaves by the archive is named by the date; nobody does here.
        let leaving = Leaving { keep: Keeping::Erase, date: String::new() };
        if let Err(error) = leave::decide(folder, &token, &leaving) {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, seat = %token, "nobody played in this seat, and it stays as it is");
            return Some((token, inspected));
        }
        let clock = inspected.clock;
        match self.make_anew(folder, &token, inspected.db, clock) {
            Ok(anew) => Some(anew),
            Err(why) => {
                tracing::error!(seat = %token, why, "a seat in which nobody played could not be made anew; it is tried again at the next start");
                None
            }
        }
    }

    /// Nothing was done since it was taken, and nobody came for as long as that.
    fn is_due(&self, inspected: &Inspected) -> bool {
        let Some(enrolled_at) = inspected.enrolled_at else { return false };
        let Ok(since) = inspected.db.after(enrolled_at, LOOKED_AT) else { return false };
        let at_the_doors = |moment: &Moment| DOORS.contains(&&*moment.name);
        let last = since.last().map_or(enrolled_at, |moment| moment.at);
        since.len() < LOOKED_AT
            && since.iter().all(at_the_doors)
            && self.now.0.saturating_sub(last.0) >= self.after_us
    }

    fn make_anew(
        &self,
        folder: &Path,
        token: &Token,
        db: PlayerDb,
        clock: WorldClock,
    ) -> Result<(Token, Inspected), String> {
        let said = |error: &dyn std::error::Error| theron_service::chain(error);
        db.close().map_err(|error| said(&error))?;
        leave::finish(folder, token, self.now).map_err(|error| said(&error))?;
        let anew = parameters(clock)
            .map_err(ProvisionError::from)
            .and_then(|parameters| make(folder, &parameters, self.release))
            .map_err(|error| said(&error))?;
        let path = seat_path(folder, &anew);
        sync_folder(&path).map_err(|error| said(&error))?;
        let inspected = inspect(&path, &anew).map_err(|error| said(&error))?;
        Ok((anew, inspected))
    }
}
