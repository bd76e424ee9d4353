//! `/dggs`, `/dggs/H3` and the definition of H3.

use super::{
    super::{
        answer::{Failed, JSON, Refused, json},
        collections::CRS84,
        landing::link,
        origin::Origin,
        pinned::Pinned,
    },
    H3, H3_URI, Subject, TITLE, expect_h3, rel,
};
use axum::{http::HeaderMap, response::Response};
use serde_json::{Value, json};
use tessera_store_api::Link;
use theron_service::Path;

fn list_document(base: &str, subject: &Subject) -> Value {
    let here = format!("{base}{}/dggs", subject.path);
    let links: Vec<Link> = vec![
        link("self", JSON, format!("{here}/{H3}"), TITLE),
        super::definition(base),
        subject.dggrs(base),
    ];
    json!({
        "links": [link("self", JSON, here, "Reference systems"), subject.origin(base)],
        "dggrs": [{"id": H3, "title": TITLE, "uri": H3_URI, "links": links}],
    })
}

fn one_document(base: &str, subject: &Subject, level: u8) -> Value {
    let here = format!("{base}{}/dggs/{H3}", subject.path);
    let links: Vec<Link> = vec![
        link("self", JSON, here.clone(), TITLE),
        super::definition(base),
        link(rel::ZONES, JSON, format!("{here}/zones"), "Zones that have data"),
        subject.origin(base),
    ];
    json!({
        "id": H3,
        "title": TITLE,
        "description": "Uber's hexagonal hierarchical index; sub-zones ascend by index",
        "uri": H3_URI,
        "crs": CRS84,
        "maxRefinementLevel": level,
        "maxRelativeDepth": super::zone::DEPTH_MAX,
        "defaultDepth": super::zone::DEPTH_DEFAULT,
        "links": links,
        "linkTemplates": [
            {"rel": rel::ZONE, "type": JSON, "title": "A zone", "uriTemplate": format!("{here}/zones/{{zoneId}}")},
            {"rel": rel::DATA, "type": JSON, "title": "What is known of a zone",
             "uriTemplate": format!("{here}/zones/{{zoneId}}/data")},
        ],
    })
}

/// Reference systems of the dataset: one
#[utoipa::path(
    get, path = "/api/v1/dggs", operation_id = "dggs_list", tag = "dggs",
    responses((status = 200, body = Object), (status = 304), Refused)
)]
pub(crate) async fn list(
    Pinned { release, cache, .. }: Pinned,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let subject = Subject::of(&release, None)?;
    Ok(json(&headers, cache, JSON, &list_document(&base, &subject))?)
}

/// Reference systems of a collection of zones
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/dggs", operation_id = "collection_dggs_list", tag = "dggs",
    params(("collection" = String, Path, example = "cells")),
    responses((status = 200, body = Object), (status = 304), Refused)
)]
pub(crate) async fn list_of_collection(
    Pinned { release, cache, .. }: Pinned,
    Path(collection): Path<String>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let subject = Subject::of(&release, Some(&collection))?;
    Ok(json(&headers, cache, JSON, &list_document(&base, &subject))?)
}

/// A reference system, and where its zones are
#[utoipa::path(
    get, path = "/api/v1/dggs/{dggrs}", operation_id = "dggs_one", tag = "dggs",
    params(("dggrs" = String, Path, example = "H3")),
    responses((status = 200, body = Object), (status = 304), Refused)
)]
pub(crate) async fn one(
    Pinned { release, cache, .. }: Pinned,
    Path(dggrs): Path<String>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_h3(&dggrs)?;
    let subject = Subject::of(&release, None)?;
    let level = release.info().resolution.into();
    Ok(json(&headers, cache, JSON, &one_document(&base, &subject, level))?)
}

/// A reference system of a collection of zones
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/dggs/{dggrs}", operation_id = "collection_dggs_one", tag = "dggs",
    params(("collection" = String, Path, example = "cells"), ("dggrs" = String, Path, example = "H3")),
    responses((status = 200, body = Object), (status = 304), Refused)
)]
pub(crate) async fn one_of_collection(
    Pinned { release, cache, .. }: Pinned,
    Path((collection, dggrs)): Path<(String, String)>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_h3(&dggrs)?;
    let subject = Subject::of(&release, Some(&collection))?;
    let level = release.info().resolution.into();
    Ok(json(&headers, cache, JSON, &one_document(&base, &subject, level))?)
}

/// What H3 is, in the terms of the standard
#[utoipa::path(
    get, path = "/api/v1/dggs/{dggrs}/definition", operation_id = "dggs_definition", tag = "dggs",
    params(("dggrs" = String, Path, example = "H3")),
    responses((status = 200, body = Object), (status = 304), Refused)
)]
pub(crate) async fn definition(
    Pinned { cache, .. }: Pinned,
    Path(dggrs): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_h3(&dggrs)?;
    let document = json!({
        "title": TITLE,
        "uri": H3_URI,
        "dggh": {"definition": {
            "crs": CRS84,
            "basePolyhedron": "icosahedron",
            "refinementRatio": 7,
            "spatialDimensions": 2,
            "temporalDimensions": 0,
            "zoneTypes": ["hexagon", "pentagon"],
            "refinementStrategy": ["centredChildCell"],
        }},
        "zirs": {
            "textZIRS": {"description": "The index in hexadecimal, 15 digits: 851e8053fffffff"},
            "uint64ZIRS": {"description": "The index as H3 has it: mode, resolution, base cell, fifteen digits of three bits"},
        },
        "subZoneOrder": {
            "description": "Ascending by index, so that the descendants of each zone follow each other; \
                            a pentagon has no child 1",
        },
    });
    Ok(json(&headers, cache, JSON, &document)?)
}
