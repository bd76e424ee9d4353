//! Coming back with the recovery phrase.

use super::{
    Key, PlayError,
    doors::{Entered, secret_again},
};
use crate::{
    app::App,
    players::{Desk, Phrase, Purpose, Secret, Token},
};
use otivm_api::{Player, SessionOpened as Opened};
use otivm_rules::{
    Fact,
    fact::{SessionClosed, SessionOpened},
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
    let earlier = desk.db().of_key(&key.hash())?;
    let replayed = !earlier.is_empty();
    let secret = if replayed {
        secret_again(&app.keeper, desk, (Purpose::Return, token, key), &earlier, now)?
    } else {
        let state = desk.life()?.state();
        let chance = app.keeper.draw(Purpose::Return, token, key.as_str());
        let secret = Secret::of(state.next_at(now), chance);
        let opened = Fact::SessionOpened(SessionOpened { hash: secret.hash() });
        let closed = state.sessions.iter().map(|hash| SessionClosed { hash: hash.clone() });
        let facts: Vec<Fact> =
            std::iter::once(opened).chain(closed.map(Fact::SessionClosed)).collect();
        let moments = desk.life()?.record(&facts, Some(&key.hash()), now)?;
        desk.append(&moments)?;
        app.bells.ring(token);
        secret
    };
    let answer = Opened { player: Player { token: token.to_string() } };
    Ok(Entered { answer, cookie: secret.cookie(token), replayed })
}
