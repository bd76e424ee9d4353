//! Which zones touch a box, on the plane of longitude and latitude that GeoJSON's clients draw on.

use tessera_grid::{BBox, Position, Resolution, Zone};

/// Corners of a zone lie within this many mean edge lengths of its centre; H3's zones vary in size.
const REACH_EDGES: f64 = 1.6;
const KM_PER_DEGREE: f64 = 111.195;

/// The box grown so far that every zone that touches it is centred in the result.
pub(crate) fn grown(bbox: BBox, resolution: Resolution) -> BBox {
    let reach_km = REACH_EDGES * resolution.spacing_km() / 3f64.sqrt();
    let north = reach_km / KM_PER_DEGREE;
    let highest = (bbox.north().abs().max(bbox.south().abs()) + north).min(89.0);
    let east = north / highest.to_radians().cos();
    BBox::new(
        (bbox.west() - east).max(-180.0),
        (bbox.south() - north).max(-90.0),
        (bbox.east() + east).min(180.0),
        (bbox.north() + north).min(90.0),
    )
    .unwrap_or(bbox)
}

/// Whether the zone's polygon and the box have a point in common.
pub(crate) fn touches(zone: Zone, bbox: BBox) -> bool {
    bbox.contains(zone.centre()) || polygon_meets_box(&zone.boundary(), bbox)
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
        let found = zones_in(grown(bbox, Resolution::FIVE), Resolution::FIVE);
        assert_eq!(found.iter().filter(|zone| touches(**zone, bbox)).count(), 3);
    }

    #[test]
    fn growing_by_the_reach_loses_no_zone_that_touches() {
        for (west, south) in [(-11.0, 5.0), (12.0, 41.0), (80.0, 58.0)] {
            let bbox = BBox::new(west, south, west + 0.7, south + 0.4).unwrap();
            let touching = |zones: Vec<Zone>| -> Vec<Zone> {
                zones.into_iter().filter(|zone| touches(*zone, bbox)).collect()
            };
            let near = touching(zones_in(grown(bbox, Resolution::FIVE), Resolution::FIVE));
            let far = BBox::new(west - 2.0, south - 2.0, west + 3.0, south + 3.0).unwrap();
            assert_eq!(near, touching(zones_in(far, Resolution::FIVE)));
        }
    }
}
