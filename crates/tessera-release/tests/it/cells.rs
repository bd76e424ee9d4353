//! Cells: one, a page, all; in the epoch and in other years; with what lies coarser under them.

use std::{collections::BTreeMap, path::Path};
use tessera_grid::{BBox, Resolution, Zone};
use tessera_release::{Error, FactKind, Release, ReleaseWriter};
use tessera_world::{Cell, SurfaceKind};
use theron_testkit::world::SmallWorld;

fn release(folder: &Path, world: &SmallWorld) -> Release {
    Release::open(&world.write(&folder.join("a.sqlite3")).unwrap().path).unwrap()
}

fn seven() -> Resolution {
    Resolution::try_from(7).unwrap()
}

#[test]
fn every_cell_is_read_with_all_its_layers_at_any_resolution() {
    for resolution in [Resolution::try_from(2).unwrap(), Resolution::FIVE, seven()] {
        let folder = tempfile::tempdir().unwrap();
        let world = SmallWorld::latium_at(resolution);
        let release = release(folder.path(), &world);
        assert_eq!(release.cells(None, None, usize::MAX).unwrap(), world.cells);
        let mut seen = Vec::new();
        release.for_each_cell(|cell| seen.push(cell)).unwrap();
        assert_eq!(seen, world.cells);
        for cell in world.cells.iter().take(12) {
            assert_eq!(release.cell(cell.zone).unwrap().as_ref(), Some(cell));
        }
    }
}

#[test]
fn a_zone_reads_the_rose_of_its_ancestor() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium_at(seven());
    let release = release(folder.path(), &world);
    let roses: BTreeMap<Zone, _> =
        world.coarse.iter().map(|coarse| (coarse.zone, coarse.wind_rose)).collect();
    for cell in world.cells.iter().step_by(97) {
        let coarse = cell.zone.ancestor(Resolution::FIVE).unwrap();
        assert_eq!(release.wind_rose(cell.zone).unwrap(), roses[&coarse]);
    }
}

#[test]
fn a_reader_asks_for_a_year_and_gets_what_held_then() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium();
    let release = release(folder.path(), &world);
    let zone = world.intervals[0].zone;
    let surface = |year| {
        let surface = release.cell_in(zone, year).unwrap().unwrap().surface.unwrap();
        (surface.kind, surface.land_permille)
    };
    let base = (SurfaceKind::Coast, 400);
    assert_eq!(surface(-501), base);
    assert_eq!([surface(-500), surface(-51)], [(SurfaceKind::Sea, 0); 2]);
    assert_eq!([surface(-50), surface(14)], [(SurfaceKind::Coast, 150); 2]);
    assert_eq!([surface(15), surface(150)], [base; 2]);
    assert_eq!(release.surface_intervals(zone).unwrap(), world.intervals);

    let mut seas = Vec::new();
    let note = |cell: Cell| {
        if cell.surface.is_some_and(|surface| surface.kind == SurfaceKind::Sea) {
            seas.push(cell.zone);
        }
    };
    release.for_each_cell_in(-200, note).unwrap();
    assert_eq!(seas, [zone]);
    let page = release.cells_in(-200, None, None, 2).unwrap();
    assert_eq!(page[1].surface, Some(world.intervals[0].surface));
}

#[test]
fn a_bbox_and_a_cursor_give_every_cell_once() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium();
    let release = release(folder.path(), &world);
    let bbox = BBox::new(12.3, 41.2, 13.0, 42.0).unwrap();
    let inside = world.cells.iter().filter(|cell| bbox.contains(cell.zone.centre()));
    let expected: Vec<Cell> = inside.cloned().collect();
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
    assert_eq!(release.cells(Some(bbox), None, 0).unwrap(), []);
}

