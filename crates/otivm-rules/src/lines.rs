//! A life as JSON Lines: what a player carries from one server to another, and what tests keep for ever.
//!
//! The first line says what the file is and what it amounts to; then one line a moment, in order; then,
//! for whoever reads the file, the labels, which are derived and which reading skips. A file is taken
//! whole or not at all: version, number, chain, fold, head and state must all agree.

use crate::{
    canonical::{CanonicalError, to_canonical},
    hash::Hash,
    labels::Label,
    life::{Life, ReplayError},
    moment::{Kind, Moment},
    time::{At, WorldTime},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{self, Write};

/// What the first line calls the file.
pub const FORMAT: &str = "otivm life";
/// The newest version of the format that this build reads, and the one that it writes.
pub const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct First {
    format: String,
    version: u32,
    moments: usize,
    head: String,
    state: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    at: At,
    kind: Kind,
    name: String,
    value: Value,
    key: Option<String>,
    prev: String,
    hash: String,
}

#[derive(Debug, thiserror::Error)]
pub enum LinesError {
    #[error("this is not a life: the first line does not say \"format\":\"{FORMAT}\"")]
    Foreign,
    #[error(
        "this life is written in version {0} of its format, this build reads up to {VERSION}; use a newer server"
    )]
    Newer(u32),
    #[error("line {line} cannot be read")]
    Line {
        line: usize,
        #[source]
        source: serde_json::Error,
    },
    #[error("line {line} holds a hash that is none")]
    Hash { line: usize },
    #[error("line {line} holds a value that no life holds")]
    Value {
        line: usize,
        #[source]
        source: CanonicalError,
    },
    #[error("the file says {said} moments and holds {found}; it was cut off or added to")]
    Count { said: usize, found: usize },
    #[error("the history cannot be replayed")]
    Replay(#[from] ReplayError),
    #[error("the moments do not end where the first line says; the file was changed")]
    Head,
    #[error(
        "the moments do not amount to the state that the first line says; the file was changed"
    )]
    State,
    #[error("the ledger is not balanced: what left one account did not enter another")]
    Ledger,
}

/// A label as its line has it; times are microseconds, null while it lasts.
#[derive(Serialize)]
struct LabelLine<'a> {
    label: &'static str,
    title: &'a str,
    from: At,
    to: Option<At>,
    world_from: WorldTime,
    world_to: Option<WorldTime>,
    evidence: &'a [At],
    detail: &'a Value,
}

/// Writes the history that amounts to `life`, and what it amounts to in words.
pub fn write(
    out: &mut impl Write,
    life: &Life,
    history: &[Moment],
    labels: &[Label],
) -> io::Result<()> {
    let first = First {
        format: FORMAT.to_owned(),
        version: VERSION,
        moments: history.len(),
        head: life.head().hash.to_string(),
        state: life.state().hash().to_string(),
    };
    write_line(out, &first)?;
    for moment in history {
        let line = Line {
            at: moment.at,
            kind: moment.kind,
            name: moment.name.clone(),
            value: serde_json::from_str(&moment.value)?,
            key: moment.key.clone(),
            prev: moment.prev.to_string(),
            hash: moment.hash.to_string(),
        };
        write_line(out, &line)?;
    }
    for label in labels {
        let line = LabelLine {
            label: label.label.as_str(),
            title: &label.title,
            from: label.from,
            to: label.to,
            world_from: label.world_from,
            world_to: label.to.map(|_| label.world_to),
            evidence: &label.evidence,
            detail: &label.detail,
        };
        write_line(out, &line)?;
    }
    Ok(())
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

/// The life and the history of a text that [`write`] wrote.
pub fn read(text: &str) -> Result<(Life, Vec<Moment>), LinesError> {
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    let first = lines.next().and_then(|(_, line)| serde_json::from_str::<Value>(line).ok());
    let first = first.filter(|first| first["format"] == FORMAT).ok_or(LinesError::Foreign)?;
    let version = first["version"].as_u64().ok_or(LinesError::Foreign)?;
    if version > u64::from(VERSION) {
        return Err(LinesError::Newer(u32::try_from(version).unwrap_or(u32::MAX)));
    }
    let first: First =
        serde_json::from_value(first).map_err(|source| LinesError::Line { line: 1, source })?;
    let mut history = Vec::new();
    for (line, text) in lines.take_while(|(_, text)| !text.starts_with(LABEL)) {
        history.push(moment(line, text)?);
    }
    if history.len() != first.moments {
        return Err(LinesError::Count { said: first.moments, found: history.len() });
    }
    let life = Life::replay(&history)?;
    if life.head().hash.to_string() != first.head {
        return Err(LinesError::Head);
    }
    if life.state().hash().to_string() != first.state {
        return Err(LinesError::State);
    }
    if !life.state().ledger.is_balanced() {
        return Err(LinesError::Ledger);
    }
    Ok((life, history))
}

/// How a line begins that holds a label.
pub const LABEL: &str = "{\"label\":";

fn moment(line: usize, text: &str) -> Result<Moment, LinesError> {
    let found: Line =
        serde_json::from_str(text).map_err(|source| LinesError::Line { line, source })?;
    let hash = |text: &str| text.parse::<Hash>().map_err(|_none| LinesError::Hash { line });
    Ok(Moment {
        at: found.at,
        kind: found.kind,
        value: to_canonical(&found.value).map_err(|source| LinesError::Value { line, source })?,
        prev: hash(&found.prev)?,
        hash: hash(&found.hash)?,
        name: found.name,
        key: found.key,
    })
}
