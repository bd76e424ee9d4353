//! Sources documents that were sent over the wire: `documents/ID/` with `sources.toml`, the list of files
//! that lie beside it, and those of them that have arrived.
//!
//! An id names the text and the checksums together, so that a document never changes under a run. A file
//! bears its name only whole and with its checksum.

use crate::runs::{ShelfError, at};
use crate::sources::{Recipe, Sources, SourcesError};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Component, Path, PathBuf},
    time::SystemTime,
};
use tessera_pipeline_api::{BesideFile, SendDocument};

/// Documents kept that no run refers to; one is some kilobytes with a table or two beside it.
const DOCUMENTS_KEPT: usize = 20;
/// Files beside a document: tables made by hand, of which a world has a handful.
const BESIDE_MAX: usize = 64;
/// A table made by hand is below a megabyte; what is larger is published somewhere and fetched.
pub(crate) const BESIDE_BYTES_MAX: u64 = 64 * 1024 * 1024;

const DOCUMENT: &str = "sources.toml";
const MANIFEST: &str = "beside.json";

#[derive(Debug, thiserror::Error)]
pub(crate) enum DocumentError {
    #[error(transparent)]
    Sources(SourcesError),
    #[error(
        "the document says {{ file = {0:?} }}; in a document that is sent, such a file lies in its folder or below"
    )]
    Outside(String),
    #[error("the document says {{ file = {0:?} }}, and its checksum was not sent with it")]
    NoChecksum(String),
    #[error("a document has at most {BESIDE_MAX} files beside it, each with 64 hexadecimal digits")]
    Beside,
    #[error("no document is called {0:?}, or it is no longer kept; send it to POST /datasets")]
    Unknown(String),
    #[error("document {document} lists no file with the checksum {sha256}")]
    NotListed { document: String, sha256: String },
    #[error("the body has the checksum {found}, not {expected}; send the file again")]
    Checksum { found: String, expected: String },
    #[error(
        "the file is larger than {BESIDE_BYTES_MAX} bytes; publish it, and let `fetch` bring it"
    )]
    TooLarge,
    #[error("the body broke off after {0} bytes; send it again")]
    BrokeOff(u64),
    #[error(transparent)]
    Shelf(#[from] ShelfError),
}

pub(crate) struct Documents {
    folder: PathBuf,
}

impl Documents {
    pub(crate) fn open(data_dir: &Path) -> Result<Self, ShelfError> {
        let folder = data_dir.join("documents");
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        Ok(Self { folder })
    }

    /// Ids, the newest first.
    pub(crate) fn ids(&self) -> Result<Vec<String>, ShelfError> {
        let mut found: Vec<(SystemTime, String)> = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(at(&self.folder))? {
            let entry = entry.map_err(at(&self.folder))?;
            let path = entry.path();
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            if path.join(MANIFEST).is_file() {
                let written =
                    entry.metadata().and_then(|data| data.modified()).map_err(at(&path))?;
                found.push((written, name));
            }
        }
        found.sort();
        Ok(found.into_iter().rev().map(|(_, id)| id).collect())
    }

    /// The folder of a document that is kept.
    fn of(&self, id: &str) -> Result<PathBuf, DocumentError> {
        // An id is made by us; anything else must not become a path.
        let ours = id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit());
        let folder = self.folder.join(id);
        if ours && folder.join(MANIFEST).is_file() {
            Ok(folder)
        } else {
            Err(DocumentError::Unknown(id.to_owned()))
        }
    }

    pub(crate) fn path(&self, id: &str) -> Result<PathBuf, DocumentError> {
        Ok(self.of(id)?.join(DOCUMENT))
    }

    /// Files beside a document: as its recipes write them, with their checksums.
    pub(crate) fn beside(&self, id: &str) -> Result<Vec<BesideFile>, DocumentError> {
        let path = self.of(id)?.join(MANIFEST);
        let bytes = fs::read(&path).map_err(at(&path))?;
        let list = serde_json::from_slice(&bytes);
        Ok(list.map_err(|source| ShelfError::State { path, source })?)
    }

    /// Files beside a document that have not arrived.
    pub(crate) fn missing(&self, id: &str) -> Result<Vec<BesideFile>, DocumentError> {
        let folder = self.of(id)?;
        let mut files = self.beside(id)?;
        files.retain(|beside| !folder.join(&beside.file).is_file());
        Ok(files)
    }

    /// Keeps a document that can be read; the same again is harmless. `in_use` are those of kept runs.
    pub(crate) fn keep(
        &self,
        sent: &SendDocument,
        in_use: &BTreeSet<String>,
    ) -> Result<String, DocumentError> {
        if sent.beside.len() > BESIDE_MAX || !sent.beside.iter().all(|b| is_sha256(&b.sha256)) {
            return Err(DocumentError::Beside);
        }
        let half = tempfile::Builder::new()
            .prefix(".half-")
            .tempdir_in(&self.folder)
            .map_err(at(&self.folder))?;
        let document = half.path().join(DOCUMENT);
        put(&document, sent.document.as_bytes())?;
        let sources =
            Sources::load(&document).map_err(|error| DocumentError::Sources(nameless(error)))?;
        let wanted = beside(&sources)?;
        let mut list = Vec::new();
        for file in wanted {
            let found = sent.beside.iter().find(|beside| beside.file == file);
            list.push(found.cloned().ok_or(DocumentError::NoChecksum(file))?);
        }
        let mut digest = Sha256::new();
        digest.update(sent.document.as_bytes());
        for beside in &list {
            digest.update(format!("\n{} {}", beside.sha256, beside.file));
        }
        let id = hex::encode(digest.finalize());
        let folder = self.folder.join(&id);
        if self.of(&id).is_ok() {
            return Ok(id);
        }
        let manifest = half.path().join(MANIFEST);
        let json = serde_json::to_vec(&list)
            .map_err(|source| ShelfError::State { path: manifest.clone(), source })?;
        put(&manifest, &json)?;
        let half = half.keep();
        fs::rename(&half, &folder).map_err(at(&folder))?;
        fs::File::open(&self.folder).and_then(|f| f.sync_all()).map_err(at(&self.folder))?;
        self.prune(&id, in_use)?;
        Ok(id)
    }

    fn prune(&self, kept: &str, in_use: &BTreeSet<String>) -> Result<(), ShelfError> {
        let unused = self.ids()?.into_iter().filter(|id| id != kept && !in_use.contains(id));
        for id in unused.skip(DOCUMENTS_KEPT.saturating_sub(1)) {
            let folder = self.folder.join(id);
            fs::remove_dir_all(&folder).map_err(at(&folder))?;
        }
        Ok(())
    }

    /// A file beside a document, about to arrive.
    pub(crate) fn receive(&self, id: &str, sha256: &str) -> Result<Arriving, DocumentError> {
        let folder = self.of(id)?;
        let files: Vec<PathBuf> = self
            .beside(id)?
            .into_iter()
            .filter(|beside| beside.sha256 == sha256)
            .map(|beside| folder.join(beside.file))
            .collect();
        if files.is_empty() {
            let (document, sha256) = (id.to_owned(), sha256.to_owned());
            return Err(DocumentError::NotListed { document, sha256 });
        }
        let file = tempfile::NamedTempFile::new_in(&folder).map_err(at(&folder))?;
        let expected = sha256.to_owned();
        Ok(Arriving { folder, files, file, expected, digest: Sha256::new(), bytes: 0 })
    }
}

