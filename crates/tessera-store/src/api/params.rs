//! Words of addresses and queries, understood at the door.

use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use std::fmt;
use tessera_grid::{BBox, BBoxError};
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
        match text.parse::<u64>() {
            Ok(limit) if limit > 0 => {
                Ok(Self(usize::try_from(limit).unwrap_or(LIMIT_MAX).min(LIMIT_MAX)))
            }
            _ => Err(format!("limit {text:?} is not a number from 1 to {LIMIT_MAX}")),
        }
    }
}

/// `bbox`: four numbers, or six with heights, which are ignored. Where west is greater than east the box
/// crosses the antimeridian, and is kept as the two boxes on either side of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Boxes {
    pub(crate) parts: Vec<BBox>,
    text: String,
}

impl TryFrom<String> for Boxes {
    type Error = BBoxError;
    fn try_from(text: String) -> Result<Self, BBoxError> {
        let shape = || BBoxError::Shape(text.clone());
        let numbers: Vec<f64> = text
            .split(',')
            .map(|number| number.trim().parse())
            .collect::<Result<_, _>>()
            .map_err(|_number| shape())?;
        let ([west, south, east, north] | [west, south, _, east, north, _]) = *numbers.as_slice()
        else {
            return Err(shape());
        };
        let parts = if west > east {
            let sides = [(west, 180.0), (-180.0, east)].into_iter();
            let wide = sides.filter(|(west, east)| west < east);
            wide.map(|(west, east)| BBox::new(west, south, east, north)).collect()
        } else {
            BBox::new(west, south, east, north).map(|only| vec![only])
        };
        Ok(Self { parts: parts?, text: format!("{west},{south},{east},{north}") })
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

const JSON_KINDS: &[&str] = &["application/json", "application/geo+json", "application/*", "*/*"];
const HTML_KINDS: &[&str] = &["text/html", "text/*", "*/*"];

/// How much the Accept header wants one of these media types, thousandths; without a header all alike.
fn wanted(headers: &HeaderMap, kinds: &[&str]) -> u16 {
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
        assert_eq!(format("text/html;q=0"), None);
        assert_eq!(format("image/png"), None);
        assert_eq!(Format::of(None, &HeaderMap::new()), Ok(Format::Json));
    }

    #[test]
    fn a_box_over_the_antimeridian_is_the_two_boxes_beside_it() {
        let boxes = |text: &str| Boxes::try_from(text.to_owned()).map(|boxes| boxes.parts);
        let part = |west, east| BBox::new(west, -10.0, east, 10.0).unwrap();
        assert_eq!(boxes("170,-10,-170,10"), Ok(vec![part(170.0, 180.0), part(-180.0, -170.0)]));
        assert_eq!(boxes("180,-10,-170,10"), Ok(vec![part(-180.0, -170.0)]));
        assert_eq!(boxes("-170,-10,170,10"), Ok(vec![part(-170.0, 170.0)]));
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
