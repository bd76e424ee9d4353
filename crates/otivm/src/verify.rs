//! Proof of one life: file, chain, understanding, fold and ledger, from the first moment to the last.

use crate::players::{DbError, FileError, PlayerDb};
use otivm_rules::{
    At, Life, Moment,
    life::ReplayError,
    lines::{self, LinesError},
};
use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// What a whole database amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub moments: u64,
    pub first: Option<At>,
    pub last: Option<At>,
    /// Of the last moment, hexadecimal.
    pub head: String,
    /// Of everything that was folded, hexadecimal.
    pub state: String,
}

#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("the file cannot be read as a life")]
    Lines(#[from] LinesError),
    #[error("{path}")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the history cannot be replayed")]
    Replay(#[from] ReplayError),
    #[error("the ledger is not balanced: what left one account did not enter another")]
    Ledger,
}

/// Reads a database that may be in use, or an export in JSON Lines; changes nothing in it.
pub fn verify(path: &Path) -> Result<Verified, VerifyError> {
    let (life, history) = whole(path)?;
    Ok(Verified {
        moments: life.state().moments,
        first: history.first().map(|moment| moment.at),
        last: history.last().map(|moment| moment.at),
        head: life.head().hash.to_string(),
        state: life.state().hash().to_string(),
    })
}

/// The life in a file and its history, or why there is none.
pub(crate) fn whole(path: &Path) -> Result<(Life, Vec<Moment>), VerifyError> {
    let within = |source| VerifyError::Io { path: path.to_owned(), source };
    if is_lines(path).map_err(within)? {
        return Ok(lines::read(&std::fs::read_to_string(path).map_err(within)?)?);
    }
    let db = PlayerDb::open_as_found(path)?;
    db.check_file()?;
    let history = db.history()?;
    let life = Life::replay(&history)?;
    if !life.state().ledger.is_balanced() {
        return Err(VerifyError::Ledger);
    }
    Ok((life, history))
}

/// JSON Lines begin with a brace, a database with its own name.
pub(crate) fn is_lines(path: &Path) -> io::Result<bool> {
    let mut first = [0];
    Ok(File::open(path)?.read(&mut first)? == 1 && first == *b"{")
}
