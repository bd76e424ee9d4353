//! A release that was written is read as it was, and a file that is none is named.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod cells;
mod features;
mod file;
