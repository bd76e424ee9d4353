//! One call, from its first byte to its answer: its trace, its line in the log, its two metrics.

use crate::{Clock, Identity, SystemClock, lines::Lines, logging::call_lines};
use axum::response::Response;
use http::{HeaderValue, Method, Uri, request::Parts};
use metrics::{Counter, Histogram};
use std::{
    cell::RefCell, collections::HashMap, fmt::Write as _, io::Write as _, net::SocketAddr,
    sync::Arc,
};
use theron_mesh::trace;
use theron_wire::Traceparent;
use tokio::time::Instant;

/// Who is at the other end of a connection: known once, at its first call.
#[derive(Debug)]
pub struct Caller {
    pub peer: SocketAddr,
    /// Where it came with a certificate.
    pub identity: Option<Identity>,
    /// As the log has it: the name, or else the address.
    pub(crate) name: String,
}

impl Caller {
    pub(crate) fn new(peer: SocketAddr, identity: Option<Identity>) -> Self {
        let name = match &identity {
            Some(identity) => identity.0.to_string(),
            None => peer.ip().to_string(),
        };
        Self { peer, identity, name }
    }
}

/// The route that answered, as the document has it; told to the log and the metrics.
#[derive(Clone, Debug)]
pub(crate) struct AnsweredBy(pub(crate) Arc<str>);

/// A call in hand.
pub(crate) struct Call {
    listener: &'static str,
    started: Instant,
    pub(crate) span: Traceparent,
    method: Method,
    uri: Uri,
}

impl Call {
    pub(crate) fn begin(listener: &'static str, parts: &Parts) -> Self {
        let incoming = parts.headers.get("traceparent");
        let incoming = incoming.and_then(|value| value.to_str().ok()?.parse().ok());
        let span = trace::span_in(incoming);
        let (method, uri) = (parts.method.clone(), parts.uri.clone());
        Self { listener, started: Instant::now(), span, method, uri }
    }

    /// Says and counts what was answered. The query is left out of the line: it may hold what is private.
    pub(crate) fn end(self, caller: &Caller, route: &str, mut response: Response) -> Response {
        let (status, elapsed) = (response.status().as_u16(), self.started.elapsed());
        let mut traceparent = String::with_capacity(55);
        write!(traceparent, "{}", self.span).expect("writing to a string does not fail");
        if let Some(lines) = call_lines() {
            let micros = elapsed.as_micros() as u64;
            self.say(lines, [&caller.name, route, &traceparent], (status, micros));
        }
        counted(self.listener, known(&self.method), route, status, |calls, seconds| {
            calls.increment(1);
            seconds.record(elapsed.as_secs_f64());
        });
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::try_from(traceparent) {
            headers.insert("traceparent", value);
        }
        headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
        response
    }

    fn say(&self, lines: &Lines, [caller, route, trace]: [&str; 3], (status, micros): (u16, u64)) {
        thread_local!(static LINE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
        LINE.with_borrow_mut(|line| {
            line.clear();
            let now = SystemClock.now();
            write!(
                line,
                "{{\"timestamp\":\"{now:.6}\",\"level\":\"INFO\",\"message\":\"answered\""
            )
            .expect("writing to memory does not fail");
            let words = [
                ("listener", self.listener),
                ("method", self.method.as_str()),
                ("path", self.uri.path()),
                ("route", route),
                ("caller", caller),
                ("traceparent", trace),
            ];
            for (name, word) in words {
                line.extend_from_slice(b",\"");
                line.extend_from_slice(name.as_bytes());
                line.extend_from_slice(b"\":");
                quote(line, word);
            }
            writeln!(line, ",\"status\":{status},\"micros\":{micros},\"target\":\"call\"}}")
                .expect("writing to memory does not fail");
            lines.append(line);
        });
    }
}

/// A text as JSON has it.
fn quote(line: &mut Vec<u8>, text: &str) {
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        line.push(b'"');
        line.extend_from_slice(text.as_bytes());
        line.push(b'"');
    } else {
        serde_json::to_writer(line, text).expect("a text is JSON, and memory takes it");
    }
}

/// A caller may invent methods, and each would be a metric of its own for ever.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"];
    KNOWN.into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

/// What is counted under, beside the route.
type Label = (&'static str, &'static str, u16);
type Meters = HashMap<Box<str>, Vec<(Label, (Counter, Histogram))>>;

/// Hands over the two meters of a kind of call. Each thread looks up its own: there are as many kinds as routes,
/// statuses and methods.
fn counted(
    listener: &'static str,
    method: &'static str,
    route: &str,
    status: u16,
    count: impl FnOnce(&Counter, &Histogram),
) {
    thread_local!(static METERS: RefCell<Meters> = RefCell::default());
    METERS.with_borrow_mut(|meters| {
        let label = (listener, method, status);
        let of_route = match meters.get_mut(route) {
            Some(known) => known,
            None => meters.entry(route.into()).or_default(),
        };
        if !of_route.iter().any(|(known, _)| *known == label) {
            of_route.push((label, registered(label, route)));
        }
        if let Some((_, (calls, seconds))) = of_route.iter().find(|(known, _)| *known == label) {
            count(calls, seconds);
        }
    });
}

fn registered((listener, method, status): Label, route: &str) -> (Counter, Histogram) {
    let labels = [
        ("listener", listener.to_owned()),
        ("method", method.to_owned()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    (
        metrics::counter!("http_calls_total", &labels),
        metrics::histogram!("http_call_seconds", &labels),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;
    use serde_json::{Value, json};

    #[test]
    fn a_line_of_a_call_is_one_json_object_whatever_was_asked_for() {
        let odd = "/api/v1/\"places\"/%22?secret=1";
        let (parts, ()) = Request::get(odd).body(()).unwrap().into_parts();
        let call = Call::begin("public", &parts);
        let (lines, mut written) = (Lines::default(), Vec::new());
        call.say(&lines, ["otivm-\u{1}dev", "/api/v1/{\\}", "00-1-2-01"], (404, 1234));
        lines.end();
        lines.write_to(&mut written);
        assert_eq!(written.split(|byte| *byte == b'\n').count(), 2, "one line, and it is ended");
        let mut line: Value = serde_json::from_slice(&written).unwrap();
        let timestamp = line.as_object_mut().unwrap().remove("timestamp").unwrap();
        assert!(timestamp.as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
        let expected = json!({
            "level": "INFO", "message": "answered", "target": "call", "listener": "public", "method": "GET",
            "path": "/api/v1/\"places\"/%22", "route": "/api/v1/{\\}", "caller": "otivm-\u{1}dev",
            "traceparent": "00-1-2-01", "status": 404, "micros": 1234,
        });
        assert_eq!(line, expected);
    }

    #[test]
    fn methods_that_callers_invent_are_counted_as_one() {
        let invented = Method::from_bytes(b"GETT").unwrap();
        assert_eq!([known(&invented), known(&Method::GET)], ["other", "GET"]);
    }
}
