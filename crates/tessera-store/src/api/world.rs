//! `/releases/{id}/zones` and `/releases/{id}/places`.

use super::{
    answer::{Failed, JSON, Refused, bad_request, bytes, json, not_found},
    origin::Origin,
    params::{Box2, Cursor, Limit, ReleaseRef, pin},
    view,
};
use crate::app::App;
use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Deserialize;
use std::sync::Arc;
use tessera_grid::Zone;
use tessera_store_api::{CellPage, CellView, Link, PlaceList};
use theron_service::{Path, Query};
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ZonesQuery {
    /// `west,south,east,north` in degrees: zones whose centre lies in it. All zones without it.
    #[param(value_type = Option<String>, example = "12,41,13.5,42.5")]
    bbox: Option<Box2>,
    /// Zones on a page.
    #[serde(default)]
    #[param(value_type = u32, minimum = 1, maximum = 10000, default = 1000, required = false)]
    limit: Limit,
    /// As the `next` link of the page before has it.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Zones of a release, ascending, page by page
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/zones", operation_id = "release_zones", tag = "world",
    params(("id" = String, Path, description = "A release id, or `current`"), ZonesQuery),
    responses((status = 200, body = CellPage), Refused)
)]
pub(crate) async fn zones(
    State(app): State<Arc<App>>,
    Path(id): Path<ReleaseRef>,
    Query(query): Query<ZonesQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    // A walk that began at `current` stays with the release it began with.
    let id = match (&id, &query.cursor) {
        (ReleaseRef::Current, Some(cursor)) => ReleaseRef::Id(cursor.release.clone()),
        _ => id,
    };
    let (release, cache) = pin(&app, &id).await?;
    if query.cursor.as_ref().is_some_and(|cursor| cursor.release != *release.id()) {
        let detail = "the cursor belongs to another release; start the walk again without it";
        return Err(bad_request("cursor_not_valid", detail).into());
    }
    let after = query.cursor.as_ref().map(Cursor::key::<Zone>).transpose()?;
    let (bbox, Limit(limit)) = (query.bbox.map(|b| b.0), query.limit);
    let body = release
        .read(move |open, file| {
            let number_matched = file.count_cells(bbox)?;
            // One more than asked for tells whether there is a next page.
            let mut cells = file.cells(bbox, after, limit + 1)?;
            let more = cells.len() > limit;
            cells.truncate(limit);
            let last = cells.last().map(|cell| cell.zone);
            let cells = cells.into_iter().map(|cell| view::cell(cell, open.provenances()));
            let cells: Vec<CellView> = cells.collect::<Result<_, _>>()?;
            let mut links = Vec::new();
            if let Some(last) = last.filter(|_| more) {
                let cursor = Cursor { release: open.id().clone(), after: last.to_string() };
                let bbox = bbox.map(|bbox| format!("&bbox={bbox}")).unwrap_or_default();
                links.push(Link {
                    href: format!(
                        "{base}/releases/{}/zones?limit={limit}{bbox}&cursor={cursor}",
                        open.id()
                    ),
                    rel: "next".to_owned(),
                    media_type: JSON.to_owned(),
                    title: None,
                });
            }
            let release = open.id().clone();
            let number_returned = cells.len() as u64;
            let page = CellPage { release, number_matched, number_returned, cells, links };
            Ok(serde_json::to_vec(&page)?)
        })
        .await?;
    Ok(bytes(&headers, cache, JSON, body))
}

/// One zone of a release with every layer's facts and their provenance
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/zones/{zone}", operation_id = "release_zone", tag = "world",
    params(
        ("id" = String, Path, description = "A release id, or `current`"),
        ("zone" = String, Path, description = "An H3 cell of the release's resolution", example = "851e8053fffffff")
    ),
    responses((status = 200, body = CellView), (status = 304), Refused)
)]
pub(crate) async fn zone(
    State(app): State<Arc<App>>,
    Path((id, zone)): Path<(ReleaseRef, Zone)>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let (release, cache) = pin(&app, &id).await?;
    let resolution = release.info().resolution;
    if zone.resolution() != resolution {
        let detail = format!(
            "zone {zone} is of resolution {}; this release has resolution {resolution}",
            zone.resolution()
        );
        return Err(bad_request("zone_of_other_resolution", detail).into());
    }
    let body = release
        .read(move |open, file| {
            let Some(cell) = file.cell(zone)? else { return Ok(None) };
            Ok(Some(serde_json::to_vec(&view::cell(cell, open.provenances())?)?))
        })
        .await?;
    let body = body.ok_or_else(|| {
        not_found(
            "no_such_zone",
            format!("zone {zone} lies outside the world of release {}", release.id()),
        )
    })?;
    Ok(bytes(&headers, cache, JSON, body))
}

/// Every place of a release
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/places", operation_id = "release_places", tag = "world",
    params(("id" = String, Path, description = "A release id, or `current`")),
    responses((status = 200, body = PlaceList), (status = 304), Refused)
)]
pub(crate) async fn places(
    State(app): State<Arc<App>>,
    Path(id): Path<ReleaseRef>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let (release, cache) = pin(&app, &id).await?;
    let list = release
        .read(|open, file| {
            let places =
                file.places()?.into_iter().map(|place| view::place(place, open.provenances()));
            Ok(PlaceList { release: open.id().clone(), places: places.collect::<Result<_, _>>()? })
        })
        .await?;
    Ok(json(&headers, cache, JSON, &list)?)
}
