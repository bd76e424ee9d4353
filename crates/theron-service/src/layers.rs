//! What surrounds every route of a listener: log line, metrics, trace, limits, and no panic that reaches a caller.
//!
//! One service does all of it, because each layer of its own costs every call of every service.

use crate::{
    Identity, Refusal, admission,
    call::{AnsweredBy, Call, Caller},
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request},
    http::{HeaderValue, StatusCode, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{FutureExt, future::BoxFuture};
use std::{
    any::Any,
    convert::Infallible,
    future::{Ready, ready},
    net::SocketAddr,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use theron_mesh::trace;
use tokio::sync::Semaphore;
use tower::Service;
use tower_http::timeout::TimeoutBody;

/// A JSON body of ours is some kilobytes; routes that take files set a limit of their own.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// An answer that has not begun by now is not coming; downloads may stream on after it began.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// A file that arrives over a slow link may take hours, but not this long for its next bytes.
const NEXT_BYTES_TIMEOUT: Duration = Duration::from_secs(60);
/// Calls in hand at once. Beyond this the machine only queues, and the caller should know at once.
const CALLS_MAX: usize = 512;

/// Knows some answers without a route: the route's name and the answer, or nothing.
pub type Shortcut =
    Arc<dyn Fn(&Parts, &Caller) -> Option<(Arc<str>, Response)> + Send + Sync + 'static>;

/// Makes the service of each connection of a listener.
#[derive(Clone)]
pub(crate) struct Surround(Arc<Listener>);

struct Listener {
    name: &'static str,
    routes: Router,
    shortcut: Option<Shortcut>,
    places: Semaphore,
    answer_timeout: Duration,
}

/// The service of one connection.
#[derive(Clone)]
pub(crate) struct Surrounded {
    listener: Arc<Listener>,
    peer: SocketAddr,
    /// Known at the first call: a certificate is read once a connection.
    caller: Arc<OnceLock<Arc<Caller>>>,
}

pub(crate) fn surround(routes: Router, name: &'static str, shortcut: Option<Shortcut>) -> Surround {
    within(routes, name, shortcut, ANSWER_TIMEOUT)
}

fn within(
    routes: Router,
    name: &'static str,
    shortcut: Option<Shortcut>,
    answer_timeout: Duration,
) -> Surround {
    let routes = routes
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn(name_route));
    let places = Semaphore::new(CALLS_MAX);
    Surround(Arc::new(Listener { name, routes, shortcut, places, answer_timeout }))
}

impl Service<SocketAddr> for Surround {
    type Response = Surrounded;
    type Error = Infallible;
    type Future = Ready<Result<Surrounded, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, peer: SocketAddr) -> Self::Future {
        ready(Ok(Surrounded { listener: Arc::clone(&self.0), peer, caller: Arc::default() }))
    }
}

impl<B> Service<http::Request<B>> for Surrounded
where
    B: axum::body::HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let caller = Arc::clone(self.caller.get_or_init(|| {
            Arc::new(Caller::new(self.peer, admission::of_connection(&parts.extensions)))
        }));
        let call = Call::begin(self.listener.name, &parts);
        let shortcut = self.listener.shortcut.as_ref();
        if let Some((route, answer)) = shortcut.and_then(|knows| knows(&parts, &caller)) {
            return Box::pin(ready(Ok(call.end(&caller, &route, answer))));
        }
        let listener = Arc::clone(&self.listener);
        Box::pin(async move {
            let request = Request::from_parts(parts, Body::new(body));
            let mut answer =
                trace::CURRENT.scope(call.span, listener.answer(request, &caller)).await;
            let by = answer.extensions_mut().remove::<AnsweredBy>();
            Ok(call.end(&caller, by.as_ref().map_or("none", |by| &by.0), answer))
        })
    }
}

impl Listener {
    async fn answer(&self, mut request: Request, caller: &Caller) -> Response {
        let Ok(_place) = self.places.try_acquire() else {
            let detail = format!("{CALLS_MAX} calls are in hand; try again in a second");
            let mut response =
                Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "too_busy", detail).into_response();
            response.headers_mut().insert("retry-after", HeaderValue::from_static("1"));
            return response;
        };
        let unhurried = Unhurried::default();
        let extensions = request.extensions_mut();
        extensions.insert(unhurried.clone());
        extensions.insert(ConnectInfo(caller.peer));
        if let Some(identity) = &caller.identity {
            extensions.insert(Identity::clone(identity));
        }
        let mut routes = self.routes.clone();
        let routed = AssertUnwindSafe(async move { routes.call(request).await }).catch_unwind();
        let mut answer = pin!(routed.map(|outcome| match outcome {
            Ok(Ok(answer)) => answer,
            Ok(Err(never)) => match never {},
            Err(panic) => after_panic(&*panic),
        }));
        if let Ok(answer) = tokio::time::timeout(self.answer_timeout, &mut answer).await {
            return answer;
        }
        if unhurried.0.load(Ordering::Relaxed) {
            return answer.await;
        }
        let detail =
            format!("no answer within {} s; try again later", self.answer_timeout.as_secs_f32());
        Refusal::new(StatusCode::GATEWAY_TIMEOUT, "too_slow", detail).into_response()
    }
}

