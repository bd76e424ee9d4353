//! What a reader should not meet in a source file.

use anyhow::Context;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A file past this is two files. Tests may run longer, as lists of cases do.
const FILE_LINES_MAX: usize = 500;
/// A function past this does two things.
const FUNCTION_LINES_MAX: usize = 70;
/// Functions that were longer when the rule came. The list only shrinks.
const LONG_FUNCTIONS: [&str; 0] = [];
/// Words of unfinished work; what is open stands in docs/roadmap.md.
const LEFTOVERS: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

pub(crate) fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for folder in ["crates", "xtask"] {
        rust_files(&root.join(folder), &mut files)?;
    }
    let decisions = decisions(&root.join("docs/decisions"))?;
    let mut complaints = Vec::new();
    for path in &files {
        let text =
            fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let name = path.strip_prefix(root).unwrap_or(path).display().to_string();
        complaints.extend(of_file(&name, &text, &decisions));
    }
    complaints.extend(undeclared(root, &files)?);
    for manifest in manifests(root)? {
        let text = fs::read_to_string(&manifest)?;
        if !text.contains("[lints]\nworkspace = true") {
            complaints.push(format!("{} does not take the workspace's lints", manifest.display()));
        }
        for path in switched_off(&manifest, &text, &files) {
            if fs::read_to_string(path)?.contains("#[cfg(test)]") {
                complaints.push(format!("{} has tests its manifest switches off", path.display()));
            }
        }
    }
    Ok(complaints)
}

fn of_file(name: &str, text: &str, decisions: &BTreeSet<String>) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines = text.lines().count();
    let is_test = name.contains("/tests/") || name.ends_with("_tests.rs");
    if lines > FILE_LINES_MAX && !is_test {
        complaints
            .push(format!("{name} has {lines} lines; more than {FILE_LINES_MAX} is two files"));
    }
    if !name.contains("xtask/src/tidy") {
        for word in LEFTOVERS.iter().filter(|word| text.contains(**word)) {
            complaints
                .push(format!("{name} has a {word}; finish it, or write it into docs/roadmap.md"));
        }
    }
    if name.ends_with("/lib.rs") && !text.starts_with("//!") {
        complaints.push(format!("{name} does not begin with what it promises"));
    }
    for (function, lines) in long_functions(text) {
        let known = LONG_FUNCTIONS.contains(&format!("{name}:{function}").as_str());
        if !is_test && !known {
            complaints.push(format!(
                "{name}: {function} has {lines} lines; more than {FUNCTION_LINES_MAX}"
            ));
        }
    }
    for cited in cited_decisions(text) {
        if !decisions.contains(&cited) && !name.contains("xtask/src/tidy") {
            complaints
                .push(format!("{name} cites decision {cited}, which is not in docs/decisions"));
        }
    }
    complaints
}

/// Functions longer than allowed, as rustfmt lays them out: from `fn` to the brace at its indent.
fn long_functions(text: &str) -> Vec<(String, usize)> {
    let mut long = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let Some(name) = function_name(code).filter(|_| !line.ends_with(['}', ';'])) else {
            continue;
        };
        let close = format!("{}}}", " ".repeat(indent));
        let length =
            lines.iter().skip(start).position(|line| *line == close).map_or(0, |end| end + 1);
        if length > FUNCTION_LINES_MAX {
            long.push((name, length));
        }
    }
    long
}

