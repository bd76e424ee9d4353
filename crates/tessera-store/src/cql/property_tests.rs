//! Any tree, written as text, reads as itself; any text is read or refused.

use super::{
    Value,
    filter::{Filter, Row, Sign, Term, TimeRelation},
    parse::parse,
    parse_tests::{Ostia, columns},
};
use crate::years::date_of;
use geo_types::{Coord, LineString, Point, Polygon};
use proptest::prelude::*;
use std::borrow::Cow;

/// Ostia, of whom not everything is known.
struct Partly {
    known: Vec<bool>,
}

impl Row for Partly {
    fn value(&self, column: usize) -> Value<'_> {
        if self.known[column] { Ostia.value(column) } else { Value::Null }
    }

    fn geometry(&self) -> Cow<'_, geo_types::Geometry<f64>> {
        Cow::Owned(Ostia.geometry().into_owned())
    }

    fn valid(&self) -> (Option<i32>, Option<i32>) {
        Ostia.valid()
    }
}

fn write_term(term: &Term) -> String {
    match term {
        Term::Column(index) => columns()[*index].name.clone(),
        Term::Literal(Value::Text(text)) => format!("'{}'", text.replace('\'', "''")),
        Term::Literal(Value::Integer(number)) => number.to_string(),
        Term::Literal(Value::Number(number)) => format!("{number:?}"),
        Term::Literal(Value::Bool(is)) => is.to_string().to_uppercase(),
        Term::Literal(other) => panic!("{other:?} is no literal"),
        Term::Casei(term) => format!("CASEI({})", write_term(term)),
    }
}

fn write(filter: &Filter) -> String {
    let join = |parts: &[Filter], word: &str| {
        parts.iter().map(|part| format!("({})", write(part))).collect::<Vec<_>>().join(word)
    };
    match filter {
        Filter::And(parts) => join(parts, " AND "),
        Filter::Or(parts) => join(parts, " OR "),
        Filter::Not(part) => format!("NOT ({})", write(part)),
        Filter::Is(is) => is.to_string().to_uppercase(),
        Filter::Compare { left, sign, right } => {
            let sign = match sign {
                Sign::Equal => "=",
                Sign::NotEqual => "<>",
                Sign::Less => "<",
                Sign::LessOrEqual => "<=",
                Sign::Greater => ">",
                Sign::GreaterOrEqual => ">=",
            };
            format!("{}{sign}{}", write_term(left), write_term(right))
        }
        Filter::Between { term, low, high } => {
            let [term, low, high] = [term, low, high].map(write_term);
            format!("{term} BETWEEN {low} AND {high}")
        }
        Filter::In { term, list } => {
            let list: Vec<_> = list.iter().map(write_term).collect();
            format!("{} IN ({})", write_term(term), list.join(","))
        }
        Filter::Like { term, pattern } => {
            format!("{} LIKE {}", write_term(term), write_term(pattern))
        }
        Filter::IsNull(term) => format!("{} IS NULL", write_term(term)),
        Filter::Intersects(geometry) => format!("S_INTERSECTS(geometry, {})", wkt(geometry)),
        Filter::Time { relation, from, to } => {
            let end = |year: &Option<i32>| year.map_or_else(|| "..".to_owned(), date_of);
            let name = format!("{relation:?}").to_uppercase();
            format!("T_{name}(valid, INTERVAL('{}', '{}'))", end(from), end(to))
        }
    }
}

fn wkt(geometry: &geo_types::Geometry<f64>) -> String {
    let at = |c: &Coord<f64>| format!("{:?} {:?}", c.x, c.y);
    match geometry {
        geo_types::Geometry::Point(point) => format!("POINT({})", at(&point.0)),
        geo_types::Geometry::Polygon(polygon) => {
            let ring: Vec<_> = polygon.exterior().0.iter().map(at).collect();
            format!("POLYGON(({}))", ring.join(", "))
        }
        other => panic!("{other:?} is not generated"),
    }
}

fn text() -> impl Strategy<Value = Term> {
    prop_oneof![
        Just(Term::Column(0)),
        "[a-z'%_ é]{0,8}".prop_map(|text| Term::Literal(text.into())),
        "[a-z]{1,4}".prop_map(|text| Term::Casei(Box::new(Term::Literal(text.into())))),
    ]
}

