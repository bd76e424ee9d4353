//! A world from its sources, in a process of its own: seconds, processor seconds and peak memory.

use crate::machine::{process_cpu_s, process_mib, row};
use anyhow::{Context, bail};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tokio::process::Command;

const SAMPLE_EVERY: Duration = Duration::from_millis(20);
/// As `tessera-pipeline run --local` names it.
const RELEASE_FILE: &str = "world.sqlite3";

/// What is run, and what is aimed at.
pub(crate) struct World<'a> {
    pub(crate) what: &'a str,
    pub(crate) document: &'a str,
    /// The folder that `fetch` filled.
    pub(crate) sources: &'a Path,
    pub(crate) aim: &'a str,
}

pub(crate) struct Run {
    pub(crate) release: PathBuf,
    pub(crate) seconds: f64,
}

impl World<'_> {
    /// Runs the pipeline without a service and gives the release it made.
    pub(crate) async fn measure(&self, programs: &Path, into: &Path) -> anyhow::Result<Run> {
        let started = Instant::now();
        let mut child = Command::new(programs.join("tessera-pipeline"))
            .args(["run", "--local", self.document, "--from"])
            .arg(self.sources)
            .arg("--into")
            .arg(into)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .context("starting tessera-pipeline run")?;
        let pid = child.id().context("the pipeline ended at once")?;
        let (mut peak_mib, mut cpu_s): (f64, f64) = (0.0, 0.0);
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            // Between its end and our look the process may be gone, which is no figure.
            peak_mib =
                process_mib(pid, "status", "VmHWM").map_or(peak_mib, |mib| mib.max(peak_mib));
            cpu_s = process_cpu_s(pid).map_or(cpu_s, |seconds| seconds.max(cpu_s));
            tokio::time::sleep(SAMPLE_EVERY).await;
        };
        if !status.success() {
            bail!("the run of {} failed ({status}); run it by hand to see why", self.document);
        }
        let seconds = started.elapsed().as_secs_f64();
        row(
            self.what,
            &format!("{seconds:.1} s, {cpu_s:.1} CPU s, peak {peak_mib:.0} MiB"),
            self.aim,
        );
        let release = into.join(RELEASE_FILE);
        if !release.is_file() {
            bail!("the run left no release file in {}", into.display());
        }
        Ok(Run { release, seconds })
    }
}
