//! Fetching, as far as it needs no network: what is kept, and what is said when something is wrong.

use crate::small::Small;
use tessera_pipeline::{
    fetch::{FetchError, Fetched, fetch},
    sources::Sources,
};

#[test]
fn files_beside_the_document_are_kept_and_a_missing_one_is_named() {
    let small = Small::new();
    let fetched = fetch(&small.sources(), &small.path("into"), |_, _, _| {}).unwrap();
    assert_eq!(fetched, Fetched { kept: 12, brought: 0, packages: 0 });
    std::fs::remove_file(small.path("winds.cdf")).unwrap();
    let refusal = fetch(&small.sources(), &small.path("into"), |_, _, _| {}).unwrap_err();
    assert!(matches!(refusal, FetchError::NoFile { path } if path.ends_with("winds.cdf")));
}

#[test]
fn a_package_that_does_not_exist_is_named_with_what_to_do() {
    let small = Small::new();
    let from = "{ name = \"heights.cdf\", recipe = { file = \"heights.cdf\" } }";
    let sum = "0".repeat(64);
    let to = format!(
        "{{ name = \"heights.cdf\", recipe = {{ deb = \"no-such-package-of-ours\", version = \"1\", member = \"x\" }}, sha256 = \"{sum}\" }}"
    );
    small.edit("sources.toml", from, &to);
    let into = small.path("into");
    let refusal =
        fetch(&Sources::load(&small.document()).unwrap(), &into, |_, _, _| {}).unwrap_err();
    let text = refusal.to_string();
    assert!(
        text.starts_with("apt-get could not bring no-such-package-of-ours 1 (Debian): "),
        "{text}"
    );
    assert!(
        text.ends_with("check the network, then run `sudo apt-get update` and fetch again"),
        "{text}"
    );
    // Nothing half-downloaded is left behind.
    assert_eq!(std::fs::read_dir(&into).unwrap().count(), 0);
}
