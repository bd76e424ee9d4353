//! A price for a number of units, here and now, with its reasons.
//!
//! The price climbs in a straight line with what the player has bought in this window and falls with
//! what was sold; a trade pays the area under that line, rounded against the player. So to buy and
//! sell in one place within a window loses spread and toll, however it is cut into pieces.

use crate::{
    calendar::Date,
    fact::{AMOUNT_MAX, Side, Trade, ceil_div},
    goods::GoodId,
    hold,
    parameters::{ParameterId, Parameters},
    refusal::Refusal,
    state::State,
    time::{At, WorldTime},
    world::{Stall, Town, World},
};
use serde::Serialize;

/// Units that move the price by the whole of itself in the least of markets.
pub(crate) const DEPTH_LEAST: i64 = 20;

/// What one good costs in one town.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub good: GoodId,
    /// Base price: the equilibrium without players.
    pub base_milliasses: i64,
    /// Middle price before the player's own trade: base with season and collective.
    pub middle_milliasses: i64,
    pub multiplier_permille: i64,
    pub season_permille: i64,
    /// Units that move the price by the whole of itself.
    pub depth_units: i64,
    /// Bought less sold by the player in this window.
    pub net_units: i64,
    /// Still to be had, and still wanted, in this window.
    pub available_buy: i64,
    pub available_sell: i64,
    spread_permille: i64,
    toll_permille: i64,
    local_permille: i64,
}

/// Machine code and numbers; the words are the reader's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum QuoteReason {
    /// More is made near here than is used: the good leaves.
    MadeHere {
        local_permille: i64,
    },
    /// Part of what is used comes from elsewhere, at the cost of its transport.
    Imported {
        local_permille: i64,
    },
    Season {
        permille: i64,
    },
    Collective {
        permille: i64,
    },
    Slippage {
        permille: i64,
    },
    Spread {
        permille: i64,
    },
    Toll {
        permille: i64,
    },
}

/// Coin that changes hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    pub total_asses: i64,
    pub toll_asses: i64,
}

impl Quote {
    /// `None` where the good is not dealt in.
    pub fn of(state: &State, world: &World, town: &Town, good: GoodId, now: At) -> Option<Self> {
        let stall = town.stalls[good.index()];
        if stall.base_milliasses <= 0 {
            return None;
        }
        let parameters = &state.parameters;
        let multiplier_permille = world.multiplier_permille(parameters, &town.id, good);
        let season_permille = season_permille(parameters, stall, state.world_time(now));
        let depth_units = depth_units(parameters, stall);
        let net_units = state.net_units(&town.id, good, now);
        let most = depth_units * parameters.get(ParameterId::SlippageMost) / 1000;
        Some(Self {
            good,
            base_milliasses: stall.base_milliasses,
            middle_milliasses: middle(stall.base_milliasses, multiplier_permille, season_permille),
            multiplier_permille,
            season_permille,
            depth_units,
            net_units,
            available_buy: most.saturating_sub(net_units).max(0),
            available_sell: most.saturating_add(net_units).max(0),
            spread_permille: parameters.get(ParameterId::Spread),
            toll_permille: parameters.get(ParameterId::Portorium),
            local_permille: stall.local_permille,
        })
    }

    pub fn buy(&self, units: i64) -> Price {
        self.price(Side::Buy, units)
    }

    pub fn sell(&self, units: i64) -> Price {
        self.price(Side::Sell, units)
    }

    pub fn available(&self, side: Side) -> i64 {
        match side {
            Side::Buy => self.available_buy,
            Side::Sell => self.available_sell,
        }
    }

