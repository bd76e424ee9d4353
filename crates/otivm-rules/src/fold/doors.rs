//! What opens a life, and what opens it no longer.

use crate::{
    fact::{PasskeyRemoved, PasskeySet, SessionClosed, SessionOpened},
    state::{Passkey, State},
    time::At,
};

pub(super) fn opened(state: &mut State, at: At, session: &SessionOpened) {
    state.sessions.insert(session.hash.clone(), at);
}

pub(super) fn closed(state: &mut State, session: &SessionClosed) {
    state.sessions.remove(&session.hash);
}

/// One that was known is the same still, whatever is new about it.
pub(super) fn set(state: &mut State, at: At, passkey: &PasskeySet) {
    let PasskeySet { id, name, credential } = passkey.clone();
    let since = state.passkeys.get(&id).map_or(at, |known| known.since);
    state.passkeys.insert(id, Passkey { name, credential, since });
}

pub(super) fn removed(state: &mut State, passkey: &PasskeyRemoved) {
    state.passkeys.remove(&passkey.id);
}
