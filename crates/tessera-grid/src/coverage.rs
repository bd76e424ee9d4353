//! Which zones a bounding box covers: those whose centre lies in it.
//!
//! Found by descent from the 122 base zones, dropping every branch whose bounding circle misses the
//! box; so poles and pentagons need no case of their own, and no zone is listed twice.

use crate::{BBox, Position, Resolution, Zone, position::EARTH_RADIUS_KM};

/// Descendants of an H3 cell stick out of it: their centres lie within this many circumradii.
const DESCENDANT_REACH: f64 = 1.3;

/// The zones of `resolution` whose centre lies in `bbox`, ascending.
pub fn zones_in(bbox: BBox, resolution: Resolution) -> Vec<Zone> {
    let mut zones = Vec::new();
    for base in Zone::base_zones() {
        descend(base, bbox, resolution, &mut |zone| zones.push(zone));
    }
    zones.retain(|zone| bbox.contains(zone.centre()));
    zones.sort_unstable();
    zones
}

/// Inclusive ranges of zones of `resolution` that together hold every zone centred in `bbox`, and
/// some beside it: for an index scan whose rows are then tested one by one. Ascending, disjoint.
///
/// `coarse` is the resolution of the covering zones; the ranges grow fewer and wider as it falls.
pub fn zone_ranges_in(bbox: BBox, coarse: Resolution, resolution: Resolution) -> Vec<(Zone, Zone)> {
    let mut covering = Vec::new();
    for base in Zone::base_zones() {
        descend(base, bbox, coarse.min(resolution), &mut |zone| covering.push(zone));
    }
    covering.sort_unstable();
    let mut ranges: Vec<(Zone, Zone)> = Vec::new();
    for zone in covering {
        let mut ends = zone.descendants(resolution);
        let Some(first) = ends.next() else { continue };
        let last = ends.last().unwrap_or(first);
        ranges.push((first, last));
    }
    ranges
}

fn descend(zone: Zone, bbox: BBox, resolution: Resolution, found: &mut impl FnMut(Zone)) {
    if !may_hold_centres_in(zone, bbox) {
        return;
    }
    if zone.resolution() == resolution {
        found(zone);
    } else if let Some(finer) = zone.resolution().finer() {
        for child in zone.descendants(finer) {
            descend(child, bbox, resolution, found);
        }
    }
}

fn may_hold_centres_in(zone: Zone, bbox: BBox) -> bool {
    let centre = zone.centre();
    let reach = DESCENDANT_REACH
        * zone.boundary().into_iter().map(|corner| corner.distance_km(centre)).fold(0.0, f64::max);
    distance_to_box_km(centre, bbox) <= reach
}

/// A lower bound of the distance from a position to a box, kilometres; 0 inside.
fn distance_to_box_km(position: Position, bbox: BBox) -> f64 {
    let north_south = (bbox.south() - position.latitude())
        .max(position.latitude() - bbox.north())
        .max(0.0)
        .to_radians();
    let lat = position.latitude().to_radians();
    // The nearest meridian edge, as a great circle: sin d = cos lat · sin Δlon, and no nearer than that.
    let east_west = if (bbox.west()..=bbox.east()).contains(&position.longitude()) {
        0.0
    } else {
        let to_edge = |edge: f64| {
            let delta = (position.longitude() - edge).to_radians();
            if delta.cos() <= 0.0 { f64::INFINITY } else { (lat.cos() * delta.sin().abs()).asin() }
        };
        let nearest = to_edge(bbox.west()).min(to_edge(bbox.east()));
        // Across a pole either edge may be nearer than the meridian through it says.
        nearest.min(std::f64::consts::FRAC_PI_2 - lat.abs())
    };
    north_south.max(east_west) * EARTH_RADIUS_KM
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_whole_globe_is_covered_once() {
        let globe = BBox::new(-180.0, -90.0, 180.0, 90.0).unwrap();
        let zones = zones_in(globe, Resolution::try_from(2).unwrap());
        assert_eq!(zones.len(), 5_882); // H3's own count at resolution 2
    }

    #[test]
    fn the_default_world_has_two_hundred_thousand_zones() {
        let world = BBox::new(-12.0, 4.0, 82.0, 60.0).unwrap();
        let zones = zones_in(world, Resolution::FIVE);
        let area: f64 = zones.iter().map(|zone| zone.area_km2()).sum();
        // R² Δλ (sin 60° - sin 4°)
        let expected = EARTH_RADIUS_KM.powi(2)
            * 94f64.to_radians()
            * (60f64.to_radians().sin() - 4f64.to_radians().sin());
        assert!((area / expected - 1.0).abs() < 1e-3, "{area} km2 against {expected} km2");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn coverage_agrees_with_asking_every_zone(
            west in -180.0..170.0f64, south in -90.0..85.0f64, width in 0.5..60.0f64, height in 0.5..40.0f64,
        ) {
            let bbox = BBox::new(west, south, (west + width).min(180.0), (south + height).min(90.0)).unwrap();
            let three = Resolution::try_from(3).unwrap();
            let globe = BBox::new(-180.0, -90.0, 180.0, 90.0).unwrap();
            let all: Vec<Zone> =
                zones_in(globe, three).into_iter().filter(|zone| bbox.contains(zone.centre())).collect();
            prop_assert_eq!(&zones_in(bbox, three), &all);
            let ranges = zone_ranges_in(bbox, Resolution::try_from(1).unwrap(), three);
            prop_assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0));
            prop_assert!(all.iter().all(|zone| ranges.iter().any(|(first, last)| (first..=last).contains(&zone))));
        }
    }
}
