//! Why a command is refused: a sentence for the player and a code for the program.

use crate::{goods::GoodId, ids::PlaceId, ships};
use otivm_travel::ShipType;

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
    #[error("trade or move 1 to {most} units, not {units}")]
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
    #[error("the warehouse of {place} holds {held} of {}, not {units}", good.as_str())]
    NotStored { place: PlaceId, good: GoodId, units: i64, held: i64 },
    #[error("the warehouse of {place} has room for {room_units} more of {}, not {units}", good.as_str())]
    WarehouseFull { place: PlaceId, good: GoodId, units: i64, room_units: i64 },
    #[error("{wear_permille} thousandths of the ship cannot be repaired: {most} of her are worn")]
    Wear { wear_permille: i64, most: i64 },
    #[error("you have no ship: charter one, or buy one where they lie")]
    NoShip,
    #[error("no {} lies in {place} for sale or hire; try a greater harbour", ships::hull(*ship).english)]
    NoSuchShipHere { ship: ShipType, place: PlaceId },
    #[error("what is aboard does not go into one {}; sell some of it first", ships::hull(*ship).english)]
    CargoTooLarge { ship: ShipType },
    #[error("there is cargo aboard; sell it before the ship")]
    HoldNotEmpty,
    #[error(
        "you owe {owed_asses} asses to a lender in {lender}; nobody lends more before that is paid"
    )]
    InDebt { owed_asses: i64, lender: PlaceId },
    #[error("nobody in {0} lends on ships; try a greater harbour")]
    NoLender(PlaceId),
    #[error("{}", loan_size(*principal_asses, *most_asses))]
    LoanSize { principal_asses: i64, most_asses: i64 },
    #[error("you owe nothing")]
    NoDebt,
    #[error("the lender lent for a voyage to {to}: sail there, or repay him first")]
    LoanBinds { to: PlaceId },
    #[error(
        "{principal_asses} asses were lent, and ship and cargo are good for {secured_asses} now; \
        load more, or repay first"
    )]
    LoanUnsecured { principal_asses: i64, secured_asses: i64 },
    #[error("you have a ship of your own; sell her first")]
    HasShip,
    #[error("the ship is chartered: her owner mends and sells her")]
    NotYourShip,
    #[error("friends have helped lately; ask them again in {days} days")]
    AskedLately { days: i64 },
    #[error(
        "what you have here is worth {worth_asses} asses; friends help whom less than {enough_asses} are left"
    )]
    NotInNeed { worth_asses: i64, enough_asses: i64 },
    #[error("every place where you are or have anything is in this world")]
    NothingLost,
    #[error("you have a villa in {0} already")]
    HasVilla(PlaceId),
    #[error("you have {most} villas; sell one of them before you buy another")]
    VillasMost { most: i64 },
    #[error("you have no villa in {0}")]
    NoVilla(PlaceId),
    #[error(
        "there are {units} cases of books in the library; take them aboard before you sell the villa"
    )]
    LibraryNotEmpty { units: i64 },
    #[error("the library has room for {free} more cases of books, not {units}")]
    LibraryFull { units: i64, free: i64 },
    #[error("there are {held} cases of books in the library, not {units}")]
    NotShelved { units: i64, held: i64 },
    #[error("a villa has room for 0 to {most} guests, not {guests}")]
    Guests { guests: i64, most: i64 },
    #[error("an amount in this command is beyond what the ledger holds")]
    Amount,
}

fn loan_size(principal_asses: i64, most_asses: i64) -> String {
    if most_asses < 1 {
        return "nobody lends on a chartered ship with an empty hold; load something first"
            .to_owned();
    }
    format!("ship and cargo are good for a loan of 1 to {most_asses} asses, not {principal_asses}")
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
            Self::NotStored { .. } => "not_stored",
            Self::WarehouseFull { .. } => "warehouse_full",
            Self::Wear { .. } => "no_such_wear",
            Self::NoShip => "no_ship",
            Self::NoSuchShipHere { .. } => "no_such_ship_here",
            Self::CargoTooLarge { .. } => "cargo_too_large",
            Self::HoldNotEmpty => "hold_not_empty",
            Self::InDebt { .. } => "in_debt",
            Self::NoLender(_) => "no_lender",
            Self::LoanSize { .. } => "loan_size",
            Self::NoDebt => "no_debt",
            Self::LoanBinds { .. } => "loan_binds",
            Self::LoanUnsecured { .. } => "loan_unsecured",
            Self::HasShip => "has_ship",
            Self::NotYourShip => "not_your_ship",
            Self::AskedLately { .. } => "asked_lately",
            Self::NotInNeed { .. } => "not_in_need",
            Self::NothingLost => "nothing_lost",
            Self::HasVilla(_) => "has_villa",
            Self::VillasMost { .. } => "villas_most",
            Self::NoVilla(_) => "no_villa",
            Self::LibraryNotEmpty { .. } => "library_not_empty",
            Self::LibraryFull { .. } => "library_full",
            Self::NotShelved { .. } => "not_shelved",
            Self::Guests { .. } => "guests_out_of_bounds",
            Self::Amount => "amount_out_of_bounds",
        }
    }
}
