//! Shapes as the file keeps them: ISO WKB, little-endian, longitude first.

use geo::{BoundingRect, CoordsIter};
use geo_traits::to_geo::ToGeoGeometry;
use geo_types::{Geometry, Rect};
use wkb::{Endianness, writer::WriteOptions};

/// `None` where the geometry is of a kind that WKB has no word for.
pub fn to_wkb(geometry: &Geometry<f64>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let options = WriteOptions { endianness: Endianness::LittleEndian };
    wkb::writer::write_geometry(&mut bytes, geometry, &options).ok()?;
    Some(bytes)
}

/// `None` where the bytes are no WKB, or an empty point.
pub fn from_wkb(bytes: &[u8]) -> Option<Geometry<f64>> {
    wkb::reader::read_wkb(bytes).ok()?.try_to_geometry()
}

/// The box around a geometry of which every number is a place on the globe; `None` of any other.
pub(crate) fn bounds(geometry: &Geometry<f64>) -> Option<Rect<f64>> {
    let globe = |at: geo_types::Coord<f64>| {
        (-180.0..=180.0).contains(&at.x) && (-90.0..=90.0).contains(&at.y)
    };
    geometry.coords_iter().all(globe).then(|| geometry.bounding_rect()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{LineString, MultiPolygon, Point, Polygon, point};

    #[test]
    fn a_shape_is_read_as_it_was_written() {
        let ring: LineString = vec![(12.0, 41.0), (13.0, 41.0), (12.5, 42.0), (12.0, 41.0)].into();
        let polygon = Polygon::new(ring.clone(), Vec::new());
        let shapes: [Geometry<f64>; 4] = [
            Point::new(12.4853, 41.8925).into(),
            ring.into(),
            polygon.clone().into(),
            MultiPolygon(vec![polygon]).into(),
        ];
        for shape in shapes {
            assert_eq!(from_wkb(&to_wkb(&shape).unwrap()), Some(shape));
        }
        assert_eq!(from_wkb(&to_wkb(&point!(x: 1.0, y: 2.0).into()).unwrap()[..20]), None);
        assert_eq!(bounds(&Point::new(181.0, 0.0).into()), None);
        assert_eq!(bounds(&Point::new(f64::NAN, 0.0).into()), None);
    }
}
