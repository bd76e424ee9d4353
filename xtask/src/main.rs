//! The chores: set up, run, test, measure, keep tidy. `cargo xtask help` lists them.
//!
//! What CI runs is what a person runs; whatever a chore needs on the machine it installs or asks for.

mod bench;
mod calibrate;
mod openapi;
mod peers;
mod setup;
mod shell;
mod test;
mod tidy;
mod up;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(about = "TheRON's chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install what is missing, build everything, and run the whole stack until Ctrl-C
    Up {
        /// Options of `theron up`, such as --rate 2880 or --data-dir var/other
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Run every test there is, installing what they need
    Test,
    /// Fetch the default world's sources into var/sources
    Fetch,
    /// Check the shape of the workspace: who may depend on whom, sizes, leftovers
    Tidy,
    /// Write the OpenAPI documents anew from the code (`--check` only compares)
    Openapi {
        #[arg(long)]
        check: bool,
    },
    /// Compare travel with published legs, and write docs/calibration.md
    Calibrate {
        /// Options of the calibration program: --fit, --speed, --release FILE, --data DIR
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Measure, and print the figures of docs/benchmarks.md
    Bench {
        /// Leave out the programs we are measured beside; installing them takes some minutes, once
        #[arg(long)]
        no_peers: bool,
        /// Options of the bench program
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Up { options } => up::run(&options),
        Chore::Test => test::run(),
        Chore::Fetch => up::fetch(),
        Chore::Tidy => tidy::run(),
        Chore::Openapi { check } => openapi::run(check),
        Chore::Calibrate { options } => calibrate::run(&options),
        Chore::Bench { no_peers, options } => bench::run(!no_peers, &options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            shell::say(&format!("\nxtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
