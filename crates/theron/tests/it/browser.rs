//! A life in a real browser against the running stack; a SIGKILL to everything; the same life again; and a new map.

use crate::stack::{Stack, root, wait_for};
use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Goods have spoiled and a ship has sailed by then; no fact of it takes longer than the browser's own patience.
const TOLD_WITHIN: Duration = Duration::from_mins(10);

#[test]
fn a_life_played_in_the_browser_survives_a_sigkill_of_every_service() {
    let mut stack = Stack::start(3630, &["--rate=17280"]);
    let keep = stack.data_dir.join("browser");
    fs::create_dir_all(&keep).unwrap();
    let site = stack.public_url("otivm-dev").replace("/api/v1", "");
    play("e2e/life.spec.mjs", &site, &keep);
    play("e2e/carry.spec.mjs", &site, &keep);
    play("e2e/passkeys.spec.mjs", &site, &keep);
    stack.kill_everything_and_start_again();
    play("e2e/after-restart.spec.mjs", &site, &keep);
    play_while_a_place_is_lost("e2e/losses.spec.mjs", &site, &keep, &stack);
}

fn play(script: &str, site: &str, keep: &Path) {
    ended_well(script, begin(script, site, keep));
}

/// The player says which place the next map shall not have.
fn play_while_a_place_is_lost(script: &str, site: &str, keep: &Path, stack: &Stack) {
    let mut player = begin(script, site, keep);
    let told = keep.join("to-lose.json");
    let place = wait_for("the place to lose", TOLD_WITHIN, || {
        let over = player.try_wait().unwrap().is_some();
        let said: Option<Value> =
            fs::read(&told).ok().and_then(|said| serde_json::from_slice(&said).ok());
        said.map(|said| said["place"].as_str().map(str::to_owned)).or(over.then_some(None))
    });
    if let Some(place) = place {
        draw_the_map_without(&place, stack);
    }
    ended_well(script, player);
}

/// As an operator does it: the table of places is edited, a release made of it, and promoted.
fn draw_the_map_without(place: &str, stack: &Stack) {
    let (world, newer) = (root().join("worlds/default"), stack.data_dir.join("newer"));
    fs::create_dir_all(&newer).unwrap();
    for entry in fs::read_dir(&world).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), newer.join(entry.file_name())).unwrap();
    }
    let places = fs::read_to_string(world.join("places.csv")).unwrap();
    let row = format!("{place},");
    let kept: Vec<&str> = places.lines().filter(|line| !line.starts_with(&row)).collect();
    assert_eq!(kept.len() + 1, places.lines().count(), "{place}");
    fs::write(newer.join("places.csv"), kept.join("\n") + "\n").unwrap();
    pipeline(stack, &["run", newer.join("sources.toml").to_str().unwrap()]);
    let runs: Value = serde_json::from_str(&pipeline(stack, &["runs"])).unwrap();
    let runs = runs["runs"].as_array().unwrap();
    let newest = runs.iter().map(|run| run["id"].as_str().unwrap()).max().unwrap();
    pipeline(stack, &["promote", newest]);
}

fn pipeline(stack: &Stack, words: &[&str]) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_theron")).with_file_name("tessera-pipeline");
    let mesh = stack.data_dir.join("mesh.toml");
    let output =
        Command::new(program).args(words).arg("--json").arg("--mesh").arg(mesh).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}:\n{said}\n{complained}");
    said
}

fn begin(script: &str, site: &str, keep: &Path) -> Child {
    Command::new("node")
        .args(["--test", script])
        .current_dir(root().join("web"))
        .env("BASE_URL", site)
        .env("KEEP_DIR", keep)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn ended_well(script: &str, player: Child) {
    let output = player.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{script}:\n{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
