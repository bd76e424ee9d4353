//! The shape of a zone on the plane of longitude and latitude that GeoJSON's clients draw on, and which
//! zones touch a box there. A zone that the antimeridian cuts is two shapes, one on either side.

use geo::Intersects;
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon, Rect};
use tessera_grid::{BBox, Position, Resolution, Zone};

/// A point and a line have no box that a box can be asked with; they get one as wide as a centimetre.
pub(crate) const POINT_DEGREES: f64 = 1e-7;
/// Corners of a zone lie within this many mean edge lengths of its centre; H3's zones vary in size.
const REACH_EDGES: f64 = 1.6;
const KM_PER_DEGREE: f64 = 111.195;

/// The box grown so far that every zone that touches it is centred in one of the results.
pub(crate) fn grown(bbox: BBox, resolution: Resolution) -> Vec<BBox> {
    let north = reach_degrees(resolution);
    let highest = (bbox.north().abs().max(bbox.south().abs()) + north).min(89.0);
    let east = north / highest.to_radians().cos();
    let (west, east) = (bbox.west() - east, bbox.east() + east);
    let (low, high) = ((bbox.south() - north).max(-90.0), (bbox.north() + north).min(90.0));
    if east - west >= 360.0 {
        return BBox::new(-180.0, low, 180.0, high).into_iter().collect();
    }
    let beside =
        [(west.max(-180.0), east.min(180.0)), (west + 360.0, 180.0), (-180.0, east - 360.0)];
    // A side that the box does not reach is no box.
    beside.into_iter().filter_map(|(west, east)| BBox::new(west, low, east, high).ok()).collect()
}

fn reach_degrees(resolution: Resolution) -> f64 {
    REACH_EDGES * resolution.spacing_km() / 3f64.sqrt() / KM_PER_DEGREE
}

/// How many zones lie in a box, roughly.
pub(crate) fn about_zones(bbox: BBox, resolution: Resolution) -> f64 {
    let height = (bbox.north() - bbox.south()) * KM_PER_DEGREE;
    let middle = f64::midpoint(bbox.north(), bbox.south()).to_radians().cos();
    let width = (bbox.east() - bbox.west()) * KM_PER_DEGREE * middle;
    let zone = resolution.spacing_km().powi(2) * 3f64.sqrt() / 2.0;
    height * width / zone
}

/// Whether the zone's shape and the box have a point in common.
pub(crate) fn touches(zone: Zone, bbox: BBox) -> bool {
    if bbox.contains(zone.centre()) {
        return true;
    }
    let corners = zone.boundary();
    if !is_cut(&corners) {
        return polygon_meets_box(&corners, bbox);
    }
    let at = |x, y| Coord { x, y };
    let rect = Rect::new(at(bbox.west(), bbox.south()), at(bbox.east(), bbox.north()));
    outline(zone).intersects(&rect)
}

/// The zone as a polygon, or as two where the antimeridian cuts it; around a pole, up to its latitude.
pub(crate) fn outline(zone: Zone) -> Geometry<f64> {
    let corners = zone.boundary();
    let plain = |corners: &[Position]| -> Vec<Coord<f64>> {
        corners.iter().map(|at| Coord { x: at.longitude(), y: at.latitude() }).collect()
    };
    if !is_cut(&corners) {
        return closed(plain(&corners)).into();
    }
    if holds_a_pole(&corners) {
        return around_pole(plain(&corners)).into();
    }
    // East of Greenwich throughout, so that the cut is at 180.
    let mut east = plain(&corners);
    east.iter_mut().filter(|at| at.x < 0.0).for_each(|at| at.x += 360.0);
    let west_part = clipped(&east, |x| 180.0 - x);
    let mut east_part = clipped(&east, |x| x - 180.0);
    for at in &mut east_part {
        at.x -= 360.0;
    }
    let parts = [west_part, east_part].into_iter().filter(|part| part.len() >= 3);
    MultiPolygon(parts.map(closed).collect()).into()
}

/// Neighbouring corners half a globe apart are neighbours across the antimeridian.
fn is_cut(corners: &[Position]) -> bool {
    let next = corners.iter().cycle().skip(1);
    corners.iter().zip(next).any(|(a, b)| (a.longitude() - b.longitude()).abs() > 180.0)
}

/// Going round its corners is going round the globe.
fn holds_a_pole(corners: &[Position]) -> bool {
    let next = corners.iter().cycle().skip(1);
    let turn: f64 = corners
        .iter()
        .zip(next)
        .map(|(a, b)| (b.longitude() - a.longitude() + 540.0).rem_euclid(360.0) - 180.0)
        .sum();
    turn.abs() > 180.0
}

fn around_pole(mut corners: Vec<Coord<f64>>) -> Polygon<f64> {
    corners.sort_by(|a, b| a.x.total_cmp(&b.x));
    let north = corners.iter().map(|at| at.y).sum::<f64>() > 0.0;
    let pole = if north { 90.0 } else { -90.0 };
    // On the antimeridian, the height between its two neighbours is near enough.
    let edge = match (corners.first(), corners.last()) {
        (Some(first), Some(last)) => f64::midpoint(first.y, last.y),
        _ => pole,
    };
    let at = |x: f64, y: f64| Coord { x, y };
    let mut ring = vec![at(-180.0, edge)];
    ring.append(&mut corners);
    ring.extend([at(180.0, edge), at(180.0, pole), at(-180.0, pole)]);
    if !north {
        ring.reverse();
    }
    closed(ring)
}

/// The part of a convex ring where `inside` is not negative.
fn clipped(ring: &[Coord<f64>], inside: impl Fn(f64) -> f64) -> Vec<Coord<f64>> {
    let mut kept = Vec::new();
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (from, to) = (inside(a.x), inside(b.x));
        if from >= 0.0 {
            kept.push(*a);
        }
        if (from > 0.0 && to < 0.0) || (from < 0.0 && to > 0.0) {
            let share = from / (from - to);
            kept.push(Coord { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) });
        }
    }
    kept
}

