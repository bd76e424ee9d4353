//! A game server by itself: a folder of its own, limits that do not bite, and no other service to share the machine.

use crate::machine::process_cpu_s;
use anyhow::{Context, bail};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use theron_mesh::pki::Authority;
use theron_service::{Clock, SystemClock};

const READY_WITHIN: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(2);
const MESH: &str = "127.110.0.18:8955";
const PUBLIC: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 3618);

/// The folder of a house whose server may run or not.
pub(crate) struct House {
    program: PathBuf,
    folder: PathBuf,
}

/// Its server.
pub(crate) struct Running {
    process: Child,
    /// From its start to its readiness.
    pub(crate) started: Duration,
}

impl House {
    pub(crate) const ADDRESS: SocketAddr = PUBLIC;

    /// With a release in its cache. `more` is appended to the configuration.
    pub(crate) fn new(
        programs: &Path,
        folder: &Path,
        release: &Path,
        seats: usize,
        more: &str,
    ) -> anyhow::Result<Self> {
        let world = folder.join("data/world");
        std::fs::create_dir_all(&world)?;
        let (sha256, _) = tessera_release::checksum(release)?;
        let id = tessera_world::ReleaseId::from_sha256(&sha256)?;
        std::fs::copy(release, world.join(format!("{id}.sqlite3")))?;
        let authority = Authority::open(&folder.join("pki"), SystemClock.now())?;
        let (cert, key) =
            authority.member("otivm-dev", &[Ipv4Addr::LOCALHOST.into()], SystemClock.now())?;
        let most = u32::MAX;
        let text = format!(
            "seats = {seats}\nrate = 288\n{more}\n\
             [service]\nname = \"otivm-dev\"\ndata_dir = \"{}\"\n\
             [service.listen]\nmesh = \"{MESH}\"\npublic = \"{PUBLIC}\"\n\
             [service.tls]\nca = \"{}\"\ncert = \"{}\"\nkey = \"{}\"\n\
             [neighbours.store]\nbase_url = \"https://127.0.0.1:9/api/v1\"\n\
             [limits]\narrivals_per_minute = {most}\ncalls_per_minute = {most}\n\
             commands_per_second = 1000000\nreads_per_second = 1000000\n",
            folder.join("data").display(),
            authority.certificate().display(),
            cert.display(),
            key.display(),
        );
        std::fs::write(folder.join("otivm.toml"), text)?;
        Ok(Self { program: programs.join("otivm"), folder: folder.to_owned() })
    }

    pub(crate) fn players(&self) -> PathBuf {
        self.folder.join("data/data/players")
    }

    /// The files of all seats, in order.
    pub(crate) fn files(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.players())?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "sqlite3"))
            .collect();
        files.sort_unstable();
        Ok(files)
    }

    /// Makes the seats, without a server.
    pub(crate) fn provision(&self) -> anyhow::Result<()> {
        let config = self.folder.join("otivm.toml");
        let mut command = Command::new(&self.program);
        command.args(["provision", "--config"]).arg(config).stderr(Stdio::null());
        anyhow::ensure!(command.status()?.success(), "otivm provision failed");
        Ok(())
    }

    /// Starts the server; it may not be ready yet.
    pub(crate) fn spawn(&self) -> anyhow::Result<Running> {
        let process = Command::new(&self.program)
            .args(["serve", "--config"])
            .arg(self.folder.join("otivm.toml"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(self.folder.join("log"))?)
            .spawn()
            .context("starting otivm")?;
        Ok(Running { process, started: Duration::ZERO })
    }

    /// Starts the server and waits until it is ready.
    pub(crate) async fn start(&self) -> anyhow::Result<Running> {
        let since = Instant::now();
        let mut running = self.spawn()?;
        running.ready(since).await?;
        Ok(running)
    }

    /// Proves files as an operator does; gives what is said of those that are not whole.
    pub(crate) fn verify(&self, files: &[PathBuf]) -> anyhow::Result<Vec<String>> {
        let output = Command::new(&self.program).arg("verify").args(files).output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let broken: Vec<String> =
            text.lines().filter(|line| !line.contains(": whole,")).map(str::to_owned).collect();
        if broken.is_empty() && !output.status.success() {
            bail!("otivm verify: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(broken)
    }
}

impl Running {
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn cpu_s(&self) -> anyhow::Result<f64> {
        process_cpu_s(self.pid())
    }

    pub(crate) async fn ready(&mut self, since: Instant) -> anyhow::Result<()> {
        let http = reqwest::Client::new();
        let url = format!("http://{PUBLIC}/readyz");
        while !http.get(&url).send().await.is_ok_and(|answer| answer.status().as_u16() == 200) {
            if let Some(ended) = self.process.try_wait()? {
                bail!("otivm ended ({ended}); its log is beside its configuration");
            }
            if since.elapsed() > READY_WITHIN {
                bail!("otivm is not ready after {} s", READY_WITHIN.as_secs());
            }
            tokio::time::sleep(POLL).await;
        }
        self.started = since.elapsed();
        Ok(())
    }

    /// SIGKILL, and gone.
    pub(crate) fn kill(mut self) -> anyhow::Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}

/// A part that fails leaves no server behind, and its ports are free for the next.
impl Drop for Running {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// One life begins; its cookie. The same number gets the same life again.
pub(crate) async fn enrol(number: usize) -> anyhow::Result<String> {
    let answer = reqwest::Client::new()
        .post(format!("http://{PUBLIC}/api/v1/players"))
        .header("idempotency-key", format!("a-seat-for-the-bench-{number}"))
        .json(&serde_json::json!({}))
        .send()
        .await?;
    if answer.status().as_u16() != 201 {
        bail!("enrolling: {} {}", answer.status(), answer.text().await?);
    }
    let cookie = answer.headers().get("set-cookie").context("no cookie")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}
