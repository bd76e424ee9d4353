//! The whole life as a file: SQLite, or JSON Lines.
//!
//! At the desk only a copy is made, so that play waits for milliseconds; everything else is done with the copy,
//! and what is sent comes from a file without a name, which is gone when it has been sent or the server dies.

use super::{Call, PlayError, Session, at_own_desk};
use crate::{
    app::App,
    export::Form,
    players::{Desk, PlayerDb},
    verify::VerifyError,
};
use otivm_rules::{At, Life, Moment, labels, lines};
use std::{
    fs::File,
    io::{self, BufWriter, Seek, SeekFrom, Write},
    path::Path,
    sync::Arc,
};

/// A file that has no name any more.
pub(crate) struct Exported {
    pub(crate) file: File,
    pub(crate) bytes: u64,
}

pub(crate) async fn export(
    app: &Arc<App>,
    session: Session,
    form: Form,
) -> Result<Exported, PlayError> {
    // The semaphore is never closed.
    let _place = app.transit.leaving.acquire().await.ok();
    let folder = app.transit.folder().map_err(PlayError::Transit)?;
    let copy = folder.path().join("life.sqlite3");
    let target = copy.clone();
    let at_desk = move |desk: &mut Desk, _now| {
        desk.commit()?;
        Ok(desk.db().copy_to(&target)?)
    };
    at_own_desk(app, session, Call::Export, at_desk).await?;
    let now = app.now();
    let made = tokio::task::spawn_blocking(move || {
        let file = match form {
            Form::Sqlite => File::open(&copy)?,
            Form::Lines => told(&copy, now)?,
        };
        let bytes = file.metadata()?.len();
        folder.close()?;
        Ok(Exported { file, bytes })
    });
    made.await.unwrap_or_else(|gone| Err(io::Error::other(gone))).map_err(PlayError::Transit)
}

/// The copy in JSON Lines, in a file without a name.
fn told(copy: &Path, now: At) -> io::Result<File> {
    let read = || -> Result<(Life, Vec<Moment>), VerifyError> {
        let history = PlayerDb::open_as_found(copy)?.history()?;
        Ok((Life::replay(&history)?, history))
    };
    let (life, history) = read().map_err(io::Error::other)?;
    let mut file = tempfile::tempfile_in(copy.parent().unwrap_or(Path::new(".")))?;
    write_lines(&mut file, &life, &history, now)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// The life with its labels as they are at a moment.
pub(crate) fn write_lines(
    out: &mut impl Write,
    life: &Life,
    history: &[Moment],
    now: At,
) -> io::Result<()> {
    let now = life.state().last_at.map_or(now, |last| now.max(last));
    let told = labels::of_moments(history, now);
    let mut out = BufWriter::new(out);
    lines::write(&mut out, life, history, &told)?;
    out.flush()
}
