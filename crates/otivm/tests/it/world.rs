//! A small world: a sea between two coasts, four ports, a west wind.

use std::path::Path;
use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_release::{ReleaseFile, ReleaseWriter, TileAddress, Tileset};
use tessera_world::{
    Cell, Certainty, Climate, Coarse, FlowVector, Harbour, Place, Provenance, ProvenanceId,
    ReleaseInfo, Source, Surface, SurfaceKind, Terrain, Wind,
};

const PROVENANCE: ProvenanceId = ProvenanceId(1);

/// Id, Latin name, latitude, longitude, rank, population.
const PORTS: [(&str, &str, f64, f64, u8, u32); 4] = [
    ("caralis", "Caralis", 39.0, 10.35, 3, 15_000),
    ("olbia", "Olbia", 40.8, 10.35, 4, 5_000),
    ("ostia", "Ostia", 41.2, 12.95, 2, 40_000),
    ("puteoli", "Puteoli", 39.6, 12.95, 2, 40_000),
];

/// Writes it; another title gives another release.
pub(crate) fn write(path: &Path, title: &str) -> ReleaseFile {
    let bbox = BBox::new(10.0, 38.5, 13.5, 41.6).unwrap();
    let cells: Vec<Cell> = zones_in(bbox, Resolution::FIVE).into_iter().map(cell).collect();
    let info = ReleaseInfo {
        title: title.to_owned(),
        epoch: 150,
        epochs: vec![150],
        resolution: Resolution::FIVE,
        coarse_resolution: ReleaseInfo::coarse_resolution_of(Resolution::FIVE),
        bbox,
        zones: cells.len() as u64,
        places: PORTS.len() as u64,
    };
    let mut writer = ReleaseWriter::create(path, &info).unwrap();
    writer.source(&source()).unwrap();
    writer.provenance(&provenance()).unwrap();
    for cell in &cells {
        writer.cell(cell).unwrap();
        writer.coarse(&Coarse::of_cell(cell)).unwrap();
    }
    for port in PORTS {
        writer.place(&place(port)).unwrap();
    }
    let (world, relief) = (Tileset::World, Tileset::Relief);
    writer.tile(relief, TileAddress { z: 0, row: 0, col: 0 }, b"\x89PNG").unwrap();
    writer.tile(world, TileAddress { z: 0, row: 0, col: 0 }, b"\x1f\x8bgzip").unwrap();
    writer.finish().unwrap()
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
            provenance: PROVENANCE,
        }),
        surface: Some(Surface {
            kind,
            land_permille: if dry { 600 } else { 0 },
            provenance: PROVENANCE,
        }),
        climate: dry.then(|| Climate { koppen: "Csa".parse().unwrap(), provenance: PROVENANCE }),
        wind: Some(Wind {
            months: [FlowVector { u_cm_s: 500, v_cm_s: 0 }; 12],
            provenance: PROVENANCE,
        }),
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
        provenance: PROVENANCE,
    }
}

fn source() -> Source {
    Source {
        id: "made".to_owned(),
        title: "Made for this test".to_owned(),
        publisher: "us".to_owned(),
        licence: "CC0-1.0".to_owned(),
        attribution: "Nobody's sea".to_owned(),
        edition: "1".to_owned(),
        sha256: "0".repeat(64),
        url: String::new(),
    }
}

fn provenance() -> Provenance {
    Provenance {
        id: PROVENANCE,
        layer: "surface".to_owned(),
        source: "made".to_owned(),
        licence: "CC0-1.0".to_owned(),
        certainty: Certainty::Certain,
        method: "drawn with a ruler".to_owned(),
        valid_from: None,
        valid_to: None,
    }
}
