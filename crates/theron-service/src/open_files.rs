//! How many files the process may open: as many as the machine lets it.
//!
//! The soft limit is 1,024 nearly everywhere, for the sake of programs that call `select`. We do not.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the soft limit to the hard one, and says how many files that are.
pub(crate) fn raise() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum.unwrap_or(u64::MAX),
        Err(error) => {
            let files = current.unwrap_or(u64::MAX);
            tracing::warn!(%error, files, "the limit of open files stays as it is");
            files
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_soft_limit_becomes_the_hard_one() {
        let before = getrlimit(Resource::Nofile);
        let low = before.maximum.map(|maximum| maximum.min(512));
        setrlimit(Resource::Nofile, Rlimit { current: low, ..before }).unwrap();
        assert_eq!(raise(), before.maximum.unwrap_or(u64::MAX));
        assert_eq!(getrlimit(Resource::Nofile).current, before.maximum);
    }
}
