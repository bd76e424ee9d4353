//! One record of a collection, and how it is seen through the collection's columns.

use super::columns::Columns;
use crate::{
    cql::{Row, Value},
    intersect::outline,
    releases::Provenances,
};
use geo_types::{Geometry, Point};
use std::borrow::Cow;
use tessera_world::{Cell, Feature, Place};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Record {
    Cell(Box<Cell>),
    Place(Box<Place>),
    Feature(Box<Feature>),
}

impl Record {
    /// Unique in its collection, and what its pages are ordered by.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Cell(cell) => cell.zone.to_string(),
            Self::Place(place) => place.id.clone(),
            Self::Feature(feature) => feature.id.clone(),
        }
    }
}

/// A record with what is needed to read its columns.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) record: &'a Record,
    pub(crate) columns: &'a Columns,
    pub(crate) provenances: &'a Provenances,
}

impl Row for Seen<'_> {
    fn value(&self, column: usize) -> Value<'_> {
        self.columns.value(column, self.record, self.provenances)
    }

    fn geometry(&self) -> Cow<'_, Geometry<f64>> {
        match self.record {
            Record::Cell(cell) => Cow::Owned(outline(cell.zone)),
            Record::Place(place) => {
                let at = place.position;
                Cow::Owned(Point::new(at.longitude(), at.latitude()).into())
            }
            Record::Feature(feature) => Cow::Borrowed(&feature.geometry),
        }
    }

    /// A cell is there in every year; what it is like may differ.
    fn valid(&self) -> (Option<i32>, Option<i32>) {
        match self.record {
            Record::Cell(_) => (None, None),
            Record::Place(place) => (place.valid_from, place.valid_to),
            Record::Feature(feature) => (feature.valid_from, feature.valid_to),
        }
    }
}
