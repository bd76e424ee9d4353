//! `tessera-pipeline` (1101): publishers' files in, one checked and immutable release of the physical world out.
//!
//! stage → check → tiles → write → assay. Each step reads what the one before it made and changes nothing
//! behind it; a world with an error-level finding is never written as a release.

pub mod adapters;
pub mod fetch;
pub mod finding;
pub mod layers;
pub mod raster;
pub mod release;
pub mod rules;
pub mod run;
pub mod scan;
pub mod sources;
pub mod stage;
pub mod staged;
pub mod tiles;
