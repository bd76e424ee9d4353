//! Everything that can keep a use case from its end, and the one table of what a caller hears of it.

use crate::{
    import::ImportError,
    passkeys::PasskeyError,
    players::{Busy, DbError, DeskError, FileError, LeaveError, NotAgain},
    world::NoPassage,
};
use axum::http::StatusCode;
use otivm_rules::{
    fact::{PASSKEY_NAME_MAX, PASSKEYS_MAX},
    life::DecideError,
    refusal::Refusal as Rule,
};
use std::path::{Path, PathBuf};
use theron_service::{Left, Refusal};

#[derive(Debug, thiserror::Error)]
pub(crate) enum PlayError {
    #[error("no session: enrol, or come back with the recovery phrase")]
    NoSession,
    #[error("this session's time is over; come back with the recovery phrase")]
    SessionOver,
    #[error("no seat answers to these words; check each of the twelve")]
    PhraseUnknown,
    #[error("all {seats} seats of this house are taken; other servers may have room")]
    HouseFull { seats: usize, others: Vec<String> },
    #[error("too many arrivals from this address; wait {} s", .0.seconds)]
    TooManyArrivals(Left),
    #[error("too many calls without a session from this address; wait {} s", .0.seconds)]
    TooManyCalls(Left),
    #[error("this player's calls come too fast; wait {} s", .0.seconds)]
    TooFast(Left),
    #[error("there is no world to play in yet; try again in a minute")]
    NoWorld,
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error(transparent)]
    Desk(#[from] DeskError),
    #[error(transparent)]
    Refused(#[from] Rule),
    #[error(transparent)]
    NoPassage(#[from] NoPassage),
    #[error("this key belongs to another command; use a new key for a new intention")]
    KeyReused,
    #[error(
        "an idempotency key is at least {} characters here, drawn at random, a UUID for instance: whoever knows it is \
        given what it opens",
        super::Key::ENROL_LENGTH_MIN
    )]
    KeyTooShort,
    #[error(
        "a call with this key is in hand; ask again with the same key in a second for its answer"
    )]
    KeyInFlight,
    #[error(
        "what this key opened is not told again: a day has passed, or it was closed since; come back with the \
        recovery phrase, or use a new key"
    )]
    AnswerGone,
    #[error(
        "{} connections listen to this life already; close one of them first",
        super::bell::LISTENERS_MAX
    )]
    TooManyListeners,
    #[error(
        "the life has moved on since you looked, by another tab or an arrival; read /me again, then decide"
    )]
    ChangedMeanwhile,
    #[error(
        "send If-Match with the ETag of /session, so that nothing is changed that you have not seen"
    )]
    ConditionMissing,
    #[error("there is no good {0:?}; /world lists them")]
    GoodUnknown(String),
    #[error("there is no ship of type {0:?}; /world lists them")]
    ShipUnknown(String),
    #[error("there is no place {0:?} in this world; /places lists them")]
    PlaceUnknown(String),
    #[error("a month is 1 to 12, not {0}")]
    Month(u8),
    #[error("no chance could be drawn")]
    Chance(#[from] getrandom::Error),
    #[error("a copy of the life could not be made")]
    Copy(#[from] FileError),
    #[error("a file on its way out or in could not be read or written")]
    Transit(#[source] std::io::Error),
    /// The file, and where it lay.
    #[error("{0}")]
    Import(#[source] Box<ImportError>, PathBuf),
    #[error("another life is coming in; try again in ten seconds")]
    TooManyImports,
    #[error("the file broke off or came too slowly; send it again")]
    BodyBrokeOff,
    #[error("the life could not be let go")]
    Leave(#[from] LeaveError),
    #[error("the seat was taken meanwhile; send the same again")]
    SeatTaken,
    #[error("this server takes no passkeys; come back with the recovery phrase")]
    PasskeysOff,
    #[error("a life has at most {PASSKEYS_MAX} passkeys; remove one before you add another")]
    TooManyPasskeys,
    #[error("a passkey's name is 1 to {PASSKEY_NAME_MAX} characters, not {0}")]
    PasskeyName(usize),
    #[error("this life has no passkey of that id; it may have been removed already")]
    PasskeyMissing,
    #[error(transparent)]
    Passkey(#[from] PasskeyError),
}

impl From<DecideError> for PlayError {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Refused(refusal) => Self::Refused(refusal),
            DecideError::Canonical(error) => Self::Desk(error.into()),
        }
    }
}

impl From<DbError> for PlayError {
    fn from(error: DbError) -> Self {
        Self::Desk(error.into())
    }
}

impl From<otivm_rules::canonical::CanonicalError> for PlayError {
    fn from(error: otivm_rules::canonical::CanonicalError) -> Self {
        Self::Desk(error.into())
    }
}

impl PlayError {
    /// Seconds after which the same call may succeed, where waiting helps.
    pub(crate) fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::TooFast(left) | Self::TooManyArrivals(left) | Self::TooManyCalls(left) => {
                Some(u64::from(left.seconds))
            }
            Self::Busy(Busy::NotWritten) | Self::Desk(DeskError::NotWritten) => Some(5),
            Self::Transit(error) if is_disk_full(error) => Some(5),
            Self::Busy(_) | Self::KeyInFlight | Self::SeatTaken => Some(1),
            Self::NoWorld | Self::TooManyListeners | Self::TooManyImports => Some(10),
            Self::HouseFull { .. } => Some(3600),
            _ => None,
        }
    }

    fn refusal(&self) -> Refusal {
        let (status, code) = match self {
            Self::NoSession => (StatusCode::UNAUTHORIZED, "session_missing"),
            Self::SessionOver => (StatusCode::UNAUTHORIZED, "session_expired"),
            Self::PhraseUnknown => (StatusCode::UNAUTHORIZED, "recovery_phrase_unknown"),
            Self::HouseFull { .. } => (StatusCode::SERVICE_UNAVAILABLE, "house_full"),
            Self::NoWorld => (StatusCode::SERVICE_UNAVAILABLE, "no_world"),
            Self::Busy(Busy::Queue) => (StatusCode::TOO_MANY_REQUESTS, "too_many_waiting"),
            Self::TooFast(_) => (StatusCode::TOO_MANY_REQUESTS, "too_fast"),
            Self::TooManyCalls(_) => (StatusCode::TOO_MANY_REQUESTS, "too_many_calls"),
            Self::TooManyArrivals(_) => (StatusCode::TOO_MANY_REQUESTS, "too_many_arrivals"),
            Self::Desk(DeskError::Broken { .. }) => {
                tracing::error!(error = self as &dyn std::error::Error, "a life cannot be played");
                let detail = "this life's database is damaged; the operator can restore it";
                return Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "life_damaged", detail);
            }
            Self::Transit(error) if is_disk_full(error) => {
                tracing::error!(
                    error = self as &dyn std::error::Error,
                    "no room for a file in transit"
                );
                let detail = "there was no room for the file, and nothing was done; send it again in some seconds";
                return Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "not_written", detail);
            }
            Self::Busy(Busy::NotWritten) | Self::Desk(DeskError::NotWritten) => {
                let detail = Busy::NotWritten.to_string();
                return Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "not_written", detail);
            }
            Self::Busy(Busy::GivenUp)
            | Self::Desk(_)
            | Self::Chance(_)
            | Self::Copy(_)
            | Self::Transit(_)
            | Self::Leave(_)
            | Self::NoPassage(NoPassage::Undrawn(_)) => {
                return Refusal::internal(self);
            }
            Self::Passkey(error) => return passkey_refused(error),
            Self::PasskeysOff => (StatusCode::NOT_FOUND, "passkeys_off"),
            Self::PasskeyMissing => (StatusCode::NOT_FOUND, "passkey_not_found"),
            Self::TooManyPasskeys => (StatusCode::CONFLICT, "too_many_passkeys"),
            Self::PasskeyName(_) => (StatusCode::UNPROCESSABLE_ENTITY, "passkey_name"),
            Self::Refused(rule) => (status_of(rule), rule.code()),
            Self::NoPassage(NoPassage::NoHarbour(_)) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "no_harbour")
            }
            Self::NoPassage(NoPassage::NoRoute { .. }) => (StatusCode::CONFLICT, "no_route"),
            Self::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused"),
            Self::TooManyListeners => (StatusCode::TOO_MANY_REQUESTS, "too_many_listeners"),
            Self::ChangedMeanwhile => (StatusCode::PRECONDITION_FAILED, "changed_meanwhile"),
            Self::ConditionMissing => (StatusCode::PRECONDITION_REQUIRED, "condition_missing"),
            Self::TooManyImports => (StatusCode::TOO_MANY_REQUESTS, "too_many_imports"),
            Self::BodyBrokeOff => (StatusCode::BAD_REQUEST, "body_broke_off"),
            Self::SeatTaken => (StatusCode::CONFLICT, "seat_taken"),
            Self::Import(error, upload) => return import_refused(error, upload),
            Self::KeyTooShort => (StatusCode::BAD_REQUEST, "idempotency_key_not_valid"),
            Self::KeyInFlight => (StatusCode::CONFLICT, "idempotency_key_in_flight"),
            Self::AnswerGone => (StatusCode::CONFLICT, "idempotency_answer_gone"),
            Self::GoodUnknown(_) => (StatusCode::UNPROCESSABLE_ENTITY, "good_unknown"),
            Self::ShipUnknown(_) => (StatusCode::UNPROCESSABLE_ENTITY, "ship_unknown"),
            Self::PlaceUnknown(_) => (StatusCode::NOT_FOUND, "unknown_place"),
            Self::Month(_) => (StatusCode::UNPROCESSABLE_ENTITY, "month_out_of_bounds"),
        };
        Refusal::new(status, code, self.to_string())
    }
}

