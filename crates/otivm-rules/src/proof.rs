//! Whether a history from elsewhere may be lived on: what the moments alone can prove, and nothing less.
//!
//! The chain proves that nothing was lost, changed or put in another order since it was written; a cheat can
//! write a chain of its own. So the history must also fold by the rules: written as this build writes it,
//! every act where it could be done, nothing spent that was not there. What only the world of that day could
//! tell (prices, winds, how good a place is for leisure) is not proven (decision 30).

mod harbour;
mod hold;
mod otium;
mod villa;

use crate::{
    canonical::CanonicalError,
    chapters,
    decide::{JOURNAL_TEXT_MAX, UNITS_MAX},
    fact::{Fact, Loss, PASSKEYS_MAX, PasskeySet, PerilKind},
    goods::GoodId,
    ledger::{Account, Commodity},
    life::{Life, ReplayError},
    moment::{Kind, Moment},
    parameters::ParameterId,
    state::{Location, State},
    time::At,
};

/// Bytes of a value: a page of the journal in four-byte letters is 16 KiB, a voyage's path less.
pub const VALUE_BYTES_MAX: usize = 64 * 1024;
/// Characters of a key: what a command may carry, and a SHA-256 in hexadecimal.
const KEY_LENGTH_MAX: usize = 64;
/// Moments of one command follow each other by a microsecond; something may fall due between them.
const COMMAND_US: i64 = 1000;

#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error("a moment cannot be written down")]
    Canonical(#[from] CanonicalError),
    #[error("the moment at {} is not written as a server writes it", at.0)]
    Written { at: At },
    #[error("the moment at {} cannot have happened: {why}", at.0)]
    Impossible { at: At, why: &'static str },
    #[error("the ledger is not balanced: what left one account did not enter another")]
    Ledger,
}

/// The life that the history amounts to, or why it is none that was played by the rules.
pub fn prove(history: &[Moment]) -> Result<Life, ProofError> {
    let mut life = Life::default();
    for moment in history {
        let at = moment.at;
        if !is_well_written(moment) {
            return Err(ProofError::Written { at });
        }
        let fact = moment.fact().map_err(|source| ReplayError::Fact { at, source })?;
        if fact.value()? != moment.value {
            return Err(ProofError::Written { at });
        }
        could_happen(life.state(), at, &fact).map_err(|why| ProofError::Impossible { at, why })?;
        life.push(moment)?;
        spent_what_was_there(life.state(), &fact)
            .map_err(|why| ProofError::Impossible { at, why })?;
    }
    if life.state().ledger.is_balanced() { Ok(life) } else { Err(ProofError::Ledger) }
}

fn is_well_written(Moment { value, key, .. }: &Moment) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_key = |key: &String| (1..=KEY_LENGTH_MAX).contains(&key.len()) && key.bytes().all(plain);
    value.len() <= VALUE_BYTES_MAX && key.as_ref().is_none_or(is_key)
}

type Possible = Result<(), &'static str>;

