//! Words of addresses and queries, understood at the door.

use crate::intersect::POINT_DEGREES;
use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};
use serde::Deserialize;
use std::{fmt, num::IntErrorKind};
use tessera_grid::BBox;
use tessera_world::{ReleaseId, ReleaseIdError};
use theron_service::Refusal;
use utoipa::ToSchema;

/// Items on one page: 10,000 zones are 12 MB of JSON, which a client reads in a second.
pub(crate) const LIMIT_MAX: usize = 10_000;
const LIMIT_DEFAULT: usize = 1_000;

/// `current`, or a release by its id.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum ReleaseRef {
    Current,
    Id(ReleaseId),
}

impl TryFrom<String> for ReleaseRef {
    type Error = ReleaseIdError;
    fn try_from(text: String) -> Result<Self, ReleaseIdError> {
        if text == "current" { Ok(Self::Current) } else { text.parse().map(Self::Id) }
    }
}

/// `limit`: 1 and up; more than the most is taken as the most, as OGC asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Limit(pub(crate) usize);

impl Default for Limit {
    fn default() -> Self {
        Self(LIMIT_DEFAULT)
    }
}

impl TryFrom<String> for Limit {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match text.parse::<usize>() {
            Ok(limit) if limit > 0 => Ok(Self(limit.min(LIMIT_MAX))),
            Err(error) if *error.kind() == IntErrorKind::PosOverflow => Ok(Self(LIMIT_MAX)),
            _ => Err(format!("limit {text:?} is not a number from 1 to {LIMIT_MAX}")),
        }
    }
}

/// Around routes that take no parameters.
pub(crate) async fn none(request: Request, next: Next) -> Result<Response, Refusal> {
    Refusal::unless_empty(request.uri().query())?;
    Ok(next.run(request).await)
}

/// `bbox`: four numbers, or six with heights, which are ignored. Where west is greater than east the box
/// crosses the antimeridian, and is kept as the two boxes on either side of it. A point and a line are boxes too.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Boxes {
    pub(crate) parts: Vec<BBox>,
    text: String,
}

impl TryFrom<String> for Boxes {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let refusal = || {
            format!(
                "bbox {text:?} is not west,south,east,north in degrees, with longitudes within -180 and 180, \
                 latitudes within -90 and 90, and no south beyond its north"
            )
        };
        let numbers: Vec<f64> = text
            .split(',')
            .map(|number| number.trim().parse())
            .collect::<Result<_, _>>()
            .map_err(|_number| refusal())?;
        let ([west, south, east, north] | [west, south, _, east, north, _]) = *numbers.as_slice()
        else {
            return Err(refusal());
        };
        let (globe, poles) = (-180.0..=180.0, -90.0..=90.0);
        if ![west, east].iter().all(|side| globe.contains(side))
            || ![south, north].iter().all(|side| poles.contains(side))
            || south > north
        {
            return Err(refusal());
        }
        let sides =
            if west > east { vec![(west, 180.0), (-180.0, east)] } else { vec![(west, east)] };
        let part = |(west, east)| {
            let ((west, east), (south, north)) =
                (wide(west, east, 180.0), wide(south, north, 90.0));
            BBox::new(west, south, east, north)
        };
        let parts = sides.into_iter().map(part).collect::<Result<_, _>>();
        let parts = parts.map_err(|error| error.to_string())?;
        Ok(Self { parts, text: format!("{west},{south},{east},{north}") })
    }
}

/// A side of no length becomes one that a box may have, within the globe.
fn wide(low: f64, high: f64, end: f64) -> (f64, f64) {
    if low < high {
        (low, high)
    } else {
        ((low - POINT_DEGREES).max(-end), (high + POINT_DEGREES).min(end))
    }
}

/// As it is read.
impl fmt::Display for Boxes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Json,
    Html,
}

impl Format {
    /// `f=` decides; else HTML for whoever asks for it by name, which browsers do.
    pub(crate) fn of(query: Option<Self>, headers: &HeaderMap) -> Result<Self, Refusal> {
        if let Some(format) = query {
            return Ok(format);
        }
        let (json, html) = (wanted(headers, JSON_KINDS), wanted(headers, HTML_KINDS));
        if json == 0 && html == 0 {
            let detail =
                "this answer is there as application/json and as text/html; ask for one of them";
            return Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail));
        }
        Ok(if html > json { Self::Html } else { Self::Json })
    }
}

