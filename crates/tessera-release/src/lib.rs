//! The release file: one immutable SQLite file that holds a whole state of the physical world.
//!
//! The pipeline writes it, the store and every consumer read it; its schema is `schema.sql`. Equal
//! content gives equal bytes, so the checksum of the file is the name of the release. A file that was
//! not finished has no `finished` key in `meta` and is refused by name.

mod cell_rows;
mod cells;
mod count;
mod error;
mod features;
mod read;
mod rose;
mod rows;
mod shape;
mod spoken;
mod write;

pub use cell_rows::Part;
pub use cells::CellQuery;
pub use error::Error;
pub use features::FeatureQuery;
pub use read::Release;
pub use shape::{from_wkb, to_wkb};
pub use spoken::FactKind;
pub use write::{ReleaseFile, ReleaseWriter, checksum};

use serde::{Deserialize, Serialize};
use theron_sqlite::FileKind;

/// `TESR`.
pub const RELEASE_FILE: FileKind =
    FileKind { application_id: 0x5445_5352, version: 2, name: "a release of the physical world" };

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tileset {
    /// Vector tiles (MVT, gzip): land, coast, rivers, places.
    World,
    /// Elevation as PNG, 256 px, terrarium encoding.
    Relief,
}

impl Tileset {
    pub const ALL: [Self; 2] = [Self::World, Self::Relief];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::World => "world",
            Self::Relief => "relief",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::World => "application/vnd.mapbox-vector-tile",
            Self::Relief => "image/png",
        }
    }
}

/// A tile of WebMercatorQuad; rows count from the north.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileAddress {
    pub z: u8,
    pub row: u32,
    pub col: u32,
}
