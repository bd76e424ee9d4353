//! `theron up`: all five services on this machine, from nothing to a game in the browser.
//!
//! What it does again and again it does the same way: certificates and configurations are made where
//! they are missing, a world is fetched and promoted only when the store has none, and every service
//! runs as a process of its own that is started again when it dies.

mod configs;
mod herald;
mod mirrors;
mod supervise;
mod voice;
mod world;

use crate::{
    layout::{GAME_PORT, Layout, SERVICES, is_free},
    status,
};
use anyhow::{Context, bail};
use herald::Herald;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use supervise::Supervisor;
use theron_mesh::{Mesh, names};
use theron_service::{Claim, ClaimError, Clock, SystemClock, until_signal};
use tokio::time::{Instant, sleep};
use voice::Voice;

/// A stack that was killed lets go of its ports once its services have drained (10 s each, at once).
const PORTS_FREE_WITHIN: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(100);

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where everything that lasts is kept
    #[arg(long, default_value = "var")]
    data_dir: PathBuf,
    /// Port of the game on localhost; the other ports keep their distance to it
    #[arg(long, default_value_t = GAME_PORT)]
    port: u16,
    /// World time per real time; 288 is a day in five minutes. Fixed when the data folder is made
    #[arg(long, default_value_t = configs::DEFAULT_RATE, value_parser = configs::parse_rate)]
    rate: u32,
    /// A prepared release file to play on, instead of making the default world
    #[arg(long)]
    world: Option<PathBuf>,
    /// Folder of the default world's description
    #[arg(long, default_value = "worlds/default")]
    world_dir: PathBuf,
    /// Where publishers' files are kept once fetched [default: DATA_DIR/sources]
    #[arg(long)]
    sources: Option<PathBuf>,
    /// The built browser game
    #[arg(long, default_value = "web/dist")]
    web: PathBuf,
    /// Folder of the service programs [default: this program's own]
    #[arg(long)]
    programs: Option<PathBuf>,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let voice = Voice::new();
    let layout = Layout::new(&options.data_dir, options.port)?;
    let _claim = claim(&layout.data_dir)?;
    let mesh = layout.prepare(SystemClock.now())?;
    let settings = configs::Settings {
        rate: options.rate,
        web_dir: absolute(&options.web)?,
        world_dir: absolute(&options.world_dir)?,
        sources_dir: absolute(&options.sources.unwrap_or_else(|| layout.data_dir.join("sources")))?,
    };
    configs::write(&layout, &settings)?;
    let programs = match options.programs {
        Some(folder) => absolute(&folder)?,
        None => own_folder()?,
    };
    for program in ["tessera-pipeline", "tessera-store", "tessera-dev", "otivm", "theron"] {
        if !programs.join(program).exists() {
            bail!(
                "{} is missing; build it with `cargo build --release`",
                programs.join(program).display()
            );
        }
    }
    wait_for_ports(&layout, &voice).await?;

    let supervisor = Supervisor::start(&layout, &programs, &voice)?;
    let stack = Stack {
        layout: &layout,
        mesh: &mesh,
        settings: &settings,
        programs: &programs,
        voice: &voice,
    };
    let outcome = tokio::select! {
        signal = until_signal() => signal.context("waiting for Ctrl-C"),
        failure = stack.bring_up(options.world.as_deref()) => failure,
    };
    voice.say("stopping: calls in hand finish first");
    supervisor.stop().await;
    voice.say("stopped");
    outcome
}

struct Stack<'a> {
    layout: &'a Layout,
    mesh: &'a Mesh,
    settings: &'a configs::Settings,
    programs: &'a Path,
    voice: &'a Voice,
}

impl Stack<'_> {
    /// Returns only with what went wrong before there was a world; a stack that is up stays up.
    async fn bring_up(&self, release: Option<&Path>) -> anyhow::Result<()> {
        world::ensure(self, release).await?;
        self.tell_when_ready().await;
        std::future::pending().await
    }

    /// Returns when all are ready. A game that is ready is played, whoever else is late.
    async fn tell_when_ready(&self) {
        let started = Instant::now();
        let mut herald = Herald::new(self.layout);
        let spinner = self.voice.spinner("waiting for the services");
        loop {
            let services = status::services(self.mesh).await;
            for line in herald.lines(&services, started.elapsed()) {
                spinner.say(&line);
            }
            let Some(waiting) = services.iter().find(|service| !service.ready) else { return };
            spinner.set(&format!("{} waits: {}", waiting.name, waiting.detail));
            sleep(herald.pause()).await;
        }
    }
}

/// One `theron up` a folder: two would write into the same databases.
fn claim(data_dir: &Path) -> anyhow::Result<Claim> {
    match Claim::take(data_dir) {
        Err(ClaimError::InUse(folder)) => bail!(
            "a stack runs on {} already; stop it, or give another --data-dir and --port",
            folder.display()
        ),
        claim => Ok(claim?),
    }
}

async fn wait_for_ports(layout: &Layout, voice: &Voice) -> anyhow::Result<()> {
    let addresses: Vec<_> = SERVICES
        .into_iter()
        .flat_map(|name| [Some(layout.mesh_address(name)), layout.public_address(name)])
        .flatten()
        .collect();
    let started = Instant::now();
    let mut said = false;
    loop {
        let Some(taken) = addresses.iter().find(|address| !is_free(**address)) else {
            return Ok(());
        };
        if started.elapsed() > PORTS_FREE_WITHIN {
            bail!("{taken} is taken by another process; stop that one, or choose another --port");
        }
        if !said {
            voice.say(&format!("{taken} is taken; waiting for it to become free"));
            said = true;
        }
        sleep(POLL).await;
    }
}

fn own_folder() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe().context("finding this program")?;
    Ok(program.parent().map(Path::to_owned).unwrap_or_default())
}

fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("finding {}", path.display()))
}

/// The program of a service; 1104's front is part of this one.
fn program_of(name: &str) -> &str {
    match name {
        names::APT_CACHE => "theron",
        names::GAME => "otivm",
        other => other,
    }
}
