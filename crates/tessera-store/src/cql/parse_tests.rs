//! What is read, what is selected, and what is refused with a position.

use super::{
    Kind, Value,
    filter::Row,
    parse::{Column, parse},
};
use geo_types::{Geometry, point};
use std::borrow::Cow;

pub(super) fn columns() -> Vec<Column> {
    [
        ("latin", Kind::Text),
        ("rank", Kind::Integer),
        ("share", Kind::Number),
        ("walled", Kind::Boolean),
        ("winds", Kind::Nested),
        ("note", Kind::Text),
    ]
    .map(|(name, kind)| Column { name: name.to_owned(), kind, what: String::new() })
    .into()
}

/// Ostia, without a note.
pub(super) struct Ostia;

impl Row for Ostia {
    fn value(&self, column: usize) -> Value<'_> {
        match column {
            0 => "Ostia Tiberina".into(),
            1 => 2_i32.into(),
            2 => Value::Number(0.25),
            3 => true.into(),
            4 => Value::Months(vec![1; 12]),
            _ => Value::Null,
        }
    }

    fn geometry(&self) -> Cow<'_, Geometry<f64>> {
        Cow::Owned(point!(x: 12.29, y: 41.76).into())
    }

    fn valid(&self) -> (Option<i32>, Option<i32>) {
        (Some(-400), None)
    }
}

fn selects(text: &str) -> bool {
    parse(text, &columns()).unwrap_or_else(|error| panic!("{text}: {error}")).selects(&Ostia)
}

#[test]
fn each_predicate_selects_what_it_says() {
    for yes in [
        "latin = 'Ostia Tiberina'",
        "latin <> 'Roma' AND rank < 3 AND rank <= 2 AND rank > 1 AND rank >= 2",
        "rank = 2.0",
        "share BETWEEN 0.2 AND 0.3",
        "rank NOT BETWEEN 3 AND 5",
        "rank IN (1, 2, 3) AND latin NOT IN ('Roma')",
        "latin LIKE 'Ostia%' AND latin LIKE '%T_ber%' AND latin NOT LIKE 'ostia%'",
        "CASEI(latin) LIKE casei('OSTIA%') AND CASEI(latin) = CASEI('ostia tiberina')",
        "note IS NULL AND latin IS NOT NULL AND winds IS NOT NULL",
        "walled = TRUE AND NOT walled = FALSE",
        "\"latin\" = 'Ostia Tiberina'",
        "TRUE AND NOT FALSE",
        "(rank = 1 OR rank = 2) AND latin LIKE 'O%'",
        "rank = 1 OR rank = 2 AND latin LIKE 'O%'",
        "S_INTERSECTS(geometry, BBOX(12, 41, 13, 42))",
        "S_INTERSECTS(geometry, POINT(12.29 41.76))",
        "s_intersects(geometry, POLYGON((12 41, 13 41, 13 42, 12 42, 12 41)))",
        "S_INTERSECTS(geometry, MULTIPOLYGON(((12 41, 13 41, 13 42, 12 42, 12 41))))",
        "S_INTERSECTS(geometry, MULTIPOINT((1 1), (12.29 41.76)))",
        "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(1 1), BBOX(12, 41, 13, 42)))",
        "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(12.29 41.76))))",
        "NOT S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(1 1), LINESTRING(0 0, 1 1)))",
        "S_INTERSECTS(BBOX(12, 41, 13, 42), geometry)",
        "NOT S_INTERSECTS(POINT(1 1), geometry)",
        "S_INTERSECTS(POINT(1 1), LINESTRING(0 0, 2 2))",
        "NOT S_INTERSECTS(POINT(1 1), POINT(2 2))",
        "S_INTERSECTS(geometry, geometry)",
        "NOT S_INTERSECTS(geometry, LINESTRING(0 0, 1 1))",
        "NOT S_INTERSECTS(geometry, BBOX(170, 41, -170, 42))",
        "T_INTERSECTS(valid, DATE('0150-01-01'))",
        "T_AFTER(valid, TIMESTAMP('-000500-01-01T00:00:00Z'))",
        "T_INTERSECTS(valid, INTERVAL('..', '-000400-01-01'))",
        "T_DURING(valid, INTERVAL('-000400-01-01', '..'))",
        "T_DISJOINT(valid, INTERVAL('..', '-000401-01-01'))",
        "NOT T_BEFORE(valid, DATE('0150-01-01'))",
    ] {
        assert!(selects(yes), "{yes}");
        assert!(!selects(&format!("NOT ({yes})")), "NOT ({yes})");
    }
}

