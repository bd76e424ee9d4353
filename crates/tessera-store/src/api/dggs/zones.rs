//! `/dggs/H3/zones`: which zones have data.

use super::{
    super::{
        answer::{Failed, Refused, bad_request, bytes},
        cursor::Cursor,
        landing::link,
        origin::Origin,
        params::Limit,
        pinned::Pinned,
    },
    H3, Subject, definition, expect_h3,
    format::{ZoneFormat, varying},
    query::{Asked, ZonesQuery},
};
use crate::{
    app::App,
    collections::Layer,
    dggs::{self, Found, ZoneQuery},
    geojson::GeoJson,
    intersect::outline,
    releases::OpenRelease,
};
use axum::{extract::State, http::HeaderMap, response::Response};
use serde_json::json;
use std::sync::Arc;
use tessera_grid::Zone;
use tessera_store_api::Link;
use theron_service::Path;

/// In the cursors of a walk over zones that have data.
const LIST: &str = "dggs-zones";

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
    asked: Asked,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_h3(&dggrs)?;
    let subject = Subject::of(&pinned.release, None)?;
    let format = ZoneFormat::of(asked.query.f, &headers)?;
    let page = Page::new(app, &subject, asked, format, &base);
    answer(page, pinned, &headers).await
}

/// Zones that a collection says something of
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/dggs/{dggrs}/zones", operation_id = "collection_dggs_zones", tag = "dggs",
    params(("collection" = String, Path, example = "cells"), ("dggrs" = String, Path, example = "H3"), ZonesQuery),
    responses((status = 200, content((Object = "application/json"), (Object = "application/geo+json"))), (status = 304), Refused)
)]
pub(crate) async fn zones_of_collection(
    State(app): State<Arc<App>>,
    pinned: Pinned,
    Path((collection, dggrs)): Path<(String, String)>,
    asked: Asked,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_h3(&dggrs)?;
    let subject = Subject::of(&pinned.release, Some(&collection))?;
    let format = ZoneFormat::of(asked.query.f, &headers)?;
    let page = Page::new(app, &subject, asked, format, &base);
    answer(page, pinned, &headers).await
}

async fn answer(page: Page, pinned: Pinned, headers: &HeaderMap) -> Result<Response, Failed> {
    let query = &page.asked.query;
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
    let epoch = pinned.release.info().epoch;
    let after = pinned.after::<Zone>(LIST)?;
    let Limit(limit) = query.limit;
    let wanted = ZoneQuery {
        layer: page.layer,
        year: query.years()?.map_or(epoch, |years| years.shown(epoch)),
        boxes: query.boxes()?,
        parent: query.parent_zone,
        level: after.map(Zone::resolution).or(query.zone_level),
        limit,
        compact: query.compact_zones.unwrap_or(true),
        after,
    };
    let media_type = page.format.media_type();
    let body = pinned.search(move |open, file, asking| {
        let found = dggs::zones(file, &wanted, &asking)?;
        Ok(page.write(open, &found))
    });
    Ok(varying(bytes(headers, pinned.cache, media_type, body.await?)))
}

/// What a page of zones says beside them.
struct Page {
    app: Arc<App>,
    here: String,
    layer: Option<&'static Layer>,
    asked: Asked,
    format: ZoneFormat,
    /// To what the zones are of, and of which system.
    about: [Link; 3],
}

impl Page {
    fn new(app: Arc<App>, subject: &Subject, asked: Asked, format: ZoneFormat, base: &str) -> Self {
        let here = format!("{base}{}/dggs/{H3}/zones", subject.path);
        let about = [subject.dggrs(base), definition(base), subject.origin(base)];
        Self { app, here, layer: subject.layer, asked, format, about }
    }

    fn write(&self, open: &OpenRelease, found: &Found) -> String {
        let links = self.links(open, found.next);
        let zones: Vec<String> = found.zones.iter().map(Zone::to_string).collect();
        let body = match self.format {
            ZoneFormat::Json => json!({"links": links, "zones": zones}),
            ZoneFormat::GeoJson => {
                let feature = |zone: &Zone| {
                    json!({"type": "Feature", "id": zone.to_string(), "geometry": GeoJson(&outline(*zone)),
                           "properties": {"zoneID": zone.to_string(), "level": zone.resolution()}})
                };
                let features: Vec<_> = found.zones.iter().map(feature).collect();
                json!({"type": "FeatureCollection", "links": links, "features": features})
            }
        };
        body.to_string()
    }

    fn links(&self, open: &OpenRelease, next: Option<Zone>) -> Vec<Link> {
        let (own, other) = (self.format, self.format.other());
        let mut links = vec![
            link("self", own.media_type(), self.address(own, None), "These zones"),
            link("alternate", other.media_type(), self.address(other, None), "These zones"),
        ];
        links.extend(self.about.iter().cloned());
        if let Some(next) = next {
            let (release, list) = (open.id().clone(), LIST.to_owned());
            let cursor = Cursor { release, list, after: next.to_string() }.write(&self.app.secret);
            let href = self.address(own, Some(&cursor));
            links.push(link("next", own.media_type(), href, "The next zones"));
        }
        links
    }

    /// Of what was asked, in a format and from a place on.
    fn address(&self, format: ZoneFormat, cursor: Option<&str>) -> String {
        let pairs =
            self.asked.text.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("f="));
        let pairs = pairs.filter(|pair| cursor.is_none() || !pair.starts_with("cursor="));
        let mut address = format!("{}?f={}", self.here, format.name());
        for pair in pairs {
            address.extend(["&", pair]);
        }
        if let Some(cursor) = cursor {
            address.extend(["&cursor=", cursor]);
        }
        address
    }
}
