//! Every test there is, cheapest first.

use crate::{
    setup,
    shell::{self, ask, command, finish, say},
    tidy, up,
};
use std::{process::Command, time::Instant};

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
fn default_world(has_nextest: bool) -> anyhow::Result<()> {
    let pipeline = "target/debug/tessera-pipeline";
    let into = ["--from=var/sources", "--into", DEFAULT_WORLD];
    let run = ["run", "--local", "worlds/default/sources.toml"];
    finish(command(pipeline, &run, ".").args(into))?;
    finish(
        default_world_tests(has_nextest)
            .env("OTIVM_RELEASE", shell::root().join(DEFAULT_WORLD).join("world.sqlite3")),
    )
}

/// They are ignored by whoever runs all tests of a crate, because the world takes a while to make.
fn default_world_tests(has_nextest: bool) -> Command {
    let run: &[&str] = if has_nextest {
        &["nextest", "run", "--run-ignored=only", "-E", "test(/default_world_/)"]
    } else {
        &["test", "--no-fail-fast"]
    };
    let mut tests = command("cargo", run, ".");
    tests.args(["--workspace", "--locked"]);
    if !has_nextest {
        tests.args(["--", "--ignored", "default_world_"]);
    }
    tests
}

/// With nextest where it is installed, which runs the tests of all crates side by side.
fn rust() -> anyhow::Result<()> {
    let published = shell::root().join(PUBLISHED).is_dir();
    if !published {
        say(&format!("\nNOT RUN: the tests named published_…, for {PUBLISHED} is not here"));
    }
    let has_nextest = ask("cargo", &["nextest", "--version"]).is_some();
    if has_nextest {
        let mut tests =
            command("cargo", &["nextest", "run", "--workspace", "--locked", "--profile=ci"], ".");
        if !published {
            tests.args(["-E", "not test(/published_/)"]);
        }
        finish(&mut tests)?;
        default_world(has_nextest)?;
        finish(&mut command("cargo", &["test", "--workspace", "--locked", "--doc", "--quiet"], "."))
    } else {
        let mut tests =
            command("cargo", &["test", "--workspace", "--locked", "--no-fail-fast"], ".");
        if !published {
            tests.args(["--", "--skip=published_"]);
        }
        finish(&mut tests)?;
        default_world(has_nextest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &Command) -> String {
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        words.join(" ")
    }

    #[test]
    fn the_default_worlds_tests_run_with_and_without_nextest() {
        assert_eq!(
            words(&default_world_tests(true)),
            "nextest run --run-ignored=only -E test(/default_world_/) --workspace --locked"
        );
        assert_eq!(
            words(&default_world_tests(false)),
            "test --no-fail-fast --workspace --locked -- --ignored default_world_"
        );
    }
}
