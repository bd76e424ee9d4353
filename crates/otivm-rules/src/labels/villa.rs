//! Villas: from the day one is bought to the day it is sold, or its place is lost.

use super::{LabelKind, Open, Teller};
use crate::{fact::Fact, ids::PlaceId, time::At};
use serde_json::{Value, json};

impl Teller<'_> {
    pub(super) fn hear_of_villas(&mut self, at: At, fact: &Fact) {
        match fact {
            Fact::VillaPurchase(purchase) => {
                let villa = Open {
                    label: LabelKind::Villa,
                    title: format!("Villa in {}", purchase.place),
                    from: at,
                    evidence: vec![at],
                    detail: json!({
                        "place": purchase.place,
                        "price_asses": purchase.price_asses,
                        "stays": 0,
                    }),
                };
                self.villas.insert(purchase.place.clone(), villa);
            }
            Fact::OtiumBegin(begin) if begin.villa.is_some() => self.stay(at, &begin.place),
            Fact::VillaSale(sale) => {
                let sold_asses = sale.price_asses.saturating_add(sale.books_asses);
                self.part_with_villa(at, &sale.place, json!({ "sold_asses": sold_asses }));
            }
            Fact::Removal(removal) => {
                let outcome = json!({ "lost": true, "sold_asses": removal.villa_asses });
                self.part_with_villa(at, &removal.from, outcome);
            }
            _ => {}
        }
    }

    fn stay(&mut self, at: At, place: &PlaceId) {
        if let Some(villa) = self.villas.get_mut(place) {
            villa.evidence.push(at);
            villa.detail["stays"] = json!(villa.evidence.len() - 1);
        }
    }

    fn part_with_villa(&mut self, at: At, place: &PlaceId, outcome: Value) {
        let villa = self.villas.remove(place);
        self.close(villa, at, outcome);
    }
}
