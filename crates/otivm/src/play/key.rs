//! Idempotency keys: one intention, one effect, one answer; and which of them are being worked on.

use super::{PlayError, expected::Expected};
use crate::players::Desk;
use otivm_rules::Moment;
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

/// An idempotency key: 1 to 64 of `A-Z a-z 0-9 _ -`; and what its caller takes for granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    text: String,
    expected: Expected,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key is 1 to {} of A-Z, a-z, 0-9, - and _", Key::LENGTH_MAX)]
pub(crate) struct KeyError;

impl Key {
    const LENGTH_MAX: usize = 64;
    /// Of the key of a new life: whoever knows it is given that life's session, so it must not be guessed.
    pub(crate) const ENROL_LENGTH_MIN: usize = 16;

    pub(crate) fn parse(text: &str) -> Result<Self, KeyError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if (1..=Self::LENGTH_MAX).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self { text: text.to_owned(), expected: Expected::Nothing })
        } else {
            Err(KeyError)
        }
    }

    pub(crate) fn expecting(self, expected: Expected) -> Self {
        Self { expected, ..self }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn expected(&self) -> &Expected {
        &self.expected
    }

    pub(crate) fn may_begin_a_life(&self) -> bool {
        self.text.len() >= Self::ENROL_LENGTH_MIN
    }

    /// What a command under this key led to.
    pub(super) fn of_command(&self, desk: &Desk) -> Result<Vec<Moment>, PlayError> {
        self.earlier(desk, self.as_str())
    }

    /// What was done at a door under this key. What a life brought along was done at another house's doors.
    pub(super) fn of_door(&self, desk: &Desk) -> Result<Vec<Moment>, PlayError> {
        let mut found = self.earlier(desk, &self.hash())?;
        let here = found.iter().rposition(Moment::is_import).unwrap_or(0);
        Ok(found.split_off(here))
    }

    /// A key is one intention's, whether it was a command's or opened a door: in the other form it is taken.
    fn earlier(&self, desk: &Desk, form: &str) -> Result<Vec<Moment>, PlayError> {
        let found = desk.db().of_keys([self.as_str(), &self.hash()])?;
        let same = |moment: &Moment| moment.key.as_deref() == Some(form);
        if found.iter().all(same) { Ok(found) } else { Err(PlayError::KeyReused) }
    }

    /// As it stands in the database where the answer holds a secret.
    pub(crate) fn hash(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(b"otivm door key 1\0");
        digest.update(&self.text);
        hex::encode(digest.finalize())
    }
}

/// The keys whose calls are in hand. Bounded by the calls that a listener takes at once.
#[derive(Clone, Default)]
pub(crate) struct Flights(Arc<Mutex<HashSet<String>>>);

/// A key in hand, for as long as the work goes on, also when its caller has gone.
pub(crate) struct Flight {
    flights: Flights,
    name: String,
}

impl Flights {
    /// `scope` is whose key it is: a seat's token, or the front door.
    pub(crate) fn begin(&self, scope: &str, key: &Key) -> Result<Arc<Flight>, PlayError> {
        let name = format!("{scope}/{}", key.text);
        if !self.all().insert(name.clone()) {
            return Err(PlayError::KeyInFlight);
        }
        Ok(Arc::new(Flight { flights: self.clone(), name }))
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        // A set is whole between any two calls of its own.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.flights.all().remove(&self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_plain() {
        assert!(["a", "A-z_09", &"k".repeat(64)].iter().all(|text| Key::parse(text).is_ok()));
        assert!(
            ["", "a b", "ä", "a/b", &"k".repeat(65)].iter().all(|text| Key::parse(text).is_err())
        );
    }

    #[test]
    fn a_key_is_in_hand_until_the_last_who_holds_it_lets_go() {
        let (flights, key) = (Flights::default(), Key::parse("k").unwrap());
        let first = flights.begin("a", &key).unwrap();
        let work = Arc::clone(&first);
        drop(first);
        assert!(matches!(flights.begin("a", &key), Err(PlayError::KeyInFlight)));
        assert!(flights.begin("b", &key).is_ok(), "another's key is another key");
        drop(work);
        assert!(flights.begin("a", &key).is_ok());
    }
}
