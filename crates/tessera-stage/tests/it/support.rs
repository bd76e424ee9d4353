//! Publishers' files as items, and the world they are asked for.

use std::path::PathBuf;
use tessera_formats::{Record, RecordFormat, Row, TableFormat, records, table};
use tessera_grid::{BBox, Resolution};
use tessera_stage::layers::features::{Fields, Item, Taken, World};

pub(crate) fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name)
}

pub(crate) fn map(name: &str, format: RecordFormat) -> Vec<Record> {
    records(&path(name), format).expect("a readable file").items
}

pub(crate) fn rows(name: &str, format: &TableFormat) -> Vec<Row> {
    table(&path(name), format).expect("a readable file").items
}

pub(crate) fn of_records(records: &[Record]) -> impl Iterator<Item = Item<'_>> {
    records.iter().map(Item::of_record)
}

pub(crate) fn of_rows(rows: &[Row]) -> impl Iterator<Item = Item<'_>> {
    rows.iter().map(Item::of_row)
}

/// Roles as the sources document writes them: `role = Column; other = =literal`.
pub(crate) fn roles(text: &str) -> Fields {
    text.split(';')
        .filter_map(|pair| pair.split_once(" = "))
        .map(|(role, column)| (role.trim().to_owned(), column.trim().to_owned()))
        .collect()
}

pub(crate) fn bbox() -> BBox {
    BBox::new(-12.0, 4.0, 82.0, 60.0).expect("a box")
}

pub(crate) fn world() -> World {
    World { bbox: bbox(), resolution: Resolution::FIVE }
}

/// How many rows each rule left out, by its code.
pub(crate) fn left_out(taken: &Taken) -> Vec<(&'static str, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for (_, rule, _) in &taken.left_out {
        *counts.entry(*rule).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}
