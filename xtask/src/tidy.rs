//! The shape of the workspace, checked: who depends on whom, sizes, leftovers, cited decisions.

mod edges;
mod sources;

use crate::shell::{root, say};
use anyhow::bail;

pub(crate) fn run() -> anyhow::Result<()> {
    let mut complaints = edges::check()?;
    complaints.extend(sources::check(&root())?);
    if complaints.is_empty() {
        say("tidy: nothing to complain about");
        return Ok(());
    }
    for complaint in &complaints {
        say(&format!("tidy: {complaint}"));
    }
    bail!("{} complaints", complaints.len())
}
