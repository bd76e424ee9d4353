//! What the land around a place yields, from the physical facts of its zones.
//!
//! A zone feeds the nearest place within [`HINTERLAND_RINGS`]; what is grown farther off is eaten where
//! it grows. [`land`](super::land) says what a zone yields, [`works`](super::works) what is mined and made.

use super::{
    demand::population,
    land::{is_irrigated, yields},
    works::{WORKS, Works},
};
use crate::goods::GoodId;
use std::collections::BTreeMap;
use tessera_grid::Zone;
use tessera_world::{Cell, Place};

/// Rings around a place that it lives on: some 100 km, four days of a cart.
pub const HINTERLAND_RINGS: u32 = 6;
/// Less reaches the market from each ring farther out.
pub(crate) const LOST_PER_RING: f64 = 0.1;

/// Wheat of a flooded plain costs half the work: ten- to fifteenfold seed against four (Columella
/// 3.3.4; Rathbone 1991, 242-244).
pub(crate) const WATERED_COST_SHARE: f64 = 0.5;

/// Which place a zone feeds, and how much of its yield gets there.
pub struct Hinterland(BTreeMap<Zone, (u32, i64, usize)>);

impl Hinterland {
    pub fn of(places: &[Place]) -> Self {
        let mut nearest: BTreeMap<Zone, (u32, i64, usize)> = BTreeMap::new();
        for (index, place) in places.iter().enumerate() {
            let mut inner = Vec::new();
            for ring in 0..=HINTERLAND_RINGS {
                let disk = place.zone.disk(ring);
                for zone in disk.iter().filter(|zone| !inner.contains(*zone)) {
                    // As many rings from two places: the nearer one has it, to the metre.
                    let metres = zone.centre().distance_km(place.position) * 1000.0;
                    let claim = (ring, metres.round() as i64, index);
                    let held = nearest.entry(*zone).or_insert(claim);
                    *held = (*held).min(claim);
                }
                inner = disk;
            }
        }
        Self(nearest)
    }

    /// The place, and the share of the yield that reaches it.
    pub fn fed_by(&self, zone: Zone) -> Option<(usize, f64)> {
        let (ring, _, place) = self.0.get(&zone)?;
        Some((*place, 1.0 - f64::from(*ring) * LOST_PER_RING))
    }
}

/// What one place brings to market of one good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supply {
    /// Units a year where the price is what it costs.
    pub units: f64,
    /// Of the good's `cost`: 1 ordinarily, less where the land gives more for the work.
    pub cost_share: f64,
}

/// What each place's hinterland brings to market, good by good.
pub fn supply<'a>(
    places: &[Place],
    cells: impl IntoIterator<Item = &'a Cell>,
) -> Vec<[Supply; GoodId::COUNT]> {
    let hinterland = Hinterland::of(places);
    let mut tonnes = vec![[0.0; GoodId::COUNT]; places.len()];
    // Wheat of watered plains, which costs less.
    let mut watered = vec![0.0; places.len()];
    for cell in cells {
        let Some((place, share)) = hinterland.fed_by(cell.zone) else {
            continue;
        };
        let yielded = yields(cell);
        for (sum, yielded) in tonnes[place].iter_mut().zip(yielded) {
            *sum += yielded * share;
        }
        if is_irrigated(cell) {
            watered[place] += yielded[GoodId::Wheat.index()] * share;
        }
    }
    for Works { good, latitude, longitude, tonnes: a_year } in WORKS {
        if let Some(place) = nearest(places, latitude, longitude) {
            tonnes[place][good.index()] += a_year;
        }
    }
    for (place, sum) in places.iter().zip(&mut tonnes) {
        sum[GoodId::Books.index()] += copied_tonnes(place);
    }
    let of_good = |place: usize, good: GoodId| {
        let brought = tonnes[place][good.index()];
        let easy =
            if good == GoodId::Wheat && brought > 0.0 { watered[place] / brought } else { 0.0 };
        Supply {
            units: brought * 1e6 / good.good().unit_grams as f64,
            cost_share: 1.0 - easy * (1.0 - WATERED_COST_SHARE),
        }
    };
    (0..places.len()).map(|place| GoodId::ALL.map(|good| of_good(place, good))).collect()
}

/// The place to which a mine sends its ingots, if the world reaches so far.
fn nearest(places: &[Place], latitude: f64, longitude: f64) -> Option<usize> {
    const HAUL_KM: f64 = 300.0;
    let mine = tessera_grid::Position::new(latitude, longitude).ok()?;
    let away = |place: &Place| place.position.distance_km(mine);
    let (index, place) =
        places.iter().enumerate().min_by(|(_, a), (_, b)| away(a).total_cmp(&away(b)))?;
    (away(place) <= HAUL_KM).then_some(index)
}

/// Copyists work where authors, libraries and buyers are: a case of rolls for every 300 people of a
/// great city (Rome, Alexandria), for every 1,000 of a capital (Athens, Lugdunum: Pliny Ep. 9.11).
fn copied_tonnes(place: &Place) -> f64 {
    let heads = match place.rank {
        0 | 1 => 300.0,
        2 => 1_000.0,
        _ => return 0.0,
    };
    f64::from(population(place)) / heads * GoodId::Books.good().unit_grams as f64 / 1e6
}
