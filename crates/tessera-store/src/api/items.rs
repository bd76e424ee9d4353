//! `/collections/{collection}/items`: features, page by page, each walk within one release.

use super::{
    answer::{Cache, Failed, GEOJSON, HTML, Refused, bytes, json, not_found},
    collections::{Kind, kind},
    features::{Feature, FeatureCollection},
    html,
    landing::link,
    origin::Origin,
    params::{Box2, Cursor, Format, Limit, current, pin_walk},
};
use crate::{
    app::App,
    intersect,
    releases::{OpenRelease, ReadError},
    years::Years,
};
use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Deserialize;
use std::sync::Arc;
use tessera_grid::{BBox, Zone};
use tessera_release::Release;
use tessera_store_api::Link;
use theron_service::{Path, Query};
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ItemsQuery {
    /// `west,south,east,north` in degrees: features that have a point in it.
    #[param(value_type = Option<String>, example = "12,41,13.5,42.5")]
    bbox: Option<Box2>,
    /// An RFC 3339 instant or interval, to the year: places that were there then. Cells have no time.
    #[param(value_type = Option<String>, example = "0100-01-01T00:00:00Z/0150-12-31T00:00:00Z")]
    datetime: Option<Years>,
    /// Features on a page.
    #[serde(default)]
    #[param(value_type = u32, minimum = 1, maximum = 10000, default = 1000, required = false)]
    limit: Limit,
    /// As the `next` link of the page before has it.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    /// `json` or `html`.
    #[param(value_type = Option<String>)]
    f: Option<Format>,
}

/// Features that a query selects, and the last key of the page where another follows.
struct Page {
    matched: u64,
    features: Vec<Feature>,
    next: Option<String>,
}

/// Features of a collection
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/items", operation_id = "items", tag = "ogc",
    params(("collection" = String, Path, description = "`places` or `cells`"), ItemsQuery),
    responses((status = 200, body = FeatureCollection, content_type = "application/geo+json"), Refused)
)]
pub(crate) async fn items(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(query): Query<ItemsQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let kind = kind(&name)?;
    let format = Format::of(query.f, &headers)?;
    let release = pin_walk(&app, query.cursor.as_ref()).await?;
    let select = match kind {
        Kind::Places => {
            let after = query.cursor.as_ref().map(Cursor::key::<String>).transpose()?;
            Select::Places(after)
        }
        Kind::Cells => Select::Cells(query.cursor.as_ref().map(Cursor::key::<Zone>).transpose()?),
    };
    let body = release
        .read(move |open, file| {
            let page = select.page(open, file, &query)?;
            let links = links(kind, open, &base, &query, page.next);
            let collection = FeatureCollection::new(page.matched, page.features, links);
            match format {
                Format::Json => Ok(serde_json::to_vec(&collection)?),
                Format::Html => Ok(html::items(kind, &collection, &base)?.into_bytes()),
            }
        })
        .await?;
    let media_type = if format == Format::Html { HTML } else { GEOJSON };
    Ok(bytes(&headers, Cache::Revalidate, media_type, body))
}

fn links(
    kind: Kind,
    open: &OpenRelease,
    base: &str,
    query: &ItemsQuery,
    next: Option<String>,
) -> Vec<Link> {
    let here = format!("{base}/collections/{}", kind.as_str());
    let bbox = query.bbox.map(|bbox| format!("&bbox={}", bbox.0)).unwrap_or_default();
    let datetime = query.datetime.map(|years| format!("&datetime={years}")).unwrap_or_default();
    let page = |cursor: &Option<Cursor>, f: &str| {
        let cursor = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        format!("{here}/items?f={f}&limit={}{bbox}{datetime}{cursor}", query.limit.0)
    };
    let mut links = vec![
        link("self", GEOJSON, page(&query.cursor, "json"), "This page"),
        link("alternate", "text/html", page(&query.cursor, "html"), "This page for people"),
        link("collection", "application/json", here.clone(), kind.as_str()),
    ];
    if let Some(after) = next {
        let cursor = Some(Cursor { release: open.id().clone(), after });
        links.push(link("next", GEOJSON, page(&cursor, "json"), "The next page"));
    }
    links
}

/// Which features, after which key.
enum Select {
    Places(Option<String>),
    Cells(Option<Zone>),
}

