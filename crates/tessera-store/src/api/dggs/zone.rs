//! `/dggs/H3/zones/{zone}`: what a zone is, and what is known of it.

use super::{
    super::{
        answer::{Failed, Refused, bad_request, bytes, not_found},
        collections::CRS84,
        landing::link,
        origin::Origin,
        pinned::Pinned,
    },
    H3, H3_URI, Subject, expect_h3,
    format::{ZoneFormat, varying},
    rel,
};
use crate::{
    dggs::{self, Depth, Nothing, Question},
    geojson::GeoJson,
    intersect::outline,
    quantities::Quantity,
    releases::{ReadError, Wanted},
    years::Years,
};
use axum::{http::HeaderMap, response::Response};
use geo::BoundingRect;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tessera_grid::{Resolution, Zone};
use tessera_release::Release;
use theron_service::{Path, Query, Refusal};
use utoipa::IntoParams;

/// Cells that one answer is made from at most go with this: a zone has 7 to its power of them.
pub(super) const DEPTH_MAX: u8 = 6;
/// 343 sub-zones: a page of numbers.
pub(super) const DEPTH_DEFAULT: u8 = 3;
/// Of a zone that has its cells so far below it, 343 are read: some milliseconds. What reads more is a search.
const DEPTH_CHEAP: u8 = 3;
/// Numbers in one answer: some megabytes of JSON.
const NUMBERS_MAX: usize = 500_000;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ZoneInfoQuery {
    /// `json` or `geojson`; without it the Accept header decides.
    #[param(value_type = Option<String>)]
    f: Option<ZoneFormat>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[into_params(parameter_in = Query)]
pub(crate) struct DataQuery {
    /// How many levels finer: `2`, `0,2` or `0-2`. GeoJSON takes one.
    #[param(value_type = Option<String>, example = "1")]
    zone_depth: Option<Depths>,
    /// Some of the quantities, with commas between them. Without it all that are not monthly.
    #[param(example = "elevation_mean_m,rain_mm")]
    properties: Option<String>,
    /// A year as RFC 3339 writes it; the release's without it.
    #[param(value_type = Option<String>, example = "0150-01-01")]
    datetime: Option<Years>,
    /// `json` (DGGS-JSON) or `geojson`; without it the Accept header decides.
    #[param(value_type = Option<String>)]
    f: Option<ZoneFormat>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Depths(Vec<u8>);

impl TryFrom<String> for Depths {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let refusal = || {
            format!("zone-depth {text:?} is not a depth, a list or a range of them: 2, 0,2 or 0-2")
        };
        let one = |text: &str| -> Result<u8, String> {
            text.trim().parse().ok().filter(|depth| *depth <= 15).ok_or_else(refusal)
        };
        let mut depths = match text.split_once('-') {
            Some((first, last)) => (one(first)?..=one(last)?).collect(),
            None => text.split(',').map(one).collect::<Result<Vec<u8>, _>>()?,
        };
        depths.sort_unstable();
        depths.dedup();
        if depths.is_empty() { Err(refusal()) } else { Ok(Self(depths)) }
    }
}

/// A zone: its shape and size
#[utoipa::path(
    get, path = "/api/v1/dggs/{dggrs}/zones/{zone}", operation_id = "dggs_zone", tag = "dggs",
    params(("dggrs" = String, Path, example = "H3"), ("zone" = String, Path, example = "851e8053fffffff"), ZoneInfoQuery),
    responses((status = 200, content((Object = "application/json"), (Object = "application/geo+json"))), (status = 304), Refused)
)]
pub(crate) async fn zone(
    pinned: Pinned,
    Path((dggrs, zone)): Path<(String, Zone)>,
    Query(query): Query<ZoneInfoQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_h3(&dggrs)?;
    let subject = Subject::of(&pinned.release, None)?;
    let format = ZoneFormat::of(query.f, &headers)?;
    Ok(info(&pinned, &subject, zone, format, &base, &headers))
}

