//! The one `apt-cacher-ng` of this front: kept running, and asked for packages only while it listens.

use anyhow::Context;
use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use theron_service::{ReadySignal, Tasks};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::sleep,
};

/// After it ends it is started again, at most this often.
const RESTART_PAUSE: Duration = Duration::from_secs(5);
/// Between two looks whether it listens, which takes it some tenths of a second.
const LISTENS_POLL: Duration = Duration::from_millis(100);

pub(super) struct Cacher {
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<String>,
    pub(super) folder: PathBuf,
    pub(super) address: SocketAddr,
    pub(super) listens: Arc<AtomicBool>,
    pub(super) ready: ReadySignal,
}

/// Makes the folders that `apt-cacher-ng` wants, and gives its arguments.
pub(super) fn prepare(folder: &Path, address: SocketAddr) -> anyhow::Result<Vec<String>> {
    for name in ["cache", "log"] {
        std::fs::create_dir_all(folder.join(name)).with_context(|| format!("making {name}/"))?;
    }
    Ok(vec![
        "ForeGround=1".to_owned(),
        format!("CacheDir={}", folder.join("cache").display()),
        format!("LogDir={}", folder.join("log").display()),
        format!("Port={}", address.port()),
        format!("BindAddress={}", address.ip()),
        "SocketPath=".to_owned(),
    ])
}

impl Cacher {
    /// Runs until the service stops.
    pub(super) async fn keep(self, tasks: &Tasks) {
        while !tasks.is_stopping() {
            let how = match self.spawn() {
                Ok(child) => match self.watch(child, tasks).await {
                    Some(how) => how,
                    None => return,
                },
                Err(error) => format!("does not start: {error}"),
            };
            tracing::error!(how, "apt-cacher-ng is down");
            self.tell(
                false,
                format!(
                    "apt-cacher-ng {how}: packages come straight from the mirror until it runs"
                ),
            );
            tokio::select! {
                () = sleep(RESTART_PAUSE) => {}
                () = tasks.stopping() => return,
            }
        }
    }

    fn spawn(&self) -> io::Result<Child> {
        Command::new(&self.program)
            .args(&self.arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
    }

    /// How it ended; `None` where it was told to.
    async fn watch(&self, mut child: Child, tasks: &Tasks) -> Option<String> {
        tokio::select! {
            ended = child.wait() => {
                let how = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
                return Some(format!("ended ({how})"));
            }
            () = self.tell_once_it_listens() => {}
            () = tasks.stopping() => {}
        }
        if let Err(error) = child.kill().await {
            tracing::warn!(%error, "apt-cacher-ng could not be stopped");
        }
        None
    }

    /// Never returns: from then on it is the end of the process that matters.
    async fn tell_once_it_listens(&self) {
        while TcpStream::connect(self.address).await.is_err() {
            sleep(LISTENS_POLL).await;
        }
        self.tell(true, "packages come through apt-cacher-ng".to_owned());
        std::future::pending::<()>().await;
    }

    /// Packages come either way, so the front is ready either way.
    fn tell(&self, listens: bool, detail: String) {
        self.listens.store(listens, Ordering::Relaxed);
        self.ready.set(true, detail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const WITHIN: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn packages_come_through_the_cache_only_while_it_runs_and_readiness_says_which() {
        let folder = tempfile::tempdir().unwrap();
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let ready = ReadySignal::waiting("apt-cache", "0", "");
        let listens = Arc::default();
        // It runs as long as there is a file of this name; the socket is the test's.
        fs::write(folder.path().join("runs"), "").unwrap();
        let program = folder.path().join("cacher.sh");
        let cacher = Cacher {
            program: "/bin/sh".into(),
            arguments: vec![program.display().to_string()],
            folder: folder.path().to_owned(),
            address: socket.local_addr().unwrap(),
            listens: Arc::clone(&listens),
            ready: ready.clone(),
        };
        fs::write(&program, "while [ -e runs ]; do sleep 0.02; done; exit 3").unwrap();
        let tasks = Tasks::default();
        let tasks_of_cacher = tasks.clone();
        tasks.spawn(async move { cacher.keep(&tasks_of_cacher).await });
        let until_it_says = async |detail: &str| {
            let says = async {
                while ready.get().detail != detail {
                    sleep(Duration::from_millis(10)).await;
                }
            };
            let in_time = tokio::time::timeout(WITHIN, says).await;
            assert!(in_time.is_ok(), "it says {:?}", ready.get().detail);
            (ready.get().ready, listens.load(Ordering::Relaxed))
        };
        assert_eq!(until_it_says("packages come through apt-cacher-ng").await, (true, true));
        fs::remove_file(folder.path().join("runs")).unwrap();
        let ended = "apt-cacher-ng ended (exit status: 3): packages come straight from the mirror until it runs";
        assert_eq!(until_it_says(ended).await, (true, false));
        tasks.finish().await;
    }
}
