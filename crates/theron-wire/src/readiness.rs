//! The answer of `/readyz`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Readiness {
    /// The container's name, `tessera-store`.
    pub service: String,
    pub version: String,
    pub ready: bool,
    /// What it waits for while not ready; what is worth knowing while it is. One sentence, or empty.
    pub detail: String,
}
