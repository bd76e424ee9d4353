//! The words of the physical world: layers and their facts on a zone, places, sources, certainty.
//!
//! Everything here is data, valid by construction, with no I/O. Every fact names a provenance; years
//! are astronomical (-200 is 201 BC). Quantities are integers in the unit their name ends with, so
//! that equal facts are equal bytes wherever they are written.

mod cell;
mod climate;
mod coarse;
mod collection;
mod conflict;
mod epoch;
mod feature;
mod flow;
mod ground;
mod place;
mod provenance;
mod release;
mod water;

pub use cell::{Bathymetry, Cell, Surface, SurfaceInterval, SurfaceKind, Terrain};
pub use climate::{Climate, Koppen, KoppenError, Rain, Temperature, Weather};
pub use coarse::Coarse;
pub use collection::{COLLECTIONS, CollectionKind, Shapes};
pub use conflict::Conflict;
pub use epoch::{STANDARD_EPOCHS, held_in};
pub use feature::{CollectionInfo, Feature, LayerInfo};
pub use flow::{Current, FlowVector, RoseMonth, Wind, WindRose};
pub use ground::{Geology, Igbp, IgbpError, LandCover, Region};
pub use place::{Harbour, Place};
pub use provenance::{Certainty, Provenance, ProvenanceId, Source};
pub use release::{ReleaseId, ReleaseIdError, ReleaseInfo};
pub use water::{Lake, River};
