//! What surrounds every route: log line, metrics, trace, limits, and no panic that reaches a caller.

use crate::{Refusal, admission::identity};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderValue, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use std::{
    any::Any,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use theron_mesh::trace;
use theron_wire::Traceparent;
use tokio::{sync::Semaphore, time::Instant};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutBody};

/// A JSON body of ours is some kilobytes; routes that take files set a limit of their own.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// An answer that has not begun by now is not coming; downloads may stream on after it began.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// A file that arrives over a slow link may take hours, but not this long for its next bytes.
const NEXT_BYTES_TIMEOUT: Duration = Duration::from_secs(60);
/// Calls in hand at once. Beyond this the machine only queues, and the caller should know at once.
const CALLS_MAX: usize = 512;

pub(crate) fn surround(routes: Router, listener: &'static str) -> Router {
    within(routes, listener, ANSWER_TIMEOUT)
}

fn within(routes: Router, listener: &'static str, answer_timeout: Duration) -> Router {
    let limits = Limits { places: Arc::new(Semaphore::new(CALLS_MAX)), answer_timeout };
    routes
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(limits, limit))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(middleware::from_fn_with_state(listener, record))
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

#[derive(Clone)]
struct Limits {
    places: Arc<Semaphore>,
    answer_timeout: Duration,
}

/// Whether the call in hand reads a body that may take as long as it moves.
#[derive(Clone, Debug, Default)]
struct Unhurried(Arc<AtomicBool>);

async fn limit(State(limits): State<Limits>, mut request: Request, next: Next) -> Response {
    let Ok(_place) = limits.places.try_acquire() else {
        let detail = format!("{CALLS_MAX} calls are in hand; try again in a second");
        let mut response =
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "too_busy", detail).into_response();
        response.headers_mut().insert("retry-after", HeaderValue::from_static("1"));
        return response;
    };
    let unhurried = Unhurried::default();
    request.extensions_mut().insert(unhurried.clone());
    let mut answer = pin!(next.run(request));
    if let Ok(answer) = tokio::time::timeout(limits.answer_timeout, &mut answer).await {
        return answer;
    }
    if unhurried.0.load(Ordering::Relaxed) {
        return answer.await;
    }
    let detail =
        format!("no answer within {} s; try again later", limits.answer_timeout.as_secs_f32());
    Refusal::new(StatusCode::GATEWAY_TIMEOUT, "too_slow", detail).into_response()
}

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

#[expect(clippy::needless_pass_by_value, reason = "the layer hands over the payload")]
fn after_panic(payload: Box<dyn Any + Send>) -> http::Response<Body> {
    let message = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message");
    let traceparent = trace::current().map(|trace| trace.to_string());
    tracing::error!(panic = message, traceparent, "a handler panicked");
    Refusal::from(theron_wire::Problem::internal()).into_response()
}

/// One line and two metrics a call. The query is left out of the line: it may hold what is private.
async fn record(State(listener): State<&'static str>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let incoming: Option<Traceparent> = request
        .headers()
        .get("traceparent")
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse().ok());
    let span = trace::span_in(incoming);
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |matched| matched.as_str().to_owned());
    let caller = identity(request.extensions())
        .map(|identity| identity.0.to_string())
        .or_else(|| {
            request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_string())
        })
        .unwrap_or_default();

    let mut response = trace::CURRENT.scope(span, next.run(request)).await;

    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    let traceparent = span.to_string();
    tracing::info!(
        target: "call", listener, %method, path, route, caller, status,
        micros = elapsed.as_micros() as u64, traceparent, "answered"
    );
    let labels = [
        ("listener", listener.to_owned()),
        ("method", method.to_string()),
        ("route", route),
        ("status", status.to_string()),
    ];
    metrics::counter!("http_calls_total", &labels).increment(1);
    metrics::histogram!("http_call_seconds", &labels).record(elapsed.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&traceparent) {
        response.headers_mut().insert("traceparent", value);
    }
    response.headers_mut().insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    response
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

    fn routes() -> Router {
        let slow = get(|| async {
            tokio::time::sleep(ANSWER * 3).await;
            "late"
        });
        let files =
            Router::new().route("/file", put(count)).route_layer(waiting_for_bytes(NEXT_BYTES));
        let routes = Router::new().route("/slow", slow).route("/body", put(count)).merge(files);
        within(routes, "test", ANSWER)
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
        let response = routes().oneshot(request).await.unwrap();
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
