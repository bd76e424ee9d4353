//! `/collections/{collection}/position`, `/area`, `/radius` and `/trajectory`.

use super::{
    super::{
        answer::{Failed, GEOJSON, Refused, bad_request, bytes, not_found},
        collections::{CRS84, find},
        origin::Origin,
        pinned::Pinned,
    },
    COVJSON, UNITS, covjson, features,
};
use crate::{
    edr::{POINTS_MAX, Sample, SampleError, Sampling, Shape, Times, Vertex},
    quantities::{self, Quantity},
    releases::ReadError,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
    response::Response,
};
use serde::Deserialize;
use theron_service::{Path, Query, Refusal};
use utoipa::IntoParams;

/// Numbers in one answer: some megabytes of JSON.
const NUMBERS_MAX: usize = 500_000;
/// Half way round: beyond it a circle is the globe.
const RADIUS_KM_MAX: f64 = 20_000.0;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
enum EdrFormat {
    #[default]
    #[serde(alias = "covjson", alias = "json")]
    CoverageJSON,
    #[serde(alias = "geojson")]
    GeoJSON,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[into_params(parameter_in = Query)]
pub(crate) struct EdrQuery {
    /// Well-known text, longitude first; `M` is Unix time in seconds.
    #[param(example = "POINT(12.3 41.7)")]
    coords: Option<String>,
    /// A year, a month or finer, or an interval of them. The state of the world is that of the year, of an
    /// interval the year nearest to the release's own; months are those of every year.
    #[param(value_type = Option<String>, example = "0150-07")]
    datetime: Option<Times>,
    /// Some of the collection's parameters, with commas between them; all without it.
    #[param(example = "wind_u_cm_s,wind_v_cm_s")]
    parameter_name: Option<String>,
    /// `CRS84`, which it also is without.
    #[param(example = "CRS84")]
    crs: Option<String>,
    /// `CoverageJSON` or `GeoJSON`.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "CoverageJSON")]
    f: EdrFormat,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[into_params(parameter_in = Query)]
pub(crate) struct RadiusQuery {
    /// Well-known text: the middle.
    #[param(example = "POINT(12.3 41.7)")]
    coords: Option<String>,
    /// How far.
    #[param(value_type = f64, example = 50)]
    within: Option<String>,
    /// `km`, `m`, `mi` or `nmi`.
    #[param(example = "km")]
    within_units: Option<String>,
    /// As of the other queries.
    #[param(value_type = Option<String>, example = "0150-07")]
    datetime: Option<Times>,
    /// As of the other queries.
    parameter_name: Option<String>,
    /// As of the other queries.
    crs: Option<String>,
    /// `CoverageJSON` or `GeoJSON`.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "CoverageJSON")]
    f: EdrFormat,
}

/// Where a query was asked, and how.
pub(crate) struct Asked {
    base: String,
    /// The whole address.
    own: String,
    headers: HeaderMap,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Origin(base) = Origin::from_request_parts(parts, state).await?;
        let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
        let own = format!("{}{path}", base.trim_end_matches("/api/v1"));
        Ok(Self { base, own, headers: parts.headers.clone() })
    }
}

/// What came of a query, on its way to be written.
pub(super) struct Sampled {
    pub(super) year: i32,
    pub(super) months: Vec<usize>,
    pub(super) quantities: Vec<&'static Quantity>,
    pub(super) samples: Samples,
}

pub(super) enum Samples {
    /// Each a series of its own.
    Points(Vec<Sample>),
    /// Together.
    Cloud(Vec<Sample>),
    Ways(Vec<Vec<Sample>>),
}

/// The world at one place, or at several
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/position", operation_id = "edr_position", tag = "edr",
    params(("collection" = String, Path, example = "cells"), EdrQuery),
    responses((status = 200, content((Object = "application/prs.coverage+json"), (Object = "application/geo+json"))), (status = 304), Refused)
)]
pub(crate) async fn position(
    pinned: Pinned,
    Path(collection): Path<String>,
    Query(query): Query<EdrQuery>,
    asked: Asked,
) -> Result<Response, Failed> {
    let Shape::Points(points) = shape(query.coords.as_deref())? else {
        return Err(other_shape("POINT or MULTIPOINT").into());
    };
    if points.len() > POINTS_MAX {
        return Err(refused(&SampleError::TooMany).into());
    }
    let read = move |world: &Sampling<'_>| world.position(&points).map(Samples::Points);
    answer(pinned, &collection, query, read, &asked).await
}

