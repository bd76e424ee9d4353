//! The documents that are made from code.

use otivm_rules::parameters::TABLE;
use std::{fmt::Write, path::Path};

fn parameters() -> String {
    let mut text = String::from(
        "# Parameters\n\n\
         Every number that the rules may be played with. The table is written from\n\
         `crates/otivm-rules/src/parameters/table.rs`; a test compares the two, and\n\
         `BLESS=1 cargo nextest run -p otivm-rules the_parameters_page` writes it anew. A player's\n\
         database records at its head, as moments of kind `parameter`, the values it is played with.\n\n\
         | id | unit | least | most | default | meaning | source |\n\
         |---|---|--:|--:|--:|---|---|\n",
    );
    for parameter in TABLE {
        let otivm_rules::parameters::Parameter {
            name,
            unit,
            least,
            most,
            default,
            meaning,
            source,
            ..
        } = parameter;
        writeln!(
            text,
            "| `{name}` | {unit} | {least} | {most} | {default} | {meaning} | {source} |"
        )
        .unwrap();
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
