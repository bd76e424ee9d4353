//! Real files, small: every test writes the publishers' formats into a folder of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod adding;
mod commands;
mod conflicts;
mod default_world;
mod documents;
mod faults;
mod fetching;
mod hostile;
mod killing;
mod promoting;
mod sending;
mod service;
mod small;
mod worlds;
