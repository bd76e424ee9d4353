//! OGC API Tiles: the dataset's vector tiles under `/tiles`, its relief under `/coverage/tiles`.

use super::{
    answer::{Failed, JSON, Refused, json, not_found},
    landing::link,
    origin::Origin,
    pinned::Pinned,
    tiles::drawn,
};
use crate::{app::App, releases::OpenRelease};
use axum::{http::HeaderMap, response::Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{f64::consts::PI, sync::Arc};
use tessera_release::{TileAddress, Tileset};
use tessera_store_api::Link;
use theron_service::{Path, Query, Refusal};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Each is proved by the tests that `tests/it/conformance.rs` puts beside it.
pub(crate) const CONFORMS_TO: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/tilesetmetadata",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
];

/// The one tile matrix set.
const QUAD: &str = "WebMercatorQuad";
const QUAD_URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
const WEB_MERCATOR: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
const SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
const TILEJSON: &str = "application/vnd.mapbox.tile+json";
/// Half the side of the square that the globe is drawn on, metres.
const HALF_SIDE_M: f64 = 6_378_137.0 * PI;
/// Levels of the tile matrix set as OGC registers it.
const LEVELS: u8 = 25;
/// A pixel of the standard's nominal screen, metres.
const PIXEL_M: f64 = 0.000_28;

pub(crate) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(vector_set)).routes(routes!(relief_set))
}

pub(crate) fn routes_without_parameters() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(matrix_sets))
        .routes(routes!(matrix_set))
        .routes(routes!(vector_list))
        .routes(routes!(vector_tile))
        .routes(routes!(relief_list))
        .routes(routes!(relief_tile))
}

/// Where the landing page says that tiles are here.
pub(crate) fn links(base: &str) -> Vec<Link> {
    let rel = |kind: &str| format!("http://www.opengis.net/def/rel/ogc/1.0/{kind}");
    let sets = format!("{base}/tileMatrixSets");
    vec![
        link(&rel("tilesets-vector"), JSON, format!("{base}/tiles"), "As vector tiles"),
        link(&rel("tilesets-coverage"), JSON, format!("{base}/coverage/tiles"), "Relief as tiles"),
        link(&rel("tiling-schemes"), JSON, sets, "Tile matrix sets"),
    ]
}

#[derive(Clone, Copy)]
struct Kind {
    tileset: Tileset,
    /// Below the base.
    path: &'static str,
    title: &'static str,
    data_type: &'static str,
}

const VECTOR: Kind = Kind {
    tileset: Tileset::World,
    path: "tiles",
    title: "Land, coasts, rivers and places",
    data_type: "vector",
};
const RELIEF: Kind = Kind {
    tileset: Tileset::Relief,
    path: "coverage/tiles",
    title: "Elevation, terrarium encoding: metres = red * 256 + green + blue / 256 - 32768",
    data_type: "coverage",
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SetFormat {
    #[default]
    Json,
    TileJson,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SetQuery {
    /// `json`, or `tilejson` for web maps.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    f: SetFormat,
}

/// Which tiles there may be: one way to cut the globe
#[utoipa::path(
    get, path = "/api/v1/tileMatrixSets", operation_id = "tile_matrix_sets", tag = "tiles",
    responses((status = 200, body = Object), (status = 304), Refused)
)]
pub(crate) async fn matrix_sets(
    Pinned { cache, .. }: Pinned,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let here = format!("{base}/tileMatrixSets/{QUAD}");
    let list = json!({"tileMatrixSets": [{
        "id": QUAD, "title": "Google Maps Compatible for the World", "uri": QUAD_URI, "crs": WEB_MERCATOR,
        "links": [link("self", JSON, here, "Definition")],
    }]});
    Ok(json(&headers, cache, JSON, &list)?)
}

/// WebMercatorQuad, level by level
#[utoipa::path(
    get, path = "/api/v1/tileMatrixSets/{set}", operation_id = "tile_matrix_set", tag = "tiles",
    params(("set" = String, Path, example = "WebMercatorQuad")),
    responses((status = 200, body = Object), (status = 304), Refused)
)]
pub(crate) async fn matrix_set(
    Pinned { cache, .. }: Pinned,
    Path(set): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_quad(&set)?;
    let level = |z: u8| {
        let tiles = 1_u32 << z;
        let cell = 2.0 * HALF_SIDE_M / f64::from(tiles) / 256.0;
        json!({"id": z.to_string(), "scaleDenominator": cell / PIXEL_M, "cellSize": cell, "cornerOfOrigin": "topLeft",
               "pointOfOrigin": [-HALF_SIDE_M, HALF_SIDE_M], "tileWidth": 256, "tileHeight": 256,
               "matrixWidth": tiles, "matrixHeight": tiles})
    };
    let levels: Vec<Value> = (0..LEVELS).map(level).collect();
    let definition = json!({
        "id": QUAD, "title": "Google Maps Compatible for the World", "uri": QUAD_URI, "crs": WEB_MERCATOR,
        "orderedAxes": ["X", "Y"], "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": levels,
    });
    Ok(json(&headers, cache, JSON, &definition)?)
}

