//! Fits the named parameters by the simplex of Nelder and Mead (1965), and says how they do on pairs of places
//! that were left out.

use crate::{
    legs::{Kind, Leg, Voyage},
    measure::{self, Found, Measured},
    page::Sailed,
};
use otivm_travel::{
    Chart, Gait, Mode, Month, NAMED, Named, Navigator, Parameters, Query, ShipType,
};
use std::sync::Arc;

/// Which numbers are fitted on which legs.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) kinds: &'static [Kind],
    pub(crate) ids: &'static [&'static str],
}

/// ORBIS states its own speeds on rivers and roads (65 and 15, 30 km a day): those are not fitted.
pub(crate) const GROUPS: [Group; 3] = [
    Group {
        name: "sea",
        kinds: &[Kind::Coastal, Kind::Overseas],
        ids: &[
            "sail_power",
            "wind_spread",
            "windward",
            "coast_winding",
            "sea_winding",
            "harbour_hours",
            "offing_aversion",
        ],
    },
    Group {
        name: "river",
        kinds: &[Kind::Downstream, Kind::Upstream],
        ids: &["river_winding", "river_sail_km_day"],
    },
    Group { name: "road", kinds: &[Kind::Road], ids: &["road_winding", "road_grade"] },
];

/// An error beyond this tells of a broken leg more than of the engine: it weighs no more.
const LOSS_MOST: f64 = 0.7;
/// Evaluations of one fit; the simplex has long settled.
const EVALUATIONS: usize = 110;
pub(crate) const FOLDS: u64 = 5;

/// A chart that is searched with one set of parameters after another.
pub(crate) struct Bench {
    chart: Option<Chart>,
    month: Month,
}

impl Bench {
    pub(crate) fn new(chart: Chart, month: Month) -> Self {
        Self { chart: Some(chart), month }
    }

    pub(crate) fn measure(&mut self, parameters: Parameters, legs: &[Leg]) -> Vec<Measured> {
        let Some(chart) = self.chart.take() else { return Vec::new() };
        let chart = Arc::new(chart.with_parameters(parameters));
        let measured = measure::all(&chart, legs, self.month);
        self.chart = Arc::try_unwrap(chart).ok();
        measured
    }
}

impl Bench {
    /// Each attested voyage in its quickest and its slowest month from April to October, with the engine's own
    /// parameters.
    pub(crate) fn sail(&mut self, voyages: &[Voyage]) -> anyhow::Result<Vec<Sailed>> {
        let Some(chart) = self.chart.take() else { return Ok(Vec::new()) };
        let chart = Arc::new(chart.with_parameters(Parameters::default()));
        let mut navigator = Navigator::new(Arc::clone(&chart));
        let mut sailed = Vec::with_capacity(voyages.len());
        for voyage in voyages {
            let (from, to) = voyage.ends()?;
            let (mode, ship, gait) = (Mode::Sea, ShipType::CorbitaMaior, Gait::Foot);
            let mut found: Vec<Found> = Month::all()
                .filter(|month| (4..=10).contains(&u8::from(*month)))
                .filter_map(|month| {
                    navigator.journey(&Query { from, to, mode, ship, gait, month }).ok()
                })
                .map(|route| measure::found(&route))
                .collect();
            found.sort_by(|a, b| a.days.total_cmp(&b.days));
            let ends = found.first().copied().zip(found.last().copied());
            sailed.push(Sailed { voyage: voyage.clone(), found: ends });
        }
        drop(navigator);
        self.chart = Arc::try_unwrap(chart).ok();
        Ok(sailed)
    }
}

/// Mean of how far the days are off, as a logarithm, each leg at most [`LOSS_MOST`].
fn loss(measured: &[Measured]) -> f64 {
    let off = |leg: &Measured| {
        leg.found.map_or(LOSS_MOST, |found| (found.days / leg.leg.days).ln().abs().min(LOSS_MOST))
    };
    measured.iter().map(off).sum::<f64>() / measured.len().max(1) as f64
}

