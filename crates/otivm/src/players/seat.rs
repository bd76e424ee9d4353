//! A seat: the line before its single writer.
//!
//! Calls are worked on one after the other, in the order of asking, and those that stand in line together share
//! one transaction: each sees what the ones before it did, and none is answered before all of it is on the disk
//! (decision 45). Where it does not get there, none of them is told that anything was done.
//!
//! In a simulation (decision 46) a player's calls are answered first, and brought to the disk when the server's own
//! work comes by, which is never answered ahead. They wait for no disk, so nobody else's thread is woken for them.

use super::{Desk, Disk, PlayerDb, Scribes, Token};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::{Semaphore, oneshot};

/// Calls that wait for one player's writer: two tabs of six connections each, and some. More is a
/// client gone wrong, and it must not hold up the others. So many share a transaction at most, and beside them
/// the server's own: a window that closes, and the player's listeners.
const WAITING_MAX: usize = 16;

pub(crate) struct Seat {
    token: Token,
    line: Arc<Line>,
    waiting: Semaphore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Busy {
    #[error("{WAITING_MAX} calls of this player are waiting already; wait for their answers first")]
    Queue,
    #[error("the call was given up: the work panicked or the server stops")]
    GivenUp,
    #[error(
        "the life could not be written down, so nobody knows yet whether this was done; send it again under the \
        same key in some seconds"
    )]
    NotWritten,
}

struct Line {
    desk: Mutex<Desk>,
    calls: Mutex<Calls>,
    rules: Rules,
}

/// What all seats of a house have in common.
#[derive(Clone)]
pub(crate) struct Rules {
    pub(crate) scribes: Arc<Scribes>,
    /// Of a simulation, until it stops.
    pub(crate) answers_ahead: Arc<AtomicBool>,
    pub(crate) disk: Arc<Disk>,
}

#[derive(Default)]
struct Calls {
    waiting: VecDeque<Call>,
    /// A scribe is at the desk, or was asked to come.
    served: bool,
}

struct Call {
    work: Work,
    /// Not answered before it is on the disk, whatever the house does otherwise.
    is_own: bool,
}

/// What a call does at a desk that can be relied on; it gives what tells the caller how it went.
type Work = Box<dyn FnOnce(Result<&mut Desk, Busy>) -> Tell + Send>;
type Tell = Box<dyn FnOnce(Result<(), Busy>) + Send>;

impl Seat {
    pub(crate) fn new(token: Token, db: PlayerDb, rules: Rules) -> Self {
        let line = Line { desk: Mutex::new(Desk::new(db)), calls: Mutex::default(), rules };
        Self { token, line: Arc::new(line), waiting: Semaphore::new(WAITING_MAX) }
    }

    pub(crate) fn token(&self) -> &Token {
        &self.token
    }

    /// Runs blocking work at the desk, one call at a time, in the order of asking.
    pub(crate) async fn at_desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let _waiting = self.waiting.try_acquire().map_err(|_full| Busy::Queue)?;
        self.stand_in_line(work, false).await
    }

    /// As [`Self::at_desk`], for the server's own work: it waits as long as it takes.
    pub(crate) async fn at_desk_patiently<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        self.stand_in_line(work, true).await
    }

    async fn stand_in_line<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> T + Send + 'static,
        is_own: bool,
    ) -> Result<T, Busy> {
        let (tell, told) = oneshot::channel();
        let work: Work = Box::new(move |desk| {
            let done = desk.map(work);
            // Who has hung up need not be told.
            Box::new(move |written| drop(tell.send(written.and(done))))
        });
        self.line.join(Call { work, is_own });
        told.await.map_err(|_gone| Busy::GivenUp)?
    }
}

impl Line {
    fn join(self: &Arc<Self>, call: Call) {
        let needs_the_disk = call.is_own || !self.rules.answers_ahead.load(Ordering::Relaxed);
        let mut calls = self.calls();
        calls.waiting.push_back(call);
        if calls.served {
            return;
        }
        calls.served = true;
        drop(calls);
        if needs_the_disk {
            self.ask_for_a_scribe();
        } else {
            self.serve();
        }
    }

    fn ask_for_a_scribe(self: &Arc<Self>) {
        let line = Arc::clone(self);
        self.rules.scribes.ask(move || line.serve());
    }