#[test]
fn counting_agrees_with_listing_in_any_box() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium_at(seven());
    let release = release(folder.path(), &world);
    for bbox in [
        [12.3, 41.2, 13.0, 42.0],
        [11.5, 40.5, 14.5, 42.5],
        [-180.0, -90.0, 180.0, 90.0],
        [12.0, 41.0, 12.01, 41.01],
        [20.0, 41.0, 21.0, 42.0],
    ] {
        let bbox = BBox::try_from(bbox).unwrap();
        let within = |cell: &&Cell| bbox.contains(cell.zone.centre());
        let zones: Vec<Zone> = world.cells.iter().filter(within).map(|cell| cell.zone).collect();
        assert_eq!(release.count_cells(Some(bbox)).unwrap(), zones.len() as u64, "{bbox}");
        assert_eq!(release.zones(Some(bbox)).unwrap(), zones, "{bbox}");
    }
    assert_eq!(release.count_cells(None).unwrap(), world.cells.len() as u64);
}

#[test]
fn zones_out_of_order_or_of_another_resolution_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium();
    let mut writer = ReleaseWriter::create(&folder.path().join("a"), &world.info).unwrap();
    writer.cell(&world.cells[1]).unwrap();
    assert!(matches!(writer.cell(&world.cells[0]), Err(Error::Order { .. })));
    assert!(matches!(writer.cell(&world.cells[1]), Err(Error::Order { .. })));
    let finer = SmallWorld::latium_at(seven());
    let last = finer.cells.last().unwrap();
    assert!(matches!(writer.cell(last), Err(Error::Resolution { .. })));
    writer.coarse(&world.coarse[1]).unwrap();
    assert!(matches!(writer.coarse(&world.coarse[0]), Err(Error::Order { .. })));
}

#[test]
fn surfaces_of_one_zone_that_overlap_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium();
    let mut writer = ReleaseWriter::create(&folder.path().join("a"), &world.info).unwrap();
    let [first, mut second] = [world.intervals[0], world.intervals[1]];
    writer.surface_interval(&first).unwrap();
    second.valid_from = first.valid_to;
    assert!(matches!(writer.surface_interval(&second), Err(Error::Overlap { .. })));
}

type Speaks = fn(&Cell) -> bool;

/// Each kind, and whether a cell that was read whole has a fact of it.
const KINDS: [(FactKind, Speaks); 13] = [
    (FactKind::Surface, |c| c.surface.is_some()),
    (FactKind::Terrain, |c| c.terrain.is_some()),
    (FactKind::Bathymetry, |c| c.bathymetry.is_some()),
    (FactKind::Climate, |c| c.climate.is_some()),
    (FactKind::LandCover, |c| c.land_cover.is_some()),
    (FactKind::River, |c| c.river.is_some()),
    (FactKind::Lake, |c| c.lake.is_some()),
    (FactKind::Wind, |c| c.wind.is_some()),
    (FactKind::Current, |c| c.current.is_some()),
    (FactKind::Rain, |c| c.weather.is_some_and(|weather| weather.rain.is_some())),
    (FactKind::Temperature, |c| c.weather.is_some_and(|weather| weather.temperature.is_some())),
    (FactKind::Crust, |c| c.geology.as_ref().is_some_and(|geology| geology.crust.is_some())),
    (FactKind::Orogen, |c| c.geology.as_ref().is_some_and(|geology| geology.orogen.is_some())),
];

#[test]
fn the_first_zone_with_a_fact_is_that_of_the_first_cell_that_is_read_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = SmallWorld::latium_at(Resolution::try_from(6).unwrap());
    // Its surface is known in the years of its intervals alone.
    world.cells[1].surface = None;
    let release = release(folder.path(), &world);
    // Before the first of its intervals, in it, at the end of the last, and after it.
    for year in [-501, -500, 14, 15] {
        let cells = release.cells_in(year, None, None, usize::MAX).unwrap();
        for (kind, has) in KINDS {
            let spans = cells.iter().zip(cells.iter().skip(40));
            let long = cells.iter().step_by(7).map(|cell| (cell, &cells[cells.len() - 1]));
            for (first, last) in spans.step_by(5).chain([(&cells[1], &cells[1])]).chain(long) {
                let mut within =
                    cells.iter().filter(|c| (first.zone..=last.zone).contains(&c.zone));
                let expected = within.find(|cell| has(cell)).map(|cell| cell.zone);
                let found = release.first_zone_with(kind, year, first.zone, last.zone).unwrap();
                assert_eq!(found, expected, "{kind:?} in {year} from {}", first.zone);
            }
        }
    }
}
