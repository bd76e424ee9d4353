//! The default world from its sources: seconds and peak memory.

use crate::machine::{process_mib, row};
use anyhow::{Context, bail};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tokio::process::Command;

const SAMPLE_EVERY: Duration = Duration::from_millis(20);

/// Runs the pipeline offline and gives the release it made.
pub(crate) async fn measure(
    programs: &Path,
    sources: &Path,
    data_dir: &Path,
) -> anyhow::Result<PathBuf> {
    let into = data_dir.join("run");
    let started = Instant::now();
    let mut child = Command::new(programs.join("tessera-pipeline"))
        .arg("run")
        .arg("worlds/default/sources.toml")
        .arg("--from")
        .arg(sources)
        .arg("--into")
        .arg(&into)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .context("starting tessera-pipeline run")?;
    let pid = child.id().context("the pipeline ended at once")?;
    let mut peak_mib: f64 = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        // Between its end and our look the process may be gone, which is no figure.
        peak_mib = process_mib(pid, "status", "VmHWM").map_or(peak_mib, |mib| mib.max(peak_mib));
        tokio::time::sleep(SAMPLE_EVERY).await;
    };
    if !status.success() {
        bail!("the pipeline's run failed ({status}); run it by hand to see why");
    }
    let seconds = started.elapsed().as_secs_f64();
    row(
        "pipeline, default world",
        &format!("{seconds:.1} s, peak {peak_mib:.0} MiB"),
        "aim 60 s, 1,024 MiB",
    );
    let release = std::fs::read_dir(&into)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "sqlite3"))
        .context("the run left no release file")?;
    Ok(release)
}
