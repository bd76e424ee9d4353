//! GET /events: what happens, as it happens, as server-sent events.

use super::{
    params::{EventsHeaders, EventsQuery},
    respond::Refused,
};
use crate::{
    app::App,
    play::{self, Call, Cursor, Event, Heard, Listener, Session, in_session},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response, Sse, sse},
};
use futures::stream;
use otivm_api::Here;
use otivm_rules::At;
use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};
use theron_service::{Query, Refusal};

/// Something is sent at least so often, so that both ends know that the other is there.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// What falls due is looked for so often; reading the clock costs nothing.
const TICK: Duration = Duration::from_millis(250);
/// The desk is looked at after so many ticks even if nothing known falls due: 5 s.
const TICKS_MAX: u32 = 20;
/// A connection is let go after an hour: the client comes back with its last id, and loses nothing.
const STREAM_MAX: Duration = Duration::from_secs(3600);
/// A client that was cut off waits so long before it comes back.
const COME_BACK_AFTER: Duration = Duration::from_secs(2);

/// What happens in this life (`moment`), in the world (`window`) and to this connection (`notice`), as it
/// happens.
///
/// The first connection begins in the present and says so (`here`), or after the moment `after` (the
/// `revision` of `/me`). Every event has an id: a client that was cut off sends the last one as
/// `Last-Event-ID` (a browser's `EventSource` does) and gets everything that came after it, once. A comment
/// comes every 10 s while nothing else does. At most 4 connections a life; each ends after an hour.
#[utoipa::path(get, path = "/events", tag = "life", security(("session" = [])),
    params(EventsQuery, EventsHeaders),
    responses((status = 200, description = "`here`: Here; `moment`: Moment; `window`: WindowClosed; \
        `notice`: Notice (`release_changed`, `windows_closed`, `history_changed`, and before the end \
        `session_missing` or `session_expired`)",
        content_type = "text/event-stream", body = String)))]
pub(super) async fn events(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
    Query(EventsQuery { after }): Query<EventsQuery>,
) -> Result<Response, Refused> {
    let last = last_event_id(&headers)?;
    let begin = move |desk: &mut _, scene: &_, now| Cursor::now(desk, scene, now);
    let here = in_session(&app, session.clone(), Call::Read, begin).await?;
    let listener = app.bells.listen(&session.token)?;
    let mut waiting = VecDeque::new();
    let cursor = match (last, after) {
        (Some(last), _) => last,
        (None, Some(revision)) => Cursor { at: At(revision), ..here },
        (None, None) => {
            waiting.push_back((here.clone(), Event::Here(view(&here))));
            here
        }
    };
    let ears = Ears { app, session, listener, cursor, waiting, look: Look::Now, over: false };
    let until = tokio::time::Instant::now() + STREAM_MAX;
    let events = stream::unfold(ears, move |ears| next(ears, until));
    let alive = sse::KeepAlive::new().interval(HEARTBEAT).text("still here");
    let unbuffered = [("x-accel-buffering", "no")];
    Ok((unbuffered, Sse::new(events).keep_alive(alive)).into_response())
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<Cursor>, Refusal> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let parsed = value.to_str().unwrap_or_default().parse();
    parsed.map(Some).map_err(|error: play::CursorError| {
        Refusal::new(StatusCode::BAD_REQUEST, "event_id_not_valid", error.to_string())
    })
}

fn view(cursor: &Cursor) -> Here {
    let Cursor { at, window, release } = cursor.clone();
    Here { revision: at.0, window, release }
}

/// One connection.
struct Ears {
    app: Arc<App>,
    session: Session,
    listener: Listener,
    /// Behind the last event in `waiting`.
    cursor: Cursor,
    /// Brought by one look and not yet sent; no look is taken before it is empty.
    waiting: VecDeque<(Cursor, Event)>,
    look: Look,
    over: bool,
}

enum Look {
    Now,
    At(At),
}

type Sent = (Result<sse::Event, Infallible>, Ears);

async fn next(mut ears: Ears, until: tokio::time::Instant) -> Option<Sent> {
    loop {
        if let Some((cursor, event)) = ears.waiting.pop_front() {
            return Some((Ok(written(&cursor, &event)), ears));
        }
        if ears.over {
            return None;
        }
        if let Look::At(due) = ears.look {
            let app = Arc::clone(&ears.app);
            tokio::select! {
                () = app.tasks.stopping() => return None,
                () = tokio::time::sleep_until(until) => return None,
                () = ears.listener.rung() => {}
                () = falls_due(&app, due) => {}
            }
        }
        ears.listen().await;
    }
}

/// The clock is the game's own and may jump, so it is read rather than slept by.
async fn falls_due(app: &App, due: At) {
    for _ in 0..TICKS_MAX {
        tokio::time::sleep(TICK).await;
        if app.now() >= due {
            return;
        }
    }
}

impl Ears {
    async fn listen(&mut self) {
        match play::listen(&self.app, &self.session, self.cursor.clone()).await {
            Ok(Heard { events, look_again_at, more }) => {
                self.look = if more { Look::Now } else { Look::At(look_again_at) };
                if let Some((last, _)) = events.last() {
                    self.cursor = last.clone();
                }
                self.waiting.extend(events);
            }
            Err(error) => {
                let problem = Refusal::from(error).0;
                let event = play::notice(&problem.code, problem.detail);
                self.waiting.push_back((self.cursor.clone(), event));
                self.over = true;
            }
        }
    }
}

fn written(cursor: &Cursor, event: &Event) -> sse::Event {
    let named = |name: &str| sse::Event::default().id(cursor.to_string()).event(name);
    let written = match event {
        Event::Here(here) => named("here").retry(COME_BACK_AFTER).json_data(here),
        Event::Moment(moment) => named("moment").json_data(moment),
        Event::Window(closed) => named("window").json_data(closed),
        Event::Notice(notice) => named("notice").json_data(notice),
    };
    // Structs of text and numbers are always JSON.
    written.unwrap_or_default()
}
