//! What a moment says: the typed content behind its kind, name and value.
//!
//! Parsed once, at the door; after that nobody looks at names or JSON again. A fact that was parsed
//! has every amount within 0..=[`AMOUNT_MAX`], so that no arithmetic on it can overflow.

mod hold;
mod loan;
mod mishap;
mod passkey;
mod payload;
mod removal;
mod storage;
mod villa;
mod yard;

use crate::{
    canonical::{CanonicalError, to_canonical},
    ledger::Posting,
    moment::Kind,
    parameters::{ParameterError, ParameterId},
};
pub use hold::{Aged, Carried};
pub use loan::{Ceded, Relief, Repayment, SeaLoan};
pub use mishap::{Cause, Loss, Mishap, Peril, PerilKind};
pub use passkey::{
    CREDENTIAL_BYTES_MAX, PASSKEY_NAME_MAX, PASSKEYS_MAX, PasskeyRemoved, PasskeySet,
};
pub use payload::{
    AMOUNT_MAX, Advance, Arrival, Departure, Enrolment, Import, JournalEntry, Leave, OtiumBegin,
    OtiumEnd, RecoverySet, Rewind, SessionClosed, SessionOpened, Side, Trade,
};
pub(crate) use payload::{ceil_div, narrow};
pub use removal::{Removal, Why};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
pub use storage::{Storage, Way};
pub use villa::{Shelving, VillaPurchase, VillaSale, VillaStay};
pub use yard::{Charter, Repair, ShipPurchase, ShipSale};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A number of the registry.
    Parameter(ParameterId, i64),
    /// A text that the rules keep and never read.
    Text(TextId, String),
    Enrolment(Enrolment),
    SessionOpened(SessionOpened),
    SessionClosed(SessionClosed),
    RecoverySet(RecoverySet),
    PasskeySet(PasskeySet),
    PasskeyRemoved(PasskeyRemoved),
    Trade(Trade),
    Departure(Departure),
    Arrival(Arrival),
    Mishap(Mishap),
    Repair(Repair),
    ShipPurchase(ShipPurchase),
    ShipSale(ShipSale),
    Charter(Charter),
    SeaLoan(SeaLoan),
    /// The merchant paid.
    Repayment(Repayment),
    /// It fell due.
    Collection(Repayment),
    Relief(Relief),
    OtiumBegin(OtiumBegin),
    OtiumEnd(OtiumEnd),
    Journal(JournalEntry),
    Rewind(Rewind),
    Import(Import),
    Leave(Leave),
    Advance(Advance),
    Storage(Storage),
    Removal(Removal),
    VillaPurchase(VillaPurchase),
    VillaSale(VillaSale),
    Shelving(Shelving),
}

/// Parameters that are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextId {
    /// Hash of the seat's token.
    Seat,
    /// The physical release that was current when the seat was provisioned.
    Release,
}

#[derive(Debug, thiserror::Error)]
pub enum FactError {
    #[error("there is no {kind} named {name:?}", kind = kind.as_str())]
    Name { kind: Kind, name: String },
    #[error("the value of {name} cannot be read")]
    Value {
        name: String,
        #[source]
        source: serde_json::Error,
    },
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    #[error(
        "what follows is written in format {found}, this build reads up to {known}; use the build that wrote it"
    )]
    Format { found: i64, known: i64 },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterValue<T> {
    value: T,
}

