//! The store's own key, made at its first start: what it signs, nobody else can have made.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{fs, io, path::Path};
use theron_service::{KEY_BYTES, make_key};

/// Half of a SHA-256: nobody guesses 128 bits, and addresses stay short.
pub(crate) const TAG_BYTES: usize = 16;

pub(crate) struct Secret(Hmac<Sha256>);

impl Secret {
    /// Reads the key, or makes one where there is none. A key of a wrong length is replaced: all it costs
    /// is that walks over pages in hand begin anew.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let known: Option<[u8; KEY_BYTES]> = match fs::read(path) {
            Ok(key) => key.try_into().ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let key = match known {
            Some(key) => key,
            None => make_key(path)?,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_replaced_when_it_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cursor.key");
        let tag = Secret::open(&path).unwrap().tag(b"message");
        assert!(Secret::open(&path).unwrap().signed(b"message", &tag));
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
