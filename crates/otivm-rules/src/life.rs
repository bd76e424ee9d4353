//! A life in hand: the state, the head of the chain, and the moments that would come next.
//!
//! `decide` and `settle` give sealed moments and change nothing; the caller writes them to disk and
//! then lets them be `commit`ted. So an answer is never ahead of what is kept.

use crate::{
    canonical::CanonicalError,
    chain::{Broken, Head},
    chance::Chance,
    command::Command,
    decide::decide,
    fact::{Fact, FactError},
    fold::fold,
    moment::Moment,
    refusal::Refusal,
    settle::settle,
    state::State,
    time::At,
    world::World,
};
use std::borrow::Cow;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    state: State,
    head: Head,
}

#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error(transparent)]
    Chain(#[from] Broken),
    #[error("the moment at {} cannot be understood", at.0)]
    Fact {
        at: At,
        #[source]
        source: FactError,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("what was decided cannot be written down")]
    Canonical(#[from] CanonicalError),
}

impl Life {
    /// Folds a history, checking its chain on the way.
    pub fn replay<'a>(moments: impl IntoIterator<Item = &'a Moment>) -> Result<Self, ReplayError> {
        let mut life = Self::default();
        for moment in moments {
            life.push(moment)?;
        }
        Ok(life)
    }

    /// Takes the next moment of the history.
    pub fn push(&mut self, moment: &Moment) -> Result<(), ReplayError> {
        let head = self.head.advance(moment)?;
        let fact = moment.fact().map_err(|source| ReplayError::Fact { at: moment.at, source })?;
        fold(&mut self.state, moment.at, &fact);
        self.head = head;
        Ok(())
    }

    /// Takes moments that `settle`, `decide` or `record` sealed and the caller has written.
    pub fn commit(&mut self, moments: &[Moment]) -> Result<(), ReplayError> {
        moments.iter().try_for_each(|moment| self.push(moment))
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    pub fn head(&self) -> Head {
        self.head
    }

    /// Everything that has fallen due, in order. Write and commit it before any command.
    pub fn settle(&self, now: At) -> Result<Vec<Moment>, CanonicalError> {
        let now = self.state.next_at(now);
        // Mostly nothing is due, and nothing is copied.
        let (mut state, mut prev) = (Cow::Borrowed(&self.state), self.head.hash);
        let mut moments = Vec::new();
        while let Some((at, fact)) = settle(&state, now) {
            let moment = Moment::seal(prev, at, &fact, None)?;
            prev = moment.hash;
            fold(state.to_mut(), at, &fact);
            moments.push(moment);
        }
        Ok(moments)
    }

    /// The moments of a command, under its idempotency key.
    pub fn decide(
        &self,
        command: &Command,
        key: Option<&str>,
        world: &World,
        now: At,
        chance: Chance,
    ) -> Result<Vec<Moment>, DecideError> {
        let now = self.state.next_at(now);
        let facts = decide(&self.state, command, world, now, chance)?;
        Ok(self.record(&facts, key, now)?)
    }

    /// Seals facts that are no command: parameters at the head, sessions, recovery.
    pub fn record(
        &self,
        facts: &[Fact],
        key: Option<&str>,
        now: At,
    ) -> Result<Vec<Moment>, CanonicalError> {
        let mut at = self.state.next_at(now);
        let mut prev = self.head.hash;
        let mut moments = Vec::with_capacity(facts.len());
        for fact in facts {
            let moment = Moment::seal(prev, at, fact, key)?;
            prev = moment.hash;
            at = at.plus(1);
            moments.push(moment);
        }
        Ok(moments)
    }
}

/// The parameters that open a database: every number of the registry, then what is known as text.
pub fn head_facts(
    parameters: &crate::parameters::Parameters,
    texts: &[(crate::fact::TextId, String)],
) -> Vec<Fact> {
    let numbers = parameters.iter().map(|(id, value)| Fact::Parameter(id, value));
    let texts = texts.iter().map(|(id, text)| Fact::Text(*id, text.clone()));
    numbers.chain(texts).collect()
}
