//! The twelve chapters of a life: what each asks of business and of leisure, and when the next begins.
//!
//! Neither condition alone opens anything. What counts was done since the chapter began ([`Deeds`]), so it follows
//! from the moments alone; an advance is a moment too, a microsecond after the one that met the second condition,
//! and the chapter is the interval that it opens. A chapter gives nothing but its text. The twelfth is retirement:
//! when it is done the life is told, and may go on all the same.

mod deeds;
mod stories;
mod table;

use crate::{
    fact::{Advance, Fact},
    state::State,
    time::DAY_US,
};
pub use deeds::Deeds;
pub use table::CHAPTERS;

/// Asses of a denarius.
const DENARIUS: i64 = 16;
/// Metres of a Roman mile: 5,000 feet of 0.296 m.
const MILE_M: i64 = 1480;

/// In each of the three languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    pub en: &'static str,
    pub la: &'static str,
    pub it: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Story {
    pub title: Words,
    pub text: Words,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chapter {
    pub story: Story,
    pub negotium: Task,
    pub otium: Task,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    pub asks: Words,
    pub condition: Condition,
}

/// Each in the unit of the sentence that asks for it; all but [`Condition::Purse`] since the chapter began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Denarii that sales brought in beyond toll and cost.
    Gain(i64),
    /// Denarii of the best single sale.
    Sale(i64),
    /// Harbours in which something was sold.
    Markets(i64),
    /// Goods that were sold for more than they had cost.
    Goods(i64),
    /// Roman miles of the longest voyage.
    Voyage(i64),
    /// Roman miles of all voyages.
    Sailed(i64),
    /// Denarii in the purse.
    Purse(i64),
    /// Days of otium.
    Rest(i64),
    /// Days of the longest otium.
    Stay(i64),
    /// Days of otium while the sea was closed; and a page written on one of them.
    Winter(i64),
    /// Places of otium.
    Retreats(i64),
    /// Pages of the journal.
    Pages(i64),
    /// Pages written in otium.
    PagesInOtium(i64),
    /// Gravitas.
    Gravitas(i64),
}

/// How far a condition is met; met where `done` has reached `needed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: i64,
    pub needed: i64,
}

impl Progress {
    pub fn is_met(self) -> bool {
        self.done >= self.needed
    }
}

impl Condition {
    pub fn progress(self, state: &State) -> Progress {
        let deeds = &state.deeds;
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let (done, needed) = match self {
            Self::Gain(needed) => (deeds.gain_asses / DENARIUS, needed),
            Self::Sale(needed) => (deeds.best_sale_asses / DENARIUS, needed),
            Self::Markets(needed) => (count(deeds.markets.len()), needed),
            Self::Goods(needed) => (count(deeds.goods.len()), needed),
            Self::Voyage(needed) => (deeds.longest_voyage_m / MILE_M, needed),
            Self::Sailed(needed) => (deeds.sailed_m / MILE_M, needed),
            Self::Purse(needed) => (state.own_asses() / DENARIUS, needed),
            Self::Rest(needed) => (deeds.rest_us / DAY_US, needed),
            Self::Stay(needed) => (deeds.longest_rest_us / DAY_US, needed),
            Self::Winter(needed) => {
                let days = deeds.winter_us / DAY_US;
                let unwritten = deeds.winter_pages == 0;
                (if unwritten { days.min(needed - 1) } else { days }, needed)
            }
            Self::Retreats(needed) => (count(deeds.retreats.len()), needed),
            Self::Pages(needed) => (deeds.pages, needed),
            Self::PagesInOtium(needed) => (deeds.pages_in_otium, needed),
            Self::Gravitas(needed) => (deeds.gravitas_milli / 1000, needed),
        };
        Progress { done: done.max(0), needed }
    }
}

/// The chapter that a life is in, counted from 1; `None` before it begins and when all are told.
pub fn current(state: &State) -> Option<(i64, &'static Chapter)> {
    let index = usize::try_from(state.chapter.checked_sub(1)?).ok()?;
    CHAPTERS.get(index).map(|chapter| (state.chapter, chapter))
}

/// The advance that is due, if both conditions of the current chapter are met.
pub(crate) fn due(state: &State) -> Option<Fact> {
    let (number, chapter) = current(state)?;
    let met = |task: &Task| task.condition.progress(state).is_met();
    let advance = Advance { chapter: number + 1 };
    (met(&chapter.negotium) && met(&chapter.otium)).then_some(Fact::Advance(advance))
}
