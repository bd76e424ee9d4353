//! What is aboard ages, and who began to tell so tells it to the end.

use super::{Possible, possible};
use crate::{
    fact::{Aged, Carried},
    goods::GoodId,
    hold::UNIT_PPM,
    state::State,
};

const UNTOLD: &str = "goods that age were aboard, and were not reckoned up";
const UNCOUNTED: &str = "a whole unit had spoiled and was not counted";

pub(super) fn reckoned_up(state: &State, good: GoodId, aged: Option<Aged>) -> Possible {
    possible(aged.is_some() || !state.aging.contains_key(&good), UNTOLD)?;
    possible(aged.is_none_or(|aged| aged.carried_ppm < UNIT_PPM), UNCOUNTED)
}

pub(super) fn all_reckoned_up(state: &State, carried: &[Carried]) -> Possible {
    let told = |good: &GoodId| carried.iter().any(|carried| carried.good == *good);
    possible(state.aging.keys().all(told), UNTOLD)?;
    possible(carried.iter().all(|carried| carried.ppm < UNIT_PPM), UNCOUNTED)
}
