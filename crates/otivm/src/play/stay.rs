//! A session while it is open: looking at it, renewing it, ending it or all of them, and a new phrase.

use super::{
    Call, Key, PlayError, Session,
    doors::{Entered, admit, phrase_again, secret_again},
    rfc3339,
};
use crate::{
    app::App,
    players::{Desk, Phrase, Purpose, RENEW_AFTER_US, Secret},
};
use otivm_api::{NewPhrase, Player, SessionView};
use otivm_rules::{
    At, Fact,
    fact::{RecoverySet, SessionClosed, SessionOpened},
};
use std::sync::Arc;

/// Which sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    This,
    All,
}

/// The session that asks.
pub(crate) fn session(desk: &mut Desk, session: &Session) -> Result<SessionView, PlayError> {
    let opened_at = session.secret.opened_at();
    Ok(SessionView {
        player: Player { token: session.token.to_string() },
        opened_at: rfc3339(opened_at),
        renew_after: rfc3339(At(opened_at.0.saturating_add(RENEW_AFTER_US))),
        expires_at: rfc3339(session.secret.ends_at()),
        revision: desk.life()?.state().last_at.map_or(0, |last| last.0),
        sessions_open: desk.life()?.state().sessions.len(),
    })
}

/// A new secret in the place of the one that asks.
pub(crate) async fn renew(
    app: &Arc<App>,
    session: Session,
    key: Key,
) -> Result<Entered<SessionView>, PlayError> {
    at_door(app, session, key, |app, desk, own, key, now| {
        let door = (Purpose::Renew, &own.token, key.as_str());
        let earlier = key.of_door(desk)?;
        let replayed = !earlier.is_empty();
        let secret = if replayed {
            if !ended(&earlier, &own.secret) {
                admit(desk, own, now)?;
                return Err(PlayError::KeyReused);
            }
            secret_again(&app.keeper, desk, door, &earlier, now)?
        } else {
            admit(desk, own, now)?;
            let at = desk.life()?.state().next_at(now);
            let secret = Secret::of(at, app.keeper.draw(door.0, door.1, door.2));
            let facts = [
                Fact::SessionOpened(SessionOpened { hash: secret.hash() }),
                Fact::SessionClosed(SessionClosed { hash: own.secret.hash() }),
            ];
            record(desk, &facts, key, now)?;
            secret
        };
        let cookie = secret.cookie(&own.token);
        let renewed = Session { secret, ..own.clone() };
        Ok(Entered { answer: self::session(desk, &renewed)?, cookie, replayed })
    })
    .await
}

/// Ends the session that asks, or all of this life's; whether that had been done before.
pub(crate) async fn leave(
    app: &Arc<App>,
    session: Session,
    key: Key,
    ending: Ending,
) -> Result<bool, PlayError> {
    at_door(app, session, key, move |_, desk, own, key, now| {
        let earlier = key.of_door(desk)?;
        if !earlier.is_empty() {
            let opened = |moment: &otivm_rules::Moment| moment.name == "session_opened";
            if ended(&earlier, &own.secret) && !earlier.iter().any(opened) {
                return Ok(true);
            }
            admit(desk, own, now)?;
            return Err(PlayError::KeyReused);
        }
        admit(desk, own, now)?;
        let closed = |hash: String| Fact::SessionClosed(SessionClosed { hash });
        let facts: Vec<Fact> = match ending {
            Ending::This => vec![closed(own.secret.hash())],
            Ending::All => desk.life()?.state().sessions.keys().cloned().map(closed).collect(),
        };
        record(desk, &facts, key, now)?;
        Ok(false)
    })
    .await
}

/// A new recovery phrase in the place of the old one; whether this one had been given before.
pub(crate) async fn new_phrase(
    app: &Arc<App>,
    session: Session,
    key: Key,
) -> Result<(NewPhrase, bool), PlayError> {
    at_door(app, session, key, |app, desk, own, key, now| {
        admit(desk, own, now)?;
        let door = (Purpose::NewPhrase, &own.token, key);
        let earlier = key.of_door(desk)?;
        let replayed = !earlier.is_empty();
        let phrase = if replayed {
            phrase_again(&app.keeper, desk, door, &earlier, now)?
        } else {
            key.expected().must_be_said()?;
            key.expected().check(desk)?;
            let phrase = Phrase::of(app.keeper.draw(door.0, door.1, key.as_str()));
            let set = Fact::RecoverySet(RecoverySet { hash: phrase.hash() });
            record(desk, &[set], key, now)?;
            desk.commit()?;
            app.house.remember(&phrase, &own.token);
            phrase
        };
        Ok((NewPhrase { recovery_phrase: phrase.as_str().to_owned() }, replayed))
    })
    .await
}

/// Runs work at the desk with the key in hand and everything settled. The session is not yet believed.
pub(super) async fn at_door<T: Send + 'static>(
    app: &Arc<App>,
    session: Session,
    key: Key,
    work: impl FnOnce(&App, &mut Desk, &Session, &Key, At) -> Result<T, PlayError> + Send + 'static,
) -> Result<T, PlayError> {
    let seat = super::seat(app, &session, Call::Command)?;
    let flight = app.flights.begin(session.token.as_str(), &key)?;
    let game = Arc::clone(app);
    let worked = seat.at_desk(move |desk| {
        let _in_hand = flight;
        let now = game.now();
        desk.settle(now)?;
        let worked = work(&game, desk, &session, &key, now);
        game.bells.ring(&session.token);
        worked
    });
    super::as_known(app, worked.await?)
}

pub(super) fn record(desk: &mut Desk, facts: &[Fact], key: &Key, now: At) -> Result<(), PlayError> {
    let moments = desk.life()?.record(facts, Some(&key.hash()), now)?;
    Ok(desk.append(&moments)?)
}

/// Whether these moments ended the session of this secret.
fn ended(moments: &[otivm_rules::Moment], secret: &Secret) -> bool {
    let own = Fact::SessionClosed(SessionClosed { hash: secret.hash() });
    moments.iter().any(|moment| moment.fact().is_ok_and(|fact| fact == own))
}
