//! Geology: the kind of crust under a zone, and the belt of mountain building it lies in.
//!
//! One degree and whole continents: it says what the region is made of, not what stone lies in a field.

use super::areas;
use crate::raster::Raster;
use crate::scan::of_each;
use geo_types::{Coord, Geometry, Polygon};
use std::collections::BTreeMap;
use tessera_grid::Zone;
use tessera_world::{Geology, ProvenanceId, Region};

pub const METHOD_CRUST: &str =
    "The crust type of the one-degree cell that holds the zone's centre.";
pub const METHOD_OROGEN: &str = "The orogen whose outline holds the zone's centre.";

/// Kinds of crust, by their number in a legend.
#[derive(Clone, Debug)]
pub struct Crust {
    pub raster: Raster<u8>,
    pub legend: BTreeMap<u8, String>,
    pub provenance: ProvenanceId,
}

/// A belt of mountain building.
#[derive(Clone, Debug)]
pub struct Orogen {
    name: String,
    polygons: Vec<Polygon>,
    edges: [f64; 4],
    provenance: ProvenanceId,
}

impl Crust {
    /// Numbers of the raster that the legend does not name.
    pub fn unknown_classes(&self) -> Vec<u8> {
        let mut seen = [false; 256];
        for &value in &self.raster.values {
            seen[usize::from(value)] = true;
        }
        (0..=u8::MAX)
            .filter(|class| seen[usize::from(*class)] && !self.legend.contains_key(class))
            .collect()
    }

    fn of(&self, centre: Coord) -> Option<Region> {
        let class = self.raster.nearest(centre.x, centre.y)?;
        let name = self.legend.get(&class)?.clone();
        Some(Region { name, provenance: self.provenance })
    }
}

impl Orogen {
    /// `None` where the shape is no area.
    pub fn new(name: String, geometry: &Geometry<f64>, provenance: ProvenanceId) -> Option<Self> {
        let polygons = areas::polygons(geometry).to_vec();
        let edges = areas::bounds(geometry)?;
        (!polygons.is_empty()).then_some(Self { name, polygons, edges, provenance })
    }

    fn holds(&self, at: Coord) -> bool {
        let [west, south, east, north] = self.edges;
        (west..=east).contains(&at.x)
            && (south..=north).contains(&at.y)
            && areas::contains(&self.polygons, at)
    }
}

/// By index of the coarse zones; the first orogen that holds a zone is its.
pub fn stage(
    coarse_zones: &[Zone],
    crust: Option<&Crust>,
    orogens: &[Orogen],
) -> Vec<Option<Geology>> {
    of_each(coarse_zones, |zone| {
        let centre = Coord { x: zone.centre().longitude(), y: zone.centre().latitude() };
        let orogen = orogens
            .iter()
            .find(|orogen| orogen.holds(centre))
            .map(|orogen| Region { name: orogen.name.clone(), provenance: orogen.provenance });
        let crust = crust.and_then(|crust| crust.of(centre));
        (crust.is_some() || orogen.is_some()).then_some(Geology { crust, orogen })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;
    use tessera_grid::{Position, Resolution};

    fn crust() -> Crust {
        // Columns as the publisher has them: the first is -180..-179.
        let values = (0..180 * 360)
            .map(|at| if at % 360 == 215 && at / 360 == 46 { 34 } else { 7 })
            .collect();
        Crust {
            raster: Raster {
                west: -179.5,
                north: 89.5,
                step_longitude: 1.0,
                step_latitude: 1.0,
                columns: 360,
                rows: 180,
                values,
            },
            legend: BTreeMap::from([(34, "Black Sea".to_owned())]),
            provenance: ProvenanceId(1),
        }
    }

    #[test]
    fn a_zone_has_the_crust_of_its_own_degree_and_the_orogen_around_it() {
        let alps = Geometry::Polygon(
            polygon![(x: 30.0, y: 40.0), (x: 40.0, y: 40.0), (x: 40.0, y: 50.0), (x: 30.0, y: 50.0)],
        );
        let orogens = [Orogen::new("Alps".to_owned(), &alps, ProvenanceId(2)).unwrap()];
        let at = |latitude, longitude| {
            Zone::at(Position::new(latitude, longitude).unwrap(), Resolution::FIVE)
        };
        let zones = [at(43.5, 35.5), at(43.5, 36.5), at(43.5, -144.5)];
        let facts = stage(&zones, Some(&crust()), &orogens);
        let region =
            |name: &str, id| Some(Region { name: name.to_owned(), provenance: ProvenanceId(id) });
        assert_eq!(
            facts,
            [
                Some(Geology { crust: region("Black Sea", 1), orogen: region("Alps", 2) }),
                Some(Geology { crust: None, orogen: region("Alps", 2) }),
                None,
            ]
        );
        assert_eq!(crust().unknown_classes(), [7]);
    }
}
