//! `otivm route`: how long it takes to get from one place to another, and why, from a release file.
//!
//! It asks the engine that the game asks, and nothing else: no server runs, nothing is written.

mod batch;
mod gazetteer;
mod print;
mod world;

use clap::Args;
use gazetteer::UnknownPlace;
use otivm_travel::{Gait, Mode, Month, Navigator, NoRoute, Query, ShipType};
use std::{path::PathBuf, process::ExitCode};
use world::{NoWorld, World};

/// The month of a question that names none: the published legs that the engine is compared with fit it
/// best, and it is the middle of the sailing season.
const SEASON: Month = Month::JULY;

#[derive(Args, Clone, Debug)]
pub struct RouteOptions {
    /// A place (Latin or modern name, or id) or `lat,lon`
    #[arg(long, required_unless_present = "batch", allow_hyphen_values = true)]
    from: Option<String>,
    #[arg(long, required_unless_present = "batch", allow_hyphen_values = true)]
    to: Option<String>,
    /// sea, coast, river, road or any; with --batch of the rows that name none
    #[arg(long, default_value = "any", value_parser = mode)]
    mode: Mode,
    /// 1 to 12, July where it is left out; with --batch of the rows that name none
    #[arg(long, value_parser = month)]
    month: Option<Month>,
    /// Every month of the year
    #[arg(long, conflicts_with_all = ["month", "batch"])]
    months: bool,
    /// actuaria, corbita_minor, corbita (or corbita_maior), alexandrina
    #[arg(long, default_value = "corbita", value_parser = ship)]
    ship: ShipType,
    /// foot, mule or wagon
    #[arg(long, default_value = "foot", value_parser = gait)]
    gait: Gait,
    /// JSON in place of a table
    #[arg(long)]
    json: bool,
    /// A CSV file with the columns from,to,mode,month; prints one JSON line for each row
    #[arg(long, conflicts_with_all = ["from", "to"])]
    batch: Option<PathBuf>,
    /// The world to ask; without it the newest release below --data-dir
    #[arg(long)]
    release: Option<PathBuf>,
    #[arg(long, default_value = "var")]
    data_dir: PathBuf,
}

/// No way, or no such place.
const NOT_FOUND: u8 = 1;
/// The question cannot be read; clap's own code too.
const MISUSED: u8 = 2;
/// There is no world to ask.
const NO_WORLD: u8 = 3;

#[derive(Debug, thiserror::Error)]
enum RouteError {
    #[error(transparent)]
    World(#[from] NoWorld),
    #[error(transparent)]
    Place(#[from] UnknownPlace),
    #[error("from {from} to {to} by {}: {why}", .mode.as_str())]
    NoRoute { from: String, to: String, mode: Mode, why: NoRoute },
    #[error("the file of questions cannot be read")]
    Batch(#[from] csv::Error),
    #[error(
        "the first line of the file names its columns, from,to,mode,month (mode and month may be left out); it is {0:?}"
    )]
    Heading(String),
    #[error("the answer cannot be written")]
    Output(#[from] std::io::Error),
    #[error("the answer cannot be put in JSON")]
    Json(#[from] serde_json::Error),
}

impl RouteError {
    const fn exit_code(&self) -> u8 {
        match self {
            Self::World(_) => NO_WORLD,
            Self::Place(_) | Self::NoRoute { .. } => NOT_FOUND,
            Self::Batch(_) | Self::Heading(_) | Self::Output(_) | Self::Json(_) => MISUSED,
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::World(_) => "no_world",
            Self::Place(error) => error.code(),
            Self::NoRoute { why, .. } => why.code(),
            Self::Batch(_) | Self::Heading(_) => "bad_file",
            Self::Output(_) | Self::Json(_) => "internal",
        }
    }
}

/// Answers on standard output; says on standard error why it cannot.
#[expect(clippy::print_stderr, reason = "the reason of a refusal goes to standard error")]
pub fn route(options: &RouteOptions) -> ExitCode {
    match answer(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(RouteError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            let code = error.exit_code();
            eprintln!("otivm route: {:#}", anyhow::Error::new(error));
            ExitCode::from(code)
        }
    }
}

fn answer(options: &RouteOptions) -> Result<(), RouteError> {
    let world = World::open(options.release.as_deref(), &options.data_dir)?;
    let mut navigator = Navigator::new(world.chart());
    if let Some(file) = &options.batch {
        return batch::answer(&world, &mut navigator, options, file);
    }
    let place = |text: &Option<String>| world.place(text.as_deref().unwrap_or_default());
    let (from, to) = (place(&options.from)?, place(&options.to)?);
    let mut find = |month| {
        let query = Query {
            from: from.position,
            to: to.position,
            mode: options.mode,
            ship: options.ship,
            gait: options.gait,
            month,
        };
        navigator.journey(&query).map_err(|why| RouteError::NoRoute {
            from: from.name.clone(),
            to: to.name.clone(),
            mode: options.mode,
            why,
        })
    };
    let ends = (&from, &to);
    if options.months {
        let year = Month::all().map(find).collect::<Result<Vec<_>, _>>()?;
        return print::year(ends, options, &year);
    }
    print::one(ends, options, &find(options.month.unwrap_or(SEASON))?)
}

fn mode(text: &str) -> Result<Mode, String> {
    Mode::from_id(text).ok_or_else(|| "use sea, coast, river, road or any".to_owned())
}

fn gait(text: &str) -> Result<Gait, String> {
    Gait::from_id(text).ok_or_else(|| "use foot, mule or wagon".to_owned())
}

fn ship(text: &str) -> Result<ShipType, String> {
    let id = if text == "corbita" { "corbita_maior" } else { text };
    ShipType::from_id(id)
        .ok_or_else(|| "use actuaria, corbita_minor, corbita_maior or alexandrina".to_owned())
}

fn month(text: &str) -> Result<Month, String> {
    let number: u8 = text.trim().parse().map_err(|_no_number| "use 1 to 12".to_owned())?;
    Month::try_from(number).map_err(|error| error.to_string())
}