impl Select {
    fn page(
        self,
        open: &OpenRelease,
        file: &Release,
        query: &ItemsQuery,
    ) -> Result<Page, ReadError> {
        match self {
            Self::Places(after) => places(open, file, query, after.as_deref()),
            Self::Cells(after) => match query.bbox {
                Some(Box2(bbox)) => cells_in(open, file, bbox, query.limit.0, after),
                None => all_cells(open, file, query.limit.0, after),
            },
        }
    }
}

fn places(
    open: &OpenRelease,
    file: &Release,
    query: &ItemsQuery,
    after: Option<&str>,
) -> Result<Page, ReadError> {
    let mut found = file.places()?;
    found.retain(|place| {
        query.bbox.is_none_or(|bbox| bbox.0.contains(place.position))
            && query.datetime.is_none_or(|years| years.meets(place.valid_from, place.valid_to))
    });
    let matched = found.len() as u64;
    let mut rest =
        found.into_iter().filter(|place| after.is_none_or(|after| place.id.as_str() > after));
    let features = rest.by_ref().take(query.limit.0);
    let features: Vec<Feature> = features
        .map(|place| Feature::of_place(place, open.provenances()))
        .collect::<Result<_, _>>()?;
    let next = rest.next().and(features.last()).map(|last| last.id.clone());
    Ok(Page { matched, features, next })
}

fn all_cells(
    open: &OpenRelease,
    file: &Release,
    limit: usize,
    after: Option<Zone>,
) -> Result<Page, ReadError> {
    let mut cells = file.cells(None, after, limit + 1)?;
    let more = cells.len() > limit;
    cells.truncate(limit);
    let features: Vec<Feature> = cells
        .into_iter()
        .map(|cell| Feature::of_cell(cell, open.provenances()))
        .collect::<Result<_, _>>()?;
    let next = features.last().filter(|_| more).map(|last| last.id.clone());
    Ok(Page { matched: open.info().zones, features, next })
}

fn cells_in(
    open: &OpenRelease,
    file: &Release,
    bbox: BBox,
    limit: usize,
    after: Option<Zone>,
) -> Result<Page, ReadError> {
    let mut zones = file.zones(Some(intersect::grown(bbox, open.info().resolution)))?;
    zones.retain(|zone| intersect::touches(*zone, bbox));
    let matched = zones.len() as u64;
    let mut rest = zones.into_iter().filter(|zone| after.is_none_or(|after| *zone > after));
    let mut features = Vec::new();
    for zone in rest.by_ref().take(limit) {
        if let Some(cell) = file.cell(zone)? {
            features.push(Feature::of_cell(cell, open.provenances())?);
        }
    }
    let next = rest.next().and(features.last()).map(|last| last.id.clone());
    Ok(Page { matched, features, next })
}

/// One feature
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/items/{feature}", operation_id = "item", tag = "ogc",
    params(
        ("collection" = String, Path, description = "`places` or `cells`"),
        ("feature" = String, Path, description = "A place's id, or an H3 cell")
    ),
    responses((status = 200, body = Feature, content_type = "application/geo+json"), Refused)
)]
pub(crate) async fn item(
    State(app): State<Arc<App>>,
    Path((name, id)): Path<(String, String)>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let kind = kind(&name)?;
    let release = current(&app)?;
    let wanted = id.clone();
    let feature = release
        .read(move |open, file| {
            let feature = match kind {
                Kind::Places => {
                    file.place(&wanted)?.map(|place| Feature::of_place(place, open.provenances()))
                }
                Kind::Cells => {
                    let cell = wanted
                        .parse::<Zone>()
                        .ok()
                        .map(|zone| file.cell(zone))
                        .transpose()?
                        .flatten();
                    cell.map(|cell| Feature::of_cell(cell, open.provenances()))
                }
            };
            feature.transpose()
        })
        .await?;
    let mut feature = feature.ok_or_else(|| {
        not_found(
            "no_such_feature",
            format!("the collection {} has no feature {id:?}", kind.as_str()),
        )
    })?;
    let here = format!("{base}/collections/{}", kind.as_str());
    feature.links = vec![
        link("self", GEOJSON, format!("{here}/items/{}", feature.id), "This feature"),
        link("collection", "application/json", here, kind.as_str()),
    ];
    Ok(json(&headers, Cache::Revalidate, GEOJSON, &feature)?)
}
