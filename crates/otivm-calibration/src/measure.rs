//! What the engine says of a leg, and how far that is from what is published.

use crate::legs::{Kind, Leg};
use otivm_travel::{Chart, Gait, Month, Navigator, Query, Route, ShipType};
use std::{collections::BTreeMap, sync::Arc, thread};

/// A leg with the engine's days and kilometres; `None` where it finds no way.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) leg: Leg,
    pub(crate) found: Option<Found>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) days: f64,
    pub(crate) km: f64,
    pub(crate) asses_tonne: f64,
}

impl Measured {
    /// Of the published days; 1 and more where no way is found.
    pub(crate) fn error(&self) -> f64 {
        self.found.map_or(1.0, |found| (found.days / self.leg.days - 1.0).abs())
    }
}

pub(crate) fn found(route: &Route) -> Found {
    Found { days: route.days, km: route.km, asses_tonne: route.milliasses_tonne as f64 / 1000.0 }
}

pub(crate) fn query(leg: &Leg, month: Month) -> Query {
    Query {
        from: leg.from,
        to: leg.to,
        mode: leg.kind.mode(),
        ship: ShipType::CorbitaMaior,
        gait: Gait::Foot,
        month,
    }
}

pub(crate) fn all(chart: &Arc<Chart>, legs: &[Leg], month: Month) -> Vec<Measured> {
    let half = legs.len().div_ceil(2).max(1);
    let measure = |legs: &[Leg]| -> Vec<Measured> {
        let mut navigator = Navigator::new(Arc::clone(chart));
        legs.iter()
            .map(|leg| Measured {
                leg: leg.clone(),
                found: navigator.journey(&query(leg, month)).ok().as_ref().map(found),
            })
            .collect()
    };
    thread::scope(|scope| {
        let workers: Vec<_> =
            legs.chunks(half).map(|legs| scope.spawn(move || measure(legs))).collect();
        let joined = workers.into_iter().map(thread::ScopedJoinHandle::join);
        joined
            .flat_map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Of one kind of leg.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Score {
    pub(crate) legs: usize,
    pub(crate) without_way: usize,
    pub(crate) median: f64,
    pub(crate) p90: f64,
    /// Median of engine over publication, less one.
    pub(crate) bias: f64,
    pub(crate) km_bias: f64,
}

pub(crate) fn score<'a>(measured: impl Iterator<Item = &'a Measured>) -> Option<Score> {
    let measured: Vec<&Measured> = measured.collect();
    let errors: Vec<f64> = measured.iter().map(|leg| leg.error()).collect();
    let ratio = |of: fn(&Measured) -> Option<f64>| -> Vec<f64> {
        measured.iter().filter_map(|leg| of(leg)).collect()
    };
    let days = ratio(|leg| Some(leg.found?.days / leg.leg.days));
    let km = ratio(|leg| Some(leg.found?.km / leg.leg.km));
    Some(Score {
        legs: measured.len(),
        without_way: measured.len() - days.len(),
        median: quantile(&errors, 0.5)?,
        p90: quantile(&errors, 0.9)?,
        bias: quantile(&days, 0.5)? - 1.0,
        km_bias: quantile(&km, 0.5)? - 1.0,
    })
}

pub(crate) fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = share * sorted.len().checked_sub(1)? as f64;
    let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    Some(low + (high - low) * at.fract())
}

/// Pairs of places whose two ways differ by more than a share, and how many of them the engine has the
/// right way round.
pub(crate) fn asymmetry(measured: &[Measured], share: f64) -> (usize, usize) {
    let at_sea =
        measured.iter().filter(|leg| matches!(leg.leg.kind, Kind::Coastal | Kind::Overseas));
    let by_ends: BTreeMap<(&str, &str), &Measured> =
        at_sea.map(|leg| ((leg.leg.source.as_str(), leg.leg.target.as_str()), leg)).collect();
    let (mut right, mut pairs) = (0, 0);
    for ((source, target), there) in by_ends.iter().filter(|((source, target), _)| source < target)
    {
        let Some(back) = by_ends.get(&(*target, *source)) else { continue };
        let published = there.leg.days / back.leg.days;
        if published.max(1.0 / published) <= 1.0 + share {
            continue;
        }
        pairs += 1;
        if let (Some(a), Some(b)) = (there.found, back.found)
            && (a.days > b.days) == (published > 1.0)
        {
            right += 1;
        }
    }
    (right, pairs)
}
