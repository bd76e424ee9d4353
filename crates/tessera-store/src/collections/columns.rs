//! The columns of a collection, and how each is read from a record.

use super::{
    layers::{FACTS, Fact, Group},
    record::Record,
};
use crate::{
    cql::{Column, Kind, Value},
    releases::Provenances,
};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use tessera_store_api::ProvenanceView;
use tessera_world::{Feature, Place, ProvenanceId};

/// What a provenance says, one column each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Source,
    Licence,
    Certainty,
    Method,
}

enum Get {
    Fact(&'static Fact),
    SaidOfGroup(Group, Part),
    Place(for<'a> fn(&'a Place) -> Value<'a>),
    Feature(for<'a> fn(&'a Feature) -> Value<'a>),
    Property(String),
    Said(Part),
}

#[derive(Default)]
pub(crate) struct Columns {
    list: Vec<Column>,
    gets: Vec<Get>,
}

impl Columns {
    pub(crate) fn list(&self) -> &[Column] {
        &self.list
    }

    fn add(&mut self, name: impl Into<String>, kind: Kind, what: impl Into<String>, get: Get) {
        self.list.push(Column { name: name.into(), kind, what: what.into() });
        self.gets.push(get);
    }

    /// All of a zone's, or those of some groups.
    pub(super) fn of_cells(groups: &[Group]) -> Self {
        let mut columns = Self::default();
        for fact in FACTS.iter().filter(|fact| groups.contains(&fact.group)) {
            columns.add(fact.name, fact.kind, fact.what, Get::Fact(fact));
        }
        for group in groups {
            let Some(name) = group.name() else { continue };
            for part in Part::ALL {
                let what = format!("{} of what the layer says here", part.what());
                let column = format!("{name}_{}", part.as_str());
                columns.add(column, Kind::Text, what, Get::SaidOfGroup(*group, part));
            }
        }
        columns
    }

    pub(super) fn of_places() -> Self {
        let mut columns = Self::default();
        for (name, kind, what, get) in PLACE {
            columns.add(*name, *kind, *what, Get::Place(*get));
        }
        for part in [Part::Source, Part::Licence, Part::Method] {
            columns.add(part.as_str(), Kind::Text, part.what(), Get::Said(part));
        }
        columns
    }

    /// Those that every feature has, and those of its publisher.
    pub(super) fn of_features(properties: BTreeMap<String, Kind>) -> Self {
        let mut columns = Self::default();
        for (name, kind, what, get) in FEATURE {
            columns.add(*name, *kind, *what, Get::Feature(*get));
        }
        for part in [Part::Source, Part::Licence, Part::Method] {
            columns.add(part.as_str(), Kind::Text, part.what(), Get::Said(part));
        }
        for (property, kind) in properties {
            let taken = columns.list.iter().any(|column| column.name == property);
            let name = if taken { format!("published_{property}") } else { property.clone() };
            columns.add(name, kind, "As its publisher has it", Get::Property(property));
        }
        columns
    }

    /// The group that a column of zones is of.
    pub(super) fn group(&self, column: usize) -> Option<Group> {
        match self.gets.get(column)? {
            Get::Fact(fact) => Some(fact.group),
            Get::SaidOfGroup(group, _) => Some(*group),
            _ => None,
        }
    }

    pub(crate) fn value<'a>(
        &'a self,
        column: usize,
        record: &'a Record,
        provenances: &'a Provenances,
    ) -> Value<'a> {
        match (self.gets.get(column), record) {
            (Some(Get::Fact(fact)), Record::Cell(cell)) => (fact.get)(cell),
            (Some(Get::SaidOfGroup(group, part)), Record::Cell(cell)) => {
                said(*part, group.provenance(cell), provenances)
            }
            (Some(Get::Place(get)), Record::Place(place)) => get(place),
            (Some(Get::Feature(get)), Record::Feature(feature)) => get(feature),
            (Some(Get::Property(name)), Record::Feature(feature)) => {
                feature.properties.get(name).map_or(Value::Null, Value::from)
            }
            (Some(Get::Said(part)), Record::Place(place)) => {
                said(*part, Some(place.provenance), provenances)
            }
            (Some(Get::Said(part)), Record::Feature(feature)) => {
                said(*part, Some(feature.provenance), provenances)
            }
            _ => Value::Null,
        }
    }
}

fn said(part: Part, by: Option<ProvenanceId>, provenances: &Provenances) -> Value<'_> {
    by.and_then(|id| provenances.get(id).ok()).map(|view| part.of(view)).into()
}

