//! A life in a real browser against the running stack; a SIGKILL to everything; the same life again.

use crate::stack::{Stack, root};
use std::{path::Path, process::Command};

#[test]
fn a_life_played_in_the_browser_survives_a_sigkill_of_every_service() {
    let mut stack = Stack::start(3630, &["--rate=17280"]);
    let keep = stack.data_dir.join("browser");
    std::fs::create_dir_all(&keep).unwrap();
    let site = stack.public_url("otivm-dev").replace("/api/v1", "");
    play("e2e/life.spec.mjs", &site, &keep);
    play("e2e/carry.spec.mjs", &site, &keep);
    play("e2e/passkeys.spec.mjs", &site, &keep);
    stack.kill_everything_and_start_again();
    play("e2e/after-restart.spec.mjs", &site, &keep);
}

fn play(script: &str, site: &str, keep: &Path) {
    let output = Command::new("node")
        .args(["--test", script])
        .current_dir(root().join("web"))
        .env("BASE_URL", site)
        .env("KEEP_DIR", keep)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{script}:\n{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
