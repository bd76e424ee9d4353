//! What intervals of a life amount to: voyages, sojourns, otium, entries, seasons, chapters, ships, loans, villas.
//!
//! Derived from the moments alone and never stored. Each label names its evidence: the moments without
//! which it would not be.

mod clocks;
mod loan;
mod season;
mod ship;
mod villa;

use crate::{
    calendar::roman_numeral,
    chapters::{CHAPTERS, Chapter},
    fact::{Departure, Fact, Mishap, OtiumEnd},
    ids::PlaceId,
    moment::Moment,
    time::{At, WorldTime},
};
use clocks::Clocks;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt};

/// An interval; `to` is `None` while it lasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub label: LabelKind,
    /// English; `detail` has what another language needs.
    pub title: String,
    pub from: At,
    pub to: Option<At>,
    pub world_from: WorldTime,
    /// Now, while it lasts.
    pub world_to: WorldTime,
    pub evidence: Vec<At>,
    pub detail: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelKind {
    Voyage,
    Sojourn,
    Otium,
    Journal,
    Season,
    Chapter,
    Ship,
    Loan,
    Villa,
}

impl LabelKind {
    pub const ALL: [Self; 9] = [
        Self::Voyage,
        Self::Sojourn,
        Self::Otium,
        Self::Journal,
        Self::Season,
        Self::Chapter,
        Self::Ship,
        Self::Loan,
        Self::Villa,
    ];

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Voyage => "voyage",
            Self::Sojourn => "sojourn",
            Self::Otium => "otium",
            Self::Journal => "journal",
            Self::Season => "season",
            Self::Chapter => "chapter",
            Self::Ship => "ship",
            Self::Loan => "loan",
            Self::Villa => "villa",
        }
    }
}

impl fmt::Display for LabelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The labels of moments that were folded, so that each of them is understood.
pub fn of_moments(history: &[Moment], now: At) -> Vec<Label> {
    let facts: Vec<(At, Fact)> =
        history.iter().filter_map(|moment| Some((moment.at, moment.fact().ok()?))).collect();
    labels(&facts, now)
}

/// The labels of a history, in the order in which they begin.
pub fn labels(history: &[(At, Fact)], now: At) -> Vec<Label> {
    let clocks = Clocks::of(history);
    let mut teller = Teller {
        now,
        clocks: &clocks,
        labels: Vec::new(),
        sojourn: None,
        voyage: None,
        otium: None,
        chapter: None,
        ship: None,
        loan: None,
        villas: BTreeMap::new(),
    };
    for (at, fact) in history {
        teller.hear(*at, fact);
    }
    teller.end();
    teller.labels.extend(season::seasons(history, now, &clocks));
    teller.labels.sort_by_key(|label| (label.from, label.label));
    teller.labels
}

/// Each mishap as its moment has it, with the moment's time.
fn befall(mishaps: &mut Value, at: At, mishap: &Mishap) {
    let mut told = json!(mishap);
    told["at"] = json!(at);
    if let Some(mishaps) = mishaps.as_array_mut() {
        mishaps.push(told);
    }
}

/// Something begun and not yet ended.
struct Open {
    label: LabelKind,
    title: String,
    from: At,
    evidence: Vec<At>,
    detail: Value,
}

struct Teller<'a> {
    now: At,
    clocks: &'a Clocks,
    labels: Vec<Label>,
    sojourn: Option<Open>,
    voyage: Option<Open>,
    otium: Option<Open>,
    chapter: Option<Open>,
    ship: Option<Open>,
    loan: Option<Open>,
    villas: BTreeMap<PlaceId, Open>,
}

