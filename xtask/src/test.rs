//! Every test there is, cheapest first.

use crate::{
    setup,
    shell::{self, ask, command, finish, say},
    tidy, up,
};
use std::time::Instant;

fn run_all() -> anyhow::Result<()> {
    setup::for_testing()?;
    setup::judges()?;
    shell::run("cargo", &["fmt", "--all", "--check"], ".")?;
    tidy::run()?;
    setup::web_build()?;
    shell::run("npm", &["run", "check"], "web")?;
    shell::run("npm", &["test"], "web")?;
    shell::run(
        "cargo",
        &["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny=warnings"],
        ".",
    )?;
    // Everything in one build: a build of some packages alone would choose other features of what they
    // share, and compile that again.
    shell::run("cargo", &["build", "--workspace", "--all-targets", "--locked"], ".")?;
    up::fetch_with("target/debug/tessera-pipeline")?;
    rust()
}

pub(crate) fn run() -> anyhow::Result<()> {
    let started = Instant::now();
    run_all()?;
    say(&format!("\nevery test passed in {} s", started.elapsed().as_secs()));
    Ok(())
}

/// Tests named `published_…` read files of publishers that no package carries.
const PUBLISHED: &str = "../shared/data";

/// Where the default world is made for the tests that read it.
const DEFAULT_WORLD: &str = "target/default-world";

/// Tests named `default_world_…` are about the prices of the default world, which is made for them once.
fn default_world() -> anyhow::Result<()> {
    let pipeline = "target/debug/tessera-pipeline";
    let into = ["--from=var/sources", "--into", DEFAULT_WORLD];
    let run = ["run", "--local", "worlds/default/sources.toml"];
    finish(command(pipeline, &run, ".").args(into))?;
    let select = ["nextest", "run", "--workspace", "--locked", "--run-ignored=only"];
    let mut tests = command("cargo", &select, ".");
    tests.args(["-E", "test(/default_world_/)"]);
    finish(tests.env("OTIVM_RELEASE", shell::root().join(DEFAULT_WORLD).join("world.sqlite3")))
}

/// With nextest where it is installed, which runs the tests of all crates side by side.
fn rust() -> anyhow::Result<()> {
    let published = shell::root().join(PUBLISHED).is_dir();
    if !published {
        say(&format!("\nNOT RUN: the tests named published_…, for {PUBLISHED} is not here"));
    }
    if ask("cargo", &["nextest", "--version"]).is_some() {
        let mut tests =
            command("cargo", &["nextest", "run", "--workspace", "--locked", "--profile=ci"], ".");
        if !published {
            tests.args(["-E", "not test(/published_/)"]);
        }
        finish(&mut tests)?;
        default_world()?;
        finish(&mut command("cargo", &["test", "--workspace", "--locked", "--doc", "--quiet"], "."))
    } else {
        let mut tests =
            command("cargo", &["test", "--workspace", "--locked", "--no-fail-fast"], ".");
        if !published {
            tests.args(["--", "--skip=published_"]);
        }
        finish(&mut tests)
    }
}
