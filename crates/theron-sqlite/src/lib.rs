//! How every SQLite file of ours is opened. The one user of `rusqlite`, which it hands on.
//!
//! Two kinds of file: a *durable* one that a service writes (WAL, synchronous=FULL: a commit that
//! returned is on the disk), and an *immutable* one that was written once and is only read. Each file
//! carries its application id and its schema version, and is refused when they are not those expected:
//! a half-written or foreign file is named, never used.

use rusqlite::{Connection, OpenFlags};
use std::{
    fmt::Write,
    fs::File,
    io::Read,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    time::Duration,
};

pub use rusqlite;

/// What a file is, as its header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileKind {
    /// `PRAGMA application_id`, four ASCII letters as a number.
    pub application_id: i32,
    /// `PRAGMA user_version`, the version of the schema.
    pub version: i32,
    /// Read by an error message: "a release", "a player database".
    pub name: &'static str,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0} exists already; nothing was written")]
    Exists(PathBuf),
    #[error("{path}: {source}")]
    Sqlite {
        path: PathBuf,
        #[source]
        source: rusqlite::Error,
    },
    #[error(
        "{path} is not {expected}: its application id is {found:#x}; move it away, or restore it"
    )]
    Foreign { path: PathBuf, expected: &'static str, found: i32 },
    #[error(
        "{path} is {expected} of version {found}, this build reads version {known}; use the build that wrote it"
    )]
    Version { path: PathBuf, expected: &'static str, found: i32, known: i32 },
}

/// A writer that finds its file busy waits this long: one writer a file, so only a backup is ever ahead of it.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages kept in memory for one durable file, KiB: 128 of them must fit beside everything else.
const CACHE_KIB: i32 = 256;

/// Makes a new durable file with the given schema. Fails when the file exists.
pub fn create_durable(path: &Path, kind: FileKind, schema: &str) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let within = |source| Error::Sqlite { path: path.to_owned(), source };
    if path.exists() {
        return Err(Error::Exists(path.to_owned()));
    }
    let connection = Connection::open_with_flags(path, flags).map_err(within)?;
    prepare_durable(&connection)
        .and_then(|()| lay_out(&connection, kind, schema))
        .map_err(within)?;
    Ok(connection)
}

/// Opens an existing durable file of this kind for its single writer.
pub fn open_durable(path: &Path, kind: FileKind) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let within = |source| Error::Sqlite { path: path.to_owned(), source };
    let connection = Connection::open_with_flags(path, flags).map_err(within)?;
    prepare_durable(&connection).map_err(within)?;
    expect_kind(&connection, path, kind)?;
    Ok(connection)
}

/// Opens a durable file for who only looks: it stays as it is, byte for byte, and so does what a writer or a kill
/// left in the WAL beside it.
pub fn open_as_found(path: &Path, kind: FileKind) -> Result<Connection, Error> {
    let within = |source| Error::Sqlite { path: path.to_owned(), source };
    // A WAL is read by way of an index of it in a file of its own, which a reader makes where there is none.
    let access = if is_alone(path) {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    };
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(within)?;
    let only_look = || -> Result<(), rusqlite::Error> {
        connection.busy_timeout(BUSY_TIMEOUT)?;
        let no_checkpoint = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
        connection.set_db_config(no_checkpoint, true)?;
        connection.pragma_update(None, "query_only", true)
    };
    only_look().map_err(within)?;
    expect_kind(&connection, path, kind)?;
    Ok(connection)
}

/// Byte 18 of a database's header is 1 where no WAL belongs to it (<https://www.sqlite.org/fileformat2.html>).
fn is_alone(path: &Path) -> bool {
    let mut header = [0; 19];
    File::open(path).and_then(|mut file| file.read_exact(&mut header)).is_ok() && header[18] == 1
}

/// Takes a durable file out of WAL, so that everything is in the one file. Fails while anybody else has it open.
pub fn leave_wal(connection: &Connection) -> Result<(), rusqlite::Error> {
    let open_elsewhere = || {
        let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
        let why = "another program has the file open; stop it first".to_owned();
        rusqlite::Error::SqliteFailure(busy, Some(why))
    };
    match connection.pragma_update(None, "journal_mode", "DELETE") {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
            return Err(open_elsewhere());
        }
        outcome => outcome?,
    }
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if mode == "delete" { Ok(()) } else { Err(open_elsewhere()) }
}

