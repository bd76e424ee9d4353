//! Features as GeoParquet 1.1: rows become row groups as they come, so that a table of any length is
//! written in the memory of one group.
//!
//! Columns are flat and all may be empty; the last is `geometry`, WKB, longitude first. `bbox`, beside it,
//! lets a reader skip row groups by place. The box around everything is not written, because it is known
//! only after the first bytes have gone.

mod table;

pub use table::{Table, Written};

use parquet::errors::ParquetError;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("writing a table as Parquet")]
    Parquet(#[from] ParquetError),
    #[error("putting rows together for Parquet")]
    Arrow(#[from] arrow_schema::ArrowError),
    #[error("row {0} has another number of values than the table has columns")]
    Row(u64),
    #[error("a geometry that WKB cannot hold")]
    Geometry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
}

/// A column beside the geometry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

/// A value is written where it is of its column's kind (an integer also as a number), and left empty else.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
}
