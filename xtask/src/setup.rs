//! What the machine must have, and how it comes there: Debian's packages, npm's, nothing by hand.

use crate::shell::{ask, command, finish, root, run, say};
use anyhow::{Context, bail};
use std::{fs, path::Path, time::SystemTime};

/// A tool that must be there, the command that shows it is, and Debian's package for it.
struct Tool {
    probe: (&'static str, &'static [&'static str]),
    package: &'static str,
    why: &'static str,
}

const TO_RUN: [Tool; 4] = [
    Tool {
        probe: ("cc", &["--version"]),
        package: "build-essential",
        why: "SQLite and TLS are compiled from C",
    },
    Tool { probe: ("git", &["--version"]), package: "git", why: "figures name the commit" },
    Tool {
        probe: ("dpkg-deb", &["--version"]),
        package: "dpkg",
        why: "some sources come as Debian packages",
    },
    Tool {
        probe: ("python3", &["-m", "pip", "--version"]),
        package: "python3-pip",
        why: "some sources come from PyPI",
    },
];

const TO_TEST: [Tool; 3] = [
    Tool {
        probe: ("chromium", &["--version"]),
        package: "chromium",
        why: "the game is tested in a browser",
    },
    Tool {
        probe: ("ogr2ogr", &["--version"]),
        package: "gdal-bin",
        why: "the store is read by GDAL",
    },
    Tool {
        probe: ("python3", &["-c", "import ensurepip, venv"]),
        package: "python3-venv",
        why: "judges of the store live in an environment of their own",
    },
];

/// The judges that come from PyPI, each of one version, and the folder that they live in.
const JUDGES: [&str; 4] =
    ["schemathesis==4.32.0", "OWSLib==0.35.0", "geopandas==1.2.0", "pyarrow==26.0.1"];
const JUDGES_FOLDER: &str = "target/judges";

/// The front end's tools want at least this Node.
const NODE_MAJOR_MIN: u32 = 20;

pub(crate) fn for_running() -> anyhow::Result<()> {
    node()?;
    ensure(&TO_RUN)
}

pub(crate) fn for_testing() -> anyhow::Result<()> {
    for_running()?;
    ensure(&TO_TEST)
}

/// Makes the judges' environment, once for each list of them.
pub(crate) fn judges() -> anyhow::Result<()> {
    let stamp = root().join(JUDGES_FOLDER).join(".installed");
    let wanted = JUDGES.join(" ");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run("python3", &["-m", "venv", "--clear", JUDGES_FOLDER], ".")?;
    let pip = root().join(JUDGES_FOLDER).join("bin/pip").display().to_string();
    run(&pip, &[["install", "--quiet"].as_slice(), &JUDGES].concat(), ".")?;
    fs::write(&stamp, wanted).context("remembering that the judges are installed")
}

fn ensure(tools: &[Tool]) -> anyhow::Result<()> {
    let missing: Vec<&Tool> =
        tools.iter().filter(|tool| ask(tool.probe.0, tool.probe.1).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for tool in &missing {
        say(&format!("missing: {} ({})", tool.package, tool.why));
    }
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    let by_hand = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if ask("apt-get", &["--version"]).is_none() {
        bail!(
            "this is not a Debian machine; install what is missing in its own way, then try again"
        );
    }
    let root_user = ask("id", &["-u"]).as_deref() == Some("0");
    let sudo = !root_user && ask("sudo", &["-n", "true"]).is_some();
    if !root_user && !sudo {
        bail!("run `sudo {by_hand}`, then try again");
    }
    let prefix: &[&str] = if sudo { &["sudo"] } else { &[] };
    let apt = |words: &[&str]| -> anyhow::Result<()> {
        let line = [prefix, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], words].concat();
        let (program, arguments) =
            line.split_first().context("the line begins with env or sudo")?;
        run(program, arguments, ".")
    };
    apt(&["update", "--quiet"])?;
    apt(&[&["install", "--yes", "--quiet", "--no-install-recommends"], packages.as_slice()]
        .concat())
}

fn node() -> anyhow::Result<()> {
    let version = ask("node", &["--version"]);
    let major = version
        .as_deref()
        .and_then(|v| v.trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR_MIN) || ask("npm", &["--version"]).is_none() {
        bail!(
            "Node.js {NODE_MAJOR_MIN} or newer with npm is needed for the browser game; found {}",
            version.as_deref().unwrap_or("none")
        );
    }
    Ok(())
}

/// Installs the front end's packages as its lock file says, once for each state of that file.
pub(crate) fn web_packages() -> anyhow::Result<()> {
    let (lock, stamp) =
        (root().join("web/package-lock.json"), root().join("web/node_modules/.installed"));
    if !newer(&stamp, &lock) {
        run("npm", &["ci", "--no-audit", "--no-fund"], "web")?;
        fs::write(&stamp, "").context("remembering that the packages are installed")?;
    }
    Ok(())
}

/// Builds the browser game where a source is newer than what was built.
pub(crate) fn web_build() -> anyhow::Result<()> {
    web_packages()?;
    let built = root().join("web/dist/index.html");
    let stale =
        ["web/src", "web/public", "web/index.html", "web/package-lock.json", "web/vite.config.ts"]
            .iter()
            .any(|path| !newer_than_all(&built, &root().join(path)));
    if stale {
        run("npm", &["run", "build"], "web")?;
    }
    Ok(())
}

/// Builds the five programs as an operator runs them.
pub(crate) fn programs() -> anyhow::Result<()> {
    let mut build = command("cargo", &["build", "--locked", "--release"], ".");
    build.args(
        ["theron", "tessera-pipeline", "tessera-store", "tessera-dev", "otivm"]
            .map(|package| format!("--package={package}")),
    );
    finish(&mut build)
}

fn newer(a: &Path, b: &Path) -> bool {
    let modified = |path: &Path| -> Option<SystemTime> { fs::metadata(path).ok()?.modified().ok() };
    matches!((modified(a), modified(b)), (Some(a), Some(b)) if a >= b)
}

/// Whether `built` is newer than a file, or than every file below a folder. What is not there is old.
fn newer_than_all(built: &Path, source: &Path) -> bool {
    if !source.exists() {
        return true;
    }
    let Ok(entries) = fs::read_dir(source) else { return newer(built, source) };
    entries.flatten().all(|entry| newer_than_all(built, &entry.path()))
}
