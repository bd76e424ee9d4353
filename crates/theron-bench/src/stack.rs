//! The whole stack as an operator starts it, in real processes.

use crate::machine::{process_mib, row};
use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use theron_mesh::{Credentials, MeshClient};
use tokio::process::{Child, Command};

/// Ports of its own, so that a stack may run beside the bench.
const GAME_PORT: &str = "3500";
const READY_WITHIN: Duration = Duration::from_secs(300);
const POLL: Duration = Duration::from_millis(25);
/// After a start, caches and allocators settle.
const IDLE: Duration = Duration::from_secs(5);

pub(crate) struct Stack {
    programs: PathBuf,
    data_dir: PathBuf,
    release: PathBuf,
    up: Child,
    first_start: Duration,
    pub(crate) status: Status,
}

#[derive(Deserialize)]
pub(crate) struct Status {
    services: Vec<Service>,
    client: Credentials,
}

#[derive(Deserialize)]
struct Service {
    name: String,
    base_url: String,
    ready: bool,
}

impl Status {
    pub(crate) fn mesh_client(&self, name: &str) -> anyhow::Result<MeshClient> {
        let service = self.service(name)?;
        Ok(MeshClient::new(&service.base_url, &self.client)?)
    }

    /// A client for the root above `/api/v1`.
    pub(crate) fn root_client(&self, name: &str) -> anyhow::Result<MeshClient> {
        let service = self.service(name)?;
        Ok(MeshClient::new(service.base_url.trim_end_matches("/api/v1"), &self.client)?)
    }

    pub(crate) const fn credentials(&self) -> &Credentials {
        &self.client
    }

    fn service(&self, name: &str) -> anyhow::Result<&Service> {
        self.services.iter().find(|s| s.name == name).with_context(|| format!("no service {name}"))
    }
}

impl Stack {
    pub(crate) async fn start(
        programs: &Path,
        data_dir: &Path,
        release: &Path,
    ) -> anyhow::Result<Self> {
        let (up, status, first_start) = bring_up(programs, data_dir, release).await?;
        Ok(Self {
            programs: programs.to_owned(),
            data_dir: data_dir.to_owned(),
            release: release.to_owned(),
            up,
            first_start,
            status,
        })
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// A certificate that the stack made for one of its services.
    pub(crate) fn credentials_of(&self, name: &str) -> Credentials {
        let pki = self.data_dir.join("pki");
        Credentials {
            ca: pki.join("ca.pem"),
            cert: pki.join(format!("{name}.pem")),
            key: pki.join(format!("{name}.key")),
        }
    }

    /// The release that the store serves.
    pub(crate) async fn release_id(&self) -> anyhow::Result<String> {
        let store = self.status.mesh_client("tessera-store")?;
        let current: serde_json::Value = store.get("/releases/current").await?;
        Ok(current["id"].as_str().context("the store serves no release")?.to_owned())
    }

    pub(crate) fn report_first_start(&self) {
        let seconds = self.first_start.as_secs_f64();
        row(
            "first start on a prepared release",
            &format!("{seconds:.1} s"),
            "128 seats, markets settled",
        );
    }

    pub(crate) async fn report_idle_memory(&self) -> anyhow::Result<()> {
        tokio::time::sleep(IDLE).await;
        self.report_memory("memory of the five services, idle", "aim 500 MiB")
    }

    fn report_memory(&self, what: &str, beside: &str) -> anyhow::Result<()> {
        let supervisor = self.up.id().context("theron up has ended")?;
        let children =
            std::fs::read_to_string(format!("/proc/{supervisor}/task/{supervisor}/children"))
                .unwrap_or_default();
        let mut pids: Vec<u32> =
            children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect();
        if pids.len() < 5 {
            pids = children_of(supervisor)?;
        }
        let mut total = 0.0;
        let mut parts = Vec::new();
        for pid in pids {
            let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            let mib = process_mib(pid, "smaps_rollup", "Pss:")?;
            total += mib;
            parts.push(format!("{} {mib:.0}", name.trim()));
        }
        row(what, &format!("{total:.0} MiB"), &format!("{}; {beside}", parts.join(", ")));
        Ok(())
    }

    pub(crate) async fn measure_second_start(mut self) -> anyhow::Result<()> {
        stop(&mut self.up).await?;
        let (mut up, _, second) = bring_up(&self.programs, &self.data_dir, &self.release).await?;
        row("second start", &format!("{:.1} s", second.as_secs_f64()), "aim 5 s");
        stop(&mut up).await
    }
}

async fn bring_up(
    programs: &Path,
    data_dir: &Path,
    release: &Path,
) -> anyhow::Result<(Child, Status, Duration)> {
    let started = Instant::now();
    let mut up = Command::new(programs.join("theron"))
        .args(["up", "--port", GAME_PORT, "--data-dir"])
        .arg(data_dir)
        .arg("--world")
        .arg(release)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("starting theron up")?;
    loop {
        if let Some(ended) = up.try_wait()? {
            bail!("theron up ended ({ended}); run it by hand to see why");
        }
        if let Some(status) = ask(programs, data_dir).await
            && status.services.iter().all(|service| service.ready)
        {
            return Ok((up, status, started.elapsed()));
        }
        if started.elapsed() > READY_WITHIN {
            bail!("the stack is not ready after {} s", READY_WITHIN.as_secs());
        }
        tokio::time::sleep(POLL).await;
    }
}

async fn ask(programs: &Path, data_dir: &Path) -> Option<Status> {
    let output = Command::new(programs.join("theron"))
        .args(["status", "--json", "--data-dir"])
        .arg(data_dir)
        .output()
        .await
        .ok()?;
    serde_json::from_slice(&output.stdout).ok()
}

async fn stop(up: &mut Child) -> anyhow::Result<()> {
    let pid = up.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    kill_process(pid.context("theron up has ended")?, Signal::TERM)?;
    up.wait().await?;
    Ok(())
}

/// Where the kernel does not list children by thread: every process whose parent this is.
fn children_of(parent: u32) -> anyhow::Result<Vec<u32>> {
    let mut children = Vec::new();
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The name in parentheses may hold spaces: count the fields after it.
        let after = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
        if after.split_whitespace().nth(1).and_then(|field| field.parse().ok()) == Some(parent) {
            children.push(pid);
        }
    }
    Ok(children)
}
