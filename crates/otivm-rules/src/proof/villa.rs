//! Villas: had where they were bought, sold for what they were worth, filled with what was there.

use super::{Possible, harbour::in_business, hold::reckoned_up, possible};
use crate::{
    decide::{UNITS_MAX, least_price_asses, villa_resale_asses},
    fact::{Fact, Removal, Shelving, VillaPurchase, VillaSale, Way},
    goods::GoodId,
    parameters::ParameterId,
    state::State,
};

pub(super) fn could_happen(state: &State, fact: &Fact) -> Possible {
    match fact {
        Fact::VillaPurchase(purchase) => bought(state, purchase),
        Fact::VillaSale(sale) => sold(state, sale),
        Fact::Shelving(shelving) => shelved(state, shelving),
        _ => Ok(()),
    }
}

/// How dear it was in its place only its world could tell.
fn bought(state: &State, purchase: &VillaPurchase) -> Possible {
    in_business(state, &purchase.place)?;
    possible(!state.villas.contains_key(&purchase.place), "the merchant had a villa there")?;
    let had = i64::try_from(state.villas.len()).unwrap_or(i64::MAX);
    let most = state.parameters.get(ParameterId::VillasMost);
    possible(had < most, "nobody has so many villas")?;
    let least = least_price_asses(&state.parameters);
    possible(purchase.price_asses >= least, "nowhere is a villa so cheap")
}

fn sold(state: &State, sale: &VillaSale) -> Possible {
    let ashore = state.place().is_some();
    possible(ashore && state.otium.is_none(), "one sells from a harbour, and not in otium")?;
    let villa = state.villas.get(&sale.place).ok_or("the merchant had no villa there")?;
    possible(sale.books == villa.books.units, "that was not what the library held")?;
    let by_letter = state.place() != Some(&sale.place);
    possible(by_letter || sale.books == 0, "who is there takes his books first")?;
    let told = (sale.price_asses, sale.books_asses);
    let worth = villa_resale_asses(&state.parameters, villa);
    possible(told == worth, "that was not what a villa is sold for")
}

fn shelved(state: &State, shelving: &Shelving) -> Possible {
    in_business(state, &shelving.place)?;
    let villa = state.villas.get(&shelving.place).ok_or("the merchant had no villa there")?;
    possible((1..=UNITS_MAX).contains(&shelving.units), "nobody moves that many units")?;
    reckoned_up(state, GoodId::Books, shelving.aboard)?;
    let room = state.parameters.get(ParameterId::LibraryRoom);
    let (begun_ppm, fits) = match shelving.way {
        Way::In => {
            let filled = villa.books.units.saturating_add(shelving.units);
            (shelving.aboard.unwrap_or_default().carried_ppm, filled <= room)
        }
        Way::Out => (villa.carried_ppm, true),
    };
    possible(fits, "the library did not hold so many books")?;
    possible(shelving.moved_ppm <= begun_ppm, "more went along than had begun to spoil")
}

/// What a villa in a lost place leaves.
pub(super) fn left_behind(state: &State, removal: &Removal) -> Possible {
    let villa = state.villas.get(&removal.from).copied().unwrap_or_default();
    let told = (removal.villa_asses, removal.books);
    let kept = (villa.paid_asses, villa.books.units);
    possible(told == kept, "that was not what the villa there had cost and held")
}
