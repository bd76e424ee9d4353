//! Runs: kept on disk one folder each, done one at a time, promoted by hand.

mod import;
mod promote;
mod shelf;
mod worker;

pub(crate) use import::{Intake, IntakeError};
pub(crate) use promote::{PromoteError, promote};
pub(crate) use shelf::{NewRun, Shelf, ShelfError};
pub(crate) use worker::{Worker, work};
