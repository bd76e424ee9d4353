//! Well-known text of coordinate systems (version 1, ESRI's and OGC's spelling), as a PROJ string.

use super::CrsError;
use super::codes::datum_of_epsg;
use crate::error::Note;

/// A `.prj` has a few hundred bytes.
const TEXT_BYTES_MAX: usize = 64 << 10;
/// PROJCS in a compound system holds GEOGCS holds DATUM holds SPHEROID holds AUTHORITY.
const DEPTH_MAX: usize = 12;

/// What a text means.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meaning {
    pub(super) name: String,
    /// `None`: longitude and latitude of WGS 84, or taken so.
    pub(super) proj: Option<String>,
    pub(super) note: Option<Note>,
}

/// `KEYWORD["text", 1.0, OTHER[...]]`.
#[derive(Clone, Debug, PartialEq)]
struct Node {
    keyword: String,
    texts: Vec<String>,
    numbers: Vec<f64>,
    nodes: Vec<Self>,
}

pub(super) fn read(text: &str) -> Result<Meaning, CrsError> {
    let broken = |reason: &str| CrsError::Broken { reason: reason.to_owned() };
    if text.len() > TEXT_BYTES_MAX {
        return Err(broken("its text is too long"));
    }
    let mut rest = text.trim_start_matches('\u{feff}').trim();
    let root = Node::parse(&mut rest, 0)?;
    let node = root.within("PROJCS").or_else(|| root.within("GEOGCS"));
    let node = node.ok_or_else(|| broken("it is neither PROJCS nor GEOGCS"))?;
    let name = node.texts.first().cloned().unwrap_or_default();
    if node.keyword == "GEOGCS" {
        return geographic(node, name);
    }
    let geographic = node.child("GEOGCS").ok_or_else(|| broken("its projection has no GEOGCS"))?;
    let (datum, note) = datum(geographic)?;
    let proj = format!("{} {datum} +no_defs", projection(node)?);
    Ok(Meaning { name, proj: Some(proj), note })
}

fn geographic(node: &Node, name: String) -> Result<Meaning, CrsError> {
    let (datum, note) = datum(node)?;
    let meridian =
        node.child("PRIMEM").and_then(|node| node.numbers.first().copied()).unwrap_or(0.0);
    let degrees = node
        .child("UNIT")
        .and_then(|unit| unit.numbers.first().copied())
        .is_none_or(|unit| (unit - 1.0_f64.to_radians()).abs() < 1e-9);
    if !degrees {
        return Err(CrsError::Broken { reason: "its angles are not degrees".to_owned() });
    }
    if meridian == 0.0 && (datum == "+datum=WGS84" || note.is_some()) {
        return Ok(Meaning { name, proj: None, note });
    }
    let proj = format!("+proj=longlat {datum} +pm={meridian} +no_defs");
    Ok(Meaning { name, proj: Some(proj), note })
}

/// The datum's PROJ parameters; a note where only its ellipsoid is known.
fn datum(geographic: &Node) -> Result<(String, Option<Note>), CrsError> {
    let broken = |reason: &str| CrsError::Broken { reason: reason.to_owned() };
    let datum = geographic.child("DATUM").ok_or_else(|| broken("it has no DATUM"))?;
    let name = plain(datum.texts.first().map_or("", String::as_str));
    let code = match name.as_str() {
        "wgs1984" | "worldgeodeticsystem1984" => Some(4326),
        "etrs1989" | "europeanterrestrialreferencesystem1989" | "etrs89" => Some(4258),
        "northamerican1983" | "northamericandatum1983" => Some(4269),
        "northamerican1927" | "northamericandatum1927" => Some(4267),
        "european1950" | "europeandatum1950" => Some(4230),
        "osgb1936" => Some(4277),
        "deutscheshauptdreiecksnetz" => Some(4314),
        "montemario" => Some(4265),
        "pulkovo1942" => Some(4284),
        "wgs1972" => Some(4322),
        _ => None,
    };
    if let Some(known) = code.and_then(datum_of_epsg) {
        return Ok((known.to_owned(), None));
    }
    let spheroid = datum.child("SPHEROID").or_else(|| datum.child("ELLIPSOID"));
    let (axis, flattening) = match spheroid.map(|node| node.numbers.as_slice()) {
        Some([axis, flattening, ..]) if (6.3e6..6.5e6).contains(axis) => (*axis, *flattening),
        _ => return Err(broken("its DATUM has no ellipsoid of the Earth")),
    };
    let shape = if flattening > 0.0 { format!("+rf={flattening}") } else { format!("+b={axis}") };
    if let Some(shift) = datum.child("TOWGS84").filter(|node| matches!(node.numbers.len(), 3 | 7)) {
        let shift: Vec<String> = shift.numbers.iter().map(ToString::to_string).collect();
        return Ok((format!("+a={axis} {shape} +towgs84={}", shift.join(",")), None));
    }
    let note = Note::new(
        "datum_unknown",
        format!(
            "its datum {:?} is not known here; it is taken as WGS 84, which can be wrong by some hundred metres",
            datum.texts.first().map_or("", String::as_str)
        ),
    );
    Ok((format!("+a={axis} {shape}"), Some(note)))
}

