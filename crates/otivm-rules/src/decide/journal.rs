//! The player's own words, ashore or at sea, in business or at leisure.

use crate::{
    fact::{Fact, JournalEntry},
    refusal::Refusal,
    state::State,
};

/// Characters of an entry: a page of a codex.
pub const JOURNAL_TEXT_MAX: usize = 4000;

pub(super) fn decide(state: &State, text: &str) -> Result<Vec<Fact>, Refusal> {
    if state.merchant.is_none() {
        return Err(Refusal::NotEnrolled);
    }
    let text = text.trim();
    let length = text.chars().count();
    if !(1..=JOURNAL_TEXT_MAX).contains(&length) {
        return Err(Refusal::JournalLength { length, most: JOURNAL_TEXT_MAX });
    }
    Ok(vec![Fact::Journal(JournalEntry { text: text.to_owned() })])
}
