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

/// The descendants of a zone, from the first to the last, both among them, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneRange {
    pub zone: Zone,
    pub first: Zone,
    pub last: Zone,
    /// Every one of them is centred in the box; otherwise each has to be asked.
    pub inside: bool,
}

/// Ranges of zones of `resolution` that together hold every zone centred in `bbox`, and some beside it:
/// for an index scan. Ascending, disjoint.
///
/// `coarse` is the resolution of the zones that follow the box's edge; the ranges grow fewer and wider as
/// it falls. Their number grows with the edge, not with the area.
pub fn zone_ranges_in(bbox: BBox, coarse: Resolution, resolution: Resolution) -> Vec<ZoneRange> {
    let mut covering = Vec::new();
    for base in Zone::base_zones() {
        cover(base, bbox, coarse.min(resolution), &mut covering);
    }
    let ends = |(zone, inside): (Zone, bool)| {
        let (first, last) = zone.descendant_ends(resolution);
        ZoneRange { zone, first, last, inside }
    };
    let mut found: Vec<ZoneRange> = covering.into_iter().map(ends).collect();
    found.sort_unstable_by_key(|range| range.first);
    found
}

fn cover(zone: Zone, bbox: BBox, coarse: Resolution, found: &mut Vec<(Zone, bool)>) {
    let (centre, reach) = circle(zone);
    if distance_to_box_km(centre, bbox) > reach {
        return;
    }
    if holds_circle(bbox, centre, reach) {
        found.push((zone, true));
    } else if zone.resolution() == coarse {
        found.push((zone, false));
    } else if let Some(finer) = zone.resolution().finer() {
        for child in zone.descendants(finer) {
            cover(child, bbox, coarse, found);
        }
    }
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
    let (centre, reach) = circle(zone);
    distance_to_box_km(centre, bbox) <= reach
}

/// A circle that holds the centres of all descendants of a zone: its middle, and its radius in kilometres.
fn circle(zone: Zone) -> (Position, f64) {
    let centre = zone.centre();
    let corners = zone.boundary().into_iter().map(|corner| corner.distance_km(centre));
    (centre, DESCENDANT_REACH * corners.fold(0.0, f64::max))
}

/// Whether a whole circle lies in the box; may say no of one that barely does.
fn holds_circle(bbox: BBox, centre: Position, reach_km: f64) -> bool {
    if !bbox.contains(centre) {
        return false;
    }
    let reach = reach_km / EARTH_RADIUS_KM;
    let (lat, lon) = (centre.latitude().to_radians(), centre.longitude());
    let to_north = bbox.north().to_radians() - lat;
    let to_south = lat - bbox.south().to_radians();
    // A box that ends at a pole has no edge there.
    let clear_north = bbox.north() >= 90.0 || to_north > reach;
    let clear_south = bbox.south() <= -90.0 || to_south > reach;
    let all_round = bbox.west() <= -180.0 && bbox.east() >= 180.0;
    let to_edge = |edge: f64| {
        let delta = (lon - edge).to_radians();
        let to_pole = std::f64::consts::FRAC_PI_2 - lat.abs();
        if delta.cos() <= 0.0 { to_pole } else { (lat.cos() * delta.sin().abs()).asin() }
    };
    clear_north
        && clear_south
        && (all_round || to_edge(bbox.west()).min(to_edge(bbox.east())) > reach)
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

    #[test]
    fn the_ranges_of_a_box_grow_with_its_edge_and_not_with_its_area() {
        let three = Resolution::try_from(3).unwrap();
        let world = BBox::new(-12.0, 4.0, 82.0, 60.0).unwrap();
        let ranges = zone_ranges_in(world, three, Resolution::try_from(7).unwrap());
        assert!(ranges.len() < 2_000, "{}", ranges.len());
        let globe = BBox::new(-180.0, -90.0, 180.0, 90.0).unwrap();
        let all = zone_ranges_in(globe, three, three);
        assert!(all.iter().all(|range| range.inside) && all.len() <= 122, "{}", all.len());
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
            prop_assert!(ranges.windows(2).all(|pair| pair[0].last < pair[1].first));
            let holds = |range: &ZoneRange, zone: &Zone| (range.first..=range.last).contains(zone);
            prop_assert!(all.iter().all(|zone| ranges.iter().any(|range| holds(range, zone))));
            let beside = zones_in(globe, three).into_iter().filter(|zone| !bbox.contains(zone.centre()));
            for zone in beside {
                prop_assert!(!ranges.iter().any(|range| range.inside && holds(range, &zone)));
            }
        }
    }
}
