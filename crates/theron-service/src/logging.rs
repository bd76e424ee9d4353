//! One JSON object a line on standard error, which systemd and `theron up` keep.

use crate::lines::Lines;
use std::{fmt::Display, io, process::ExitCode, sync::OnceLock, thread};
use tracing_subscriber::{EnvFilter, fmt, fmt::writer::BoxMakeWriter, prelude::*};

static LINES: OnceLock<&'static Lines> = OnceLock::new();

/// Call once in `main`. `THERON_LOG` chooses the level (default `info`), as `tracing` filters say it.
pub fn start_logging() {
    // A second call (several services in one test process) keeps the first.
    if LINES.get().is_some() {
        return;
    }
    let lines: &'static Lines = Box::leak(Box::default());
    let writer = thread::Builder::new().name("log".to_owned());
    let sink = match writer.spawn(|| lines.write_to(io::stderr())) {
        Ok(_running) => {
            // Two that call at once both write whole lines, and one of them the calls'.
            LINES.get_or_init(|| lines);
            BoxMakeWriter::new(move || lines)
        }
        // No thread is to be had: what is said is written by who says it, and calls are not.
        Err(_) => BoxMakeWriter::new(io::stderr),
    };
    let filter = EnvFilter::try_from_env("THERON_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let format =
        fmt::layer().json().flatten_event(true).with_current_span(false).with_span_list(false);
    drop(tracing_subscriber::registry().with(filter).with(format.with_writer(sink)).try_init());
}

/// How a service ends: what ended it, and its causes, are the last line of its log.
pub fn ended(outcome: Result<(), impl Display>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the service does not start");
            ExitCode::FAILURE
        }
    }
}

/// Where lines of calls go, once there is a log that wants them.
pub(crate) fn call_lines() -> Option<&'static Lines> {
    let wanted = tracing::enabled!(target: "call", tracing::Level::INFO);
    LINES.get().copied().filter(|_| wanted)
}
