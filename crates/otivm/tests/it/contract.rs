//! The API documents that are checked in are those of the routes.

use std::path::Path;
use theron_service::pretty_openapi;

#[test]
fn the_openapi_documents_that_are_checked_in_are_those_of_the_routes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi");
    for (name, api) in ["otivm.json", "otivm-internal.json"].into_iter().zip(otivm::openapi()) {
        let path = folder.join(name);
        let text = pretty_openapi(&api);
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        assert!(
            std::fs::read_to_string(&path).unwrap_or_default() == text,
            "{name} is not what the routes say; run this test with UPDATE_OPENAPI=1"
        );
    }
}
