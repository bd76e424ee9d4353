//! The passkeys of a life: which there are, one more, one less.

use super::{
    Call, Key, PlayError, Session, at_own_desk,
    doors::admit,
    rfc3339,
    stay::{at_door, record},
};
use crate::{
    app::App,
    passkeys::{Challenge, Made},
    players::Desk,
};
use otivm_api::{NewPasskey, Passkey as View, PasskeyChallenge, Passkeys};
use otivm_rules::{
    At, Fact, Moment, State,
    fact::{PASSKEY_NAME_MAX, PASSKEYS_MAX, PasskeyRemoved, PasskeySet},
};
use std::sync::Arc;

pub(crate) fn passkeys(desk: &mut Desk) -> Result<Passkeys, PlayError> {
    let mut known: Vec<_> = desk.life()?.state().passkeys.iter().collect();
    known.sort_by_key(|(_, passkey)| passkey.since);
    let passkeys = known.into_iter().map(|(id, key)| view(id, &key.name, key.since)).collect();
    Ok(Passkeys { passkeys, most: PASSKEYS_MAX })
}

fn view(id: &str, name: &str, since: At) -> View {
    View { id: id.to_owned(), name: name.to_owned(), added_at: rfc3339(since) }
}

/// What a browser is to answer for one more; and whether it was asked the same before.
pub(crate) async fn ask_for_new_passkey(
    app: &Arc<App>,
    session: Session,
    key: Key,
) -> Result<(PasskeyChallenge, bool), PlayError> {
    let flight = app.flights.begin(session.token.as_str(), &key)?;
    let (game, token) = (Arc::clone(app), session.token.clone());
    at_own_desk(app, session, Call::Command, move |desk, now| {
        let _in_hand = flight;
        let ceremony = key.hash();
        if !key.of_door(desk)?.is_empty() {
            return Err(PlayError::KeyReused);
        }
        let state = desk.life()?.state();
        has_room(state)?;
        let (known, shown) = (state.passkeys.keys(), shown(state));
        let challenge = game.passkeys()?.ask_for_new(&ceremony, &token, &shown, known, now)?;
        Ok(challenge_view(ceremony, challenge))
    })
    .await
}

pub(super) fn challenge_view(
    ceremony: String,
    Challenge { ends_at, options, replayed }: Challenge,
) -> (PasskeyChallenge, bool) {
    (PasskeyChallenge { ceremony, expires_at: rfc3339(ends_at), options }, replayed)
}

/// What a device shows when it asks which life to open.
fn shown(state: &State) -> String {
    state.merchant.as_ref().map_or_else(
        || "OTIVM".to_owned(),
        |merchant| {
            let since = rfc3339(merchant.since);
            format!("OTIVM, {}, {}", merchant.home, since.split('T').next().unwrap_or_default())
        },
    )
}

/// One more, if it proves itself; and whether it had been added before.
pub(crate) async fn add_passkey(
    app: &Arc<App>,
    session: Session,
    key: Key,
    new: NewPasskey,
) -> Result<(View, bool), PlayError> {
    at_door(app, session, key, |app, desk, own, key, now| {
        admit(desk, own, now)?;
        let door = app.passkeys()?;
        let NewPasskey { ceremony, name, credential } = new;
        let name = name.trim().to_owned();
        let length = name.chars().count();
        if !(1..=PASSKEY_NAME_MAX).contains(&length) {
            return Err(PlayError::PasskeyName(length));
        }
        let earlier = key.of_door(desk)?;
        if !earlier.is_empty() {
            let then = added(&earlier).filter(|(_, set)| {
                (set.name.as_str(), Some(set.id.as_str())) == (&name, credential["id"].as_str())
            });
            let (since, set) = then.ok_or(PlayError::KeyReused)?;
            return Ok((view(&set.id, &name, since), true));
        }
        has_room(desk.life()?.state())?;
        let Made { id, credential } = door.make(&ceremony, &own.token, credential, now)?;
        let added = view(&id, &name, desk.life()?.state().next_at(now));
        record(desk, &[Fact::PasskeySet(PasskeySet { id, name, credential })], key, now)?;
        Ok((added, false))
    })
    .await
}

fn added(moments: &[Moment]) -> Option<(At, PasskeySet)> {
    moments.iter().find_map(|moment| match moment.fact() {
        Ok(Fact::PasskeySet(set)) => Some((moment.at, set)),
        _ => None,
    })
}

fn has_room(state: &State) -> Result<(), PlayError> {
    if state.passkeys.len() < PASSKEYS_MAX { Ok(()) } else { Err(PlayError::TooManyPasskeys) }
}

/// One less; whether it had been removed before under this key. Sessions that it opened stay open.
pub(crate) async fn remove_passkey(
    app: &Arc<App>,
    session: Session,
    key: Key,
    id: String,
) -> Result<bool, PlayError> {
    at_door(app, session, key, |app, desk, own, key, now| {
        admit(desk, own, now)?;
        app.passkeys()?;
        let known = desk.life()?.state().passkeys.contains_key(&id);
        let removed = Fact::PasskeyRemoved(PasskeyRemoved { id });
        let earlier = key.of_door(desk)?;
        if !earlier.is_empty() {
            let same = |moment: &Moment| moment.fact().is_ok_and(|fact| fact == removed);
            return if earlier.iter().any(same) { Ok(true) } else { Err(PlayError::KeyReused) };
        }
        if !known {
            return Err(PlayError::PasskeyMissing);
        }
        record(desk, &[removed], key, now)?;
        Ok(false)
    })
    .await
}
