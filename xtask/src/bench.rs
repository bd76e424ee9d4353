//! Figures, never asserted: `theron-bench` measures the release build beside the machine's ceiling.

use crate::{
    setup,
    shell::{command, finish},
    up,
};

pub(crate) fn run(options: &[String]) -> anyhow::Result<()> {
    setup::for_running()?;
    setup::web_build()?;
    setup::programs()?;
    up::fetch_with("target/release/tessera-pipeline")?;
    let mut bench = command(
        "cargo",
        &["run", "--release", "--locked", "--quiet", "--package=theron-bench", "--"],
        ".",
    );
    finish(bench.args(options))
}
