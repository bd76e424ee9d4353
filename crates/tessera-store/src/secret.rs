//! The store's own key, made at its first start: what it signs, nobody else can have made.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

const KEY_BYTES: usize = 32;
/// Half of a SHA-256: nobody guesses 128 bits, and addresses stay short.
pub(crate) const TAG_BYTES: usize = 16;

pub(crate) struct Secret(Hmac<Sha256>);

impl Secret {
    /// Reads the key, or makes one where there is none. A key of a wrong length is replaced: all it costs
    /// is that walks over pages in hand begin anew.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let known = match fs::read(path) {
            Ok(key) => Some(key).filter(|key| key.len() == KEY_BYTES),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let key = match known {
            Some(key) => key,
            None => make(path)?,
        };
        let mac = Hmac::new_from_slice(&key).map_err(io::Error::other)?;
        Ok(Self(mac))
    }

    pub(crate) fn tag(&self, message: &[u8]) -> [u8; TAG_BYTES] {
        let full = self.0.clone().chain_update(message).finalize().into_bytes();
        let mut tag = [0; TAG_BYTES];
        tag.iter_mut().zip(full).for_each(|(to, from)| *to = from);
        tag
    }

    /// In constant time.
    pub(crate) fn signed(&self, message: &[u8], tag: &[u8]) -> bool {
        tag.len() == TAG_BYTES
            && self.0.clone().chain_update(message).verify_truncated_left(tag).is_ok()
    }
}

fn make(path: &Path) -> io::Result<Vec<u8>> {
    let mut key = vec![0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    let partial = path.with_extension("partial");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
    file.write_all(&key)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cursor.key");
        let tag = Secret::open(&path).unwrap().tag(b"message");
        assert!(Secret::open(&path).unwrap().signed(b"message", &tag));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, b"short").unwrap();
        assert!(!Secret::open(&path).unwrap().signed(b"message", &tag), "another key");
    }

    #[test]
    fn only_the_whole_tag_of_the_same_message_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let secret = Secret::open(&folder.path().join("cursor.key")).unwrap();
        let tag = secret.tag(b"message");
        assert!(secret.signed(b"message", &tag));
        assert!(!secret.signed(b"massage", &tag));
        assert!(!secret.signed(b"message", &tag[..15]));
        assert!(!secret.signed(b"message", &[]));
        let mut other = tag;
        other[0] ^= 1;
        assert!(!secret.signed(b"message", &other));
    }
}
