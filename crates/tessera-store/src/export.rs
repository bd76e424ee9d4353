//! A whole collection as one table, written as it is read.

use crate::{
    collections::{Collection, Seen, Selection},
    cql::{Kind, Row, Value},
    releases::{OpenRelease, ReadError, Wanted},
};
use std::{collections::BTreeSet, io::Write};
use tessera_geoparquet as parquet;
use tessera_release::Release;

/// Records read at a time: some megabytes.
const PAGE_RECORDS: usize = 2_000;

#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] parquet::Error),
    #[error("sending the last bytes")]
    Sent(#[source] std::io::Error),
}

/// Writes every record of the collection, in the order of the ids, as it is in the release's epoch.
pub(crate) fn export(
    collection: &Collection,
    open: &OpenRelease,
    file: &Release,
    into: impl Write + Send,
) -> Result<parquet::Written, ExportError> {
    let columns = collection.columns(file)?;
    // The features' own id comes first; a column that has the name of one of ours is set apart.
    let mut taken: BTreeSet<String> = ["fid", "geometry", "bbox"].map(str::to_owned).into();
    let mut heads = vec![parquet::Column { name: "fid".to_owned(), kind: parquet::Kind::Text }];
    for column in columns.list() {
        let mut name = column.name.clone();
        while !taken.insert(name.clone()) {
            name.push('_');
        }
        heads.push(parquet::Column { name, kind: kind(column.kind) });
    }
    let mut table = parquet::Table::begin(into, &heads)?;
    let mut after = None;
    loop {
        let selection = Selection {
            boxes: Vec::new(),
            years: None,
            filter: None,
            after,
            limit: PAGE_RECORDS,
            // Who hangs up is noticed where the pieces are sent.
            wanted: Wanted::always(),
        };
        let page = collection.page(open, file, &columns, &selection)?;
        for record in &page.records {
            let seen = Seen { record, columns: &columns, provenances: open.provenances() };
            let values = (0..columns.list().len()).map(|column| value(seen.value(column)));
            let id = parquet::Value::Text(record.id());
            table.row(&seen.geometry(), std::iter::once(id).chain(values).collect())?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(table.finish()?);
        }
    }
}

/// Months, and what a publisher nested, are written as JSON.
fn kind(kind: Kind) -> parquet::Kind {
    match kind {
        Kind::Integer => parquet::Kind::Integer,
        Kind::Number => parquet::Kind::Number,
        Kind::Boolean => parquet::Kind::Boolean,
        Kind::Text | Kind::Nested => parquet::Kind::Text,
    }
}

fn value(value: Value<'_>) -> parquet::Value {
    match value {
        Value::Null => parquet::Value::Null,
        Value::Bool(yes) => parquet::Value::Boolean(yes),
        Value::Integer(number) => parquet::Value::Integer(number),
        Value::Number(number) => parquet::Value::Number(number),
        Value::Text(text) => parquet::Value::Text(text.into_owned()),
        Value::Months(months) => parquet::Value::Text(serde_json::json!(months).to_string()),
        Value::Json(json) => parquet::Value::Text(json.to_string()),
    }
}
