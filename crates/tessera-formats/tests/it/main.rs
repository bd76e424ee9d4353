//! Publishers' formats: small files written here, broken ones made of them, and the publishers' own.

#![expect(
    clippy::float_cmp,
    reason = "values read are compared with those written, to the last bit"
)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod broken;
mod lying;
mod memory;
mod published;
mod small;
mod whole;
