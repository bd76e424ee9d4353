//! How far the engine of travel is from published legs, on the newest release there is.

use crate::shell::{command, finish, root};
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};

/// Where the published legs lie when no folder is named.
const DATA: &str = "../shared/data/orbis-calibration";
/// Folders below `var` that are searched for a release.
const DEPTH_MOST: u32 = 5;

/// `options` go to the program; `--release FILE` and `--data DIR` name other files than the usual ones.
pub(crate) fn run(options: &[String]) -> anyhow::Result<()> {
    let arguments =
        ["run", "--release", "--locked", "--quiet", "--package=otivm-calibration", "--"];
    let mut calibration = command("cargo", &arguments, ".");
    if !named(options, "--release") {
        calibration.arg("--release").arg(newest_release()?);
    }
    if !named(options, "--data") && !named(options, "--speed") {
        let data = root().join(DATA);
        if !data.join("nodes.csv").exists() {
            bail!("the published legs are not at {DATA}; name their folder with --data");
        }
        calibration.arg("--data").arg(data);
    }
    finish(calibration.args(options))
}

fn named(options: &[String], option: &str) -> bool {
    options.iter().any(|given| given == option || given.starts_with(&format!("{option}=")))
}

/// A release is the only kind of SQLite file that is called `world.sqlite3` or lies in `releases`.
fn newest_release() -> anyhow::Result<PathBuf> {
    let mut found = Vec::new();
    collect(&root().join("var"), DEPTH_MOST, &mut found).context("searching var for a release")?;
    found.sort();
    let newest = found.pop().map(|(_, path)| path);
    newest.context(
        "there is no release below var; make one with `cargo xtask up`, or name it with --release",
    )
}

fn collect(
    folder: &Path,
    depth: u32,
    found: &mut Vec<(std::time::SystemTime, PathBuf)>,
) -> std::io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let world = path.file_name().is_some_and(|name| name == "world.sqlite3");
        let kept =
            folder.ends_with("releases") && path.extension().is_some_and(|it| it == "sqlite3");
        if entry.file_type()?.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, found)?;
            }
        } else if world || kept {
            found.push((entry.metadata()?.modified()?, path));
        }
    }
    Ok(())
}
