//! Why a command is refused: a sentence for the player and a code for the program.

use crate::{goods::GoodId, ids::PlaceId};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("this life has begun already")]
    AlreadyEnrolled,
    #[error("nobody lives this life yet: enrol first")]
    NotEnrolled,
    #[error("there is no place {0} in this world")]
    UnknownPlace(PlaceId),
    #[error("{0} has no harbour for a sea-going ship")]
    NoHarbour(PlaceId),
    #[error("the language {0:?} is not spoken here; use en, la or it")]
    UnknownLanguage(String),
    #[error("a ship's name is 1 to {most} characters, not {length}")]
    ShipName { length: usize, most: usize },
    #[error("the ship is at sea until it arrives in {to}")]
    AtSea { to: PlaceId },
    #[error("you are in otium; end it before business")]
    InOtium,
    #[error("you are not in otium")]
    NotInOtium,
    #[error("trade 1 to {most} units, not {units}")]
    Units { units: i64, most: i64 },
    #[error("nobody in {place} deals in {}", good.as_str())]
    NotDealt { place: PlaceId, good: GoodId },
    #[error("the dealers of {place} take or give no more than {available} of {} before the next market", good.as_str())]
    MarketExhausted { place: PlaceId, good: GoodId, available: i64 },
    #[error("that costs {needed_asses} asses and the purse holds {held_asses}")]
    TooPoor { needed_asses: i64, held_asses: i64 },
    #[error("the ship has room for {room_units} more of {}, not {units}", good.as_str())]
    NoRoom { good: GoodId, units: i64, room_units: i64 },
    #[error("there are {held} of {} aboard, not {units}", good.as_str())]
    NotAboard { good: GoodId, units: i64, held: i64 },
    #[error("the ship lies in {0} already")]
    AlreadyThere(PlaceId),
    #[error("the plan starts in {planned}, but the ship lies in {here}")]
    PlanFromElsewhere { planned: PlaceId, here: PlaceId },
    #[error("the plan is not for this ship")]
    PlanForAnotherShip,
    #[error("the plan has no duration")]
    PlanEmpty,
    #[error("an entry is 1 to {most} characters, not {length}")]
    JournalLength { length: usize, most: usize },
    #[error("an amount in this command is beyond what the ledger holds")]
    Amount,
}

impl Refusal {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AlreadyEnrolled => "already_enrolled",
            Self::NotEnrolled => "not_enrolled",
            Self::UnknownPlace(_) => "unknown_place",
            Self::NoHarbour(_) => "no_harbour",
            Self::UnknownLanguage(_) => "unknown_language",
            Self::ShipName { .. } => "ship_name",
            Self::AtSea { .. } => "at_sea",
            Self::InOtium => "in_otium",
            Self::NotInOtium => "not_in_otium",
            Self::Units { .. } => "units_out_of_bounds",
            Self::NotDealt { .. } => "good_not_dealt",
            Self::MarketExhausted { .. } => "market_exhausted",
            Self::TooPoor { .. } => "too_poor",
            Self::NoRoom { .. } => "no_room",
            Self::NotAboard { .. } => "not_aboard",
            Self::AlreadyThere(_) => "already_there",
            Self::PlanFromElsewhere { .. } => "plan_from_elsewhere",
            Self::PlanForAnotherShip => "plan_for_another_ship",
            Self::PlanEmpty => "plan_empty",
            Self::JournalLength { .. } => "journal_length",
            Self::Amount => "amount_out_of_bounds",
        }
    }
}
