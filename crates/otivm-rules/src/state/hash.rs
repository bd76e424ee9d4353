//! One hash for a whole state, so that two servers can tell in a line whether they agree.

use super::{Arrears, Course, Location, Lot, Otium, State};
use crate::hash::Hash;
use sha2::{Digest, Sha256};
use std::fmt::Write;

impl State {
    /// SHA-256 over a written form of everything that the moments say.
    pub fn hash(&self) -> Hash {
        Hash::from(<[u8; 32]>::from(Sha256::digest(self.written().as_bytes())))
    }

    fn written(&self) -> String {
        let mut text = String::new();
        for (id, value) in self.parameters.iter().filter(|(id, _)| self.says(*id)) {
            line(&mut text, &[&"parameter", &id.parameter().name, &value]);
        }
        for (id, value) in &self.texts {
            line(&mut text, &[&"text", &id.as_str(), &quoted(value)]);
        }
        if let Some(merchant) = &self.merchant {
            line(&mut text, &[&"merchant", &merchant.since.0, &merchant.home, &merchant.language]);
        }
        for session in self.sessions.keys() {
            line(&mut text, &[&"session", &quoted(session)]);
        }
        if let Some(recovery) = &self.recovery {
            line(&mut text, &[&"recovery", &quoted(recovery)]);
        }
        for (id, passkey) in &self.passkeys {
            let (name, credential) = (quoted(&passkey.name), quoted(&passkey.credential));
            line(&mut text, &[&"passkey", &quoted(id), &name, &credential, &passkey.since.0]);
        }
        if let Some(ship) = &self.ship {
            line(&mut text, &[&"ship", &ship.ship.as_str(), &quoted(&ship.name), &ship.wear_ppm]);
            if ship.chartered {
                line(&mut text, &[&"chartered"]);
            }
        }
        self.write_loan(&mut text);
        if let Some(relieved_at) = self.relieved_at {
            line(&mut text, &[&"relieved", &relieved_at.0]);
        }
        self.write_location(&mut text);
        if let Some(otium) = &self.otium {
            write_otium(&mut text, otium);
        }
        if self.tired_us > 0 {
            line(&mut text, &[&"tired", &self.tired_us]);
        }
        line(&mut text, &[&"gravitas", &self.gravitas_milli]);
        line(&mut text, &[&"journal", &self.journal_entries]);
        if self.rewinds > 0 {
            line(&mut text, &[&"rewinds", &self.rewinds]);
        }
        if self.imports > 0 {
            line(&mut text, &[&"imports", &self.imports]);
        }
        if self.left {
            line(&mut text, &[&"left"]);
        }
        self.write_chapter(&mut text);
        for (account, commodity, amount) in self.ledger.iter() {
            line(&mut text, &[&"ledger", &account, &commodity, &amount]);
        }
        self.write_goods(&mut text);
        line(&mut text, &[&"window", &self.dealings.window.0]);
        for ((place, good), units) in &self.dealings.net_units {
            line(&mut text, &[&"net", &place, &good.as_str(), &units]);
        }
        let last_at = self.last_at.map_or(0, |at| at.0);
        line(&mut text, &[&"moments", &self.moments, &last_at]);
        text
    }

    fn write_goods(&self, text: &mut String) {
        for (good, lot) in &self.cargo {
            line(text, &[&"cargo", &good.as_str(), &lot.units, &lot.cost_asses]);
        }
        for (good, aging) in &self.aging {
            line(text, &[&"aging", &good.as_str(), &aging.since.0, &aging.carried_ppm]);
        }
        for ((place, good), stock) in &self.stores {
            let Lot { units, cost_asses } = stock.lot;
            let (since, carried) = (stock.since.0, stock.carried_ppm);
            line(text, &[&"stored", place, &good.as_str(), &units, &cost_asses, &since, &carried]);
        }
        for (place, villa) in &self.villas {
            let Lot { units, cost_asses } = villa.books;
            let (paid, carried) = (villa.paid_asses, villa.carried_ppm);
            line(text, &[&"villa", place, &paid, &units, &cost_asses, &carried]);
        }
    }

