//! Running programs from the workspace's root, loudly.

use anyhow::{Context, bail};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The workspace's root, wherever the chore was called from.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

#[expect(clippy::print_stderr, reason = "a person reads this on a terminal")]
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}

/// A program with its arguments, to be run in a folder below the root.
pub(crate) fn command(program: &str, arguments: &[&str], folder: &str) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root().join(folder));
    command
}

/// Runs it and fails when it fails.
pub(crate) fn run(program: &str, arguments: &[&str], folder: &str) -> anyhow::Result<()> {
    finish(&mut command(program, arguments, folder))
}

pub(crate) fn finish(command: &mut Command) -> anyhow::Result<()> {
    let line = describe(command);
    say(&format!("\n$ {line}"));
    let status = command.status().with_context(|| format!("starting `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// What a program prints, or `None` where it is missing or fails.
pub(crate) fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(root()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn describe(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
