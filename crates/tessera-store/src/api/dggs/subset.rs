//! `subset`: sides of a box and years, axis by axis, such as `Lat(40:41),Lon(12:13),time("0150-01-01")`.

use super::super::params::Boxes;
use crate::years::Years;
use serde::Deserialize;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Subset {
    /// Where `Lat` or `Lon` is named.
    pub(super) boxes: Option<Boxes>,
    /// Where `time` is.
    pub(super) years: Option<Years>,
}

/// From a low end to a high one; `None` is the end of the axis.
type Range<'a> = (Option<&'a str>, Option<&'a str>);

impl TryFrom<String> for Subset {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let refusal = || {
            format!(
                "subset {text:?} is not a list of axes with a value or a range each, such as \
                 Lat(40:41),Lon(12:13),time(\"0100-01-01\":\"0150-12-31\")"
            )
        };
        let (mut latitude, mut longitude, mut time) = (None, None, None);
        for part in split(&text, ',') {
            let named = part.trim().strip_suffix(')').and_then(|part| part.split_once('('));
            let (axis, range) = named.ok_or_else(refusal)?;
            let axis = axis.trim();
            let range = range_of(range).ok_or_else(refusal)?;
            let known = match axis.to_ascii_lowercase().as_str() {
                "lat" | "latitude" => &mut latitude,
                "lon" | "long" | "longitude" => &mut longitude,
                "time" => &mut time,
                _ => {
                    return Err(format!("there is no axis {axis:?}; there are Lat, Lon and time"));
                }
            };
            if known.replace(range).is_some() {
                return Err(format!("subset names the axis {axis} twice; name it once"));
            }
        }
        let years = time.map(years).transpose()?;
        if latitude.is_none() && longitude.is_none() {
            return Ok(Self { boxes: None, years });
        }
        let (south, north) = degrees("Lat", latitude.unwrap_or_default(), 90.0)?;
        let (west, east) = degrees("Lon", longitude.unwrap_or_default(), 180.0)?;
        if south > north {
            return Err(format!("Lat({south}:{north}) goes from north to south; turn it round"));
        }
        Ok(Self { boxes: Some(Boxes::try_from(format!("{west},{south},{east},{north}"))?), years })
    }
}

/// At a letter that stands outside quotes and brackets.
fn split(text: &str, at: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut depth) = (false, 0_i32);
    text.split(move |letter| {
        match letter {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        letter == at && !quoted && depth == 0
    })
}

/// A value is the range from it to itself.
fn range_of(text: &str) -> Option<Range<'_>> {
    let ends: Vec<&str> = split(text, ':').map(unquoted).collect::<Option<_>>()?;
    let end = |end| if end == "*" { None } else { Some(end) };
    match *ends.as_slice() {
        [value] => end(value).map(|value| (Some(value), Some(value))),
        [low, high] => Some((end(low), end(high))),
        _ => None,
    }
}

/// A value without the quotes around it.
fn unquoted(text: &str) -> Option<&str> {
    let text = text.trim();
    let inner = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => text,
    };
    (!inner.is_empty() && !inner.contains('"')).then_some(inner)
}

/// As much of the range as lies on the globe; from more to less only where both do.
fn degrees(axis: &str, (low, high): Range<'_>, end: f64) -> Result<(f64, f64), String> {
    let number = |text: Option<&str>, otherwise: f64| match text {
        None => Ok(otherwise),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .ok_or_else(|| format!("{axis}({text}) is not a number of degrees")),
    };
    let (low, high) = (number(low, -end)?, number(high, end)?);
    let cut = if low <= high { [low.max(-end), high.min(end)] } else { [low, high] };
    if cut.iter().all(|side| (-end..=end).contains(side)) {
        return Ok(cut.into());
    }
    Err(format!("{axis}({low}:{high}) lies off the globe; degrees are from -{end} to {end}"))
}

fn years((low, high): Range<'_>) -> Result<Years, String> {
    let interval = format!("{}/{}", low.unwrap_or(".."), high.unwrap_or(".."));
    Years::try_from(interval)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subset(text: &str) -> Result<Subset, String> {
        Subset::try_from(text.to_owned())
    }

    #[test]
    fn axes_by_any_of_their_names_are_the_box_that_bbox_would_name() {
        for (text, bbox) in [
            ("Lat(40:41),Lon(12:13)", "12,40,13,41"),
            ("Longitude( 12 : 13 ), lat(40:41)", "12,40,13,41"),
            ("Lat(40:*)", "-180,40,180,90"),
            ("Long(*:13)", "-180,-90,13,90"),
            ("Lat(40.5),Lon(12)", "12,40.5,12,40.5"),
            ("Lon(170:-170)", "170,-90,-170,90"),
            ("Lat(85:200),Lon(-400:10)", "-180,85,10,90"),
        ] {
            let boxes = Boxes::try_from(bbox.to_owned()).unwrap();
            assert_eq!(subset(text), Ok(Subset { boxes: Some(boxes), years: None }), "{text}");
        }
    }

    #[test]
    fn time_is_the_years_that_datetime_would_name() {
        for (text, datetime) in [
            ("time(\"0150-01-01\")", "0150-01-01"),
            ("time(0150-01-01)", "0150-01-01"),
            ("time(\"0100-01-01T00:00:00Z\":\"0150-12-31\")", "0100-01-01/0150-12-31"),
            ("Time(*:\"-000199-01-01\")", "../-000199-01-01"),
            ("time(*:*)", "../.."),
        ] {
            let years = Years::try_from(datetime.to_owned()).unwrap();
            assert_eq!(subset(text), Ok(Subset { boxes: None, years: Some(years) }), "{text}");
        }
    }

    #[test]
    fn what_is_no_subset_is_refused_with_what_is_wrong() {
        for (text, wrong) in [
            ("", "not a list of axes"),
            ("Lat", "not a list of axes"),
            ("Lat(40:41:42)", "not a list of axes"),
            ("Lat(*)", "not a list of axes"),
            ("Lat()", "not a list of axes"),
            ("time(\"0150)", "not a list of axes"),
            ("h(0:10)", "no axis \"h\""),
            ("Lat(40:41),latitude(3)", "twice"),
            ("Lat(a:41)", "not a number"),
            ("Lat(41:40)", "turn it round"),
            ("Lat(91:95)", "off the globe"),
            ("Lon(200:300)", "off the globe"),
            ("Lon(200:10)", "off the globe"),
            ("Lon(NaN:10)", "not a number"),
            ("time(soon)", "soon"),
            ("time(\"0150-01-01\":\"0100-01-01\")", "0150-01-01"),
        ] {
            assert!(subset(text).is_err_and(|refusal| refusal.contains(wrong)), "{text}");
        }
    }
}
