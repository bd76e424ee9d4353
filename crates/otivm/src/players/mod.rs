//! The seats of this house: 128 databases, made ahead, one writer each.

mod adopt;
mod db;
mod departed;
mod desk;
mod disk;
mod doorkeeper;
mod file;
mod house;
mod inspect;
mod leave;
mod phrase;
mod provision;
mod scribes;
mod seat;
mod secret;
mod token;
mod unplayed;

pub use adopt::AdoptError;
pub(crate) use adopt::Proven;
pub use db::DbError;
pub(crate) use db::PlayerDb;
pub(crate) use departed::{Departed, born};
pub(crate) use desk::{Desk, DeskError};
pub(crate) use disk::Disk;
pub(crate) use doorkeeper::{Doorkeeper, Purpose};
pub use file::FileError;
pub use house::NotAgain;
pub(crate) use house::{House, HouseError, free_seat};
pub(crate) use inspect::seat_text;
pub(crate) use leave::{Keeping, LeaveError, Leaving};
pub(crate) use phrase::Phrase;
pub(crate) use provision::provision;
pub use provision::{ProvisionError, Provisioned};
pub(crate) use scribes::Scribes;
pub(crate) use seat::{Busy, Rules, Seat};
pub(crate) use secret::{RENEW_AFTER_US, SESSION_US, Secret};
pub(crate) use token::{Token, TokenError};
pub(crate) use unplayed::Renewal;

use std::path::{Path, PathBuf};

/// Where the databases lie below the service's own folder.
pub(crate) fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("data/players")
}