#[test]
fn what_is_not_known_is_not_selected_and_neither_is_its_opposite() {
    for unknown in [
        "note = 'x'",
        "NOT note = 'x'",
        "note LIKE '%'",
        "note NOT IN ('x')",
        "note BETWEEN 'a' AND 'b'",
        "note = 'x' AND TRUE",
        "note = 'x' OR FALSE",
    ] {
        assert!(!selects(unknown), "{unknown}");
    }
    assert!(selects("note = 'x' OR TRUE"));
    assert!(selects("NOT (note = 'x' AND FALSE)"));
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_what_to_do() {
    let refusal = |text: &str| parse(text, &columns()).unwrap_err().to_string();
    for (text, character, hint) in [
        ("", 1, "a property or a value belongs here"),
        ("rank", 5, "a comparison belongs here"),
        ("rank = ", 8, "a property or a value belongs here"),
        ("rank = 'two'", 8, "write one without quotes"),
        ("latin = 2", 9, "'single quotes'"),
        ("winds = 2", 9, "not compared"),
        ("population > 1", 1, "queryables"),
        ("rank = 1 rank = 2", 10, "AND or OR"),
        ("(rank = 1", 10, "\")\" belongs here"),
        ("latin = 'Ostia", 9, "never closed"),
        ("rank LIKE '2'", 11, "LIKE is for text"),
        ("rank NOT 2", 10, "LIKE, BETWEEN or IN"),
        ("rank = 1 ; DROP TABLE place", 10, "means nothing here"),
        ("S_INTERSECTS(geometry, CIRCLE(1 1))", 24, "a geometry belongs here"),
        ("S_INTERSECTS(geometry, POINT(41.9 120))", 30, "longitude first"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1, 0 1)))", 31, "repeat that one"),
        ("S_INTERSECTS(latin, POINT(1 1))", 14, "`geometry`"),
        ("T_DURING(valid, DATE('tomorrow'))", 22, "is not a date"),
        ("T_INTERSECTS(valid, INTERVAL('0150-01-01', '0100-01-01'))", 21, "ends before it begins"),
        ("rank = 1e999", 8, "is not a number"),
    ] {
        let said = refusal(text);
        assert!(said.starts_with(&format!("filter, character {character}: ")), "{text}: {said}");
        assert!(said.contains(hint), "{text}: {said}");
    }
}

#[test]
fn length_and_depth_are_bounded() {
    let deep = |depth: usize| format!("{}rank = 1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&deep(31), &columns()).is_ok());
    assert!(parse(&deep(32), &columns()).unwrap_err().what.contains("flatter"));
    assert!(parse(&"NOT ".repeat(2000), &columns()).unwrap_err().what.contains("flatter"));
    let within = |depth: usize| {
        let parts = "GEOMETRYCOLLECTION(".repeat(depth);
        format!("S_INTERSECTS(geometry, {parts}POINT(1 1){})", ")".repeat(depth))
    };
    assert!(parse(&within(31), &columns()).is_ok());
    assert!(parse(&within(32), &columns()).unwrap_err().what.contains("flatter"));
    let long = format!("latin = '{}'", "x".repeat(8192));
    assert!(parse(&long, &columns()).unwrap_err().what.contains("at most 8192"));
}

#[test]
fn a_box_is_found_in_what_is_joined_by_and_only() {
    let bounds = |text: &str| parse(text, &columns()).unwrap().bounds();
    assert!(bounds("rank = 1 AND S_INTERSECTS(geometry, POINT(1 2))").is_some());
    assert!(bounds("S_INTERSECTS(POINT(1 2), geometry)").is_some());
    assert!(bounds("rank = 1 OR S_INTERSECTS(geometry, POINT(1 2))").is_none());
    assert!(bounds("NOT S_INTERSECTS(geometry, POINT(1 2))").is_none());
}

/// Says one text in every column.
struct Long(String);

impl Row for Long {
    fn value(&self, _column: usize) -> Value<'_> {
        self.0.as_str().into()
    }
    fn geometry(&self) -> Cow<'_, Geometry<f64>> {
        Cow::Owned(point!(x: 0.0, y: 0.0).into())
    }
    fn valid(&self) -> (Option<i32>, Option<i32>) {
        (None, None)
    }
}

#[test]
fn like_is_quick_on_patterns_made_to_be_slow() {
    let text = format!("latin LIKE '{}b'", "%a".repeat(1000));
    let filter = parse(&text, &columns()).unwrap();
    assert!(!filter.selects(&Long("a".repeat(20_000))));
}
