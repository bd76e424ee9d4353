//! The quick look at a database when the server starts: is it whole at both ends, and who sits there.
//!
//! The middle of the chain is checked when the life is first folded, and by `otivm verify`.

use super::{DbError, PlayerDb, Token, departed::born};
use otivm_rules::{
    At, Fact, Kind, Moment,
    chain::{Broken, Head},
    fact::{FactError, TextId},
    parameters::Parameters,
    time::WorldClock,
};
use sha2::{Digest, Sha256};
use std::path::Path;

/// The head holds one moment a parameter and was written in one transaction, the seat's name last.
pub(crate) const HEAD_MOMENTS_MAX: u16 = 256;
/// Links checked at the end: what a crash could have touched.
const LAST_MOMENTS: u16 = 16;

pub(crate) struct Inspected {
    pub(crate) db: PlayerDb,
    pub(crate) clock: WorldClock,
    pub(crate) enrolled_at: Option<At>,
    /// Hash of the recovery phrase that was set last.
    pub(crate) phrase: Option<String>,
    /// Hash of the idempotency key that the enrolment, or the import, came with.
    pub(crate) enrol_key: Option<String>,
    /// Where the life began.
    pub(crate) born: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum InspectError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("its chain is broken")]
    Chain(#[from] Broken),
    #[error("a moment in it cannot be understood")]
    Fact(#[from] FactError),
    #[error("it holds no head: it was never finished")]
    NoHead,
    #[error("it is the database of another seat: the file was renamed")]
    AnotherSeat,
}

/// What the head says of the seat, so that a renamed file is found.
pub(crate) fn seat_text(token: &Token) -> String {
    let mut digest = Sha256::new();
    digest.update(b"otivm seat 1\0");
    digest.update(token.as_str());
    hex::encode(digest.finalize())
}

pub(crate) fn inspect(path: &Path, token: &Token) -> Result<Inspected, InspectError> {
    let db = PlayerDb::open(path)?;
    check_links(&db.last(LAST_MOMENTS)?)?;
    let first = db.first(HEAD_MOMENTS_MAX)?;
    let own = first.iter().take_while(|moment| moment.kind == Kind::Parameter);
    let at_the_doors = db.seat_moments()?;
    let (clock, adopted_under) = match check_head(Head::default(), own, token) {
        Ok(clock) => (clock, None),
        Err(InspectError::NoHead | InspectError::AnotherSeat) => {
            adopted(&db, &at_the_doors, token)?
        }
        Err(error) => return Err(error),
    };
    let (mut enrolled_at, mut phrase, mut enrol_key) = (None, None, None);
    for moment in at_the_doors {
        match moment.fact()? {
            Fact::Enrolment(_) => {
                enrolled_at = Some(moment.at);
                enrol_key.clone_from(&moment.key);
            }
            Fact::RecoverySet(set) => phrase = Some(set.hash),
            _ => {}
        }
    }
    Ok(Inspected {
        db,
        clock,
        enrolled_at,
        phrase,
        enrol_key: adopted_under.or(enrol_key),
        born: born(&first),
    })
}

/// A life that came from elsewhere has this seat's head where it came in last, after its import and under the
/// same key. It may have come in elsewhere under that key before.
fn adopted(
    db: &PlayerDb,
    at_the_doors: &[Moment],
    token: &Token,
) -> Result<(WorldClock, Option<String>), InspectError> {
    let import = at_the_doors.iter().rfind(|moment| moment.is_import());
    let (import, key) = import
        .and_then(|import| Some((import, import.key.as_ref()?)))
        .ok_or(InspectError::AnotherSeat)?;
    let together = db.of_key(key)?;
    let head = together.iter().skip_while(|moment| moment.at <= import.at);
    let head = head.take_while(|moment| moment.kind == Kind::Parameter);
    let start = Head { at: Some(import.at), hash: import.hash };
    Ok((check_head(start, head, token)?, Some(key.clone())))
}

fn check_head<'a>(
    mut head: Head,
    moments: impl Iterator<Item = &'a Moment>,
    token: &Token,
) -> Result<WorldClock, InspectError> {
    let (mut parameters, mut seat) = (Parameters::default(), None);
    for moment in moments {
        head = head.advance(moment)?;
        match moment.fact()? {
            Fact::Parameter(id, value) => {
                // Parsed, so within its bounds.
                parameters.set(id, value).map_err(FactError::Parameter)?;
            }
            Fact::Text(TextId::Seat, text) => seat = Some(text),
            _ => {}
        }
    }
    match seat {
        None => Err(InspectError::NoHead),
        Some(seat) if seat != seat_text(token) => Err(InspectError::AnotherSeat),
        Some(_) => Ok(parameters.clock()),
    }
}

/// Each follows the one before it, and says what it said when it was written.
fn check_links(moments: &[Moment]) -> Result<(), InspectError> {
    let Some(first) = moments.first() else { return Err(InspectError::NoHead) };
    let start = Head { at: None, hash: first.prev };
    moments.iter().try_fold(start, Head::advance)?;
    Ok(())
}
