//! `otivm replay`: a life as it was at any moment, for people and for programs.
//!
//! What had fallen due by then and was never looked at is settled in memory, so that the answer is the
//! one the player would have got; the file stays as it is.

use crate::{
    play::{rfc3339, world_date},
    verify::{VerifyError, whole},
};
use clap::Args;
use jiff::Timestamp;
use otivm_rules::{
    At, Life, Moment, State,
    state::{Location, Voyage},
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Args)]
pub struct ReplayOptions {
    file: PathBuf,
    /// Microseconds since 1970, or RFC 3339; the end of the history where it is not given.
    #[arg(long, value_parser = parse_moment)]
    at: Option<At>,
    /// One JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

/// Everything that a life amounts to at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Microseconds since 1970, UTC.
    pub at: i64,
    pub time: String,
    pub world_date: String,
    pub world_date_roman: String,
    /// Folded, those that fell due unseen included.
    pub moments: u64,
    pub head: String,
    pub state: String,
    pub home: Option<String>,
    /// Where the merchant is, or whereto he sails.
    pub place: Option<String>,
    pub sails_to: Option<String>,
    pub arrives_at: Option<i64>,
    pub ship: Option<String>,
    pub ship_wear_ppm: Option<i64>,
    pub in_otium: bool,
    pub gravitas_milli: i64,
    /// 1 to 12; 13 when all are told; 0 before the life begins.
    pub chapter: i64,
    pub journal_entries: u64,
    pub rewinds: u64,
    pub sessions_open: usize,
    pub purse_asses: i64,
    /// Units aboard, by good.
    pub cargo: BTreeMap<String, i64>,
    /// Account and commodity to balance: asses, or units of a good.
    pub ledger: BTreeMap<String, String>,
    pub parameters: BTreeMap<String, i64>,
}

/// A moment as it is written on a command line.
pub fn parse_moment(text: &str) -> Result<At, String> {
    if let Ok(microseconds) = text.parse() {
        return Ok(At(microseconds));
    }
    let time: Timestamp = text.parse().map_err(|_neither| {
        format!(
            "{text:?} is neither microseconds since 1970 nor a time such as 2026-11-24T05:00:00Z"
        )
    })?;
    Ok(At(time.as_microsecond()))
}

/// The life in a file as it was at a moment, that moment included.
pub fn replay(path: &Path, at: Option<At>) -> Result<Replayed, VerifyError> {
    let (whole, history) = whole(path)?;
    let end = whole.state().last_at.unwrap_or_default();
    let at = at.unwrap_or(end);
    let mut life = Life::replay(history.iter().take_while(|moment| moment.at <= at))?;
    if life.state().last_at.is_none_or(|last| last < at) {
        let due: Vec<Moment> = life.settle(at).unwrap_or_default();
        life.commit(&due)?;
    }
    Ok(replayed(&life, at))
}

fn replayed(life: &Life, at: At) -> Replayed {
    let state = life.state();
    let date = world_date(state.world_time(at));
    let (place, voyage) = whereabouts(state);
    Replayed {
        at: at.0,
        time: rfc3339(at),
        world_date: date.plain,
        world_date_roman: date.roman,
        moments: state.moments,
        head: life.head().hash.to_string(),
        state: state.hash().to_string(),
        home: state.merchant.as_ref().map(|merchant| merchant.home.to_string()),
        place,
        sails_to: voyage.map(|voyage| voyage.to.to_string()),
        arrives_at: voyage.map(|voyage| voyage.arrives_at.0),
        ship: state.ship.as_ref().map(|ship| format!("{} ({})", ship.name, ship.ship.as_str())),
        ship_wear_ppm: state.ship.as_ref().map(|ship| ship.wear_ppm),
        in_otium: state.otium.is_some(),
        gravitas_milli: state.gravitas_milli,
        chapter: state.chapter,
        journal_entries: state.journal_entries,
        rewinds: state.rewinds,
        sessions_open: state.sessions.len(),
        purse_asses: state.purse(),
        cargo: state
            .cargo
            .iter()
            .map(|(good, lot)| (good.as_str().to_owned(), lot.units))
            .collect(),
        ledger: state
            .ledger
            .iter()
            .map(|(account, commodity, sum)| (format!("{account} {commodity}"), sum.to_string()))
            .collect(),
        parameters: state
            .parameters
            .iter()
            .map(|(id, value)| (id.parameter().name.to_owned(), value))
            .collect(),
    }
}

fn whereabouts(state: &State) -> (Option<String>, Option<&Voyage>) {
    match &state.location {
        Location::Nowhere => (None, None),
        Location::Ashore { place, .. } => (Some(place.to_string()), None),
        Location::AtSea(voyage) => (None, Some(voyage)),
    }
}

impl Replayed {
    fn table(&self) -> String {
        let whereabouts = match (&self.place, &self.sails_to) {
            (Some(place), _) => format!("in {place}"),
            (None, Some(to)) => format!("at sea to {to}"),
            (None, None) => "nobody sits here".to_owned(),
        };
        let mut text = String::new();
        let mut row = |name: &str, value: &str| {
            // Writing to a String cannot fail.
            let _infallible = writeln!(text, "{name:<22} {value}");
        };
        row("moment", &format!("{} ({})", self.at, self.time));
        row("world date", &format!("{} ({})", self.world_date, self.world_date_roman));
        row("moments", &self.moments.to_string());
        row("head", &self.head);
        row("state", &self.state);
        row("whereabouts", &whereabouts);
        row("ship", self.ship.as_deref().unwrap_or("none"));
        row("in otium", if self.in_otium { "yes" } else { "no" });
        row("gravitas (thousandths)", &self.gravitas_milli.to_string());
        row("chapter", &self.chapter.to_string());
        row("journal entries", &self.journal_entries.to_string());
        row("purse (asses)", &self.purse_asses.to_string());
        for (good, units) in &self.cargo {
            row("aboard", &format!("{units} of {good}"));
        }
        for (account, sum) in &self.ledger {
            row("ledger", &format!("{account}: {sum}"));
        }
        text
    }
}

#[expect(clippy::print_stdout, reason = "the result of a command goes to standard output")]
#[expect(clippy::print_stderr, reason = "what kept a command from its end goes to standard error")]
pub fn replay_command(options: &ReplayOptions) -> ExitCode {
    let file = options.file.display();
    let replayed = match replay(&options.file, options.at) {
        Ok(replayed) => replayed,
        Err(error) => {
            eprintln!("{file}: {:#}", anyhow::Error::new(error));
            return ExitCode::FAILURE;
        }
    };
    let json = options.json.then(|| serde_json::to_string_pretty(&replayed));
    match json {
        Some(Ok(json)) => println!("{json}"),
        Some(Err(error)) => {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
        None => print!("{}", replayed.table()),
    }
    ExitCode::SUCCESS
}
