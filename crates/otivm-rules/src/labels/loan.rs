//! Sea loans: from the day the coin is given to the day nothing is owed any more.

use super::{LabelKind, Open, Teller};
use crate::{
    fact::{Fact, PerilKind, Repayment},
    time::At,
};
use serde_json::json;

impl Teller<'_> {
    pub(super) fn hear_of_loans(&mut self, at: At, fact: &Fact) {
        match fact {
            Fact::SeaLoan(loan) => {
                self.loan = Some(Open {
                    label: LabelKind::Loan,
                    title: format!("Sea loan of {} asses", loan.principal_asses),
                    from: at,
                    evidence: vec![at],
                    detail: json!({
                        "lender": loan.place,
                        "bound_for": loan.to,
                        "principal_asses": loan.principal_asses,
                        "premium_asses": loan.premium_asses,
                        "paid_asses": 0,
                        "course": "lent",
                    }),
                });
            }
            Fact::Departure(_) => self.moves_on(at, "lent", "at_sea"),
            Fact::Arrival(_) => self.moves_on(at, "at_sea", "due"),
            // What had fallen due before this voyage is owed all the same.
            Fact::Mishap(mishap) if mishap.kind == PerilKind::Wreck && self.is_at_sea() => {
                self.end_loan(at, "lost_with_the_ship");
            }
            Fact::Relief(_) => self.end_loan(at, "forgiven"),
            Fact::Repayment(paid) | Fact::Collection(paid) => self.pay_back(at, paid),
            _ => {}
        }
    }

    fn is_at_sea(&self) -> bool {
        self.loan.as_ref().is_some_and(|loan| loan.detail["course"] == "at_sea")
    }

    fn pay_back(&mut self, at: At, paid: &Repayment) {
        let Some(loan) = &mut self.loan else { return };
        let before = loan.detail["paid_asses"].as_i64().unwrap_or(0);
        loan.detail["paid_asses"] = json!(before.saturating_add(paid.paid_asses));
        if paid.left_asses > 0 {
            loan.detail["course"] = json!("overdue");
            loan.evidence.push(at);
        } else {
            self.end_loan(at, "paid");
        }
    }

    /// The voyage that it was lent for is among its evidence, later ones are not.
    fn moves_on(&mut self, at: At, from: &str, to: &str) {
        if let Some(loan) = &mut self.loan
            && loan.detail["course"] == from
        {
            loan.detail["course"] = json!(to);
            loan.evidence.push(at);
        }
    }

    fn end_loan(&mut self, at: At, course: &str) {
        let loan = self.loan.take();
        self.close(loan, at, json!({ "course": course }));
    }
}
