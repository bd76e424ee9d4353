//! `/collections`: what kinds of features the current release has.

use super::{
    answer::{Cache, Failed, GEOJSON, HTML, JSON, Refused, bytes, json},
    html,
    landing::{FormatQuery, link},
    origin::Origin,
    params::{Format, current},
};
use crate::{app::App, releases::OpenRelease};
use axum::{extract::State, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tessera_store_api::Link;
use theron_service::{Path, Query};
use utoipa::ToSchema;

pub(crate) const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Places,
    Cells,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Places, Self::Cells];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Places => "places",
            Self::Cells => "cells",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Places => "Places",
            Self::Cells => "Cells",
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::Places => "Ports and cities of about AD 150, as points.",
            Self::Cells => "Zones of the H3 grid with what every layer says of them, as polygons.",
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Collections {
    pub(crate) links: Vec<Link>,
    pub(crate) collections: Vec<Collection>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Collection {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    pub(crate) extent: Extent,
    item_type: &'static str,
    crs: Vec<&'static str>,
    links: Vec<Link>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Extent {
    pub(crate) spatial: Spatial,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Spatial {
    /// One box: west, south, east, north.
    pub(crate) bbox: Vec<[f64; 4]>,
    crs: &'static str,
}

fn describe(kind: Kind, release: &OpenRelease, base: &str) -> Collection {
    let id = kind.as_str();
    let here = format!("{base}/collections/{id}");
    let file = format!("{base}/releases/{}/file", release.id());
    Collection {
        id,
        title: kind.title(),
        description: kind.description(),
        extent: Extent { spatial: Spatial { bbox: vec![release.info().bbox.into()], crs: CRS84 } },
        item_type: "feature",
        crs: vec![CRS84],
        links: vec![
            link("self", JSON, format!("{here}?f=json"), "This collection"),
            link("alternate", "text/html", format!("{here}?f=html"), "This collection for people"),
            link("items", GEOJSON, format!("{here}/items"), "Its features"),
            link("enclosure", "application/vnd.sqlite3", file, "The whole release as one file"),
        ],
    }
}

/// The collections of the current release
#[utoipa::path(
    get, path = "/api/v1/collections", operation_id = "collections", tag = "ogc", params(FormatQuery),
    responses((status = 200, body = Collections), Refused)
)]
pub(crate) async fn collections(
    State(app): State<Arc<App>>,
    Query(query): Query<FormatQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let format = Format::of(query.f, &headers)?;
    let release = current(&app)?;
    let links = vec![
        link("self", JSON, format!("{base}/collections?f=json"), "This list"),
        link(
            "alternate",
            "text/html",
            format!("{base}/collections?f=html"),
            "This list for people",
        ),
    ];
    let collections = Kind::ALL.map(|kind| describe(kind, &release, &base)).into();
    let list = Collections { links, collections };
    Ok(match format {
        Format::Json => json(&headers, Cache::Revalidate, JSON, &list)?,
        Format::Html => {
            bytes(&headers, Cache::Revalidate, HTML, html::collections(&list.collections, &base))
        }
    })
}

/// One collection
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}", operation_id = "collection", tag = "ogc",
    params(("collection" = String, Path, description = "`places` or `cells`"), FormatQuery),
    responses((status = 200, body = Collection), Refused)
)]
pub(crate) async fn collection(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(query): Query<FormatQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let kind = kind(&name)?;
    let format = Format::of(query.f, &headers)?;
    let release = current(&app)?;
    let collection = describe(kind, &release, &base);
    Ok(match format {
        Format::Json => json(&headers, Cache::Revalidate, JSON, &collection)?,
        Format::Html => {
            bytes(&headers, Cache::Revalidate, HTML, html::collection(&collection, &base))
        }
    })
}

/// A collection that is not there is 404 to OGC's clients, not a word that is misspelt.
pub(crate) fn kind(name: &str) -> Result<Kind, theron_service::Refusal> {
    Kind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
        super::answer::not_found(
            "no_such_collection",
            format!("there is no collection {name:?}; there are places and cells"),
        )
    })
}
