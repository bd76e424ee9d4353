//! `/collections`: what kinds of features the release has.

use super::{
    answer::{Failed, GEOJSON, JSON, Refused, negotiated},
    dggs, edr, html,
    landing::{FormatQuery, link},
    origin::Origin,
    params::Format,
    pinned::Pinned,
};
use crate::{collections, releases::OpenRelease, years::date_of};
use axum::{http::HeaderMap, response::Response};
use serde::Serialize;
use std::sync::Arc;
use tessera_store_api::Link;
use theron_service::{Path, Query, Refusal};
use utoipa::ToSchema;

pub(crate) const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const GREGORIAN: &str = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";
/// Where a release's file is, in a collection's links.
pub(crate) const SQLITE: &str = "application/vnd.sqlite3";

#[derive(Serialize, ToSchema)]
pub(crate) struct Collections {
    pub(crate) links: Vec<Link>,
    pub(crate) collections: Vec<Collection>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Collection {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) extent: Extent,
    item_type: &'static str,
    crs: Vec<&'static str>,
    storage_crs: &'static str,
    pub(crate) links: Vec<Link>,
    /// What can be sampled, and how: OGC API EDR.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    edr: serde_json::Map<String, serde_json::Value>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Extent {
    pub(crate) spatial: Spatial,
    #[serde(skip_serializing_if = "Option::is_none")]
    temporal: Option<Temporal>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Spatial {
    /// One box: west, south, east, north.
    pub(crate) bbox: Vec<[f64; 4]>,
    crs: &'static str,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Temporal {
    /// One interval. Years before 1 BC have a sign and six digits, as ISO 8601 expands them.
    #[schema(value_type = Vec<Vec<String>>)]
    interval: Vec<[String; 2]>,
    trs: &'static str,
}

fn describe(collection: &collections::Collection, release: &OpenRelease, base: &str) -> Collection {
    let here = format!("{base}/collections/{}", collection.id);
    let file = format!("{base}/releases/{}/file", release.id());
    let temporal = collection.years.map(|(first, last)| {
        let from = format!("{}T00:00:00Z", date_of(first));
        let to = format!("{}-12-31T23:59:59Z", date_of(last).trim_end_matches("-01-01"));
        Temporal { interval: vec![[from, to]], trs: GREGORIAN }
    });
    let spatial = Spatial { bbox: vec![collection.bbox.into()], crs: CRS84 };
    let queryables = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
    let mut links = vec![
        link("self", JSON, format!("{here}?f=json"), "This collection"),
        link("alternate", "text/html", format!("{here}?f=html"), "This collection for people"),
        link("items", GEOJSON, format!("{here}/items"), "Its features"),
        link("items", "text/html", format!("{here}/items?f=html"), "Its features for people"),
        link(queryables, "application/schema+json", format!("{here}/queryables"), "Its properties"),
        link("enclosure", SQLITE, file, "The whole release as one file"),
    ];
    let parquet = format!("{base}/releases/{}/export/{}.parquet", release.id(), collection.id);
    links.push(link(
        "export",
        "application/vnd.apache.parquet",
        parquet,
        "All of it as GeoParquet",
    ));
    links.extend(dggs::links(&here, Some(&collection.id)));
    links.extend(edr::links(&collection.id, &here));
    for licence in release.licences() {
        if let Some(address) = html::licence_address(&licence) {
            links.push(link("license", "text/html", address, &licence));
        }
    }
    Collection {
        id: collection.id.clone(),
        title: collection.title.clone(),
        description: collection.description.clone(),
        extent: Extent { spatial, temporal },
        item_type: "feature",
        crs: vec![CRS84],
        storage_crs: CRS84,
        links,
        edr: edr::describe(&collection.id, &here),
    }
}

/// The collections of the current release
#[utoipa::path(
    get, path = "/api/v1/collections", operation_id = "collections", tag = "ogc", params(FormatQuery),
    responses((status = 200, content((Collections = "application/json"), (String = "text/html"))), (status = 304), Refused)
)]
pub(crate) async fn collections(
    Pinned { release, cache, .. }: Pinned,
    Query(query): Query<FormatQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let format = Format::of(query.f, &headers)?;
    let here = format!("{base}/collections");
    let file = format!("{base}/releases/{}/file", release.id());
    let links = vec![
        link("self", JSON, format!("{here}?f=json"), "This list"),
        link("alternate", "text/html", format!("{here}?f=html"), "This list for people"),
        link("enclosure", SQLITE, file, "The whole release as one file"),
    ];
    let collections = release.collections().iter();
    let list = Collections {
        links,
        collections: collections.map(|one| describe(one, &release, &base)).collect(),
    };
    negotiated(&headers, cache, format, JSON, &list, || {
        html::collections(release.collections().iter().map(AsRef::as_ref), &base)
    })
}

/// One collection
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}", operation_id = "collection", tag = "ogc",
    params(("collection" = String, Path, description = "As `/collections` lists them", example = "places"), FormatQuery),
    responses((status = 200, content((Collection = "application/json"), (String = "text/html"))), (status = 304), Refused)
)]
pub(crate) async fn collection(
    Pinned { release, cache, .. }: Pinned,
    Path(name): Path<String>,
    Query(query): Query<FormatQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let format = Format::of(query.f, &headers)?;
    let collection = find(&release, &name)?;
    let described = describe(&collection, &release, &base);
    let map = match format {
        Format::Html => Some(release.read(OpenRelease::mosaic).await?),
        Format::Json => None,
    };
    negotiated(&headers, cache, format, JSON, &described, || {
        html::collection(&collection, &release, map.as_deref(), &base)
    })
}

/// A collection that is not there is 404 to OGC's clients, not a word that is misspelt.
pub(crate) fn find(
    release: &OpenRelease,
    name: &str,
) -> Result<Arc<collections::Collection>, Refusal> {
    let all = release.collections();
    all.iter().find(|collection| collection.id == name).map(Arc::clone).ok_or_else(|| {
        let known: Vec<&str> = all.iter().map(|collection| collection.id.as_str()).collect();
        let detail = format!("there is no collection {name:?}; there are {}", known.join(", "));
        super::answer::not_found("no_such_collection", detail)
    })
}
