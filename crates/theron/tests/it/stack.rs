//! One `theron up` on ports and folders of its own, ended with the test.

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use theron_mesh::{Credentials, MeshClient};

/// Staging the default world with an unoptimised build on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(420);
const POLL: Duration = Duration::from_millis(100);

pub(crate) struct Stack {
    pub(crate) data_dir: PathBuf,
    _folder: tempfile::TempDir,
    options: Vec<String>,
    up: Child,
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

impl Stack {
    /// Starts a stack from the raw files and returns at once.
    pub(crate) fn begin(port: u16, options: &[&str]) -> Self {
        theron_mesh::install_tls_provider();
        let sources = root().join("var/sources");
        assert!(sources.exists(), "the sources are missing; run `cargo xtask fetch` first");
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path().join("var");
        let mut all = vec![
            "up".to_owned(),
            format!("--port={port}"),
            format!("--data-dir={}", data_dir.display()),
            format!("--sources={}", sources.display()),
        ];
        all.extend(options.iter().map(|&option| option.to_owned()));
        let up = spawn(&all, folder.path());
        Self { data_dir, _folder: folder, options: all, up }
    }

    /// Starts a stack and waits until all five services are ready.
    pub(crate) fn start(port: u16, options: &[&str]) -> Self {
        let mut stack = Self::begin(port, options);
        stack.wait_until_ready();
        stack
    }

    pub(crate) fn wait_until_ready(&mut self) -> Value {
        let started = Instant::now();
        loop {
            if let Some(ended) = self.up.try_wait().unwrap() {
                panic!("theron up ended ({ended}):\n{}", self.said());
            }
            if let Some(status) = self.status()
                && status["services"].as_array().unwrap().iter().all(|s| s["ready"] == true)
            {
                return status;
            }
            assert!(
                started.elapsed() < READY_WITHIN,
                "not ready:\n{}\n{:?}",
                self.said(),
                self.status()
            );
            std::thread::sleep(POLL);
        }
    }

    /// `theron status --json`, once there is a mesh.
    pub(crate) fn status(&self) -> Option<Value> {
        let output = Command::new(env!("CARGO_BIN_EXE_theron"))
            .args(["status", "--json", "--data-dir"])
            .arg(&self.data_dir)
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).ok()
    }

    /// What `theron up` has printed so far.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(self.data_dir.with_extension("out")).unwrap_or_default()
    }

    pub(crate) fn public_url(&self, name: &str) -> String {
        self.service(name)["public_url"].as_str().unwrap().to_owned()
    }

    /// A client with the operator's identity.
    pub(crate) fn operator(&self, name: &str) -> MeshClient {
        let status = self.status().unwrap();
        let credentials: Credentials = serde_json::from_value(status["client"].clone()).unwrap();
        MeshClient::new(self.service(name)["base_url"].as_str().unwrap(), &credentials).unwrap()
    }

    /// Process ids of the five services.
    pub(crate) fn service_pids(&self) -> Vec<u32> {
        children(self.up.id())
    }

    /// SIGKILL to the five services and to their supervisor, all at once; then everything again.
    pub(crate) fn kill_everything_and_start_again(&mut self) {
        let pids = self.service_pids();
        assert_eq!(pids.len(), 5);
        self.up.kill().unwrap();
        for pid in pids {
            kill(pid, Signal::KILL);
        }
        self.up.wait().unwrap();
        self.restart();
        self.wait_until_ready();
    }

    /// `theron up` once more, with the same options on the same folder, after it ended.
    pub(crate) fn restart(&mut self) {
        self.up = spawn(&self.options, self.data_dir.parent().unwrap());
    }

    /// Ctrl-C, and whether it ended well.
    pub(crate) fn interrupt(&mut self) -> bool {
        kill(self.up.id(), Signal::INT);
        self.up.wait().unwrap().success()
    }

    fn service(&self, name: &str) -> Value {
        let status = self.status().unwrap();
        let services = status["services"].as_array().unwrap();
        services.iter().find(|service| service["name"] == name).unwrap().clone()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        if std::thread::panicking() {
            copy_logs(&self.data_dir);
        }
        // The services end with their supervisor, whichever way it ends.
        drop(self.up.kill());
        drop(self.up.wait());
    }
}

/// Process ids of a process's children.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let output =
        Command::new("ps").args(["-o", "pid=", "--ppid", &pid.to_string()]).output().unwrap();
    String::from_utf8_lossy(&output.stdout)
        .split_whitespace()
        .map(|pid| pid.parse().unwrap())
        .collect()
}

pub(crate) fn kill(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), signal).unwrap();
}

/// Asks until there is an answer, for at most `within`.
pub(crate) fn wait_for<T>(what: &str, within: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(started.elapsed() < within, "{what}: not within {} s", within.as_secs());
        std::thread::sleep(POLL);
    }
}

fn spawn(options: &[String], folder: &Path) -> Child {
    let out = fs::File::options().create(true).append(true).open(folder.join("var.out")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_theron"))
        .args(options)
        .current_dir(root())
        .stdin(Stdio::null())
        .stdout(out.try_clone().unwrap())
        .stderr(out)
        .spawn()
        .unwrap()
}

/// A failed test leaves its logs where a person finds them.
fn copy_logs(data_dir: &Path) {
    let kept = root().join("var/failed").join(std::process::id().to_string());
    drop(fs::create_dir_all(&kept));
    for entry in fs::read_dir(data_dir.join("log")).into_iter().flatten().flatten() {
        drop(fs::copy(entry.path(), kept.join(entry.file_name())));
    }
}
