//! Where two sources disagree: conflict is information, so what was chosen and what was not stay side by side.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// The layer they disagree about: `elevation`.
    pub layer: String,
    /// The rule that chose: `nearest_to_median`.
    pub rule: String,
    /// Id of the source whose fact the cell holds.
    pub chosen: String,
    pub chosen_value: f64,
    /// Id of the source that says otherwise.
    pub other: String,
    pub other_value: f64,
}
