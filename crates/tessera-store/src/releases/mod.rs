//! The releases that the store holds: files, the table that knows them, and connections to read them.

mod answers;
mod catalogue;
mod intake;
mod library;
mod mosaic;
mod open;
mod prune;
mod shelf;

pub(crate) use answers::{Head, Kept};
pub(crate) use intake::{IntakeError, Promise, take_in};
pub(crate) use library::LibraryError;
pub(crate) use library::{Library, PromoteError, RollbackError};
pub(crate) use mosaic::Mosaic;
pub(crate) use open::{OpenRelease, Provenances, ReadError, SEARCHES, Wanted};
pub(crate) use prune::RemoveError;
