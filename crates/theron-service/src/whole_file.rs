//! Files that are there whole or not at all, whatever is cut off when.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};
use tempfile::NamedTempFile;

/// Writes a file that only its owner reads (mode 0600) in the place of one that stood there. When this
/// returns, the file outlives a power cut.
///
/// # Errors
/// The machine's; what stood there stands.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt};

    #[test]
    fn a_file_takes_the_place_of_another_for_its_owner_alone_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, "a longer text that stood there").unwrap();
        write_whole(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_put_in_its_place_leaves_all_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("a-folder");
        fs::create_dir_all(taken.join("with-something")).unwrap();
        assert!(write_whole(&taken, b"new").is_err());
        assert!(taken.join("with-something").is_dir());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished is left");
    }
}
