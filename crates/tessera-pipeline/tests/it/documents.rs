//! Documents that the code makes are checked in, and agree.

use std::{fs, path::PathBuf};

fn agree(relative: &str, made: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(relative);
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(&path, made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "{relative} is not what the code makes; run `cargo xtask openapi`");
}

#[test]
fn the_openapi_document_is_the_one_checked_in() {
    agree(
        "openapi/tessera-pipeline.json",
        &theron_service::pretty_openapi(&tessera_pipeline::openapi()),
    );
}

#[test]
fn the_openapi_rules_page_is_the_one_checked_in() {
    agree("docs/architecture/pipeline-rules.md", &tessera_checks::page());
}
