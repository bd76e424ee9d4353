//! The OGC API landing page and what it declares.

use super::{
    answer::{Cache, Failed, JSON, Refused, negotiated},
    dggs, edr, html,
    origin::Origin,
    params::Format,
    tilesets,
};
use crate::{app::App, releases::OpenRelease};
use axum::{extract::State, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tessera_store_api::Link;
use theron_service::Query;
use utoipa::{IntoParams, ToSchema};

/// Of Common and Features; each is proved by the tests that `tests/it/conformance.rs` puts beside it.
const CONFORMS_TO: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
];
pub(crate) const TITLE: &str = "TESSERA: the physical world of antiquity";
pub(crate) const DESCRIPTION: &str = "Terrain, sea, rivers, climate, winds, places and roads of antiquity on the H3 grid and as features, \
     each fact with its source, licence and certainty.";

fn conforms_to() -> Vec<&'static str> {
    [CONFORMS_TO, dggs::CONFORMS_TO, edr::CONFORMS_TO, tilesets::CONFORMS_TO].concat()
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormatQuery {
    /// `json` or `html`; without it the Accept header decides.
    #[param(inline)]
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
    responses((status = 200, content((Landing = "application/json"), (String = "text/html"))), (status = 304), Refused)
)]
pub(crate) async fn landing(
    State(app): State<Arc<App>>,
    Query(query): Query<FormatQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let format = Format::of(query.f, &headers)?;
    let current = app.library.current();
    let map = match &current {
        Some(release) if format == Format::Html => Some(release.read(OpenRelease::mosaic).await?),
        _ => None,
    };
    let openapi = "application/vnd.oai.openapi+json;version=3.1";
    let data = "http://www.opengis.net/def/rel/ogc/1.0/data";
    let conformance = "http://www.opengis.net/def/rel/ogc/1.0/conformance";
    let mut links = vec![
        link("self", JSON, format!("{base}?f=json"), "This page"),
        link("alternate", "text/html", format!("{base}?f=html"), "This page for people"),
        link("service-desc", openapi, format!("{base}/openapi.json"), "The API, OpenAPI 3.1"),
        link("conformance", JSON, format!("{base}/conformance"), "What it conforms to"),
        link(conformance, JSON, format!("{base}/conformance"), "What it conforms to"),
        link("data", JSON, format!("{base}/collections"), "Collections of features"),
        link(data, JSON, format!("{base}/collections"), "Collections of features"),
        link("releases", JSON, format!("{base}/releases"), "Releases, each also as one file"),
    ];
    if current.is_some() {
        let sources = format!("{base}/releases/current/sources");
        links.push(link("about", JSON, sources, "Sources and licences"));
    }
    links.extend(dggs::links(&base, None));
    links.extend(tilesets::links(&base));
    let landing = Landing { title: TITLE, description: DESCRIPTION, links };
    negotiated(&headers, Cache::Revalidate, format, JSON, &landing, || {
        html::landing(&base, current.as_deref(), map.as_deref())
    })
}

/// The conformance classes that are kept
#[utoipa::path(
    get, path = "/api/v1/conformance", operation_id = "conformance", tag = "ogc", params(FormatQuery),
    responses((status = 200, content((Conformance = "application/json"), (String = "text/html"))), (status = 304), Refused)
)]
pub(crate) async fn conformance(
    Query(query): Query<FormatQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let format = Format::of(query.f, &headers)?;
    let declared = Conformance { conforms_to: conforms_to() };
    negotiated(&headers, Cache::Revalidate, format, JSON, &declared, || {
        html::conformance(&declared.conforms_to, &base)
    })
}
