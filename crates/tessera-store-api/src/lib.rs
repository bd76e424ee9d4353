//! What crosses the wire to and from `tessera-store` (1102), and the typed client of it.
//!
//! A release is addressed by its content and never changes; `current` is a pointer to the one that was
//! promoted last. Derived windows go one way, from the aggregation to the games, and are never changed
//! once written.

mod client;
mod derived;
mod digest;
mod release;
mod transfer;
mod world;

pub use client::{Derived, StoreClient, StoreError};
pub use derived::{
    DerivedWindow, DerivedWindowError, NODES_MAX, PRICES_MAX, PriceMultiplier, ROUTES_MAX,
    RouteSaturation,
};
pub use digest::{content_digest, sha256_of_content_digest};
pub use release::{ReleaseList, ReleaseSummary, Rollback};
pub use world::{
    BathymetryView, CellPage, CellView, ClimateView, ConflictView, FlowMonth, FlowView, LakeView,
    LandCoverView, Link, PlaceList, PlaceView, Point, ProvenanceView, RainView, RegionView,
    RiverView, SourceView, SurfaceView, TemperatureView, TerrainView,
};

/// The world at resolution 7 with every layer is foreseen at 2 GiB; a release file of twice that is a mistake.
pub const RELEASE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// The name in the service's certificate.
pub const SERVICE: &str = theron_mesh::names::STORE;
