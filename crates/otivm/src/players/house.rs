//! All seats of this server: which are free, who comes back to which, and which files are not used.

use super::{
    Departed, Desk, Disk, Phrase, PlayerDb, Proven, Renewal, Rules, Seat, Token,
    departed::born,
    file::COMPANIONS,
    inspect::{Inspected, inspect},
    leave::{self, LeaveError, Leaving, is_leaving},
    provision::UNFINISHED,
};
use otivm_api::Left;
use otivm_rules::{At, time::WorldClock};
use std::{
    collections::{BTreeMap, HashMap},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, atomic::Ordering},
};

/// Files looked at together when the server starts.
const INSPECTORS: usize = 4;
const EXTENSION: &str = "sqlite3";

pub(crate) struct House {
    folder: PathBuf,
    seats: RwLock<BTreeMap<Token, Arc<Seat>>>,
    clock: WorldClock,
    damaged: Vec<Damaged>,
    doors: Mutex<Doors>,
    departed: Departed,
    rules: Rules,
}

#[derive(Default)]
struct Doors {
    free: Vec<Token>,
    /// Hash of a recovery phrase to the seat that it opens.
    phrases: HashMap<String, Token>,
    /// Hash of an enrolment's idempotency key to the seat that it took.
    enrolments: HashMap<String, Token>,
    /// Where a life began to the seat that it sits in.
    lives: HashMap<String, Token>,
    /// What was answered to those who left since the server started, by a hash that only they can name. Bounded
    /// by the seats.
    farewells: HashMap<String, Left>,
}

/// A file in the folder that is no usable seat.
#[derive(Debug)]
pub(crate) struct Damaged {
    pub(crate) path: PathBuf,
    pub(crate) why: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum HouseError {
    #[error("reading the folder of the player databases {path}")]
    Folder {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("none of the player databases in {0} can be used; restore them from a backup")]
    NoSeat(PathBuf),
}

/// Why a life from a file is not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAgain {
    #[error(
        "this life lives in this house already: come back to it with its recovery phrase, or leave there first"
    )]
    LivesHere,
    #[error(
        "this life did more in this house after the file was written: only a file with its last deed can come back"
    )]
    WentFurther,
}

/// The path of a seat's database.
pub(super) fn seat_path(folder: &Path, token: &Token) -> PathBuf {
    folder.join(format!("{token}.{EXTENSION}"))
}

/// The seats that have a file, whole or not, in order.
pub(super) fn tokens_in(folder: &Path) -> io::Result<Vec<Token>> {
    let mut tokens: Vec<Token> =
        files_in(folder)?.iter().filter_map(|path| token_of(path)).collect();
    tokens.sort_unstable();
    Ok(tokens)
}

/// The database of the first seat that is whole and free.
pub(crate) fn free_seat(folder: &Path) -> io::Result<Option<PathBuf>> {
    let free = |token: &Token| {
        inspect(&seat_path(folder, token), token)
            .is_ok_and(|inspected| inspected.enrolled_at.is_none())
    };
    Ok(tokens_in(folder)?.iter().find(|token| free(token)).map(|token| seat_path(folder, token)))
}

