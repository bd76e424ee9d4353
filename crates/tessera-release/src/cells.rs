//! Reading cells: one, a page, or all of them in passing.
//!
//! A walk holds one cell and one row of the coarse layers at a time. The wind roses, 432 bytes each, are
//! read only by name.

use crate::{
    Error, Release,
    cell_rows::{self, CONFLICT_SELECT, GROUND_SELECT, Ground, Part, select},
    count::count_resolution,
    rows,
};
use std::ops::ControlFlow;
use tessera_grid::{BBox, Resolution, Zone, ZoneRange, zone_ranges_in};
use tessera_world::{Cell, Conflict, Surface, SurfaceInterval, WindRose};
use theron_sqlite::rusqlite::{self, CachedStatement, Row, Rows, params};

/// How much coarser the zones along the edge of a box are than the cells: each is a scan of its own, so
/// that few of them are wide.
const SCAN_EDGE_COARSER: u8 = 3;
/// Counting asks every cell of the edge where it lies, so here the edge is narrow.
const COUNT_EDGE_COARSER: u8 = 1;

/// What a walk over cells reads of each, and which it passes by.
#[derive(Clone, Copy, Debug)]
pub struct CellQuery<'a> {
    /// Astronomical; cells are as they were then.
    pub year: i32,
    /// Cells centred in it; all without one.
    pub bbox: Option<BBox>,
    /// Cells after this one.
    pub after: Option<Zone>,
    /// What is read of a cell, each part once; the rest of it is left empty.
    pub parts: &'a [Part],
    /// Only cells that have this part, where that takes less than reading them all; the caller looks again.
    pub only: Option<Part>,
}

impl Release {
    /// A cell as it was in the release's epoch.
    pub fn cell(&self, zone: Zone) -> Result<Option<Cell>, Error> {
        self.cell_in(zone, self.info().epoch)
    }

    /// A cell as it was in a year, astronomical.
    pub fn cell_in(&self, zone: Zone, year: i32) -> Result<Option<Cell>, Error> {
        let mut found = None;
        let ends = (zone.to_i64(), zone.to_i64());
        let walked = self.walk(ends, (year, &Part::ALL, None), &mut |cell| {
            found = Some(cell);
            ControlFlow::Break(())
        });
        walked.map(|_end| found)
    }

    /// Cells centred in `bbox` (all of them without one) after a zone, ascending, at most `limit`, as they
    /// were in the release's epoch.
    pub fn cells(
        &self,
        bbox: Option<BBox>,
        after: Option<Zone>,
        limit: usize,
    ) -> Result<Vec<Cell>, Error> {
        self.cells_in(self.info().epoch, bbox, after, limit)
    }

