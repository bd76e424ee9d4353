//! One checkpoint file: a head, items each with its length, the SHA-256 of all that.

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

/// Raised with every change of what is written; another build's checkpoint is not read.
const HEAD: &str = concat!("tessera-pipeline checkpoint 4 ", env!("CARGO_PKG_VERSION"), " ");
const SUM_BYTES: u64 = 32;
/// Bytes moved at a time.
const CHUNK_BYTES: usize = 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("its content is not what a checkpoint holds: {0}")]
    Item(#[from] postcard::Error),
    #[error("{0}")]
    Content(&'static str),
}

pub(super) struct Writer {
    path: PathBuf,
    half: tempfile::NamedTempFile,
    out: BufWriter<File>,
    digest: Sha256,
    bytes: u64,
    scratch: Vec<u8>,
}

impl Writer {
    /// Makes a file beside `path`, which bears its name only once it is finished.
    pub(super) fn create(path: &Path, world: &str) -> Result<Self, Broken> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let half = tempfile::NamedTempFile::new_in(folder)?;
        let out = BufWriter::with_capacity(CHUNK_BYTES, half.as_file().try_clone()?);
        let (path, digest) = (path.to_owned(), Sha256::new());
        let mut writer = Self { path, half, out, digest, bytes: 0, scratch: Vec::new() };
        writer.item(&(HEAD, world))?;
        Ok(writer)
    }

    pub(super) fn item(&mut self, item: &impl Serialize) -> Result<(), Broken> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        let scratch = postcard::to_extend(item, scratch)?;
        self.bytes(&scratch)?;
        self.scratch = scratch;
        Ok(())
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let length = (bytes.len() as u64).to_le_bytes();
        for part in [&length, bytes] {
            self.digest.update(part);
            self.out.write_all(part)?;
            self.bytes += part.len() as u64;
        }
        Ok(())
    }

    /// Seals, syncs and names the file; answers its checksum and length.
    pub(super) fn finish(mut self) -> Result<(String, u64), Broken> {
        let sum = self.digest.finalize();
        self.out.write_all(&sum)?;
        self.out.flush()?;
        self.half.as_file().sync_all()?;
        self.half.persist(&self.path).map_err(|error| error.error)?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok((hex::encode(sum), self.bytes + SUM_BYTES))
    }
}

pub(super) struct Reader {
    file: BufReader<File>,
    left: u64,
    pub(super) sum: String,
}

impl Reader {
    /// Reads the whole file once for its checksum before anything in it is believed.
    pub(super) fn open(path: &Path, world: &str) -> Result<Self, Broken> {
        let length = File::open(path)?.metadata()?.len();
        let Some(left) = length.checked_sub(SUM_BYTES) else {
            return Err(Broken::Content("it is too short"));
        };
        let mut file = BufReader::with_capacity(CHUNK_BYTES, File::open(path)?);
        let mut digest = Sha256::new();
        std::io::copy(&mut file.by_ref().take(left), &mut HashOnly(&mut digest))?;
        let mut sum = [0; SUM_BYTES as usize];
        file.read_exact(&mut sum)?;
        if digest.finalize()[..] != sum {
            return Err(Broken::Content("its checksum is wrong"));
        }
        let file = BufReader::with_capacity(CHUNK_BYTES, File::open(path)?);
        let mut reader = Self { file, left, sum: hex::encode(sum) };
        let (head, of): (String, String) = reader.item()?;
        if head != HEAD || of != world {
            return Err(Broken::Content(
                "it is of another build, another document or another staged world",
            ));
        }
        Ok(reader)
    }

    pub(super) fn item<T: DeserializeOwned>(&mut self) -> Result<T, Broken> {
        Ok(postcard::from_bytes(&self.bytes()?)?)
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, Broken> {
        let mut length = [0; 8];
        let short = Broken::Content("it ends too early");
        let Some(left) = self.left.checked_sub(length.len() as u64) else { return Err(short) };
        self.file.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        let Some(left) = left.checked_sub(length) else { return Err(short) };
        self.left = left;
        let mut bytes = Vec::new();
        self.file.by_ref().take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

struct HashOnly<'a>(&'a mut Sha256);

impl Write for HashOnly<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