fn projection(node: &Node) -> Result<String, CrsError> {
    let method =
        node.child("PROJECTION").and_then(|node| node.texts.first()).map_or("", String::as_str);
    let unknown = || CrsError::UnknownProjection { name: method.to_owned() };
    let proj = match plain(method).as_str() {
        "lambertconformalconic" | "lambertconformalconic1sp" | "lambertconformalconic2sp" => "lcc",
        "transversemercator" | "gausskruger" => "tmerc",
        "mercator" | "mercator1sp" | "mercator2sp" => "merc",
        "mercatorauxiliarysphere" | "popularvisualisationpseudomercator" => "webmerc",
        "albers" | "albersconicequalarea" => "aea",
        "lambertazimuthalequalarea" => "laea",
        "azimuthalequidistant" => "aeqd",
        "equidistantcylindrical" | "equirectangular" | "platecarree" => "eqc",
        "cylindricalequalarea" => "cea",
        "sinusoidal" => "sinu",
        "mollweide" => "moll",
        "robinson" => "robin",
        _ => return Err(unknown()),
    };
    let metres = node.child("UNIT").and_then(|unit| unit.numbers.first().copied()).unwrap_or(1.0);
    if !(metres.is_finite() && metres > 0.0) {
        return Err(CrsError::Broken { reason: "its unit has no length".to_owned() });
    }
    let mut words = vec![match proj {
        // A sphere's formulas on the ellipsoid's longitude and latitude.
        "webmerc" => {
            return Ok("+proj=merc +a=6378137 +b=6378137 +nadgrids=@null +units=m".to_owned());
        }
        "eqc" | "cea" => format!(
            "+proj={proj} +lat_ts={}",
            node.parameter(&["standardparallel1"]).unwrap_or(0.0)
        ),
        other => format!("+proj={other}"),
    }];
    let both = node.parameter(&["standardparallel2"]).is_some();
    let origin = node.parameter(&["latitudeoforigin", "latitudeofcenter", "centralparallel"]);
    for (key, value) in [
        ("lat_0", origin),
        ("lon_0", node.parameter(&["centralmeridian", "longitudeofcenter", "longitudeoforigin"])),
        ("lat_1", node.parameter(&["standardparallel1"]).filter(|_| matches!(proj, "lcc" | "aea"))),
        ("lat_2", node.parameter(&["standardparallel2"]).filter(|_| matches!(proj, "lcc" | "aea"))),
        (
            "lat_1",
            origin.filter(|_| {
                proj == "lcc" && !both && node.parameter(&["standardparallel1"]).is_none()
            }),
        ),
        ("k_0", node.parameter(&["scalefactor"])),
        ("x_0", node.parameter(&["falseeasting"]).map(|easting| easting * metres)),
        ("y_0", node.parameter(&["falsenorthing"]).map(|northing| northing * metres)),
    ] {
        words.extend(value.map(|value| format!("+{key}={value}")));
    }
    words.push(format!("+to_meter={metres}"));
    Ok(words.join(" "))
}

