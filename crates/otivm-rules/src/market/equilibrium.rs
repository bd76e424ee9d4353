//! The prices at which nobody gains by carrying one more unit anywhere.
//!
//! Samuelson's spatial equilibrium with linear supply and demand (Takayama and Judge 1971), solved by
//! relaxation: pair after pair, as much is shipped (or held back) as closes the gap between the price
//! there and the price here with carriage. Only additions, products and quotients of numbers in a
//! fixed order, so that every node finds the same prices.

use super::{Transport, supply::Supply};
use crate::goods::Good;

/// Interest and risk of goods on the way, of their price a day: sea loans of 20 to 33 percent for
/// some eighty days (Casson 1980 on the Muziris loan; Andreau 1999, 54-56).
pub const RISK_A_DAY: f64 = 0.003;
/// Price elasticity of demand at `worth`.
pub(crate) const DEMAND_ELASTICITY: f64 = 0.5;
/// Of supply at `cost`: below half of it nobody brings anything to market.
pub(crate) const SUPPLY_ELASTICITY: f64 = 2.0;
/// Relaxation stops when no way is out of balance by more than this share of `worth`.
const TOLERANCE: f64 = 0.003;
/// Sweeps at most; the worst good of the default world needs a small part of it.
const SWEEPS_MAX: usize = 40_000;
/// Sweeps over the ways in use for each over all ways, which are forty times as many.
const SWEEPS_OF_BUSY: usize = 40;
/// What a place without makers and users still has of either, so that its price is a number.
const TRACE_UNITS: f64 = 1.0;

/// One good over all places.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// Asses a unit.
    pub price: Vec<f64>,
    /// Units a year made and used at that price.
    pub made: Vec<f64>,
    pub used: Vec<f64>,
    pub sweeps: usize,
}

/// A place's straight line: price against net export.
#[derive(Clone, Copy)]
struct Line {
    supply: f64,
    demand: f64,
    cost: f64,
    worth: f64,
}

impl Line {
    fn made(&self, price: f64) -> f64 {
        self.supply * (1.0 + SUPPLY_ELASTICITY * (price / self.cost - 1.0))
    }

    fn used(&self, price: f64) -> f64 {
        self.demand * (1.0 - DEMAND_ELASTICITY * (price / self.worth - 1.0))
    }

    /// Rise of the price for one unit more that leaves.
    fn steepness(&self) -> f64 {
        1.0 / (self.supply * SUPPLY_ELASTICITY / self.cost
            + self.demand * DEMAND_ELASTICITY / self.worth)
    }

    /// The price where nothing leaves or comes.
    fn alone(&self) -> f64 {
        let short = self.used(0.0) - self.made(0.0);
        short * self.steepness()
    }
}

/// One direction between two places: the price there is at most `markup` times the price here, and
/// `freight` more.
#[derive(Clone, Copy)]
struct Lane {
    markup: f64,
    freight: f64,
}

/// Two places that trade, in one direction or the other, never both: else goods would circle.
struct Pair {
    places: [usize; 2],
    /// From the first to the second, and back.
    lanes: [Option<Lane>; 2],
    /// Units a year from the first to the second, less those back.
    shipped: f64,
}

/// Prices of one good from supply and demand (units a year, at `cost` and at `worth`).
///
/// The lines go on below nothing: where imports push the price under half of a place's cost, its
/// makers count as buyers. That is rare, and keeps every place a straight line.
pub fn equilibrium(
    good: &Good,
    supply: &[Supply],
    demand: &[f64],
    transport: &Transport,
) -> Equilibrium {
    let lines: Vec<Line> = supply
        .iter()
        .zip(demand)
        .map(|(supply, demand)| Line {
            supply: supply.units,
            demand: demand.max(TRACE_UNITS),
            cost: good.cost_asses as f64 * supply.cost_share,
            worth: good.worth_asses as f64,
        })
        .collect();
    let steepness: Vec<f64> = lines.iter().map(Line::steepness).collect();
    let mut price: Vec<f64> = lines.iter().map(Line::alone).collect();
    let mut pairs = pairs(good, transport, &price);
    let tolerance = TOLERANCE * good.worth_asses as f64;
    let mut sweeps = 0;
    while sweeps < SWEEPS_MAX {
        sweeps += 1;
        if relax(pairs.iter_mut(), &mut price, &steepness) < tolerance {
            break;
        }
        // Few ways carry anything: those are settled among themselves before all are looked at again.
        let mut busy: Vec<&mut Pair> =
            pairs.iter_mut().filter(|pair| pair.shipped != 0.0).collect();
        for _ in 0..SWEEPS_OF_BUSY {
            sweeps += 1;
            let widest = relax(busy.iter_mut().map(|pair| &mut **pair), &mut price, &steepness);
            if widest < tolerance {
                break;
            }
        }
    }
    let made = lines.iter().zip(&price).map(|(line, price)| line.made(*price).max(0.0)).collect();
    let used = lines.iter().zip(&price).map(|(line, price)| line.used(*price)).collect();
    Equilibrium { price, made, used, sweeps }
}

/// One sweep; how far the widest gap was open.
fn relax<'a>(
    pairs: impl Iterator<Item = &'a mut Pair>,
    price: &mut [f64],
    steepness: &[f64],
) -> f64 {
    pairs.map(|pair| pair.relax(price, steepness)).fold(0.0, f64::max)
}

impl Pair {
    /// Ships what closes the gap; gives how wide it was.
    fn relax(&mut self, price: &mut [f64], steepness: &[f64]) -> f64 {
        let ahead = self.ship(0, price, steepness);
        ahead.max(self.ship(1, price, steepness))
    }

    /// In one direction: more, or less down to nothing, or nothing while goods come the other way.
    fn ship(&mut self, direction: usize, price: &mut [f64], steepness: &[f64]) -> f64 {
        let Some(Lane { markup, freight }) = self.lanes[direction] else {
            return 0.0;
        };
        let (here, there) = (self.places[direction], self.places[1 - direction]);
        let shipped = if direction == 0 { self.shipped } else { -self.shipped };
        let gap = price[there] - price[here] * markup - freight;
        if shipped < 0.0 || (gap <= 0.0 && shipped <= 0.0) {
            return 0.0;
        }
        let closing = gap / (steepness[here] * markup + steepness[there]);
        let step = closing.max(-shipped);
        self.shipped = if direction == 0 { shipped + step } else { -(shipped + step) };
        price[here] += steepness[here] * step;
        price[there] -= steepness[there] * step;
        gap.abs()
    }
}

/// The pairs that could ever trade: no price rises above the dearest that any place has alone, so a
/// lane that costs more than that never carries.
fn pairs(good: &Good, transport: &Transport, alone: &[f64]) -> Vec<Pair> {
    let tonnes = good.unit_grams as f64 / 1e6;
    let dearest = alone.iter().copied().fold(0.0, f64::max);
    let lane = |from, to| {
        let carriage = transport.carriage(from, to)?;
        let freight = f64::from(carriage.milliasses_tonne) / 1000.0 * tonnes;
        let markup = 1.0 + RISK_A_DAY * f64::from(carriage.hours) / 24.0;
        (freight < dearest).then_some(Lane { markup, freight })
    };
    let mut pairs = Vec::new();
    for first in 0..transport.places() {
        for second in first + 1..transport.places() {
            let lanes = [lane(first, second), lane(second, first)];
            if lanes.iter().any(Option::is_some) {
                pairs.push(Pair { places: [first, second], lanes, shipped: 0.0 });
            }
        }
    }
    pairs
}
