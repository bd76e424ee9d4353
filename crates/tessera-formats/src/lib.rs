//! Publishers' files as neutral values: rasters by rows, features in WGS 84, tables by rows.
//!
//! This crate knows no zone and no layer, so that a format is read in one place whatever it is read for.
//! Three promises hold for each reader. A broken file is a [`FormatError`] with a stable code and a sentence
//! that says what to do; a bad row is a [`BadRow`] and the rows after it are still read; and what a file claims
//! about its size is checked before memory is spent on it, so that no file can take the process down.

mod crs;
mod error;
mod field;
mod grid;
mod input;
mod record;
mod table;

pub use crs::{Crs, CrsError};
pub use error::{BAD_ROWS_MAX, BadRow, Batch, Code, Entry, FormatError, Note};
pub use field::{
    FieldFault, NoPoint, number_of, point_of, text_of, whole_of, wkt_point_of, year_of,
};
pub use grid::climatology::{CurrentField, Rose, RoseField, read_currents, read_wind_roses};
pub use grid::{
    Bounds, FirstRow, Georeference, Grid, GridFormat, GridOptions, Lattice, Registration, Sample,
    SampleKind, TimeAxis, Window,
};
pub use record::{Record, RecordFormat, read_records, records};
pub use table::{Row, TableFormat, ends_in_a_quote, read_table, table};
