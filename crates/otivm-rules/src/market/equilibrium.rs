//! The prices at which nobody gains by carrying one more unit anywhere.
//!
//! Samuelson's spatial equilibrium with linear supply and demand (Takayama and Judge 1971), solved by
//! relaxation: arc after arc, as much is shipped (or held back) as closes the gap between the price
//! there and the price here with carriage. Only additions, products and quotients of numbers in a
//! fixed order, so that every node finds the same prices.

use super::{Transport, supply::Supply};
use crate::goods::Good;

/// Interest and risk of goods on the way, of their price a day: sea loans of 20 to 33 percent for
/// some eighty days (Casson 1980 on the Muziris loan; Andreau 1999, 54-56).
const RISK_A_DAY: f64 = 0.003;
/// Price elasticity of demand at `worth`.
const DEMAND_ELASTICITY: f64 = 0.5;
/// Of supply at `cost`: below half of it nobody brings anything to market.
const SUPPLY_ELASTICITY: f64 = 2.0;
/// Relaxation stops when a sweep moves no price by more than this share of `worth`.
const TOLERANCE: f64 = 1e-5;
/// Sweeps at most; the worst good of the default world needs a small part of it.
const SWEEPS_MAX: usize = 4000;
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

struct Arc {
    from: usize,
    to: usize,
    /// The price there is at most `markup` times the price here, and `freight` more.
    markup: f64,
    freight: f64,
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
    let mut arcs = arcs(good, transport, &price);
    let tolerance = TOLERANCE * good.worth_asses as f64;
    let mut sweeps = 0;
    let mut before = price.clone();
    while sweeps < SWEEPS_MAX {
        sweeps += 1;
        sweep(&mut arcs, &mut price, &steepness);
        let moved = before.iter().zip(&price).map(|(old, new)| (old - new).abs());
        if moved.fold(0.0, f64::max) < tolerance {
            break;
        }
        before.copy_from_slice(&price);
    }
    let made = lines.iter().zip(&price).map(|(line, price)| line.made(*price).max(0.0)).collect();
    let used = lines.iter().zip(&price).map(|(line, price)| line.used(*price)).collect();
    Equilibrium { price, made, used, sweeps }
}

/// Ships along every arc what closes its gap.
fn sweep(arcs: &mut [Arc], price: &mut [f64], steepness: &[f64]) {
    for arc in arcs {
        let gap = price[arc.to] - price[arc.from] * arc.markup - arc.freight;
        if gap <= 0.0 && arc.shipped <= 0.0 {
            continue;
        }
        let (here, there) = (steepness[arc.from], steepness[arc.to]);
        let closing = gap / (here * arc.markup + there);
        let step = closing.max(-arc.shipped);
        arc.shipped += step;
        price[arc.from] += here * step;
        price[arc.to] -= there * step;
    }
}

/// The arcs that could ever carry: prices only fall where goods come in and rise where they leave, so
/// one whose cost is above the dearest price beyond its own place's never will.
fn arcs(good: &Good, transport: &Transport, alone: &[f64]) -> Vec<Arc> {
    let tonnes = good.unit_grams as f64 / 1e6;
    let dearest = alone.iter().copied().fold(0.0, f64::max);
    let mut arcs = Vec::new();
    for from in 0..transport.places() {
        for to in (0..transport.places()).filter(|to| *to != from) {
            let Some(carriage) = transport.carriage(from, to) else {
                continue;
            };
            let freight = f64::from(carriage.milliasses_tonne) / 1000.0 * tonnes;
            let markup = 1.0 + RISK_A_DAY * f64::from(carriage.hours) / 24.0;
            if freight < dearest {
                arcs.push(Arc { from, to, markup, freight, shipped: 0.0 });
            }
        }
    }
    arcs
}
