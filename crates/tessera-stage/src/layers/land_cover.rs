//! Land cover: the class of most of a zone, its cities left aside.
//!
//! It is the cover of 2019, so it is hypothetical for every ancient year, and its towns are no evidence of
//! ancient ones: urban pixels count for nothing (decision 0008). Fields stay, as land that can be tilled.

use crate::raster::Raster;
use crate::scan::{Rows, Span};
use tessera_world::{Igbp, LandCover, ProvenanceId};

pub const METHOD: &str = "The class that covers most of the zone in 2019, cities left aside: hypothetical for \
     every ancient year, and no evidence that a field was tilled or watered then.";

/// The year the satellite saw, for the provenance's bounds.
pub const YEAR: i32 = 2019;

const CLASSES: usize = 17;
/// Cities of today.
const URBAN: u8 = 13;

/// What the raster says where it knows nothing.
pub const UNKNOWN: u8 = u8::MAX;

/// Numbers in a raster that are neither a class nor the mark for unknown, with how often they stand.
pub fn unknown_classes(raster: &Raster<u8>) -> Vec<(u8, u64)> {
    let mut counts = [0_u64; 256];
    for &value in &raster.values {
        counts[usize::from(value)] += 1;
    }
    (CLASSES as u8..UNKNOWN)
        .filter(|&class| counts[usize::from(class)] > 0)
        .map(|class| (class, counts[usize::from(class)]))
        .collect()
}

#[derive(Clone, Debug)]
pub struct Cover {
    raster: Raster<u8>,
    provenance: ProvenanceId,
}

impl Cover {
    pub const fn new(raster: Raster<u8>, provenance: ProvenanceId) -> Self {
        Self { raster, provenance }
    }

    /// `None` where the raster knows nothing of the zone, or only a city.
    pub fn fact(&self, rows: Rows, spans: &[Span]) -> Option<LandCover> {
        let mut weights = [0.0; CLASSES];
        self.raster.under(rows, spans, |node| {
            if let Some(weight) = weights.get_mut(usize::from(node.value)) {
                *weight += node.weight;
            }
        });
        weights[usize::from(URBAN)] = 0.0;
        // Of equals the lower number, so that the answer does not depend on the order of asking.
        let mut best: Option<(u8, f64)> = None;
        for (class, &weight) in (0_u8..).zip(&weights) {
            if weight > best.map_or(0.0, |(_, most)| most) {
                best = Some((class, weight));
            }
        }
        let igbp = Igbp::try_from(best?.0).ok()?;
        Some(LandCover { igbp, provenance: self.provenance })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Outline;
    use tessera_grid::{Position, Resolution, Zone};

    fn cover(class: impl Fn(f64) -> u8) -> Cover {
        let (columns, rows) = (200, 200);
        let west = 5.025;
        let values = (0..rows * columns)
            .map(|index| class(west + f64::from(index % columns) * 0.05))
            .collect();
        let raster = Raster {
            west,
            north: 49.975,
            step_longitude: 0.05,
            step_latitude: 0.05,
            columns: columns as usize,
            rows: rows as usize,
            values,
        };
        Cover::new(raster, ProvenanceId(5))
    }

    fn at(cover: &Cover, longitude: f64) -> Option<u8> {
        let zone = Zone::at(Position::new(45.0, longitude).unwrap(), Resolution::FIVE);
        let rows = Rows::for_resolution(Resolution::FIVE);
        cover.fact(rows, &Outline::of(zone).spans(rows)).map(|fact| u8::from(fact.igbp))
    }

    #[test]
    fn the_class_of_most_of_the_zone_is_the_zone_s() {
        let cover = cover(|longitude| if longitude < 10.0 { 4 } else { 12 });
        assert_eq!((at(&cover, 9.5), at(&cover, 10.5)), (Some(4), Some(12)));
    }

    #[test]
    fn a_city_of_today_is_no_land_cover_of_antiquity() {
        let two_thirds_city =
            |longitude: f64| if (longitude * 20.0) as i64 % 3 == 0 { 10 } else { 13 };
        assert_eq!(at(&cover(two_thirds_city), 10.0), Some(10));
        assert_eq!(at(&cover(|_| 13), 10.0), None);
    }

    #[test]
    fn unknown_is_no_class_and_a_number_beyond_the_legend_is_reported() {
        let cover = cover(|longitude| if longitude < 10.0 { 255 } else { 40 });
        assert_eq!((at(&cover, 9.0), at(&cover, 11.0)), (None, None));
        let unknown = unknown_classes(&cover.raster);
        assert_eq!(unknown.iter().map(|(class, _)| *class).collect::<Vec<_>>(), [40]);
    }
}