pub(crate) fn fit(bench: &mut Bench, group: &Group, legs: &[Leg], start: Parameters) -> Parameters {
    let named: Vec<Named> =
        NAMED.into_iter().filter(|named| group.ids.contains(&named.id)).collect();
    let with = |shares: &[f64]| {
        let mut parameters = start;
        for (named, share) in named.iter().zip(shares) {
            let share = share.clamp(0.0, 1.0);
            *(named.of)(&mut parameters) = named.least + (named.most - named.least) * share;
        }
        parameters
    };
    let mut first = start;
    let shares: Vec<f64> = named
        .iter()
        .map(|named| (*(named.of)(&mut first) - named.least) / (named.most - named.least))
        .collect();
    // A gentle slope outside the bounds leads the simplex back.
    let outside = |shares: &[f64]| {
        shares.iter().map(|share| (share - share.clamp(0.0, 1.0)).abs()).sum::<f64>()
    };
    let best =
        simplex(&shares, |shares| loss(&bench.measure(with(shares), legs)) + outside(shares));
    with(&best)
}

/// Least point of a function near a start, by Nelder and Mead's rules.
fn simplex(start: &[f64], mut at: impl FnMut(&[f64]) -> f64) -> Vec<f64> {
    let mut corners: Vec<(f64, Vec<f64>)> = vec![(at(start), start.to_vec())];
    for axis in 0..start.len() {
        let mut corner = start.to_vec();
        corner[axis] += if corner[axis] > 0.6 { -0.2 } else { 0.2 };
        corners.push((at(&corner), corner));
    }
    let mut used = corners.len();
    while used < EVALUATIONS {
        corners.sort_by(|a, b| a.0.total_cmp(&b.0));
        let last = corners.len() - 1;
        let middle: Vec<f64> = (0..start.len())
            .map(|axis| corners[..last].iter().map(|(_, c)| c[axis]).sum::<f64>() / last as f64)
            .collect();
        let worst = corners[last].clone();
        let along = |step: f64| -> Vec<f64> {
            middle.iter().zip(&worst.1).map(|(m, w)| m + (m - w) * step).collect()
        };
        let mut try_at = |step: f64| {
            let point = along(step);
            used += 1;
            (at(&point), point)
        };
        let reflected = try_at(1.0);
        let next = if reflected.0 < corners[0].0 {
            let expanded = try_at(2.0);
            if expanded.0 < reflected.0 { expanded } else { reflected }
        } else if reflected.0 < corners[last - 1].0 {
            reflected
        } else {
            try_at(if reflected.0 < worst.0 { 0.5 } else { -0.5 })
        };
        if next.0 < worst.0 {
            corners[last] = next;
            continue;
        }
        let best = corners[0].1.clone();
        for corner in &mut corners[1..] {
            for (part, least) in corner.1.iter_mut().zip(&best) {
                *part = f64::midpoint(*part, *least);
            }
            corner.0 = at(&corner.1);
            used += 1;
        }
    }
    corners.sort_by(|a, b| a.0.total_cmp(&b.0));
    corners.swap_remove(0).1
}

/// The fold of a pair of places, the same for both directions.
pub(crate) fn fold(leg: &Leg) -> u64 {
    let (a, b) = if leg.source < leg.target {
        (&leg.source, &leg.target)
    } else {
        (&leg.target, &leg.source)
    };
    // FNV-1a: stable wherever it runs.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in a.bytes().chain(*b"-").chain(b.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash >> 32) % FOLDS
}

/// Every leg measured with parameters that were fitted without its fold.
pub(crate) fn out_of_fold(
    bench: &mut Bench,
    group: &Group,
    legs: &[Leg],
    start: Parameters,
) -> Vec<Measured> {
    let mut all = Vec::new();
    for left_out in 0..FOLDS {
        let (unseen, seen): (Vec<Leg>, Vec<Leg>) =
            legs.iter().cloned().partition(|leg| fold(leg) == left_out);
        let fitted = fit(bench, group, &seen, start);
        all.extend(bench.measure(fitted, &unseen));
    }
    all
}
