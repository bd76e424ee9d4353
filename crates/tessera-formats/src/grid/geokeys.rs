//! Where a GeoTIFF says its pixels lie: scale and tie point, or a matrix, and the keys of its coordinate system.

use super::Registration;
use super::geotiff::failure;
use crate::crs::Crs;
use crate::error::{Code, FormatError};
use std::{collections::BTreeMap, fs::File, io::BufReader, path::Path};
use tiff::{decoder::Decoder, tags::Tag};

/// Keys of a directory; the standard knows fewer than a hundred.
const KEYS_MAX: usize = 1_000;
const USER_DEFINED: u16 = 32_767;

/// Pixel to coordinate: the coordinate of a pixel's value is `origin + index · step`.
#[derive(Debug)]
pub(super) struct Placed {
    /// Of the value of pixel (0, 0), in units of the coordinate system.
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) step_x: f64,
    /// Negative where row 0 is the north.
    pub(super) step_y: f64,
    pub(super) registration: Registration,
    pub(super) crs: Crs,
}

impl Placed {
    /// Latitudes and longitudes of a raster that lies on them.
    pub(super) fn axes(&self, rows: usize, columns: usize) -> (Vec<f64>, Vec<f64>) {
        let latitudes = (0..rows).map(|row| self.y + row as f64 * self.step_y).collect();
        let longitudes = (0..columns).map(|column| self.x + column as f64 * self.step_x).collect();
        (latitudes, longitudes)
    }
}

pub(super) fn read(
    path: &Path,
    decoder: &mut Decoder<BufReader<File>>,
) -> Result<Placed, FormatError> {
    let keys = Keys::read(path, decoder)?;
    let (x, y, step_x, step_y) = affine(path, decoder)?;
    let registration = match keys.number(1025) {
        Some(2) => Registration::Node,
        _ => Registration::Cell,
    };
    // A cell's value stands in its middle; a node's where the tie point puts it.
    let half = if registration == Registration::Cell { 0.5 } else { 0.0 };
    let crs = keys.crs().map_err(|reason| FormatError::new(Code::CrsUnknown, path, reason))?;
    Ok(Placed { x: x + half * step_x, y: y + half * step_y, step_x, step_y, registration, crs })
}

fn numbers(
    path: &Path,
    decoder: &mut Decoder<BufReader<File>>,
    tag: Tag,
) -> Result<Vec<f64>, FormatError> {
    let found = decoder.find_tag(tag).map_err(|error| failure(path, &error))?;
    found
        .map_or(Ok(Vec::new()), |value| value.into_f64_vec().map_err(|error| failure(path, &error)))
}

/// Corner of pixel (0, 0) and steps.
fn affine(
    path: &Path,
    decoder: &mut Decoder<BufReader<File>>,
) -> Result<(f64, f64, f64, f64), FormatError> {
    let irregular = |reason: &str| FormatError::new(Code::AxisIrregular, path, reason);
    let scale = numbers(path, decoder, Tag::ModelPixelScaleTag)?;
    let tie = numbers(path, decoder, Tag::ModelTiepointTag)?;
    let matrix = numbers(path, decoder, Tag::ModelTransformationTag)?;
    let (x, y, step_x, step_y) = match (scale.as_slice(), tie.as_slice(), matrix.as_slice()) {
        ([sx, sy, ..], [i, j, _, x, y, ..], _) => (x - i * sx, y + j * sy, *sx, -*sy),
        (_, _, [step_x, skew_x, _, x, skew_y, step_y, _, y, ..]) => {
            if *skew_x != 0.0 || *skew_y != 0.0 {
                return Err(irregular("its raster is rotated"));
            }
            (*x, *y, *step_x, *step_y)
        }
        _ => {
            return Err(FormatError::new(
                Code::Schema,
                path,
                "it does not say where it lies; give a georeference",
            ));
        }
    };
    if ![x, y, step_x, step_y].iter().all(|number| number.is_finite())
        || step_x <= 0.0
        || step_y == 0.0
    {
        return Err(irregular("its pixels have no size or no place"));
    }
    Ok((x, y, step_x, step_y))
}

/// The directory of keys, as numbers.
struct Keys {
    shorts: BTreeMap<u16, u16>,
    doubles: BTreeMap<u16, f64>,
}

impl Keys {
    fn read(path: &Path, decoder: &mut Decoder<BufReader<File>>) -> Result<Self, FormatError> {
        let fail = |error: tiff::TiffError| failure(path, &error);
        let directory: Vec<u16> = decoder
            .find_tag_unsigned_vec(Tag::GeoKeyDirectoryTag)
            .map_err(fail)?
            .unwrap_or_default();
        let values = numbers(path, decoder, Tag::GeoDoubleParamsTag)?;
        let mut keys = Self { shorts: BTreeMap::new(), doubles: BTreeMap::new() };
        for key in directory.as_chunks::<4>().0.iter().skip(1).take(KEYS_MAX) {
            let [id, location, _, value] = *key;
            if location == 0 {
                keys.shorts.insert(id, value);
            } else if location == 34_736
                && let Some(&number) = values.get(usize::from(value))
            {
                keys.doubles.insert(id, number);
            }
        }
        Ok(keys)
    }

