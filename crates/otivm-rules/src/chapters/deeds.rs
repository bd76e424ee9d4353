//! What was done since the chapter began: what its conditions are measured by.

use crate::{
    decide::{closed_us, sea_is_closed},
    fact::{Fact, Side, Trade},
    fold::remaining,
    goods::GoodId,
    ids::PlaceId,
    state::{Otium, State},
    time::{At, WorldTime},
};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deeds {
    /// Of all sales, losses counted against it.
    pub gain_asses: i64,
    pub best_sale_asses: i64,
    /// Where something was sold.
    pub markets: BTreeSet<PlaceId>,
    /// Sold at a gain.
    pub goods: BTreeSet<GoodId>,
    pub sailed_m: i64,
    pub longest_voyage_m: i64,
    /// World time of otium that has ended, as far as it was paid for.
    pub rest_us: i64,
    pub longest_rest_us: i64,
    /// Of it while the sea was closed.
    pub winter_us: i64,
    /// Where otium has ended.
    pub retreats: BTreeSet<PlaceId>,
    pub pages: i64,
    pub pages_in_otium: i64,
    pub winter_pages: i64,
    pub gravitas_milli: i64,
}

impl Deeds {
    /// Takes note of a fact that happens at a moment to the life as it was `before`.
    pub(crate) fn note(&mut self, before: &State, at: At, fact: &Fact) {
        match fact {
            Fact::Trade(trade) if trade.side == Side::Sell => self.sale(before, trade),
            Fact::Arrival(_) => {
                let distance_m = before.voyage().map_or(0, |voyage| voyage.distance_m);
                self.sailed_m = self.sailed_m.saturating_add(distance_m);
                self.longest_voyage_m = self.longest_voyage_m.max(distance_m);
            }
            Fact::OtiumEnd(end) => {
                let rest_us = end.paid_us.unwrap_or(end.days_us);
                self.rest_us = self.rest_us.saturating_add(rest_us);
                self.longest_rest_us = self.longest_rest_us.max(rest_us);
                let winter_us =
                    before.otium.as_ref().map_or(0, |otium| winter_us(before, otium, rest_us));
                self.winter_us = self.winter_us.saturating_add(winter_us);
                if end.paid_us != Some(0) {
                    self.retreats.insert(end.place.clone());
                }
                self.gravitas_milli = self.gravitas_milli.saturating_add(end.gravitas_milli);
            }
            Fact::Relief(relief) => {
                let left = self.gravitas_milli.saturating_sub(relief.gravitas_milli);
                self.gravitas_milli = left.max(0);
            }
            Fact::Journal(_) => {
                self.pages += 1;
                self.pages_in_otium += i64::from(before.otium.is_some());
                self.winter_pages += i64::from(in_winter(before, at));
            }
            // A chapter begins with nothing done.
            Fact::Enrolment(_) | Fact::Advance(_) => *self = Self::default(),
            _ => {}
        }
    }

    fn sale(&mut self, before: &State, trade: &Trade) {
        let lot = before.cargo.get(&trade.good).copied().unwrap_or_default();
        let lot = remaining(lot, trade.aboard.unwrap_or_default().spoiled_units);
        let cost_asses = lot.cost_asses.saturating_sub(remaining(lot, trade.units).cost_asses);
        let gain = trade.total_asses.saturating_sub(trade.toll_asses).saturating_sub(cost_asses);
        self.gain_asses = self.gain_asses.saturating_add(gain);
        self.best_sale_asses = self.best_sale_asses.max(trade.total_asses);
        self.markets.insert(trade.place.clone());
        if gain > 0 {
            self.goods.insert(trade.good);
        }
    }
}

/// The purse pays for the first days. What an older build began is winter as a whole or not at all.
fn winter_us(state: &State, otium: &Otium, rest_us: i64) -> i64 {
    let since = state.world_time(otium.since);
    if otium.tired_us.is_some() {
        closed_us(since, WorldTime(since.0.saturating_add(rest_us)))
    } else if sea_is_closed(since) {
        rest_us
    } else {
        0
    }
}

/// In otium on a day when the sea is closed; in what an older build began, if it was on the first.
fn in_winter(state: &State, at: At) -> bool {
    state.otium.as_ref().is_some_and(|otium| {
        let of = if otium.tired_us.is_some() { at } else { otium.since };
        sea_is_closed(state.world_time(of))
    })
}
