//! Coming back: with the recovery phrase, which ends every other session, or with a passkey, which ends none.

use super::{
    Key, PlayError,
    doors::{Entered, SESSIONS_MAX, secret_again},
    enrol::FRONT_DOOR,
    passkeys::challenge_view,
    stay::record,
};
use crate::{
    app::App,
    passkeys::{Claim, PasskeyError},
    players::{Desk, Phrase, Purpose, Secret, Token},
};
use otivm_api::{PasskeyChallenge, PasskeyReturn, Player, SessionOpened as Opened};
use otivm_rules::{
    Fact, State,
    fact::{PasskeySet, SessionClosed, SessionOpened},
};
use std::sync::Arc;

/// A new session; those that were open end with it.
pub(crate) async fn return_with(
    app: &Arc<App>,
    key: Key,
    words: &str,
) -> Result<Entered<Opened>, PlayError> {
    let phrase = Phrase::parse(words).map_err(|_refused| PlayError::PhraseUnknown)?;
    let seat = app.house.find(&phrase).ok_or(PlayError::PhraseUnknown)?;
    let flight = app.flights.begin(seat.token().as_str(), &key)?;
    let (app, token) = (Arc::clone(app), seat.token().clone());
    seat.at_desk(move |desk| {
        let _in_hand = flight;
        if desk.life()?.state().recovery.as_ref() != Some(&phrase.hash()) {
            return Err(PlayError::PhraseUnknown);
        }
        open(&app, desk, &token, &key)
    })
    .await?
}

fn open(
    app: &App,
    desk: &mut Desk,
    token: &Token,
    key: &Key,
) -> Result<Entered<Opened>, PlayError> {
    let now = app.now();
    desk.settle(now)?;
    let earlier = key.of_door(desk)?;
    let replayed = !earlier.is_empty();
    let secret = if replayed {
        let door = (Purpose::Return, token, key.as_str());
        secret_again(&app.keeper, desk, door, &earlier, now)?
    } else {
        let state = desk.life()?.state();
        let chance = app.keeper.draw(Purpose::Return, token, key.as_str());
        let secret = Secret::of(state.next_at(now), chance);
        let mut facts = vec![opened(&secret)];
        facts.extend(state.sessions.keys().map(|hash| closed(hash)));
        record(desk, &facts, key, now)?;
        app.bells.ring(token);
        secret
    };
    Ok(entered(token, &secret, replayed))
}

/// What a browser is to answer who has a passkey; and whether it was asked the same before.
pub(crate) fn ask_for_any_passkey(
    app: &App,
    key: &Key,
) -> Result<(PasskeyChallenge, bool), PlayError> {
    let door = app.passkeys()?;
    let _in_hand = app.flights.begin(FRONT_DOOR, key)?;
    let ceremony = key.hash();
    let challenge = door.ask_for_any(&ceremony, app.now())?;
    Ok(challenge_view(ceremony, challenge))
}

/// A new session beside those that are open. What is said of a passkey that opens nothing is the same for every life.
pub(crate) async fn return_with_passkey(
    app: &Arc<App>,
    key: Key,
    sent: &PasskeyReturn,
) -> Result<Entered<Opened>, PlayError> {
    let door = app.passkeys()?;
    let claim = Claim::read(sent)?;
    let Some(seat) = claim.token.as_ref().and_then(|token| app.house.seat(token)) else {
        door.prove(&claim, None, app.now())?;
        return Err(PasskeyError::Unknown.into());
    };
    let flight = app.flights.begin(seat.token().as_str(), &key)?;
    let (app, token) = (Arc::clone(app), seat.token().clone());
    seat.at_desk(move |desk| {
        let _in_hand = flight;
        unlock(&app, desk, &token, &key, &claim)
    })
    .await?
}

fn unlock(
    app: &App,
    desk: &mut Desk,
    token: &Token,
    key: &Key,
    claim: &Claim,
) -> Result<Entered<Opened>, PlayError> {
    let now = app.now();
    let passkey = desk.life()?.state().passkeys.get(&claim.id).cloned();
    let drawn_from = claim.drawn_from(key.as_str());
    let earlier = key.of_door(desk)?;
    if !earlier.is_empty() {
        passkey.ok_or(PasskeyError::Unknown)?;
        let door = (Purpose::Passkey, token, drawn_from.as_str());
        let secret = secret_again(&app.keeper, desk, door, &earlier, now)?;
        return Ok(entered(token, &secret, true));
    }
    let known = passkey.as_ref().map(|passkey| passkey.credential.as_str());
    let counted_on = app.passkeys()?.prove(claim, known, now)?;
    desk.settle(now)?;
    let state = desk.life()?.state();
    let chance = app.keeper.draw(Purpose::Passkey, token, &drawn_from);
    let secret = Secret::of(state.next_at(now), chance);
    let mut facts = vec![opened(&secret)];
    facts.extend(oldest_out(state).map(|hash| closed(hash)));
    let set = passkey.zip(counted_on).map(|(passkey, credential)| PasskeySet {
        id: claim.id.clone(),
        name: passkey.name,
        credential,
    });
    facts.extend(set.map(Fact::PasskeySet));
    record(desk, &facts, key, now)?;
    app.bells.ring(token);
    Ok(entered(token, &secret, false))
}

/// The sessions that make room for one more.
fn oldest_out(state: &State) -> impl Iterator<Item = &String> {
    let mut by_age: Vec<_> =
        state.sessions.iter().map(|(hash, opened_at)| (opened_at, hash)).collect();
    by_age.sort_unstable();
    let too_many = (by_age.len() + 1).saturating_sub(SESSIONS_MAX);
    by_age.into_iter().take(too_many).map(|(_, hash)| hash)
}

fn opened(secret: &Secret) -> Fact {
    Fact::SessionOpened(SessionOpened { hash: secret.hash() })
}

fn closed(hash: &str) -> Fact {
    Fact::SessionClosed(SessionClosed { hash: hash.to_owned() })
}

fn entered(token: &Token, secret: &Secret, replayed: bool) -> Entered<Opened> {
    let answer = Opened { player: Player { token: token.to_string() } };
    Entered { answer, cookie: secret.cookie(token), replayed }
}