/// Opens the durable file if it is there, makes it where not, or where making it was cut off.
pub fn open_or_create_durable(
    path: &Path,
    kind: FileKind,
    schema: &str,
) -> Result<Connection, Error> {
    if !path.exists() {
        return create_durable(path, kind, schema);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let within = |source| Error::Sqlite { path: path.to_owned(), source };
    let connection = Connection::open_with_flags(path, flags).map_err(within)?;
    prepare_durable(&connection).map_err(within)?;
    if is_blank(&connection).map_err(within)? {
        lay_out(&connection, kind, schema).map_err(within)?;
    }
    expect_kind(&connection, path, kind)?;
    Ok(connection)
}

/// Nobody has written to it yet: neither a table, nor what it is.
fn is_blank(connection: &Connection) -> Result<bool, rusqlite::Error> {
    let kind: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(kind == 0 && tables == 0)
}

/// Opens a file that nobody writes any more. Many may read it at once, and none of them locks it or looks for
/// a journal beside it before each read.
pub fn open_immutable(path: &Path, kind: FileKind) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let within = |source| Error::Sqlite { path: path.to_owned(), source };
    let connection = Connection::open_with_flags(immutable_uri(path), flags).map_err(within)?;
    connection.pragma_update(None, "query_only", true).map_err(within)?;
    expect_kind(&connection, path, kind)?;
    Ok(connection)
}

/// <https://www.sqlite.org/uri.html>: what is no letter, digit or harmless mark of a path is written as `%xx`.
fn immutable_uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            // Writing to a String cannot fail.
            _ = write!(uri, "%{byte:02X}");
        }
    }
    uri + "?immutable=1"
}

/// Makes a file that is written once, in one go, and then only read: no WAL is left beside it, and equal
/// rows in equal order give equal bytes.
pub fn create_immutable(path: &Path, kind: FileKind, schema: &str) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let within = |source| Error::Sqlite { path: path.to_owned(), source };
    let connection = Connection::open_with_flags(path, flags).map_err(within)?;
    let set_up = || -> Result<(), rusqlite::Error> {
        connection.pragma_update(None, "page_size", 8192)?;
        connection.pragma_update(None, "journal_mode", "OFF")?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.execute_batch(schema)?;
        stamp(&connection, kind)
    };
    set_up().map_err(within)?;
    Ok(connection)
}

fn prepare_durable(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    Ok(())
}

/// One commit: the file is blank before it, and after it all that it is to be.
fn lay_out(connection: &Connection, kind: FileKind, schema: &str) -> Result<(), rusqlite::Error> {
    let whole = connection.unchecked_transaction()?;
    whole.execute_batch(schema)?;
    stamp(&whole, kind)?;
    whole.commit()
}

fn stamp(connection: &Connection, kind: FileKind) -> Result<(), rusqlite::Error> {
    connection.pragma_update(None, "application_id", kind.application_id)?;
    connection.pragma_update(None, "user_version", kind.version)
}

