//! From a clone to a running world.

use crate::{
    setup,
    shell::{command, finish, root, say},
};
use std::os::unix::process::CommandExt;

pub(crate) fn run(options: &[String]) -> anyhow::Result<()> {
    setup::for_running()?;
    setup::web_build()?;
    setup::programs()?;
    let program = root().join("target/release/theron");
    say(&format!("\n$ {} up {}", program.display(), options.join(" ")));
    let mut up = command(&program.display().to_string(), &["up"], ".");
    // From here on this process is `theron up`, and Ctrl-C reaches it alone.
    Err(up.args(options).exec().into())
}

/// The tests and the bench read the same files.
pub(crate) fn fetch() -> anyhow::Result<()> {
    setup::for_running()?;
    finish(&mut command("cargo", &["build", "--locked", "--package=tessera-pipeline"], "."))?;
    fetch_with("target/debug/tessera-pipeline")
}

/// The same with a pipeline that is built already; its path is relative to the root.
pub(crate) fn fetch_with(pipeline: &str) -> anyhow::Result<()> {
    let program = root().join(pipeline).display().to_string();
    let arguments = ["fetch", "--sources", "worlds/default/sources.toml", "--into", "var/sources"];
    finish(&mut command(&program, &arguments, "."))
}