/// A file on its way; dropped, it leaves nothing behind.
pub(crate) struct Arriving {
    folder: PathBuf,
    files: Vec<PathBuf>,
    file: tempfile::NamedTempFile,
    expected: String,
    digest: Sha256,
    bytes: u64,
}

impl Arriving {
    /// Takes some bytes. Blocking, and short: a chunk of a body goes to the page cache.
    pub(crate) fn take(&mut self, chunk: &[u8]) -> Result<(), DocumentError> {
        self.bytes += chunk.len() as u64;
        if self.bytes > BESIDE_BYTES_MAX {
            return Err(DocumentError::TooLarge);
        }
        self.digest.update(chunk);
        Ok(self.file.write_all(chunk).map_err(at(&self.folder))?)
    }

    pub(crate) fn broke_off(&self) -> DocumentError {
        DocumentError::BrokeOff(self.bytes)
    }

    pub(crate) fn finish(self) -> Result<(), DocumentError> {
        let found = hex::encode(self.digest.finalize());
        if found != self.expected {
            return Err(DocumentError::Checksum { found, expected: self.expected });
        }
        self.file.as_file().sync_all().map_err(at(&self.folder))?;
        for path in &self.files {
            let folder = path.parent().unwrap_or(&self.folder);
            fs::create_dir_all(folder).map_err(at(folder))?;
            let copy = tempfile::NamedTempFile::new_in(folder).map_err(at(folder))?;
            fs::copy(self.file.path(), copy.path()).map_err(at(path))?;
            copy.as_file().sync_all().map_err(at(path))?;
            copy.persist(path).map_err(|error| at(path)(error.error))?;
        }
        Ok(())
    }
}

/// The files that lie beside a document, each once; in a document that was sent they stay in its folder.
pub fn beside(sources: &Sources) -> Result<BTreeSet<String>, DocumentErrorOutside> {
    let mut files = BTreeSet::new();
    for file in sources.dataset.iter().flat_map(|dataset| &dataset.file) {
        if let Recipe::File { file } = &file.recipe {
            let plain =
                Path::new(file).components().all(|part| matches!(part, Component::Normal(_)));
            // The names of our own files beside it are taken.
            if !plain || file.is_empty() || [DOCUMENT, MANIFEST].contains(&file.as_str()) {
                return Err(DocumentErrorOutside(file.clone()));
            }
            files.insert(file.clone());
        }
    }
    Ok(files)
}

/// A file that a document looks for outside its own folder.
#[derive(Debug, thiserror::Error)]
#[error(
    "{{ file = {0:?} }} does not lie beside the document or below; such a document cannot be sent"
)]
pub struct DocumentErrorOutside(String);

impl From<DocumentErrorOutside> for DocumentError {
    fn from(error: DocumentErrorOutside) -> Self {
        Self::Outside(error.0)
    }
}

/// The sender knows no path of ours.
fn nameless(error: SourcesError) -> SourcesError {
    match error {
        SourcesError::Read { cause, .. } => {
            SourcesError::Read { path: PathBuf::from(DOCUMENT), cause }
        }
        SourcesError::Parse { cause, .. } => {
            SourcesError::Parse { path: PathBuf::from(DOCUMENT), cause }
        }
        other => other,
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), ShelfError> {
    let mut file = fs::File::create(path).map_err(at(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(path))
}