/// Sets of vector tiles of the dataset
#[utoipa::path(
    get, path = "/api/v1/tiles", operation_id = "vector_tilesets", tag = "tiles",
    responses((status = 200, body = Object), (status = 304), Refused)
)]
pub(crate) async fn vector_list(
    pinned: Pinned,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    list(&pinned, VECTOR, &base, &headers)
}

/// Sets of tiles of the dataset's relief
#[utoipa::path(
    get, path = "/api/v1/coverage/tiles", operation_id = "relief_tilesets", tag = "tiles",
    responses((status = 200, body = Object), (status = 304), Refused)
)]
pub(crate) async fn relief_list(
    pinned: Pinned,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    list(&pinned, RELIEF, &base, &headers)
}

/// One set of vector tiles
#[utoipa::path(
    get, path = "/api/v1/tiles/{set}", operation_id = "vector_tileset", tag = "tiles",
    params(("set" = String, Path, example = "WebMercatorQuad"), SetQuery),
    responses((status = 200, content((Object = "application/json"), (Object = "application/vnd.mapbox.tile+json"))), (status = 304), Refused)
)]
pub(crate) async fn vector_set(
    pinned: Pinned,
    Path(set): Path<String>,
    Query(query): Query<SetQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_quad(&set)?;
    described(&pinned, VECTOR, query.f, &base, &headers)
}

/// One set of tiles of the relief
#[utoipa::path(
    get, path = "/api/v1/coverage/tiles/{set}", operation_id = "relief_tileset", tag = "tiles",
    params(("set" = String, Path, example = "WebMercatorQuad"), SetQuery),
    responses((status = 200, content((Object = "application/json"), (Object = "application/vnd.mapbox.tile+json"))), (status = 304), Refused)
)]
pub(crate) async fn relief_set(
    pinned: Pinned,
    Path(set): Path<String>,
    Query(query): Query<SetQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_quad(&set)?;
    described(&pinned, RELIEF, query.f, &base, &headers)
}

/// One vector tile of the current release
#[utoipa::path(
    get, path = "/api/v1/tiles/{set}/{z}/{row}/{col}", operation_id = "vector_tile", tag = "tiles",
    params(("set" = String, Path, example = "WebMercatorQuad"), ("z" = u8, Path), ("row" = u32, Path), ("col" = u32, Path)),
    responses((status = 200, content_type = "application/vnd.mapbox-vector-tile", body = Vec<u8>, description = "gzip-encoded"),
              (status = 204, description = "Nothing is drawn there"), (status = 304), Refused)
)]
pub(crate) async fn vector_tile(
    pinned: Pinned,
    Path((set, z, row, col)): Path<(String, u8, u32, u32)>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_quad(&set)?;
    drawn(pinned, Tileset::World, TileAddress { z, row, col }, &headers).await
}

/// One tile of the relief of the current release
#[utoipa::path(
    get, path = "/api/v1/coverage/tiles/{set}/{z}/{row}/{col}", operation_id = "relief_tile", tag = "tiles",
    params(("set" = String, Path, example = "WebMercatorQuad"), ("z" = u8, Path), ("row" = u32, Path), ("col" = u32, Path)),
    responses((status = 200, content_type = "image/png", body = Vec<u8>),
              (status = 204, description = "Nothing is drawn there"), (status = 304), Refused)
)]
pub(crate) async fn relief_tile(
    pinned: Pinned,
    Path((set, z, row, col)): Path<(String, u8, u32, u32)>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_quad(&set)?;
    drawn(pinned, Tileset::Relief, TileAddress { z, row, col }, &headers).await
}

fn expect_quad(set: &str) -> Result<(), Refusal> {
    if set == QUAD {
        return Ok(());
    }
    Err(not_found(
        "no_such_tileset",
        format!("there is no tile matrix set {set:?}; there is {QUAD}"),
    ))
}

fn list(pinned: &Pinned, kind: Kind, base: &str, headers: &HeaderMap) -> Result<Response, Failed> {
    let here = format!("{base}/{}", kind.path);
    let sets: Vec<Value> = pinned
        .release
        .finest_tiles(kind.tileset)
        .map(|_finest| {
            json!({"title": kind.title, "dataType": kind.data_type, "crs": WEB_MERCATOR, "tileMatrixSetURI": QUAD_URI,
                   "links": set_links(kind, base)})
        })
        .into_iter()
        .collect();
    let document = json!({"links": [link("self", JSON, here, "These sets")], "tilesets": sets});
    Ok(json(headers, pinned.cache, JSON, &document)?)
}

