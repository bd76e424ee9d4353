//! `/collections/{collection}/items`: features, page by page, each walk within one release.

use super::{
    answer::{Failed, GEOJSON, HTML, Refused, bad_request, bytes, negotiated, not_found},
    collections::{CRS84, find},
    cursor::Cursor,
    features::{Feature, FeatureCollection},
    html,
    landing::link,
    origin::Origin,
    params::{Boxes, Format, Limit},
    pinned::Pinned,
};
use crate::{
    app::App,
    collections::{Seen, Selection},
    cql,
    years::Years,
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use serde::Deserialize;
use std::sync::Arc;
use tessera_store_api::Link;
use theron_service::{Path, Query, Refusal};
use utoipa::IntoParams;

/// OGC API Features part 2: in which coordinates the answer is.
const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ItemsQuery {
    /// `west,south,east,north` in degrees: features that have a point in it. West of more than east
    /// crosses the antimeridian.
    #[param(value_type = Option<String>, example = "12,41,13.5,42.5")]
    bbox: Option<Boxes>,
    /// An RFC 3339 instant or interval, to the year: features that were there then, zones as they were
    /// then. Years before 1 BC have a sign: `-000199-01-01` is in 200 BC.
    #[param(value_type = Option<String>, example = "0100-01-01T00:00:00Z/0150-12-31T00:00:00Z")]
    datetime: Option<Years>,
    /// Features on a page.
    #[serde(default)]
    #[param(value_type = u32, minimum = 1, maximum = 10000, default = 1000, required = false)]
    limit: Limit,
    /// CQL2 text over the collection's `queryables`.
    #[param(example = "rank <= 2 AND latin LIKE 'O%'", max_length = 8192)]
    filter: Option<String>,
    /// Only `cql2-text`.
    #[serde(rename = "filter-lang")]
    filter_lang: Option<String>,
    /// Of geometries in the filter. Only CRS84.
    #[serde(rename = "filter-crs")]
    filter_crs: Option<String>,
    /// Of the answer. Only CRS84.
    crs: Option<String>,
    /// Of `bbox`. Only CRS84.
    #[serde(rename = "bbox-crs")]
    bbox_crs: Option<String>,
    /// As the `next` link of the page before has it.
    #[expect(dead_code, reason = "the walk is pinned by it before")]
    cursor: Option<String>,
    /// `json` or `html`.
    #[param(inline)]
    f: Option<Format>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ItemQuery {
    /// A zone as it was then; of an interval, in the year nearest to the release's own.
    #[param(value_type = Option<String>, example = "-000199-01-01")]
    datetime: Option<Years>,
    /// Of the answer. Only CRS84.
    crs: Option<String>,
    /// `json` or `html`.
    #[param(inline)]
    f: Option<Format>,
}

/// Features of a collection
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/items", operation_id = "items", tag = "ogc",
    params(("collection" = String, Path, description = "As `/collections` lists them", example = "places"), ItemsQuery),
    responses(
        (status = 200, content((FeatureCollection<'_> = "application/geo+json"), (String = "text/html"))),
        (status = 304),
        Refused
    )
)]
pub(crate) async fn items(
    State(app): State<Arc<App>>,
    pinned: Pinned,
    Path(name): Path<String>,
    Query(query): Query<ItemsQuery>,
    RawQuery(asked): RawQuery,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let format = Format::of(query.f, &headers)?;
    let collection = find(&pinned.release, &name)?;
    only_crs84([
        ("crs", &query.crs),
        ("bbox-crs", &query.bbox_crs),
        ("filter-crs", &query.filter_crs),
    ])?;
    only_text(query.filter_lang.as_deref())?;
    let after = pinned.after::<String>(&name)?;
    let made = pinned.search(move |open, file, wanted| {
        let columns = collection.columns(file)?;
        let filter = query.filter.as_deref().map(|text| cql::parse(text, columns.list()));
        let filter = match filter.transpose() {
            Ok(filter) => filter,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let boxes = query.bbox.map(|boxes| boxes.parts).unwrap_or_default();
        let limit = query.limit.0;
        let years = query.datetime;
        let selection = Selection { boxes, years, filter, after, limit, wanted };
        let page = collection.page(open, file, &columns, &selection)?;
        let next = page.next.map(|after| {
            let cursor = Cursor { release: open.id().clone(), list: name.clone(), after };
            cursor.write(&app.secret)
        });
        let links = links(&format!("{base}/collections/{name}"), asked.as_deref(), next);
        let provenances = open.provenances();
        let seen =
            page.records.iter().map(|record| Seen { record, columns: &columns, provenances });
        let features = seen.map(|seen| Feature::new(seen, Vec::new())).collect();
        let state = (open.id(), open.taken_in());
        let answer = FeatureCollection::new(state, page.matched, features, links);
        Ok(Ok(match format {
            Format::Json => serde_json::to_vec(&answer)?,
            Format::Html => {
                let mosaic = open.mosaic(file)?;
                let place = (base.as_str(), years);
                html::items(&collection, &answer, columns.list(), &mosaic, place).into_bytes()
            }
        }))
    });
    let body =
        made.await?.map_err(|wrong| bad_request("filter_not_understood", wrong.to_string()))?;
    let media_type = if format == Format::Html { HTML } else { GEOJSON };
    let mut response = bytes(&headers, pinned.cache, media_type, body);
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    Ok(in_crs84(response))
}

/// The page's own address in its other forms, and the next page's.
fn links(here: &str, asked: Option<&str>, next: Option<String>) -> Vec<Link> {
    let pairs = || asked.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let page = |f: &str, cursor: Option<&str>| {
        let kept = pairs().filter(|pair| !pair.starts_with("f="));
        let kept = kept.filter(|pair| cursor.is_none() || !pair.starts_with("cursor="));
        let cursor = cursor.map(|cursor| format!("cursor={cursor}"));
        let words = std::iter::once(format!("f={f}")).chain(kept.map(str::to_owned)).chain(cursor);
        format!("{here}/items?{}", words.collect::<Vec<_>>().join("&"))
    };
    let mut links = vec![
        link("self", GEOJSON, page("json", None), "This page"),
        link("alternate", "text/html", page("html", None), "This page for people"),
        link("collection", "application/json", here.to_owned(), "The collection"),
    ];
    if let Some(cursor) = next {
        links.push(link("next", GEOJSON, page("json", Some(&cursor)), "The next page"));
    }
    links
}

fn only_crs84<const N: usize>(named: [(&str, &Option<String>); N]) -> Result<(), Refusal> {
    let other = named.into_iter().find(|(_, crs)| crs.as_ref().is_some_and(|crs| crs != CRS84));
    let Some((name, _)) = other else { return Ok(()) };
    let detail = format!("{name} is only {CRS84}: longitude and latitude in degrees; leave it out");
    Err(bad_request("query_not_understood", detail))
}

fn only_text(language: Option<&str>) -> Result<(), Refusal> {
    if language.is_none_or(|language| language == "cql2-text") {
        return Ok(());
    }
    let detail = "filter-lang is only cql2-text; leave it out and write the filter in CQL2 text";
    Err(bad_request("query_not_understood", detail))
}

fn in_crs84(mut response: Response) -> Response {
    let value = HeaderValue::from_static("<http://www.opengis.net/def/crs/OGC/1.3/CRS84>");
    response.headers_mut().insert(CONTENT_CRS, value);
    response
}

/// One feature
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/items/{feature}", operation_id = "item", tag = "ogc",
    params(
        ("collection" = String, Path, description = "As `/collections` lists them", example = "places"),
        ("feature" = String, Path, description = "The feature's id; of zones, an H3 cell", example = "ostia"),
        ItemQuery
    ),
    responses(
        (status = 200, content((Feature<'_> = "application/geo+json"), (String = "text/html"))),
        (status = 304),
        Refused
    )
)]
pub(crate) async fn item(
    Pinned { release, cache, .. }: Pinned,
    Path((name, id)): Path<(String, String)>,
    Query(query): Query<ItemQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let format = Format::of(query.f, &headers)?;
    let collection = find(&release, &name)?;
    only_crs84([("crs", &query.crs)])?;
    let epoch = release.info().epoch;
    let year = query.datetime.map(|years| years.shown(epoch));
    let (about, wanted) = (Arc::clone(&collection), id.clone());
    let found = release.read(move |open, file| {
        let record = about.one(file, &wanted, year)?;
        let mosaic = (format == Format::Html).then(|| open.mosaic(file)).transpose()?;
        Ok((record, about.columns(file)?, mosaic))
    });
    let (record, columns, mosaic) = found.await?;
    let record = record.ok_or_else(|| {
        let detail =
            format!("the collection {name} has no feature {id:?}; its items list those it has");
        not_found("no_such_feature", detail)
    })?;
    let here = format!("{base}/collections/{name}");
    let own = format!("{here}/items/{}", path_segment(&id));
    let at = query.datetime.map(|years| format!("&datetime={years}")).unwrap_or_default();
    let links = vec![
        link("self", GEOJSON, format!("{own}?f=json{at}"), "This feature"),
        link("alternate", "text/html", format!("{own}?f=html{at}"), "This feature for people"),
        link("collection", "application/json", here, "The collection"),
    ];
    let seen = Seen { record: &record, columns: &columns, provenances: release.provenances() };
    let feature = Feature::new(seen, links);
    let response = negotiated(&headers, cache, format, GEOJSON, &feature, || {
        html::item(&collection, &feature, columns.list(), mosaic.as_deref(), &base)
    })?;
    Ok(in_crs84(response))
}

/// An id as it stands in an address.
pub(crate) fn path_segment(id: &str) -> impl std::fmt::Display {
    percent_encoding::utf8_percent_encode(id, SEGMENT)
}

const SEGMENT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b':');
