//! Real files, small: every test writes the publishers' formats into a folder of its own.

mod default_world;
mod documents;
mod faults;
mod fetching;
mod service;
mod small;
mod worlds;
