//! What surrounds every route of a listener: log line, metrics, trace, limits, and no panic that reaches a caller.
//!
//! One service does all of it, because each layer of its own costs every call of every service.

use crate::{
    Bounds, Identity, Refusal, Tasks, admission,
    arrival::Hurry,
    call::{AnsweredBy, Call, Caller},
    connections::{Connection, Connections, TurnedAway},
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request},
    http::{HeaderValue, StatusCode, header, request::Parts},
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
    pin::pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
};
use theron_mesh::trace;
use tokio::sync::Semaphore;
use tower::Service;

/// A JSON body of ours is some kilobytes; routes that take files set a limit of their own.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// What supervision asks for. A server with its hands full is not dead, and whoever restarts it makes that worse.
const SUPERVISION: [&str; 3] = ["/livez", "/readyz", "/metrics"];

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
    /// Where anybody may connect.
    connections: Option<Connections>,
    places: Semaphore,
    bounds: Bounds,
    tasks: Tasks,
}

/// The service of one connection.
#[derive(Clone)]
pub(crate) struct Surrounded {
    listener: Arc<Listener>,
    peer: SocketAddr,
    connection: Option<Connection>,
    /// Known at the first call: a certificate is read once a connection.
    caller: Arc<OnceLock<Arc<Caller>>>,
}

/// The listener of the mesh: its peers are few and known, and connect as they need.
pub(crate) fn surround_mesh(
    routes: Router,
    shortcut: Option<Shortcut>,
    bounds: &Bounds,
    tasks: &Tasks,
) -> Surround {
    let bounds = Bounds { body: bounds.answer, ..*bounds };
    surround(routes, "mesh", shortcut, None, (bounds, tasks))
}

/// The listener that anybody reaches.
pub(crate) fn surround_public(
    routes: Router,
    shortcut: Option<Shortcut>,
    bounds: &Bounds,
    tasks: &Tasks,
) -> Surround {
    surround(routes, "public", shortcut, Some(Connections::new(bounds)), (*bounds, tasks))
}

fn surround(
    routes: Router,
    name: &'static str,
    shortcut: Option<Shortcut>,
    connections: Option<Connections>,
    (bounds, tasks): (Bounds, &Tasks),
) -> Surround {
    let routes = routes
        .fallback(async || Refusal::no_such_route())
        .method_not_allowed_fallback(async || Refusal::no_such_method())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn(name_route));
    let places = Semaphore::new(bounds.calls);
    let tasks = tasks.clone();
    Surround(Arc::new(Listener { name, routes, shortcut, connections, places, bounds, tasks }))
}

impl Service<SocketAddr> for Surround {
    type Response = Surrounded;
    type Error = TurnedAway;
    type Future = Ready<Result<Surrounded, TurnedAway>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), TurnedAway>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, peer: SocketAddr) -> Self::Future {
        let room = self.0.connections.as_ref().map(|room| room.open(peer)).transpose();
        ready(room.map(|connection| Surrounded {
            listener: Arc::clone(&self.0),
            peer,
            connection,
            caller: Arc::default(),
        }))
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
        let connection = self.connection.clone();
        Box::pin(async move {
            let mut request = Request::from_parts(parts, Body::new(body));
            if let Some(connection) = connection {
                request.extensions_mut().insert(connection);
            }
            let mut answer =
                trace::CURRENT.scope(call.span, listener.answer(request, &caller)).await;
            let by = answer.extensions_mut().remove::<AnsweredBy>();
            Ok(call.end(&caller, by.as_ref().map_or("none", |by| &by.0), answer))
        })
    }
}

impl Listener {
    /// The answer goes at once; what it leaves of the call's body is read out behind it.
    async fn answer(&self, request: Request, caller: &Caller) -> Response {
        let hurry = Hurry::default();
        let Bounds { body: body_timeout, rest, rest_bytes, .. } = self.bounds;
        let waits = request.headers().contains_key(header::EXPECT);
        let request = request.map(|body| hurry.limit(body, body_timeout, waits));
        let answer = self.admitted(request, caller, &hurry).await;
        if let Some(left) = hurry.take_rest() {
            self.tasks.spawn_until_stop(left.read_out(rest_bytes, rest));
        }
        answer
    }

