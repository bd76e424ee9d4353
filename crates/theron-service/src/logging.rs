//! One JSON object a line on standard error, which systemd and `theron up` keep.

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// Call once in `main`. `THERON_LOG` chooses the level (default `info`), as `tracing` filters say it.
pub fn start_logging() {
    let filter = EnvFilter::try_from_env("THERON_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let lines =
        fmt::layer().json().flatten_event(true).with_current_span(false).with_span_list(false);
    // A second call (several services in one test process) keeps the first.
    drop(
        tracing_subscriber::registry()
            .with(filter)
            .with(lines.with_writer(std::io::stderr))
            .try_init(),
    );
}
