//! `otivm rewind`: support takes a life back to an earlier moment, in a file of its own.
//!
//! The branch holds the history up to that moment, byte for byte, then one moment that says which history was
//! left, how much of it, and why, and then the doors as they are today: what was closed or removed since opens
//! nothing again, and who came in since stays in. The original is only read.

use crate::{
    players::{FileError, PlayerDb},
    verify::{VerifyError, whole},
};
use otivm_rules::{
    At, Fact, Life, Moment, State,
    canonical::CanonicalError,
    fact::{PasskeyRemoved, PasskeySet, RecoverySet, Rewind, SessionClosed, SessionOpened},
    life::ReplayError,
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};
use theron_service::Clock;

/// Characters of a reason: a sentence or three, as a ticket has them.
const REASON_MAX: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewound {
    pub branch: PathBuf,
    /// Moments that the branch has no more.
    pub left_behind: usize,
    /// Of the branch, hexadecimal.
    pub state: String,
}

#[derive(Debug, thiserror::Error)]
pub enum RewindError {
    #[error(transparent)]
    Original(#[from] VerifyError),
    #[error(transparent)]
    Branch(#[from] FileError),
    #[error("a reason is 1 to {REASON_MAX} characters, not {0}")]
    Reason(usize),
    #[error("the history begins after that moment: nothing would be left")]
    Nothing,
    #[error("the life begins after that moment: a branch would be a seat in which nobody sits")]
    BeforeLife,
    #[error(
        "the life moved into this seat until {}: a branch from before it would be another server's seat; name that \
        moment or a later one", settled.0
    )]
    BeforeImport { settled: At },
    #[error("the history ends at or before that moment: there is nothing to take back")]
    Everything,
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

/// Writes the branch. It fails where the branch's file exists.
pub fn rewind(
    file: &Path,
    to: At,
    reason: &str,
    branch: &Path,
    now: At,
) -> Result<Rewound, RewindError> {
    let reason = reason.trim();
    let length = reason.chars().count();
    if !(1..=REASON_MAX).contains(&length) {
        return Err(RewindError::Reason(length));
    }
    let (whole, mut history) = whole(file)?;
    let kept = history.partition_point(|moment| moment.at <= to);
    let left_behind = history.len() - kept;
    if kept == 0 {
        return Err(RewindError::Nothing);
    }
    if left_behind == 0 {
        return Err(RewindError::Everything);
    }
    if let Some(settled) = moved_in(&history).filter(|settled| *settled > to) {
        return Err(RewindError::BeforeImport { settled });
    }
    history.truncate(kept);
    let mut life = Life::replay(&history)?;
    if life.state().merchant.is_none() {
        return Err(RewindError::BeforeLife);
    }
    let mut add = |moments: Vec<Moment>, life: &mut Life| -> Result<(), ReplayError> {
        life.commit(&moments)?;
        history.extend(moments);
        Ok(())
    };
    let due = life.settle(now)?;
    add(due, &mut life)?;
    let mut facts = vec![Fact::Rewind(Rewind {
        left: whole.head().hash.to_string(),
        moments: i64::try_from(left_behind).unwrap_or(i64::MAX),
        reason: reason.to_owned(),
    })];
    facts.extend(doors(life.state(), whole.state()));
    let record = life.record(&facts, None, now)?;
    add(record, &mut life)?;
    PlayerDb::write_new(branch, &history)?;
    Ok(Rewound { branch: branch.to_owned(), left_behind, state: life.state().hash().to_string() })
}

/// The last moment of the last import: the seat's own head and the doors stand behind it under the same key.
fn moved_in(history: &[Moment]) -> Option<At> {
    let import = history.iter().rfind(|moment| moment.name == "import")?;
    history.iter().rfind(|moment| moment.key == import.key).map(|last| last.at)
}

/// What makes the doors of `then` those of `today`.
fn doors(then: &State, today: &State) -> Vec<Fact> {
    let ended = then.sessions.keys().filter(|hash| !today.sessions.contains_key(*hash)).cloned();
    let begun = today.sessions.keys().filter(|hash| !then.sessions.contains_key(*hash)).cloned();
    let words = today.recovery.iter().filter(|hash| then.recovery.as_ref() != Some(*hash)).cloned();
    let removed = then.passkeys.keys().filter(|id| !today.passkeys.contains_key(*id)).cloned();
    let set = today.passkeys.iter().filter(|(id, key)| then.passkeys.get(*id) != Some(*key));
    let mut facts = Vec::new();
    facts.extend(ended.map(|hash| Fact::SessionClosed(SessionClosed { hash })));
    facts.extend(begun.map(|hash| Fact::SessionOpened(SessionOpened { hash })));
    facts.extend(words.map(|hash| Fact::RecoverySet(RecoverySet { hash })));
    facts.extend(removed.map(|id| Fact::PasskeyRemoved(PasskeyRemoved { id })));
    facts.extend(set.map(|(id, key)| {
        let (name, credential) = (key.name.clone(), key.credential.clone());
        Fact::PasskeySet(PasskeySet { id: id.clone(), name, credential })
    }));
    facts
}

/// Where one stands, named after the file and the moment: among the seats it would be one that is damaged.
fn usual_branch(file: &Path, to: At) -> PathBuf {
    let name = PathBuf::from(file.file_name().unwrap_or_default());
    name.with_extension(format!("rewound-{}.sqlite3", to.0))
}

#[expect(clippy::print_stdout, reason = "the result of a command goes to standard output")]
#[expect(clippy::print_stderr, reason = "what kept a command from its end goes to standard error")]
pub fn rewind_command(
    file: &Path,
    to: At,
    reason: &str,
    out: Option<PathBuf>,
    clock: &dyn Clock,
) -> ExitCode {
    let branch = out.unwrap_or_else(|| usual_branch(file, to));
    let now = At(clock.now().as_microsecond());
    match rewind(file, to, reason, &branch, now) {
        Ok(rewound) => {
            println!(
                "{}: {} moments left behind, state {}; {} is as it was. To play on with the branch, stop the \
                server, keep the original elsewhere, and give the branch its name.",
                rewound.branch.display(),
                rewound.left_behind,
                rewound.state,
                file.display()
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {:#}", file.display(), anyhow::Error::new(error));
            ExitCode::FAILURE
        }
    }
}
