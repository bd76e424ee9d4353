//! The tree of a filter, and the asking of rows.

use super::value::Value;
use geo::{BoundingRect, Intersects};
use geo_types::{Geometry, Rect};
use std::{borrow::Cow, cmp::Ordering, collections::BTreeSet};

/// What a filter is asked of: a cell, a place, a feature.
pub(crate) trait Row {
    /// By the column's place in the list that the filter was read against.
    fn value(&self, column: usize) -> Value<'_>;
    fn geometry(&self) -> Cow<'_, Geometry<f64>>;
    /// Astronomical years in which it held; `None` where no bound is known.
    fn valid(&self) -> (Option<i32>, Option<i32>);
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Is(bool),
    Compare { left: Term, sign: Sign, right: Term },
    Between { term: Term, low: Term, high: Term },
    In { term: Term, list: Vec<Term> },
    Like { term: Term, pattern: Term },
    IsNull(Term),
    Intersects(Box<Geometry<f64>>),
    Time { relation: TimeRelation, from: Option<i32>, to: Option<i32> },
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Term {
    Column(usize),
    Literal(Value<'static>),
    /// Compared without regard to capital letters.
    Casei(Box<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How the years of a row lie to the years of the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeRelation {
    Intersects,
    Disjoint,
    During,
    Before,
    After,
}

impl Filter {
    pub(crate) fn selects(&self, row: &impl Row) -> bool {
        self.ask(row) == Some(true)
    }

    /// The one box that everything selected touches; `None` when the filter names none.
    pub(crate) fn bounds(&self) -> Option<Rect<f64>> {
        match self {
            Self::Intersects(geometry) => geometry.bounding_rect(),
            Self::And(parts) => parts.iter().find_map(Self::bounds),
            _ => None,
        }
    }

    /// Every column that the filter names.
    pub(crate) fn names(&self) -> BTreeSet<usize> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::names).collect(),
            Self::Not(part) => part.names(),
            Self::Compare { left, right, .. } => columns([left, right]),
            Self::Between { term, low, high } => columns([term, low, high]),
            Self::In { term, list } => columns(std::iter::once(term).chain(list)),
            Self::Like { term, pattern } => columns([term, pattern]),
            Self::IsNull(term) => columns([term]),
            Self::Is(_) | Self::Intersects(_) | Self::Time { .. } => BTreeSet::new(),
        }
    }

    /// Columns that are known in every row that the filter selects.
    pub(crate) fn needs(&self) -> BTreeSet<usize> {
        self.needs_to_be(true)
    }

    /// Columns that are known wherever the answer is this one.
    fn needs_to_be(&self, answer: bool) -> BTreeSet<usize> {
        match self {
            Self::And(parts) | Self::Or(parts) => {
                let all_of_them = matches!(self, Self::And(_)) == answer;
                let mut each = parts.iter().map(|part| part.needs_to_be(answer));
                if all_of_them {
                    return each.flatten().collect();
                }
                let first = each.next().unwrap_or_default();
                each.fold(first, |kept, other| kept.intersection(&other).copied().collect())
            }
            Self::Not(part) => part.needs_to_be(!answer),
            Self::IsNull(_) if answer => BTreeSet::new(),
            Self::In { term, .. } => columns([term]),
            _ => self.names(),
        }
    }

    fn ask(&self, row: &impl Row) -> Option<bool> {
        match self {
            Self::And(parts) => all(parts.iter().map(|part| part.ask(row))),
            Self::Or(parts) => {
                all(parts.iter().map(|part| part.ask(row).map(|is| !is))).map(|is| !is)
            }
            Self::Not(part) => part.ask(row).map(|is| !is),
            Self::Is(is) => Some(*is),
            Self::Compare { left, sign, right } => {
                Some(sign.holds(left.value(row).compare(&right.value(row))?))
            }
            Self::Between { term, low, high } => {
                let value = term.value(row);
                let low = value.compare(&low.value(row))?;
                let high = value.compare(&high.value(row))?;
                Some(low != Ordering::Less && high != Ordering::Greater)
            }
            Self::In { term, list } => {
                let value = term.value(row);
                if value.is_null() {
                    return None;
                }
                let equal =
                    |other: &Term| value.compare(&other.value(row)) == Some(Ordering::Equal);
                Some(list.iter().any(equal))
            }
            Self::Like { term, pattern } => {
                let (value, pattern) = (term.value(row), pattern.value(row));
                Some(like(value.text()?, pattern.text()?))
            }
            Self::IsNull(term) => Some(term.value(row).is_null()),
            Self::Intersects(geometry) => Some(geometry.intersects(row.geometry().as_ref())),
            Self::Time { relation, from, to } => {
                let (begin, end) = row.valid();
                Some(relation.holds([begin, end], [*from, *to]))
            }
        }
    }
}

fn columns<'a>(terms: impl IntoIterator<Item = &'a Term>) -> BTreeSet<usize> {
    terms.into_iter().filter_map(Term::column).collect()
}

