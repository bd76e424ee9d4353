//! The words of the physical world: layers and their facts on a zone, places, sources, certainty.
//!
//! Everything here is data, valid by construction, with no I/O. Every fact names a provenance; years
//! are astronomical (-200 is 201 BC). Quantities are integers in the unit their name ends with, so
//! that equal facts are equal bytes wherever they are written.

mod cell;
mod place;
mod provenance;
mod release;

pub use cell::{Cell, Climate, River, Surface, SurfaceKind, Terrain, Wind, WindVector};
pub use place::{Harbour, Place};
pub use provenance::{Certainty, Provenance, ProvenanceId, Source};
pub use release::{ReleaseId, ReleaseIdError, ReleaseInfo};
