//! What the doors have in common: who is let in, and what is answered again under the same key.

use super::{Key, PlayError, Session};
use crate::players::{Desk, Doorkeeper, Phrase, Purpose, Secret, Token};
use otivm_rules::{At, Fact, Moment};

/// An answer with a secret in it is given again for a day after it was first given: long enough for any
/// program that tries again, short enough that an old log opens nothing.
pub(crate) const ANSWER_KEPT_US: i64 = 86_400_000_000;

/// Sessions of one life that are open at once: some devices with a browser or two each. One more ends the oldest.
pub(crate) const SESSIONS_MAX: usize = 16;

/// What came through a door.
pub(crate) struct Entered<T> {
    pub(crate) answer: T,
    /// The cookie's value.
    pub(crate) cookie: String,
    /// It had been answered before; this is the answer of then.
    pub(crate) replayed: bool,
}

/// The session is one of this life's, and its time has not run out.
pub(super) fn admit(desk: &mut Desk, session: &Session, now: At) -> Result<(), PlayError> {
    if !session.secret.opens(desk.life()?.state().sessions.keys()) {
        return Err(PlayError::NoSession);
    }
    if session.secret.is_over(now) {
        return Err(PlayError::SessionOver);
    }
    Ok(())
}

/// The secret that was given under this key, while it may be given again. `key` is what it was drawn from.
pub(super) fn secret_again(
    keeper: &Doorkeeper,
    desk: &mut Desk,
    (purpose, token, key): (Purpose, &Token, &str),
    earlier: &[Moment],
    now: At,
) -> Result<Secret, PlayError> {
    let opened = earlier.iter().find_map(|moment| match moment.fact() {
        Ok(Fact::SessionOpened(opened)) => Some((moment.at, opened.hash)),
        _ => None,
    });
    let (at, hash) = opened.ok_or(PlayError::KeyReused)?;
    let secret = Secret::of(at, keeper.draw(purpose, token, key));
    if secret.hash() != hash {
        return Err(PlayError::KeyReused);
    }
    let open = desk.life()?.state().sessions.contains_key(&hash);
    if open && is_kept(at, now) { Ok(secret) } else { Err(PlayError::AnswerGone) }
}

/// The phrase that was given under this key, while it may be given again.
pub(super) fn phrase_again(
    keeper: &Doorkeeper,
    desk: &mut Desk,
    (purpose, token, key): (Purpose, &Token, &Key),
    earlier: &[Moment],
    now: At,
) -> Result<Phrase, PlayError> {
    let set = earlier.iter().find_map(|moment| match moment.fact() {
        Ok(Fact::RecoverySet(set)) => Some((moment.at, set.hash)),
        _ => None,
    });
    let (at, hash) = set.ok_or(PlayError::KeyReused)?;
    let phrase = Phrase::of(keeper.draw(purpose, token, key.as_str()));
    if phrase.hash() != hash {
        return Err(PlayError::KeyReused);
    }
    let valid = desk.life()?.state().recovery.as_ref() == Some(&hash);
    if valid && is_kept(at, now) { Ok(phrase) } else { Err(PlayError::AnswerGone) }
}

fn is_kept(at: At, now: At) -> bool {
    now.0.saturating_sub(at.0) < ANSWER_KEPT_US
}
