//! Fetch: sources come out of a folder that somebody filled, through Debian's and Python's ordinary package
//! clients as the machine has them configured, or from a public repository at a commit.
//!
//! A file appears under its name only complete and with the right checksum: it is made beside the target
//! and moved in by one rename. What is there with its checksum is never asked for again.

mod inbox;
mod package;
mod web;

use crate::sources::{Dataset, Recipe, SourceFile, Sources};
use inbox::Inbox;
use package::Package;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Where public repositories hand out single files.
pub const GITHUB: &str = "https://raw.githubusercontent.com";

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
    #[error("{path} lies beside the document and is missing; put it back")]
    NoFile { path: PathBuf },
    #[error(
        "{path} beside the document has sha256 {found}, the document says {expected}: correct the line, or put the file back"
    )]
    OtherFile { path: PathBuf, found: String, expected: String },
    #[error(
        "{url}: {said}; see that the network reaches it, or put the file (sha256 {sha256}) into a folder and name that with --inbox"
    )]
    Web { url: String, said: String, sha256: String },
    #[error("{path} is no folder; --inbox takes a folder with files that were brought by hand")]
    NoInbox { path: PathBuf },
    #[error("{path} holds more than {max} files; name a smaller folder with --inbox")]
    InboxTooLarge { path: PathBuf, max: usize },
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
}

/// Where files are taken from besides the package clients.
#[derive(Clone, Debug)]
pub struct Means {
    /// A folder tree that is looked through before the network is asked.
    pub inbox: Option<PathBuf>,
    /// The address that `github` recipes are relative to, without a slash at its end.
    pub github: String,
}

impl Default for Means {
    fn default() -> Self {
        Self { inbox: None, github: GITHUB.to_owned() }
    }
}

/// What a fetch did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Files that were there already.
    pub kept: usize,
    /// Files taken from the inbox.
    pub taken: usize,
    /// Files brought over the network.
    pub brought: usize,
    /// Packages and addresses they came from.
    pub packages: usize,
}

/// Brings what is missing; `step` is called with things done, their number and a word on what happens.
pub fn fetch(
    sources: &Sources,
    into: &Path,
    means: &Means,
    mut step: impl FnMut(usize, usize, &str),
) -> Result<Fetched, FetchError> {
    let mut done = Fetched::default();
    let mut inbox = means.inbox.as_deref().map(Inbox::open).transpose()?;
    let (mut packages, mut web) =
        (BTreeMap::<Package, Vec<(&Dataset, &SourceFile)>>::new(), vec![]);
    fs::create_dir_all(into).map_err(at(into))?;
    for dataset in &sources.dataset {
        for file in &dataset.file {
            let path = dataset.path(file, &sources.folder, into);
            let presence = presence(&path, file)?;
            match (presence, &file.recipe) {
                (Presence::Here, _) => {
                    done.kept += 1;
                    continue;
                }
                (Presence::Missing, Recipe::File { .. }) => {
                    return Err(FetchError::NoFile { path });
                }
                (Presence::Other { found, expected }, Recipe::File { .. }) => {
                    return Err(FetchError::OtherFile { path, found, expected });
                }
                // Elsewhere a file with another checksum is brought again.
                (Presence::Missing | Presence::Other { .. }, _) => {}
            }
            if let Some(inbox) = &mut inbox
                && inbox.take(dataset, file, into, &mut |what| step(0, 1, what))?
            {
                done.taken += 1;
                continue;
            }
            match Package::of(&file.recipe) {
                Some(package) => packages.entry(package).or_default().push((dataset, file)),
                None => web.push((dataset, file)),
            }
        }
    }
    let total = packages.len() + web.len();
    for (package, files) in &packages {
        package.bring(files, into, &mut |what| step(done.packages, total, what))?;
        done.brought += files.len();
        done.packages += 1;
    }
    for (dataset, file) in web {
        let mut say = |what: &str| step(done.packages, total, what);
        web::bring(dataset, file, into, &means.github, &mut say)?;
        done.brought += 1;
        done.packages += 1;
    }
    step(total, total, "sources are complete");
    Ok(done)
}

/// How a file is there: with its checksum, or with another.
enum Presence {
    Here,
    Missing,
    Other { found: String, expected: String },
}

fn presence(path: &Path, file: &SourceFile) -> Result<Presence, FetchError> {
    if !path.is_file() {
        return Ok(Presence::Missing);
    }
    let Some(expected) = file.sha256.clone() else { return Ok(Presence::Here) };
    let (found, _bytes) = tessera_release::checksum(path).map_err(at(path))?;
    Ok(if found == expected { Presence::Here } else { Presence::Other { found, expected } })
}

/// Moves a file that has arrived under its name, if it is the one that is wanted.
fn keep(
    from: &str,
    dataset: &Dataset,
    file: &SourceFile,
    arrived: &Path,
    into: &Path,
) -> Result<(), FetchError> {
    let (found, _bytes) = tessera_release::checksum(arrived).map_err(at(arrived))?;
    if let Some(expected) = &file.sha256
        && *expected != found
    {
        return Err(FetchError::Checksum {
            package: from.to_owned(),
            file: file.name.clone(),
            found,
            expected: expected.clone(),
        });
    }
    let folder = into.join(&dataset.id);
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let target = folder.join(&file.name);
    let data = fs::File::open(arrived).map_err(at(arrived))?;
    data.sync_all().map_err(at(arrived))?;
    fs::rename(arrived, &target).map_err(at(&target))
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> FetchError {
    let path = path.to_owned();
    move |source| FetchError::Io { path, source }
}
