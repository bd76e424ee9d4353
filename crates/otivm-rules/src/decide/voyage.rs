//! Setting sail: the plan comes from the travel engine, the delay from chance, the bill from the rules.

use super::{afford, charter_asses, in_business, loan, perils, sea_is_closed, ship, town};
use crate::{
    chance::Chance,
    command::VoyagePlan,
    fact::{AMOUNT_MAX, Departure, Fact, ceil_div, narrow},
    hold,
    parameters::ParameterId,
    refusal::Refusal,
    ships,
    state::State,
    time::{At, DAY_US},
    world::World,
};

/// What leaving costs, paid before the rope is cast off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoyageCosts {
    pub dues_asses: i64,
    pub wages_asses: i64,
    pub upkeep_asses: i64,
    /// Of a ship that is another's, who bears her upkeep.
    pub hire_asses: i64,
    /// World time off the harbour, until there is a berth; wages and hire run on.
    pub waiting_us: i64,
}

impl VoyageCosts {
    pub fn total_asses(self) -> i64 {
        self.dues_asses
            .saturating_add(self.wages_asses)
            .saturating_add(self.upkeep_asses)
            .saturating_add(self.hire_asses)
    }
}

/// The bill for a plan, as `decide` will present it.
pub fn voyage_costs(state: &State, world: &World, plan: &VoyagePlan) -> VoyageCosts {
    let VoyagePlan { from, to, ship, duration_us, .. } = plan;
    let hull = ships::hull(*ship);
    let get = |id| state.parameters.get(id);
    let waiting_us = world.berth_wait_us(&state.parameters, from, to);
    let away_us = duration_us.saturating_add(waiting_us);
    let per_days = |us: i64, asses_a_day: i64| scaled(us, asses_a_day, DAY_US);
    let hire =
        scaled(charter_asses(&state.parameters, hull), world.freight_permille(from, to), 1000);
    let upkeep = scaled(hull.price_asses, get(ParameterId::Upkeep), 1_000_000);
    let chartered = state.ship.as_ref().is_some_and(|ship| ship.chartered);
    VoyageCosts {
        dues_asses: world.harbour_dues(&state.parameters, *ship, from, to),
        wages_asses: per_days(away_us, hull.crew * get(ParameterId::WageDay)),
        upkeep_asses: per_days(*duration_us, if chartered { 0 } else { upkeep }),
        hire_asses: per_days(away_us, if chartered { hire } else { 0 }),
        waiting_us,
    }
}

pub(super) fn decide(
    state: &State,
    plan: &VoyagePlan,
    world: &World,
    now: At,
    chance: Chance,
) -> Result<Vec<Fact>, Refusal> {
    let here = in_business(state)?;
    check(state, plan, world, here)?;
    loan::lets_go(state, plan, now)?;
    let costs = voyage_costs(state, world, plan);
    afford(state, costs.total_asses())?;
    let pace_permille = pace_permille(state, now, chance);
    let duration_us = scaled(plan.duration_us, pace_permille, 1000).max(1);
    let perils = perils::draw(state, plan, now, duration_us, chance);
    let delays_us = perils.iter().fold(0, |sum: i64, peril| sum.saturating_add(peril.delay_us));
    let away_us = duration_us.saturating_add(delays_us).saturating_add(costs.waiting_us);
    let arrives_at = now.plus(state.parameters.clock().real_duration(away_us).max(1));
    let (spoiled, carried) = hold::reckoned(state, now, now);
    let VoyageCosts { dues_asses, wages_asses, upkeep_asses, hire_asses, waiting_us } = costs;
    Ok(vec![Fact::Departure(Departure {
        from: plan.from.clone(),
        to: plan.to.clone(),
        ship: plan.ship,
        planned_us: plan.duration_us,
        pace_permille,
        arrives_at,
        distance_m: plan.distance_m,
        risk_permille: plan.risk_permille,
        dues_asses,
        wages_asses,
        upkeep_asses,
        hire_asses,
        waiting_us,
        path: plan.path.clone(),
        seed: chance.to_hex(),
        perils,
        spoiled,
        carried,
    })])
}

pub(super) fn check(
    state: &State,
    plan: &VoyagePlan,
    world: &World,
    here: &crate::ids::PlaceId,
) -> Result<(), Refusal> {
    if plan.to == *here {
        return Err(Refusal::AlreadyThere(here.clone()));
    }
    if plan.from != *here {
        let (planned, here) = (plan.from.clone(), here.clone());
        return Err(Refusal::PlanFromElsewhere { planned, here });
    }
    if ship(state)?.ship != plan.ship {
        return Err(Refusal::PlanForAnotherShip);
    }
    if !town(world, &plan.to)?.sea_harbour {
        return Err(Refusal::NoHarbour(plan.to.clone()));
    }
    if plan.duration_us < 1 {
        return Err(Refusal::PlanEmpty);
    }
    let amounts = [plan.duration_us, plan.distance_m, plan.risk_permille];
    if amounts.iter().all(|amount| (0..=AMOUNT_MAX).contains(amount)) {
        Ok(())
    } else {
        Err(Refusal::Amount)
    }
}

/// Thousandths of the plan: earlier or later by chance, and later when the sea is closed.
fn pace_permille(state: &State, now: At, chance: Chance) -> i64 {
    let most = state.parameters.get(ParameterId::DelayMost);
    // Two draws add to a triangle: small delays are common, great ones rare.
    let half = |question| chance.draw(question, most.unsigned_abs() + 1).cast_signed();
    let swing = half("pace/a") + half("pace/b") - most;
    let closed = state.parameters.get(ParameterId::ClosedSeaDelay);
    let winter = if sea_is_closed(state.world_time(now)) {
        chance.draw("pace/closed", closed.unsigned_abs() + 1).cast_signed()
    } else {
        0
    };
    (1000 + swing + winter).max(1)
}

/// `amount x numerator / denominator`, rounded up, at most what a ledger's posting may be.
pub(super) fn scaled(amount: i64, numerator: i64, denominator: i64) -> i64 {
    let product = i128::from(amount.max(0)) * i128::from(numerator.max(0));
    let divisor = i128::from(denominator.max(1));
    narrow(ceil_div(product, divisor))
}
