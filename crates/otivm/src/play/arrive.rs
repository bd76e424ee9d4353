//! Coming back with the recovery phrase, and leaving a session.

use super::{PlayError, Session};
use crate::{
    app::App,
    players::{Phrase, Secret},
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
    words: &str,
) -> Result<(Opened, String), PlayError> {
    let phrase = Phrase::parse(words).map_err(|_refused| PlayError::PhraseUnknown)?;
    let seat = app.house.find(&phrase).ok_or(PlayError::PhraseUnknown)?;
    let (app, token) = (Arc::clone(app), seat.token().clone());
    seat.at_desk(move |desk| {
        let state = desk.life()?.state();
        if state.recovery.as_ref() != Some(&phrase.hash()) {
            return Err(PlayError::PhraseUnknown);
        }
        let secret = Secret::random()?;
        let mut facts: Vec<Fact> = state
            .sessions
            .iter()
            .map(|hash| Fact::SessionClosed(SessionClosed { hash: hash.clone() }))
            .collect();
        facts.push(Fact::SessionOpened(SessionOpened { hash: secret.hash() }));
        let now = app.now();
        desk.settle(now)?;
        let moments = desk.life()?.record(&facts, None, now)?;
        desk.append(&moments)?;
        let opened = Opened { player: Player { token: token.to_string() } };
        Ok((opened, secret.cookie(&token)))
    })
    .await?
}

/// Ends the session that calls.
pub(crate) async fn leave(app: &Arc<App>, session: Session) -> Result<(), PlayError> {
    let seat = app.house.seat(&session.token).ok_or(PlayError::NoSession)?;
    seat.may_command()?;
    let app = Arc::clone(app);
    seat.at_desk(move |desk| {
        if !session.secret.opens(&desk.life()?.state().sessions) {
            return Err(PlayError::NoSession);
        }
        let now = app.now();
        desk.settle(now)?;
        let closed = Fact::SessionClosed(SessionClosed { hash: session.secret.hash() });
        let moments = desk.life()?.record(&[closed], None, now)?;
        desk.append(&moments)?;
        Ok(())
    })
    .await?
}
