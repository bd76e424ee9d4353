//! Publishers' real files, where they lie beside the project; each test checks facts that can be looked up.

mod features;
mod rasters;
mod tables;

use std::path::PathBuf;

/// A publisher's file.
pub(crate) fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name)
}