impl Fact {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Parameter(..) | Self::Text(..) => Kind::Parameter,
            Self::Arrival(_)
            | Self::Mishap(_)
            | Self::Collection(_)
            | Self::Import(_)
            | Self::Advance(_) => Kind::Event,
            _ => Kind::Action,
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Parameter(id, _) => id.parameter().name,
            Self::Text(id, _) => id.as_str(),
            Self::Enrolment(_) => "enrol",
            Self::SessionOpened(_) => "session_opened",
            Self::SessionClosed(_) => "session_closed",
            Self::RecoverySet(_) => "recovery_set",
            Self::PasskeySet(_) => "passkey_set",
            Self::PasskeyRemoved(_) => "passkey_removed",
            Self::Trade(_) => "trade",
            Self::Departure(_) => "depart",
            Self::Arrival(_) => "arrive",
            Self::Mishap(_) => "mishap",
            Self::Repair(_) => "repair",
            Self::ShipPurchase(_) => "buy_ship",
            Self::ShipSale(_) => "sell_ship",
            Self::SeaLoan(_) => "borrow",
            Self::Repayment(_) => "repay",
            Self::Collection(_) => "collect",
            Self::Charter(_) => "charter",
            Self::Relief(_) => "relief",
            Self::OtiumBegin(_) => "begin_otium",
            Self::OtiumEnd(_) => "end_otium",
            Self::Journal(_) => "journal",
            Self::Rewind(_) => "rewind",
            Self::Import(_) => "import",
            Self::Leave(_) => "leave",
            Self::Advance(_) => "advance",
            Self::Storage(_) => "storage",
            Self::Removal(_) => "move_on",
            Self::VillaPurchase(_) => "buy_villa",
            Self::VillaSale(_) => "sell_villa",
            Self::Shelving(_) => "shelve",
        }
    }

    /// The value, as canonical JSON.
    pub fn value(&self) -> Result<String, CanonicalError> {
        match self {
            Self::Parameter(_, value) => to_canonical(&ParameterValue { value }),
            Self::Text(_, value) => to_canonical(&ParameterValue { value }),
            Self::Enrolment(payload) => to_canonical(payload),
            Self::SessionOpened(payload) => to_canonical(payload),
            Self::SessionClosed(payload) => to_canonical(payload),
            Self::RecoverySet(payload) => to_canonical(payload),
            Self::PasskeySet(payload) => to_canonical(payload),
            Self::PasskeyRemoved(payload) => to_canonical(payload),
            Self::Trade(payload) => to_canonical(payload),
            Self::Departure(payload) => to_canonical(payload),
            Self::Arrival(payload) => to_canonical(payload),
            Self::Mishap(payload) => to_canonical(payload),
            Self::Repair(payload) => to_canonical(payload),
            Self::ShipPurchase(payload) => to_canonical(payload),
            Self::ShipSale(payload) => to_canonical(payload),
            Self::SeaLoan(payload) => to_canonical(payload),
            Self::Charter(payload) => to_canonical(payload),
            Self::Relief(payload) => to_canonical(payload),
            Self::Repayment(payload) | Self::Collection(payload) => to_canonical(payload),
            Self::OtiumBegin(payload) => to_canonical(payload),
            Self::OtiumEnd(payload) => to_canonical(payload),
            Self::Journal(payload) => to_canonical(payload),
            Self::Rewind(payload) => to_canonical(payload),
            Self::Import(payload) => to_canonical(payload),
            Self::Leave(payload) => to_canonical(payload),
            Self::Advance(payload) => to_canonical(payload),
            Self::Storage(payload) => to_canonical(payload),
            Self::Removal(payload) => to_canonical(payload),
            Self::VillaPurchase(payload) => to_canonical(payload),
            Self::VillaSale(payload) => to_canonical(payload),
            Self::Shelving(payload) => to_canonical(payload),
        }
    }

    pub fn parse(kind: Kind, name: &str, value: &str) -> Result<Self, FactError> {
        match (kind, name) {
            (Kind::Parameter, _) => Self::parse_parameter(name, value),
            (Kind::Event, "arrive") => read(name, value).map(Self::Arrival),
            (Kind::Event, "mishap") => read(name, value).map(Self::Mishap),
            (Kind::Event, "collect") => read(name, value).map(Self::Collection),
            (Kind::Event, "advance") => read(name, value).map(Self::Advance),
            (Kind::Event, "import") => read(name, value).map(Self::Import),
            (Kind::Action, "enrol") => read(name, value).map(Self::Enrolment),
            (Kind::Action, "session_opened") => read(name, value).map(Self::SessionOpened),
            (Kind::Action, "session_closed") => read(name, value).map(Self::SessionClosed),
            (Kind::Action, "recovery_set") => read(name, value).map(Self::RecoverySet),
            (Kind::Action, "passkey_set") => read(name, value).map(Self::PasskeySet),
            (Kind::Action, "passkey_removed") => read(name, value).map(Self::PasskeyRemoved),
            (Kind::Action, "trade") => read(name, value).map(Self::Trade),
            (Kind::Action, "depart") => read(name, value).map(Self::Departure),
            (Kind::Action, "repair") => read(name, value).map(Self::Repair),
            (Kind::Action, "buy_ship") => read(name, value).map(Self::ShipPurchase),
            (Kind::Action, "sell_ship") => read(name, value).map(Self::ShipSale),
            (Kind::Action, "borrow") => read(name, value).map(Self::SeaLoan),
            (Kind::Action, "charter") => read(name, value).map(Self::Charter),
            (Kind::Action, "relief") => read(name, value).map(Self::Relief),
            (Kind::Action, "repay") => read(name, value).map(Self::Repayment),
            (Kind::Action, "begin_otium") => read(name, value).map(Self::OtiumBegin),
            (Kind::Action, "end_otium") => read(name, value).map(Self::OtiumEnd),
            (Kind::Action, "journal") => read(name, value).map(Self::Journal),
            (Kind::Action, "leave") => read(name, value).map(Self::Leave),
            (Kind::Action, "rewind") => read(name, value).map(Self::Rewind),
            (Kind::Action, "storage") => read(name, value).map(Self::Storage),
            (Kind::Action, "move_on") => read(name, value).map(Self::Removal),
            (Kind::Action, "buy_villa") => read(name, value).map(Self::VillaPurchase),
            (Kind::Action, "sell_villa") => read(name, value).map(Self::VillaSale),
            (Kind::Action, "shelve") => read(name, value).map(Self::Shelving),
            (Kind::Event | Kind::Action, _) => Err(FactError::Name { kind, name: name.to_owned() }),
        }
    }

    fn parse_parameter(name: &str, value: &str) -> Result<Self, FactError> {
        if let Some(id) = TextId::from_name(name) {
            let text: ParameterValue<String> = read(name, value)?;
            return Ok(Self::Text(id, text.value));
        }
        let id = ParameterId::from_name(name)?;
        let number: ParameterValue<i64> = read(name, value)?;
        let known = id.parameter().most;
        if id == ParameterId::Format && number.value > known {
            return Err(FactError::Format { found: number.value, known });
        }
        Ok(Self::Parameter(id, id.check(number.value)?))
    }

    /// What it moves between accounts; the sum over each commodity is 0.
    pub fn postings(&self) -> Vec<Posting> {
        match self {
            Self::Enrolment(payload) => payload.postings(),
            Self::Trade(payload) => payload.postings(),
            Self::Departure(payload) => payload.postings(),
            Self::Arrival(payload) => payload.postings(),
            Self::Mishap(payload) => payload.postings(),
            Self::Repair(payload) => payload.postings(),
            Self::ShipPurchase(payload) => payload.postings(),
            Self::ShipSale(payload) => payload.postings(),
            Self::SeaLoan(payload) => payload.postings(),
            Self::Relief(payload) => payload.postings(),
            Self::Repayment(payload) | Self::Collection(payload) => payload.postings(),
            Self::OtiumEnd(payload) => payload.postings(),
            Self::Storage(payload) => payload.postings(),
            Self::Removal(payload) => payload.postings(),
            Self::VillaPurchase(payload) => payload.postings(),
            Self::VillaSale(payload) => payload.postings(),
            Self::Shelving(payload) => payload.postings(),
            Self::Parameter(..)
            | Self::Text(..)
            | Self::SessionOpened(_)
            | Self::SessionClosed(_)
            | Self::RecoverySet(_)
            | Self::PasskeySet(_)
            | Self::PasskeyRemoved(_)
            | Self::Charter(_)
            | Self::OtiumBegin(_)
            | Self::Journal(_)
            | Self::Rewind(_)
            | Self::Import(_)
            | Self::Leave(_)
            | Self::Advance(_) => Vec::new(),
        }
    }
}

