//! What townspeople use, from a place's population and rank.

use crate::{goods::GoodId, world::by_rank};
use tessera_world::Place;

/// Units a year at the price that townspeople ordinarily give.
pub fn demand(place: &Place) -> [f64; GoodId::COUNT] {
    let thousands = f64::from(population(place)) / 1000.0;
    GoodId::ALL.map(|good| {
        let wealth = if is_luxury(good) { by_rank(WEALTH, place.rank) } else { 1.0 };
        good.good().demand_units as f64 * thousands * wealth
    })
}

/// What places of a rank ordinarily hold, from rank 1 to 5 (Hanson 2016).
pub(crate) const POPULATIONS: [u32; 5] = [300_000, 50_000, 15_000, 6_000, 2_500];
/// What townspeople take of luxuries by rank, as a multiple of what those of rank 3 do: the rich live in great cities.
pub(crate) const WEALTH: [f64; 5] = [2.0, 1.4, 1.0, 0.7, 0.5];

/// As the release gives it, or as its rank lets expect.
pub fn population(place: &Place) -> u32 {
    place.population.unwrap_or(by_rank(POPULATIONS, place.rank))
}

fn is_luxury(good: GoodId) -> bool {
    matches!(
        good,
        GoodId::Garum
            | GoodId::Papyrus
            | GoodId::Pepper
            | GoodId::Incense
            | GoodId::WineOld
            | GoodId::WineNoble
            | GoodId::Marble
            | GoodId::Silver
            | GoodId::Purple
            | GoodId::Silk
            | GoodId::Amber
            | GoodId::Books
    )
}
