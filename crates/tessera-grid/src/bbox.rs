//! A box in longitude and latitude, as OGC writes it: `west,south,east,north`.

use crate::Position;
use geo::Intersects;
use geo_types::{Geometry, Rect};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Degrees; `west < east` and `south < north`, all within the globe.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "[f64; 4]", into = "[f64; 4]")]
pub struct BBox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BBoxError {
    #[error("a bbox is four numbers, west,south,east,north, in degrees; got {0:?}")]
    Shape(String),
    #[error("bbox {0:?}: west must be less than east, both within -180..180")]
    Longitudes([f64; 4]),
    #[error("bbox {0:?}: south must be less than north, both within -90..90")]
    Latitudes([f64; 4]),
}

impl BBox {
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, BBoxError> {
        let raw = [west, south, east, north];
        let globe = -180.0..=180.0;
        if !(west < east && globe.contains(&west) && globe.contains(&east)) {
            return Err(BBoxError::Longitudes(raw));
        }
        let poles = -90.0..=90.0;
        if !(south < north && poles.contains(&south) && poles.contains(&north)) {
            return Err(BBoxError::Latitudes(raw));
        }
        Ok(Self { west, south, east, north })
    }

    pub const fn west(self) -> f64 {
        self.west
    }
    pub const fn south(self) -> f64 {
        self.south
    }
    pub const fn east(self) -> f64 {
        self.east
    }
    pub const fn north(self) -> f64 {
        self.north
    }

    /// Edges belong to the box.
    pub fn contains(self, position: Position) -> bool {
        (self.west..=self.east).contains(&position.longitude())
            && (self.south..=self.north).contains(&position.latitude())
    }

    /// Whether a shape has a point in the box: its own lines and areas are asked, not the rectangle around them.
    pub fn meets(self, shape: &Geometry<f64>) -> bool {
        shape.intersects(&Rect::new((self.west, self.south), (self.east, self.north)))
    }

    /// What both hold, or `None` where they do not overlap.
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(
            self.west.max(other.west),
            self.south.max(other.south),
            self.east.min(other.east),
            self.north.min(other.north),
        )
        .ok()
    }
}

impl TryFrom<[f64; 4]> for BBox {
    type Error = BBoxError;
    fn try_from([west, south, east, north]: [f64; 4]) -> Result<Self, BBoxError> {
        Self::new(west, south, east, north)
    }
}

impl From<BBox> for [f64; 4] {
    fn from(bbox: BBox) -> Self {
        [bbox.west, bbox.south, bbox.east, bbox.north]
    }
}

impl FromStr for BBox {
    type Err = BBoxError;
    fn from_str(text: &str) -> Result<Self, BBoxError> {
        let numbers: Result<Vec<f64>, _> =
            text.split(',').map(|part| part.trim().parse()).collect();
        match numbers.as_deref() {
            Ok(&[west, south, east, north]) => Self::new(west, south, east, north),
            _ => Err(BBoxError::Shape(text.to_owned())),
        }
    }
}

impl fmt::Display for BBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},{}", self.west, self.south, self.east, self.north)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Polygon, line_string, polygon};

    #[test]
    fn a_bbox_reads_and_writes_the_ogc_form() {
        let bbox: BBox = "-12, 4,82,60".parse().unwrap();
        assert_eq!(bbox, BBox::new(-12.0, 4.0, 82.0, 60.0).unwrap());
        assert_eq!(bbox.to_string(), "-12,4,82,60");
    }

    #[test]
    fn a_bbox_that_is_no_box_is_refused_with_its_reason() {
        assert_eq!("1,2,3".parse::<BBox>(), Err(BBoxError::Shape("1,2,3".to_owned())));
        assert_eq!("5,0,1,1".parse::<BBox>(), Err(BBoxError::Longitudes([5.0, 0.0, 1.0, 1.0])));
        assert_eq!("0,5,1,1".parse::<BBox>(), Err(BBoxError::Latitudes([0.0, 5.0, 1.0, 1.0])));
        assert!("NaN,0,1,1".parse::<BBox>().is_err());
    }

    /// The rectangles around all of them meet the box.
    #[test]
    fn a_shape_meets_a_box_by_its_own_lines_and_areas() {
        let bbox = BBox::new(0.0, 0.0, 10.0, 10.0).unwrap();
        let meets = |shape: Geometry<f64>| bbox.meets(&shape);
        assert!(meets(line_string![(x: -5.0, y: 4.0), (x: 15.0, y: 6.0)].into()));
        assert!(meets(line_string![(x: 10.0, y: 20.0), (x: 10.0, y: 10.0)].into()));
        assert!(!meets(line_string![(x: -5.0, y: 8.0), (x: 4.0, y: 20.0)].into()));
        assert!(!meets(
            line_string![(x: -5.0, y: 5.0), (x: -5.0, y: 15.0), (x: 5.0, y: 15.0)].into()
        ));
        let about = polygon![(x: -9.0, y: -9.0), (x: 19.0, y: -9.0), (x: 19.0, y: 19.0), (x: -9.0, y: 19.0)];
        let hole = line_string![(x: -1.0, y: -1.0), (x: 11.0, y: -1.0), (x: 11.0, y: 11.0), (x: -1.0, y: 11.0)];
        assert!(meets(about.clone().into()));
        assert!(!meets(Polygon::new(about.exterior().clone(), vec![hole]).into()));
    }

    #[test]
    fn boxes_that_do_not_overlap_have_no_intersection() {
        let west = BBox::new(0.0, 0.0, 1.0, 1.0).unwrap();
        let east = BBox::new(2.0, 0.0, 3.0, 1.0).unwrap();
        assert_eq!(west.intersection(east), None);
        assert_eq!(west.intersection(west), Some(west));
    }
}
