//! The package hosts that this machine's own apt asks: the only ones that 1104 will ask for others.

use std::{collections::BTreeSet, fs, path::Path};

/// From `sources.list` and `sources.list.d` below apt's folder; a machine without apt has none.
pub(crate) fn hosts(apt: &Path) -> BTreeSet<String> {
    let listed = fs::read_dir(apt.join("sources.list.d")).into_iter().flatten().flatten();
    listed
        .map(|entry| entry.path())
        .chain([apt.join("sources.list")])
        .filter_map(|path| fs::read_to_string(path).ok())
        .flat_map(|text| hosts_in(&text))
        .collect()
}

/// Both of apt's formats name a mirror by its address. A cache can keep only what comes by plain HTTP,
/// which apt's signatures protect.
fn hosts_in(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(str::split_whitespace)
        .filter_map(|word| word.strip_prefix("http://"))
        .filter_map(|address| address.split('/').next())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_name_their_hosts_and_comments_name_none() {
        let apt = tempfile::tempdir().unwrap();
        fs::create_dir(apt.path().join("sources.list.d")).unwrap();
        fs::write(apt.path().join("sources.list"), "# deb http://old.example/debian x\ndeb [arch=amd64] http://one.example/debian bookworm main\n").unwrap();
        fs::write(
            apt.path().join("sources.list.d/debian.sources"),
            "Types: deb\nURIs: http://two.example/debian-security https://three.example/x\n",
        )
        .unwrap();
        assert_eq!(
            hosts(apt.path()),
            BTreeSet::from(["one.example".to_owned(), "two.example".to_owned()])
        );
        assert_eq!(hosts(&apt.path().join("nothing")), BTreeSet::new());
    }
}
