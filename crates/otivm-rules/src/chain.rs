//! The chain of hashes over a player's moments.

use crate::{hash::Hash, moment::Moment, time::At};

/// Where a chain stands: the last moment's time and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub at: Option<At>,
    pub hash: Hash,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("the moment at {} does not follow the one before it: a moment is lost or out of order", at.0)]
    Link { at: At },
    #[error("the moment at {} is not what was written: its hash differs", at.0)]
    Changed { at: At },
    #[error("the moment at {} does not come after the one before it", at.0)]
    Order { at: At },
}

impl Default for Head {
    fn default() -> Self {
        Self { at: None, hash: Hash::ZERO }
    }
}

impl Head {
    /// The head after `moment`, if it continues this chain.
    pub fn advance(self, moment: &Moment) -> Result<Self, Broken> {
        let at = moment.at;
        if self.at.is_some_and(|last| at <= last) {
            return Err(Broken::Order { at });
        }
        if moment.prev != self.hash {
            return Err(Broken::Link { at });
        }
        if moment.computed_hash() != moment.hash {
            return Err(Broken::Changed { at });
        }
        Ok(Self { at: Some(at), hash: moment.hash })
    }
}

/// Walks a whole history from its beginning.
pub fn verify<'a>(moments: impl IntoIterator<Item = &'a Moment>) -> Result<Head, Broken> {
    moments.into_iter().try_fold(Head::default(), Head::advance)
}
