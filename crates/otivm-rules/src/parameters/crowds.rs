//! What a crowd on a route costs beside dues.

use super::{Parameter, ParameterId};

pub(super) const CROWDS: [Parameter; 1] = [Parameter {
    id: ParameterId::BerthWait,
    name: "berth_wait",
    unit: "days",
    least: 0,
    most: 365,
    default: 6,
    meaning: "How long a ship lies off the harbour of a full route (saturation 2,000) before there is a berth; on a half full one a quarter.",
    source: "BGU I 27 (Irenaeus at Portus): in on 6 Epeiph, unladen on the 18th, not yet let go on 9 Mesore; design",
}];