fn number() -> impl Strategy<Value = Term> {
    prop_oneof![
        Just(Term::Column(1)),
        any::<i64>().prop_map(|number| Term::Literal(Value::Integer(number))),
        (-1e6..1e6_f64).prop_map(|number| Term::Literal(Value::Number(number))),
    ]
}

fn sign() -> impl Strategy<Value = Sign> {
    prop_oneof![
        Just(Sign::Equal),
        Just(Sign::NotEqual),
        Just(Sign::Less),
        Just(Sign::LessOrEqual),
        Just(Sign::Greater),
        Just(Sign::GreaterOrEqual),
    ]
}

fn geometry() -> impl Strategy<Value = geo_types::Geometry<f64>> {
    let coord = || (-180.0..180.0_f64, -90.0..90.0_f64).prop_map(|(x, y)| Coord { x, y });
    let ring = prop::collection::vec(coord(), 3..6).prop_map(|mut ring| {
        ring.push(ring[0]);
        Polygon::new(LineString(ring), vec![]).into()
    });
    prop_oneof![coord().prop_map(|at| Point(at).into()), ring]
}

fn leaf() -> impl Strategy<Value = Filter> {
    let year = || prop::option::of(-3000..3000_i32);
    let relation = prop_oneof![
        Just(TimeRelation::Intersects),
        Just(TimeRelation::Disjoint),
        Just(TimeRelation::During),
        Just(TimeRelation::Before),
        Just(TimeRelation::After),
    ];
    prop_oneof![
        any::<bool>().prop_map(Filter::Is),
        (text(), sign(), text()).prop_map(|(left, sign, right)| Filter::Compare {
            left,
            sign,
            right
        }),
        (number(), sign(), number()).prop_map(|(left, sign, right)| Filter::Compare {
            left,
            sign,
            right
        }),
        (number(), number(), number()).prop_map(|(term, low, high)| Filter::Between {
            term,
            low,
            high
        }),
        (text(), prop::collection::vec(text(), 1..4))
            .prop_map(|(term, list)| Filter::In { term, list }),
        (text(), text()).prop_map(|(term, pattern)| Filter::Like { term, pattern }),
        (0..columns().len()).prop_map(|column| Filter::IsNull(Term::Column(column))),
        geometry().prop_map(|geometry| Filter::Intersects(Box::new(geometry))),
        (relation, year(), year()).prop_map(|(relation, one, other)| {
            let (from, to) = match one.zip(other) {
                Some((one, other)) => (Some(one.min(other)), Some(one.max(other))),
                None => (one, other),
            };
            Filter::Time { relation, from, to }
        }),
    ]
}

fn tree() -> impl Strategy<Value = Filter> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.prop_map(|part| Filter::Not(Box::new(part))),
        ]
    })
}

proptest! {
    #[test]
    fn a_tree_that_was_written_reads_as_itself(filter in tree()) {
        let text = write(&filter);
        prop_assert_eq!(parse(&text, &columns()), Ok(filter), "{}", text);
    }

    /// A row in which some columns are unknown is not selected by a filter that needs one of them.
    #[test]
    fn what_a_filter_needs_is_known_in_every_row_that_it_selects(
        (filter, known) in (tree(), prop::collection::vec(any::<bool>(), columns().len())),
    ) {
        let row = Partly { known };
        if filter.selects(&row) {
            let unknown = filter.needs().into_iter().find(|column| row.value(*column).is_null());
            prop_assert_eq!(unknown, None, "{}", write(&filter));
        }
        prop_assert!(filter.needs().is_subset(&filter.names()));
    }

    #[test]
    fn any_text_is_read_or_refused_and_a_row_can_be_asked(text in any::<String>()) {
        if let Ok(filter) = parse(&text, &columns()) {
            filter.selects(&Ostia);
        }
    }

    #[test]
    fn words_of_the_language_in_any_order_are_read_or_refused(
        words in prop::collection::vec(prop::sample::select(vec![
            "latin", "rank", "=", "<", "(", ")", ",", "AND", "OR", "NOT", "LIKE", "IN", "BETWEEN",
            "IS", "NULL", "'a'", "1", "-2.5", "CASEI", "S_INTERSECTS", "geometry", "POINT", "BBOX",
            "POLYGON", "T_DURING", "valid", "INTERVAL", "DATE", "'0150-01-01'", "TRUE",
        ]), 0..24),
    ) {
        if let Ok(filter) = parse(&words.join(" "), &columns()) {
            filter.selects(&Ostia);
        }
    }
}