/// A zone of a collection: its shape and size
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/dggs/{dggrs}/zones/{zone}", operation_id = "collection_dggs_zone", tag = "dggs",
    params(("collection" = String, Path, example = "cells"), ("dggrs" = String, Path, example = "H3"),
           ("zone" = String, Path, example = "851e8053fffffff"), ZoneInfoQuery),
    responses((status = 200, content((Object = "application/json"), (Object = "application/geo+json"))), (status = 304), Refused)
)]
pub(crate) async fn zone_of_collection(
    pinned: Pinned,
    Path((collection, dggrs, zone)): Path<(String, String, Zone)>,
    Query(query): Query<ZoneInfoQuery>,
    Origin(base): Origin,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_h3(&dggrs)?;
    let subject = Subject::of(&pinned.release, Some(&collection))?;
    let format = ZoneFormat::of(query.f, &headers)?;
    Ok(info(&pinned, &subject, zone, format, &base, &headers))
}

fn info(
    pinned: &Pinned,
    subject: &Subject,
    zone: Zone,
    format: ZoneFormat,
    base: &str,
    headers: &HeaderMap,
) -> Response {
    let here = format!("{base}{}/dggs/{H3}/zones/{zone}", subject.path);
    let shape = outline(zone);
    let around =
        shape.bounding_rect().map(|rect| [rect.min().x, rect.min().y, rect.max().x, rect.max().y]);
    let centre = [zone.centre().longitude(), zone.centre().latitude()];
    let of_zone = |rel, format: ZoneFormat, what| {
        link(rel, format.media_type(), format!("{here}?f={}", format.name()), what)
    };
    let of_data = |format: ZoneFormat, what| {
        let href = format!("{here}/data?f={}", format.name());
        link(rel::DATA, format.media_type(), href, what)
    };
    let links = vec![
        of_zone("self", format, "This zone"),
        of_zone("alternate", format.other(), "This zone"),
        of_data(ZoneFormat::Json, "What is known of it"),
        of_data(ZoneFormat::GeoJson, "What is known of it, as GeoJSON"),
        subject.dggrs(base),
    ];
    let mut about = json!({
        "id": zone.to_string(),
        "level": zone.resolution(),
        "shapeType": if zone.is_pentagon() { "pentagon" } else { "hexagon" },
        "crs": CRS84,
        "centroid": centre,
        "bbox": around,
        "areaMetersSquare": (zone.area_km2() * 1e6).round(),
    });
    let body = match format {
        ZoneFormat::Json => {
            about["geometry"] = json!(GeoJson(&shape));
            about["links"] = json!(links);
            about
        }
        ZoneFormat::GeoJson => {
            about["zoneID"] = json!(zone.to_string());
            json!({"type": "Feature", "id": zone.to_string(), "links": links,
                   "geometry": GeoJson(&shape), "properties": about})
        }
    };
    varying(bytes(headers, pinned.cache, format.media_type(), body.to_string()))
}

/// What is known of a zone, by sub-zone
#[utoipa::path(
    get, path = "/api/v1/dggs/{dggrs}/zones/{zone}/data", operation_id = "dggs_zone_data", tag = "dggs",
    params(("dggrs" = String, Path, example = "H3"), ("zone" = String, Path, example = "831e80fffffffff"), DataQuery),
    responses((status = 200, content((Object = "application/json"), (Object = "application/geo+json"))), (status = 304), Refused)
)]
pub(crate) async fn data(
    pinned: Pinned,
    Path((dggrs, zone)): Path<(String, Zone)>,
    Query(query): Query<DataQuery>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_h3(&dggrs)?;
    let subject = Subject::of(&pinned.release, None)?;
    read(pinned, &subject, zone, query, &headers).await
}

/// What a collection says of a zone, by sub-zone
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/dggs/{dggrs}/zones/{zone}/data", operation_id = "collection_dggs_zone_data", tag = "dggs",
    params(("collection" = String, Path, example = "cells"), ("dggrs" = String, Path, example = "H3"),
           ("zone" = String, Path, example = "831e80fffffffff"), DataQuery),
    responses((status = 200, content((Object = "application/json"), (Object = "application/geo+json"))), (status = 304), Refused)
)]
pub(crate) async fn data_of_collection(
    pinned: Pinned,
    Path((collection, dggrs, zone)): Path<(String, String, Zone)>,
    Query(query): Query<DataQuery>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    expect_h3(&dggrs)?;
    let subject = Subject::of(&pinned.release, Some(&collection))?;
    read(pinned, &subject, zone, query, &headers).await
}

