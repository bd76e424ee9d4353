//! SIGKILL before any one of the calls with which a process changes its files.

use crate::preloadable;
use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
};

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/killer.c");

/// Stands between a process and its files, and ends it when it is told to.
pub struct Killer {
    library: PathBuf,
    /// Calls are counted while this file is there.
    armed: PathBuf,
}

impl Killer {
    /// Its files lie in a folder that outlives the processes.
    pub fn new(folder: &Path) -> anyhow::Result<Self> {
        let library = preloadable(Path::new(SOURCE), folder)?;
        Ok(Self { library, armed: folder.join("armed") })
    }

    /// What a process is started with to end before its `at`th call, counted from 1.
    pub fn environment(&self, at: u32) -> [(&'static str, OsString); 3] {
        [
            ("LD_PRELOAD", self.library.clone().into()),
            ("KILL_ARMED", self.armed.clone().into()),
            ("KILL_AT", at.to_string().into()),
        ]
    }

    pub fn arm(&self) -> io::Result<()> {
        std::fs::write(&self.armed, "")
    }

    pub fn disarm(&self) -> io::Result<()> {
        std::fs::remove_file(&self.armed)
    }
}
