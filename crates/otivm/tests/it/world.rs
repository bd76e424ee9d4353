//! A small world: a sea between two coasts, four ports, a west wind.

use std::path::Path;
use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_release::{ReleaseFile, TileAddress};
use tessera_world::{
    Cell, Certainty, Climate, Coarse, FlowVector, Harbour, Place, Surface, SurfaceKind, Terrain,
    Wind,
};
use theron_testkit::world::{MADE, SmallWorld};

/// Id, Latin name, latitude, longitude, rank, population.
const PORTS: [(&str, &str, f64, f64, u8, u32); 4] = [
    ("caralis", "Caralis", 39.0, 10.35, 3, 15_000),
    ("olbia", "Olbia", 40.8, 10.35, 4, 5_000),
    ("ostia", "Ostia", 41.2, 12.95, 2, 40_000),
    ("puteoli", "Puteoli", 39.6, 12.95, 2, 40_000),
];

/// Writes it; another title gives another release.
pub(crate) fn write(path: &Path, title: &str) -> ReleaseFile {
    write_without(path, title, &[])
}

/// One in which some of the ports are unknown.
pub(crate) fn write_without(path: &Path, title: &str, lost: &[&str]) -> ReleaseFile {
    let bbox = BBox::new(10.0, 38.5, 13.5, 41.6).unwrap();
    let mut sea = SmallWorld::latium().titled(title);
    sea.cells = zones_in(bbox, Resolution::FIVE).into_iter().map(cell).collect();
    sea.coarse = sea.cells.iter().map(Coarse::of_cell).collect();
    sea.places = PORTS.into_iter().filter(|(id, ..)| !lost.contains(id)).map(place).collect();
    (sea.intervals, sea.features) = (Vec::new(), Vec::new());
    (sea.info.bbox, sea.info.epochs) = (bbox, vec![sea.info.epoch]);
    (sea.info.zones, sea.info.places) = (sea.cells.len() as u64, sea.places.len() as u64);
    sea.sources.truncate(1);
    sea.provenances.truncate(1);
    "Nobody's sea".clone_into(&mut sea.sources[0].attribution);
    for (_, address, _) in &mut sea.tiles {
        *address = TileAddress { z: 0, row: 0, col: 0 };
    }
    sea.write(path).unwrap()
}

fn cell(zone: Zone) -> Cell {
    let longitude = zone.centre().longitude();
    let kind = match longitude {
        east if !(10.25..13.05).contains(&east) => SurfaceKind::Land,
        near if !(10.45..12.85).contains(&near) => SurfaceKind::Coast,
        _ => SurfaceKind::Sea,
    };
    let dry = kind != SurfaceKind::Sea;
    let height = if dry { 120 } else { -800 };
    Cell {
        terrain: Some(Terrain {
            elevation_mean_m: height,
            elevation_min_m: height - 20,
            elevation_max_m: height + 90,
            slope_permille: 20,
            ruggedness_m: 15,
            provenance: MADE,
        }),
        surface: Some(Surface { kind, land_permille: if dry { 600 } else { 0 }, provenance: MADE }),
        climate: dry.then(|| Climate { koppen: "Csa".parse().unwrap(), provenance: MADE }),
        wind: Some(Wind { months: [FlowVector { u_cm_s: 500, v_cm_s: 0 }; 12], provenance: MADE }),
        ..Cell::bare(zone)
    }
}

fn place(
    (id, latin, latitude, longitude, rank, population): (&str, &str, f64, f64, u8, u32),
) -> Place {
    let position = Position::new(latitude, longitude).unwrap();
    let zone = Zone::at(position, Resolution::FIVE);
    Place {
        id: id.to_owned(),
        latin: latin.to_owned(),
        modern: latin.to_owned(),
        position,
        zone,
        water_zone: Some(zone),
        province: "Italia".to_owned(),
        harbour: Harbour::Sea,
        rank,
        population: Some(population),
        certainty: Certainty::Certain,
        citation: "made for this test".to_owned(),
        valid_from: None,
        valid_to: None,
        note: String::new(),
        provenance: MADE,
    }
}