fn closed(ring: Vec<Coord<f64>>) -> Polygon<f64> {
    Polygon::new(LineString(ring), Vec::new())
}

/// Two convex shapes are apart when some edge of either has the other wholly on its far side.
fn polygon_meets_box(corners: &[Position], bbox: BBox) -> bool {
    let outside = |apart: &dyn Fn(&Position) -> bool| corners.iter().all(apart);
    if outside(&|p| p.longitude() < bbox.west())
        || outside(&|p| p.longitude() > bbox.east())
        || outside(&|p| p.latitude() < bbox.south())
        || outside(&|p| p.latitude() > bbox.north())
    {
        return false;
    }
    let box_corners = [
        (bbox.west(), bbox.south()),
        (bbox.east(), bbox.south()),
        (bbox.east(), bbox.north()),
        (bbox.west(), bbox.north()),
    ];
    let next = corners.iter().cycle().skip(1);
    !corners.iter().zip(next).any(|(a, b)| {
        let (dx, dy) = (b.longitude() - a.longitude(), b.latitude() - a.latitude());
        // Corners run counter-clockwise: what lies to the right of an edge is outside.
        box_corners.iter().all(|(x, y)| dx * (y - a.latitude()) - dy * (x - a.longitude()) < 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tessera_grid::zones_in;

    fn rome() -> Zone {
        Zone::at(Position::new(41.8925, 12.4853).unwrap(), Resolution::FIVE)
    }

    fn near(bbox: BBox) -> Vec<Zone> {
        let parts = grown(bbox, Resolution::FIVE).into_iter();
        parts.flat_map(|part| zones_in(part, Resolution::FIVE)).collect()
    }

    fn polygons(zone: Zone) -> Vec<Polygon<f64>> {
        match outline(zone) {
            Geometry::Polygon(polygon) => vec![polygon],
            Geometry::MultiPolygon(polygons) => polygons.0,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_zone_on_the_antimeridian_is_two_shapes_that_touch_boxes_on_both_sides() {
        let zone = Zone::at(Position::new(10.0, 180.0).unwrap(), Resolution::FIVE);
        let parts = polygons(zone);
        assert_eq!(parts.len(), 2);
        for part in &parts {
            let (west, east) = part
                .exterior()
                .0
                .iter()
                .fold((180.0_f64, -180.0_f64), |(w, e), at| (w.min(at.x), e.max(at.x)));
            assert!(east - west < 1.0, "{part:?}");
            assert!(west <= -180.0 || east >= 180.0, "{part:?}");
        }
        for (west, east) in [(179.0, 180.0), (-180.0, -179.0)] {
            let bbox = BBox::new(west, 9.9, east, 10.1).unwrap();
            assert!(touches(zone, bbox));
            assert!(near(bbox).contains(&zone), "{bbox}");
        }
        assert!(!touches(zone, BBox::new(0.0, 9.9, 1.0, 10.1).unwrap()));
    }

    #[test]
    fn the_shapes_of_all_coarse_zones_together_are_the_globe_once() {
        use geo::Area;
        let all = zones_in(
            BBox::new(-180.0, -90.0, 180.0, 90.0).unwrap(),
            Resolution::try_from(2).unwrap(),
        );
        let area: f64 = all.into_iter().flat_map(polygons).map(|p| p.signed_area()).sum();
        assert!((area / (360.0 * 180.0) - 1.0).abs() < 0.01, "{area}");
    }

    #[test]
    fn a_box_inside_a_zone_a_box_around_it_and_a_box_on_its_corner_touch_it() {
        let centre = rome().centre();
        let around = |west: f64, south: f64, east: f64, north: f64| {
            let (lon, lat) = (centre.longitude(), centre.latitude());
            BBox::new(lon + west, lat + south, lon + east, lat + north).unwrap()
        };
        assert!(touches(rome(), around(0.01, 0.01, 0.02, 0.02)));
        assert!(touches(rome(), around(-1.0, -1.0, 1.0, 1.0)));
        let corner = rome().boundary()[0];
        let (lon, lat) = (corner.longitude(), corner.latitude());
        let on_corner = BBox::new(lon - 1e-6, lat - 1e-6, lon + 1e-6, lat + 1e-6).unwrap();
        assert!(touches(rome(), on_corner));
        assert!(!touches(rome(), around(0.5, -1.0, 1.0, 1.0)));
    }

    #[test]
    fn the_three_zones_around_a_corner_touch_a_tiny_box_on_it_and_no_other_does() {
        let corner = rome().boundary()[2];
        let (lon, lat) = (corner.longitude(), corner.latitude());
        let bbox = BBox::new(lon - 1e-6, lat - 1e-6, lon + 1e-6, lat + 1e-6).unwrap();
        let found = near(bbox);
        assert_eq!(found.iter().filter(|zone| touches(**zone, bbox)).count(), 3);
    }

    #[test]
    fn growing_by_the_reach_loses_no_zone_that_touches() {
        for (west, south) in [(-11.0, 5.0), (12.0, 41.0), (80.0, 58.0)] {
            let bbox = BBox::new(west, south, west + 0.7, south + 0.4).unwrap();
            let touching = |zones: Vec<Zone>| -> Vec<Zone> {
                zones.into_iter().filter(|zone| touches(*zone, bbox)).collect()
            };
            let near = touching(near(bbox));
            let far = BBox::new(west - 2.0, south - 2.0, west + 3.0, south + 3.0).unwrap();
            assert_eq!(near, touching(zones_in(far, Resolution::FIVE)));
        }
    }
}