fn function_name(code: &str) -> Option<String> {
    let after = code.split_once("fn ")?;
    let words = [
        "",
        "pub",
        "pub(crate)",
        "pub(super)",
        "async",
        "const",
        "pub async",
        "pub(crate) async",
        "pub const",
        "pub(super) async",
    ];
    if !words.contains(&after.0.trim()) {
        return None;
    }
    let name: String = after.1.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// Four digits each, as in the names of their files, however many the text has.
fn cited_decisions(text: &str) -> Vec<String> {
    text.split("decision ")
        .skip(1)
        .map(|after| after.chars().take_while(char::is_ascii_digit).collect::<String>())
        .filter(|number| !number.is_empty())
        .map(|number| format!("{number:0>4}"))
        .collect()
}

fn decisions(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    Ok(entries
        .flatten()
        .filter_map(|e| e.file_name().to_str()?.get(..4).map(str::to_owned))
        .collect())
}

/// Files below a `src` that no `mod` declares are compiled by nobody.
fn undeclared(root: &Path, files: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    let mut complaints = Vec::new();
    for path in files {
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        let below_src = path.components().any(|part| part.as_os_str() == "src");
        if !below_src || ["main", "lib"].contains(&stem) {
            continue;
        }
        let folder = path.parent().unwrap_or(root);
        let (module, home) = if stem == "mod" {
            (
                folder.file_name().and_then(|s| s.to_str()).unwrap_or_default(),
                folder.parent().unwrap_or(root),
            )
        } else {
            (stem, folder)
        };
        let parents = [
            home.join("mod.rs"),
            home.join("lib.rs"),
            home.join("main.rs"),
            home.with_extension("rs"),
        ];
        let mut declared = false;
        for parent in parents.iter().filter(|parent| parent.exists()) {
            declared |= fs::read_to_string(parent)?.contains(&format!("mod {module};"));
        }
        if !declared {
            complaints
                .push(format!("{} is declared by no module", path.strip_prefix(root)?.display()));
        }
    }
    Ok(complaints)
}

/// The files of a package whose target says `test = false`, which spares a link step where there is nothing to test.
fn switched_off<'a>(manifest: &Path, text: &str, files: &'a [PathBuf]) -> Vec<&'a PathBuf> {
    let source = manifest.with_file_name("src");
    let has_library = source.join("lib.rs").exists();
    let off = |section: &str| {
        text.split("\n[").any(|s| s.starts_with(section) && s.contains("\ntest = false"))
    };
    let (library, program) = (off("lib]"), off("[bin]]"));
    files
        .iter()
        .filter(|path| path.starts_with(&source))
        .filter(|path| {
            let of_program = !has_library || path.ends_with("src/main.rs");
            if of_program { program } else { library }
        })
        .collect()
}

fn manifests(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut manifests = vec![root.join("xtask/Cargo.toml")];
    for entry in fs::read_dir(root.join("crates"))?.flatten() {
        manifests.push(entry.path().join("Cargo.toml"));
    }
    Ok(manifests)
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?.flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, into)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
    into.sort();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_should_not_meet_is_named() {
        let body = "    x;\n".repeat(70);
        let text = format!(
            "use x; // TODO later\n// see decision 30 and decision 9999\npub(crate) fn long() {{\n{body}}}\n"
        );
        let known = BTreeSet::from(["0001".to_owned()]);
        assert_eq!(
            of_file("crates/a/src/lib.rs", &text, &known),
            [
                "crates/a/src/lib.rs has a TODO; finish it, or write it into docs/roadmap.md",
                "crates/a/src/lib.rs does not begin with what it promises",
                "crates/a/src/lib.rs: long has 72 lines; more than 70",
                "crates/a/src/lib.rs cites decision 0030, which is not in docs/decisions",
                "crates/a/src/lib.rs cites decision 9999, which is not in docs/decisions",
            ]
        );
    }

    #[test]
    fn what_a_manifest_keeps_from_being_tested_is_known() {
        let crates = tempfile::tempdir().unwrap();
        let files: Vec<PathBuf> =
            ["a/src/lib.rs", "a/src/main.rs", "a/tests/it.rs", "b/src/main.rs", "b/src/x.rs"]
                .map(|name| crates.path().join(name))
                .to_vec();
        fs::create_dir_all(crates.path().join("a/src")).unwrap();
        fs::write(&files[0], "").unwrap();
        let off = |of: &str, text: &str| -> Vec<PathBuf> {
            let manifest = crates.path().join(of).join("Cargo.toml");
            switched_off(&manifest, text, &files).into_iter().cloned().collect()
        };
        let (library, program) =
            ("\n[lib]\ntest = false\n", "\n[[bin]]\nname = \"b\"\ntest = false\n");
        assert_eq!(off("a", library), files[..1]);
        assert_eq!(off("a", program), files[1..2]);
        assert_eq!(off("b", program), files[3..]);
        assert_eq!(off("a", "[package]\nname = \"a\"\n"), [] as [PathBuf; 0]);
    }

    #[test]
    fn an_ordinary_file_passes() {
        let text = "//! Says what it promises (decision 0001, decision 1).\n//! A decision is no number.\n\nfn short() {\n}\n";
        assert_eq!(
            of_file("crates/a/src/lib.rs", text, &BTreeSet::from(["0001".to_owned()])),
            [] as [String; 0]
        );
    }
}
