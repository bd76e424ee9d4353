//! Climate: the class that covers most of the land of a zone.

use crate::adapters::picture::{Classes, Legend};
use crate::scan::{Rows, Span, of_each_zone};
use tessera_grid::Zone;
use tessera_world::{Climate, ProvenanceId, Surface, SurfaceKind};

pub const METHOD: &str = "The class that covers most of the zone, the sea left aside.";
pub const METHOD_NEAREST: &str = "The source has only sea here: the class of the nearest zone that has \
     one, at most three zones away.";

/// How far an island too small for the picture may look for its climate, in zones: about 50 km at resolution 5.
const NEAREST_ZONES_MAX: u32 = 3;

/// Whose facts these are: read from the picture, or taken over from a neighbour.
#[derive(Clone, Copy)]
pub struct Provenances {
    pub read: ProvenanceId,
    pub nearest: ProvenanceId,
}

pub fn stage(
    zones: &[Zone],
    rows: Rows,
    classes: &Classes,
    legend: &Legend,
    surface: &[Option<Surface>],
    provenances: Provenances,
) -> Vec<Option<Climate>> {
    let numbers = of_each_zone(zones, rows, |_zone, spans| dominant(classes, legend, rows, spans));
    let named = |number: u8, provenance| {
        legend
            .names
            .get(&number)
            .and_then(|name| name.parse().ok())
            .map(|koppen| Climate { koppen, provenance })
    };
    zones
        .iter()
        .enumerate()
        .map(|(index, &zone)| match numbers[index] {
            Some(number) => named(number, provenances.read),
            None if surface[index].is_some_and(|surface| surface.kind != SurfaceKind::Sea) => {
                nearest(zones, &numbers, zone).and_then(|number| named(number, provenances.nearest))
            }
            None => None,
        })
        .collect()
}

fn dominant(classes: &Classes, legend: &Legend, rows: Rows, spans: &[Span]) -> Option<u8> {
    let mut weights = [0.0; 256];
    for span in spans {
        let row = (classes.north - rows.latitude(span.row)) / classes.step;
        if row < 0.0 || row >= classes.rows as f64 {
            continue;
        }
        let west = ((span.west - classes.west) / classes.step).max(0.0);
        let east = ((span.east - classes.west) / classes.step).min(classes.columns as f64);
        let start = row as usize * classes.columns;
        for column in west as usize..(east.ceil() as usize).min(classes.columns) {
            let weight = east.min(column as f64 + 1.0) - west.max(column as f64);
            weights[usize::from(classes.values[start + column])] += weight.max(0.0);
        }
    }
    let known = |number: u8| number != legend.sea && legend.names.contains_key(&number);
    (0..=u8::MAX).filter(|&number| known(number) && weights[usize::from(number)] > 0.0).max_by(
        |&a, &b| {
            // Of equals the lower number, so that the answer does not depend on the order of asking.
            weights[usize::from(a)].total_cmp(&weights[usize::from(b)]).then(b.cmp(&a))
        },
    )
}

fn nearest(zones: &[Zone], numbers: &[Option<u8>], zone: Zone) -> Option<u8> {
    let centre = zone.centre();
    zone.disk(NEAREST_ZONES_MAX)
        .into_iter()
        .filter_map(|other| {
            let index = zones.binary_search(&other).ok()?;
            Some((other.centre().distance_km(centre), other, numbers[index]?))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, _, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tessera_grid::{BBox, Resolution, zones_in};

    fn legend() -> Legend {
        let names = [(12, "Csa"), (7, "BWh"), (32, "Ocean")];
        Legend { names: names.map(|(n, name)| (n, name.to_owned())).into(), sea: 32 }
    }

    fn classes(of: impl Fn(f64) -> u8) -> Classes {
        let (columns, rows, step) = (6 * 36, 6 * 36, 1.0 / 36.0);
        let row: Vec<u8> =
            (0..columns).map(|column| of(8.0 + (f64::from(column) + 0.5) * step)).collect();
        Classes {
            west: 8.0,
            north: 46.0,
            step,
            columns: columns as usize,
            rows,
            values: row.repeat(rows),
        }
    }

    fn staged(classes: &Classes, kind: SurfaceKind) -> Vec<(Zone, Option<Climate>)> {
        let zones = zones_in(BBox::new(9.5, 41.5, 12.5, 44.5).unwrap(), Resolution::FIVE);
        let surface = vec![
            Some(Surface { kind, land_permille: 100, provenance: ProvenanceId(9) });
            zones.len()
        ];
        let provenances = Provenances { read: ProvenanceId(1), nearest: ProvenanceId(2) };
        let rows = Rows::for_resolution(Resolution::FIVE);
        let facts = stage(&zones, rows, classes, &legend(), &surface, provenances);
        zones.into_iter().zip(facts).collect()
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
            assert_eq!(
                climate.unwrap(),
                Climate { koppen: expected.parse().unwrap(), provenance: ProvenanceId(1) }
            );
        }
    }

    #[test]
    fn an_island_the_picture_does_not_know_takes_the_nearest_class_and_says_so() {
        let half = classes(|longitude| if longitude < 11.0 { 12 } else { 32 });
        let facts = staged(&half, SurfaceKind::Coast);
        let at = |longitude: f64| {
            let zone =
                Zone::at(tessera_grid::Position::new(43.0, longitude).unwrap(), Resolution::FIVE);
            facts.iter().find(|(other, _)| *other == zone).unwrap().1.clone()
        };
        assert_eq!(
            at(11.3),
            Some(Climate { koppen: "Csa".parse().unwrap(), provenance: ProvenanceId(2) })
        );
        assert_eq!(at(12.3), None); // too far from any class
        assert!(staged(&half, SurfaceKind::Sea).iter().any(|(_, climate)| climate.is_none()));
    }

    #[test]
    fn a_class_without_a_name_counts_for_nothing() {
        let facts = staged(&classes(|_| 99), SurfaceKind::Land);
        assert!(facts.iter().all(|(_, climate)| climate.is_none()));
    }
}
