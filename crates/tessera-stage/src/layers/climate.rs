//! Climate: the class that covers most of the land of a zone.

use crate::dense::Dense;
use crate::raster::Raster;
use crate::scan::{Rows, Span};
use std::collections::BTreeMap;
use tessera_grid::Zone;
use tessera_world::{Climate, Koppen, ProvenanceId, Surface, SurfaceKind};

pub const METHOD: &str = "The class that covers most of the zone, the sea left aside.";
pub const METHOD_NEAREST: &str = "The source has only sea here: the class of the nearest zone that has \
     one, at most three hundred kilometres away.";

/// How far an island too small for the picture may look for its climate: atolls lie that far from any land
/// that the picture knows.
const NEAREST_KM_MAX: f64 = 300.0;

/// Classes by number, and the number that stands for the sea.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legend {
    pub classes: BTreeMap<u8, Koppen>,
    pub sea: u8,
}

impl Legend {
    /// Whether a number of the raster means something.
    pub fn knows(&self, number: u8) -> bool {
        number == self.sea || self.classes.contains_key(&number)
    }
}

/// A raster of class numbers, ready to be asked zone by zone.
pub struct Classes<'a> {
    raster: &'a Raster<u8>,
    /// The class of each number; `None` for the sea and for what the legend does not name.
    named: [Option<Koppen>; 256],
    provenance: ProvenanceId,
}

impl<'a> Classes<'a> {
    pub fn new(raster: &'a Raster<u8>, legend: &Legend, provenance: ProvenanceId) -> Self {
        let mut named = [None; 256];
        for (&number, &class) in legend.classes.iter().filter(|(number, _)| **number != legend.sea)
        {
            named[usize::from(number)] = Some(class);
        }
        Self { raster, named, provenance }
    }

    /// The class of most of the zone; `None` where the raster has only sea, or nothing.
    pub fn fact(&self, rows: Rows, spans: &[Span]) -> Option<Climate> {
        let (number, _share) =
            dominant(self.raster, rows, spans, |number| self.named[usize::from(number)].is_some())?;
        Some(Climate { koppen: self.named[usize::from(number)]?, provenance: self.provenance })
    }
}

/// The number that covers most of a zone among those that `counts`, and its share of all that is covered.
/// Of equals the lower number, so that the answer does not depend on the order of asking.
pub fn dominant(
    raster: &Raster<u8>,
    rows: Rows,
    spans: &[Span],
    counts: impl Fn(u8) -> bool,
) -> Option<(u8, f64)> {
    // A zone holds a handful of classes: a short list is searched faster than 256 weights are cleared.
    let mut weights: Vec<(u8, f64)> = Vec::with_capacity(8);
    let mut all = 0.0;
    raster.under(rows, spans, |node| {
        all += node.weight;
        match weights.iter_mut().find(|(number, _)| *number == node.value) {
            Some((_, weight)) => *weight += node.weight,
            None => weights.push((node.value, node.weight)),
        }
    });
    weights
        .into_iter()
        .filter(|(number, _)| counts(*number))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(number, weight)| (number, weight / all))
}

/// Gives each zone with land that has no class the class of the nearest one that was read.
pub fn fill_islands(
    zones: &[Zone],
    surface: &Dense<Surface>,
    climate: &mut Dense<Climate>,
    provenance: ProvenanceId,
) {
    let bare = |&(index, surface): &(usize, Surface)| {
        surface.kind != SurfaceKind::Sea && climate.get(index).is_none()
    };
    let found: Vec<(usize, Option<Climate>)> = surface
        .facts()
        .filter(bare)
        .map(|(index, _)| (index, nearest(zones, climate, zones[index], provenance)))
        .collect();
    for (index, fact) in found {
        climate.set(index, fact);
    }
}

