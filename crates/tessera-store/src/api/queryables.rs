//! `/collections/{collection}/queryables`: what a filter may name, as a JSON Schema.

use super::{
    answer::{Failed, Refused, negotiated},
    collections::find,
    html,
    landing::FormatQuery,
    origin::Origin,
    params::Format,
    pinned::Pinned,
};
use crate::cql::{Column, Kind};
use axum::{http::HeaderMap, response::Response};
use serde_json::{Map, Value, json};
use theron_service::{Path, Query};

const SCHEMA_JSON: &str = "application/schema+json";
/// QGIS knows a geometry by it and by nothing else.
const GEOMETRY: &str = "https://geojson.org/schema/Geometry.json";
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// What a filter of a collection may name
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/queryables", operation_id = "queryables", tag = "ogc",
    params(("collection" = String, Path, description = "As `/collections` lists them", example = "places"), FormatQuery),
    responses(
        (status = 200, description = "A JSON Schema", content((Object = "application/schema+json"), (String = "text/html"))),
        (status = 304),
        Refused
    )
)]
pub(crate) async fn queryables(
    Pinned { release, cache, .. }: Pinned,
    Path(name): Path<String>,
    Query(query): Query<FormatQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let format = Format::of(query.f, &headers)?;
    let collection = find(&release, &name)?;
    let about = std::sync::Arc::clone(&collection);
    let columns = release.read(move |_open, file| collection.columns(file)).await?;
    let schema = json!({
        "$schema": DIALECT,
        "$id": format!("{base}/collections/{name}/queryables"),
        "type": "object",
        "title": about.title,
        "description": about.description,
        "properties": properties(columns.list(), about.has_states()),
        "additionalProperties": false,
    });
    negotiated(&headers, cache, format, SCHEMA_JSON, &schema, || {
        html::queryables(&about, columns.list(), &base)
    })
}

fn properties(columns: &[Column], has_states: bool) -> Map<String, Value> {
    let mut all = Map::new();
    let geometry = json!({
        "title": "geometry",
        "description": "For S_INTERSECTS",
        "x-ogc-role": "primary-geometry",
        "$ref": GEOMETRY,
    });
    all.insert("geometry".to_owned(), geometry);
    if !has_states {
        let valid = json!({
            "title": "valid",
            "description": "The years it was there, for T_INTERSECTS, T_DURING, T_BEFORE, T_AFTER, T_DISJOINT",
            "x-ogc-role": "primary-interval",
            "type": "array",
            "format": "interval",
        });
        all.insert("valid".to_owned(), valid);
    }
    for column in columns {
        let mut schema = json!({"title": column.name, "description": column.what});
        let kind = match column.kind {
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Text => "string",
            Kind::Boolean => "boolean",
            Kind::Nested => "array",
        };
        schema["type"] = kind.into();
        all.insert(column.name.clone(), schema);
    }
    all
}
