//! Values of a row read strictly: a number is a number or the row says why not, never a guess.
//!
//! Cells arrive as JSON values, from a table as from a feature's properties. Empty text and blanks are missing;
//! so is the JSON null. A text counts as a number only if all of it is one: `7.867799.` is not.

use serde_json::{Map, Value};

/// Why a cell is not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldFault {
    /// There is no such column at all: the row is fine and the question is wrong.
    #[error("there is no field {field:?}")]
    NoField { field: String },
    #[error("{field} {text:?} is not a number")]
    NotANumber { field: String, text: String },
    #[error("{field} {text:?} is not a whole number within its range")]
    NotWhole { field: String, text: String },
}

impl FieldFault {
    pub const fn reason_code(&self) -> &'static str {
        match self {
            Self::NoField { .. } => "field_missing",
            Self::NotANumber { .. } => "not_a_number",
            Self::NotWhole { .. } => "not_whole",
        }
    }
}

/// Why a row has no position.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPoint {
    #[error("{field} is empty")]
    Missing { field: String },
    #[error("{field} {text:?} is not a number")]
    NotANumber { field: String, text: String },
    /// 0, 0 lies in the Gulf of Guinea and stands for "unknown" in every gazetteer.
    #[error("the position is 0, 0, which stands for unknown")]
    NullIsland,
    #[error("latitude {latitude}, longitude {longitude} is not on the globe")]
    OutOfRange { latitude: String, longitude: String },
}

impl NoPoint {
    pub const fn reason_code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::NotANumber { .. } => "not_a_number",
            Self::NullIsland => "null_island",
            Self::OutOfRange { .. } => "out_of_range",
        }
    }
}

/// A cell's text without blanks around it; `None` where it is missing. Numbers are written out.
pub fn text_of(fields: &Map<String, Value>, field: &str) -> Option<String> {
    match fields.get(field)? {
        Value::Null => None,
        Value::String(text) => {
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        }
        other => Some(other.to_string()),
    }
}

/// A finite number; `Ok(None)` where the cell is missing.
pub fn number_of(fields: &Map<String, Value>, field: &str) -> Result<Option<f64>, FieldFault> {
    let Some(value) = fields.get(field) else {
        return Err(FieldFault::NoField { field: field.to_owned() });
    };
    let number = match value {
        Value::Null => return Ok(None),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => decimal(text.trim()),
        Value::Number(number) => number.as_f64().filter(|number| number.is_finite()),
        _ => None,
    };
    number
        .map(Some)
        .ok_or_else(|| FieldFault::NotANumber { field: field.to_owned(), text: plain(value) })
}

/// A whole number; `12.0` is one, because spreadsheets write it so.
pub fn whole_of(fields: &Map<String, Value>, field: &str) -> Result<Option<i64>, FieldFault> {
    /// Beyond it an `f64` no longer holds each whole number.
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    match number_of(fields, field)? {
        None => Ok(None),
        Some(number) if number.fract() == 0.0 && number.abs() <= EXACT_MAX => {
            Ok(Some(number as i64))
        }
        Some(number) => {
            Err(FieldFault::NotWhole { field: field.to_owned(), text: number.to_string() })
        }
    }
}

/// A year, negative before our era, stored as a number or as text. The pair 0, 0 that publishers write for
/// "unknown" is the caller's to see: a single 0 here is `Ok(None)`, for there is no year 0.
pub fn year_of(fields: &Map<String, Value>, field: &str) -> Result<Option<i32>, FieldFault> {
    match whole_of(fields, field)? {
        None | Some(0) => Ok(None),
        Some(year) => i32::try_from(year).map(Some).map_err(|_too_far| FieldFault::NotWhole {
            field: field.to_owned(),
            text: year.to_string(),
        }),
    }
}

/// A position from two columns.
pub fn point_of(
    fields: &Map<String, Value>,
    latitude: &str,
    longitude: &str,
) -> Result<geo_types::Point<f64>, NoPoint> {
    let coordinate = |field: &str| match number_of(fields, field) {
        Ok(Some(number)) => Ok(number),
        Ok(None) | Err(FieldFault::NoField { .. }) => {
            Err(NoPoint::Missing { field: field.to_owned() })
        }
        Err(FieldFault::NotANumber { field, text } | FieldFault::NotWhole { field, text }) => {
            Err(NoPoint::NotANumber { field, text })
        }
    };
    on_the_globe(coordinate(latitude)?, coordinate(longitude)?)
}

