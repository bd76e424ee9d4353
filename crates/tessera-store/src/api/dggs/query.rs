//! What may be asked of a list of zones: where, when, and how fine.

use super::{
    super::{
        answer::bad_request,
        collections::CRS84,
        params::{Boxes, Limit},
    },
    format::ZoneFormat,
    subset::Subset,
};
use crate::years::Years;
use axum::{
    extract::{FromRequestParts, Query},
    http::{Uri, request::Parts},
};
use serde::Deserialize;
use tessera_grid::{BBox, Resolution, Zone};
use theron_service::Refusal;
use utoipa::IntoParams;

/// The ways to write CRS84: as an address, also a secure one, and as a safe CURIE.
const CRS84_NAMES: [&str; 3] =
    [CRS84, "https://www.opengis.net/def/crs/OGC/1.3/CRS84", "[OGC:CRS84]"];

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[into_params(parameter_in = Query)]
pub(crate) struct ZonesQuery {
    /// `west,south,east,north` in degrees: zones that touch it.
    #[param(value_type = Option<String>, example = "12,41,13.5,42.5")]
    bbox: Option<Boxes>,
    /// Of `bbox`. Only CRS84, as an address or as `[OGC:CRS84]`.
    bbox_crs: Option<String>,
    /// The same box and years axis by axis: `Lat`, `Lon` and `time`, each with a value or a range. `*` is the
    /// end of the axis. May come several times.
    #[param(value_type = Option<String>, example = "Lat(41:42.5),Lon(12:13.5)")]
    subset: Option<Subset>,
    /// Of `Lat` and `Lon` in `subset`. Only CRS84.
    subset_crs: Option<String>,
    /// A year as RFC 3339 writes it: zones of which something is known then; the release's without it.
    #[param(value_type = Option<String>, example = "0150-01-01")]
    datetime: Option<Years>,
    /// No finer than the world; without it the finest of which about `limit` zones are there.
    #[param(value_type = Option<u8>, minimum = 0, maximum = 15)]
    pub(super) zone_level: Option<Resolution>,
    /// Only in this zone.
    #[param(value_type = Option<String>, example = "831e80fffffffff")]
    pub(super) parent_zone: Option<Zone>,
    /// Whether a zone stands in place of all its children; yes without it.
    pub(super) compact_zones: Option<bool>,
    /// Zones of the level on a page.
    #[serde(default)]
    #[param(value_type = u32, minimum = 1, maximum = 10000, default = 1000, required = false)]
    pub(super) limit: Limit,
    /// `json` or `geojson`; without it the Accept header decides.
    #[param(value_type = Option<String>)]
    pub(super) f: Option<ZoneFormat>,
    /// As the `next` link of the page before has it.
    #[expect(dead_code, reason = "the walk is pinned by it before")]
    cursor: Option<String>,
}

impl ZonesQuery {
    /// The boxes that are asked for; none for everywhere.
    pub(super) fn boxes(&self) -> Result<Vec<BBox>, Refusal> {
        let of_subset = self.subset.as_ref().and_then(|subset| subset.boxes.as_ref());
        let (boxes, named) = match (&self.bbox, of_subset) {
            (Some(_), Some(_)) => return Err(twice("bbox", "Lat and Lon")),
            (Some(boxes), None) => (boxes, ("bbox-crs", &self.bbox_crs)),
            (None, Some(boxes)) => (boxes, ("subset-crs", &self.subset_crs)),
            // What would say how a box is to be read is nothing without one.
            (None, None) => return Ok(Vec::new()),
        };
        let (name, crs) = named;
        if crs.as_ref().is_some_and(|crs| !CRS84_NAMES.contains(&crs.as_str())) {
            let detail =
                format!("{name} is only {CRS84}, which [OGC:CRS84] means as well; leave it out");
            return Err(bad_request("query_not_understood", detail));
        }
        Ok(boxes.parts.clone())
    }

    pub(super) fn years(&self) -> Result<Option<Years>, Refusal> {
        let of_subset = self.subset.as_ref().and_then(|subset| subset.years);
        if self.datetime.is_some() && of_subset.is_some() {
            return Err(twice("datetime", "time"));
        }
        Ok(self.datetime.or(of_subset))
    }
}

fn twice(parameter: &str, axes: &str) -> Refusal {
    let detail = format!("{parameter} says the same as {axes} in subset; send one of them");
    bad_request("query_not_understood", detail)
}

/// The query, and how it was written.
pub(crate) struct Asked {
    pub(super) query: ZonesQuery,
    pub(super) text: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let text = parts.uri.query().unwrap_or_default().to_owned();
        let one = Uri::try_from(format!("/?{}", with_one_subset(&text)));
        let one = one.map_err(|error| bad_request("query_not_understood", error.to_string()))?;
        let Query(query) = Query::try_from_uri(&one)?;
        Ok(Self { query, text })
    }
}

/// Several subsets are one, with commas between them.
fn with_one_subset(query: &str) -> String {
    let (subsets, others): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|pair| pair.starts_with("subset="));
    let subsets: Vec<&str> =
        subsets.into_iter().filter_map(|pair| pair.strip_prefix("subset=")).collect();
    let one = (!subsets.is_empty()).then(|| format!("subset={}", subsets.join(",")));
    others.into_iter().map(str::to_owned).chain(one).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_subsets_are_one_and_the_rest_of_the_query_stays() {
        for (asked, expected) in [
            ("", ""),
            ("limit=3&f=json", "limit=3&f=json"),
            ("subset=Lat(1)&limit=3&subset=Lon(2)", "limit=3&subset=Lat(1),Lon(2)"),
            ("subset-crs=x&subset=", "subset-crs=x&subset="),
        ] {
            assert_eq!(with_one_subset(asked), expected);
        }
    }
}