async fn read(
    pinned: Pinned,
    subject: &Subject,
    zone: Zone,
    query: DataQuery,
    headers: &HeaderMap,
) -> Result<Response, Failed> {
    let release = &pinned.release;
    let resolution = release.info().resolution;
    let format = ZoneFormat::of(query.f, headers)?;
    let depths = depths(zone, resolution, query.zone_depth, format)?;
    let quantities = wanted(subject, query.properties.as_deref())?;
    let months: usize =
        quantities.iter().map(|quantity| if quantity.monthly { 12 } else { 1 }).sum();
    let numbers: usize = depths.iter().map(|depth| 7_usize.pow(u32::from(*depth)) * months).sum();
    if numbers > NUMBERS_MAX {
        let detail = format!(
            "that would be some {numbers} numbers; ask for fewer properties, or a smaller zone-depth"
        );
        return Err(bad_request("zone_depth_too_great", detail).into());
    }
    let epoch = release.info().epoch;
    let year = query.datetime.map_or(epoch, |years| years.shown(epoch));
    let asked = Question { zone, depths, quantities, layer: subject.layer, year };
    let write = move |file: &Release, asking: &Wanted| {
        let depths = dggs::data(file, &asked, asking)?;
        Ok::<_, ReadError>(depths.map(|depths| match format {
            ZoneFormat::Json => dggs_json(&asked, &depths).to_string(),
            ZoneFormat::GeoJson => features(&asked, &depths).to_string(),
        }))
    };
    let below = u8::from(resolution).saturating_sub(zone.resolution().into());
    let body = if below > DEPTH_CHEAP {
        pinned.search(move |_open, file, asking| write(file, &asking)).await?
    } else {
        release.read(move |_open, file| write(file, &Wanted::always())).await?
    };
    let body = body.map_err(|nothing| {
        let detail = match nothing {
            Nothing::Outside => {
                format!("zone {zone} lies outside the world of release {}", release.id())
            }
            Nothing::Unsaid => {
                let list = format!("{}/dggs/{H3}/zones", subject.path);
                format!(
                    "nothing is said here of zone {zone}; {list} lists the zones that have data"
                )
            }
        };
        not_found("no_such_zone", detail)
    })?;
    Ok(varying(bytes(headers, pinned.cache, format.media_type(), body)))
}

/// The depths that are asked for, no deeper than the world's cells.
fn depths(
    zone: Zone,
    world: Resolution,
    asked: Option<Depths>,
    format: ZoneFormat,
) -> Result<Vec<u8>, Refusal> {
    let level = u8::from(zone.resolution());
    let Some(below) = u8::from(world).checked_sub(level) else {
        let detail =
            format!("zone {zone} is finer than this world, whose cells are of level {world}");
        return Err(bad_request("zone_level_too_fine", detail));
    };
    if below > DEPTH_MAX {
        let detail = format!(
            "zone {zone} holds too many cells for one answer; ask for its sub-zones of level {}",
            u8::from(world) - DEPTH_MAX
        );
        return Err(bad_request("zone_depth_too_great", detail));
    }
    let depths = asked.map_or_else(|| vec![below.min(DEPTH_DEFAULT)], |Depths(depths)| depths);
    if depths.last().is_some_and(|deepest| *deepest > below) {
        let detail = format!("zone {zone} has cells to depth {below}; ask for that or less");
        return Err(bad_request("zone_depth_too_great", detail));
    }
    if format == ZoneFormat::GeoJson && depths.len() > 1 {
        let detail = "GeoJSON shows one depth; ask for one, or for f=json";
        return Err(bad_request("query_not_understood", detail));
    }
    Ok(depths)
}