impl House {
    /// Opens every database of the folder; what is half-written or foreign is named and left alone.
    /// Seats in which nobody ever played are made anew.
    pub(crate) fn open(
        folder: &Path,
        rules: Rules,
        renewal: &Renewal<'_>,
    ) -> Result<Self, HouseError> {
        let within = |source| HouseError::Folder { path: folder.to_owned(), source };
        let files = files_in(folder).map_err(within)?;
        let mut damaged = Vec::new();
        let mut found = Vec::new();
        for (path, outcome) in inspect_all(&files) {
            match outcome {
                Ok((token, inspected)) => found.extend(renewal.of(folder, token, inspected)),
                Err(why) => damaged.push(Damaged { path, why }),
            }
        }
        found.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let clock = common_clock(&found).ok_or_else(|| HouseError::NoSeat(folder.to_owned()))?;
        let mut seats = BTreeMap::new();
        let mut doors = Doors::default();
        for (token, Inspected { db, clock: own, enrolled_at, phrase, enrol_key, born }) in found {
            if own != clock {
                let why = "it lives by another clock than the other seats".to_owned();
                damaged.push(Damaged { path: seat_path(folder, &token), why });
                continue;
            }
            if enrolled_at.is_none() {
                doors.free.push(token.clone());
            }
            doors.phrases.extend(phrase.map(|phrase| (phrase, token.clone())));
            doors.enrolments.extend(enrol_key.map(|key| (key, token.clone())));
            doors
                .lives
                .extend(born.filter(|_| enrolled_at.is_some()).map(|born| (born, token.clone())));
            seats.insert(token.clone(), Arc::new(Seat::new(token, db, rules.clone())));
        }
        let departed = Departed::open(folder).map_err(within)?;
        let (folder, seats) = (folder.to_owned(), RwLock::new(seats));
        Ok(Self { folder, seats, clock, damaged, doors: Mutex::new(doors), departed, rules })
    }

    /// From here on nobody is answered ahead of the disk.
    pub(crate) fn answer_from_the_disk(&self) {
        self.rules.answers_ahead.store(false, Ordering::Relaxed);
    }

    pub(crate) fn disk(&self) -> &Disk {
        &self.rules.disk
    }

    pub(crate) fn clock(&self) -> WorldClock {
        self.clock
    }

    pub(crate) fn damaged(&self) -> &[Damaged] {
        &self.damaged
    }

    pub(crate) fn seat(&self, token: &Token) -> Option<Arc<Seat>> {
        self.seats().get(token).cloned()
    }

    pub(crate) fn len(&self) -> usize {
        self.seats().len()
    }

    /// Seats that were left since the server started; they are made anew at the next start.
    pub(crate) fn left(&self) -> usize {
        self.doors().farewells.len()
    }

    pub(crate) fn free(&self) -> usize {
        self.doors().free.len()
    }

    /// The seats with somebody in them.
    pub(crate) fn taken(&self) -> Vec<Arc<Seat>> {
        let doors = self.doors();
        let free: std::collections::HashSet<&Token> = doors.free.iter().collect();
        self.seats().values().filter(|seat| !free.contains(seat.token())).cloned().collect()
    }

    /// A free seat, which is nobody else's from now on.
    pub(crate) fn assign(&self) -> Option<Arc<Seat>> {
        let token = self.doors().free.pop()?;
        self.seat(&token)
    }

    /// Gives back a seat in which nobody sat down after all.
    pub(crate) fn release(&self, token: &Token) {
        self.doors().free.push(token.clone());
    }

    /// The phrase that opens the seat from now on; one that did so before no longer does.
    pub(crate) fn remember(&self, phrase: &Phrase, token: &Token) {
        let mut doors = self.doors();
        doors.phrases.retain(|_, seat| seat != token);
        doors.phrases.insert(phrase.hash(), token.clone());
    }

    pub(crate) fn remember_enrolment(&self, key: String, token: &Token) {
        self.doors().enrolments.insert(key, token.clone());
    }

    /// The life that sits here began in the seat of this name.
    pub(crate) fn remember_life(&self, born: Option<String>, token: &Token) {
        self.doors().lives.extend(born.map(|born| (born, token.clone())));
    }

    /// No life is here twice, and none comes back to before what it did here.
    pub(crate) fn may_come(&self, proven: &Proven) -> Result<(), NotAgain> {
        let born = born(&proven.history);
        if born.is_some_and(|born| self.doors().lives.contains_key(&born)) {
            return Err(NotAgain::LivesHere);
        }
        if self.departed.went_further(&proven.history) {
            return Err(NotAgain::WentFurther);
        }
        Ok(())
    }

    /// The seat that an enrolment under this key (as [`remember_enrolment`](Self::remember_enrolment) has it) took.
    pub(crate) fn enrolled_with(&self, key: &str) -> Option<Arc<Seat>> {
        let token = self.doors().enrolments.get(key).cloned()?;
        self.seat(&token)
    }

