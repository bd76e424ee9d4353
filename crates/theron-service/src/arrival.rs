//! How long the body of a call may take to arrive.
//!
//! A small body has some seconds as a whole, counted while somebody waits for it. A file may take as long as it
//! moves: a route that takes one says so ([`unhurried`]). What a route leaves of a body is read out behind its answer
//! ([`Rest`]), because a connection that is closed over unread bytes takes the answer with it.

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use bytes::Bytes;
use futures::StreamExt;
use hyper::body::{Frame, SizeHint};
use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Sleep, sleep, timeout};
use tower_http::timeout::TimeoutBody;

/// A file that arrives over a slow link may take hours, but not this long for its next bytes.
const NEXT_BYTES_TIMEOUT: Duration = Duration::from_secs(60);

/// What the routes of a call and its body know of its haste.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hurry(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// The body may take as long as it moves.
    unhurried: AtomicBool,
    /// The body was waited for until its time was over.
    late: AtomicBool,
    /// What was left of the body.
    rest: Mutex<Option<Rest>>,
}

/// A body that was let go of before its end.
#[derive(Debug)]
pub(crate) struct Rest(Body);

impl Hurry {
    pub(crate) fn is_unhurried(&self) -> bool {
        self.0.unhurried.load(Ordering::Relaxed)
    }

    pub(crate) fn body_was_late(&self) -> bool {
        self.0.late.load(Ordering::Relaxed)
    }

    /// The body, which breaks off when its time is over. Of one whose sender `waits` to be asked for it nothing is
    /// left over unless it was.
    pub(crate) fn limit(&self, body: Body, timeout: Duration, waits: bool) -> Body {
        if body.is_end_stream() {
            return body;
        }
        let over = waits;
        Body::new(Arriving { body, hurry: self.clone(), timeout, until: None, over })
    }

    /// What the routes left of the body, once they have answered.
    pub(crate) fn take_rest(&self) -> Option<Rest> {
        self.0.rest.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Rest {
    /// Reads it and throws it away, until its end or as far as one goes for it.
    pub(crate) async fn read_out(self, bytes_max: usize, time: Duration) {
        let mut chunks = self.0.into_data_stream();
        let reading = async {
            let mut left = Some(bytes_max);
            while let (Some(bytes), Some(Ok(chunk))) = (left, chunks.next().await) {
                left = bytes.checked_sub(chunk.len());
            }
        };
        // Late or not, the body goes, and with it the connection if something is left.
        drop(timeout(time, reading).await);
    }
}

struct Arriving {
    body: Body,
    hurry: Hurry,
    timeout: Duration,
    /// From the first time that it was waited for.
    until: Option<Pin<Box<Sleep>>>,
    /// It ended or broke off, or nobody asked its sender for it yet.
    over: bool,
}

impl Drop for Arriving {
    fn drop(&mut self) {
        if !self.over {
            let rest = Rest(std::mem::take(&mut self.body));
            *self.hurry.0.rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(rest);
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the body took longer than {} s", .0.as_secs_f32())]
struct Late(Duration);

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.over = !matches!(frame, Some(Ok(_))) || self.body.is_end_stream();
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        self.over = false;
        if self.hurry.is_unhurried() {
            return Poll::Pending;
        }
        let timeout = self.timeout;
        let until = self.until.get_or_insert_with(|| Box::pin(sleep(timeout)));
        if until.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.over = true;
        self.hurry.0.late.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(Late(timeout).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A layer for routes that take files: no limit on the whole call, one on the wait for the next bytes.
pub fn unhurried() -> middleware::FromFnLayer<
    impl Fn(Request, Next) -> Unhurrying + Clone + Send + Sync + 'static,
    (),
    (Request,),
> {
    waiting_for_bytes(NEXT_BYTES_TIMEOUT)
}

pub(crate) type Unhurrying = Pin<Box<dyn Future<Output = Response> + Send>>;

pub(crate) fn waiting_for_bytes(
    next_bytes_timeout: Duration,
) -> middleware::FromFnLayer<
    impl Fn(Request, Next) -> Unhurrying + Clone + Send + Sync + 'static,
    (),
    (Request,),
> {
    middleware::from_fn(move |request: Request, next: Next| -> Unhurrying {
        if let Some(hurry) = request.extensions().get::<Hurry>() {
            hurry.0.unhurried.store(true, Ordering::Relaxed);
        }
        let request = request.map(|body| Body::new(TimeoutBody::new(next_bytes_timeout, body)));
        Box::pin(next.run(request))
    })
}
