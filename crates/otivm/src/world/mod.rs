//! The world that is played: a release from the cache, its markets, and what everyone has done to prices.
//!
//! 1102 is asked, never needed: the newest whole file of the cache carries play for as long as it must,
//! and `/world` says how old it is. A new release is swapped in whole.

mod derived;
mod files;
mod follow;
mod keeper;
mod loaded;
mod markets;
mod passages;
mod scene;
mod tiles;

pub(crate) use follow::{follow_derived, follow_releases};
pub(crate) use keeper::Keeper;
pub(crate) use loaded::{LoadError, LoadedRelease};
pub(crate) use passages::{NoPassage, draw};
pub(crate) use scene::{Derived, Scene};
