//! Making seats ahead of time: each file whole under another name first, then renamed into place.

use super::{
    DbError, PlayerDb, Token,
    house::{seat_path, tokens_in},
    inspect::{inspect, seat_text},
    leave,
};
use otivm_rules::{
    At, Life,
    canonical::CanonicalError,
    fact::TextId,
    life::head_facts,
    parameters::{ParameterError, ParameterId, Parameters},
    time::{WorldClock, window_us},
};
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

/// Of a file that is being made. Such a file was never a seat.
pub(crate) const UNFINISHED: &str = "unfinished";

/// Files made at once: each waits for the disk most of its time.
const MAKERS: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provisioned {
    pub found: usize,
    pub made: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    #[error("{path}")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("drawing a token")]
    Chance(#[from] getrandom::Error),
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

/// Fills the folder up to `seats` databases. All seats of a server share one clock: that of the seats
/// that are there, or a new one that starts now at the given rate.
pub(crate) fn provision(
    folder: &Path,
    seats: usize,
    rate: i64,
    now: At,
    release: Option<&str>,
) -> Result<Provisioned, ProvisionError> {
    let within = |source| ProvisionError::Io { path: folder.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(within)?;
    // Where no file can be made SQLite opens none either, and every seat would seem damaged.
    tempfile::tempfile_in(folder).map_err(within)?;
    sweep_unfinished(folder).map_err(within)?;
    for (token, error) in leave::finish_all(folder, now).map_err(within)? {
        let error: &dyn std::error::Error = &error;
        tracing::error!(error, seat = %token, "a life is on its way out and could not leave; it is tried again");
    }
    let found = tokens_in(folder).map_err(within)?;
    let missing = seats.saturating_sub(found.len());
    if missing > 0 {
        let parameters = match shared_clock(folder, &found) {
            Some(parameters) => parameters?,
            None => Parameters::default()
                .with(ParameterId::Start, now.0)?
                .with(ParameterId::Rate, rate)?
                .with(ParameterId::Window, window_us(rate))?,
        };
        make_all(folder, missing, &parameters, release)?;
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(within)?;
    }
    Ok(Provisioned { found: found.len(), made: missing })
}

/// Takes away what a kill left of files that were being made, with SQLite's companions. None was ever a seat.
fn sweep_unfinished(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let of_a_seat = name.get(..26).is_some_and(|token| token.parse::<Token>().is_ok());
        let rest = name.get(26..).unwrap_or_default();
        if of_a_seat && rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(UNFINISHED)) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn shared_clock(folder: &Path, found: &[Token]) -> Option<Result<Parameters, ParameterError>> {
    let clock = found
        .iter()
        .find_map(|token| inspect(&seat_path(folder, token), token).ok())
        .map(|inspected| inspected.clock)?;
    Some(parameters(clock))
}

/// Those of a life that is lived by this clock.
pub(super) fn parameters(clock: WorldClock) -> Result<Parameters, ParameterError> {
    Parameters::default()
        .with(ParameterId::WorldOrigin, clock.origin.0)?
        .with(ParameterId::Start, clock.start.0)?
        .with(ParameterId::Rate, clock.rate)?
        .with(ParameterId::Window, clock.window_us)
}

fn make_all(
    folder: &Path,
    count: usize,
    parameters: &Parameters,
    release: Option<&str>,
) -> Result<(), ProvisionError> {
    let next = AtomicUsize::new(0);
    let make_some = || -> Result<(), ProvisionError> {
        while next.fetch_add(1, Ordering::Relaxed) < count {
            make(folder, parameters, release)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let makers: Vec<_> = (0..MAKERS).map(|_| scope.spawn(make_some)).collect();
        makers.into_iter().try_for_each(|maker| {
            maker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })
}

/// As of the time when its clock began: it must not come after a moment that its player will write, whatever the machine's
/// clock says meanwhile.
pub(super) fn make(
    folder: &Path,
    parameters: &Parameters,
    release: Option<&str>,
) -> Result<Token, ProvisionError> {
    let at = At(parameters.get(ParameterId::Start));
    let token = Token::random()?;
    let mut texts: Vec<(TextId, String)> = Vec::new();
    texts.extend(release.map(|release| (TextId::Release, release.to_owned())));
    texts.push((TextId::Seat, seat_text(&token)));
    let head = Life::default().record(&head_facts(parameters, &texts), None, at)?;
    let unfinished = folder.join(format!("{token}.{UNFINISHED}"));
    let mut db = PlayerDb::create(&unfinished)?;
    db.append(&head)?;
    db.close()?;
    let within = |source| ProvisionError::Io { path: unfinished.clone(), source };
    File::open(&unfinished).and_then(|file| file.sync_all()).map_err(within)?;
    std::fs::rename(&unfinished, seat_path(folder, &token)).map_err(within)?;
    Ok(token)
}
