//! The OGC API landing page and what it declares.

use super::{
    answer::{Cache, Failed, HTML, JSON, Refused, bytes, json},
    html,
    origin::Origin,
    params::Format,
};
use crate::app::App;
use axum::{extract::State, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tessera_store_api::Link;
use theron_service::Query;
use utoipa::{IntoParams, ToSchema};

/// Each is kept by a test in `tests/it/ogc.rs`.
pub(crate) const CONFORMS_TO: [&str; 4] = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
];
const TITLE: &str = "TESSERA: the physical world of antiquity";
const DESCRIPTION: &str = "Terrain, coast, rivers, climate, winds and places of about AD 150 on the H3 grid, \
                           each fact with its source, licence and certainty.";

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormatQuery {
    /// `json` or `html`; without it the Accept header decides.
    #[param(value_type = Option<String>)]
    pub(crate) f: Option<Format>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Landing {
    title: &'static str,
    description: &'static str,
    links: Vec<Link>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Conformance {
    conforms_to: Vec<&'static str>,
}

pub(crate) fn link(rel: &str, media_type: &str, href: String, title: &str) -> Link {
    let title = (!title.is_empty()).then(|| title.to_owned());
    Link { href, rel: rel.to_owned(), media_type: media_type.to_owned(), title }
}

/// What is here
#[utoipa::path(
    get, path = "/api/v1", operation_id = "landing", tag = "ogc", params(FormatQuery), 
    responses((status = 200, body = Landing), Refused)
)]
pub(crate) async fn landing(
    State(app): State<Arc<App>>,
    Query(query): Query<FormatQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let format = Format::of(query.f, &headers)?;
    if format == Format::Html {
        let page = html::landing(TITLE, DESCRIPTION, &base, app.library.current().as_deref());
        return Ok(bytes(&headers, Cache::Revalidate, HTML, page));
    }
    let openapi = "application/vnd.oai.openapi+json;version=3.1";
    let links = vec![
        link("self", JSON, format!("{base}?f=json"), "This page"),
        link("alternate", "text/html", format!("{base}?f=html"), "This page for people"),
        link("service-desc", openapi, format!("{base}/openapi.json"), "The API, OpenAPI 3.1"),
        link("conformance", JSON, format!("{base}/conformance"), "What it conforms to"),
        link("data", JSON, format!("{base}/collections"), "Collections of features"),
        link("releases", JSON, format!("{base}/releases"), "Releases, each also as one file"),
    ];
    Ok(json(
        &headers,
        Cache::Revalidate,
        JSON,
        &Landing { title: TITLE, description: DESCRIPTION, links },
    )?)
}

/// The conformance classes that are kept
#[utoipa::path(
    get, path = "/api/v1/conformance", operation_id = "conformance", tag = "ogc",
    responses((status = 200, body = Conformance), Refused)
)]
pub(crate) async fn conformance(headers: HeaderMap) -> Result<Response, Failed> {
    let conforms_to = CONFORMS_TO.to_vec();
    Ok(json(&headers, Cache::Revalidate, JSON, &Conformance { conforms_to })?)
}
