//! The documents that are made from code.

use otivm_rules::registry::{Part, Row, rows};
use std::{fmt::Write, path::Path};

const HEAD: &str = "# Parameters

Every number of the game, by part. The tables are written from `crates/otivm-rules/src/registry.rs`, which reads each number
where it stands; a test compares the two, and `BLESS=1 cargo nextest run -p otivm-rules the_parameters_page` writes them anew.
`GET /api/v1/parameters` serves the same list. What stands fast has its value for bounds. Whole numbers have no decimal point.

**What a database records** ([decision 58](../decisions/0058-what-a-database-records.md)): at its head, as moments of kind
`parameter`, its values of the first table. What the other tables gave for an act stands in the moment of that act.
Not in the list: what a place or a zone yields, which are tables of the land (`crates/otivm-rules/src/market`), what the chapters
ask (`/chapters`), how exactly the market is solved, what is a unit of measure (a denarius of 16 asses, a mile of 1,480 m, a year of
365 days), and how long a moment, a key or a passkey may be.
";

const fn about(part: Part) -> (&'static str, &'static str) {
    match part {
        Part::Rules => ("The rules", "What a life is played with."),
        Part::Fixed => (
            "What stands fast",
            "Limits, what the rules have beside their parameters, and the market's model. A new build may have others.",
        ),
        Part::Goods => ("Goods", "Five numbers of each, and the source of all five."),
        Part::Ships => ("Ships", "Five numbers of each hull, and the source of all five."),
        Part::Travel => (
            "Travel",
            "What a chart is searched with, fitted as [calibration](../calibration.md) says.",
        ),
    }
}

fn parameters() -> String {
    let mut text = String::from(HEAD);
    let rows = rows();
    for part in Part::ALL {
        let (title, says) = about(part);
        write!(
            text,
            "\n## {title}\n\n{says}\n\n| id | unit | least | most | default | meaning | source |\n\
             |---|---|--:|--:|--:|---|---|\n"
        )
        .unwrap();
        for Row { id, unit, least, most, default, meaning, source, .. } in
            rows.iter().filter(|row| row.part == part)
        {
            writeln!(
                text,
                "| `{id}` | {unit} | {least} | {most} | {default} | {meaning} | {source} |"
            )
            .unwrap();
        }
    }
    text
}

#[test]
fn the_parameters_page_is_the_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/architecture/parameters.md");
    let expected = parameters();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&page, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&page).unwrap();
    assert!(
        found == expected,
        "docs/architecture/parameters.md is old: run this test with BLESS=1"
    );
}