    async fn admitted(&self, request: Request, caller: &Caller, hurry: &Hurry) -> Response {
        if SUPERVISION.contains(&request.uri().path()) {
            return self.in_time(request, caller, hurry).await;
        }
        let Ok(_place) = self.places.try_acquire() else {
            let detail = format!("{} calls are in hand; try again in a second", self.bounds.calls);
            let mut response =
                Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "too_busy", detail).into_response();
            response.headers_mut().insert("retry-after", HeaderValue::from_static("1"));
            return response;
        };
        self.in_time(request, caller, hurry).await
    }

    /// What the routes answer, if body and answer come in their time.
    async fn in_time(&self, request: Request, caller: &Caller, hurry: &Hurry) -> Response {
        let Bounds { answer: answer_timeout, body: body_timeout, .. } = self.bounds;
        let mut answer = pin!(self.routed(request, caller, hurry.clone()));
        let answered = match tokio::time::timeout(answer_timeout, &mut answer).await {
            Ok(answer) => Some(answer),
            Err(_late) if hurry.is_unhurried() => Some(answer.await),
            Err(_late) => None,
        };
        if hurry.body_was_late() {
            let detail = format!(
                "the body did not arrive within {} s; send it again",
                body_timeout.as_secs_f32()
            );
            return Refusal::new(StatusCode::REQUEST_TIMEOUT, "too_slow", detail).into_response();
        }
        answered.unwrap_or_else(|| {
            let detail =
                format!("no answer within {} s; try again later", answer_timeout.as_secs_f32());
            Refusal::new(StatusCode::GATEWAY_TIMEOUT, "too_slow", detail).into_response()
        })
    }

    /// What the routes answer; a panic of theirs is an answer, too.
    async fn routed(&self, mut request: Request, caller: &Caller, hurry: Hurry) -> Response {
        let extensions = request.extensions_mut();
        extensions.insert(hurry);
        extensions.insert(ConnectInfo(caller.peer));
        if let Some(identity) = &caller.identity {
            extensions.insert(Identity::clone(identity));
        }
        let mut routes = self.routes.clone();
        let routed = AssertUnwindSafe(async move { routes.call(request).await }).catch_unwind();
        match routed.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(never)) => match never {},
            Err(panic) => after_panic(&*panic),
        }
    }
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
    use crate::arrival::waiting_for_bytes;
    use axum::routing::{get, put};
    use futures::StreamExt;
    use std::{io, time::Duration};
    use tower::ServiceExt;

    const ANSWER: Duration = Duration::from_millis(200);
    /// Longer than any stall of a busy machine.
    const NEXT_BYTES: Duration = Duration::from_secs(30);
    const BOUNDS: Bounds = Bounds { answer: ANSWER, body: ANSWER, calls: 1, ..Bounds::DEFAULT };

    /// Says how many bytes arrived, or that they stopped.
    async fn count(body: Body) -> String {
        match axum::body::to_bytes(body, usize::MAX).await {
            Ok(bytes) => bytes.len().to_string(),
            Err(_cut) => "cut".to_owned(),
        }
    }

    fn surrounded(bounds: &Bounds, next_bytes: Duration) -> Surrounded {
        let slow = get(|| async {
            tokio::time::sleep(ANSWER * 3).await;
            "late"
        });
        let files =
            Router::new().route("/file", put(count)).route_layer(waiting_for_bytes(next_bytes));
        let routes = Router::new()
            .route("/slow", slow)
            .route("/livez", get(|| async { "alive" }))
            .route("/body", put(count))
            .merge(files);
        let peer = SocketAddr::from(([192, 0, 2, 1], 4711));
        let tasks = Tasks::default();
        surround_public(routes, None, bounds, &tasks).call(peer).now_or_never().unwrap().unwrap()
    }

    /// Ten bytes, each after a pause.
    fn trickle(pause: Duration) -> Body {
        Body::from_stream(futures::stream::unfold(0, move |sent| async move {
            tokio::time::sleep(pause).await;
            (sent < 10).then_some((Ok::<_, io::Error>(Bytes::from_static(b"x")), sent + 1))
        }))
    }

    async fn answer(method: &str, path: &str, body: Body) -> (u16, String) {
        answer_within(&BOUNDS, method, path, body).await
    }

    async fn answer_within(bounds: &Bounds, method: &str, path: &str, body: Body) -> (u16, String) {
        let request = Request::builder().method(method).uri(path).body(body).unwrap();
        told(surrounded(bounds, NEXT_BYTES).oneshot(request).await.unwrap()).await
    }

    async fn told(response: Response) -> (u16, String) {
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
        let (status, body) = answer("PUT", "/body", trickle(pause)).await;
        assert!(body.contains("did not arrive within 0.2 s"), "{body}");
        assert_eq!(status, 408, "elsewhere it may not");
    }

    #[tokio::test]
    async fn a_body_that_came_in_time_leaves_the_answer_its_own_time() {
        let bounds = Bounds { body: Duration::from_millis(1), ..BOUNDS };
        let whole = Body::from("0123456789");
        assert_eq!(answer_within(&bounds, "PUT", "/body", whole).await, (200, "10".to_owned()));
        assert_eq!(answer_within(&bounds, "GET", "/slow", Body::empty()).await.0, 504);
    }

    #[tokio::test]
    async fn supervision_is_answered_while_every_place_is_taken() {
        let bounds = Bounds { calls: 0, ..BOUNDS };
        let asked = async |path| answer_within(&bounds, "GET", path, Body::empty()).await.0;
        assert_eq!([asked("/livez").await, asked("/slow").await], [200, 503]);
    }

    #[tokio::test]
    async fn a_file_that_stops_arriving_is_cut() {
        let begun = futures::stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"x"))]);
        let body = Body::from_stream(begun.chain(futures::stream::pending()));
        let request = Request::put("/file").body(body).unwrap();
        let routes = surrounded(&BOUNDS, Duration::from_millis(1));
        let answer = routes.oneshot(request).await.unwrap();
        assert_eq!(told(answer).await, (200, "cut".to_owned()));
    }
}
