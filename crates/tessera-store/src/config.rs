use serde::{Deserialize, Serialize};
use theron_service::Base;

/// Everything there is to set; the limits are constants beside the code that they guard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub service: Base,
}