    pub(crate) fn find(&self, phrase: &Phrase) -> Option<Arc<Seat>> {
        let token = self.doors().phrases.get(&phrase.hash()).cloned()?;
        self.seat(&token)
    }

    /// Lets a life go: from the note on, whatever comes after it. What cannot be finished now is finished at the
    /// next start.
    pub(crate) fn let_go(
        &self,
        token: &Token,
        desk: &mut Desk,
        leaving: &Leaving,
        now: At,
    ) -> Result<(), LeaveError> {
        self.departed.note(&desk.db().history()?).map_err(|source| LeaveError::Io {
            path: self.folder.with_file_name("departed.json"),
            source,
        })?;
        leave::decide(&self.folder, token, leaving)?;
        let finished = desk
            .vacate()
            .and_then(PlayerDb::close)
            .map_err(LeaveError::from)
            .and_then(|()| leave::finish(&self.folder, token, now));
        if let Err(error) = finished {
            let error: &dyn std::error::Error = &error;
            tracing::error!(
                error,
                "a life has left and is not yet away; it is tried again at the next start"
            );
        }
        Ok(())
    }

    /// The seat is nobody's any more, and this was the answer to who left it.
    pub(crate) fn forget(&self, token: &Token, name: String, answer: Left) {
        self.seats.write().unwrap_or_else(PoisonError::into_inner).remove(token);
        let mut doors = self.doors();
        doors.phrases.retain(|_, seat| seat != token);
        doors.enrolments.retain(|_, seat| seat != token);
        doors.lives.retain(|_, seat| seat != token);
        doors.farewells.insert(name, answer);
    }

    pub(crate) fn farewell(&self, name: &str) -> Option<Left> {
        self.doors().farewells.get(name).cloned()
    }

    fn seats(&self) -> RwLockReadGuard<'_, BTreeMap<Token, Arc<Seat>>> {
        // A map is whole between any two calls of its own.
        self.seats.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn doors(&self) -> MutexGuard<'_, Doors> {
        // Nothing between lock and unlock can leave the lists half changed.
        self.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every file that wants to be a seat; SQLite's own companions are left out.
fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !COMPANIONS.iter().any(|ending| name.ends_with(ending)) {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn token_of(path: &Path) -> Option<Token> {
    if path.extension()? != EXTENSION {
        return None;
    }
    path.file_stem()?.to_str()?.parse().ok()
}

type Outcome = (PathBuf, Result<(Token, Inspected), String>);

fn inspect_all(files: &[PathBuf]) -> Vec<Outcome> {
    let chunk = files.len().div_ceil(INSPECTORS).max(1);
    std::thread::scope(|scope| {
        let inspectors: Vec<_> = files
            .chunks(chunk)
            .map(|part| scope.spawn(|| part.iter().map(|path| look_at(path)).collect::<Vec<_>>()))
            .collect();
        inspectors
            .into_iter()
            .flat_map(|inspector| {
                inspector.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

fn look_at(path: &Path) -> Outcome {
    let outcome = match token_of(path) {
        None if path.extension().is_some_and(|extension| extension == UNFINISHED) => {
            Err("its making was never finished; delete it".to_owned())
        }
        None => Err("it is not named like a player database".to_owned()),
        Some(token) if path.parent().is_some_and(|folder| is_leaving(folder, &token)) => {
            Err("its player has left, and it could not be taken away; see the log".to_owned())
        }
        Some(token) => match inspect(path, &token) {
            Ok(inspected) => Ok((token, inspected)),
            Err(error) => Err(theron_service::chain(&error)),
        },
    };
    (path.to_owned(), outcome)
}

/// The clock that most seats live by.
fn common_clock(found: &[(Token, Inspected)]) -> Option<WorldClock> {
    let votes = |clock: WorldClock| found.iter().filter(|(_, other)| other.clock == clock).count();
    found.iter().map(|(_, inspected)| inspected.clock).max_by_key(|clock| votes(*clock))
}