/// False where one is false, unknown where one is unknown, else true.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = None,
        }
    }
    known
}

impl Term {
    fn column(&self) -> Option<usize> {
        match self {
            Self::Column(column) => Some(*column),
            Self::Literal(_) => None,
            Self::Casei(term) => term.column(),
        }
    }

    fn value<'a>(&'a self, row: &'a impl Row) -> Value<'a> {
        match self {
            Self::Column(column) => row.value(*column),
            Self::Literal(value) => value.clone(),
            Self::Casei(term) => match term.value(row) {
                Value::Text(text) => text.to_lowercase().into(),
                other => other,
            },
        }
    }
}

impl Sign {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order == Ordering::Equal,
            Self::NotEqual => order != Ordering::Equal,
            Self::Less => order == Ordering::Less,
            Self::LessOrEqual => order != Ordering::Greater,
            Self::Greater => order == Ordering::Greater,
            Self::GreaterOrEqual => order != Ordering::Less,
        }
    }
}

impl TimeRelation {
    /// An end that is not known reaches for ever.
    fn holds(self, [begin, end]: [Option<i32>; 2], [from, to]: [Option<i32>; 2]) -> bool {
        let (begin, end) = (begin.unwrap_or(i32::MIN), end.unwrap_or(i32::MAX));
        let (from, to) = (from.unwrap_or(i32::MIN), to.unwrap_or(i32::MAX));
        let apart = end < from || begin > to;
        match self {
            Self::Intersects => !apart,
            Self::Disjoint => apart,
            Self::During => begin >= from && end <= to,
            Self::Before => end < from,
            Self::After => begin > to,
        }
    }
}

/// `%` stands for any run of characters, `_` for one; a backslash takes the next one as it is.
/// Time is at most the product of the lengths: one place to come back to is enough for `%`.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.chars().collect::<Vec<_>>(), steps(pattern));
    let (mut at, mut step) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(step) {
            Some(Step::Run) => {
                back = Some((step + 1, at));
                step += 1;
            }
            Some(Step::One) => (at, step) = (at + 1, step + 1),
            Some(Step::This(c)) if text.get(at) == Some(c) => (at, step) = (at + 1, step + 1),
            _ => {
                let Some((after, from)) = back else { return false };
                back = Some((after, from + 1));
                (at, step) = (from + 1, after);
            }
        }
    }
    pattern.iter().skip(step).all(|rest| *rest == Step::Run)
}

#[derive(PartialEq)]
enum Step {
    Run,
    One,
    This(char),
}

fn steps(pattern: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        steps.push(match c {
            '%' => Step::Run,
            '_' => Step::One,
            '\\' => Step::This(characters.next().unwrap_or('\\')),
            c => Step::This(c),
        });
    }
    steps
}
