//! The API documents: generated from the code by each service's own test, checked in, compared.

use crate::shell::{command, finish};

/// The tests that know the documents; each writes its own where it is told to.
const TESTS: &str = "openapi";

pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let mut tests = command(
        "cargo",
        &["test", "--workspace", "--locked", "--quiet", "--test", "it", TESTS],
        ".",
    );
    if !check {
        tests.env("UPDATE_OPENAPI", "1");
    }
    finish(&mut tests)
}
