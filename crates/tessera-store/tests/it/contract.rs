//! What is promised in files: the API document and the example configuration.

use std::path::Path;
use tessera_store::Config;
use theron_service::{load_config, pretty_openapi};

#[test]
fn the_openapi_document_that_is_checked_in_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/tessera-store.json");
    let (mesh, _public) = tessera_store::documents();
    let served = pretty_openapi(&mesh);
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &served).unwrap();
    }
    let checked_in = std::fs::read_to_string(&path).unwrap();
    assert!(checked_in == served, "run the tests with UPDATE_OPENAPI=1 and look at the difference");
}

#[test]
fn the_example_configuration_is_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config.example.toml");
    let config: Config = load_config(&path).unwrap();
    assert_eq!(config, Config::of(config.service.clone()), "it shows what holds by itself");
    assert_eq!(config.service.name, "tessera-store");
    assert_eq!(config.service.listen.public, Some("127.0.0.1:3102".parse().unwrap()));
}
