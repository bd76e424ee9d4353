//! Pages of zones. A world has millions of them, so a page reads a bounded number: where a filter selects
//! few, a page may end before it is full, and the next goes on from there.

use super::{
    Collection, Page, Record, Selection,
    columns::Columns,
    layers::Layer,
    select::{COUNTED_MAX, cut},
};
use crate::{
    intersect::{about_zones, grown, touches},
    releases::{OpenRelease, ReadError},
};
use std::{collections::BTreeMap, ops::ControlFlow};
use tessera_grid::{BBox, Zone};
use tessera_release::Release;
use tessera_world::Cell;

/// Zones that one page reads where it has found something: half a second's work.
const READ_MAX: u64 = 200_000;
/// And where it has found nothing yet: some clients take an empty page for the last.
const READ_IN_VAIN_MAX: u64 = 1_000_000;

struct Question<'a> {
    layer: Option<&'static Layer>,
    open: &'a OpenRelease,
    file: &'a Release,
    columns: &'a Columns,
    selection: &'a Selection,
    places: Vec<BBox>,
    year: i32,
}

pub(super) fn page(
    collection: &Collection,
    layer: Option<&'static Layer>,
    open: &OpenRelease,
    file: &Release,
    columns: &Columns,
    selection: &Selection,
) -> Result<Page, ReadError> {
    let epoch = open.info().epoch;
    let year = selection.years.map_or(epoch, |years| years.shown(epoch));
    let places = selection.places();
    let asked = Question { layer, open, file, columns, selection, places, year };
    // A cursor holds what this wrote; another text finds no zone, and the walk begins anew.
    let after = selection.after.as_ref().and_then(|after| after.parse::<Zone>().ok());
    let mut page = asked.page(after)?;
    page.matched = if page.next.is_none() && after.is_none() {
        Some(page.records.len() as u64)
    } else {
        asked.count(collection)?
    };
    Ok(page)
}

impl Question<'_> {
    /// The boxes whose cells are to be looked at.
    fn parts(&self) -> Vec<Option<BBox>> {
        if self.places.is_empty() {
            return vec![None];
        }
        let resolution = self.open.info().resolution;
        self.places.iter().flat_map(|place| grown(*place, resolution)).map(Some).collect()
    }

    fn is_here(&self, zone: Zone) -> bool {
        self.places.is_empty() || self.places.iter().any(|place| touches(zone, *place))
    }

    fn select(&self, cell: Cell) -> Option<Record> {
        let spoken = self.layer.is_none_or(|layer| layer.speaks_of(&cell));
        if !spoken || !self.is_here(cell.zone) {
            return None;
        }
        let record = Record::Cell(Box::new(cell));
        self.selection.selects(&record, self.columns, self.open).then_some(record)
    }

    fn page(&self, after: Option<Zone>) -> Result<Page, ReadError> {
        let limit = self.selection.limit;
        let mut found = BTreeMap::new();
        // Where the first of the parts stopped before its end: what the others have beyond it must wait.
        let mut horizon: Option<Zone> = None;
        let mut read = 0;
        for part in self.parts() {
            let mut taken = 0;
            self.file.visit_cells(self.year, part, after, |cell| {
                let zone = cell.zone;
                read += 1;
                if let Some(record) = self.select(cell) {
                    taken += 1;
                    found.insert(zone, record);
                }
                let enough = if found.is_empty() { READ_IN_VAIN_MAX } else { READ_MAX };
                if taken <= limit && read < enough {
                    return ControlFlow::Continue(());
                }
                if taken <= limit {
                    horizon = Some(horizon.map_or(zone, |nearer| nearer.min(zone)));
                }
                ControlFlow::Break(())
            })?;
        }
        if let Some(horizon) = horizon {
            found.retain(|zone, _| *zone <= horizon);
        }
        let mut page = cut(found.into_values().collect(), limit);
        page.next = page.next.or(horizon.map(|zone| zone.to_string()));
        Ok(page)
    }

    fn count(&self, collection: &Collection) -> Result<Option<u64>, ReadError> {
        let info = self.open.info();
        let everything = self.selection.filter.is_none() && self.layer.is_none();
        if self.places.is_empty() && self.selection.filter.is_none() {
            return Ok(collection.count);
        }
        let about: f64 = self.places.iter().map(|place| about_zones(*place, info.resolution)).sum();
        let about = if self.places.is_empty() { info.zones as f64 } else { about };
        if about.min(info.zones as f64) > COUNTED_MAX as f64 {
            return Ok(None);
        }
        let mut found = std::collections::BTreeSet::new();
        for part in self.parts() {
            if everything {
                self.file.visit_zones(part, None, |zone| {
                    if self.is_here(zone) {
                        found.insert(zone);
                    }
                    ControlFlow::Continue(())
                })?;
            } else {
                self.file.visit_cells(self.year, part, None, |cell| {
                    let zone = cell.zone;
                    if self.select(cell).is_some() {
                        found.insert(zone);
                    }
                    ControlFlow::Continue(())
                })?;
            }
        }
        Ok(Some(found.len() as u64))
    }
}
