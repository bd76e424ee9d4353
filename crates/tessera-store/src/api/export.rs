//! `/releases/{id}/export/{collection}.parquet`: a whole collection as GeoParquet, sent while it is written.

use super::{
    answer::{Failed, Refused, not_found, tagged},
    collections::find,
    pinned::Pinned,
};
use crate::{
    app::App,
    blocking::{Panicked, blocking},
    export::{ExportError, export},
    releases::ReadError,
    turns::{Reader, Share, Turn},
};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{Stream, StreamExt, stream};
use std::{
    io::{self, BufWriter, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::Poll,
    time::Duration,
};
use tessera_release::Release;
use theron_service::{Path, Refusal};
use tokio::{
    runtime::Handle,
    sync::{Semaphore, mpsc},
};

const PARQUET: &str = "application/vnd.apache.parquet";
/// Pieces that are written and not yet sent; a slow reader makes the writer wait.
const PIECES_MAX: usize = 4;
/// Bytes of a piece.
const PIECE_BYTES: usize = 256 * 1024;
/// Each keeps a core and some tens of megabytes busy, for as long as its reader takes to read it; the readers of tiles
/// come first.
pub(crate) const EXPORTS: Share = Share { at_once: 3, of_one: 2, in_hand_of_one: 10 };
/// So many wait for one of these to end; beyond them a caller had better come back.
static IN_LINE: Semaphore = Semaphore::const_new(16);
/// How long one waits: half of what any answer may take to begin.
const WAIT: Duration = Duration::from_secs(30);
/// When to come back, seconds.
const COME_BACK_S: u64 = 60;

/// A collection as one GeoParquet file
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/export/{file}", operation_id = "release_export", tag = "releases",
    params(("id" = String, Path, description = "A release id, or `current`"),
           ("file" = String, Path, description = "A collection and `.parquet`", example = "roads.parquet")),
    responses((status = 200, content_type = "application/vnd.apache.parquet", body = Vec<u8>), (status = 304), Refused)
)]
pub(crate) async fn parquet(
    State(app): State<Arc<App>>,
    Pinned { release, cache, reader, .. }: Pinned,
    Path((_id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let name = file.strip_suffix(".parquet").ok_or_else(|| {
        not_found("no_such_export", format!("there is no export {file:?}; write places.parquet"))
    })?;
    let collection = find(&release, name)?;
    let etag = format!("\"{}-{}-parquet\"", release.id(), collection.id);
    if super::answer::has(&headers, &etag) {
        return Ok(tagged(&headers, cache, PARQUET, &etag, Body::empty));
    }
    let Some(turn) = turn(&app, &reader).await else { return Ok(too_busy()) };
    // A connection of its own, opened before the first byte: exports do not take turns with other reads.
    let opened = release.path().to_owned();
    let own = blocking(move || Release::open(&opened)).await?.map_err(ReadError::from)?;
    let (send, receive) = mpsc::channel(PIECES_MAX);
    let waiting: Waiting = Arc::new(Mutex::new(Some(receive)));
    let sender = Sender { send, waiting: Arc::downgrade(&waiting), stall: app.stall };
    let open = Arc::clone(&release);
    let work = blocking(move || {
        // Until the last piece is taken: what is made and not read is bounded by the turns.
        let _turn = turn;
        let mut into = BufWriter::with_capacity(PIECE_BYTES, sender);
        let written = export(&collection, &open, &own, &mut into)?;
        into.flush().map_err(ExportError::Sent)?;
        into.get_ref().drained().map(|()| written).map_err(ExportError::Sent)
    });
    let end = async move { ended(work.await) };
    let mut response =
        tagged(&headers, cache, PARQUET, &etag, || Body::from_stream(body(waiting, end)));
    let named = format!("attachment; filename=\"{name}.parquet\"");
    if let Ok(named) = HeaderValue::from_str(&named) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    Ok(response)
}

/// A turn among those that are made, as soon as one is free.
async fn turn(app: &App, reader: &Reader) -> Option<Turn> {
    let _in_line = IN_LINE.try_acquire().ok()?;
    tokio::time::timeout(WAIT, app.exports.take(reader)).await.ok()?.ok()
}

fn too_busy() -> Response {
    let detail = "as many exports are being made as this store makes at once, or makes for one reader; ask again in a minute";
    let mut response =
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "too_busy", detail).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(COME_BACK_S));
    response
}

/// The pieces that nobody has read; none once they were thrown away.
type Waiting = Arc<Mutex<Option<mpsc::Receiver<Bytes>>>>;

/// The pieces as they come; and at the end, what went wrong, which breaks the answer off.
fn body(
    waiting: Waiting,
    end: impl Future<Output = Option<io::Error>>,
) -> impl Stream<Item = Result<Bytes, io::Error>> {
    let pieces = stream::poll_fn(move |context| match held(&waiting).as_mut() {
        Some(receive) => receive.poll_recv(context).map(|piece| piece.map(Ok)),
        None => Poll::Ready(None),
    });
    let end = stream::once(end).filter_map(|error| async move { error.map(Err) });
    stream::select(pieces, end)
}

type Work = Result<Result<tessera_geoparquet::Written, ExportError>, Panicked>;

fn ended(work: Work) -> Option<io::Error> {
    let error = match work {
        Ok(Ok(_written)) => return None,
        Ok(Err(error)) => io::Error::other(error),
        Err(error) => io::Error::other(error),
    };
    tracing::warn!(error = &error as &dyn std::error::Error, "an export was broken off");
    Some(error)
}

/// Why nobody has the next piece.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error("the caller has hung up")]
    Gone,
    #[error("the caller read nothing of it for {} s", .0.as_secs_f32())]
    Stalled(Duration),
}

/// Hands pieces over to the answer, and waits for its reader to take them: as long as `stall` for each. A reader who takes
/// none for so long loses those that wait too.
struct Sender {
    send: mpsc::Sender<Bytes>,
    /// The answer's, and gone when the caller is.
    waiting: Weak<Mutex<Option<mpsc::Receiver<Bytes>>>>,
    stall: Duration,
}

impl Sender {
    fn patiently<T, E>(&self, taken: impl Future<Output = Result<T, E>>) -> io::Result<T> {
        match Handle::current().block_on(tokio::time::timeout(self.stall, taken)) {
            Ok(Ok(taken)) => Ok(taken),
            Ok(Err(_closed)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, Unread::Gone)),
            Err(_elapsed) => {
                if let Some(waiting) = self.waiting.upgrade() {
                    held(&waiting).take();
                }
                let stalled = Unread::Stalled(self.stall);
                // Nobody polls the answer that this breaks off, so it is said here.
                tracing::warn!(%stalled, "an export was given up");
                Err(io::Error::new(io::ErrorKind::TimedOut, stalled))
            }
        }
    }

    /// Until no piece waits.
    fn drained(&self) -> io::Result<()> {
        (1..=PIECES_MAX).try_for_each(|free| self.patiently(self.send.reserve_many(free)).map(drop))
    }
}

/// Whole between any two calls.
fn held(
    waiting: &Mutex<Option<mpsc::Receiver<Bytes>>>,
) -> MutexGuard<'_, Option<mpsc::Receiver<Bytes>>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Write for Sender {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.patiently(self.send.send(Bytes::copy_from_slice(piece)))?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
