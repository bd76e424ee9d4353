//! `/dggs/H3/zones`: which zones have data.

use super::{
    super::{
        answer::{Failed, GEOJSON, JSON, Refused, bad_request, bytes},
        cursor::Cursor,
        landing::link,
        origin::Origin,
        params::{Boxes, Limit},
        pinned::Pinned,
    },
    H3, Subject, expect_h3,
};
use crate::{
    app::App,
    dggs::{self, Found, ZoneQuery},
    geojson::GeoJson,
    intersect::outline,
    releases::OpenRelease,
};
use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Deserialize;
use serde_json::json;
use std::{fmt::Write, sync::Arc};
use tessera_grid::{Resolution, Zone};
use tessera_store_api::Link;
use theron_service::{Path, Query};
use utoipa::IntoParams;

/// In the cursors of a walk over zones that have data.
const LIST: &str = "dggs-zones";

/// How zones are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ZoneFormat {
    #[default]
    Json,
    GeoJson,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[into_params(parameter_in = Query)]
pub(crate) struct ZonesQuery {
    /// `west,south,east,north` in degrees: zones that touch it.
    #[param(value_type = Option<String>, example = "12,41,13.5,42.5")]
    bbox: Option<Boxes>,
    /// No finer than the world; without it the finest of which about `limit` zones are there.
    #[param(value_type = Option<u8>, minimum = 0, maximum = 15)]
    zone_level: Option<Resolution>,
    /// Only in this zone.
    #[param(value_type = Option<String>, example = "831e80fffffffff")]
    parent_zone: Option<Zone>,
    /// Whether a zone stands in place of all its children; yes without it.
    compact_zones: Option<bool>,
    /// Zones of the level on a page.
    #[serde(default)]
    #[param(value_type = u32, minimum = 1, maximum = 10000, default = 1000, required = false)]
    limit: Limit,
    /// `json` or `geojson`.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    f: ZoneFormat,
    /// As the `next` link of the page before has it.
    #[expect(dead_code, reason = "the walk is pinned by it before")]
    cursor: Option<String>,
}

/// Zones that have data
#[utoipa::path(
    get, path = "/api/v1/dggs/{dggrs}/zones", operation_id = "dggs_zones", tag = "dggs",
    params(("dggrs" = String, Path, example = "H3"), ZonesQuery),
    responses((status = 200, content((Object = "application/json"), (Object = "application/geo+json"))), (status = 304), Refused)
)]
pub(crate) async fn zones(
    State(app): State<Arc<App>>,
    pinned: Pinned,
    Path(dggrs): Path<String>,
    Query(query): Query<ZonesQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_h3(&dggrs)?;
    let subject = Subject::of(&pinned.release, None)?;
    answer(&app, pinned, subject, query, &base, &headers).await
}

/// Zones of which a collection may say something
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/dggs/{dggrs}/zones", operation_id = "collection_dggs_zones", tag = "dggs",
    params(("collection" = String, Path, example = "cells"), ("dggrs" = String, Path, example = "H3"), ZonesQuery),
    responses((status = 200, content((Object = "application/json"), (Object = "application/geo+json"))), (status = 304), Refused)
)]
pub(crate) async fn zones_of_collection(
    State(app): State<Arc<App>>,
    pinned: Pinned,
    Path((collection, dggrs)): Path<(String, String)>,
    Query(query): Query<ZonesQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_h3(&dggrs)?;
    let subject = Subject::of(&pinned.release, Some(&collection))?;
    answer(&app, pinned, subject, query, &base, &headers).await
}

async fn answer(
    app: &Arc<App>,
    pinned: Pinned,
    subject: Subject,
    query: ZonesQuery,
    base: &str,
    headers: &HeaderMap,
) -> Result<Response, Failed> {
    let resolution = pinned.release.info().resolution;
    let finest = query.zone_level.max(query.parent_zone.map(Zone::resolution));
    if finest.is_some_and(|level| level > resolution) {
        let detail =
            format!("the zones of this world end at level {resolution}; ask for that or less");
        return Err(bad_request("zone_level_too_fine", detail).into());
    }
    if query
        .zone_level
        .zip(query.parent_zone)
        .is_some_and(|(level, parent)| level < parent.resolution())
    {
        let detail = "zone-level is coarser than parent-zone; ask for a level that lies in it";
        return Err(bad_request("zone_level_too_coarse", detail).into());
    }
    let after = pinned.after::<Zone>(LIST)?;
    let Limit(limit) = query.limit;
    let wanted = ZoneQuery {
        boxes: query.bbox.as_ref().map(|boxes| boxes.parts.clone()).unwrap_or_default(),
        parent: query.parent_zone,
        level: after.map(Zone::resolution).or(query.zone_level),
        limit,
        compact: query.compact_zones.unwrap_or(true),
        after,
    };
    let here = format!("{base}{}/dggs/{H3}/zones", subject.path);
    let media_type = if query.f == ZoneFormat::Json { JSON } else { GEOJSON };
    let page = Page { app: Arc::clone(app), here, query };
    let body = pinned.search(move |open, file, asking| {
        let found = dggs::zones(file, &wanted, &asking)?;
        Ok(page.write(open, &found))
    });
    Ok(bytes(headers, pinned.cache, media_type, body.await?))
}

/// What a page of zones says beside them.
struct Page {
    app: Arc<App>,
    here: String,
    query: ZonesQuery,
}

impl Page {
    fn write(&self, open: &OpenRelease, found: &Found) -> String {
        let links = self.links(open, found.next);
        let zones: Vec<String> = found.zones.iter().map(Zone::to_string).collect();
        let body = match self.query.f {
            ZoneFormat::Json => json!({"links": links, "zones": zones}),
            ZoneFormat::GeoJson => {
                let feature = |zone: &Zone| {
                    json!({"type": "Feature", "id": zone.to_string(), "geometry": GeoJson(&outline(*zone)),
                           "properties": {"zoneId": zone.to_string(), "level": zone.resolution()}})
                };
                let features: Vec<_> = found.zones.iter().map(feature).collect();
                json!({"type": "FeatureCollection", "links": links, "features": features})
            }
        };
        body.to_string()
    }

    fn links(&self, open: &OpenRelease, next: Option<Zone>) -> Vec<Link> {
        let Self { app, here, query } = self;
        let media_type = if query.f == ZoneFormat::Json { JSON } else { GEOJSON };
        let mut links = vec![link("self", media_type, here.clone(), "These zones")];
        let Some(next) = next else { return links };
        let Limit(limit) = query.limit;
        let (release, list) = (open.id().clone(), LIST.to_owned());
        let cursor = Cursor { release, list, after: next.to_string() }.write(&app.secret);
        let mut href = format!("{here}?limit={limit}&cursor={cursor}");
        let words = [
            query.bbox.as_ref().map(|bbox| format!("bbox={bbox}")),
            query.parent_zone.map(|zone| format!("parent-zone={zone}")),
            query.compact_zones.map(|compact| format!("compact-zones={compact}")),
            (query.f == ZoneFormat::GeoJson).then(|| "f=geojson".to_owned()),
        ];
        for word in words.into_iter().flatten() {
            // Writing to a string cannot fail.
            _ = write!(href, "&{word}");
        }
        links.push(link("next", media_type, href, "The next zones"));
        links
    }
}