fn is_disk_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded)
}

fn passkey_refused(error: &PasskeyError) -> Refusal {
    let (status, code) = match error {
        PasskeyError::Library(_) | PasskeyError::Json(_) => return Refusal::internal(error),
        PasskeyError::Over => (StatusCode::CONFLICT, "passkey_challenge_over"),
        PasskeyError::NotValid => (StatusCode::UNPROCESSABLE_ENTITY, "passkey_not_valid"),
        PasskeyError::Unknown => (StatusCode::UNAUTHORIZED, "passkey_unknown"),
        PasskeyError::Copied => (StatusCode::UNAUTHORIZED, "passkey_copied"),
    };
    Refusal::new(status, code, error.to_string())
}

/// With every cause, for the file is the caller's own; where it lay on our disk is not the caller's.
fn import_refused(error: &ImportError, upload: &Path) -> Refusal {
    let (status, code) = match error {
        ImportError::Io { .. } | ImportError::Adopt(_) => return Refusal::internal(error),
        ImportError::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
        ImportError::NotAgain(NotAgain::LivesHere) => (StatusCode::CONFLICT, "life_lives_here"),
        ImportError::NotAgain(NotAgain::WentFurther) => (StatusCode::CONFLICT, "life_went_further"),
        ImportError::Future { .. } => (StatusCode::CONFLICT, "life_not_yet_here"),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, "life_not_whole"),
    };
    let detail = theron_service::chain(error);
    Refusal::new(status, code, detail.replace(&*upload.to_string_lossy(), "the file"))
}

/// Whether the command itself was wrong, or only comes at the wrong time.
fn status_of(rule: &Rule) -> StatusCode {
    match rule {
        Rule::UnknownPlace(_) => StatusCode::NOT_FOUND,
        Rule::NoHarbour(_)
        | Rule::UnknownLanguage(_)
        | Rule::ShipName { .. }
        | Rule::Units { .. }
        | Rule::Guests { .. }
        | Rule::JournalLength { .. }
        | Rule::Amount => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    }
}

impl From<PlayError> for Refusal {
    fn from(error: PlayError) -> Self {
        let mut refusal = error.refusal();
        if let PlayError::HouseFull { others, .. } = error {
            refusal.0.alternatives = others;
        }
        refusal
    }
}