    /// Lives that were told before there were chapters are in the first, and say nothing of it.
    fn write_chapter(&self, text: &mut String) {
        if self.chapter < 2 {
            return;
        }
        let deeds = &self.deeds;
        line(text, &[&"chapter", &self.chapter]);
        line(text, &[&"sales", &deeds.gain_asses, &deeds.best_sale_asses]);
        line(text, &[&"sailed", &deeds.sailed_m, &deeds.longest_voyage_m]);
        line(text, &[&"rest", &deeds.rest_us, &deeds.longest_rest_us, &deeds.winter_us]);
        line(text, &[&"pages", &deeds.pages, &deeds.pages_in_otium, &deeds.winter_pages]);
        line(text, &[&"gained", &deeds.gravitas_milli]);
        for place in &deeds.markets {
            line(text, &[&"sold_in", place]);
        }
        for good in &deeds.goods {
            line(text, &[&"sold_well", &good.as_str()]);
        }
        for place in &deeds.retreats {
            line(text, &[&"retreat", place]);
        }
    }

    fn write_loan(&self, text: &mut String) {
        let Some(loan) = &self.loan else { return };
        let (principal, premium) = (loan.principal_asses, loan.premium_asses);
        line(text, &[&"loan", &loan.lender, &loan.to, &principal, &premium]);
        match loan.course {
            Course::Lent { since, due_at } => line(text, &[&"lent", &since.0, &due_at.0]),
            Course::AtSea => line(text, &[&"lent_at_sea"]),
            Course::Due { due_at } => line(text, &[&"due", &due_at.0]),
            Course::Overdue(Arrears { owed_asses, since, interest_left_asses }) => {
                line(text, &[&"overdue", &owed_asses, &since.0, &interest_left_asses]);
            }
        }
    }

    fn write_location(&self, text: &mut String) {
        match &self.location {
            Location::Nowhere => line(text, &[&"nowhere"]),
            Location::Ashore { place, since } => line(text, &[&"ashore", place, &since.0]),
            Location::AtSea(voyage) => {
                let (departed_at, arrives_at) = (voyage.departed_at.0, voyage.arrives_at.0);
                line(text, &[&"at_sea", &voyage.from, &voyage.to, &departed_at, &arrives_at]);
                if voyage.anchors_at != voyage.arrives_at {
                    line(text, &[&"anchors", &voyage.anchors_at.0]);
                }
                for peril in &voyage.perils {
                    let (what, why) = (format!("{:?}", peril.kind), format!("{:?}", peril.cause));
                    let (after, bad) = (peril.after_us, peril.severity_permille);
                    line(text, &[&"peril", &what, &why, &after, &peril.delay_us, &bad]);
                }
            }
        }
    }
}

fn write_otium(text: &mut String, otium: &Otium) {
    line(text, &[&"otium", &otium.place, &otium.since.0, &otium.quality_permille]);
    if let Some(day_asses) = otium.day_asses {
        line(text, &[&"day", &day_asses]);
    }
    if let Some(tired_us) = otium.tired_us {
        line(text, &[&"tired_before", &tired_us]);
    }
    if let Some(villa) = otium.villa {
        let (house, library) = (villa.villa_permille, villa.library_permille);
        line(text, &[&"in_villa", &villa.place_permille, &house, &library]);
        line(text, &[&"guests", &villa.guests, &villa.guests_permille]);
    }
}

fn line(text: &mut String, words: &[&dyn std::fmt::Display]) {
    for word in words {
        // Writing to a String cannot fail.
        let _infallible = write!(text, "{word} ");
    }
    text.push('\n');
}

/// Free text, so that no line break in it can look like another line.
fn quoted(text: &str) -> String {
    format!("{text:?}")
}