/// The zones that are centred in an area
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/area", operation_id = "edr_area", tag = "edr",
    params(("collection" = String, Path, example = "cells"), EdrQuery),
    responses((status = 200, content((Object = "application/prs.coverage+json"), (Object = "application/geo+json"))), (status = 304), Refused)
)]
pub(crate) async fn area(
    pinned: Pinned,
    Path(collection): Path<String>,
    Query(query): Query<EdrQuery>,
    asked: Asked,
) -> Result<Response, Failed> {
    let Shape::Area(area) = shape(query.coords.as_deref())? else {
        return Err(other_shape("POLYGON or MULTIPOLYGON").into());
    };
    let read = move |world: &Sampling<'_>| world.area(&area).map(Samples::Cloud);
    answer(pinned, &collection, query, read, &asked).await
}

/// The zones that are centred within a distance of a place
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/radius", operation_id = "edr_radius", tag = "edr",
    params(("collection" = String, Path, example = "cells"), RadiusQuery),
    responses((status = 200, content((Object = "application/prs.coverage+json"), (Object = "application/geo+json"))), (status = 304), Refused)
)]
pub(crate) async fn radius(
    pinned: Pinned,
    Path(collection): Path<String>,
    Query(query): Query<RadiusQuery>,
    asked: Asked,
) -> Result<Response, Failed> {
    let Shape::Points(points) = shape(query.coords.as_deref())? else {
        return Err(other_shape("POINT").into());
    };
    let [Vertex { position: at, .. }] = *points.as_slice() else {
        return Err(other_shape("POINT").into());
    };
    let unit = query.within_units.as_deref().unwrap_or_default();
    let unit = UNITS.iter().find(|(name, _)| *name == unit);
    let within = query.within.as_deref().and_then(|within| within.parse::<f64>().ok());
    let km = unit.zip(within).map(|((_, km), within)| km * within);
    let Some(km) = km.filter(|km| (0.0..=RADIUS_KM_MAX).contains(km)) else {
        let detail = "say how far with within=50&within-units=km; km, m, mi and nmi are known";
        return Err(bad_request("query_not_understood", detail).into());
    };
    let RadiusQuery { coords, datetime, parameter_name, crs, f, .. } = query;
    let query = EdrQuery { coords, datetime, parameter_name, crs, f };
    let read = move |world: &Sampling<'_>| world.radius(at, km).map(Samples::Cloud);
    answer(pinned, &collection, query, read, &asked).await
}

/// The zones along a way, in its order: wind, current and depth of a sea route
#[utoipa::path(
    get, path = "/api/v1/collections/{collection}/trajectory", operation_id = "edr_trajectory", tag = "edr",
    params(("collection" = String, Path, example = "cells"), EdrQuery),
    responses((status = 200, content((Object = "application/prs.coverage+json"), (Object = "application/geo+json"))), (status = 304), Refused)
)]
pub(crate) async fn trajectory(
    pinned: Pinned,
    Path(collection): Path<String>,
    Query(query): Query<EdrQuery>,
    asked: Asked,
) -> Result<Response, Failed> {
    let Shape::Lines(lines) = shape(query.coords.as_deref())? else {
        return Err(other_shape("LINESTRING, LINESTRINGM or MULTILINESTRING").into());
    };
    if lines.iter().any(|line| line.len() < 2) {
        return Err(other_shape("a way of two positions or more").into());
    }
    let read = move |world: &Sampling<'_>| world.ways(&lines).map(Samples::Ways);
    answer(pinned, &collection, query, read, &asked).await
}

fn shape(coords: Option<&str>) -> Result<Shape, Refusal> {
    let missing = || "say where with coords=POINT(12.3 41.7)".to_owned();
    let shape = coords.ok_or_else(missing).and_then(Shape::parse);
    shape.map_err(|what| bad_request("coords_not_understood", what))
}

