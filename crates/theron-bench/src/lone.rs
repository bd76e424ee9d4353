//! A store by itself, without the budget of calls that guards the public listener: what it can do, not what
//! it allows one address.

use crate::{
    machine::{process_mib, row},
    stack::Stack,
};
use anyhow::{Context, bail};
use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};
use tessera_store_api::StoreClient;
use theron_mesh::MeshClient;
use tokio::process::{Child, Command};

const READY_WITHIN: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);

pub(crate) struct LoneStore {
    process: Child,
    pub(crate) release: String,
    /// Seconds from the first byte sent to the pointer moved.
    pub(crate) promoted_s: f64,
}

impl LoneStore {
    pub(crate) const MESH: &str = "https://127.110.0.15:8953/api/v1";
    pub(crate) const PLAIN: &str = "http://127.0.0.1:3612/api/v1";

    /// With the stack's certificates, a folder of its own, and one release promoted.
    pub(crate) async fn start(
        stack: &Stack,
        release: &Path,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let tls = |name: &str| stack.credentials_of(name);
        let own = tls("tessera-store");
        let config = folder.join("store.toml");
        let text = format!(
            "[service]\nname = \"tessera-store\"\ndata_dir = \"{}\"\n\
             [service.listen]\nmesh = \"127.110.0.15:8953\"\npublic = \"127.0.0.1:3612\"\n\
             [service.tls]\nca = \"{}\"\ncert = \"{}\"\nkey = \"{}\"\n\
             [public]\ncalls_max = {}\n",
            folder.join("data").display(),
            own.ca.display(),
            own.cert.display(),
            own.key.display(),
            u32::MAX,
        );
        std::fs::write(&config, text)?;
        let process = Command::new(stack.program("tessera-store"))
            .args(["serve", "--config"])
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("starting tessera-store")?;
        let mut store = Self { process, release: String::new(), promoted_s: 0.0 };
        let client = MeshClient::new(Self::MESH, &tls("tessera-pipeline"))?;
        let started = Instant::now();
        while client.get::<serde_json::Value>("/releases").await.is_err() {
            if let Some(ended) = store.process.try_wait()? {
                bail!("tessera-store ended ({ended}); run it by hand to see why");
            }
            if started.elapsed() > READY_WITHIN {
                bail!("tessera-store is not ready after {} s", READY_WITHIN.as_secs());
            }
            tokio::time::sleep(POLL).await;
        }
        let (sha256, _) = tessera_release::checksum(release)?;
        let id = tessera_world::ReleaseId::from_sha256(&sha256)?;
        let taken = Instant::now();
        let client = StoreClient::new(client);
        client.upload_release(release, &sha256).await?;
        client.promote(&id).await?;
        store.promoted_s = taken.elapsed().as_secs_f64();
        let bytes = std::fs::metadata(release)?.len();
        row(
            "store, a release uploaded, checked and promoted",
            &format!("{:.1} s", store.promoted_s),
            &format!("{} MB", bytes / 1_000_000),
        );
        store.release = id.to_string();
        Ok(store)
    }

    pub(crate) fn pid(&self) -> anyhow::Result<u32> {
        self.process.id().context("tessera-store has ended")
    }

    pub(crate) fn report_memory(&self) -> anyhow::Result<()> {
        let pid = self.pid()?;
        let own = process_mib(pid, "status", "RssAnon:")?;
        let all = process_mib(pid, "status", "VmHWM:")?;
        row(
            "store, memory after the loads",
            &format!("{own:.0} MiB of its own"),
            &format!("peak with the pages of its file {all:.0} MiB; aim 300 MiB"),
        );
        Ok(())
    }
}
