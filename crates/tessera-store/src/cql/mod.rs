//! CQL2 text: the filter language of OGC API Features part 3, read into a tree and asked of rows.
//!
//! A filter names only columns that its collection has, and compares each with literals of its own kind:
//! what is wrong is said when the filter is read, with the position. Asking a row never fails. Truth has
//! three values, as in SQL: a comparison with `NULL` is neither true nor false, and only what is true is
//! selected. Decision 0012 says why the parser is ours.

mod filter;
mod geometry;
mod lex;
mod parse;
mod value;

#[cfg(test)]
mod parse_tests;
#[cfg(test)]
mod property_tests;

pub(crate) use filter::{Filter, Row};
pub(crate) use parse::{Column, parse};
pub(crate) use value::{Kind, Value};
