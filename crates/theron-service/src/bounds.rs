//! What a listener bears of its callers. Nobody configures it; tests have less patience.

use std::time::Duration;

/// An answer that has not begun by now is not coming; downloads may stream on after it began.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// A JSON body is some kilobytes, and 256 KiB at most: a line of 256 kbit/s brings that in 8 s. Who sends a head and
/// keeps the body back has a place among the calls in hand, and may not have it for a minute.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// A call may be refused before its body is whole, and whoever writes all of it before reading would meet a broken
/// connection in place of the reason. So the rest is read and thrown away: as much as the largest file beside a
/// document, for as long as a body has. Beyond that the connection ends; the answer was sent at once, for those who
/// read while they write.
const REST_BYTES_MAX: usize = 64 * 1024 * 1024;
const REST_TIMEOUT: Duration = BODY_TIMEOUT;
/// A peer that connects and then says nothing is let go.
const FIRST_REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// From the end of an answer to the end of the next call's head. Longer than our own clients (reqwest, 90 s) and
/// proxies (nginx 60 s, Caddy 120 s) keep a connection they do not use: whoever lets it go first should be the one
/// who would send on it.
const IDLE_TIMEOUT: Duration = Duration::from_secs(130);
/// A peer of HTTP/2 that was silent so long is asked whether it is there, and has so long to say so.
const PING_EVERY: Duration = Duration::from_secs(60);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// Calls in hand at once. Beyond this the machine only queues, and the caller should know at once. If each brings the
/// largest body, they are 512 MiB.
const CALLS_MAX: usize = 2_048;
/// Open connections of a public listener. One that waits is a task and some buffers, 20 to 70 kB: half a gigabyte
/// together at worst.
const CONNECTIONS_MAX: usize = 8_192;
/// Of one address. A browser opens six, so this is 170 people behind one router.
const CONNECTIONS_OF_ONE_MAX: u32 = 1_024;
/// The head of a call is some kilobytes, and is kept until it is whole.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// How long and how much. What is said of connections holds for the public listener alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// From the head of a call to the beginning of its answer.
    pub answer: Duration,
    /// For the whole body of a call, where a route does not take files. On the mesh, where some bodies are of some MiB
    /// and every peer is known, it has the time of the answer instead.
    pub body: Duration,
    /// For what is left of a body after its call was answered, and how many bytes of it.
    pub rest: Duration,
    pub rest_bytes: usize,
    /// Up to the first call of a connection.
    pub first_request: Duration,
    /// Between the calls of a connection.
    pub idle: Duration,
    pub ping_every: Duration,
    pub ping: Duration,
    pub head_bytes: usize,
    /// In hand at once.
    pub calls: usize,
    /// Open at once; never more than half of the files that the process may open.
    pub connections: usize,
    pub connections_of_one: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Bounds {
    pub const DEFAULT: Self = Self {
        answer: ANSWER_TIMEOUT,
        body: BODY_TIMEOUT,
        rest: REST_TIMEOUT,
        rest_bytes: REST_BYTES_MAX,
        first_request: FIRST_REQUEST_TIMEOUT,
        idle: IDLE_TIMEOUT,
        ping_every: PING_EVERY,
        ping: PING_TIMEOUT,
        head_bytes: HEAD_BYTES_MAX,
        calls: CALLS_MAX,
        connections: CONNECTIONS_MAX,
        connections_of_one: CONNECTIONS_OF_ONE_MAX,
    };

    /// Half of the files are for connections, the other half for databases, logs and neighbours; and one address
    /// has half of the connections at most, or it would shut out all others.
    pub(crate) fn within_files(self, files: u64) -> Self {
        let half = usize::try_from(files / 2).unwrap_or(usize::MAX);
        let connections = self.connections.min(half);
        let of_one = u32::try_from(connections / 2).unwrap_or(u32::MAX);
        Self { connections, connections_of_one: self.connections_of_one.min(of_one), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_with_few_files_takes_fewer_connections() {
        let within = |files| {
            let bounds = Bounds::default().within_files(files);
            (bounds.connections, bounds.connections_of_one)
        };
        assert_eq!(within(256), (128, 64));
        assert_eq!(within(20_000), (8_192, 1_024));
        assert_eq!(within(u64::MAX), (8_192, 1_024));
    }
}
