//! Why a release file cannot be written or read.

use std::path::PathBuf;
use tessera_grid::Zone;
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
}
