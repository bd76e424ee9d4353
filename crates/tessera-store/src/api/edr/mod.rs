//! OGC API EDR: the zones' facts sampled at, in, around and along a shape, month by month.

mod covjson;
mod features;
#[expect(unused_qualifications, reason = "the macro that describes query parameters writes them")]
mod query;

use super::landing::link;
use crate::{
    app::App,
    quantities::{self, Quantity},
};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tessera_store_api::Link;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Each is proved by the tests that `tests/it/conformance.rs` puts beside it.
pub(crate) const CONFORMS_TO: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/core",
    "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/collections",
    "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/json",
    "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/edr-geojson",
    "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/covjson",
    "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/queries",
];

const COVJSON: &str = "application/prs.coverage+json";
const FORMATS: [&str; 2] = ["CoverageJSON", "GeoJSON"];
/// Lengths that `within` may be given in, and how many kilometres each is.
const UNITS: [(&str, f64); 4] = [("km", 1.0), ("m", 0.001), ("mi", 1.609_344), ("nmi", 1.852)];

/// Each query, the shapes that it takes, and what it is in words.
const QUERIES: [(&str, &str, &str); 4] = [
    ("position", "POINT or MULTIPOINT", "Sampled at places"),
    ("area", "POLYGON or MULTIPOLYGON", "Sampled in an area"),
    ("radius", "POINT", "Sampled around a place"),
    ("trajectory", "LINESTRING, LINESTRINGM or MULTILINESTRING", "Sampled along a way"),
];

const CRS84_WKT: &str = "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],\
     PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433],AXIS[\"Longitude\",EAST],AXIS[\"Latitude\",NORTH]]";

pub(crate) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(query::position))
        .routes(routes!(query::area))
        .routes(routes!(query::radius))
        .routes(routes!(query::trajectory))
}

/// Where the links of a collection of zones say that it can be sampled; nowhere in those of others.
pub(crate) fn links(collection: &str, here: &str) -> Vec<Link> {
    if quantities::of_collection(collection).is_empty() {
        return Vec::new();
    }
    let to = |(kind, _, title): (&str, &str, &str)| {
        link("data", COVJSON, format!("{here}/{kind}"), title)
    };
    QUERIES.map(to).into()
}

/// What the description of a collection of zones says more, because it can be sampled; nothing of others.
pub(crate) fn describe(collection: &str, here: &str) -> Map<String, Value> {
    let quantities = quantities::of_collection(collection);
    if quantities.is_empty() {
        return Map::new();
    }
    let query = |(kind, coords, _): (&str, &str, &str)| {
        let mut variables = json!({
            "title": format!("{kind} query"), "query_type": kind, "coords": coords,
            "output_formats": FORMATS, "default_output_format": FORMATS[0],
            "crs_details": [{"crs": "CRS84", "wkt": CRS84_WKT}],
        });
        if kind == "radius" {
            variables["within_units"] = json!(UNITS.map(|(name, _)| name));
        }
        let link = json!({"href": format!("{here}/{kind}"), "rel": "data", "type": COVJSON, "variables": variables});
        (kind.to_owned(), json!({"link": link}))
    };
    let queries: Map<String, Value> = QUERIES.map(query).into_iter().collect();
    let names: Map<String, Value> = quantities
        .iter()
        .map(|quantity| (quantity.id.to_owned(), parameter(quantity, "label")))
        .collect();
    let more = [
        ("data_queries", Value::Object(queries)),
        ("parameter_names", Value::Object(names)),
        ("output_formats", json!(FORMATS)),
    ];
    more.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

/// A quantity as EDR's collections (`label` as plain words) and CoverageJSON (in a language) describe it.
fn parameter(quantity: &Quantity, words: &str) -> Value {
    let said = |text: &str| if words == "label" { json!(text) } else { json!({"en": text}) };
    json!({
        "type": "Parameter",
        "id": quantity.id,
        "description": said(quantity.label),
        "unit": {"label": said(quantity.unit),
                 "symbol": {"value": quantity.unit, "type": "http://www.opengis.net/def/uom/UCUM/"}},
        "observedProperty": {"id": quantity.id, "label": said(quantity.label)},
    })
}
