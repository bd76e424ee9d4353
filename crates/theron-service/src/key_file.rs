//! A secret key that a service makes for itself: its file is whole and its owner's alone, or it is not there.

use crate::write_whole;
use std::{io, path::Path};

/// As long as a SHA-256: a longer key makes no HMAC of it stronger (RFC 2104, 3).
pub const KEY_BYTES: usize = 32;

/// Draws a key and keeps it at `path` with mode 0600; one that stood there is replaced. When this returns
/// the key outlives a power cut.
///
/// # Errors
/// The machine has no chance to give, or the file cannot be written.
pub fn make_key(path: &Path) -> io::Result<[u8; KEY_BYTES]> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    write_whole(path, &key)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt};

    #[test]
    fn a_key_is_kept_whole_for_its_owner_alone_and_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        let first = make_key(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), first);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let second = make_key(&path).unwrap();
        assert_ne!(first, second);
        assert_eq!(fs::read(&path).unwrap(), second);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished is left");
    }
}
