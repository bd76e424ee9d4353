//! The rules from outside: whole lives, whole markets, and the documents that describe them.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod chain;
mod chapters;
mod crowds;
mod default_world;
mod documents;
mod egypt;
mod hold;
mod kept;
mod labels;
mod lives;
mod loans;
mod loops;
mod market;
mod otium;
mod passkeys;
mod perils;
mod proof;
mod proof_harbour;
mod proof_villa;
mod removal;
mod storage;
mod time;
mod villa;
mod voyages;
mod world;
mod wrecks;
mod yard;
