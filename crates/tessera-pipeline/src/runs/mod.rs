//! Runs: kept on disk one folder each, done one at a time, promoted by hand.

mod findings;
mod import;
mod live;
mod promote;
mod shelf;
mod worker;

pub(crate) use findings::{NoPage, findings, quarantine};
pub(crate) use import::{Intake, IntakeError};
pub(crate) use live::LiveRelease;
pub(crate) use promote::{PromoteError, Promoter, RollBackError, promote};
pub(crate) use shelf::{NewRun, Shelf, ShelfError, at};
pub(crate) use worker::{InHand, Worker, work};
