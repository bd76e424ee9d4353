//! `/releases/{id}/tiles/{tileset}/{z}/{row}/{col}`: the bytes that the pipeline drew.

use super::{
    answer::{Failed, Refused, bad_request, has, not_found, tagged},
    kept::Keep,
    pinned::Pinned,
};
use axum::{
    Extension,
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use tessera_release::{TileAddress, Tileset};
use theron_service::Path;

/// One tile of WebMercatorQuad, rows from the north
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/tiles/{tileset}/{z}/{row}/{col}", operation_id = "release_tile", tag = "tiles",
    params(
        ("id" = String, Path, description = "A release id, or `current`"),
        ("tileset" = String, Path, description = "`world`: vector tiles; `relief`: elevation, terrarium encoding"),
        ("z" = u8, Path), ("row" = u32, Path), ("col" = u32, Path)
    ),
    responses(
        (status = 200, content_type = "application/vnd.mapbox-vector-tile", body = Vec<u8>,
         description = "`world`, gzip-encoded; `relief` is image/png"),
        (status = 204, description = "Nothing is drawn there"),
        (status = 304),
        Refused
    )
)]
pub(crate) async fn tile(
    pinned: Pinned,
    Path((_id, tileset, z, row, col)): Path<(String, Tileset, u8, u32, u32)>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    drawn(pinned, tileset, TileAddress { z, row, col }, &headers).await
}

/// A tile as it was drawn, or why there is none.
pub(super) async fn drawn(
    Pinned { release, cache, .. }: Pinned,
    tileset: Tileset,
    at: TileAddress,
    headers: &HeaderMap,
) -> Result<Response, Failed> {
    let TileAddress { z, row, col } = at;
    let finest = release.finest_tiles(tileset);
    let Some(finest) = finest.filter(|finest| z <= *finest) else {
        let detail = match finest {
            Some(finest) => format!("{} tiles go down to level {finest}", tileset.as_str()),
            None => format!("release {} has no {} tiles", release.id(), tileset.as_str()),
        };
        return Err(not_found("no_such_level", detail).into());
    };
    if [row, col].iter().any(|at| u64::from(*at) >> z.min(finest) != 0) {
        let detail = format!("level {z} has rows and columns 0 to {}", (1_u64 << z) - 1);
        return Err(bad_request("tile_outside", detail).into());
    }
    let etag = format!("\"{}-{}-{z}-{row}-{col}\"", release.id(), tileset.as_str());
    let data = if has(headers, &etag) {
        Some(Vec::new())
    } else {
        release.glance(move |_open, file| Ok(file.tile(tileset, at)?)).await?
    };
    let Some(data) = data else {
        let nothing = (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, cache.header())]);
        return Ok((Extension(Keep(release)), nothing).into_response());
    };
    let mut response = tagged(headers, cache, tileset.media_type(), &etag, || Body::from(data));
    if response.status() == StatusCode::OK {
        if tileset == Tileset::World {
            let gzip = HeaderValue::from_static("gzip");
            response.headers_mut().insert(header::CONTENT_ENCODING, gzip);
        }
        response.extensions_mut().insert(Keep(release));
    }
    Ok(response)
}
