//! What the operator sees: lines that stay, and one line that moves while something takes long.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, IsTerminal, Write},
    time::Duration,
};

/// Prints above whatever bar is running. Without a terminal there are only lines.
#[derive(Clone)]
pub(crate) struct Voice {
    lines: indicatif::MultiProgress,
    terminal: bool,
}

/// A running bar or spinner; it disappears when dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
    voice: Voice,
}

impl Voice {
    pub(crate) fn new() -> Self {
        let terminal = io::stderr().is_terminal();
        let target =
            if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { lines: indicatif::MultiProgress::with_draw_target(target), terminal }
    }

    /// A line that cannot be written, because a pipe is closed or a disk full, is let go: whoever stopped listening did
    /// not ask for the services to stop.
    pub(crate) fn say(&self, line: &str) {
        self.lines.suspend(|| drop(writeln!(io::stdout(), "{line}")));
    }

    pub(crate) fn spinner(&self, about: &str) -> Progress {
        let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        self.run(ProgressBar::new_spinner().with_style(style), about)
    }

    /// A bar of thousandths.
    pub(crate) fn bar(&self, about: &str) -> Progress {
        let style =
            ProgressStyle::with_template("{msg:28} [{wide_bar}] {percent:>3} % ({elapsed})")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
        self.run(ProgressBar::new(1000).with_style(style), about)
    }

    fn run(&self, bar: ProgressBar, about: &str) -> Progress {
        if !self.terminal {
            self.say(about);
        }
        let bar = self.lines.add(bar);
        bar.set_message(about.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Progress { bar, voice: self.clone() }
    }
}

impl Progress {
    pub(crate) fn set(&self, about: &str) {
        self.bar.set_message(about.to_owned());
    }

    pub(crate) fn set_permille(&self, permille: u16) {
        self.bar.set_position(u64::from(permille));
    }

    pub(crate) fn say(&self, line: &str) {
        self.voice.say(line);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        self.voice.lines.remove(&self.bar);
    }
}
