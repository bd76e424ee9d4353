//! Evidence as features: what a publisher's rows say, each with its certainty, its years and its citation.
//!
//! A row becomes a feature whole or not at all: what is left out is named by row, rule and reason. Which
//! column means what comes from the sources document as roles ([`Fields`]); nothing here knows a file.
//! A year of a publisher has no 0 and is negative before our era; a feature's is astronomical.

pub mod city;
pub mod gazetteer;
pub mod item;
pub mod monument;
pub mod period;
pub mod plate;
pub mod pleiades;
pub mod port;
pub mod province;
pub mod settlement;
pub mod shape;
pub mod water;
pub mod wreck;

pub use gazetteer::Gazetteer;
pub use item::{Fields, Item, LeftOut, World};

use serde_json::{Map, Value};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use tessera_world::{Certainty, Feature, ProvenanceId};

/// What every row of a dataset is read with.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    pub fields: &'a Fields,
    pub world: World,
    pub gazetteer: &'a Gazetteer,
    pub provenance: ProvenanceId,
}

/// What the rows of a dataset gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// Ascending by collection and id.
    pub features: Vec<Feature>,
    /// The row of each feature, by collection and id.
    pub rows: HashMap<(String, String), u64>,
    pub left_out: Vec<LeftOut>,
}

impl Taken {
    /// Takes every row that `make` makes a feature of; the second row of an id is left out.
    fn of<'a>(
        items: impl IntoIterator<Item = Item<'a>>,
        mut make: impl FnMut(&Item<'a>) -> Result<Feature, LeftOut>,
    ) -> Self {
        let mut taken = Self::default();
        for item in items {
            match make(&item) {
                Ok(feature) => match taken.rows.entry(owned(feature.key())) {
                    Entry::Vacant(free) => {
                        free.insert(item.row);
                        taken.features.push(feature);
                    }
                    Entry::Occupied(first) => {
                        let reason =
                            format!("the id {} stands in row {} already", feature.id, first.get());
                        taken.left_out.push((item.row, "feature_duplicate", reason));
                    }
                },
                Err(left_out) => taken.left_out.push(left_out),
            }
        }
        taken.features.sort_by(|a, b| a.key().cmp(&b.key()));
        taken
    }
}

pub(super) fn owned((collection, id): (&str, &str)) -> (String, String) {
    (collection.to_owned(), id.to_owned())
}

/// A row's feature before its layer says more: at the row's own shape, where it has one.
fn bare(collection: &str, id: String, item: &Item<'_>, provenance: ProvenanceId) -> Feature {
    let geometry = item.geometry.cloned();
    let geometry = geometry.unwrap_or(geo_types::Geometry::Point((0.0, 0.0).into()));
    Feature::new(collection, id, geometry, provenance)
}

/// Copies the columns whose roles begin with `keep.` under what follows: `keep.cargo = "Cargo_1"`.
fn kept(item: &Item<'_>, fields: &Fields) -> Map<String, Value> {
    let mut properties = Map::new();
    for (role, column) in fields.kept() {
        match item.fields.get(column) {
            Some(Value::String(text)) if !text.trim().is_empty() => {
                properties.insert(role.to_owned(), Value::String(text.trim().to_owned()));
            }
            Some(value @ (Value::Number(_) | Value::Bool(_))) => {
                properties.insert(role.to_owned(), value.clone());
            }
            _ => {}
        }
    }
    properties
}

/// The less certain of two.
fn weaker(a: Certainty, b: Certainty) -> Certainty {
    let rank = |certainty| match certainty {
        Certainty::Certain => 0,
        Certainty::Conjectured => 1,
        Certainty::Hypothetical => 2,
    };
    if rank(b) > rank(a) { b } else { a }
}

/// A publisher marks a doubtful name with `?`, a reconstructed one with `*` or brackets.
fn doubtful(name: &str) -> bool {
    name.contains(['?', '*', '[', ']'])
}

/// A name without the marks of doubt, its first form where several are given; `None` where nothing is left.
pub(crate) fn plain_name(name: &str) -> Option<String> {
    let first = name.split('/').next().unwrap_or_default();
    let plain: String =
        first.replace('_', " ").chars().filter(|c| !['?', '*', '[', ']'].contains(c)).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    (!plain.is_empty()).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_its_marks_of_doubt_and_keeps_its_first_form() {
        assert_eq!(plain_name("Mulucha?/Malva?"), Some("Mulucha".to_owned()));
        assert_eq!(plain_name("[Aspanbor]"), Some("Aspanbor".to_owned()));
        assert_eq!(plain_name("Via_Minucia"), Some("Via Minucia".to_owned()));
        assert_eq!(plain_name(" ? "), None);
        assert!(doubtful("*Chrononum") && !doubtful("Ostia"));
    }

    #[test]
    fn the_weaker_certainty_holds() {
        assert_eq!(weaker(Certainty::Certain, Certainty::Conjectured), Certainty::Conjectured);
        assert_eq!(weaker(Certainty::Hypothetical, Certainty::Certain), Certainty::Hypothetical);
    }
}
