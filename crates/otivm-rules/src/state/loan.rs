//! A sea loan: lent for a voyage, at the lender's risk while she is at sea, due when she has come in.

use crate::{
    fact::AMOUNT_MAX,
    ids::PlaceId,
    parameters::{ParameterId, Parameters},
    time::{At, DAY_US},
};

/// Interest is counted by the month.
pub(crate) const MONTH_DAYS: i64 = 30;
const MONTH_US: i64 = MONTH_DAYS * DAY_US;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loan {
    /// Where the lender sits.
    pub lender: PlaceId,
    /// The voyage that it was lent for.
    pub to: PlaceId,
    pub principal_asses: i64,
    pub premium_asses: i64,
    pub course: Course,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// The ship has not sailed yet.
    Lent { since: At, due_at: At },
    /// The lender's risk: a lost ship owes nothing.
    AtSea,
    /// She came in.
    Due { due_at: At },
    /// It was not paid when it was due.
    Overdue(Arrears),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrears {
    pub owed_asses: i64,
    /// Interest has been counted up to here.
    pub since: At,
    /// What interest may still come to: in all not more than what was owed at first.
    pub interest_left_asses: i64,
}

impl Loan {
    /// What would be paid at this moment, asses.
    pub fn owed_asses(&self, at: At, parameters: &Parameters) -> i64 {
        let owed = match self.course {
            Course::AtSea | Course::Due { .. } => {
                self.principal_asses.saturating_add(self.premium_asses)
            }
            Course::Lent { since, .. } => {
                let begun_us = past_us(since, at, parameters).saturating_add(MONTH_US - 1);
                let interest = usury(self.principal_asses, begun_us / MONTH_US, parameters);
                self.principal_asses.saturating_add(interest.min(self.principal_asses))
            }
            Course::Overdue(arrears) => arrears.counted(at, parameters).owed_asses,
        };
        // More than any ledger takes is never asked for.
        owed.min(AMOUNT_MAX)
    }

    /// When it is due, where that is known already.
    pub fn due_at(&self) -> Option<At> {
        match self.course {
            Course::Lent { due_at, .. } | Course::Due { due_at } => Some(due_at),
            Course::AtSea | Course::Overdue(_) => None,
        }
    }

    /// After a payment that left something to be paid.
    pub(crate) fn paid_in_part(&mut self, left_asses: i64, at: At, parameters: &Parameters) {
        self.course = Course::Overdue(match self.course {
            Course::Overdue(arrears) => {
                Arrears { owed_asses: left_asses, ..arrears.counted(at, parameters) }
            }
            _ => Arrears { owed_asses: left_asses, since: at, interest_left_asses: left_asses },
        });
    }
}

impl Arrears {
    /// With the interest of the months that have passed.
    fn counted(self, at: At, parameters: &Parameters) -> Self {
        let months = past_us(self.since, at, parameters) / MONTH_US;
        let interest = usury(self.owed_asses, months, parameters).min(self.interest_left_asses);
        let counted_us = parameters.clock().real_duration(months.saturating_mul(MONTH_US));
        Self {
            owed_asses: self.owed_asses.saturating_add(interest).min(AMOUNT_MAX),
            since: self.since.plus(counted_us),
            interest_left_asses: self.interest_left_asses - interest,
        }
    }
}

/// World time; a clock that goes back earns a lender nothing.
fn past_us(since: At, at: At, parameters: &Parameters) -> i64 {
    let clock = parameters.clock();
    clock.world_time(at).0.saturating_sub(clock.world_time(since).0).max(0)
}

fn usury(asses: i64, months: i64, parameters: &Parameters) -> i64 {
    let a_month = i128::from(parameters.get(ParameterId::Usury));
    let interest = i128::from(asses) * a_month * i128::from(months) / 1000;
    i64::try_from(interest).unwrap_or(i64::MAX)
}