    /// Everyone who waits now; who comes meanwhile is next after the other seats.
    fn serve(self: &Arc<Self>) {
        let _round = Round(self);
        let waiting = std::mem::take(&mut self.calls().waiting);
        let mut desk = self.desk.lock().unwrap_or_else(|poisoned| {
            self.desk.clear_poison();
            let mut desk = poisoned.into_inner();
            desk.give_up();
            desk.take_lost();
            desk
        });
        let ahead = self.rules.answers_ahead.load(Ordering::Relaxed)
            && !waiting.iter().any(|call| call.is_own);
        together(&mut desk, waiting, ahead);
        if desk.take_failed() {
            self.rules.disk.doubt();
        }
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        // A queue is whole between any two calls of its own.
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works on calls in order, brings it all to the disk unless that may come later, and tells each.
fn together(desk: &mut Desk, calls: VecDeque<Call>, ahead: bool) {
    let mut told = Vec::with_capacity(calls.len());
    for Call { work, .. } in calls {
        let reliable = desk.make_sure().map(|()| &mut *desk);
        told.push(work(reliable.map_err(|_logged| Busy::NotWritten)));
        if desk.take_lost() {
            tell_all(&mut told, Err(Busy::NotWritten));
        }
    }
    let written = if ahead { Ok(()) } else { desk.commit().map_err(|_logged| Busy::NotWritten) };
    desk.take_lost();
    tell_all(&mut told, written);
}

fn tell_all(told: &mut Vec<Tell>, written: Result<(), Busy>) {
    told.drain(..).for_each(|tell| tell(written));
}

/// The end of a round at the desk, also where a panic breaks it off: whoever came meanwhile has the next one.
struct Round<'a>(&'a Arc<Line>);

impl Drop for Round<'_> {
    fn drop(&mut self) {
        let mut calls = self.0.calls();
        calls.served = !calls.waiting.is_empty();
        if calls.served {
            self.0.ask_for_a_scribe();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::players::DeskError;
    use otivm_rules::{At, Fact, fact::JournalEntry};
    use std::sync::mpsc;
    use theron_sqlite::rusqlite::{Connection, OpenFlags};

    /// A seat, and somebody else who reads its file.
    struct Scene {
        _folder: tempfile::TempDir,
        seat: Arc<Seat>,
        reader: Arc<Mutex<Connection>>,
    }

    fn scene() -> Scene {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seat.sqlite3");
        let db = PlayerDb::create(&path).unwrap();
        let scribes = Arc::new(Scribes::new().unwrap());
        let disk = Arc::new(Disk::under(folder.path()));
        let rules = Rules { scribes, answers_ahead: Arc::default(), disk };
        let seat = Arc::new(Seat::new(Token::random().unwrap(), db, rules));
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let reader = Connection::open_with_flags(&path, flags).unwrap();
        Scene { _folder: folder, seat, reader: Arc::new(Mutex::new(reader)) }
    }

    fn read(reader: &Mutex<Connection>, sql: &str) -> i64 {
        reader.lock().unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    const ROWS: &str = "SELECT count(*) FROM moment";

    fn write(desk: &mut Desk) -> Result<u64, DeskError> {
        let entry = Fact::Journal(JournalEntry { text: "Scripsi.".to_owned() });
        let moments = desk.life()?.record(&[entry], None, At(1))?;
        desk.append(&moments)?;
        Ok(desk.life()?.state().moments)
    }

    type AtDesk<T> = Box<dyn FnOnce(&mut Desk) -> T + Send>;

    /// Sends calls while the desk is held, so that they wait together, and gives what each was told.
    async fn together<T: Send + 'static>(
        seat: &Arc<Seat>,
        calls: Vec<AtDesk<T>>,
    ) -> Vec<Result<T, Busy>> {
        let (go, wait) = mpsc::channel::<()>();
        let (sit, sits) = oneshot::channel();
        let held = seat.at_desk(move |_| sit.send(()).is_ok() && wait.recv().is_err());
        let waiting = async {
            // A scribe who came later would take those who wait into the holder's own round.
            sits.await.unwrap();
            // Each is asked in this order when it is first polled.
            let calls = futures::future::join_all(calls.into_iter().map(|call| seat.at_desk(call)));
            let released = async move { drop(go) };
            futures::future::join(calls, released).await.0
        };
        let (held, told) = futures::future::join(held, waiting).await;
        assert_eq!(held, Ok(true));
        told
    }

    #[tokio::test]
    async fn those_who_wait_together_share_a_commit_and_none_is_told_before() {
        let Scene { seat, reader, _folder } = scene();
        let call = |_| {
            let reader = Arc::clone(&reader);
            let call: Box<dyn FnOnce(&mut Desk) -> _ + Send> =
                Box::new(move |desk: &mut Desk| (write(desk).unwrap(), read(&reader, ROWS)));
            call
        };
        let told = together(&seat, (0..5).map(call).collect()).await;
        let expected: Vec<_> = (1..=5).map(|moments| Ok((moments, 0))).collect();
        assert_eq!(told, expected, "each sees those before it, and no commit comes between");
        assert_eq!(read(&reader, ROWS), 5);
    }

    #[tokio::test]
    async fn where_one_write_fails_nobody_who_shared_it_is_told_that_it_was_done() {
        let Scene { seat, reader, _folder } = scene();
        let good = || -> AtDesk<bool> { Box::new(|desk| write(desk).is_ok()) };
        // The file's own guard refuses a moment that does not come after every other.
        let bad = || -> AtDesk<bool> {
            Box::new(|desk| {
                let again = desk.db().history().unwrap();
                desk.append(&again).is_ok()
            })
        };
        let told = together(&seat, vec![good(), good(), bad(), good()]).await;
        let lost = Err(Busy::NotWritten);
        assert_eq!(told, [lost, lost, lost, Ok(true)]);
        assert_eq!(read(&reader, ROWS), 1);
        assert_eq!(
            seat.at_desk(|desk| write(desk).unwrap()).await,
            Ok(2),
            "the life was read again"
        );
    }

    /// The caller is told before the panic has left the desk, and calls again at once.
    #[tokio::test]
    async fn who_comes_while_a_panic_leaves_the_desk_is_served_after_it() {
        let Scene { seat, reader, _folder } = scene();
        for turn in 1..=50 {
            let panics = |_: &mut Desk| panic!("as if the work had a fault");
            assert_eq!(seat.at_desk(panics).await, Err::<(), _>(Busy::GivenUp));
            assert_eq!(seat.at_desk(|desk| write(desk).unwrap()).await, Ok(turn));
        }
        assert_eq!(read(&reader, ROWS), 50);
    }

    #[tokio::test]
    async fn a_panic_at_the_desk_takes_back_what_was_not_written_and_stops_nothing() {
        let Scene { seat, reader, _folder } = scene();
        let panics = |desk: &mut Desk| {
            write(desk).unwrap();
            panic!("as if the work had a fault");
        };
        assert_eq!(seat.at_desk(panics).await, Err::<(), _>(Busy::GivenUp));
        assert_eq!(seat.at_desk(|desk| write(desk).unwrap()).await, Ok(1));
        assert_eq!(read(&reader, ROWS), 1);
    }
}
