//! `/datasets`: what may be run and whether it is there; documents and the files beside them are sent here.

use super::App;
use crate::datasets::{Checksums, of_document, of_world, source_dir_for};
use crate::documents::DocumentError;
use crate::sources::Sources;
use axum::{body::Body, extract::State};
use futures::StreamExt;
use std::{collections::BTreeMap, sync::Arc};
use tessera_pipeline_api::{DatasetList, LastRead, SendDocument, Step, WorldDatasets};
use theron_service::{Json, Path, Refusal};
use theron_wire::Problem;

/// The datasets of every world of the configuration and of every document that was sent.
///
/// Checksums are worked out anew for files that have changed, so the first call may take some seconds.
#[utoipa::path(
    get, path = "/datasets", operation_id = "dataset_list",
    responses((status = 200, body = DatasetList), (status = 403, body = Problem, description = "`not_admitted`")),
)]
pub(super) async fn list(State(app): State<Arc<App>>) -> Result<Json<DatasetList>, Refusal> {
    let looked = blocking(move || {
        let last = last_read(&app);
        let mut worlds: Vec<WorldDatasets> = app
            .worlds
            .iter()
            .map(|(name, world)| of_world(name, world, &app.checksums, &last))
            .collect();
        for id in app.documents.ids()? {
            worlds.push(document(&app, &id, &app.checksums, &last)?);
        }
        Ok::<_, DocumentError>(DatasetList { worlds })
    });
    Ok(Json(looked.await??))
}

/// Keeps a sources document that the service does not have. The answer says which files it lacks.
#[utoipa::path(
    post, path = "/datasets", operation_id = "document_send", request_body = SendDocument,
    responses(
        (status = 200, body = WorldDatasets),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 413, body = Problem, description = "`body_too_large`"),
        (status = 422, body = Problem, description = "`document_wrong`: the sentence says where"),
    ),
)]
pub(super) async fn send(
    State(app): State<Arc<App>>,
    Json(sent): Json<SendDocument>,
) -> Result<Json<WorldDatasets>, Refusal> {
    let kept = blocking(move || {
        let id = app.documents.keep(&sent, &app.shelf.documents())?;
        document(&app, &id, &app.checksums, &last_read(&app))
    });
    Ok(Json(kept.await??))
}

/// Takes in a file that lies beside a document which was sent; the same again is harmless.
#[utoipa::path(
    put, path = "/datasets/{document}/files/{sha256}", operation_id = "document_file_send",
    params(
        ("document" = String, Path, description = "Its id"),
        ("sha256" = String, Path, description = "Of the file, as it was said with the document"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 200, body = WorldDatasets),
        (status = 400, body = Problem, description = "`body_broke_off`"),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`document_unknown`, `file_not_listed`"),
        (status = 413, body = Problem, description = "`body_too_large`"),
        (status = 422, body = Problem, description = "`checksum_differs`"),
    ),
)]
pub(super) async fn send_file(
    State(app): State<Arc<App>>,
    Path((id, sha256)): Path<(String, String)>,
    body: Body,
) -> Result<Json<WorldDatasets>, Refusal> {
    let mut arriving = app.documents.receive(&id, &sha256)?;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Ok(chunk) => arriving.take(&chunk)?,
            Err(_cut) => return Err(arriving.broke_off().into()),
        }
    }
    let view = blocking(move || {
        arriving.finish()?;
        document(&app, &id, &app.checksums, &last_read(&app))
    });
    Ok(Json(view.await??))
}

fn document(
    app: &App,
    id: &str,
    sums: &Checksums,
    last: &BTreeMap<String, LastRead>,
) -> Result<WorldDatasets, DocumentError> {
    let (path, beside) = (app.documents.path(id)?, app.documents.beside(id)?);
    let folder =
        Sources::load(&path).ok().and_then(|sources| source_dir_for(&sources, &app.worlds));
    Ok(of_document(id, &path, &beside, folder, sums, last))
}

/// The newest run that read each document to its end.
fn last_read(app: &App) -> BTreeMap<String, LastRead> {
    let runs = app.shelf.all().into_iter().filter(|run| run.step > Step::Stage);
    runs.filter_map(|run| Some((run.document?, LastRead { run: run.id, at: run.created_at })))
        .collect()
}

/// Files are read on a thread that may wait for the disk.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Refusal::internal(&error))
}
