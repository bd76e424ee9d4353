//! Starting, dying, stopping: what the operator sees and what a script reads.

use crate::stack::{Stack, children, kill, wait_for};
use rustix::process::Signal;
use serde_json::Value;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// A second start on a busy machine with an unoptimised build; the release build's figure is in docs/benchmarks.md.
const SECOND_START: Duration = Duration::from_secs(30);

#[test]
fn a_stack_reports_itself_survives_a_death_and_starts_again_on_what_it_has() {
    let mut stack = Stack::start(3620, &[]);
    let status = stack.status().unwrap();
    let names: Vec<&Value> =
        status["services"].as_array().unwrap().iter().map(|s| &s["name"]).collect();
    assert_eq!(
        names,
        ["tessera-store", "tessera-pipeline", "otivm-dev", "tessera-dev", "apt-cache"]
    );
    for service in status["services"].as_array().unwrap() {
        assert_eq!(service["version"], env!("CARGO_PKG_VERSION"), "{service}");
        assert!(service["base_url"].as_str().unwrap().ends_with("/api/v1"), "{service}");
    }
    for file in ["ca", "cert", "key"] {
        assert!(std::path::Path::new(status["client"][file].as_str().unwrap()).exists());
    }
    let seats = fs::read_dir(stack.data_dir.join("otivm-dev/data/players")).unwrap();
    let databases =
        seats.flatten().filter(|f| f.path().extension().is_some_and(|e| e == "sqlite3")).count();
    assert_eq!(databases, 128);

    let victim = stack.service_pids()[0];
    kill(victim, Signal::KILL);
    wait_for("the death is said", Duration::from_secs(10), || {
        stack.said().contains("died (signal: 9 (SIGKILL)); starting it again").then_some(())
    });
    stack.wait_until_ready();

    // A second `up` on the same folder would write into the same databases.
    let second = Command::new(env!("CARGO_BIN_EXE_theron"))
        .args(["up", "--port=3625", "--data-dir"])
        .arg(&stack.data_dir)
        .output()
        .unwrap();
    let refusal = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(refusal.contains("a stack runs on") && refusal.contains("already"), "{refusal}");

    assert!(stack.interrupt(), "{}", stack.said());
    assert!(stack.said().contains("stopped"), "{}", stack.said());
    let started = Instant::now();
    let mut again = stack;
    again.restart();
    again.wait_until_ready();
    assert!(started.elapsed() < SECOND_START, "{:?}", started.elapsed());
}

#[test]
fn a_stack_goes_on_when_nobody_reads_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    for program in ["tessera-pipeline", "tessera-store", "tessera-dev", "otivm", "theron"] {
        let path = folder.path().join(program);
        fs::write(&path, "#!/bin/sh\nexec sleep 600\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let (nobody, output) = std::io::pipe().unwrap();
    drop(nobody);
    let mut up = Command::new(env!("CARGO_BIN_EXE_theron"))
        .args(["up", "--port=3640", "--programs"])
        .arg(folder.path())
        .arg("--data-dir")
        .arg(folder.path().join("var"))
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let five = |but: Option<u32>| {
        let pids = children(up.id());
        (pids.len() == 5 && but.is_none_or(|pid| !pids.contains(&pid))).then_some(pids)
    };
    let within = Duration::from_secs(10);
    let victim = wait_for("five services run", within, || five(None))[0];
    kill(victim, Signal::KILL);
    wait_for("five run again", within, || five(Some(victim)));
    kill(up.id(), Signal::INT);
    assert!(up.wait().unwrap().success());
}

#[test]
fn a_status_without_a_stack_says_how_to_get_one() {
    let nowhere = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_theron"))
        .args(["status", "--json", "--data-dir"])
        .arg(nowhere.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let refusal = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(refusal.contains("`theron up` writes it"), "{refusal}");
}
