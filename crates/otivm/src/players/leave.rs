//! Leaving for good: provisioned, assigned, archived or erased, and provisioned anew at the next start.
//!
//! A note in `data/leaving` is the moment from which it counts. Everything after it is done by [`finish`], at once
//! and, where a kill came between, again at the next start, before a seat is made or opened. So a life is either
//! there, or on its way out and open to nobody; each step may be done twice.

use super::{
    DbError, FileError, PlayerDb, Token,
    file::{sync, sync_folder, with_companions},
    house::seat_path,
};
use crate::json_file::{read_json, write_json};
use otivm_rules::{
    At, Fact, Life,
    canonical::CanonicalError,
    fact::{Leave, SessionClosed},
    life::ReplayError,
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// What becomes of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Keeping {
    /// The file goes into the archive.
    Archive,
    /// It is overwritten and removed.
    Erase,
}

/// The note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Leaving {
    pub(crate) keep: Keeping,
    /// Of the archived file's name: `2026-11-24`.
    pub(crate) date: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum LeaveError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("the history of {path} is broken")]
    Broken {
        path: PathBuf,
        #[source]
        source: ReplayError,
    },
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    #[error("{path}")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// `data/leaving`, beside `data/players`.
fn notes(players: &Path) -> PathBuf {
    players.with_file_name("leaving")
}

fn note(players: &Path, token: &Token) -> PathBuf {
    notes(players).join(format!("{token}.json"))
}

/// `data/archive/TOKEN-DATE.sqlite3`
fn archived(players: &Path, token: &Token, leaving: &Leaving) -> PathBuf {
    players.with_file_name("archive").join(format!("{token}-{}.sqlite3", leaving.date))
}

/// From here on the life leaves.
pub(crate) fn decide(players: &Path, token: &Token, leaving: &Leaving) -> Result<(), LeaveError> {
    let path = note(players, token);
    let within = |source| LeaveError::Io { path: path.clone(), source };
    fs::create_dir_all(notes(players)).map_err(within)?;
    let Err(error) = write_json(&path, leaving) else { return Ok(()) };
    match fs::remove_file(&path) {
        Err(gone) if gone.kind() != io::ErrorKind::NotFound => {
            // It may stand on the disk and cannot be taken back: then it counts.
            tracing::error!(%error, path = %path.display(), "a note is written and not surely on the disk");
            Ok(())
        }
        _ => Err(within(error)),
    }
}

/// The lives whose leaving is not finished, each with why not.
pub(crate) fn finish_all(players: &Path, now: At) -> io::Result<Vec<(Token, LeaveError)>> {
    let mut unfinished = Vec::new();
    let entries = match fs::read_dir(notes(players)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(unfinished),
        entries => entries?,
    };
    for entry in entries {
        let name = entry?.file_name();
        let token = name.to_str().and_then(|name| name.strip_suffix(".json"));
        // Anything else is a note that was never finished, and counts for nothing.
        let Some(token) = token.and_then(|token| token.parse::<Token>().ok()) else { continue };
        if let Err(error) = finish(players, &token, now) {
            unfinished.push((token, error));
        }
    }
    Ok(unfinished)
}

/// Whether the life is on its way out.
pub(crate) fn is_leaving(players: &Path, token: &Token) -> bool {
    note(players, token).exists()
}

/// Does what the note says. Nobody may have the life's file open.
pub(crate) fn finish(players: &Path, token: &Token, now: At) -> Result<(), LeaveError> {
    let note = note(players, token);
    let within = |path: &Path| {
        let path = path.to_owned();
        move |source| LeaveError::Io { path, source }
    };
    let Some(leaving) = read_json::<Leaving>(&note).map_err(within(&note))? else {
        return Ok(());
    };
    let life = seat_path(players, token);
    match leaving.keep {
        Keeping::Archive if life.exists() => {
            say_farewell(&life, now)?;
            let target = archived(players, token, &leaving);
            let folder = target.parent().unwrap_or(players);
            fs::create_dir_all(folder).map_err(within(folder))?;
            fs::rename(&life, &target).map_err(within(&life))?;
            sync_folder(&target).map_err(within(&target))?;
        }
        Keeping::Archive => {}
        Keeping::Erase => {
            for part in with_companions(&life) {
                erase(&part).map_err(within(&part))?;
            }
        }
    }
    sync_folder(&life).map_err(within(&life))?;
    fs::remove_file(&note).map_err(within(&note))?;
    sync_folder(&note).map_err(within(&note))
}

/// The last moments of an archived life, in a file that stands alone.
fn say_farewell(path: &Path, now: At) -> Result<(), LeaveError> {
    let mut db = PlayerDb::open(path)?;
    let broken = |source| LeaveError::Broken { path: path.to_owned(), source };
    let mut life = Life::replay(&db.history()?).map_err(broken)?;
    if !life.state().left {
        let mut moments = life.settle(now)?;
        life.commit(&moments).map_err(broken)?;
        let open = life.state().sessions.keys();
        let mut facts: Vec<Fact> =
            open.map(|hash| Fact::SessionClosed(SessionClosed { hash: hash.clone() })).collect();
        facts.push(Fact::Leave(Leave {}));
        moments.extend(life.record(&facts, None, now)?);
        db.append(&moments)?;
    }
    db.close_alone()?;
    Ok(sync(path)?)
}

/// Zeros over every byte, on the disk, and then no file. What a file system or a disk has copied elsewhere by
/// itself, and what a backup holds, is out of our reach.
fn erase(path: &Path) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        file => file?,
    };
    overwrite(&mut file)?;
    fs::remove_file(path)
}

fn overwrite(file: &mut File) -> io::Result<()> {
    let zeros = vec![0; 64 * 1024];
    let mut left = file.metadata()?.len();
    while left > 0 {
        let length = left.min(zeros.len() as u64);
        file.write_all(&zeros[..length as usize])?;
        left -= length;
    }
    file.sync_all()
}