impl Part {
    const ALL: [Self; 4] = [Self::Source, Self::Licence, Self::Certainty, Self::Method];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Licence => "licence",
            Self::Certainty => "certainty",
            Self::Method => "method",
        }
    }

    const fn what(self) -> &'static str {
        match self {
            Self::Source => "Id of the source",
            Self::Licence => "Licence",
            Self::Certainty => "`certain`, `conjectured` or `hypothetical`: certainty",
            Self::Method => "How it came here: method",
        }
    }

    fn of(self, view: &ProvenanceView) -> &str {
        match self {
            Self::Source => &view.source,
            Self::Licence => &view.licence,
            Self::Certainty => view.certainty.as_str(),
            Self::Method => &view.method,
        }
    }
}

/// A property's kind, from all its values; what is of several kinds is not compared.
#[derive(Default)]
pub(super) struct Properties(BTreeMap<String, Option<Kind>>);

impl Properties {
    pub(super) fn see(&mut self, feature: &Feature) {
        for (name, value) in &feature.properties {
            let kind = match value {
                Json::Null => {
                    self.0.entry(name.clone()).or_default();
                    continue;
                }
                Json::Bool(_) => Kind::Boolean,
                Json::Number(number) if number.is_i64() => Kind::Integer,
                Json::Number(_) => Kind::Number,
                Json::String(_) => Kind::Text,
                Json::Array(_) | Json::Object(_) => Kind::Nested,
            };
            let known = self.0.entry(name.clone()).or_default();
            *known = Some(match *known {
                None => kind,
                Some(same) if same == kind => same,
                Some(Kind::Integer | Kind::Number)
                    if [Kind::Integer, Kind::Number].contains(&kind) =>
                {
                    Kind::Number
                }
                Some(_) => Kind::Nested,
            });
        }
    }

    pub(super) fn kinds(self) -> BTreeMap<String, Kind> {
        self.0.into_iter().map(|(name, kind)| (name, kind.unwrap_or(Kind::Text))).collect()
    }
}

type Of<T> = (&'static str, Kind, &'static str, for<'a> fn(&'a T) -> Value<'a>);

const PLACE: &[Of<Place>] = &[
    ("latin", Kind::Text, "Latin name", |p| p.latin.as_str().into()),
    ("modern", Kind::Text, "Modern name", |p| p.modern.as_str().into()),
    ("province", Kind::Text, "Roman province", |p| p.province.as_str().into()),
    ("harbour", Kind::Text, "`sea`, `river` or `none`", |p| p.harbour.as_str().into()),
    ("rank", Kind::Integer, "1 (Rome, Alexandria) to 5 (a small port)", |p| p.rank.into()),
    ("population", Kind::Integer, "People, about AD 150", |p| p.population.into()),
    ("certainty", Kind::Text, "`certain`, `conjectured` or `hypothetical`", |p| {
        p.certainty.as_str().into()
    }),
    ("citation", Kind::Text, "Where its location is argued", |p| p.citation.as_str().into()),
    ("valid_from", Kind::Integer, "First year, astronomical", |p| p.valid_from.into()),
    ("valid_to", Kind::Integer, "Last year, astronomical", |p| p.valid_to.into()),
    ("note", Kind::Text, "What else is to be said", |p| p.note.as_str().into()),
    ("zone", Kind::Text, "H3 zone that holds it", |p| p.zone.to_string().into()),
    ("water_zone", Kind::Text, "H3 zone that its ships lie in", |p| {
        p.water_zone.map(|zone| zone.to_string()).into()
    }),
];

const FEATURE: &[Of<Feature>] = &[
    ("title", Kind::Text, "What it is called", |f| f.title.as_str().into()),
    ("latin", Kind::Text, "Latin name", |f| f.latin.as_deref().into()),
    ("certainty", Kind::Text, "`certain`, `conjectured` or `hypothetical`", |f| {
        f.certainty.as_str().into()
    }),
    ("citation", Kind::Text, "Where it is argued", |f| f.citation.as_str().into()),
    ("valid_from", Kind::Integer, "First year, astronomical", |f| f.valid_from.into()),
    ("valid_to", Kind::Integer, "Last year, astronomical", |f| f.valid_to.into()),
    ("zone", Kind::Text, "H3 zone that holds it, where it is a point", |f| {
        f.zone.map(|zone| zone.to_string()).into()
    }),
];