/// A position from one column of well-known text, `POINT (22.93 38.58)`.
pub fn wkt_point_of(
    fields: &Map<String, Value>,
    field: &str,
) -> Result<geo_types::Point<f64>, NoPoint> {
    let Some(text) = text_of(fields, field) else {
        return Err(NoPoint::Missing { field: field.to_owned() });
    };
    let broken = || NoPoint::NotANumber { field: field.to_owned(), text: text.clone() };
    let inner = text
        .strip_prefix("POINT")
        .map(str::trim)
        .and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'))
        .ok_or_else(broken)?;
    let numbers: Vec<f64> =
        inner.split_whitespace().map(decimal).collect::<Option<_>>().ok_or_else(broken)?;
    match numbers.as_slice() {
        [longitude, latitude] => on_the_globe(*latitude, *longitude),
        _ => Err(broken()),
    }
}

fn on_the_globe(latitude: f64, longitude: f64) -> Result<geo_types::Point<f64>, NoPoint> {
    if latitude == 0.0 && longitude == 0.0 {
        return Err(NoPoint::NullIsland);
    }
    if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
        return Err(NoPoint::OutOfRange {
            latitude: latitude.to_string(),
            longitude: longitude.to_string(),
        });
    }
    Ok(geo_types::Point::new(longitude, latitude))
}

/// Digits, one point, a sign, an exponent: `inf` and `nan`, which Rust would read, are no measurements.
fn decimal(text: &str) -> Option<f64> {
    let plain = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    if !text.bytes().all(plain) {
        return None;
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    #[test]
    fn a_number_with_a_second_point_is_no_number_and_a_blank_is_missing() {
        let fields =
            row(json!({"a": "7.867799.", "b": " ", "c": " 7.5 ", "d": null, "e": "NaN", "f": 3}));
        assert_eq!(
            number_of(&fields, "a"),
            Err(FieldFault::NotANumber { field: "a".into(), text: "7.867799.".into() })
        );
        assert_eq!(number_of(&fields, "b"), Ok(None));
        assert_eq!(number_of(&fields, "c"), Ok(Some(7.5)));
        assert_eq!(number_of(&fields, "d"), Ok(None));
        assert!(matches!(number_of(&fields, "e"), Err(FieldFault::NotANumber { .. })));
        assert_eq!(number_of(&fields, "f"), Ok(Some(3.0)));
        assert_eq!(number_of(&fields, "g"), Err(FieldFault::NoField { field: "g".into() }));
    }

    #[test]
    fn a_year_may_be_text_and_zero_is_unknown() {
        let fields = row(
            json!({"a": "-750", "b": 0, "c": "0", "d": 117.0, "e": 1.5, "f": 99_999_999_999i64}),
        );
        assert_eq!(year_of(&fields, "a"), Ok(Some(-750)));
        assert_eq!(year_of(&fields, "b"), Ok(None));
        assert_eq!(year_of(&fields, "c"), Ok(None));
        assert_eq!(year_of(&fields, "d"), Ok(Some(117)));
        assert!(matches!(year_of(&fields, "e"), Err(FieldFault::NotWhole { .. })));
        assert!(matches!(year_of(&fields, "f"), Err(FieldFault::NotWhole { .. })));
    }

    #[test]
    fn each_way_to_have_no_position_has_its_reason() {
        let of =
            |lat: Value, lon: Value| point_of(&row(json!({"lat": lat, "lon": lon})), "lat", "lon");
        assert_eq!(of(json!(41.9), json!("12.5")), Ok(geo_types::Point::new(12.5, 41.9)));
        assert_eq!(of(json!(" "), json!(1)), Err(NoPoint::Missing { field: "lat".into() }));
        assert_eq!(
            of(json!(40), json!("7.867799.")),
            Err(NoPoint::NotANumber { field: "lon".into(), text: "7.867799.".into() })
        );
        assert_eq!(of(json!(0), json!("0.0")), Err(NoPoint::NullIsland));
        assert_eq!(of(json!(91), json!(0)).unwrap_err().reason_code(), "out_of_range");
        assert_eq!(point_of(&Map::new(), "lat", "lon").unwrap_err().reason_code(), "missing");
    }

    #[test]
    fn a_point_of_well_known_text_is_read_and_nothing_else() {
        let of = |text: &str| wkt_point_of(&row(json!({"geometry": text})), "geometry");
        assert_eq!(of("POINT (22.93 38.58)"), Ok(geo_types::Point::new(22.93, 38.58)));
        assert_eq!(of("LINESTRING (1 2, 3 4)").unwrap_err().reason_code(), "not_a_number");
        assert_eq!(of("POINT (1)").unwrap_err().reason_code(), "not_a_number");
        assert_eq!(of("").unwrap_err().reason_code(), "missing");
    }
}
