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
use std::{any::Any, net::SocketAddr, sync::Arc, time::Duration};
use theron_mesh::trace;
use theron_wire::Traceparent;
use tokio::{sync::Semaphore, time::Instant};
use tower_http::catch_panic::CatchPanicLayer;

/// A JSON body of ours is some kilobytes; routes that take files set a limit of their own.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// An answer that has not begun by now is not coming; downloads may stream on after it began.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// Calls in hand at once. Beyond this the machine only queues, and the caller should know at once.
const CALLS_MAX: usize = 512;

pub(crate) fn surround(routes: Router, listener: &'static str) -> Router {
    let places = Arc::new(Semaphore::new(CALLS_MAX));
    routes
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(places, limit))
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

async fn limit(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let Ok(_place) = places.try_acquire() else {
        let detail = format!("{CALLS_MAX} calls are in hand; try again in a second");
        let mut response =
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "too_busy", detail).into_response();
        response.headers_mut().insert("retry-after", HeaderValue::from_static("1"));
        return response;
    };
    tokio::time::timeout(ANSWER_TIMEOUT, next.run(request)).await.unwrap_or_else(|_elapsed| {
        let detail = format!("no answer within {} s; try again later", ANSWER_TIMEOUT.as_secs());
        Refusal::new(StatusCode::GATEWAY_TIMEOUT, "too_slow", detail).into_response()
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
