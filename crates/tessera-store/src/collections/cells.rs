//! Pages of zones, each full or the last. A world has millions of them, so a filter is asked of as little of each
//! zone as it names, and of few zones where it can be true only on a river or a lake (decision 0054).

use super::{
    Collection, Page, Record, Selection,
    columns::Columns,
    layers::{Group, Layer},
    select::{COUNTED_MAX, cut},
};
use crate::{
    cql::Filter,
    intersect::{about_zones, grown, touches},
    releases::{OpenRelease, ReadError},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};
use tessera_grid::{BBox, Zone};
use tessera_release::{CellQuery, Part, Release};
use tessera_world::Cell;

struct Question<'a> {
    layer: Option<&'static Layer>,
    open: &'a OpenRelease,
    file: &'a Release,
    columns: &'a Columns,
    selection: &'a Selection,
    places: Vec<BBox>,
    year: i32,
    /// What the filter and the layer must see of a zone; everything where there is no filter.
    parts: Vec<Part>,
    /// Where nothing else can be selected: the zones of one part.
    only: Option<Part>,
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
    let (parts, only) = (parts(layer, columns, selection), only(layer, columns, selection));
    let asked = Question { layer, open, file, columns, selection, places, year, parts, only };
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

/// What must be read of a zone to know whether it is selected.
fn parts(layer: Option<&Layer>, columns: &Columns, selection: &Selection) -> Vec<Part> {
    let Some(filter) = &selection.filter else { return Part::ALL.to_vec() };
    let named = filter.names().into_iter().filter_map(|column| columns.group(column));
    let asked: Vec<Part> = named.chain(groups(layer)).map(Group::part).collect();
    Part::ALL.into_iter().filter(|part| asked.contains(part)).collect()
}

/// The part without which no zone is selected, of those that few zones have.
fn only(layer: Option<&Layer>, columns: &Columns, selection: &Selection) -> Option<Part> {
    let needed = selection.filter.as_ref().map(Filter::needs).unwrap_or_default();
    let needed = needed.into_iter().filter_map(|column| columns.group(column));
    let alone = layer.filter(|layer| layer.groups.len() == 1);
    let needed: Vec<Part> = needed.chain(groups(alone)).map(Group::part).collect();
    [Part::Lake, Part::River].into_iter().find(|part| needed.contains(part))
}

fn groups(layer: Option<&Layer>) -> impl Iterator<Item = Group> {
    layer.into_iter().flat_map(|layer| layer.groups.iter().copied())
}

impl Question<'_> {
    /// The boxes whose cells are to be looked at.
    fn boxes(&self) -> Vec<Option<BBox>> {
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

    /// Calls `each` with what is selected of a box, as far as it was read, until it has had enough.
    fn visit(
        &self,
        bbox: Option<BBox>,
        after: Option<Zone>,
        mut each: impl FnMut(Zone, Record) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let (year, parts, only) = (self.year, self.parts.as_slice(), self.only);
        let mut given_up = false;
        self.file.visit(&CellQuery { year, bbox, after, parts, only }, &mut |cell| {
            given_up = self.selection.wanted.given_up();
            if given_up {
                return ControlFlow::Break(());
            }
            let zone = cell.zone;
            self.select(cell).map_or(ControlFlow::Continue(()), |record| each(zone, record))
        })?;
        if given_up { Err(ReadError::GivenUp) } else { Ok(()) }
    }

    fn page(&self, after: Option<Zone>) -> Result<Page, ReadError> {
        let limit = self.selection.limit;
        let mut found = BTreeMap::new();
        for bbox in self.boxes() {
            // One more than asked for tells whether there is a next page.
            let mut taken = 0;
            self.visit(bbox, after, |zone, record| {
                taken += 1;
                found.insert(zone, record);
                if taken <= limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
        }
        let mut page = cut(found.into_values().collect(), limit);
        if self.parts.len() < Part::ALL.len() {
            for record in &mut page.records {
                self.read_whole(record)?;
            }
        }
        Ok(page)
    }

    /// Reads the rest of a cell.
    fn read_whole(&self, record: &mut Record) -> Result<(), ReadError> {
        let Record::Cell(cell) = record else { return Ok(()) };
        if let Some(whole) = self.file.cell_in(cell.zone, self.year)? {
            **cell = whole;
        }
        Ok(())
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
        let mut found = BTreeSet::new();
        for bbox in self.boxes() {
            if everything {
                self.file.visit_zones(bbox, None, |zone| {
                    if self.is_here(zone) {
                        found.insert(zone);
                    }
                    ControlFlow::Continue(())
                })?;
            } else {
                self.visit(bbox, None, |zone, _record| {
                    found.insert(zone);
                    ControlFlow::Continue(())
                })?;
            }
        }
        Ok(Some(found.len() as u64))
    }
}
