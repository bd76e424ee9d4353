//! The world as a command sees it: towns with their markets, and what everyone together has done.

use crate::{
    goods::GoodId,
    ids::PlaceId,
    parameters::{ParameterId, Parameters},
    ships,
    time::DAY_US,
};
use otivm_travel::ShipType;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Bounds of a route's saturation, thousandths.
pub(crate) const SATURATION_LEAST: i64 = 1000;
pub(crate) const SATURATION_MOST: i64 = 10_000;
/// What a full route has above the least: no berth is left.
pub(crate) const FULL_PERMILLE: i64 = 1000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct World {
    towns: BTreeMap<PlaceId, Town>,
    collective: Collective,
}

/// A place as the rules know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Town {
    pub id: PlaceId,
    /// 1 (Rome, Alexandria) to 5 (a small port).
    pub rank: u8,
    pub sea_harbour: bool,
    /// How well leisure is spent here, thousandths.
    pub otium_quality_permille: i64,
    /// By [`GoodId::index`].
    pub stalls: [Stall; GoodId::COUNT],
}

/// One good in one town, without anybody's trade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stall {
    /// Middle price of a unit; 0 where the good is not dealt in.
    pub base_milliasses: i64,
    /// What the town makes and uses in a day, thousandths of a unit.
    pub daily_milliunits: i64,
    /// Share of what the town uses that is grown or made near it, thousandths.
    pub local_permille: i64,
    /// Day of the year (0 is 1 January) when the harvest comes in; `None` where there is none.
    pub harvest_day: Option<u16>,
}

/// What the aggregation derived from everyone's windows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collective {
    /// Thousandths; a pair that is not here stands at 1,000.
    pub multiplier_permille: BTreeMap<(PlaceId, GoodId), i64>,
    /// Of a route, thousandths; 1,000 is nobody's.
    pub saturation_permille: BTreeMap<(PlaceId, PlaceId), i64>,
}

impl World {
    pub fn new(towns: impl IntoIterator<Item = Town>) -> Self {
        let towns = towns.into_iter().map(|town| (town.id.clone(), town)).collect();
        Self { towns, collective: Collective::default() }
    }

    /// The same towns under another collective.
    pub fn with_collective(mut self, collective: Collective) -> Self {
        self.set_collective(collective);
        self
    }

    pub fn set_collective(&mut self, collective: Collective) {
        self.collective = collective;
    }

    pub fn town(&self, id: &PlaceId) -> Option<&Town> {
        self.towns.get(id)
    }

    pub fn towns(&self) -> impl Iterator<Item = &Town> {
        self.towns.values()
    }

    /// Within the bounds that the parameters set.
    pub fn multiplier_permille(
        &self,
        parameters: &Parameters,
        place: &PlaceId,
        good: GoodId,
    ) -> i64 {
        let derived = self.collective.multiplier_permille.get(&(place.clone(), good));
        let least = parameters.get(ParameterId::MultiplierLeast);
        let most = parameters.get(ParameterId::MultiplierMost);
        derived.copied().unwrap_or(1000).clamp(least, most)
    }

    /// A crowded route costs at most ten times the dues.
    pub fn saturation_permille(&self, from: &PlaceId, to: &PlaceId) -> i64 {
        let derived = self.collective.saturation_permille.get(&(from.clone(), to.clone()));
        derived.copied().unwrap_or(1000).clamp(SATURATION_LEAST, SATURATION_MOST)
    }

    /// Harbour dues for a ship that leaves `from` for `to`, asses. Towns of higher rank ask more.
    pub fn harbour_dues(
        &self,
        parameters: &Parameters,
        ship: ShipType,
        from: &PlaceId,
        to: &PlaceId,
    ) -> i64 {
        let per_tonne = i128::from(parameters.get(ParameterId::HarbourDues));
        let tonnes = i128::from(ships::hull(ship).capacity_grams / 1_000_000);
        let rank = i128::from(self.town(from).map_or(3, |town| rank_permille(town.rank)));
        let saturation = i128::from(self.saturation_permille(from, to));
        let milliasses = per_tonne * tonnes * rank / 1000 * saturation / 1000;
        // At most 10^6 x 340 x 2 x 10 milliasses.
        i64::try_from(milliasses / 1000).unwrap_or(i64::MAX)
    }

    /// World time that a ship on a crowded route lies off `to` before there is a berth. Who comes to a queue waits the
    /// longer the less room is left: a few ships are hardly in each other's way.
    pub fn berth_wait_us(&self, parameters: &Parameters, from: &PlaceId, to: &PlaceId) -> i64 {
        let crowd_permille = self.saturation_permille(from, to) - SATURATION_LEAST;
        let crowd_permille = crowd_permille.clamp(0, FULL_PERMILLE);
        let most_us = parameters.get(ParameterId::BerthWait) * DAY_US;
        most_us / (FULL_PERMILLE * FULL_PERMILLE) * crowd_permille * crowd_permille
    }

    /// What the owners of ships ask on a route, thousandths of what they ask where nobody else offers.
    pub(crate) fn freight_permille(&self, from: &PlaceId, to: &PlaceId) -> i64 {
        SATURATION_LEAST * 1000 / self.saturation_permille(from, to)
    }
}

/// Prices of living and landing by a town's rank, from 1 to 5; thousandths of those at rank 3.
pub(crate) const RANK_PERMILLE: [i64; 5] = [2000, 1400, 1000, 800, 600];

pub(crate) fn rank_permille(rank: u8) -> i64 {
    by_rank(RANK_PERMILLE, rank)
}

/// What a table of the five ranks says of one; there is none above the first or below the last.
pub(crate) fn by_rank<T: Copy>(table: [T; 5], rank: u8) -> T {
    table[usize::from(rank.clamp(1, 5)) - 1]
}
