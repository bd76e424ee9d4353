//! Figures, never asserted: `theron-bench` measures the release build beside the machine's ceiling.

use crate::{
    peers, setup,
    shell::{command, finish, say},
    up,
};
use std::path::Path;

/// Publishers' files, beside the project as the tests of published files have them.
const COPIES: &str = "../shared/data";

pub(crate) fn run(with_peers: bool, options: &[String]) -> anyhow::Result<()> {
    setup::for_running()?;
    setup::web_build()?;
    setup::programs()?;
    up::fetch_with("target/release/tessera-pipeline")?;
    full_world()?;
    let mut bench = command(
        "cargo",
        &["run", "--release", "--locked", "--quiet", "--package=theron-bench", "--"],
        ".",
    );
    if with_peers {
        bench.arg("--peers").arg(peers::install()?);
    }
    finish(bench.args(options))
}

/// Brings the files of the full world. Those from GitHub are taken from copies beside the project, where there
/// are any; what is missing in the end is measured as missing.
fn full_world() -> anyhow::Result<()> {
    let mut fetch = command(
        "target/release/tessera-pipeline",
        &["fetch", "--sources=worlds/full/sources.toml", "--into=var/full"],
        ".",
    );
    if Path::new(COPIES).is_dir() {
        fetch.args(["--inbox", COPIES]);
    }
    if let Err(error) = finish(&mut fetch) {
        say(&format!("the full world is left out: {error:#}"));
        if Path::new("var/full").is_dir() {
            std::fs::remove_dir_all("var/full")?;
        }
    }
    Ok(())
}