impl TextId {
    const ALL: [Self; 2] = [Self::Seat, Self::Release];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seat => "seat",
            Self::Release => "release",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|id| id.as_str() == name)
    }
}

fn read<T: DeserializeOwned>(name: &str, value: &str) -> Result<T, FactError> {
    serde_json::from_str(value).map_err(|source| FactError::Value { name: name.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_out_of_bounds_is_no_fact() {
        let error = Fact::parse(Kind::Parameter, "rate", r#"{"value":0}"#).unwrap_err();
        assert_eq!(error.to_string(), "rate must be 1 to 1000000000, not 0");
        assert_eq!(
            Fact::parse(Kind::Parameter, "rate", r#"{"value":60}"#).unwrap(),
            Fact::Parameter(ParameterId::Rate, 60)
        );
    }

    #[test]
    fn a_history_of_a_newer_format_says_which_build_to_use() {
        let newer = Fact::parse(Kind::Parameter, "format", r#"{"value":9}"#).unwrap_err();
        assert_eq!(
            newer.to_string(),
            "what follows is written in format 9, this build reads up to 1; use the build that wrote it"
        );
    }

    #[test]
    fn an_amount_that_could_overflow_is_no_fact() {
        let value =
            r#"{"cost_asses":9223372036854775807,"days_us":0,"gravitas_milli":0,"place":"x"}"#;
        assert!(Fact::parse(Kind::Action, "end_otium", value).is_err());
        assert!(Fact::parse(Kind::Event, "end_otium", value).is_err());
    }
}
