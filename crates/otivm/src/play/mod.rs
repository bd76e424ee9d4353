//! What a player does here, one use case a file: enrol, come back, look, plan, act, remember.

mod act;
mod arrive;
mod bell;
mod disk;
mod doors;
mod enrol;
mod error;
mod events;
mod expected;
mod export;
mod farewell;
mod harbour;
mod import;
mod key;
mod leisure;
mod look;
mod passkeys;
mod plan;
mod refuge;
mod remember;
mod simulated;
mod stay;
mod transit;
mod view;

pub(crate) use act::{Acted, Request, act};
pub(crate) use arrive::{ask_for_any_passkey, return_with, return_with_passkey};
pub(crate) use bell::{Bells, Listener};
pub(crate) use disk::mind_the_disk;
pub(crate) use doors::Entered;
pub(crate) use enrol::enrol;
pub(crate) use error::PlayError;
pub(crate) use events::{Cursor, CursorError, Event, Heard, notice};
pub(crate) use expected::Expected;
pub(crate) use export::{Exported, export, write_lines};
pub(crate) use farewell::farewell;
pub(crate) use harbour::harbour;
pub(crate) use import::import;
pub(crate) use key::{Flights, Key};
pub(crate) use look::{market, parameters, world};
pub(crate) use passkeys::{add_passkey, ask_for_new_passkey, passkeys, remove_passkey};
pub(crate) use plan::plan;
pub(crate) use remember::{PlaceError, Span, ledger, moments, timeline};
pub(crate) use simulated::keep_up;
pub(crate) use stay::{Ending, leave, new_phrase, renew, session};
pub(crate) use transit::Transit;
pub(crate) use view::{chapter_pages, me, place_view, rfc3339, world_date};

use crate::{
    app::App,
    players::{Desk, Seat, Secret, Token},
    world::Scene,
};
use otivm_rules::At;
use std::sync::Arc;

/// Who calls, by the cookie; not yet believed.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) token: Token,
    pub(crate) secret: Secret,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Read,
    Command,
    Export,
}

/// Runs work at the player's own desk: the session is checked, and what fell due is settled first.
pub(crate) async fn in_session<T: Send + 'static>(
    app: &Arc<App>,
    session: Session,
    call: Call,
    work: impl FnOnce(&mut Desk, &Scene, At) -> Result<T, PlayError> + Send + 'static,
) -> Result<T, PlayError> {
    let scene = app.world.scene();
    at_own_desk(app, session, call, move |desk, now| {
        let scene = scene.ok_or(PlayError::NoWorld)?;
        work(desk, &scene, now)
    })
    .await
}

/// As [`in_session`], for what needs no world.
pub(crate) async fn at_own_desk<T: Send + 'static>(
    app: &Arc<App>,
    session: Session,
    call: Call,
    work: impl FnOnce(&mut Desk, At) -> Result<T, PlayError> + Send + 'static,
) -> Result<T, PlayError> {
    let seat = seat(app, &session, call)?;
    let clock = Arc::clone(app);
    let worked = seat.at_desk(move |desk| {
        // Read here, at the desk, so that no moment is older than a window that was closed meanwhile.
        let now = clock.now();
        doors::admit(desk, &session, now)?;
        let before = desk.life()?.state().last_at;
        desk.settle(now)?;
        let worked = work(desk, now);
        if desk.life()?.state().last_at != before {
            clock.bells.ring(&session.token);
        }
        worked
    });
    as_known(app, worked.await?)
}

/// The seat that the session names, with one call taken from its player's budget.
fn seat(app: &App, session: &Session, call: Call) -> Result<Arc<Seat>, PlayError> {
    let Some(seat) = app.house.seat(&session.token) else {
        return as_known(app, Err(PlayError::NoSession));
    };
    app.budgets.player(&session.secret, call, app.clock.now())?;
    Ok(seat)
}

/// Who comes with a session that opens nothing is a stranger.
fn as_known<T>(app: &App, outcome: Result<T, PlayError>) -> Result<T, PlayError> {
    if let Err(PlayError::NoSession | PlayError::SessionOver) = &outcome {
        app.budgets.stranger(app.clock.now())?;
    }
    outcome
}

/// What a listener has not heard yet. Takes nothing from the player's budget, and waits its turn.
pub(crate) async fn listen(
    app: &Arc<App>,
    session: &Session,
    after: Cursor,
) -> Result<Heard, PlayError> {
    let seat = app.house.seat(&session.token).ok_or(PlayError::NoSession)?;
    let scene = app.world.scene().ok_or(PlayError::NoWorld)?;
    let (app, session) = (Arc::clone(app), session.clone());
    seat.at_desk_patiently(move |desk| {
        let now = app.now();
        doors::admit(desk, &session, now)?;
        desk.settle(now)?;
        events::events_after(desk, &scene, now, &after)
    })
    .await?
}
