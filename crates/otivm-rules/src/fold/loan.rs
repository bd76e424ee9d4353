//! The course of a sea loan.

use crate::{
    fact::{Repayment, SeaLoan},
    parameters::ParameterId,
    state::{Course, Loan, State},
    time::{At, DAY_US},
};

pub(super) fn lent(state: &mut State, at: At, loan: &SeaLoan) {
    let due_at = days_after(state, at, ParameterId::LoanWait);
    state.loan = Some(Loan {
        lender: loan.place.clone(),
        to: loan.to.clone(),
        principal_asses: loan.principal_asses,
        premium_asses: loan.premium_asses,
        course: Course::Lent { since: at, due_at },
    });
}

pub(super) fn sails(state: &mut State) {
    if let Some(loan) = &mut state.loan
        && matches!(loan.course, Course::Lent { .. })
    {
        loan.course = Course::AtSea;
    }
}

pub(super) fn comes_in(state: &mut State, at: At) {
    let due_at = days_after(state, at, ParameterId::LoanDays);
    if let Some(loan) = &mut state.loan
        && loan.course == Course::AtSea
    {
        loan.course = Course::Due { due_at };
    }
}

/// A lost ship owes nothing.
pub(super) fn goes_down(state: &mut State) {
    if state.loan.as_ref().is_some_and(|loan| loan.course == Course::AtSea) {
        state.loan = None;
    }
}

pub(super) fn paid(state: &mut State, at: At, paid: &Repayment) {
    if paid.left_asses == 0 {
        state.loan = None;
    } else if let Some(loan) = &mut state.loan {
        loan.paid_in_part(paid.left_asses, at, &state.parameters);
    }
}

/// World days later, by the life's own clock.
fn days_after(state: &State, at: At, days: ParameterId) -> At {
    let world_us = state.parameters.get(days).saturating_mul(DAY_US);
    at.plus(state.parameters.clock().real_duration(world_us))
}
