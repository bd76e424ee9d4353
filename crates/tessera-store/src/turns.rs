//! Whose turn it is to be answered what is dear.
//!
//! Little of it is worked on at once, and less than that of one reader: whoever asks for a lot waits behind himself,
//! whoever asks for a little behind a call or two of each other reader (decision 71). Readers are counted one by one.
//! There are never more of them than calls in hand, so the map stays small; and it is locked once for work that takes a
//! thousand times as long.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How much of one kind of work is done at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    pub(crate) at_once: usize,
    /// Fewer, so that one reader leaves some.
    pub(crate) of_one: usize,
    /// That are worked on or wait: beyond it a reader is refused, or he would hold every call that the listener takes.
    pub(crate) in_hand_of_one: usize,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reader {
    /// On the mesh: the name in the certificate, wherever it calls from.
    Named(Arc<str>),
    /// On the public listener: a household.
    At(IpAddr),
    Unknown,
}

pub(crate) struct Turns {
    share: Share,
    at_once: Arc<Semaphore>,
    /// Of those who have a call in hand.
    readers: Mutex<HashMap<Reader, Weak<Own>>>,
}

/// What one reader has.
struct Own {
    in_hand: Arc<Semaphore>,
    at_once: Arc<Semaphore>,
}

/// A turn, until it is dropped.
pub(crate) struct Turn {
    _own: Arc<Own>,
    _permits: [OwnedSemaphorePermit; 3],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} calls of yours that may take long are in hand; try again in a second")]
pub(crate) struct TooMany(usize);

impl Turns {
    pub(crate) fn new(share: Share) -> Self {
        let at_once = Arc::new(Semaphore::new(share.at_once));
        Self { share, at_once, readers: Mutex::default() }
    }

    /// Waits for a turn of this reader; refuses him who has too many calls in hand.
    pub(crate) async fn take(&self, reader: &Reader) -> Result<Turn, TooMany> {
        let own = self.own(reader);
        let in_hand = Arc::clone(&own.in_hand).try_acquire_owned();
        let in_hand = in_hand.map_err(|_none_free| TooMany(self.share.in_hand_of_one))?;
        let of_one = turn(&own.at_once).await;
        let of_all = turn(&self.at_once).await;
        Ok(Turn { _own: own, _permits: [in_hand, of_one, of_all] })
    }

    fn own(&self, reader: &Reader) -> Arc<Own> {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = readers.get(reader).and_then(Weak::upgrade) {
            return own;
        }
        readers.retain(|_, own| own.strong_count() > 0);
        let Share { of_one, in_hand_of_one, .. } = self.share;
        let [in_hand, at_once] =
            [in_hand_of_one, of_one].map(|free| Arc::new(Semaphore::new(free)));
        let own = Arc::new(Own { in_hand, at_once });
        readers.insert(reader.clone(), Arc::downgrade(&own));
        own
    }
}

async fn turn(of: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    Arc::clone(of).acquire_owned().await.expect("nobody closes it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn reader(name: &str) -> Reader {
        Reader::Named(name.into())
    }

    fn turns() -> Turns {
        Turns::new(Share { at_once: 3, of_one: 2, in_hand_of_one: 4 })
    }

    /// A turn, where one is free.
    fn now(turns: &Turns, name: &str) -> Option<Result<Turn, TooMany>> {
        turns.take(&reader(name)).now_or_never()
    }

    #[test]
    fn one_reader_leaves_a_turn_to_another_and_has_it_not_even_where_nobody_else_asks() {
        let turns = turns();
        let held = [now(&turns, "one"), now(&turns, "one")].map(|turn| turn.unwrap().unwrap());
        assert!(now(&turns, "one").is_none());
        let other = now(&turns, "other").unwrap().unwrap();
        assert!(now(&turns, "third").is_none(), "all are taken");
        drop(held);
        assert!(now(&turns, "third").unwrap().is_ok());
        drop(other);
    }

    #[test]
    fn who_has_too_many_in_hand_is_refused_until_one_of_them_ends_or_hangs_up() {
        let turns = turns();
        let held = [now(&turns, "one"), now(&turns, "one")].map(|turn| turn.unwrap().unwrap());
        let one = reader("one");
        let mut waiting = [Box::pin(turns.take(&one)), Box::pin(turns.take(&one))];
        assert!(waiting.iter_mut().all(|turn| turn.now_or_never().is_none()));
        assert_eq!(now(&turns, "one").unwrap().err(), Some(TooMany(4)));
        assert!(now(&turns, "other").unwrap().is_ok());
        drop(waiting);
        assert!(now(&turns, "one").is_none(), "it waits");
        drop(held);
        assert!(now(&turns, "one").unwrap().is_ok());
    }

    #[test]
    fn a_reader_without_a_call_in_hand_is_forgotten() {
        let turns = turns();
        for number in 0..1_000_u32 {
            let at = Reader::At(std::net::Ipv4Addr::from_bits(number).into());
            drop(turns.take(&at).now_or_never().unwrap());
        }
        assert_eq!(turns.readers.lock().unwrap().len(), 1);
    }
}
