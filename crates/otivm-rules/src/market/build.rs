//! From the physical world to towns with prices: run once for a release, then kept.

use super::{
    Transport,
    demand::demand,
    equilibrium::{Equilibrium, equilibrium},
    harvest::harvest_day,
    leisure::Leisure,
    supply::supply,
};
use crate::{
    fact::AMOUNT_MAX,
    goods::GoodId,
    ids::{PlaceId, PlaceIdError},
    world::{Stall, Town},
};
use std::{
    borrow::Borrow,
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering},
};
use tessera_world::{Cell, Harbour, Place};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    PlaceId(#[from] PlaceIdError),
    #[error("there are {places} places, but carriage for {carried}")]
    Transport { places: usize, carried: usize },
}

/// The towns of a release, worked out by so many threads. `transport` stands in the order of `places`.
pub fn towns<C: Borrow<Cell>>(
    places: &[Place],
    cells: &[C],
    transport: &Transport,
    threads: NonZeroUsize,
) -> Result<Vec<Town>, BuildError> {
    if transport.places() != places.len() {
        let (places, carried) = (places.len(), transport.places());
        return Err(BuildError::Transport { places, carried });
    }
    let supplies = supply(places, cells.iter().map(Borrow::borrow));
    let demands: Vec<_> = places.iter().map(demand).collect();
    let leisure = Leisure::of(places, cells.iter().map(Borrow::borrow));
    let mut towns = Vec::with_capacity(places.len());
    for (index, place) in places.iter().enumerate() {
        towns.push(Town {
            id: place.id.parse::<PlaceId>()?,
            rank: place.rank,
            sea_harbour: place.harbour == Harbour::Sea && place.water_zone.is_some(),
            otium_quality_permille: leisure.quality_permille(index),
            stalls: [Stall::default(); GoodId::COUNT],
        });
    }
    let solve = |good: GoodId| {
        let made: Vec<_> = supplies.iter().map(|row| row[good.index()]).collect();
        let used: Vec<_> = demands.iter().map(|row| row[good.index()]).collect();
        equilibrium(good.good(), &made, &used, transport)
    };
    for (good, solved) in each_good(threads, &solve) {
        for (index, (town, place)) in towns.iter_mut().zip(places).enumerate() {
            let ordinary = demands[index][good.index()];
            town.stalls[good.index()] = stall(good, place, &solved, index, ordinary);
        }
    }
    Ok(towns)
}

/// Each good by itself: however many threads share the work, the prices are the same.
fn each_good(
    threads: NonZeroUsize,
    solve: &(impl Fn(GoodId) -> Equilibrium + Sync),
) -> Vec<(GoodId, Equilibrium)> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut solved = Vec::new();
        while let Some(good) = GoodId::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
            solved.push((*good, solve(*good)));
        }
        solved
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.get()).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        // A worker that panicked is a bug that the caller must see as one.
        joined
            .flat_map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

fn stall(
    good: GoodId,
    place: &Place,
    solved: &Equilibrium,
    index: usize,
    ordinary_demand: f64,
) -> Stall {
    const DAYS: f64 = 365.0;
    let used = solved.used[index].max(ordinary_demand * MOUTHS_SHARE);
    let daily = used.max(solved.made[index]).max(0.0) / DAYS;
    let local = if used > 0.0 { solved.made[index] / used } else { 0.0 };
    Stall {
        base_milliasses: whole(solved.price[index] * 1000.0).max(1),
        daily_milliunits: whole(daily * 1000.0),
        local_permille: whole(local * 1000.0).min(LOCAL_MOST_PERMILLE),
        harvest_day: harvest_day(good, place.position.latitude()),
    }
}

/// A market that is starved at its price still has as many mouths: of what it ordinarily uses.
pub(crate) const MOUTHS_SHARE: f64 = 0.2;
/// A place that makes more than a hundred times what it uses makes it for the world.
pub(crate) const LOCAL_MOST_PERMILLE: i64 = 100_000;

fn whole(value: f64) -> i64 {
    value.round().clamp(0.0, AMOUNT_MAX as f64) as i64
}
