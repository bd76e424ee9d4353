//! Why a release file cannot be written or read.

use std::path::PathBuf;
use tessera_grid::{Resolution, Zone};
use theron_sqlite::rusqlite;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    File(#[from] theron_sqlite::Error),
    #[error("{path}: reading or writing a release")]
    Sqlite {
        path: PathBuf,
        #[source]
        source: rusqlite::Error,
    },
    #[error("{path}")]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path} is a release that was never finished; delete it and make or fetch it again")]
    Unfinished { path: PathBuf },
    #[error("{path}: {what}; the file is damaged, fetch it again")]
    Broken { path: PathBuf, what: String },
    #[error("zone {zone} was written after {previous}: zones come in ascending order, once each")]
    Order { zone: Zone, previous: Zone },
    #[error("zone {zone} has resolution {}, where the release has {expected}", zone.resolution())]
    Resolution { zone: Zone, expected: Resolution },
    #[error("the surface of zone {zone} from {valid_from} overlaps the interval before it")]
    Overlap { zone: Zone, valid_from: i32 },
    #[error(
        "feature {id:?} of {collection:?} was written after {previous:?}: features come in ascending order of collection and id, once each"
    )]
    FeatureOrder { collection: String, id: String, previous: (String, String) },
    #[error("feature {id:?} of {collection:?} {what}")]
    Feature { collection: String, id: String, what: &'static str },
}