fn set_links(kind: Kind, base: &str) -> Vec<Value> {
    let here = format!("{base}/{}/{QUAD}", kind.path);
    let plain = [
        link("self", JSON, here.clone(), kind.title),
        link("describedby", TILEJSON, format!("{here}?f=tilejson"), "For web maps"),
        link(SCHEME, JSON, format!("{base}/tileMatrixSets/{QUAD}"), QUAD),
    ];
    let tiles = json!({"rel": "item", "type": kind.tileset.media_type(), "templated": true, "title": "Tiles",
                       "href": format!("{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}")});
    plain.into_iter().map(|link| json!(link)).chain([tiles]).collect()
}

fn described(
    pinned: &Pinned,
    kind: Kind,
    format: SetFormat,
    base: &str,
    headers: &HeaderMap,
) -> Result<Response, Failed> {
    let release = &pinned.release;
    let Some(finest) = release.finest_tiles(kind.tileset) else {
        let detail = format!("release {} has no such tiles", release.id());
        return Err(not_found("no_such_tileset", detail).into());
    };
    let [west, south, east, north]: [f64; 4] = release.info().bbox.into();
    if format == SetFormat::TileJson {
        let here = format!("{base}/releases/{}/tiles/{}", release.id(), kind.tileset.as_str());
        let mut document = json!({
            "tilejson": "3.0.0", "name": kind.title, "version": "1.0.0", "scheme": "xyz", "minzoom": 0, "maxzoom": finest,
            "tiles": [format!("{here}/{{z}}/{{y}}/{{x}}")], "bounds": [west, south, east, north],
            "attribution": attribution(release),
        });
        if kind.tileset == Tileset::World {
            document["vector_layers"] = vector_layers(finest);
        } else {
            document["encoding"] = json!("terrarium");
        }
        return Ok(json(headers, pinned.cache, TILEJSON, &document)?);
    }
    let limits: Vec<Value> = (0..=finest).map(|z| limits(z, [west, south, east, north])).collect();
    let document = json!({
        "title": kind.title, "dataType": kind.data_type, "crs": WEB_MERCATOR, "tileMatrixSetURI": QUAD_URI,
        "attribution": attribution(release), "tileMatrixSetLimits": limits,
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north],
                        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"},
        "links": set_links(kind, base),
    });
    Ok(json(headers, pinned.cache, JSON, &document)?)
}

/// What `tessera-tiles` draws.
fn vector_layers(finest: u8) -> Value {
    let river = json!({
        "scalerank": "Natural Earth's rank, 0 the most important", "name": "Its modern name, where it is known",
        "upstream_km2": "Area drained, square kilometres, where it is known",
    });
    let place = json!({
        "id": "As in the collection `places`", "latin": "Its Latin name", "modern": "Its modern name",
        "rank": "1 the most important to 5", "harbour": "Kind of harbour", "certainty": "Of its position",
        "province": "Where it lay",
    });
    let bare = || json!({});
    let layers = [
        ("land", bare()),
        ("coast", bare()),
        ("lakes", bare()),
        ("rivers", river),
        ("places", place),
    ];
    let layer = |(id, fields)| json!({"id": id, "fields": fields, "minzoom": 0, "maxzoom": finest});
    json!(layers.map(layer))
}

fn attribution(release: &OpenRelease) -> String {
    let mut all: Vec<&str> =
        release.sources().iter().map(|source| source.attribution.as_str()).collect();
    all.sort_unstable();
    all.dedup();
    all.join("; ")
}

/// The rows and columns of a level that the world's box reaches.
fn limits(z: u8, [west, south, east, north]: [f64; 4]) -> Value {
    let tiles = f64::from(1_u32 << z);
    let at = |share: f64| (share * tiles).floor().clamp(0.0, tiles - 1.0) as u32;
    let column = |longitude: f64| at((longitude + 180.0) / 360.0);
    let row = |latitude: f64| at(0.5 - latitude.to_radians().tan().asinh() / (2.0 * PI));
    json!({"tileMatrix": z.to_string(), "minTileRow": row(north), "maxTileRow": row(south),
           "minTileCol": column(west), "maxTileCol": column(east)})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tiles_of_a_box_are_those_it_reaches() {
        let latium = limits(8, [11.5, 40.5, 14.5, 42.5]);
        let expected = json!({"tileMatrix": "8", "minTileRow": 94, "maxTileRow": 96, "minTileCol": 136, "maxTileCol": 138});
        assert_eq!(latium, expected);
        let globe = json!({"tileMatrix": "1", "minTileRow": 0, "maxTileRow": 1, "minTileCol": 0, "maxTileCol": 1});
        assert_eq!(limits(1, [-180.0, -90.0, 180.0, 90.0]), globe);
    }
}
