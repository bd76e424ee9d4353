//! GeoJSON in one piece: a FeatureCollection read feature by feature, a Feature, or a geometry.
//!
//! A feature that is well-formed JSON and no feature is a bad row; JSON that breaks off breaks the file, for
//! nothing after it can be found. Nesting is limited by the parser (128 levels).

use super::geometry;
use super::{RECORDS_MAX, Record};
use crate::crs::Crs;
use crate::error::{BadRow, Code, Entry, FormatError, Note};
use crate::input;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::{fmt, path::Path};

pub(super) fn read(
    path: &Path,
    take: &mut dyn FnMut(Entry<Record>),
) -> Result<Vec<Note>, FormatError> {
    let bytes = input::bytes(path, input::TEXT_BYTES_MAX)?;
    let text = input::without_bom(&bytes);
    let crs = crs_of(path, text)?;
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let mut found = Found { crs: &crs, take, rows: 0, is_json_of_features: false };
    Root(&mut found)
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end())
        .map_err(|error| failure(path, &error).at_row(found.rows + 1))?;
    if !found.is_json_of_features {
        return Err(FormatError::new(
            Code::FileFormat,
            path,
            "it is JSON, but holds no feature and no geometry",
        ));
    }
    let mut notes = crs.notes().to_vec();
    if !crs.is_plain() {
        notes.push(Note::new("reprojected", format!("its coordinates lie in {}", crs.name())));
    }
    Ok(notes)
}

pub(super) fn failure(path: &Path, error: &serde_json::Error) -> FormatError {
    let code = match error.classify() {
        serde_json::error::Category::Eof => Code::FileTruncated,
        _ if error.to_string().contains(TOO_MANY) => Code::OverLimit,
        _ => Code::FileDamaged,
    };
    FormatError::new(code, path, format!("its JSON breaks off: {error}"))
}

const TOO_MANY: &str = "more features than are read";

/// The old `crs` member stands before or after the features; only it is looked for.
fn crs_of(path: &Path, text: &[u8]) -> Result<Crs, FormatError> {
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(default)]
        crs: Option<Value>,
    }
    let named = serde_json::from_slice::<Head>(text).ok().and_then(|head| head.crs);
    let name =
        named.as_ref().and_then(|crs| crs.pointer("/properties/name")).and_then(Value::as_str);
    let Some(name) = name else {
        return Ok(Crs::wgs84());
    };
    if name.contains("CRS84") {
        return Ok(Crs::wgs84());
    }
    // In GeoJSON x is the longitude, whatever order the code's own axes have.
    name.rsplit(':')
        .next()
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| format!("its coordinate system {name:?} is not known here"))
        .and_then(|code| Crs::from_epsg(code).map_err(|error| error.to_string()))
        .map_err(|reason| FormatError::new(Code::CrsUnknown, path, reason))
}

struct Found<'a> {
    crs: &'a Crs,
    take: &'a mut dyn FnMut(Entry<Record>),
    rows: u64,
    is_json_of_features: bool,
}

impl Found<'_> {
    fn feature(&mut self, value: Value) {
        self.rows += 1;
        (self.take)(entry(self.rows, value, self.crs));
    }
}

/// One feature, or why it is none.
pub(super) fn entry(row: u64, value: Value, crs: &Crs) -> Entry<Record> {
    let Value::Object(mut feature) = value else {
        return Entry::Bad(BadRow::new(row, "json_broken", "it is no object"));
    };
    if feature.get("type").and_then(Value::as_str) != Some("Feature") {
        return Entry::Bad(BadRow::new(row, "json_broken", "its type is not \"Feature\""));
    }
    let geometry = feature.get("geometry").unwrap_or(&Value::Null);
    match geometry::geometry(geometry, crs) {
        Ok(Some(geometry)) => Entry::Good(Record {
            row,
            id: feature.get("id").and_then(id),
            geometry,
            properties: match feature.remove("properties") {
                Some(Value::Object(properties)) => properties,
                _ => Map::new(),
            },
        }),
        Ok(None) => Entry::Bad(BadRow::new(row, "geometry_missing", "it has no geometry")),
        Err((code, sentence)) => Entry::Bad(BadRow::new(row, code, sentence)),
    }
}

pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The document itself.
struct Root<'f, 'a>(&'f mut Found<'a>);

impl<'de> DeserializeSeed<'de> for Root<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Root<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut rest = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "features" => {
                    self.0.is_json_of_features = true;
                    map.next_value_seed(Features(&mut *self.0))?;
                }
                "type" | "geometry" | "geometries" | "coordinates" | "properties" | "id" => {
                    rest.insert(key, map.next_value()?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match rest.get("type").and_then(Value::as_str) {
            Some("FeatureCollection") | None => {}
            Some("Feature") => {
                self.0.is_json_of_features = true;
                self.0.feature(Value::Object(rest));
            }
            Some(_) => {
                self.0.is_json_of_features = true;
                let feature = serde_json::json!({"type": "Feature", "geometry": rest});
                self.0.feature(feature);
            }
        }
        Ok(())
    }
}

/// The list of features.
struct Features<'f, 'a>(&'f mut Found<'a>);

impl<'de> DeserializeSeed<'de> for Features<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(feature) = list.next_element::<Value>()? {
            if self.0.rows >= RECORDS_MAX {
                return Err(A::Error::custom(TOO_MANY));
            }
            self.0.feature(feature);
        }
        Ok(())
    }
}
