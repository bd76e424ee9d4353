//! Who may connect to a listener that anybody reaches: so many in all, and so many from one address.
//!
//! One too many is closed at once, before it costs a buffer: whoever holds a thousand sockets open holds no more of
//! us than that, and the next address finds room.

use crate::{
    Bounds,
    budget::one_household,
    places::{Place, Places},
};
use std::{
    fmt::Display,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

/// Whoever floods us must not fill the disk as well.
const SAY_EVERY: Duration = Duration::from_secs(60);

/// The room of a listener.
pub(crate) struct Connections {
    in_all: Arc<Semaphore>,
    of_one: Arc<Places>,
}

/// An open connection, as the routes see it.
#[derive(Clone)]
pub struct Connection(Arc<Room>);

/// What an open connection takes up.
struct Room {
    of_one: Place,
    _in_all: OwnedSemaphorePermit,
}

/// Why one was closed at once.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TurnedAway {
    #[error("as many connections are open as this listener takes")]
    Full,
    #[error("as many connections of this address are open as one may have")]
    OneHasTooMany,
}

impl Connections {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        let in_all = Arc::new(Semaphore::new(bounds.connections));
        Self { in_all, of_one: Places::new(bounds.connections_of_one) }
    }

    pub(crate) fn open(&self, peer: SocketAddr) -> Result<Connection, TurnedAway> {
        let of_one = self.of_one.take(one_household(peer.ip())).ok_or(TurnedAway::OneHasTooMany)?;
        let in_all = Arc::clone(&self.in_all).try_acquire_owned();
        let in_all = in_all.map_err(|_full| TurnedAway::Full)?;
        Ok(Connection(Arc::new(Room { of_one, _in_all: in_all })))
    }
}

impl Connection {
    /// The peer is a proxy: it has as many connections as its clients need, and none of them counts as one of
    /// its address.
    pub fn is_a_proxy_s(&self) {
        self.0.of_one.give_back();
    }
}

/// Counts the connections that came to nothing, and says so now and then.
pub(crate) struct Losses {
    listener: &'static str,
    counter: metrics::Counter,
    unsaid: Mutex<Unsaid>,
}

#[derive(Default)]
struct Unsaid {
    connections: u64,
    last_said: Option<Instant>,
}

impl Losses {
    pub(crate) fn of(listener: &'static str) -> Self {
        let counter = metrics::counter!("connections_lost_total", "listener" => listener);
        Self { listener, counter, unsaid: Mutex::default() }
    }

    pub(crate) fn count(&self, peer: Option<&SocketAddr>, why: &dyn Display) {
        self.counter.increment(1);
        if let Some(connections) = self.to_say(Instant::now()) {
            let peer = peer.map(ToString::to_string);
            tracing::warn!(listener = self.listener, connections, peer, %why, "connections came to nothing");
        }
    }

    /// How many there were since it was last said, where that is long ago.
    fn to_say(&self, now: Instant) -> Option<u64> {
        let mut unsaid = self.unsaid.lock().unwrap_or_else(PoisonError::into_inner);
        unsaid.connections += 1;
        let lately = |said: Instant| now.duration_since(said) < SAY_EVERY;
        if unsaid.last_said.is_some_and(lately) {
            return None;
        }
        let connections = unsaid.connections;
        *unsaid = Unsaid { connections: 0, last_said: Some(now) };
        Some(connections)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(connections: usize, connections_of_one: u32) -> Connections {
        Connections::new(&Bounds { connections, connections_of_one, ..Bounds::default() })
    }

    #[test]
    fn one_address_leaves_room_for_another_until_all_is_taken() {
        let room = room(3, 2);
        let [one, other] = [1, 2].map(|host| SocketAddr::from(([192, 0, 2, host], 4711)));
        let held = [room.open(one).unwrap(), room.open(one).unwrap()];
        assert!(matches!(room.open(one), Err(TurnedAway::OneHasTooMany)));
        let last = room.open(other).unwrap();
        assert!(matches!(room.open(other), Err(TurnedAway::Full)));
        drop(held);
        assert!(room.open(one).is_ok());
        drop(last);
    }

    #[test]
    fn a_proxy_has_as_many_as_there_are() {
        let room = room(3, 1);
        let proxy = SocketAddr::from(([192, 0, 2, 1], 4711));
        let held: Vec<_> = (0..3)
            .map(|_| {
                let connection = room.open(proxy).unwrap();
                connection.is_a_proxy_s();
                connection
            })
            .collect();
        assert!(matches!(room.open(proxy), Err(TurnedAway::Full)));
        drop(held);
    }

    #[test]
    fn a_flood_is_one_line_a_minute() {
        let losses = Losses::of("public");
        let start = Instant::now();
        let at = |seconds| losses.to_say(start + Duration::from_secs(seconds));
        assert_eq!([at(0), at(1), at(59), at(60), at(61)], [Some(1), None, None, Some(3), None]);
    }
}