async fn no_such_route() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "no_such_route",
        "nothing is here; /api/v1/openapi.json lists what there is",
    )
}

async fn no_such_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "no_such_method",
        "this route does not take that method; /api/v1/openapi.json lists what there is",
    )
}

/// Only the routes know which of them answers.
async fn name_route(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let matched = matched.map(|matched| AnsweredBy(matched.as_str().into()));
    let mut response = next.run(request).await;
    if let Some(matched) = matched {
        response.extensions_mut().insert(matched);
    }
    response
}

/// Whether the call in hand reads a body that may take as long as it moves.
#[derive(Clone, Debug, Default)]
struct Unhurried(Arc<AtomicBool>);

/// A layer for routes that take files: no limit on the whole call, one on the wait for the next bytes.
pub fn unhurried() -> middleware::FromFnLayer<
    impl Fn(Request, Next) -> Unhurrying + Clone + Send + Sync + 'static,
    (),
    (Request,),
> {
    waiting_for_bytes(NEXT_BYTES_TIMEOUT)
}

type Unhurrying = Pin<Box<dyn Future<Output = Response> + Send>>;

fn waiting_for_bytes(
    next_bytes_timeout: Duration,
) -> middleware::FromFnLayer<
    impl Fn(Request, Next) -> Unhurrying + Clone + Send + Sync + 'static,
    (),
    (Request,),
> {
    middleware::from_fn(move |request: Request, next: Next| -> Unhurrying {
        if let Some(Unhurried(unhurried)) = request.extensions().get() {
            unhurried.store(true, Ordering::Relaxed);
        }
        let request = request.map(|body| Body::new(TimeoutBody::new(next_bytes_timeout, body)));
        Box::pin(next.run(request))
    })
}

fn after_panic(payload: &(dyn Any + Send)) -> Response {
    let message = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message");
    let traceparent = trace::current().map(|trace| trace.to_string());
    tracing::error!(panic = message, traceparent, "a handler panicked");
    Refusal::from(theron_wire::Problem::internal()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::{get, put};
    use bytes::Bytes;
    use std::io;
    use tower::ServiceExt;

    const ANSWER: Duration = Duration::from_millis(200);
    const NEXT_BYTES: Duration = Duration::from_millis(150);

    /// Says how many bytes arrived, or that they stopped.
    async fn count(body: Body) -> String {
        match axum::body::to_bytes(body, usize::MAX).await {
            Ok(bytes) => bytes.len().to_string(),
            Err(_cut) => "cut".to_owned(),
        }
    }

    fn surrounded() -> Surrounded {
        let slow = get(|| async {
            tokio::time::sleep(ANSWER * 3).await;
            "late"
        });
        let files =
            Router::new().route("/file", put(count)).route_layer(waiting_for_bytes(NEXT_BYTES));
        let routes = Router::new().route("/slow", slow).route("/body", put(count)).merge(files);
        let mut surround = within(routes, "test", None, ANSWER);
        let peer = SocketAddr::from(([192, 0, 2, 1], 4711));
        surround.call(peer).now_or_never().unwrap().unwrap()
    }

    /// Ten bytes, each after a pause.
    fn trickle(pause: Duration) -> Body {
        Body::from_stream(futures::stream::unfold(0, move |sent| async move {
            tokio::time::sleep(pause).await;
            (sent < 10).then_some((Ok::<_, io::Error>(Bytes::from_static(b"x")), sent + 1))
        }))
    }

    async fn answer(method: &str, path: &str, body: Body) -> (u16, String) {
        let request = Request::builder().method(method).uri(path).body(body).unwrap();
        let response = surrounded().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn an_answer_that_takes_too_long_is_504() {
        let (status, body) = answer("GET", "/slow", Body::empty()).await;
        assert_eq!(status, 504);
        assert!(body.contains("too_slow") && body.contains("0.2 s"), "{body}");
    }

    #[tokio::test]
    async fn a_file_may_take_longer_than_an_answer_as_long_as_it_moves() {
        let pause = Duration::from_millis(60);
        assert_eq!(answer("PUT", "/file", trickle(pause)).await, (200, "10".to_owned()));
        assert_eq!(answer("PUT", "/body", trickle(pause)).await.0, 504, "elsewhere it may not");
    }

    #[tokio::test]
    async fn a_file_that_stops_arriving_is_cut() {
        let pause = NEXT_BYTES * 3;
        assert_eq!(answer("PUT", "/file", trickle(pause)).await, (200, "cut".to_owned()));
    }
}
