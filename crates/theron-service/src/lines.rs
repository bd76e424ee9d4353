//! Log lines leave the threads that answer: they are appended to one buffer, and a thread of its own writes it
//! out. No line is lost: whoever finds the buffer full waits, and a drain waits for the last line (decision 0055).

use std::{
    io::{self, Write},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Bytes that wait: a second's lines of the busiest service, should the disk stand still so long.
const WAITING_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long a line of a call may wait for others, so that one write carries many. A person who follows the log
/// does not see it.
const LINGER: Duration = Duration::from_millis(10);
/// A buffer that grew larger in a burst is let go.
const BUFFER_KEPT_BYTES: usize = 256 * 1024;

#[derive(Default)]
pub(crate) struct Lines {
    waiting: Mutex<Waiting>,
    /// Something is to be written, or cannot wait for more.
    more: Condvar,
    /// Something was written, or was taken to be written and left room.
    written: Condvar,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// Counted from the start: bytes appended, and bytes that are out.
    appended: u64,
    out: u64,
    /// Somebody waits for what was appended.
    pressing: bool,
    ended: bool,
}

impl Lines {
    /// Appends a line that can wait for others.
    pub(crate) fn append(&self, line: &[u8]) {
        let mut waiting = self.room_for(line);
        let first = waiting.bytes.is_empty();
        waiting.push(line);
        drop(waiting);
        // While there are others the writer is awake, and looks again.
        if first {
            self.more.notify_one();
        }
    }

    /// Appends a line and returns when it is out, with all before it.
    fn write_now(&self, line: &[u8]) {
        let mut waiting = self.room_for(line);
        waiting.push(line);
        waiting.pressing = true;
        let mine = waiting.appended;
        self.more.notify_one();
        while waiting.out < mine && !waiting.ended {
            waiting = wait(&self.written, waiting);
        }
    }

    fn room_for(&self, line: &[u8]) -> MutexGuard<'_, Waiting> {
        let mut waiting = self.waiting();
        while !waiting.bytes.is_empty() && waiting.bytes.len() + line.len() > WAITING_BYTES_MAX {
            waiting.pressing = true;
            self.more.notify_one();
            waiting = wait(&self.written, waiting);
        }
        waiting
    }

    /// Writes what is appended until [`Lines::end`].
    pub(crate) fn write_to(&self, mut sink: impl Write) {
        let mut buffer = Vec::new();
        while self.take(&mut buffer) {
            // A log that nobody can write to is no reason to stop answering.
            drop(sink.write_all(&buffer).and_then(|()| sink.flush()));
            let mut waiting = self.waiting();
            waiting.out += buffer.len() as u64;
            drop(waiting);
            self.written.notify_all();
            buffer.clear();
            buffer.shrink_to(BUFFER_KEPT_BYTES);
        }
    }

    /// Waits for lines and takes them; false when there will be no more.
    fn take(&self, buffer: &mut Vec<u8>) -> bool {
        let mut waiting = self.waiting();
        while waiting.bytes.is_empty() && !waiting.ended {
            waiting = wait(&self.more, waiting);
        }
        let until = Instant::now() + LINGER;
        while !waiting.pressing && !waiting.ended {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || waiting.bytes.len() > WAITING_BYTES_MAX / 2 {
                break;
            }
            let (guard, _timeout) =
                self.more.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner);
            waiting = guard;
        }
        waiting.pressing = false;
        std::mem::swap(&mut waiting.bytes, buffer);
        let goes_on = !buffer.is_empty() || !waiting.ended;
        drop(waiting);
        self.written.notify_all();
        goes_on
    }

    /// Lets the writer end when it has written everything.
    #[cfg(test)]
    pub(crate) fn end(&self) {
        self.waiting().ended = true;
        self.more.notify_one();
        self.written.notify_all();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn push(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.appended += line.len() as u64;
    }
}

fn wait<'a>(on: &Condvar, guard: MutexGuard<'a, Waiting>) -> MutexGuard<'a, Waiting> {
    on.wait(guard).unwrap_or_else(PoisonError::into_inner)
}

/// What is no line of a call is out before its author goes on: it may be the last thing said.
impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.write_now(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{sync::Arc, thread};

    /// Takes everything after a gate was opened.
    struct Gated {
        gate: Arc<Mutex<()>>,
        seen: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Gated {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            drop(self.gate.lock().unwrap());
            self.seen.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_line_of_every_thread_comes_out_whole_and_in_its_thread_s_order() {
        let (lines, seen) = (Lines::default(), Arc::new(Mutex::new(Vec::new())));
        let sink = Gated { gate: Arc::default(), seen: Arc::clone(&seen) };
        thread::scope(|scope| {
            scope.spawn(|| lines.write_to(sink));
            let authors: Vec<_> = (0..4)
                .map(|author| {
                    let lines = &lines;
                    scope.spawn(move || {
                        for n in 0..5_000 {
                            lines.append(format!("{author} {n}\n").as_bytes());
                        }
                    })
                })
                .collect();
            for author in authors {
                author.join().unwrap();
            }
            (&lines).write_all(b"last\n").unwrap();
            assert!(seen.lock().unwrap().ends_with(b"last\n"), "out when its author goes on");
            lines.end();
        });
        let text = String::from_utf8(seen.lock().unwrap().clone()).unwrap();
        let mut next = [0; 4];
        for line in text.lines().filter(|line| *line != "last") {
            let (author, n) = line.split_once(' ').unwrap();
            let author: usize = author.parse().unwrap();
            assert_eq!(n, next[author].to_string());
            next[author] += 1;
        }
        assert_eq!(next, [5_000; 4]);
    }

    /// The writer began only when the buffer was full, and stands still with what it has taken: whoever waited
    /// for room waited on.
    #[test]
    fn room_is_given_as_soon_as_a_full_buffer_is_taken() {
        let lines = Lines::default();
        let gate = Arc::new(Mutex::new(()));
        let line = vec![b'x'; WAITING_BYTES_MAX];
        thread::scope(|scope| {
            let shut = gate.lock().unwrap();
            lines.append(&line);
            let author = scope.spawn(|| lines.append(b"next\n"));
            while !lines.waiting().pressing {
                thread::sleep(Duration::from_millis(1));
            }
            let sink = Gated { gate: Arc::clone(&gate), seen: Arc::default() };
            scope.spawn(|| lines.write_to(sink));
            author.join().unwrap();
            drop(shut);
            lines.end();
        });
    }

    #[test]
    fn a_log_that_stands_still_makes_its_authors_wait_and_loses_nothing() {
        let (lines, seen) = (Lines::default(), Arc::new(Mutex::new(Vec::new())));
        let gate = Arc::new(Mutex::new(()));
        let line = vec![b'x'; WAITING_BYTES_MAX / 8];
        thread::scope(|scope| {
            let shut = gate.lock().unwrap();
            let sink = Gated { gate: Arc::clone(&gate), seen: Arc::clone(&seen) };
            scope.spawn(|| lines.write_to(sink));
            let author = scope.spawn(|| (0..40).for_each(|_| lines.append(&line)));
            // The writer holds one buffer, the other fills up, and there it stays.
            while lines.waiting().bytes.len() + line.len() <= WAITING_BYTES_MAX {
                thread::sleep(Duration::from_millis(1));
            }
            assert!(!author.is_finished());
            assert!(lines.waiting().bytes.len() <= WAITING_BYTES_MAX);
            drop(shut);
            author.join().unwrap();
            (&lines).write_all(b"last\n").unwrap();
            lines.end();
        });
        assert_eq!(seen.lock().unwrap().len(), 40 * line.len() + "last\n".len());
    }
}
