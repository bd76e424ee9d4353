//! Fresh water on a zone.

use crate::ProvenanceId;
use serde::{Deserialize, Serialize};
use tessera_grid::Zone;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct River {
    /// As the Romans wrote it.
    pub latin: Option<String>,
    pub modern: Option<String>,
    /// Area drained through this zone, km²; `None` where the source gives no size.
    pub upstream_km2: Option<u32>,
    /// Strahler's order: 1 at a spring, one more where two of the same order meet.
    pub strahler: Option<u8>,
    pub navigable: bool,
    /// The neighbouring zone the water goes to; `None` at a mouth, or unknown.
    pub downstream: Option<Zone>,
    pub provenance: ProvenanceId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lake {
    pub latin: Option<String>,
    pub modern: Option<String>,
    /// Share of the zone that is its water, thousandths.
    pub water_permille: u16,
    pub provenance: ProvenanceId,
}
