//! GET /tiles/…, GET /releases/{id}/tiles/…: the map, out of the cached release.

use super::{
    params::{ReleaseTilePath, TilePath},
    respond::{Refused, has},
    session::Visit,
};
use crate::{app::App, play::PlayError, world::Scene};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;
use tessera_release::{TileAddress, Tileset};
use theron_service::{Path, Refusal};

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// A map tile of the release that is played now; WebMercatorQuad.
#[utoipa::path(get, path = "/tiles/{tileset}/{z}/{row}/{col}", tag = "world", params(TilePath),
    responses((status = 200, description = "The tile", content(
            (Vec<u8> = "application/vnd.mapbox-vector-tile"), (Vec<u8> = "image/png"))),
        (status = 204, description = "Nothing to draw here"),
        (status = 304, description = "Not changed")))]
pub(super) async fn tile(
    State(app): State<Arc<App>>,
    _visit: Visit,
    headers: HeaderMap,
    Path(TilePath { tileset, z, row, col }): Path<TilePath>,
) -> Result<Response, Refused> {
    let scene = scene(&app)?;
    answer(scene, &headers, tileset, TileAddress { z, row, col }, ASK_AGAIN).await
}

/// A map tile of a release by its id, which never changes.
#[utoipa::path(get, path = "/releases/{id}/tiles/{tileset}/{z}/{row}/{col}", tag = "world",
    params(ReleaseTilePath),
    responses((status = 200, description = "The tile", content(
            (Vec<u8> = "application/vnd.mapbox-vector-tile"), (Vec<u8> = "image/png"))),
        (status = 204, description = "Nothing to draw here"),
        (status = 304, description = "Not changed")))]
pub(super) async fn release_tile(
    State(app): State<Arc<App>>,
    _visit: Visit,
    headers: HeaderMap,
    Path(ReleaseTilePath { id, tileset, z, row, col }): Path<ReleaseTilePath>,
) -> Result<Response, Refused> {
    let scene = scene(&app)?;
    if scene.release.id.as_str() != id {
        let detail = "another release is played now; /world names it";
        return Err(Refusal::new(StatusCode::NOT_FOUND, "no_such_release", detail).into());
    }
    answer(scene, &headers, tileset, TileAddress { z, row, col }, FOR_EVER).await
}

fn scene(app: &App) -> Result<Arc<Scene>, Refused> {
    Ok(app.world.scene().ok_or(PlayError::NoWorld)?)
}

async fn answer(
    scene: Arc<Scene>,
    headers: &HeaderMap,
    tileset: Tileset,
    at: TileAddress,
    cache_control: &'static str,
) -> Result<Response, Refused> {
    let etag =
        format!("\"{}-{}-{}-{}-{}\"", scene.release.id, tileset.as_str(), at.z, at.row, at.col);
    let tags = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, cache_control.to_owned())];
    if has(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, tags).into_response());
    }
    let read = tokio::task::spawn_blocking(move || scene.release.tiles.get(tileset, at)).await;
    let tile = match read {
        Ok(Ok(tile)) => tile,
        Ok(Err(error)) => return Err(Refusal::internal(&error).into()),
        Err(error) => return Err(Refusal::internal(&error).into()),
    };
    let media_type = [(header::CONTENT_TYPE, tileset.media_type())];
    match (tile, tileset) {
        (Some(bytes), Tileset::World) => {
            Ok((tags, media_type, [(header::CONTENT_ENCODING, "gzip")], bytes).into_response())
        }
        (Some(bytes), Tileset::Relief) => Ok((tags, media_type, bytes).into_response()),
        (None, Tileset::World) => Ok((StatusCode::NO_CONTENT, tags).into_response()),
        // An image that is not there must not be decoded.
        (None, Tileset::Relief) => {
            let detail =
                "no relief was drawn here; it covers the world's own box, down to its finest level";
            Err(Refusal::new(StatusCode::NOT_FOUND, "no_such_tile", detail).into())
        }
    }
}
