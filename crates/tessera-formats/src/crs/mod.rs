//! Coordinate systems, brought to longitude and latitude of WGS 84.
//!
//! A system comes from a `.prj` (well-known text), an EPSG code or a PROJ string; `proj4rs` does the arithmetic.
//! Datum shifts are the three-parameter ones of each datum as a whole: within some ten metres for European
//! data, which is finer than any zone here. Grids of shifts are not read.

mod codes;
mod wkt;

pub(crate) use codes::datum_of_epsg;

use crate::error::Note;
use proj4rs::Proj;

/// Why coordinates cannot be brought to WGS 84.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrsError {
    #[error("its coordinate system EPSG:{code} is not known here")]
    UnknownCode { code: u32 },
    #[error("its coordinate system cannot be read: {reason}")]
    Broken { reason: String },
    #[error("its projection {name:?} is not known here")]
    UnknownProjection { name: String },
}

/// A coordinate system.
pub struct Crs {
    name: String,
    /// `None` where coordinates are longitude and latitude of WGS 84 already, or are taken so.
    transform: Option<Box<(Proj, Proj)>>,
    notes: Vec<Note>,
}

impl std::fmt::Debug for Crs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crs").field("name", &self.name).finish_non_exhaustive()
    }
}

const WGS84: &str = "+proj=longlat +datum=WGS84 +no_defs";

impl Crs {
    /// Longitude and latitude of WGS 84, degrees.
    pub fn wgs84() -> Self {
        Self { name: "EPSG:4326".to_owned(), transform: None, notes: Vec::new() }
    }

    /// Longitude and latitude on a datum of its own that nothing ties to WGS 84; taken as WGS 84.
    pub(crate) fn unnamed_datum(ellipsoid: &str) -> Self {
        let sentence = format!(
            "its longitudes and latitudes lie on an unnamed datum ({ellipsoid}); they are taken as WGS 84, \
             which can be wrong by some hundred metres"
        );
        Self {
            name: format!("longitude and latitude on {ellipsoid}"),
            transform: None,
            notes: vec![Note::new("datum_unknown", sentence)],
        }
    }

    /// From the text of a `.prj`.
    pub fn from_wkt(text: &str) -> Result<Self, CrsError> {
        let meaning = wkt::read(text)?;
        let mut crs = match meaning.proj {
            Some(proj) => Self::from_proj(&proj)?,
            None => Self::wgs84(),
        };
        crs.name = meaning.name;
        crs.notes.extend(meaning.note);
        Ok(crs)
    }

    /// From an EPSG code: geographic ones, UTM, web Mercator and the grids of Europe.
    pub fn from_epsg(code: u32) -> Result<Self, CrsError> {
        let proj = codes::proj_of_epsg(code).ok_or(CrsError::UnknownCode { code })?;
        let mut crs = if proj == WGS84 { Self::wgs84() } else { Self::from_proj(&proj)? };
        crs.name = format!("EPSG:{code}");
        Ok(crs)
    }

    /// From a PROJ string, `+proj=lcc +lat_1=43 …`.
    pub fn from_proj(text: &str) -> Result<Self, CrsError> {
        let broken = |error: proj4rs::errors::Error| CrsError::Broken { reason: error.to_string() };
        let from = Proj::from_proj_string(text).map_err(broken)?;
        let to = Proj::from_proj_string(WGS84).map_err(broken)?;
        Ok(Self { name: text.to_owned(), transform: Some(Box::new((from, to))), notes: Vec::new() })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether coordinates are read as they stand.
    pub const fn is_plain(&self) -> bool {
        self.transform.is_none()
    }

    pub(crate) fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Coordinates x, y into longitude, latitude, degrees; NaN where a point cannot be brought there.
    pub fn to_wgs84(&self, points: &mut [(f64, f64)]) {
        if let Some(both) = &self.transform {
            carry(&both.0, &both.1, points);
        }
    }

    /// Longitude, latitude into coordinates x, y.
    #[expect(
        clippy::wrong_self_convention,
        reason = "the counterpart of to_wgs84, named from the caller's side"
    )]
    pub(crate) fn from_wgs84(&self, points: &mut [(f64, f64)]) {
        if let Some(both) = &self.transform {
            carry(&both.1, &both.0, points);
        }
    }
}

/// Point by point, so that one that fails spoils no other.
fn carry(from: &Proj, to: &Proj, points: &mut [(f64, f64)]) {
    for point in points {
        let mut carried = (point.0, point.1, 0.0);
        if from.is_latlong() {
            carried = (carried.0.to_radians(), carried.1.to_radians(), 0.0);
        }
        let finite = carried.0.is_finite() && carried.1.is_finite();
        *point = match proj4rs::transform::transform(from, to, &mut carried) {
            Ok(()) if finite && to.is_latlong() => (carried.0.to_degrees(), carried.1.to_degrees()),
            Ok(()) if finite => (carried.0, carried.1),
            _ => (f64::NAN, f64::NAN),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn far(a: (f64, f64), b: (f64, f64)) -> f64 {
        let (dx, dy) = ((a.0 - b.0) * b.1.to_radians().cos(), a.1 - b.1);
        dx.hypot(dy) * 111_195.0
    }

    /// The zone's own false easting: its central meridian has x = 500 km.
    #[test]
    fn utm_puts_its_central_meridian_at_500_km() {
        let crs = Crs::from_epsg(32_633).unwrap();
        let mut points = vec![(500_000.0, 4_649_776.22)];
        crs.to_wgs84(&mut points);
        assert!(far(points[0], (15.0, 42.0)) < 1.0, "{points:?}");
    }

    #[test]
    fn there_and_back_is_the_same_point() {
        for code in [3857, 3035, 32_633, 23_033, 4230, 27_700] {
            let crs = Crs::from_epsg(code).unwrap();
            let mut points = vec![(12.4964, 41.9028)];
            crs.from_wgs84(&mut points);
            crs.to_wgs84(&mut points);
            assert!(far(points[0], (12.4964, 41.9028)) < 0.01, "EPSG:{code}: {points:?}");
        }
    }

    #[test]
    fn ed50_lies_a_hundred_and_some_metres_off() {
        let crs = Crs::from_epsg(4230).unwrap();
        let mut points = vec![(12.5, 41.9)];
        crs.to_wgs84(&mut points);
        let shift = far(points[0], (12.5, 41.9));
        assert!((80.0..200.0).contains(&shift), "{shift}");
    }

    #[test]
    fn a_system_that_is_not_known_is_said_by_its_code() {
        assert_eq!(Crs::from_epsg(99_999).unwrap_err(), CrsError::UnknownCode { code: 99_999 });
        assert!(matches!(Crs::from_proj("+proj=nonsense"), Err(CrsError::Broken { .. })));
    }
}
