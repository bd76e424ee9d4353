//! Which records of a collection, page by page, in the order of their ids.

use super::{Collection, Record, Seen, Subject, cells, columns::Columns};
use crate::{
    cql::Filter,
    intersect::POINT_DEGREES,
    releases::{OpenRelease, ReadError, Wanted},
    years::Years,
};
use std::{collections::BTreeMap, ops::ControlFlow};
use tessera_grid::{BBox, Position};
use tessera_release::{FeatureQuery, Release};

/// Counting what a filter selects reads everything else too: beyond this it is left out.
pub(super) const COUNTED_MAX: u64 = 100_000;

pub(crate) struct Selection {
    /// Empty: everywhere.
    pub(crate) boxes: Vec<BBox>,
    pub(crate) years: Option<Years>,
    pub(crate) filter: Option<Filter>,
    /// The last id of the page before.
    pub(crate) after: Option<String>,
    pub(crate) limit: usize,
    /// Whether anybody still waits for it.
    pub(crate) wanted: Wanted,
}

pub(crate) struct Page {
    /// All that the selection holds; `None` where counting would take too long.
    pub(crate) matched: Option<u64>,
    pub(crate) records: Vec<Record>,
    /// What the next page begins after, where there is one.
    pub(crate) next: Option<String>,
}

impl Selection {
    /// Where to look: the boxes, or else the box that the filter names.
    pub(super) fn places(&self) -> Vec<BBox> {
        let named = self.filter.as_ref().and_then(Filter::bounds);
        match named {
            Some(rect) if self.boxes.is_empty() => {
                let (low, high) = (rect.min(), rect.max());
                let wider = BBox::new(
                    (low.x - POINT_DEGREES).max(-180.0),
                    (low.y - POINT_DEGREES).max(-90.0),
                    (high.x + POINT_DEGREES).min(180.0),
                    (high.y + POINT_DEGREES).min(90.0),
                );
                wider.into_iter().collect()
            }
            _ => self.boxes.clone(),
        }
    }

    pub(super) fn selects(&self, record: &Record, columns: &Columns, open: &OpenRelease) -> bool {
        let seen = Seen { record, columns, provenances: open.provenances() };
        self.filter.as_ref().is_none_or(|filter| filter.selects(&seen))
    }

    fn holds(&self, position: Position) -> bool {
        self.boxes.is_empty() || self.boxes.iter().any(|part| part.contains(position))
    }
}

impl Collection {
    pub(crate) fn page(
        &self,
        open: &OpenRelease,
        file: &Release,
        columns: &Columns,
        selection: &Selection,
    ) -> Result<Page, ReadError> {
        match self.subject {
            Subject::Cells(layer) => cells::page(self, layer, open, file, columns, selection),
            Subject::Places => places(open, file, columns, selection),
            Subject::Features => self.features(open, file, columns, selection),
        }
    }

    /// One record, as it was in a year where it has states.
    pub(crate) fn one(
        &self,
        file: &Release,
        id: &str,
        year: Option<i32>,
    ) -> Result<Option<Record>, ReadError> {
        Ok(match self.subject {
            Subject::Cells(layer) => {
                let Ok(zone) = id.parse() else { return Ok(None) };
                let cell = file.cell_in(zone, year.unwrap_or(file.info().epoch))?;
                let cell = cell.filter(|cell| layer.is_none_or(|layer| layer.speaks_of(cell)));
                cell.map(|cell| Record::Cell(Box::new(cell)))
            }
            Subject::Places => file.place(id)?.map(|place| Record::Place(Box::new(place))),
            Subject::Features => {
                file.feature(&self.id, id)?.map(|feature| Record::Feature(Box::new(feature)))
            }
        })
    }

    fn features(
        &self,
        open: &OpenRelease,
        file: &Release,
        columns: &Columns,
        selection: &Selection,
    ) -> Result<Page, ReadError> {
        let places = selection.places();
        let years = selection.years;
        let (from, to) = (years.and_then(|y| y.first), years.and_then(|y| y.last));
        let query = |bbox| FeatureQuery { collection: &self.id, bbox, from, to };
        let queries: Vec<FeatureQuery<'_>> = if places.is_empty() {
            vec![query(None)]
        } else {
            places.into_iter().map(|place| query(Some(place))).collect()
        };
        // By id, because a feature may lie in both boxes of one that crosses the antimeridian.
        let collect = |after: Option<&str>, limit: usize| -> Result<_, ReadError> {
            let mut found = BTreeMap::new();
            for query in &queries {
                let mut taken = 0;
                file.visit_features(query, after, |feature| {
                    let record = Record::Feature(Box::new(feature));
                    if selection.selects(&record, columns, open) {
                        taken += 1;
                        found.insert(record.id(), record);
                    }
                    if taken < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                })?;
            }
            Ok(found)
        };
        // One more than asked for tells whether there is a next page.
        let found = collect(selection.after.as_deref(), selection.limit + 1)?;
        let mut page = cut(found.into_values().collect(), selection.limit);
        page.matched = match queries.as_slice() {
            [query] if selection.filter.is_none() => Some(file.count_features(query)?),
            _ if selection.after.is_none() && page.next.is_none() => {
                Some(page.records.len() as u64)
            }
            _ if self.count.is_some_and(|count| count <= COUNTED_MAX) => {
                Some(collect(None, usize::MAX)?.len() as u64)
            }
            _ => None,
        };
        Ok(page)
    }
}

fn places(
    open: &OpenRelease,
    file: &Release,
    columns: &Columns,
    selection: &Selection,
) -> Result<Page, ReadError> {
    let mut found = file.places()?;
    found.retain(|place| {
        selection.holds(place.position)
            && selection.years.is_none_or(|years| years.meets(place.valid_from, place.valid_to))
    });
    let records = found.into_iter().map(|place| Record::Place(Box::new(place)));
    let records: Vec<Record> =
        records.filter(|record| selection.selects(record, columns, open)).collect();
    let matched = records.len() as u64;
    let after = |record: &Record| selection.after.as_ref().is_none_or(|after| record.id() > *after);
    let rest = records.into_iter().filter(after).take(selection.limit + 1);
    let page = cut(rest.collect(), selection.limit);
    Ok(Page { matched: Some(matched), ..page })
}

/// At most `limit` records; where there were more, another page follows.
pub(super) fn cut(mut records: Vec<Record>, limit: usize) -> Page {
    let more = records.len() > limit;
    records.truncate(limit);
    let next = records.last().filter(|_| more).map(Record::id);
    Page { matched: None, records, next }
}