fn could_happen(state: &State, at: At, fact: &Fact) -> Possible {
    if let Location::AtSea(voyage) = &state.location
        && fact.kind() == Kind::Action
        && at.0 > voyage.arrives_at.0.saturating_add(COMMAND_US)
    {
        return Err("the ship had been due in harbour, and never came in");
    }
    harbour::nothing_was_left_due(state, at, fact)?;
    match fact {
        Fact::Enrolment(enrolment) => {
            let purse = state.parameters.get(ParameterId::PurseAtEnrolment);
            possible(state.merchant.is_none(), "this life had begun already")?;
            possible(enrolment.purse_asses == purse, "the purse is not what its parameters give")
        }
        Fact::Trade(trade) => {
            possible(state.place() == Some(&trade.place), "the merchant was not at that market")?;
            possible(state.otium.is_none(), "one does not trade in otium")?;
            hold::reckoned_up(state, trade.good, trade.aboard)?;
            possible((1..=UNITS_MAX).contains(&trade.units), "nobody trades that many units")
        }
        Fact::Departure(departure) => {
            let ship = state.ship.as_ref().map(|ship| ship.ship);
            possible(state.place() == Some(&departure.from), "the ship did not lie there")?;
            possible(ship == Some(departure.ship), "the merchant had no such ship")?;
            possible(state.otium.is_none(), "one does not sail in otium")?;
            possible(departure.arrives_at > at, "she came in before she had left")?;
            harbour::lay_off(state, at, departure)?;
            hold::all_reckoned_up(state, &departure.carried)?;
            harbour::lender_let_go(state, departure)
        }
        Fact::Arrival(arrival) => match &state.location {
            Location::AtSea(voyage) => {
                possible(voyage.to == arrival.place, "the ship was bound for another place")?;
                possible(at >= voyage.arrives_at, "the ship was not due yet")?;
                hold::all_reckoned_up(state, &arrival.carried)?;
                possible(voyage.perils.is_empty(), "a peril was sealed and never happened")
            }
            Location::Nowhere | Location::Ashore { .. } => Err("the ship was not at sea"),
        },
        Fact::Mishap(mishap) => {
            let Location::AtSea(voyage) = &state.location else {
                return Err("the ship was not at sea");
            };
            let peril = voyage.perils.first().ok_or("no peril was sealed for the voyage")?;
            let sealed = (peril.kind, peril.cause, peril.delay_us);
            let told = (mishap.kind, mishap.cause, mishap.delay_us);
            possible(sealed == told, "the peril was sealed as another")?;
            possible(at >= voyage.due(peril, state.parameters.clock()), "it was not due yet")
        }
        Fact::OtiumBegin(begin) => otium::begun(state, begin),
        Fact::OtiumEnd(end) => otium::ended(state, end, at),
        Fact::Journal(entry) => {
            let length = entry.text.chars().count();
            possible(state.merchant.is_some(), "nobody lived this life yet")?;
            possible((1..=JOURNAL_TEXT_MAX).contains(&length), "an entry is no longer than a page")
        }
        Fact::PasskeySet(passkey) => kept(state, passkey),
        Fact::Advance(_) => {
            let earned = chapters::due(state).as_ref() == Some(fact);
            possible(earned, "what that chapter asks had not been done")?;
            let at_once = at == state.next_at(At(i64::MIN));
            possible(at_once, "a chapter ends with the moment that ends it")
        }
        _ => harbour::could_happen(state, at, fact),
    }
}

fn kept(state: &State, passkey: &PasskeySet) -> Possible {
    let room = state.passkeys.len() < PASSKEYS_MAX || state.passkeys.contains_key(&passkey.id);
    possible(room, "nobody has so many passkeys")?;
    possible(passkey.is_in_bounds(), "no passkey is so long")
}

/// Coin for every act; of goods those that it moved.
fn spent_what_was_there(state: &State, fact: &Fact) -> Possible {
    let left = |account, commodity| state.ledger.balance(&account, commodity) >= 0;
    let held = |goods: &[GoodId]| {
        let all = goods.iter().all(|good| left(Account::Hold, Commodity::Good(*good)));
        possible(all, "so much of that good was not aboard")
    };
    let goods_of = |losses: &[Loss]| losses.iter().map(|loss| loss.good).collect::<Vec<_>>();
    possible(left(Account::Purse, Commodity::Coin), "the purse did not hold that much")?;
    match fact {
        Fact::Trade(trade) => held(&[trade.good]),
        Fact::Storage(storage) => {
            let stored =
                left(Account::Horreum(storage.place.clone()), Commodity::Good(storage.good));
            possible(stored, "so much of that good did not lie there")?;
            held(&[storage.good])
        }
        Fact::Mishap(mishap) => {
            held(&goods_of(&mishap.lost))?;
            let spared = mishap.kind == PerilKind::Wreck && state.cargo_grams() > 0;
            possible(!spared, "no cargo is spared in a wreck")
        }
        Fact::Shelving(shelving) => {
            let library = Account::Villa(shelving.place.clone());
            let shelved = left(library, Commodity::Good(GoodId::Books));
            possible(shelved, "so many books were not in the library")?;
            held(&[GoodId::Books])
        }
        Fact::Departure(departure) => held(&goods_of(&departure.spoiled)),
        Fact::Arrival(arrival) => held(&goods_of(&arrival.spoiled)),
        _ => Ok(()),
    }
}

fn possible(is: bool, otherwise: &'static str) -> Possible {
    if is { Ok(()) } else { Err(otherwise) }
}
