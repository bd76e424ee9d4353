//! A life from a file: proven before it is believed, and `otivm import`, which puts it into a free seat.

use crate::{
    Config,
    players::{self, AdoptError, DbError, Desk, FileError, NotAgain, Phrase, PlayerDb, Proven},
    verify::is_lines,
};
use otivm_rules::{
    At, Fact, Life, Moment,
    fact::RecoverySet,
    lines::{self, LinesError},
    proof::{self, ProofError},
};
use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};
use theron_service::{Claim, ClaimError, Clock};

/// Of a file that is taken in: a hundred thousand moments, which is one an hour for eleven years. It is held in
/// memory some three times while it is proven.
pub(crate) const IMPORT_BYTES_MAX: u64 = 32 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Claim(#[from] ClaimError),
    #[error("the file is {bytes} bytes long, and the most is {IMPORT_BYTES_MAX}; ask the operator")]
    TooLarge { bytes: u64 },
    #[error("the file is neither the JSON Lines nor the SQLite file of a life")]
    Lines(#[from] LinesError),
    #[error("the file cannot be read as a player database")]
    Db(#[from] DbError),
    #[error("the file is no sound player database")]
    File(#[from] FileError),
    #[error("the life cannot be taken in")]
    Proof(#[from] ProofError),
    #[error("nobody has lived in this file: it is a seat that was never taken")]
    Nobody,
    #[error(
        "the last moment of this life, at {} microseconds since 1970, is still to come by this server's clock; \
        try again after it", last.0
    )]
    Future { last: At },
    #[error("reading or writing {path}")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    NotAgain(#[from] NotAgain),
    #[error("every seat is taken; no life was taken in")]
    NoSeat,
    #[error(transparent)]
    Adopt(#[from] AdoptError),
    #[error("drawing a recovery phrase")]
    Chance(#[from] getrandom::Error),
}

/// The life in a file from outside, if it may be lived on from `now`.
pub(crate) fn prove(path: &Path, now: At) -> Result<Proven, ImportError> {
    let within = |source| ImportError::Io { path: path.to_owned(), source };
    let bytes = std::fs::metadata(path).map_err(within)?.len();
    if bytes > IMPORT_BYTES_MAX {
        return Err(ImportError::TooLarge { bytes });
    }
    let history = if is_lines(path).map_err(within)? {
        let text = std::fs::read(path).map_err(within)?;
        lines::read(&String::from_utf8_lossy(&text))?.1
    } else {
        let db = PlayerDb::open_from_outside(path)?;
        db.check_file()?;
        db.history()?
    };
    may_be_lived_on(history, now)
}

fn may_be_lived_on(history: Vec<Moment>, now: At) -> Result<Proven, ImportError> {
    let life: Life = proof::prove(&history)?;
    if life.state().merchant.is_none() {
        return Err(ImportError::Nobody);
    }
    match life.state().last_at {
        Some(last) if last > now => Err(ImportError::Future { last }),
        _ => Ok(Proven { life, history }),
    }
}

/// A life that moved in by command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedIn {
    /// The seat's database.
    pub database: PathBuf,
    /// Twelve words that nobody else has seen.
    pub recovery_phrase: String,
    /// What the file amounted to, hexadecimal.
    pub state: String,
}

/// Puts the life into the first free seat of a server that does not run.
pub fn import(file: &Path, config: &Config, now: At) -> Result<MovedIn, ImportError> {
    let _claim = Claim::take(&config.service.data_dir)?;
    let mut proven = prove(file, now)?;
    let state = proven.import().state;
    let folder = players::folder(&config.service.data_dir);
    let database = players::free_seat(&folder)
        .map_err(|source| ImportError::Io { path: folder, source })?
        .ok_or(ImportError::NoSeat)?;
    let mut desk = Desk::new(PlayerDb::open(&database)?);
    let mut chance = [0; 40];
    getrandom::fill(&mut chance)?;
    let (words, key) = chance.split_at(24);
    let phrase = Phrase::of(std::array::from_fn(|index| words[index]));
    let key = hex::encode(key);
    proven.settle_in(&desk, &key, now)?;
    proven.record(&[Fact::RecoverySet(RecoverySet { hash: phrase.hash() })], &key, now)?;
    proven.write_beside(&desk)?.move_in(&mut desk)?;
    desk.vacate()?.close()?;
    Ok(MovedIn { database, recovery_phrase: phrase.as_str().to_owned(), state })
}

#[expect(clippy::print_stdout, reason = "the result of a command goes to standard output")]
#[expect(clippy::print_stderr, reason = "what kept a command from its end goes to standard error")]
pub fn import_command(file: &Path, config: &Config, clock: &dyn Clock) -> ExitCode {
    match import(file, config, At(clock.now().as_microsecond())) {
        Ok(moved) => {
            println!(
                "{}: state {}. The recovery phrase, shown once: {}",
                moved.database.display(),
                moved.state,
                moved.recovery_phrase
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {:#}", file.display(), anyhow::Error::new(error));
            ExitCode::FAILURE
        }
    }
}
