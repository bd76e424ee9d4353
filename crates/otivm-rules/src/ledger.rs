//! Double entry for coin and goods: what leaves one account enters another, residual exactly 0.
//!
//! Balances are 128 bits wide and one posting at most 2 x 10^15, so that no history can overflow them.

use crate::{goods::GoodId, ids::PlaceId};
use std::{collections::BTreeMap, fmt};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// The merchant's coin.
    Purse,
    /// The merchant's cargo aboard.
    Hold,
    /// Where the first coin came from.
    Patrimony,
    /// The dealers of a place.
    Market(PlaceId),
    /// Tolls on trade.
    Fisc,
    /// Harbour dues of a place.
    Harbour(PlaceId),
    /// Pay and provisions of the crew.
    Crew,
    /// Rope, sail and yard.
    Yard,
    /// Table, servants and books of otium.
    Household,
    /// What storms took, and what was thrown to them.
    Sea,
    Pirates,
    /// What spoiled, broke or fed rats.
    Decay,
    /// A place's warehouses: the goods that the merchant has there, and the rent paid for them.
    Horreum(PlaceId),
    /// Of ships that are chartered.
    Shipowners,
    /// Who help a merchant that is ruined.
    Friends,
    /// Who lend on ships in a place.
    Lenders(PlaceId),
    /// The merchant's villa in a place: the books in its library, and the coin that went for it.
    Villa(PlaceId),
}

impl Account {
    /// Of an account that every place has one of.
    pub fn place(&self) -> Option<&PlaceId> {
        match self {
            Self::Market(place)
            | Self::Harbour(place)
            | Self::Horreum(place)
            | Self::Lenders(place)
            | Self::Villa(place) => Some(place),
            Self::Purse
            | Self::Hold
            | Self::Patrimony
            | Self::Fisc
            | Self::Crew
            | Self::Yard
            | Self::Household
            | Self::Sea
            | Self::Pirates
            | Self::Decay
            | Self::Shipowners
            | Self::Friends => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Commodity {
    /// Asses.
    Coin,
    /// Units.
    Good(GoodId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub account: Account,
    pub commodity: Commodity,
    /// Positive enters the account.
    pub amount: i64,
}

/// A transfer: two postings that cancel.
pub(crate) fn transfer(
    commodity: Commodity,
    amount: i64,
    from: Account,
    to: Account,
) -> [Posting; 2] {
    [
        Posting { account: from, commodity, amount: -amount },
        Posting { account: to, commodity, amount },
    ]
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger(BTreeMap<(Account, Commodity), i128>);

impl Ledger {
    pub fn balance(&self, account: &Account, commodity: Commodity) -> i128 {
        self.0.get(&(account.clone(), commodity)).copied().unwrap_or(0)
    }

    /// The sum over all accounts: 0, or the ledger is broken.
    pub fn residual(&self, commodity: Commodity) -> i128 {
        self.0.iter().filter(|((_, held), _)| *held == commodity).map(|(_, amount)| amount).sum()
    }

    pub fn is_balanced(&self) -> bool {
        self.residual(Commodity::Coin) == 0
            && GoodId::ALL.into_iter().all(|good| self.residual(Commodity::Good(good)) == 0)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Account, Commodity, i128)> {
        self.0.iter().map(|((account, commodity), amount)| (account, *commodity, *amount))
    }

    pub(crate) fn post(&mut self, postings: &[Posting]) {
        for Posting { account, commodity, amount } in postings {
            if *amount != 0 {
                *self.0.entry((account.clone(), *commodity)).or_default() += i128::from(*amount);
            }
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Purse => f.write_str("purse"),
            Self::Hold => f.write_str("hold"),
            Self::Patrimony => f.write_str("patrimony"),
            Self::Market(place) => write!(f, "market:{place}"),
            Self::Fisc => f.write_str("fisc"),
            Self::Harbour(place) => write!(f, "harbour:{place}"),
            Self::Crew => f.write_str("crew"),
            Self::Yard => f.write_str("yard"),
            Self::Household => f.write_str("household"),
            Self::Sea => f.write_str("sea"),
            Self::Pirates => f.write_str("pirates"),
            Self::Decay => f.write_str("decay"),
            Self::Horreum(place) => write!(f, "horreum:{place}"),
            Self::Shipowners => f.write_str("shipowners"),
            Self::Friends => f.write_str("friends"),
            Self::Lenders(place) => write!(f, "lenders:{place}"),
            Self::Villa(place) => write!(f, "villa:{place}"),
        }
    }
}

impl fmt::Display for Commodity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Coin => f.write_str("coin"),
            Self::Good(good) => f.write_str(good.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_every_place_has_says_whose_it_is_and_no_other_does() {
        let place: PlaceId = "ostia".parse().unwrap();
        let of_places =
            [Account::Market, Account::Harbour, Account::Horreum, Account::Lenders, Account::Villa]
                .map(|of| of(place.clone()));
        for account in of_places {
            assert_eq!(account.place(), Some(&place), "{account}");
            assert!(account.to_string().ends_with(":ostia"), "{account}");
        }
        for account in [Account::Purse, Account::Hold, Account::Fisc, Account::Yard, Account::Decay]
        {
            assert_eq!(account.place(), None, "{account}");
            assert!(!account.to_string().contains(':'), "{account}");
        }
    }

    #[test]
    fn a_lone_posting_shows_in_the_residual() {
        let mut ledger = Ledger::default();
        ledger.post(&transfer(Commodity::Coin, 40, Account::Patrimony, Account::Purse));
        assert_eq!((ledger.residual(Commodity::Coin), ledger.is_balanced()), (0, true));
        ledger.post(&[Posting { account: Account::Fisc, commodity: Commodity::Coin, amount: 1 }]);
        assert_eq!((ledger.residual(Commodity::Coin), ledger.is_balanced()), (1, false));
    }
}
