//! What an operator may set.

use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};
use theron_service::{Base, Neighbours};

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub service: Base,
    pub neighbours: Neighbours,
    /// Worlds that runs may be asked for, by name.
    pub worlds: BTreeMap<String, World>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Its `sources.toml`, read anew by every run.
    pub sources: PathBuf,
    /// The folder that `tessera-pipeline fetch` filled.
    pub source_dir: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_configuration() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml");
        let config: Config = theron_service::load_config(path.as_ref()).unwrap();
        assert_eq!(config.service.name, tessera_pipeline_api::SERVICE);
        assert!(config.worlds.contains_key("default"));
    }
}
