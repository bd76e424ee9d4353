//! `otivm export`: a life that is whole, as a file that can be carried away.

use crate::{
    play::write_lines,
    players::{FileError, PlayerDb},
    verify::{VerifyError, whole},
};
use clap::Args;
use otivm_rules::At;
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Args)]
pub struct ExportOptions {
    /// A player database, also of a server that runs, or an export.
    file: PathBuf,
    #[command(flatten)]
    form: FormOption,
    /// Beside the file where it is not given. It must not exist.
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct FormOption {
    /// One SQLite file.
    #[arg(long)]
    sqlite: bool,
    /// JSON Lines, with the labels at the end.
    #[arg(long)]
    jsonl: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Sqlite,
    Lines,
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Original(#[from] VerifyError),
    #[error(transparent)]
    Copy(#[from] FileError),
    #[error("{path} cannot be written")]
    Target {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// Writes nothing where the life is not whole, and never over a file that is there.
pub fn export(file: &Path, form: Form, target: &Path) -> Result<(), ExportError> {
    let (life, history) = whole(file)?;
    match form {
        Form::Sqlite => Ok(PlayerDb::write_copy(target, &history)?),
        Form::Lines => {
            let within = |source| ExportError::Target { path: target.to_owned(), source };
            let mut out = File::create_new(target).map_err(within)?;
            // What still lasts lasts at the last moment.
            write_lines(&mut out, &life, &history, At(i64::MIN)).map_err(within)?;
            out.sync_all().map_err(within)
        }
    }
}

#[expect(clippy::print_stdout, reason = "the result of a command goes to standard output")]
#[expect(clippy::print_stderr, reason = "what kept a command from its end goes to standard error")]
pub fn export_command(options: &ExportOptions) -> ExitCode {
    let (form, extension) = if options.form.sqlite {
        (Form::Sqlite, "export.sqlite3")
    } else {
        (Form::Lines, "export.jsonl")
    };
    // Where one stands: among the seats it would be one that is damaged.
    let usual =
        || PathBuf::from(options.file.file_name().unwrap_or_default()).with_extension(extension);
    let target = options.out.clone().unwrap_or_else(usual);
    match export(&options.file, form, &target) {
        Ok(()) => {
            println!("{}", target.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {:#}", options.file.display(), anyhow::Error::new(error));
            ExitCode::FAILURE
        }
    }
}
