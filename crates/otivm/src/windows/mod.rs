//! Closed windows for the aggregation: made once, kept as files, never changed.

mod book;
mod close;
mod snapshot;

pub(crate) use book::{Book, WindowError};
pub(crate) use close::close_windows;
