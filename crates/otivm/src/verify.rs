//! Proof of one player database: chain, understanding, fold and ledger, from the first moment to the last.

use crate::players::{DbError, PlayerDb};
use otivm_rules::{At, Life, life::ReplayError};
use std::path::Path;

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
    #[error("the history cannot be replayed")]
    Replay(#[from] ReplayError),
    #[error("the ledger is not balanced: what left one account did not enter another")]
    Ledger,
}

/// Reads a database that may be in use; changes nothing in it.
pub fn verify(path: &Path) -> Result<Verified, VerifyError> {
    let history = PlayerDb::open(path)?.history()?;
    let life = Life::replay(&history)?;
    if !life.state().ledger.is_balanced() {
        return Err(VerifyError::Ledger);
    }
    Ok(Verified {
        moments: life.state().moments,
        first: history.first().map(|moment| moment.at),
        last: history.last().map(|moment| moment.at),
        head: life.head().hash.to_string(),
        state: life.state().hash().to_string(),
    })
}