    fn number(&self, key: u16) -> Option<u16> {
        self.shorts.get(&key).copied()
    }

    fn crs(&self) -> Result<Crs, String> {
        match (self.number(1024), self.number(3072), self.number(2048)) {
            (Some(1), Some(code), _) if code != USER_DEFINED => Crs::from_epsg(code.into()),
            (Some(1), _, _) => Crs::from_proj(&self.projection()?),
            (_, _, Some(code)) if code != USER_DEFINED => Crs::from_epsg(code.into()),
            (Some(2) | None, _, _) => Ok(self.geographic()),
            (Some(model), _, _) => {
                return Err(format!("its coordinates are of the model {model}, not of the globe"));
            }
        }
        .map_err(|error| error.to_string())
    }

    /// A geographic system with a datum of its own: nothing says how it lies to WGS 84.
    fn geographic(&self) -> Crs {
        let by_axis = self.doubles.get(&2057).and_then(|&axis| ellipsoid_of_axis(axis));
        match self.number(2056).and_then(ellipsoid).or(by_axis) {
            Some(name) => Crs::unnamed_datum(name),
            None if self.shorts.contains_key(&1024) || !self.doubles.is_empty() => {
                Crs::unnamed_datum("an ellipsoid that it does not name")
            }
            None => Crs::wgs84(),
        }
    }

    /// A projection given by its parameters.
    fn projection(&self) -> Result<String, String> {
        let method = self.number(3075).ok_or("it is projected and does not say how")?;
        let name = match method {
            1 => "tmerc",
            7 => "merc",
            8 | 9 => "lcc",
            10 => "laea",
            11 => "aea",
            12 => "aeqd",
            15 => "stere",
            17 => "eqc",
            24 => "sinu",
            28 => "cea",
            other => {
                return Err(format!(
                    "the projection with the GeoTIFF code {other} is not known here"
                ));
            }
        };
        let of = |keys: &[u16]| {
            keys.iter().find_map(|key| self.doubles.get(key).copied()).unwrap_or(0.0)
        };
        let mut words = vec![
            format!("+proj={name}"),
            format!("+lat_0={}", of(&[3081, 3085, 3089])),
            format!("+lon_0={}", of(&[3080, 3084, 3088, 3095])),
            format!("+x_0={}", of(&[3082, 3086, 3090])),
            format!("+y_0={}", of(&[3083, 3087, 3091])),
        ];
        if matches!(method, 8 | 11) {
            words.push(format!("+lat_1={} +lat_2={}", of(&[3078]), of(&[3079])));
        }
        words.extend(self.doubles.get(&3092).map(|scale| format!("+k_0={scale}")));
        words.push(self.datum()?);
        words.push("+units=m +no_defs".to_owned());
        Ok(words.join(" "))
    }

    fn datum(&self) -> Result<String, String> {
        if let Some(code) = self.number(2048).filter(|&code| code != USER_DEFINED) {
            let known = crate::crs::datum_of_epsg(code.into()).ok_or("its datum is not known")?;
            return Ok(known.to_owned());
        }
        let of = |key: u16| self.doubles.get(&key);
        Ok(match (of(2057), of(2058), of(2059)) {
            (Some(major), Some(minor), _) => format!("+a={major} +b={minor}"),
            (Some(major), None, Some(flattening)) => format!("+a={major} +rf={flattening}"),
            (Some(major), None, None) => format!("+a={major} +b={major}"),
            _ => "+datum=WGS84".to_owned(),
        })
    }
}

fn ellipsoid(code: u16) -> Option<&'static str> {
    match code {
        7008 => Some("Clarke 1866"),
        7012 => Some("Clarke 1880"),
        7019 => Some("GRS 1980"),
        7022 => Some("International 1924"),
        7030 => Some("WGS 84"),
        7004 => Some("Bessel 1841"),
        _ => None,
    }
}

/// Files that name no ellipsoid still give its semi-major axis, metres.
fn ellipsoid_of_axis(axis: f64) -> Option<&'static str> {
    let known = [
        (6_378_206.4, "Clarke 1866"),
        (6_378_388.0, "International 1924"),
        (6_377_397.155, "Bessel 1841"),
        (6_371_007.181, "a sphere"),
    ];
    known.iter().find(|(known, _)| (known - axis).abs() < 0.01).map(|(_, name)| *name)
}
