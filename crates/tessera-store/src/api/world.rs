//! `/releases/{id}/zones` and `/releases/{id}/places`.

use super::{
    answer::{Failed, JSON, Refused, bad_request, bytes, json, not_found},
    cursor::Cursor,
    kept::Keep,
    origin::Origin,
    params::{Boxes, Limit},
    pinned::Pinned,
    view,
};
use crate::{app::App, years::Years};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use std::sync::Arc;
use tessera_grid::{BBox, Zone};
use tessera_store_api::{CellPage, CellView, Link, PlaceList};
use theron_service::{Path, Query};
use utoipa::IntoParams;

/// In the cursors of a walk over zones.
const LIST: &str = "zones";

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ZonesQuery {
    /// `west,south,east,north` in degrees: zones whose centre lies in it. All zones without it.
    #[param(value_type = Option<String>, example = "12,41,13.5,42.5")]
    bbox: Option<Boxes>,
    /// The zones as they were in this year; of an interval, in the year nearest to the release's own.
    #[param(value_type = Option<String>, example = "-000199-01-01")]
    datetime: Option<Years>,
    /// Zones on a page.
    #[serde(default)]
    #[param(value_type = u32, minimum = 1, maximum = 10000, default = 1000, required = false)]
    limit: Limit,
    /// As the `next` link of the page before has it.
    #[expect(dead_code, reason = "the walk is pinned by it before")]
    cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ZoneQuery {
    /// The zone as it was in this year; of an interval, in the year nearest to the release's own.
    #[param(value_type = Option<String>, example = "-000199-01-01")]
    datetime: Option<Years>,
}

/// Zones of a release, ascending, page by page
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/zones", operation_id = "release_zones", tag = "world",
    params(("id" = String, Path, description = "A release id, or `current`"), ZonesQuery),
    responses((status = 200, body = CellPage), Refused)
)]
pub(crate) async fn zones(
    State(app): State<Arc<App>>,
    pinned: Pinned,
    Query(query): Query<ZonesQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let mut after = pinned.after::<Zone>(LIST)?;
    let Limit(limit) = query.limit;
    let body = pinned
        .search(move |open, file, asking| {
            let parts: Vec<Option<BBox>> = match &query.bbox {
                Some(boxes) => boxes.parts.iter().copied().map(Some).collect(),
                None => vec![None],
            };
            let epoch = open.info().epoch;
            let year = query.datetime.map_or(epoch, |years| years.shown(epoch));
            let (mut number_matched, mut cells) = (0, Vec::new());
            for part in parts {
                asking.go_on()?;
                number_matched += file.count_cells(part)?;
                // One more than asked for tells whether there is a next page.
                cells.extend(file.cells_in(year, part, after, limit + 1)?);
            }
            cells.sort_unstable_by_key(|cell| cell.zone);
            let more = cells.len() > limit;
            cells.truncate(limit);
            after = cells.last().map(|cell| cell.zone);
            let cells = cells.into_iter().map(|cell| view::cell(cell, open.provenances()));
            let cells: Vec<CellView> = cells.collect::<Result<_, _>>()?;
            let release = open.id().clone();
            let next = after.filter(|_| more).map(|last| {
                let (list, after) = (LIST.to_owned(), last.to_string());
                let cursor = Cursor { release: release.clone(), list, after }.write(&app.secret);
                let bbox = query.bbox.map(|bbox| format!("&bbox={bbox}")).unwrap_or_default();
                let at = query.datetime.map(|years| format!("&datetime={years}"));
                let at = at.unwrap_or_default();
                Link {
                    href: format!(
                        "{base}/releases/{release}/zones?limit={limit}{bbox}{at}&cursor={cursor}"
                    ),
                    rel: "next".to_owned(),
                    media_type: JSON.to_owned(),
                    title: None,
                }
            });
            let links = next.into_iter().collect();
            let number_returned = cells.len() as u64;
            let page = CellPage { release, number_matched, number_returned, cells, links };
            Ok(serde_json::to_vec(&page)?)
        })
        .await?;
    Ok(bytes(&headers, pinned.cache, JSON, body))
}

/// One zone of a release with every layer's facts and their provenance
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/zones/{zone}", operation_id = "release_zone", tag = "world",
    params(
        ("id" = String, Path, description = "A release id, or `current`"),
        ("zone" = String, Path, description = "An H3 cell of the release's resolution", example = "851e8053fffffff"),
        ZoneQuery
    ),
    responses((status = 200, body = CellView), (status = 304), Refused)
)]
pub(crate) async fn zone(
    Pinned { release, cache, .. }: Pinned,
    Path((_id, zone)): Path<(String, Zone)>,
    Query(query): Query<ZoneQuery>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let resolution = release.info().resolution;
    if zone.resolution() != resolution {
        let detail = format!(
            "zone {zone} is of resolution {}; this release has resolution {resolution}",
            zone.resolution()
        );
        return Err(bad_request("zone_of_other_resolution", detail).into());
    }
    let body = release
        .glance(move |open, file| {
            let epoch = open.info().epoch;
            let year = query.datetime.map_or(epoch, |years| years.shown(epoch));
            let Some(cell) = file.cell_in(zone, year)? else { return Ok(None) };
            Ok(Some(serde_json::to_vec(&view::cell(cell, open.provenances())?)?))
        })
        .await?;
    let body = body.ok_or_else(|| {
        not_found(
            "no_such_zone",
            format!("zone {zone} lies outside the world of release {}", release.id()),
        )
    })?;
    let mut response = bytes(&headers, cache, JSON, body);
    if response.status() == StatusCode::OK {
        response.extensions_mut().insert(Keep(release));
    }
    Ok(response)
}

/// Every place of a release
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/places", operation_id = "release_places", tag = "world",
    params(("id" = String, Path, description = "A release id, or `current`")),
    responses((status = 200, body = PlaceList), (status = 304), Refused)
)]
pub(crate) async fn places(
    Pinned { release, cache, .. }: Pinned,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let list = release
        .read(|open, file| {
            let places =
                file.places()?.into_iter().map(|place| view::place(place, open.provenances()));
            Ok(PlaceList { release: open.id().clone(), places: places.collect::<Result<_, _>>()? })
        })
        .await?;
    Ok(json(&headers, cache, JSON, &list)?)
}
