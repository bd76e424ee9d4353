//! Small C libraries that are loaded before a process's own, to put a fault between it and the system.

use anyhow::{Context, ensure};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Compiles one file of C; the result is for `LD_PRELOAD`.
pub fn preloadable(source: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let library = folder.join("preloaded.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&library, source])
        .args(["-ldl", "-lpthread"])
        .status()
        .context("starting cc")?;
    ensure!(built.success(), "{} does not compile", source.display());
    Ok(library)
}