/// Letters and digits alone, ESRI's prefix `D_` off: spellings of one name then agree.
fn plain(name: &str) -> String {
    let name = name.strip_prefix("D_").unwrap_or(name);
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

impl Node {
    fn parse(rest: &mut &str, depth: usize) -> Result<Self, CrsError> {
        let broken = |reason: &str| CrsError::Broken { reason: reason.to_owned() };
        if depth > DEPTH_MAX {
            return Err(broken("its text is nested too deep"));
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (keyword, after) = rest.split_at(end);
        let mut node = Self {
            keyword: keyword.to_ascii_uppercase(),
            texts: Vec::new(),
            numbers: Vec::new(),
            nodes: Vec::new(),
        };
        let after = after.trim_start();
        *rest = after
            .strip_prefix(['[', '('])
            .filter(|_| !keyword.is_empty())
            .ok_or_else(|| broken("a keyword or its bracket is missing"))?;
        loop {
            *rest = rest.trim_start();
            if let Some(quoted) = rest.strip_prefix('"') {
                let (text, after) =
                    quoted.split_once('"').ok_or_else(|| broken("a quote is open"))?;
                node.texts.push(text.to_owned());
                *rest = after;
            } else if rest.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
                let number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
                let end = rest.find(|c| !number(c)).unwrap_or(rest.len());
                let (text, after) = rest.split_at(end);
                let number: f64 = text.parse().map_err(|_no| broken("a number is broken"))?;
                node.numbers.push(number);
                *rest = after;
            } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let word = rest
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                let (_, after) = rest.split_at(word);
                if after.trim_start().starts_with(['[', '(']) {
                    node.nodes.push(Self::parse(rest, depth + 1)?);
                } else {
                    // A bare word such as the EAST of an AXIS.
                    *rest = after;
                }
            }
            *rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix(',') {
                *rest = after;
            } else if let Some(after) = rest.strip_prefix([']', ')']) {
                *rest = after;
                return Ok(node);
            } else {
                return Err(broken("a bracket is open"));
            }
        }
    }

    fn child(&self, keyword: &str) -> Option<&Self> {
        self.nodes.iter().find(|node| node.keyword == keyword)
    }

    /// Itself or one within it, as in a compound system.
    fn within(&self, keyword: &str) -> Option<&Self> {
        if self.keyword == keyword {
            return Some(self);
        }
        self.nodes.iter().find_map(|node| node.within(keyword))
    }

    fn parameter(&self, names: &[&str]) -> Option<f64> {
        self.nodes
            .iter()
            .filter(|node| node.keyword == "PARAMETER")
            .find(|node| {
                node.texts.first().is_some_and(|name| names.contains(&plain(name).as_str()))
            })
            .and_then(|node| node.numbers.first().copied())
            .filter(|number| number.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DARMC: &str = r#"PROJCS["Europe_Lambert_Conformal_Conic",GEOGCS["GCS_European_1950",DATUM["D_European_1950",SPHEROID["International_1924",6378388.0,297.0]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",10.0],PARAMETER["Standard_Parallel_1",43.0],PARAMETER["Standard_Parallel_2",62.0],PARAMETER["Latitude_Of_Origin",30.0],UNIT["Meter",1.0]]"#;

    #[test]
    fn the_roads_lie_on_a_cone_over_ed50() {
        let meaning = read(DARMC).unwrap();
        assert_eq!(
            meaning.proj.as_deref(),
            Some(
                "+proj=lcc +lat_0=30 +lon_0=10 +lat_1=43 +lat_2=62 +x_0=0 +y_0=0 +to_meter=1 \
                 +ellps=intl +towgs84=-87,-98,-121 +no_defs"
            )
        );
        assert_eq!(meaning.note, None);
    }

    #[test]
    fn longitude_and_latitude_of_wgs84_need_nothing_and_an_unknown_datum_is_noted() {
        let wgs84 = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]]"#;
        assert_eq!(
            read(wgs84),
            Ok(Meaning { name: "GCS_WGS_1984".to_owned(), proj: None, note: None })
        );
        let other = wgs84.replace("D_WGS_1984", "D_Nowhere");
        assert_eq!(read(&other).unwrap().note.unwrap().code, "datum_unknown");
    }

    #[test]
    fn a_text_that_is_cut_is_refused() {
        for end in 0..DARMC.len() {
            assert!(read(&DARMC.chars().take(end).collect::<String>()).is_err(), "{end}");
        }
        assert!(read(&"A[".repeat(10_000)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "([A-Z_]{0,8}[\\[\\(\"]?[0-9.,eE+-]*[\\]\\),\" ]?){0,40}|\\PC*") {
            drop(read(&text));
        }

        #[test]
        fn a_flipped_byte_never_panics(at in 0usize..465, byte in 0u8..128) {
            let mut bytes = DARMC.as_bytes().to_vec();
            bytes[at] = byte;
            if let Ok(meaning) = read(&String::from_utf8_lossy(&bytes))
                && let Some(proj) = meaning.proj
            {
                drop(super::super::Crs::from_proj(&proj));
            }
        }
    }
}
