//! The whole stack in real processes: from raw files to a moved price, through kills and restarts, and
//! with a real browser. Needs the sources (`cargo xtask fetch`), the built game and Chromium, all of
//! which `cargo xtask test` brings.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot set its scene has failed"
)]

mod apt_cache;
mod browser;
mod loop_closes;
mod player;
mod stack;
mod starting;
