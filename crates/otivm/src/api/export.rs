//! GET /life.sqlite3, GET /life.jsonl: the whole life as a file

use super::respond::Refused;
use crate::{
    app::App,
    export::Form,
    play::{self, Exported, Session},
};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use futures::{Stream, stream};
use std::{
    fs::File,
    io::{self, Read},
    sync::Arc,
};

/// Read and sent at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// The whole life as one SQLite file: every moment as it was written, in a file that stands alone.
///
/// `otivm verify` proves it, and `POST /imports` of another server takes it.
#[utoipa::path(get, path = "/life.sqlite3", tag = "life", security(("session" = [])),
    responses((status = 200, description = "The file",
        content_type = "application/vnd.sqlite3", body = Vec<u8>)))]
pub(super) async fn sqlite(
    State(app): State<Arc<App>>,
    session: Session,
) -> Result<Response, Refused> {
    let exported = play::export(&app, session, Form::Sqlite).await?;
    Ok(download(exported, "application/vnd.sqlite3", "otivm-life.sqlite3"))
}

/// The whole life as JSON Lines: what it is and amounts to, one line a moment, and the labels.
#[utoipa::path(get, path = "/life.jsonl", tag = "life", security(("session" = [])),
    responses((status = 200, description = "The file",
        content_type = "application/x-ndjson", body = String)))]
pub(super) async fn lines(
    State(app): State<Arc<App>>,
    session: Session,
) -> Result<Response, Refused> {
    let exported = play::export(&app, session, Form::Lines).await?;
    Ok(download(exported, "application/x-ndjson", "otivm-life.jsonl"))
}

/// A journal is in it: nobody on the way keeps a copy.
fn download(Exported { file, bytes }: Exported, kind: &'static str, name: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, bytes.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, Body::from_stream(chunks(file))).into_response()
}

fn chunks(file: File) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(file, async |mut file| {
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK_BYTES];
            let length = file.read(&mut chunk)?;
            chunk.truncate(length);
            Ok::<_, io::Error>((chunk, file))
        });
        let (chunk, file) = read.await.map_err(io::Error::other)??;
        Ok((!chunk.is_empty()).then(|| (Bytes::from(chunk), file)))
    })
}