fn other_shape(wanted: &str) -> Refusal {
    bad_request(
        "coords_not_understood",
        format!("coords is another shape; this query takes {wanted}"),
    )
}

fn refused(error: &SampleError) -> Refusal {
    match error {
        SampleError::TooMany => bad_request("too_many_zones", error.to_string()),
        SampleError::Read(error) => Refusal::internal(error),
    }
}

async fn answer(
    pinned: Pinned,
    collection: &str,
    query: EdrQuery,
    read: impl FnOnce(&Sampling<'_>) -> Result<Samples, SampleError> + Send + 'static,
    asked: &Asked,
) -> Result<Response, Failed> {
    let found = find(&pinned.release, collection)?;
    let quantities = wanted(&found.id, query.parameter_name.as_deref())?;
    // EPSG:4326 would be latitude first.
    let known = ["CRS84", "OGC:CRS84", CRS84];
    if query.crs.as_deref().is_some_and(|crs| !known.contains(&crs)) {
        let detail = "coordinates are WGS 84, longitude first: crs=CRS84, or leave it out";
        return Err(bad_request("query_not_understood", detail).into());
    }
    let times = query.datetime.unwrap_or_default();
    let year = times.year(pinned.release.info().epoch);
    let place = format!("{}/collections/{}", asked.base, found.id);
    let own = asked.own.clone();
    let format = query.f;
    let body = pinned
        .search(move |_open, file, wanted| {
            let samples = match read(&Sampling { file, year, wanted }) {
                Ok(samples) => samples,
                Err(SampleError::Read(error)) => return Err(error),
                Err(error @ SampleError::TooMany) => return Ok(Err(refused(&error))),
            };
            let sampled = Sampled { year, months: times.months, quantities, samples };
            Ok::<_, ReadError>(sampled.checked().map(|sampled| match format {
                EdrFormat::CoverageJSON => covjson::write(&sampled).to_string(),
                EdrFormat::GeoJSON => features::write(&sampled, &own, &place).to_string(),
            }))
        })
        .await??;
    let media_type = if format == EdrFormat::GeoJSON { GEOJSON } else { COVJSON };
    Ok(bytes(&asked.headers, pinned.cache, media_type, body))
}

fn wanted(collection: &str, names: Option<&str>) -> Result<Vec<&'static Quantity>, Refusal> {
    let known = quantities::of_collection(collection);
    if known.is_empty() {
        let detail = format!("collection {collection} cannot be sampled; ask for its items");
        return Err(not_found("no_such_query", detail));
    }
    let Some(names) = names else { return Ok(known) };
    let mut wanted: Vec<&'static Quantity> = Vec::new();
    for name in names.split(',').map(str::trim) {
        let found = known.iter().find(|quantity| quantity.id == name).copied();
        let quantity = found.ok_or_else(|| {
            let ids: Vec<&str> = known.iter().map(|quantity| quantity.id).collect();
            let detail = format!("there is no parameter {name:?}; there are {}", ids.join(", "));
            bad_request("no_such_property", detail)
        })?;
        if !wanted.iter().any(|known| known.id == quantity.id) {
            wanted.push(quantity);
        }
    }
    Ok(wanted)
}

impl Sampled {
    /// Refuses what is too long, and what found nothing at all.
    fn checked(self) -> Result<Self, Refusal> {
        let all: Vec<&Sample> = match &self.samples {
            Samples::Points(samples) | Samples::Cloud(samples) => samples.iter().collect(),
            Samples::Ways(ways) => ways.iter().flatten().collect(),
        };
        if all.iter().all(|sample| sample.cell.is_none()) {
            let detail = "no zone of this world lies there; /collections says how far it reaches";
            return Err(not_found("nothing_there", detail));
        }
        let numbers = all.len() * self.months.len() * self.quantities.len();
        if numbers > NUMBERS_MAX {
            let detail = format!(
                "that would be {numbers} numbers; ask for fewer parameters, one month, or a smaller shape"
            );
            return Err(bad_request("too_many_zones", detail));
        }
        Ok(self)
    }
}
