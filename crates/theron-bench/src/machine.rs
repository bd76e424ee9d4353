//! The machine under the figures: its name, its load, the memory of a process.

use anyhow::{Context, bail};
use std::{fs, num::NonZero, path::Path, process::Command, thread::available_parallelism};

#[expect(clippy::print_stdout, reason = "figures are what this program is for")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// One paragraph: processor, cores, memory, kernel, commit, load.
pub(crate) fn describe() -> String {
    let file = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, key: &str| {
        text.lines()
            .find(|line| line.starts_with(key))
            .and_then(|line| line.split_once(':'))
            .map_or_else(|| "?".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let commit =
        Command::new("git").args(["describe", "--always", "--dirty"]).output().map_or_else(
            |_| "?".to_owned(),
            |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        );
    let cores = cores();
    format!(
        "{}, {cores} cores, {} memory, Linux {}, commit {commit}, load {}",
        field(&file("/proc/cpuinfo"), "model name"),
        field(&file("/proc/meminfo"), "MemTotal"),
        file("/proc/sys/kernel/osrelease").trim(),
        load(),
    )
}

fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

/// Which of the machine's processors a process may use.
#[derive(Clone, Copy)]
pub(crate) enum Processors {
    All,
    /// A server's, where its load comes from the other half.
    FirstHalf,
    SecondHalf,
}

impl Processors {
    /// As `taskset` of util-linux names them.
    fn list(self) -> String {
        let (half, last) = (cores() / 2, cores() - 1);
        match self {
            Self::All => format!("0-{last}"),
            Self::FirstHalf => format!("0-{}", half.saturating_sub(1)),
            Self::SecondHalf => format!("{half}-{last}"),
        }
    }

    /// Starts a program on them.
    pub(crate) fn command(self, program: &Path) -> tokio::process::Command {
        if matches!(self, Self::All) {
            return tokio::process::Command::new(program);
        }
        let mut command = tokio::process::Command::new("taskset");
        command.args(["--cpu-list", &self.list()]).arg(program);
        command
    }

    /// Moves every thread of a process to them.
    pub(crate) fn take(self, pid: u32) -> anyhow::Result<()> {
        let moved = Command::new("taskset")
            .args(["--all-tasks", "--cpu-list", "--pid", &self.list(), &pid.to_string()])
            .output()
            .context("starting taskset, of util-linux")?;
        if !moved.status.success() {
            bail!("taskset failed: {}", String::from_utf8_lossy(&moved.stderr));
        }
        Ok(())
    }
}

/// The one-minute load average.
pub(crate) fn load() -> String {
    fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split(' ').next().map(str::to_owned))
        .unwrap_or_else(|| "?".to_owned())
}

/// A row of the table that ends up in docs/benchmarks.md.
pub(crate) fn row(what: &str, figure: &str, beside: &str) {
    say(&format!("| {what} | {figure} | {beside}; load {} |", load()));
}

/// Processor seconds that a process has used, of user and of system, by `/proc/PID/stat`.
pub(crate) fn process_cpu_s(pid: u32) -> anyhow::Result<f64> {
    let path = format!("/proc/{pid}/stat");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    // The second field is a name in parentheses and may hold anything; user and system time are the
    // twelfth and thirteenth after it.
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks: Vec<f64> =
        after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse().ok()).collect();
    match ticks[..] {
        [user, system] => Ok((user + system) / rustix::param::clock_ticks_per_second() as f64),
        _ => bail!("{path} has no processor time"),
    }
}

/// A field of `/proc/PID/status` or `smaps_rollup`, in MiB.
pub(crate) fn process_mib(pid: u32, file: &str, field: &str) -> anyhow::Result<f64> {
    let path = format!("/proc/{pid}/{file}");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    let kib: f64 = text
        .lines()
        .find(|line| line.starts_with(field))
        .and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .with_context(|| format!("{path} has no {field}"))?;
    Ok(kib / 1024.0)
}