fn expect_kind(connection: &Connection, path: &Path, kind: FileKind) -> Result<(), Error> {
    let read = |pragma: &str| -> Result<i32, Error> {
        connection
            .pragma_query_value(None, pragma, |row| row.get(0))
            .map_err(|source| Error::Sqlite { path: path.to_owned(), source })
    };
    let found = read("application_id")?;
    if found != kind.application_id {
        return Err(Error::Foreign { path: path.to_owned(), expected: kind.name, found });
    }
    let found = read("user_version")?;
    if found != kind.version {
        let (expected, known) = (kind.name, kind.version);
        return Err(Error::Version { path: path.to_owned(), expected, found, known });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: FileKind =
        FileKind { application_id: 0x5445_5354, version: 3, name: "a test file" };

    #[test]
    fn a_durable_file_commits_to_the_disk_and_opens_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        let schema = "CREATE TABLE t (x INTEGER) STRICT;";
        create_durable(&path, KIND, schema)
            .unwrap()
            .execute("INSERT INTO t VALUES (7)", [])
            .unwrap();
        let again = open_durable(&path, KIND).unwrap();
        let read = |pragma: &str| -> String {
            again
                .pragma_query_value(None, pragma, |row| row.get::<_, rusqlite::types::Value>(0))
                .map(|value| format!("{value:?}"))
                .unwrap()
        };
        assert_eq!(read("journal_mode"), "Text(\"wal\")");
        assert_eq!(read("synchronous"), "Integer(2)");
        assert_eq!(again.query_row("SELECT x FROM t", [], |row| row.get::<_, i64>(0)).unwrap(), 7);
        assert!(create_durable(&path, KIND, schema).is_err());
    }

    /// Decision 0067. How it syncs is not among what the library tells; it is asked for in the same line.
    #[test]
    fn the_library_was_built_as_a_server_needs_it() {
        let connection = Connection::open_in_memory().unwrap();
        let mut statement = connection.prepare("PRAGMA compile_options").unwrap();
        let options: Vec<String> =
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let has = |option: &str| options.iter().any(|known| known == option);
        let (uncounted, shared) = (has("DEFAULT_MEMSTATUS=0"), has("ENABLE_MEMORY_MANAGEMENT"));
        assert_eq!((uncounted, shared), (true, false), "{options:?}");
    }

    #[test]
    fn a_file_that_left_wal_is_read_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        let made = create_durable(&path, KIND, "CREATE TABLE t (x INTEGER) STRICT;").unwrap();
        made.execute("INSERT INTO t VALUES (7)", []).unwrap();
        let other = open_durable(&path, KIND).unwrap();
        let read = |file: &Connection| file.query_row("SELECT x FROM t", [], |row| row.get(0));
        assert_eq!(read(&other), Ok(7));
        other.busy_timeout(Duration::ZERO).unwrap();
        made.busy_timeout(Duration::ZERO).unwrap();
        assert!(leave_wal(&made).is_err(), "somebody else has it open");
        drop(other);
        leave_wal(&made).unwrap();
        drop(made);
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes[18..20], [1, 1]);
        let found = open_as_found(&path, KIND).unwrap();
        assert_eq!(read(&found), Ok(7));
        assert!(found.execute("INSERT INTO t VALUES (8)", []).is_err());
        drop(found);
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    /// What a kill leaves: a file whose last commits are in the WAL beside it alone.
    #[test]
    fn who_only_looks_leaves_the_wal_of_a_writer_that_was_killed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, left) = (folder.path().join("a.sqlite3"), folder.path().join("left.sqlite3"));
        let made = create_durable(&path, KIND, "CREATE TABLE t (x INTEGER) STRICT;").unwrap();
        made.execute("INSERT INTO t VALUES (7)", []).unwrap();
        let wal = |path: &Path| path.with_extension("sqlite3-wal");
        std::fs::copy(&path, &left).unwrap();
        std::fs::copy(wal(&path), wal(&left)).unwrap();
        let bytes = || [left.clone(), wal(&left)].map(|path| std::fs::read(path).unwrap());
        let before = bytes();
        let found = open_as_found(&left, KIND).unwrap();
        assert_eq!(found.query_row("SELECT x FROM t", [], |row| row.get(0)), Ok(7));
        assert!(found.execute("INSERT INTO t VALUES (8)", []).is_err());
        drop(found);
        assert!(bytes() == before && !before[1].is_empty());
    }

    #[test]
    fn an_immutable_file_is_read_whatever_its_name_is_and_never_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a file? of 100 % #1 & \u{e9}.sqlite3");
        let made = create_immutable(&path, KIND, "CREATE TABLE t (x INTEGER) STRICT;").unwrap();
        made.execute("INSERT INTO t VALUES (7)", []).unwrap();
        drop(made);
        let read = open_immutable(&path, KIND).unwrap();
        assert_eq!(read.query_row("SELECT x FROM t", [], |row| row.get::<_, i64>(0)).unwrap(), 7);
        assert!(read.execute("INSERT INTO t VALUES (8)", []).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_of_another_kind_or_version_or_no_database_at_all_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        drop(create_durable(&path, KIND, "CREATE TABLE t (x INTEGER) STRICT;").unwrap());
        let other = FileKind { application_id: 1, ..KIND };
        assert!(matches!(
            open_durable(&path, other),
            Err(Error::Foreign { found: 0x5445_5354, .. })
        ));
        let newer = FileKind { version: 4, ..KIND };
        assert!(matches!(
            open_immutable(&path, newer),
            Err(Error::Version { found: 3, known: 4, .. })
        ));
        let torn = folder.path().join("torn.sqlite3");
        std::fs::write(&torn, "SQLite format 3\0 and then nothing").unwrap();
        let refusal = open_durable(&torn, KIND).unwrap_err().to_string();
        assert!(refusal.contains("torn.sqlite3"), "{refusal}");
    }

    #[test]
    fn equal_rows_give_equal_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = ["a", "b"].map(|name| {
            let path = folder.path().join(name);
            let mut file =
                create_immutable(&path, KIND, "CREATE TABLE t (x INTEGER PRIMARY KEY) STRICT;")
                    .unwrap();
            let transaction = file.transaction().unwrap();
            for x in 0..1000 {
                transaction.execute("INSERT INTO t VALUES (?1)", [x]).unwrap();
            }
            transaction.commit().unwrap();
            drop(file);
            std::fs::read(path).unwrap()
        });
        assert_eq!(bytes[0], bytes[1]);
    }
}