impl Teller<'_> {
    fn hear(&mut self, at: At, fact: &Fact) {
        self.hear_of_ships(at, fact);
        self.hear_of_loans(at, fact);
        self.hear_of_villas(at, fact);
        match fact {
            Fact::Enrolment(enrolment) => {
                self.begin_chapter(at, 1);
                self.settle_in(at, &enrolment.home);
            }
            Fact::Departure(departure) => self.sail(at, departure),
            Fact::Arrival(arrival) => {
                let voyage = self.voyage.take();
                let outcome = json!({ "wear_ppm": arrival.wear_ppm, "spoiled": arrival.spoiled });
                self.close(voyage, at, outcome);
                self.settle_in(at, &arrival.place);
            }
            Fact::OtiumBegin(begin) => {
                self.otium = Some(Open {
                    label: LabelKind::Otium,
                    title: format!("Otium in {}", begin.place),
                    from: at,
                    evidence: vec![at],
                    detail: json!({
                        "place": begin.place,
                        "quality_permille": begin.quality_permille,
                        "villa": begin.villa,
                    }),
                });
            }
            Fact::OtiumEnd(end) => self.end_otium(at, end),
            Fact::Journal(entry) => self.write(at, &entry.text),
            Fact::Mishap(mishap) => {
                if let Some(voyage) = &mut self.voyage {
                    voyage.evidence.push(at);
                    befall(&mut voyage.detail["mishaps"], at, mishap);
                }
            }
            Fact::Trade(_) => self.trade(at),
            Fact::Parameter(..)
            | Fact::Text(..)
            | Fact::SessionOpened(_)
            | Fact::SessionClosed(_)
            | Fact::RecoverySet(_)
            | Fact::PasskeySet(_)
            | Fact::PasskeyRemoved(_)
            | Fact::Rewind(_)
            | Fact::Import(_)
            | Fact::Repair(_)
            | Fact::ShipPurchase(_)
            | Fact::ShipSale(_)
            | Fact::Charter(_)
            | Fact::Relief(_)
            | Fact::SeaLoan(_)
            | Fact::Repayment(_)
            | Fact::Collection(_)
            | Fact::Storage(_)
            | Fact::VillaPurchase(_)
            | Fact::VillaSale(_)
            | Fact::Shelving(_)
            | Fact::Leave(_) => {}
            Fact::Removal(removal) => self.move_on(at, &removal.from, &removal.to),
            Fact::Advance(advance) => {
                let chapter = self.chapter.take();
                self.close(chapter, at, Value::Null);
                self.begin_chapter(at, advance.chapter);
            }
        }
    }

    fn end_otium(&mut self, at: At, end: &OtiumEnd) {
        let otium = self.otium.take();
        let unpaid_us = end.paid_us.map_or(0, |paid_us| end.days_us - paid_us);
        let detail = json!({
            "cost_asses": end.cost_asses,
            "gravitas_milli": end.gravitas_milli,
            "unpaid_us": unpaid_us,
        });
        self.close(otium, at, detail);
    }

    fn write(&mut self, at: At, text: &str) {
        let entry = Open {
            label: LabelKind::Journal,
            title: "Journal".to_owned(),
            from: at,
            evidence: Vec::new(),
            detail: json!({ "text": text }),
        };
        self.close(Some(entry), at, Value::Null);
    }

    /// After the twelfth there is none.
    fn begin_chapter(&mut self, at: At, number: i64) {
        let index = usize::try_from(number - 1).unwrap_or(usize::MAX);
        let Some(Chapter { story, .. }) = CHAPTERS.get(index) else { return };
        let title = story.title;
        self.chapter = Some(Open {
            label: LabelKind::Chapter,
            title: format!("{}. {}", roman_numeral(number as u16), title.en),
            from: at,
            evidence: vec![at],
            detail: json!({
                "chapter": number,
                "words": { "en": title.en, "la": title.la, "it": title.it },
            }),
        });
    }

    /// A trade is part of the sojourn in which it was made.
    fn trade(&mut self, at: At) {
        if let Some(sojourn) = &mut self.sojourn {
            sojourn.evidence.push(at);
            sojourn.detail["trades"] = json!(sojourn.evidence.len() - 1);
        }
    }

    fn settle_in(&mut self, at: At, place: &PlaceId) {
        self.sojourn = Some(Open {
            label: LabelKind::Sojourn,
            title: format!("In {place}"),
            from: at,
            evidence: vec![at],
            detail: json!({ "place": place, "trades": 0 }),
        });
    }

    /// The place is another's by name, and where he is begins anew.
    fn move_on(&mut self, at: At, from: &PlaceId, to: &PlaceId) {
        let there = |open: &Open| open.detail["place"] == from.as_str();
        if self.sojourn.as_ref().is_some_and(there) {
            let sojourn = self.sojourn.take();
            self.close(sojourn, at, Value::Null);
            self.settle_in(at, to);
        }
    }

    fn sail(&mut self, at: At, departure: &Departure) {
        let sojourn = self.sojourn.take();
        self.close(sojourn, at, Value::Null);
        self.voyage = Some(Open {
            label: LabelKind::Voyage,
            title: format!("Voyage from {} to {}", departure.from, departure.to),
            from: at,
            evidence: vec![at],
            detail: json!({
                "from": departure.from,
                "to": departure.to,
                "ship": departure.ship,
                "distance_m": departure.distance_m,
                "pace_permille": departure.pace_permille,
                "arrives_at": departure.arrives_at,
                "mishaps": [],
            }),
        });
    }

    /// Ends an interval, adding the moment that ended it and what came out of it.
    fn close(&mut self, open: Option<Open>, at: At, outcome: Value) {
        let Some(mut open) = open else {
            return;
        };
        open.evidence.push(at);
        if let (Value::Object(detail), Value::Object(outcome)) = (&mut open.detail, outcome) {
            detail.extend(outcome);
        }
        self.tell(open, Some(at));
    }

    fn tell(&mut self, open: Open, to: Option<At>) {
        let Open { label, title, from, evidence, detail } = open;
        self.labels.push(Label {
            label,
            title,
            from,
            to,
            world_from: self.clocks.world_time(from),
            world_to: self.clocks.world_time(to.unwrap_or(self.now)),
            evidence,
            detail,
        });
    }

    /// What still lasts has no end.
    fn end(&mut self) {
        let open = [
            self.sojourn.take(),
            self.voyage.take(),
            self.otium.take(),
            self.chapter.take(),
            self.ship.take(),
            self.loan.take(),
        ];
        let villas = std::mem::take(&mut self.villas);
        for open in open.into_iter().flatten().chain(villas.into_values()) {
            self.tell(open, None);
        }
    }
}