const JSON_KINDS: &[&str] = &[
    "application/json",
    "application/geo+json",
    "application/schema+json",
    "application/*",
    "*/*",
];
const HTML_KINDS: &[&str] = &["text/html", "text/*", "*/*"];

/// How much the Accept header wants one of these media types, thousandths; without a header all alike.
pub(crate) fn wanted(headers: &HeaderMap, kinds: &[&str]) -> u16 {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()) else {
        return 1000;
    };
    let quality = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let q = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        kinds.contains(&kind.as_str()).then_some((q.clamp(0.0, 1.0) * 1000.0) as u16)
    };
    accept.split(',').filter_map(quality).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_for_whoever_prefers_it_and_json_for_the_rest() {
        let format = |accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            Format::of(None, &headers).ok()
        };
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert_eq!(format(browser), Some(Format::Html));
        assert_eq!(format("*/*"), Some(Format::Json));
        assert_eq!(format("text/html;q=0.1, application/json"), Some(Format::Json));
        assert_eq!(format("application/geo+json, text/html;q=0.9"), Some(Format::Json));
        assert_eq!(format("application/schema+json"), Some(Format::Json));
        assert_eq!(format("text/html;q=0"), None);
        assert_eq!(format("image/png"), None);
        assert_eq!(Format::of(None, &HeaderMap::new()), Ok(Format::Json));
    }

    #[test]
    fn a_box_over_the_antimeridian_is_the_two_boxes_beside_it() {
        let boxes = |text: &str| Boxes::try_from(text.to_owned()).map(|boxes| boxes.parts);
        let part = |west, east| BBox::new(west, -10.0, east, 10.0).unwrap();
        let (line_east, line_west) =
            (part(180.0 - POINT_DEGREES, 180.0), part(-180.0, -180.0 + POINT_DEGREES));
        assert_eq!(boxes("170,-10,-170,10"), Ok(vec![part(170.0, 180.0), part(-180.0, -170.0)]));
        assert_eq!(boxes("180,-10,-170,10"), Ok(vec![line_east, part(-180.0, -170.0)]));
        assert_eq!(boxes("180,-10,-180,10"), Ok(vec![line_east, line_west]));
        assert_eq!(boxes("-170,-10,170,10"), Ok(vec![part(-170.0, 170.0)]));
    }

    #[test]
    fn a_point_and_a_line_are_boxes_and_what_is_off_the_globe_is_none() {
        let boxes = |text: &str| Boxes::try_from(text.to_owned()).map(|boxes| boxes.parts);
        let d = POINT_DEGREES;
        let point = BBox::new(12.0 - d, 41.0 - d, 12.0 + d, 41.0 + d).unwrap();
        assert_eq!(boxes("12,41,12,41"), Ok(vec![point]));
        let line = BBox::new(12.0, 90.0 - d, 13.0, 90.0).unwrap();
        assert_eq!(boxes("12,90,13,90"), Ok(vec![line]));
        for off in [
            "180,95,-180,200",
            "500,-10,20,60",
            "20,-10,500,60",
            "1e400,1,2,3",
            "NaN,1,2,3",
            "12,NaN,13,42",
            "170,10,-170,-10",
            "12,42,13,41",
        ] {
            assert!(boxes(off).is_err_and(|refusal| refusal.contains(off)), "{off}");
        }
    }

    #[test]
    fn a_limit_of_more_than_the_most_is_the_most_however_many_digits_it_has() {
        let limit = |text: &str| Limit::try_from(text.to_owned()).map(|limit| limit.0);
        let asked = ["1", "10000", "10001", "99999999999999999999"].map(limit);
        assert_eq!(asked, [Ok(1), Ok(LIMIT_MAX), Ok(LIMIT_MAX), Ok(LIMIT_MAX)]);
        for wrong in ["0", "-1", "-99999999999999999999", "ten", ""] {
            assert!(limit(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_bbox_with_heights_is_the_box_without() {
        let plain = Boxes::try_from("12,41,13,42".to_owned()).unwrap();
        assert_eq!(Boxes::try_from("12,41,-100,13,42,3000".to_owned()), Ok(plain));
        assert_eq!(
            Boxes::try_from("12, 41, 13, 42".to_owned()).unwrap().to_string(),
            "12,41,13,42"
        );
        assert!(Boxes::try_from("1,2,3,4,5".to_owned()).is_err());
    }
}
