//! Ships: from the day a merchant has one to the day he has her no more.

use super::{LabelKind, Open, Teller};
use crate::{
    fact::{Fact, PerilKind},
    ships,
    time::At,
};
use otivm_travel::ShipType;
use serde_json::{Value, json};

impl Teller<'_> {
    pub(super) fn hear_of_ships(&mut self, at: At, fact: &Fact) {
        match fact {
            Fact::Enrolment(enrolment) => self.take_over(at, enrolment.ship, &enrolment.ship_name),
            Fact::ShipPurchase(purchase) => {
                self.part_with_ship(at, json!({ "sold_asses": purchase.traded_in_asses }));
                self.take_over(at, purchase.ship, &purchase.ship_name);
            }
            Fact::ShipSale(sale) => {
                self.part_with_ship(at, json!({ "sold_asses": sale.price_asses }));
            }
            Fact::Charter(charter) => {
                self.part_with_ship(at, json!({}));
                self.take_over(at, charter.ship, &charter.ship_name);
                if let Some(ship) = &mut self.ship {
                    ship.detail["chartered"] = json!(true);
                }
            }
            Fact::Mishap(mishap) if mishap.kind == PerilKind::Wreck => {
                self.part_with_ship(at, json!({ "wrecked": true }));
            }
            Fact::Repair(_) => {
                if let Some(ship) = &mut self.ship {
                    ship.evidence.push(at);
                    ship.detail["repairs"] = json!(ship.evidence.len() - 1);
                }
            }
            _ => {}
        }
    }

    fn take_over(&mut self, at: At, kind: ShipType, name: &str) {
        self.ship = Some(Open {
            label: LabelKind::Ship,
            title: format!("The {name}, {}", ships::hull(kind).english),
            from: at,
            evidence: vec![at],
            detail: json!({ "name": name, "type": kind, "repairs": 0 }),
        });
    }

    fn part_with_ship(&mut self, at: At, outcome: Value) {
        let ship = self.ship.take();
        self.close(ship, at, outcome);
    }
}