/// Looks outwards ring by ring and stops a ring after the first that has a class: no nearer one can follow.
fn nearest(
    zones: &[Zone],
    climate: &Dense<Climate>,
    zone: Zone,
    provenance: ProvenanceId,
) -> Option<Climate> {
    let centre = zone.centre();
    let reach = (NEAREST_KM_MAX / zone.resolution().spacing_km()).ceil() as u32;
    let mut radius = 1;
    loop {
        let best = zone
            .disk(radius)
            .into_iter()
            .filter_map(|other| {
                let index = zones.binary_search(&other).ok()?;
                Some((other.centre().distance_km(centre), other, climate.get(index)?))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        match best {
            Some((km, _, class)) if km <= NEAREST_KM_MAX => {
                return Some(Climate { provenance, ..class });
            }
            _ if radius >= reach => return None,
            _ => radius = (radius * 2).min(reach),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::of_each_zone;
    use tessera_grid::{BBox, Position, Resolution, zones_in};

    fn class(name: &str) -> Koppen {
        name.parse().unwrap()
    }

    fn legend() -> Legend {
        Legend { classes: [(12, class("Csa")), (7, class("BWh"))].into(), sea: 32 }
    }

    fn classes(of: impl Fn(f64) -> u8) -> Raster<u8> {
        let (columns, rows, step) = (6 * 36, 6 * 36, 1.0 / 36.0);
        let row: Vec<u8> =
            (0..columns).map(|column| of(8.0 + (f64::from(column) + 0.5) * step)).collect();
        Raster {
            west: 8.0 + step / 2.0,
            north: 46.0 - step / 2.0,
            step_longitude: step,
            step_latitude: step,
            columns: columns as usize,
            rows,
            values: row.repeat(rows),
        }
    }

    fn staged(raster: &Raster<u8>, kind: SurfaceKind) -> Vec<(Zone, Option<Climate>)> {
        let zones = zones_in(BBox::new(9.5, 41.5, 12.5, 44.5).unwrap(), Resolution::FIVE);
        let surface = Surface { kind, land_permille: 100, provenance: ProvenanceId(9) };
        let surface: Dense<Surface> = zones.iter().map(|_| Some(surface)).collect();
        let rows = Rows::for_resolution(Resolution::FIVE);
        let classes = Classes::new(raster, &legend(), ProvenanceId(1));
        let read = of_each_zone(&zones, rows, |_zone, spans| classes.fact(rows, spans));
        let mut climate: Dense<Climate> = read.into_iter().collect();
        fill_islands(&zones, &surface, &mut climate, ProvenanceId(2));
        zones.into_iter().zip(climate.iter().collect::<Vec<_>>()).collect()
    }

    #[test]
    fn the_class_of_most_of_the_land_is_the_zone_s() {
        let facts =
            staged(&classes(|longitude| if longitude < 11.0 { 12 } else { 7 }), SurfaceKind::Land);
        for (zone, climate) in facts {
            let expected = if zone.centre().longitude() < 10.98 {
                "Csa"
            } else if zone.centre().longitude() > 11.02 {
                "BWh"
            } else {
                continue;
            };
            let expected = Climate { koppen: class(expected), provenance: ProvenanceId(1) };
            assert_eq!(climate, Some(expected));
        }
    }

    #[test]
    fn an_island_the_picture_does_not_know_takes_the_nearest_class_and_says_so() {
        let half = classes(|longitude| if longitude < 11.0 { 12 } else { 32 });
        let facts = staged(&half, SurfaceKind::Coast);
        let at = |longitude: f64| {
            let zone = Zone::at(Position::new(43.0, longitude).unwrap(), Resolution::FIVE);
            facts.iter().find(|(other, _)| *other == zone).unwrap().1
        };
        let taken = Climate { koppen: class("Csa"), provenance: ProvenanceId(2) };
        assert_eq!(at(11.3), Some(taken));
        let far = classes(|longitude| if longitude < 8.5 { 12 } else { 32 });
        assert!(staged(&far, SurfaceKind::Coast).iter().all(|(_, climate)| climate.is_none()));
        assert!(staged(&half, SurfaceKind::Sea).iter().any(|(_, climate)| climate.is_none()));
    }

    #[test]
    fn a_class_without_a_name_counts_for_nothing() {
        let facts = staged(&classes(|_| 99), SurfaceKind::Land);
        assert!(facts.iter().all(|(_, climate)| climate.is_none()));
    }
}
