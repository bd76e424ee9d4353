//! How far each life had come when it left this house. A file of it from before its last deed does not come back:
//! else whoever did not like how a voyage went would only have to leave, and bring what was carried away before it
//! (decision 79). Two hashes a life, and nothing of what was done in it.

use crate::json_file::{read_json, write_json};
use otivm_rules::{Fact, Kind, Moment, fact::TextId};
use serde::{Deserialize, Serialize};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Half a megabyte. Who left longest ago is forgotten first.
const LIVES_MAX: usize = 4096;
/// What is done at the doors of a life is no deed in it.
pub(super) const DOORS: [&str; 5] =
    ["session_opened", "session_closed", "recovery_set", "passkey_set", "passkey_removed"];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Gone {
    born: String,
    /// Hash of the last deed.
    deed: String,
}

pub(crate) struct Departed {
    path: PathBuf,
    gone: Mutex<Vec<Gone>>,
}

/// The name of the seat in which a life began, its own wherever it goes; from the first moments of its history.
pub(crate) fn born(history: &[Moment]) -> Option<String> {
    let head = history.iter().take_while(|moment| moment.kind == Kind::Parameter);
    head.filter_map(|moment| moment.fact().ok()).find_map(|fact| match fact {
        Fact::Text(TextId::Seat, seat) => Some(seat),
        _ => None,
    })
}

impl Departed {
    /// Beside the folder of the players.
    pub(crate) fn open(players: &Path) -> io::Result<Self> {
        let path = players.with_file_name("departed.json");
        let gone = read_json(&path)?.unwrap_or_default();
        Ok(Self { path, gone: Mutex::new(gone) })
    }

    /// This life leaves. A note of one that stays after all does no harm: it is left again further on.
    pub(crate) fn note(&self, history: &[Moment]) -> io::Result<()> {
        let is_deed =
            |moment: &&Moment| moment.kind == Kind::Action && !DOORS.contains(&&*moment.name);
        let deed = history.iter().rev().find(is_deed).map(|moment| moment.hash.to_string());
        let (Some(born), Some(deed)) = (born(history), deed) else { return Ok(()) };
        let mut gone = self.gone();
        let mut noted: Vec<Gone> = gone.iter().filter(|one| one.born != born).cloned().collect();
        noted.push(Gone { born, deed });
        noted.drain(..noted.len().saturating_sub(LIVES_MAX));
        write_json(&self.path, &noted)?;
        *gone = noted;
        Ok(())
    }

    /// Whether the life was here and did more than this history knows.
    pub(crate) fn went_further(&self, history: &[Moment]) -> bool {
        let Some(born) = born(history) else { return false };
        let gone = self.gone();
        let Some(one) = gone.iter().find(|one| one.born == born) else { return false };
        !history.iter().any(|moment| moment.hash.to_string() == one.deed)
    }

    fn gone(&self) -> MutexGuard<'_, Vec<Gone>> {
        // Replaced whole.
        self.gone.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