fn wanted(subject: &Subject, properties: Option<&str>) -> Result<Vec<&'static Quantity>, Refusal> {
    let Some(names) = properties else {
        let all = subject.quantities.iter().copied();
        let fixed: Vec<_> = all.clone().filter(|quantity| !quantity.monthly).collect();
        return Ok(if fixed.is_empty() { all.collect() } else { fixed });
    };
    let mut wanted = Vec::new();
    for name in names.split(',').map(str::trim) {
        let found = subject.quantities.iter().find(|quantity| quantity.id == name);
        let quantity = found.copied().ok_or_else(|| {
            let known: Vec<&str> = subject.quantities.iter().map(|quantity| quantity.id).collect();
            bad_request(
                "no_such_property",
                format!("there is no property {name:?}; there are {}", known.join(", ")),
            )
        })?;
        if !wanted.iter().any(|known: &&Quantity| known.id == quantity.id) {
            wanted.push(quantity);
        }
    }
    Ok(wanted)
}

/// Values of a sub-zone follow each other where there are twelve of them.
fn dggs_json(asked: &Question, of_depths: &[Depth]) -> Value {
    let quantities = &asked.quantities;
    let schema = |quantity: &&Quantity| {
        let about = json!({"title": quantity.label, "type": "number", "x-ogc-unit": quantity.unit});
        (quantity.id.to_owned(), about)
    };
    let at_depth = |index: usize, quantity: &Quantity, depth: &Depth| {
        let values = depth.values.get(index).map(Vec::as_slice).unwrap_or_default();
        let mut shape = json!({"count": values.len(), "subZones": depth.sub_zones.len()});
        if quantity.monthly {
            shape["dimensions"] = json!({"month": 12});
        }
        json!({"depth": depth.steps, "shape": shape, "data": values})
    };
    let of_quantity = |(index, quantity): (usize, &&Quantity)| {
        let depths: Vec<Value> =
            of_depths.iter().map(|depth| at_depth(index, quantity, depth)).collect();
        (quantity.id.to_owned(), Value::Array(depths))
    };
    let properties: Map<String, Value> = quantities.iter().map(schema).collect();
    let values: Map<String, Value> = quantities.iter().enumerate().map(of_quantity).collect();
    let depths: Vec<u8> = of_depths.iter().map(|depth| depth.steps).collect();
    let mut document = json!({
        "dggrs": H3_URI, "zoneId": asked.zone.to_string(), "depths": depths,
        "schema": {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": properties},
        "values": values,
    });
    if quantities.iter().any(|quantity| quantity.monthly) {
        let months: Vec<u8> = (1..=12).collect();
        document["dimensions"] = json!([{"name": "month", "interval": [1, 12], "unit": "1",
            "grid": {"cellsCount": 12, "coordinates": months}}]);
    }
    document
}

fn features(asked: &Question, depths: &[Depth]) -> Value {
    let quantities = &asked.quantities;
    let feature = |depth: &Depth, index: usize, zone: &Zone| {
        let number = |(quantity, values): (&&Quantity, &Vec<Option<f64>>)| {
            let value = if quantity.monthly {
                json!(values.get(index * 12..index * 12 + 12).unwrap_or_default())
            } else {
                json!(values.get(index).copied().flatten())
            };
            (quantity.id.to_owned(), value)
        };
        let mut properties: Map<String, Value> =
            quantities.iter().zip(&depth.values).map(number).collect();
        properties.insert("zoneID".to_owned(), json!(zone.to_string()));
        json!({"type": "Feature", "id": zone.to_string(), "geometry": GeoJson(&outline(*zone)), "properties": properties})
    };
    let of_depth = |depth: &Depth| -> Vec<Value> {
        depth
            .sub_zones
            .iter()
            .enumerate()
            .map(|(index, zone)| feature(depth, index, zone))
            .collect()
    };
    let features: Vec<Value> = depths.iter().flat_map(of_depth).collect();
    json!({"type": "FeatureCollection", "features": features})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depths_are_one_some_or_a_range() {
        let depths = |text: &str| Depths::try_from(text.to_owned()).ok().map(|Depths(all)| all);
        assert_eq!(depths("2"), Some(vec![2]));
        assert_eq!(depths("3,1,1"), Some(vec![1, 3]));
        assert_eq!(depths("0-2"), Some(vec![0, 1, 2]));
        for wrong in ["", "x", "2-1", "99", "1,", "-1"] {
            assert_eq!(depths(wrong), None, "{wrong}");
        }
    }
}
