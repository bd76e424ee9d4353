//! What happens in a life and around it, in an order that a cut connection cannot lose or double.
//!
//! Nothing is kept for a listener. What has happened is read from where it stands anyway (the life's moments,
//! the world's clock, the release in play), and each event carries the cursor behind it. Whoever comes back
//! with the cursor of the last event that arrived gets what came after it: all of it, once.

use super::{PlayError, act::moment_view, rfc3339};
use crate::{players::Desk, world::Scene};
use otivm_api::{Here, Moment, Notice, WindowClosed};
use otivm_rules::{At, settle, time::Window};
use std::{fmt, str::FromStr};

/// Moments that one look at the desk brings; the rest comes with the next.
const MOMENTS_MAX: usize = 100;
/// Closed windows that are told one by one to whoever was away; older ones are told together.
const WINDOWS_MAX: i64 = 100;

/// How far a listener has heard: `MOMENT.WINDOW.RELEASE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The last moment.
    pub(crate) at: At,
    /// The window that was open.
    pub(crate) window: i64,
    pub(crate) release: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the id of an event is MOMENT.WINDOW.RELEASE; send back the last one that came, as it came"
)]
pub(crate) struct CursorError;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    Here(Here),
    Moment(Moment),
    Window(WindowClosed),
    Notice(Notice),
}

/// What was found, and when to look again unless something happens before.
pub(crate) struct Heard {
    pub(crate) events: Vec<(Cursor, Event)>,
    pub(crate) look_again_at: At,
    /// There is more than was brought.
    pub(crate) more: bool,
}

impl Cursor {
    /// The present.
    pub(crate) fn now(desk: &mut Desk, scene: &Scene, now: At) -> Result<Self, PlayError> {
        let state = desk.life()?.state();
        Ok(Self {
            at: state.last_at.unwrap_or(At(0)),
            window: state.parameters.clock().window(now).0,
            release: scene.release.id.to_string(),
        })
    }
}

/// Everything after the cursor. The life has been settled.
pub(crate) fn events_after(
    desk: &mut Desk,
    scene: &Scene,
    now: At,
    after: &Cursor,
) -> Result<Heard, PlayError> {
    let mut events = Vec::new();
    let mut cursor = after.clone();
    let release = scene.release.id.to_string();
    if cursor.release != release {
        let detail =
            format!("the world of release {release} is played now; ask for /world and /places");
        cursor.release = release;
        events.push((cursor.clone(), notice("release_changed", detail)));
    }
    let last = desk.life()?.state().last_at.unwrap_or(At(0));
    if cursor.at > last {
        let detail = "this life was set back by the operator; ask for /me and /timeline".to_owned();
        cursor.at = last;
        events.push((cursor.clone(), notice("history_changed", detail)));
    }
    let moments = desk.db().after(cursor.at, MOMENTS_MAX)?;
    let state = desk.life()?.state();
    for moment in &moments {
        cursor.at = moment.at;
        events.push((cursor.clone(), Event::Moment(moment_view(moment, state))));
    }
    let clock = desk.life()?.state().parameters.clock();
    let open = clock.window(now).0;
    // A cursor is the listener's: it may name any window.
    if open.saturating_sub(cursor.window) > WINDOWS_MAX {
        let first = cursor.window;
        cursor.window = open - WINDOWS_MAX;
        let detail = format!("windows {first} to {} closed meanwhile", cursor.window - 1);
        events.push((cursor.clone(), notice("windows_closed", detail)));
    }
    while cursor.window < open {
        let (number, closed_at) = (cursor.window, clock.window_end(Window(cursor.window)));
        cursor.window += 1;
        let closed = WindowClosed { number, closed_at: rfc3339(closed_at), open: cursor.window };
        events.push((cursor.clone(), Event::Window(closed)));
    }
    let window_ends = clock.window_end(Window(open));
    let due = settle(desk.life()?.state(), At(i64::MAX)).map(|(at, _)| at);
    Ok(Heard {
        events,
        look_again_at: due.map_or(window_ends, |due| due.min(window_ends)),
        more: moments.len() == MOMENTS_MAX,
    })
}

pub(crate) fn notice(code: &str, detail: String) -> Event {
    Event::Notice(Notice { code: code.to_owned(), detail })
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.at.0, self.window, self.release)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;
    fn from_str(text: &str) -> Result<Self, CursorError> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().ok_or(CursorError);
        let (at, window, release) = (next()?, next()?, next()?);
        let number = |part: &str| part.parse::<i64>().map_err(|_digits| CursorError);
        let plain = release.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !plain || release.is_empty() || release.len() > 64 {
            return Err(CursorError);
        }
        let (at, window) = (At(number(at)?), number(window)?);
        // Windows are counted from 1970.
        if window < 0 {
            return Err(CursorError);
        }
        Ok(Self { at, window, release: release.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_as_it_was_written_and_nothing_else_is_one() {
        let cursor =
            Cursor { at: At(1_790_000_000_000_000), window: 7, release: "ab12".to_owned() };
        assert_eq!(cursor.to_string(), "1790000000000000.7.ab12");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in
            ["", "1", "1.2", "1.2.", "x.2.a", "1.2.a\nb", "99999999999999999999.1.a", "1.-2.a"]
        {
            assert_eq!(text.parse::<Cursor>(), Err(CursorError), "{text:?}");
        }
    }
}
