//! A player's file as a whole: is it sound, a copy of it, a new one, and one that nobody writes any more.

use super::{DbError, PlayerDb, db::SCHEMA};
use otivm_rules::Moment;
use std::{
    collections::BTreeSet,
    fs::File,
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};
use theron_sqlite::rusqlite::{self, Connection};

/// Bytes of a file that is written again.
const REWRITTEN_AT_ONCE: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("{path}: {what}")]
    Sqlite {
        path: PathBuf,
        what: &'static str,
        #[source]
        source: rusqlite::Error,
    },
    #[error("{path}: a part of the file is damaged: {found}")]
    Damaged { path: PathBuf, found: String },
    #[error(
        "{path}: the guards that keep moments from being changed are not those of this format: {differs}"
    )]
    Guards { path: PathBuf, differs: String },
    #[error("{path}")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl PlayerDb {
    /// Every page, row and index as SQLite knows them, and the guards as they were made.
    pub(crate) fn check_file(&self) -> Result<(), FileError> {
        let path = || self.path().to_owned();
        let within = |what| move |source| FileError::Sqlite { path: path(), what, source };
        let own = schema_of(self.connection()).map_err(within("reading the schema"))?;
        let expected = Connection::open_in_memory()
            .and_then(|memory| memory.execute_batch(SCHEMA).and_then(|()| schema_of(&memory)))
            .map_err(within("making the schema"))?;
        if let Some((name, _)) = expected.symmetric_difference(&own).next() {
            return Err(FileError::Guards { path: path(), differs: name.clone() });
        }
        let found: String = self
            .connection()
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(within("checking the file"))?;
        if found == "ok" { Ok(()) } else { Err(FileError::Damaged { path: path(), found }) }
    }

    /// A new file with this history, closed and on the disk.
    pub(crate) fn write_new(path: &Path, history: &[Moment]) -> Result<(), FileError> {
        let mut db = Self::create(path)?;
        db.append(history)?;
        db.close()?;
        sync(path)
    }

    /// As [`Self::write_new`], for whoever carries it away: no WAL belongs to it.
    pub(crate) fn write_copy(path: &Path, history: &[Moment]) -> Result<(), FileError> {
        let mut db = Self::create(path)?;
        db.append(history)?;
        db.close_alone()?;
        sync(path)
    }

    /// Brings everything into the one file and lets go of it; fails while anybody else has it open.
    pub(crate) fn close_alone(self) -> Result<(), FileError> {
        let path = self.path().to_owned();
        theron_sqlite::leave_wal(self.connection()).map_err(|source| FileError::Sqlite {
            path,
            what: "making it one file",
            source,
        })?;
        Ok(self.close()?)
    }

    /// A consistent copy of what is on the disk now, as a file that stands alone.
    pub(crate) fn copy_to(&self, path: &Path) -> Result<(), FileError> {
        let within = |source| FileError::Sqlite {
            path: self.path().to_owned(),
            what: "copying the file",
            source,
        };
        let target = path.as_os_str().to_string_lossy();
        self.connection().execute("VACUUM INTO ?1", [target]).map_err(within)?;
        Ok(())
    }
}

/// What SQLite keeps beside a file while somebody has it open, or after a kill.
pub(super) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The file, and what SQLite may keep beside it.
pub(super) fn with_companions(path: &Path) -> impl Iterator<Item = PathBuf> + '_ {
    [""].into_iter().chain(COMPANIONS).map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        name.into()
    })
}

/// Reads the file as it seems to be, writes the same again, and makes sure of that. No file, nothing to do.
pub(super) fn rewrite(path: &Path) -> io::Result<()> {
    let file = match File::options().read(true).write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        file => file?,
    };
    let mut part = vec![0; REWRITTEN_AT_ONCE];
    let mut at = 0;
    loop {
        match file.read_at(&mut part, at)? {
            0 => return file.sync_all(),
            read => {
                file.write_all_at(&part[..read], at)?;
                at += read as u64;
            }
        }
    }
}

pub(super) fn sync(path: &Path) -> Result<(), FileError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|source| FileError::Io { path: path.to_owned(), source })
}

/// Makes sure of the names in the folder that holds the file.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path.parent().unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all())
}

/// Name and text of everything that the schema holds.
fn schema_of(connection: &Connection) -> Result<BTreeSet<(String, String)>, rusqlite::Error> {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL";
    connection.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
