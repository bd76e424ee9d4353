//! A release that was written is read as it was, and a file that is none is named.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use std::path::Path;
use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_release::{Error, Release, ReleaseFile, ReleaseWriter, TileAddress, Tileset};
use tessera_world::{
    Cell, Certainty, Climate, Harbour, Place, Provenance, ProvenanceId, ReleaseInfo, River, Source,
    Surface, SurfaceKind, Terrain, Wind, WindVector,
};

fn latium() -> BBox {
    BBox::new(12.0, 41.0, 13.5, 42.5).unwrap()
}

fn cells() -> Vec<Cell> {
    let provenance = ProvenanceId(1);
    zones_in(latium(), Resolution::FIVE)
        .into_iter()
        .enumerate()
        .map(|(i, zone)| Cell {
            zone,
            terrain: Some(Terrain {
                elevation_mean_m: i as i32 - 3,
                elevation_min_m: -10,
                elevation_max_m: 900,
                slope_permille: 12,
                ruggedness_m: 30,
                provenance,
            }),
            surface: Some(Surface { kind: SurfaceKind::Coast, land_permille: 400, provenance }),
            river: (i % 2 == 0).then(|| River {
                name: (i % 4 == 0).then(|| "Tiberis".to_owned()),
                upstream_km2: Some(17_000),
                navigable: true,
                downstream: zone.neighbours().next(),
                provenance,
            }),
            climate: (i % 3 == 0).then(|| Climate { koppen: "Csa".to_owned(), provenance }),
            wind: (i % 5 == 0).then_some(Wind {
                months: [WindVector { u_cm_s: 120, v_cm_s: -340 }; 12],
                provenance,
            }),
        })
        .collect()
}

fn ostia() -> Place {
    let position = Position::new(41.7556, 12.2917).unwrap();
    let zone = Zone::at(position, Resolution::FIVE);
    Place {
        id: "ostia".to_owned(),
        latin: "Ostia".to_owned(),
        modern: "Ostia Antica".to_owned(),
        position,
        zone,
        water_zone: Some(zone),
        province: "Italia".to_owned(),
        harbour: Harbour::Sea,
        rank: 2,
        population: Some(50_000),
        certainty: Certainty::Certain,
        citation: "pleiades:422995".to_owned(),
        valid_from: Some(-400),
        valid_to: None,
        note: String::new(),
        provenance: ProvenanceId(1),
    }
}

fn write(path: &Path) -> ReleaseFile {
    let cells = cells();
    let info = ReleaseInfo {
        title: "Latium".to_owned(),
        epoch: 150,
        resolution: Resolution::FIVE,
        bbox: latium(),
        zones: cells.len() as u64,
        places: 1,
    };
    let mut writer = ReleaseWriter::create(path, &info).unwrap();
    writer.source(&source()).unwrap();
    writer.provenance(&provenance()).unwrap();
    for cell in &cells {
        writer.cell(cell).unwrap();
    }
    writer.place(&ostia()).unwrap();
    writer.tile(Tileset::World, TileAddress { z: 1, row: 0, col: 1 }, b"tile").unwrap();
    writer.finish().unwrap()
}

fn source() -> Source {
    Source {
        id: "made".to_owned(),
        title: "Made for this test".to_owned(),
        publisher: "us".to_owned(),
        licence: "CC0-1.0".to_owned(),
        attribution: "none".to_owned(),
        edition: "1".to_owned(),
        sha256: "0".repeat(64),
    }
}

fn provenance() -> Provenance {
    Provenance {
        id: ProvenanceId(1),
        layer: "terrain".to_owned(),
        source: "made".to_owned(),
        licence: "CC0-1.0".to_owned(),
        certainty: Certainty::Conjectured,
        method: "counted".to_owned(),
        valid_from: None,
        valid_to: Some(2000),
    }
}

#[test]
fn what_was_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(&folder.path().join("a.sqlite3"));
    let release = Release::open(&file.path).unwrap();
    release.check().unwrap();
    assert_eq!(release.cells(None, None, usize::MAX).unwrap(), cells());
    let mut seen = Vec::new();
    release.for_each_cell(|cell| seen.push(cell)).unwrap();
    assert_eq!(seen, cells());
    assert_eq!(release.cell(cells()[7].zone).unwrap(), Some(cells()[7].clone()));
    assert_eq!(release.places().unwrap(), [ostia()]);
    assert_eq!(release.place("ostia").unwrap(), Some(ostia()));
    assert_eq!(release.place("roma").unwrap(), None);
    assert_eq!(release.sources().unwrap(), [source()]);
    assert_eq!(release.provenances().unwrap(), [provenance()]);
    let tile = |col| release.tile(Tileset::World, TileAddress { z: 1, row: 0, col }).unwrap();
    assert_eq!((tile(1), tile(0)), (Some(b"tile".to_vec()), None));
    assert_eq!(release.finest_tiles(Tileset::World).unwrap(), Some(1));
}

#[test]
fn a_bbox_and_a_cursor_give_every_cell_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(&folder.path().join("a.sqlite3"));
    let release = Release::open(&file.path).unwrap();
    let bbox = BBox::new(12.3, 41.2, 13.0, 42.0).unwrap();
    let expected: Vec<Cell> =
        cells().into_iter().filter(|c| bbox.contains(c.zone.centre())).collect();
    let mut pages = Vec::new();
    loop {
        let after = pages.last().map(|cell: &Cell| cell.zone);
        let page = release.cells(Some(bbox), after, 3).unwrap();
        if page.is_empty() {
            break;
        }
        pages.extend(page);
    }
    assert_eq!(pages, expected);
    assert_eq!(release.count_cells(Some(bbox)).unwrap(), expected.len() as u64);
}

#[test]
fn equal_content_has_equal_names() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (write(&folder.path().join("a.sqlite3")), write(&folder.path().join("b.sqlite3")));
    assert_eq!((a.id, a.sha256, a.bytes), (b.id, b.sha256, b.bytes));
}

#[test]
fn zones_out_of_order_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let info = ReleaseInfo {
        title: "x".to_owned(),
        epoch: 150,
        resolution: Resolution::FIVE,
        bbox: latium(),
        zones: 1,
        places: 0,
    };
    let mut writer = ReleaseWriter::create(&folder.path().join("a.sqlite3"), &info).unwrap();
    writer.source(&source()).unwrap();
    writer.provenance(&provenance()).unwrap();
    writer.cell(&cells()[1]).unwrap();
    assert!(matches!(writer.cell(&cells()[0]), Err(Error::Order { .. })));
}

#[test]
fn an_unfinished_or_damaged_release_is_named_and_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("half.sqlite3");
    let info = Release::open(&write(&folder.path().join("a.sqlite3")).path).unwrap().info().clone();
    drop(ReleaseWriter::create(&path, &info).unwrap());
    assert!(Release::open(&path).is_err());

    let whole = folder.path().join("a.sqlite3");
    let bytes = std::fs::read(&whole).unwrap();
    let cut = folder.path().join("cut.sqlite3");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let refusal = Release::open(&cut).and_then(|release| release.check()).unwrap_err();
    assert!(format!("{refusal}").contains("cut.sqlite3"), "{refusal}");
}
