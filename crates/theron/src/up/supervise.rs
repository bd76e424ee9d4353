//! Keeping the services alive: each a process, started again when it ends before it was told to.
//!
//! A service holds the other end of its standard input; when this process dies in whatever way, that
//! end closes and the service drains. So no stack is ever left behind without its supervisor.

use super::{program_of, voice::Voice};
use crate::layout::{Layout, SERVICES};
use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use theron_service::Tasks;
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

/// Between the death of a service and its next start, doubled while it keeps dying.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A service that lived this long died of something new.
const STABLE_AFTER: Duration = Duration::from_secs(60);
/// A drain may take 10 s; a service that needs longer hangs, and is killed.
const STOP_WITHIN: Duration = Duration::from_secs(20);
/// A log that has grown past this at a start becomes `.1`, which replaces the one before it.
const LOG_BYTES_MAX: u64 = 64 * 1024 * 1024;

pub(crate) struct Supervisor {
    tasks: Tasks,
}

struct Service {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    log: PathBuf,
}

impl Supervisor {
    pub(crate) fn start(layout: &Layout, programs: &Path, voice: &Voice) -> anyhow::Result<Self> {
        let tasks = Tasks::default();
        for name in SERVICES {
            let service = Service::of(layout, programs, name);
            let child = service.spawn()?;
            voice.say(&format!("started {name} (process {})", child.id().unwrap_or_default()));
            let (voice, tasks_of_service) = (voice.clone(), tasks.clone());
            tasks.spawn(async move { service.keep(child, &voice, &tasks_of_service).await });
        }
        Ok(Self { tasks })
    }

    /// SIGTERM to all, and a wait until each has ended.
    pub(crate) async fn stop(self) {
        self.tasks.finish().await;
    }
}

impl Service {
    fn of(layout: &Layout, programs: &Path, name: &'static str) -> Self {
        let config = layout.config_file(name).display().to_string();
        let verb = match name {
            theron_mesh::names::APT_CACHE => "apt-cache",
            _ => "serve",
        };
        Self {
            name,
            program: programs.join(program_of(name)),
            arguments: vec![verb.to_owned(), "--config".to_owned(), config],
            log: layout.log_file(name),
        }
    }

    fn spawn(&self) -> anyhow::Result<Child> {
        if fs::metadata(&self.log).is_ok_and(|log| log.len() > LOG_BYTES_MAX) {
            fs::rename(&self.log, self.log.with_extension("log.1")).context("rotating a log")?;
        }
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.log)
            .with_context(|| format!("opening {}", self.log.display()))?;
        Command::new(&self.program)
            .args(&self.arguments)
            .env("THERON_SUPERVISED", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log)
            // Ctrl-C is for the supervisor alone, which then stops the services in order.
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {}", self.program.display()))
    }

    async fn keep(self, mut child: Child, voice: &Voice, tasks: &Tasks) {
        let mut pause = FIRST_PAUSE;
        // Taken out, because tokio closes the pipe of a child that is waited for, and the service would drain.
        let mut lifeline = child.stdin.take();
        loop {
            let started = Instant::now();
            tokio::select! {
                () = tasks.stopping() => return self.end(child, voice).await,
                ended = child.wait() => {
                    let how = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
                    if started.elapsed() > STABLE_AFTER {
                        pause = FIRST_PAUSE;
                    }
                    voice.say(&format!(
                        "{} died ({how}); starting it again in {} ms; its log is {}",
                        self.name, pause.as_millis(), self.log.display()
                    ));
                }
            }
            child = loop {
                tokio::select! {
                    () = tasks.stopping() => return,
                    () = sleep(pause) => {}
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
                match self.spawn() {
                    Ok(child) => break child,
                    Err(error) => voice.say(&format!("{} does not start: {error:#}", self.name)),
                }
            };
            drop(std::mem::replace(&mut lifeline, child.stdin.take()));
            voice.say(&format!(
                "started {} again (process {})",
                self.name,
                child.id().unwrap_or_default()
            ));
        }
    }

    async fn end(&self, mut child: Child, voice: &Voice) {
        let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(pid) = pid
            && let Err(error) = kill_process(pid, Signal::TERM)
        {
            voice.say(&format!("{} could not be told to stop: {error}", self.name));
        }
        if timeout(STOP_WITHIN, child.wait()).await.is_err() {
            voice.say(&format!(
                "{} did not stop within {} s and is killed",
                self.name,
                STOP_WITHIN.as_secs()
            ));
            if let Err(error) = child.kill().await {
                voice.say(&format!("{} could not be killed: {error}", self.name));
            }
        }
    }
}
