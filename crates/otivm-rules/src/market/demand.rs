//! What townspeople use, from a place's population and rank.

use crate::goods::GoodId;
use tessera_world::Place;

/// Units a year at the price that townspeople ordinarily give.
pub fn demand(place: &Place) -> [f64; GoodId::COUNT] {
    let thousands = f64::from(population(place)) / 1000.0;
    GoodId::ALL.map(|good| {
        let wealth = if is_luxury(good) { wealth(place.rank) } else { 1.0 };
        good.good().demand_units as f64 * thousands * wealth
    })
}

/// As the release gives it, or what places of its rank ordinarily hold (Hanson 2016).
pub fn population(place: &Place) -> u32 {
    place.population.unwrap_or(match place.rank {
        0 | 1 => 300_000,
        2 => 50_000,
        3 => 15_000,
        4 => 6_000,
        _ => 2_500,
    })
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

/// The rich live in great cities.
fn wealth(rank: u8) -> f64 {
    match rank {
        0 | 1 => 2.0,
        2 => 1.4,
        3 => 1.0,
        4 => 0.7,
        _ => 0.5,
    }
}
