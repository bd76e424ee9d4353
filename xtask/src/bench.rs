//! Figures, never asserted: `theron-bench` measures the release build beside the machine's ceiling.

use crate::{
    peers, setup,
    shell::{command, finish},
    up,
};

pub(crate) fn run(with_peers: bool, options: &[String]) -> anyhow::Result<()> {
    setup::for_running()?;
    setup::web_build()?;
    setup::programs()?;
    up::fetch_with("target/release/tessera-pipeline")?;
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
