//! Borrowing against a voyage: the lender bears the sea, and names his price by season and risk.

use super::{in_business, perils::risk_ppm, sea_is_closed, town, voyage, yard::resale_asses};
use crate::{
    command::VoyagePlan,
    fact::{AMOUNT_MAX, Fact, Repayment, SeaLoan},
    hold,
    parameters::ParameterId,
    refusal::Refusal,
    state::{Course, State},
    time::At,
    world::World,
};

/// What a lender would give for a voyage, and at what price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoanOffer {
    pub most_asses: i64,
    /// Of what is lent.
    pub premium_permille: i64,
}

/// The offer for a plan, as `decide` will hold to it.
pub fn loan_offer(state: &State, plan: &VoyagePlan, now: At) -> LoanOffer {
    let get = |id| state.parameters.get(id);
    let winter =
        if sea_is_closed(state.world_time(now)) { get(ParameterId::LoanWinter) } else { 0 };
    // Millionths of the voyage, at most two, times at most a hundred.
    let risk = risk_ppm(state, plan) * get(ParameterId::LoanRisk) / 1_000_000;
    LoanOffer {
        most_asses: secured_asses(state, now),
        premium_permille: get(ParameterId::LoanPremium) + risk + winter,
    }
}

/// As much as ship and cargo are good for.
fn secured_asses(state: &State, now: At) -> i64 {
    let ship = state.ship.as_ref().map_or(0, |ship| resale_asses(&state.parameters, ship));
    let cargo = hold::lots(state, now).values().map(|lot| i128::from(lot.cost_asses)).sum::<i128>();
    let share = i128::from(state.parameters.get(ParameterId::LoanShare));
    let secured = (i128::from(ship) + cargo) * share / 1000;
    i64::try_from(secured).unwrap_or(AMOUNT_MAX).clamp(0, AMOUNT_MAX)
}

pub(super) fn borrow(
    state: &State,
    plan: &VoyagePlan,
    world: &World,
    principal_asses: i64,
    now: At,
) -> Result<Vec<Fact>, Refusal> {
    let here = in_business(state)?;
    if let Some(loan) = &state.loan {
        let owed_asses = loan.owed_asses(now, &state.parameters);
        return Err(Refusal::InDebt { owed_asses, lender: loan.lender.clone() });
    }
    if i64::from(town(world, here)?.rank) > state.parameters.get(ParameterId::LenderRank) {
        return Err(Refusal::NoLender(here.clone()));
    }
    voyage::check(state, plan, world, here)?;
    let LoanOffer { most_asses, premium_permille } = loan_offer(state, plan, now);
    if !(1..=most_asses).contains(&principal_asses) {
        return Err(Refusal::LoanSize { principal_asses, most_asses });
    }
    Ok(vec![Fact::SeaLoan(SeaLoan {
        place: here.clone(),
        to: plan.to.clone(),
        principal_asses,
        premium_asses: voyage::scaled(principal_asses, premium_permille, 1000),
    })])
}

pub(super) fn repay(state: &State, now: At) -> Result<Vec<Fact>, Refusal> {
    in_business(state)?;
    let loan = state.loan.as_ref().ok_or(Refusal::NoDebt)?;
    let paid_asses = loan.owed_asses(now, &state.parameters);
    super::afford(state, paid_asses)?;
    let lender = loan.lender.clone();
    Ok(vec![Fact::Repayment(Repayment { lender, paid_asses, left_asses: 0 })])
}

/// A lender who is still to bear the sea lets the ship go where he lent for, and with what he lent on.
pub(super) fn lets_go(state: &State, plan: &VoyagePlan, now: At) -> Result<(), Refusal> {
    let Some(loan) = &state.loan else { return Ok(()) };
    if !matches!(loan.course, Course::Lent { .. }) {
        return Ok(());
    }
    if loan.to != plan.to {
        return Err(Refusal::LoanBinds { to: loan.to.clone() });
    }
    let secured_asses = secured_asses(state, now);
    if secured_asses < loan.principal_asses {
        let principal_asses = loan.principal_asses;
        return Err(Refusal::LoanUnsecured { principal_asses, secured_asses });
    }
    Ok(())
}