    /// The same, as they were in a year.
    pub fn cells_in(
        &self,
        year: i32,
        bbox: Option<BBox>,
        after: Option<Zone>,
        limit: usize,
    ) -> Result<Vec<Cell>, Error> {
        let mut cells = Vec::new();
        if limit == 0 {
            return Ok(cells);
        }
        self.visit_cells(year, bbox, after, |cell| {
            cells.push(cell);
            if cells.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(cells)
    }

    /// Calls `each` with every cell as it was in the release's epoch, ascending, holding one at a time.
    pub fn for_each_cell(&self, each: impl FnMut(Cell)) -> Result<(), Error> {
        self.for_each_cell_in(self.info().epoch, each)
    }

    /// The same, as they were in a year.
    pub fn for_each_cell_in(&self, year: i32, mut each: impl FnMut(Cell)) -> Result<(), Error> {
        self.visit_cells(year, None, None, |cell| {
            each(cell);
            ControlFlow::Continue(())
        })
    }

    /// Calls `each` with the cells centred in `bbox` (all of them without one) after a zone, ascending, as
    /// they were in a year, until it has had enough.
    pub fn visit_cells(
        &self,
        year: i32,
        bbox: Option<BBox>,
        after: Option<Zone>,
        mut each: impl FnMut(Cell) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let query = CellQuery { year, bbox, after, parts: &Part::ALL, only: None };
        self.visit(&query, &mut each)
    }

    /// Calls `each` with the parts that are asked for of the cells that are, ascending, until it has had enough.
    pub fn visit(
        &self,
        query: &CellQuery<'_>,
        each: &mut impl FnMut(Cell) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let what = (query.year, query.parts, query.only);
        self.visit_ranges(query.bbox, query.after, |ends, holds| {
            self.walk(ends, what, &mut |cell| {
                if holds(cell.zone) { each(cell) } else { ControlFlow::Continue(()) }
            })
        })
    }

    /// Calls `each` with the cells from one zone to another, both among them, as they were in a year, until
    /// it has had enough.
    pub fn visit_cells_between(
        &self,
        year: i32,
        first: Zone,
        last: Zone,
        mut each: impl FnMut(Cell) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let ends = (first.to_i64(), last.to_i64());
        self.walk(ends, (year, &Part::ALL, None), &mut each).map(drop)
    }

    /// How many cells are centred in `bbox`.
    pub fn count_cells(&self, bbox: Option<BBox>) -> Result<u64, Error> {
        let Some(bbox) = bbox else { return Ok(self.info().zones) };
        let mut count = 0;
        for range in self.ranges(bbox, COUNT_EDGE_COARSER) {
            if range.inside {
                count += self.count_range(range)?;
                continue;
            }
            let ends = (range.first.to_i64(), range.last.to_i64());
            self.visit_keys(ends, &mut |zone| {
                count += u64::from(bbox.contains(zone.centre()));
                ControlFlow::Continue(())
            })
            .map(drop)?;
        }
        Ok(count)
    }

    /// The zones of the cells centred in `bbox` (all of them without one), ascending.
    pub fn zones(&self, bbox: Option<BBox>) -> Result<Vec<Zone>, Error> {
        let mut zones = Vec::new();
        self.visit_zones(bbox, None, |zone| {
            zones.push(zone);
            ControlFlow::Continue(())
        })?;
        Ok(zones)
    }

    /// Calls `each` with the zone of every cell centred in `bbox` after a zone, ascending, until it has had
    /// enough. Reads nothing but the key.
    pub fn visit_zones(
        &self,
        bbox: Option<BBox>,
        after: Option<Zone>,
        mut each: impl FnMut(Zone) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.visit_ranges(bbox, after, |ends, holds| {
            self.visit_keys(ends, &mut |zone| {
                if holds(zone) { each(zone) } else { ControlFlow::Continue(()) }
            })
        })
    }

    /// The first cell from one zone to another, both among them.
    pub fn first_zone(&self, first: Zone, last: Zone) -> Result<Option<Zone>, Error> {
        let mut found = None;
        let walked = self.visit_keys((first.to_i64(), last.to_i64()), &mut |zone| {
            found = Some(zone);
            ControlFlow::Break(())
        });
        walked.map(|_end| found)
    }

    /// The first cell after one zone, up to another.
    pub fn first_zone_after(&self, after: Zone, last: Zone) -> Result<Option<Zone>, Error> {
        let mut found = None;
        let walked = self.visit_keys((after.to_i64() + 1, last.to_i64()), &mut |zone| {
            found = Some(zone);
            ControlFlow::Break(())
        });
        walked.map(|_end| found)
    }

    /// What the surface of a zone was in other years than the rest, ascending.
    pub fn surface_intervals(&self, zone: Zone) -> Result<Vec<SurfaceInterval>, Error> {
        let sql = "SELECT zone, valid_from, valid_to, kind, land_permille, provenance
            FROM surface_interval WHERE zone = ?1 ORDER BY valid_from";
        self.all(sql, [zone.to_i64()], surface_interval)
    }

    /// The wind rose over a zone of the world's resolution, or of the coarse one.
    pub fn wind_rose(&self, zone: Zone) -> Result<Option<WindRose>, Error> {
        let Some(coarse) = zone.ancestor(self.info().coarse_resolution) else { return Ok(None) };
        let sql = "SELECT data, provenance FROM wind_rose WHERE zone = ?1";
        Ok(self.all(sql, [coarse.to_i64()], cell_rows::wind_rose)?.pop())
    }

    /// Calls `read` with the ends of every range of keys that may hold a cell of `bbox` after a zone, and with
    /// what tells the zones of that range that are centred in it, until it breaks off.
    fn visit_ranges(
        &self,
        bbox: Option<BBox>,
        after: Option<Zone>,
        mut read: impl FnMut((i64, i64), &dyn Fn(Zone) -> bool) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        let begin = after.map_or(0, |after| after.to_i64() + 1);
        let Some(bbox) = bbox else {
            return read((begin, i64::MAX), &|_zone| true).map(drop);
        };
        for range in self.ranges(bbox, SCAN_EDGE_COARSER) {
            let (first, last) = (range.first.to_i64().max(begin), range.last.to_i64());
            if last < first {
                continue;
            }
            let holds = |zone: Zone| range.inside || bbox.contains(zone.centre());
            if read((first, last), &holds)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn ranges(&self, bbox: BBox, coarser: u8) -> Vec<ZoneRange> {
        let resolution = self.info().resolution;
        let edge = Resolution::try_from(u8::from(resolution).saturating_sub(coarser));
        zone_ranges_in(bbox, edge.unwrap_or(resolution), resolution)
    }

    /// All cells of a range.
    fn count_range(&self, range: ZoneRange) -> Result<u64, Error> {
        let counted = count_resolution(self.info().resolution)
            .filter(|counted| range.zone.resolution() <= *counted)
            .and_then(|at| Some((range.first.ancestor(at)?, range.last.ancestor(at)?)));
        let (sql, (first, last)) = match counted {
            Some(ends) => {
                ("SELECT ifnull(sum(cells), 0) FROM cell_count WHERE zone BETWEEN ?1 AND ?2", ends)
            }
            None => (
                "SELECT count(*) FROM cell WHERE zone BETWEEN ?1 AND ?2",
                (range.first, range.last),
            ),
        };
        let found: Vec<i64> = self.all(sql, [first.to_i64(), last.to_i64()], |row| row.get(0))?;
        Ok(found.into_iter().sum::<i64>().cast_unsigned())
    }

    fn visit_keys(
        &self,
        (first, last): (i64, i64),
        each: &mut impl FnMut(Zone) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        let mut statement =
            self.prepared("SELECT zone FROM cell WHERE zone BETWEEN ?1 AND ?2 ORDER BY zone")?;
        let mut found = statement.query([first, last]).map_err(|e| self.within(e))?;
        while let Some(row) = found.next().map_err(|e| self.within(e))? {
            if each(rows::zone(row, 0).map_err(|e| self.within(e))?).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Every cell from one key to another in a year, as much of it as is asked for.
    fn walk(
        &self,
        (first, last): (i64, i64),
        (year, parts, only): (i32, &[Part], Option<Part>),
        each: &mut impl FnMut(Cell) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        let mut run = || {
            let mut cells = self.connection().prepare_cached(&select(parts, only))?;
            let wanted = |part: Part| parts.contains(&part).then_some(());
            let mut conflicts = self.connection().prepare_cached(CONFLICT_SELECT)?;
            let mut conflicts = wanted(Part::Conflicts)
                .map(|()| Conflicts::begin(conflicts.query([first, last])?))
                .transpose()?;
            let mut grounds = wanted(Part::Ground).map(|()| Grounds::begin(self)).transpose()?;
            let mut found = cells.query(params![year, first, last])?;
            while let Some(row) = found.next()? {
                let mut cell = cell_rows::cell(row, parts)?;
                if let Some(grounds) = &mut grounds {
                    grounds.put_on(&mut cell)?;
                }
                if let Some(conflicts) = &mut conflicts {
                    conflicts.take(cell.zone, &mut cell.conflicts)?;
                }
                if each(cell).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        };
        run().map_err(|source| self.within(source))
    }
}

fn surface_interval(row: &Row<'_>) -> Result<SurfaceInterval, rusqlite::Error> {
    let provenance = tessera_world::ProvenanceId(row.get(5)?);
    let kind = rows::surface_kind(row, 3)?;
    Ok(SurfaceInterval {
        zone: rows::zone(row, 0)?,
        valid_from: row.get(1)?,
        valid_to: row.get(2)?,
        surface: Surface { kind, land_permille: row.get(4)?, provenance },
    })
}

/// The coarse layers under a walk: neighbours share an ancestor, so its row is read once.
struct Grounds<'a> {
    statement: CachedStatement<'a>,
    resolution: Resolution,
    here: Option<(Zone, Ground)>,
}

impl<'a> Grounds<'a> {
    fn begin(release: &'a Release) -> Result<Self, rusqlite::Error> {
        let statement = release.connection().prepare_cached(GROUND_SELECT)?;
        Ok(Self { statement, resolution: release.info().coarse_resolution, here: None })
    }

    fn put_on(&mut self, cell: &mut Cell) -> Result<(), rusqlite::Error> {
        let Some(zone) = cell.zone.ancestor(self.resolution) else { return Ok(()) };
        if self.here.as_ref().is_none_or(|(at, _)| *at != zone) {
            let ground = self.statement.query_row([zone.to_i64()], Ground::read)?;
            self.here = Some((zone, ground));
        }
        if let Some((_, ground)) = &self.here {
            ground.put_on(cell);
        }
        Ok(())
    }
}

/// The conflicts beside a walk, in the same order.
struct Conflicts<'a> {
    rows: Rows<'a>,
    next: Option<(Zone, Conflict)>,
}

impl<'a> Conflicts<'a> {
    fn begin(mut rows: Rows<'a>) -> Result<Self, rusqlite::Error> {
        let next = rows.next()?.map(cell_rows::conflict).transpose()?;
        Ok(Self { rows, next })
    }

    /// Those of a zone; the ones before it, of zones that have no cell, are passed by.
    fn take(&mut self, zone: Zone, into: &mut Vec<Conflict>) -> Result<(), rusqlite::Error> {
        while let Some((at, conflict)) = self.next.take_if(|(at, _)| *at <= zone) {
            if at == zone {
                into.push(conflict);
            }
            self.next = self.rows.next()?.map(cell_rows::conflict).transpose()?;
        }
        Ok(())
    }
}