    /// For at most [`Self::available`] units; beyond, the line would cross zero.
    pub fn price(&self, side: Side, units: i64) -> Price {
        let wide = i128::from;
        let sign = if side == Side::Buy { 1 } else { -1 };
        let twice_depth = 2 * wide(self.depth_units);
        // Area under the line from net to net + sign x units, in milliasses x 2 depth x 1000.
        let height = (twice_depth + 2 * wide(self.net_units) + sign * wide(units)).max(0);
        let spread = 1000 + sign * wide(self.spread_permille);
        let area = wide(self.middle_milliasses) * wide(units) * height * spread;
        let per_as = twice_depth * 1000 * 1000;
        let total = match side {
            Side::Buy => ceil_div(area, per_as),
            Side::Sell => area / per_as,
        };
        let toll = ceil_div(total * wide(self.toll_permille), 1000);
        // A total beyond 64 bits is beyond every bound that is checked next.
        let narrow = |amount: i128| i64::try_from(amount).unwrap_or(i64::MAX);
        Price { total_asses: narrow(total), toll_asses: narrow(toll) }
    }

    /// Slippage so far, thousandths of the middle price.
    pub fn slippage_permille(&self) -> i64 {
        self.net_units * 1000 / self.depth_units
    }

    pub fn reasons(&self) -> Vec<QuoteReason> {
        let local_permille = self.local_permille;
        let origin = if local_permille > 1000 {
            QuoteReason::MadeHere { local_permille }
        } else {
            QuoteReason::Imported { local_permille }
        };
        let mut reasons = vec![origin];
        let mut tell = |permille, neutral, reason| {
            if permille != neutral {
                reasons.push(reason);
            }
        };
        let season = self.season_permille;
        tell(season, 1000, QuoteReason::Season { permille: season });
        let collective = self.multiplier_permille;
        tell(collective, 1000, QuoteReason::Collective { permille: collective });
        let slippage = self.slippage_permille();
        tell(slippage, 0, QuoteReason::Slippage { permille: slippage });
        tell(self.spread_permille, 0, QuoteReason::Spread { permille: self.spread_permille });
        tell(self.toll_permille, 0, QuoteReason::Toll { permille: self.toll_permille });
        reasons
    }

    /// The trade as it will be written, if the market has that much.
    pub(crate) fn trade(
        &self,
        state: &State,
        town: &Town,
        side: Side,
        units: i64,
        now: At,
    ) -> Result<Trade, Refusal> {
        let available = self.available(side);
        if units > available {
            let (place, good) = (town.id.clone(), self.good);
            return Err(Refusal::MarketExhausted { place, good, available });
        }
        let Price { total_asses, toll_asses } = self.price(side, units);
        if total_asses > AMOUNT_MAX || toll_asses > AMOUNT_MAX {
            return Err(Refusal::Amount);
        }
        Ok(Trade {
            side,
            good: self.good,
            units,
            place: town.id.clone(),
            total_asses,
            toll_asses,
            base_milliasses: self.base_milliasses,
            multiplier_permille: self.multiplier_permille,
            season_permille: self.season_permille,
            window: state.parameters.clock().window(now),
            aboard: hold::told(state, self.good, now),
        })
    }
}

/// Grams that move the price by the whole of itself.
pub(crate) fn depth_grams(parameters: &Parameters, stall: Stall, good: GoodId) -> i64 {
    depth_units(parameters, stall).saturating_mul(good.good().unit_grams)
}

fn depth_units(parameters: &Parameters, stall: Stall) -> i64 {
    // A tenth for so many days of use: ten times as much for the whole.
    let days = parameters.get(ParameterId::DepthDays);
    let depth = stall.daily_milliunits.saturating_mul(days).saturating_mul(10) / 1000;
    depth.clamp(DEPTH_LEAST, AMOUNT_MAX)
}

fn middle(base_milliasses: i64, multiplier_permille: i64, season_permille: i64) -> i64 {
    let product =
        i128::from(base_milliasses) * i128::from(multiplier_permille) * i128::from(season_permille)
            / 1_000_000;
    i64::try_from(product).unwrap_or(i64::MAX).max(1)
}

/// Cheapest when the harvest is in, then dearer day by day until the next.
fn season_permille(parameters: &Parameters, stall: Stall, world: WorldTime) -> i64 {
    const YEAR_DAYS: i64 = 365;
    let Some(harvest) = stall.harvest_day else {
        return 1000;
    };
    let swing = parameters.get(ParameterId::Season);
    let since = (Date::of(world).day_of_year() - i64::from(harvest)).rem_euclid(YEAR_DAYS);
    1000 - swing + 2 * swing * since / YEAR_DAYS
}
