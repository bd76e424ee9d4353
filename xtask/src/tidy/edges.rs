//! Who may depend on whom. Arrows point one way; a service never knows another service.

use crate::shell::root;
use anyhow::{Context, bail};
use serde::Deserialize;
use std::{collections::BTreeMap, process::Command};

/// For each crate, which of ours it may use. Anything else is a complaint, and so is a crate not listed.
const MAY_USE: [(&str, &[&str]); 27] = [
    // Vocabulary: pure, no I/O.
    ("tessera-grid", &[]),
    ("tessera-world", &["tessera-grid"]),
    ("otivm-travel", &["tessera-grid", "tessera-world"]),
    ("otivm-rules", &["tessera-grid", "tessera-world", "otivm-travel"]),
    ("otivm-calibration", &["tessera-grid", "tessera-world", "tessera-release", "otivm-travel"]),
    // Platform: knows no word of any domain.
    ("theron-wire", &[]),
    ("theron-sqlite", &[]),
    ("tessera-geoparquet", &[]),
    ("theron-mesh", &["theron-wire"]),
    ("theron-service", &["theron-wire", "theron-mesh"]),
    ("tessera-release", &["tessera-grid", "tessera-world", "theron-sqlite"]),
    // The workshop of 1101: pure but for reading files.
    ("tessera-formats", &[]),
    ("tessera-stage", &["tessera-grid", "tessera-world", "tessera-formats"]),
    ("tessera-checks", &["tessera-grid", "tessera-world", "tessera-stage", "tessera-pipeline-api"]),
    ("tessera-tiles", &["tessera-grid", "tessera-world", "tessera-stage", "tessera-release"]),
    (
        "tessera-assay",
        &[
            "tessera-grid",
            "tessera-world",
            "tessera-stage",
            "tessera-checks",
            "tessera-tiles",
            "tessera-pipeline-api",
        ],
    ),
    // Contracts: what crosses a wire.
    ("tessera-store-api", &["theron-wire", "theron-mesh", "tessera-grid", "tessera-world"]),
    ("tessera-pipeline-api", &["theron-wire", "theron-mesh", "tessera-grid", "tessera-world"]),
    ("tessera-dev-api", &["theron-wire", "theron-mesh"]),
    ("otivm-api", &["theron-wire", "theron-mesh", "tessera-grid", "tessera-world"]),
    // Services.
    (
        "tessera-pipeline",
        &[
            "+platform",
            "tessera-grid",
            "tessera-world",
            "tessera-formats",
            "tessera-stage",
            "tessera-checks",
            "tessera-tiles",
            "tessera-assay",
            "tessera-release",
            "tessera-pipeline-api",
            "tessera-store-api",
        ],
    ),
    (
        "tessera-store",
        &[
            "+platform",
            "tessera-grid",
            "tessera-world",
            "tessera-release",
            "tessera-geoparquet",
            "tessera-store-api",
        ],
    ),
    (
        "tessera-dev",
        &[
            "+platform",
            "tessera-grid",
            "tessera-world",
            "tessera-store-api",
            "tessera-dev-api",
            "otivm-api",
        ],
    ),
    (
        "otivm",
        &[
            "+platform",
            "tessera-grid",
            "tessera-world",
            "tessera-release",
            "tessera-store-api",
            "otivm-api",
            "otivm-rules",
            "otivm-travel",
        ],
    ),
    // Operations and proofs.
    (
        "theron",
        &["+platform", "tessera-release", "tessera-pipeline-api", "tessera-store-api", "otivm-api"],
    ),
    ("theron-testkit", &["+platform", "tessera-grid", "tessera-world", "tessera-release"]),
    (
        "theron-bench",
        &[
            "+platform",
            "tessera-grid",
            "tessera-world",
            "tessera-formats",
            "tessera-stage",
            "tessera-release",
            "tessera-store-api",
            "otivm-api",
            "otivm-rules",
        ],
    ),
];

const PLATFORM: [&str; 4] = ["theron-wire", "theron-mesh", "theron-service", "theron-sqlite"];

/// Crates from outside that only one of ours may name.
const ONLY_THROUGH: [(&str, &str); 2] = [("rusqlite", "theron-sqlite"), ("h3o", "tessera-grid")];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<String>,
}

pub(crate) fn check() -> anyhow::Result<Vec<String>> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version=1", "--no-deps", "--locked"])
        .current_dir(root())
        .output()
        .context("starting cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    Ok(complaints(&metadata.packages))
}

fn complaints(packages: &[Package]) -> Vec<String> {
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    let mut complaints = Vec::new();
    for package in packages.iter().filter(|package| package.name != "xtask") {
        let Some(may_use) = allowed.get(package.name.as_str()) else {
            complaints.push(format!("{} has no row in xtask/src/tidy/edges.rs", package.name));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|d| d.kind.as_deref() != Some("dev")) {
            let name = dependency.name.as_str();
            let platform = may_use.contains(&"+platform") && PLATFORM.contains(&name);
            if dependency.path.is_some() && !platform && !may_use.contains(&name) {
                complaints.push(format!("{} may not depend on {name}", package.name));
            }
            let keeper = ONLY_THROUGH.iter().find(|(outside, _)| *outside == name);
            if let Some((_, keeper)) = keeper.filter(|(_, keeper)| *keeper != package.name) {
                complaints.push(format!("{} may use {name} only through {keeper}", package.name));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, uses: &[(&str, bool)]) -> Package {
        let dependencies = uses
            .iter()
            .map(|(name, ours)| Dependency {
                name: (*name).to_owned(),
                kind: None,
                path: ours.then(|| (*name).to_owned()),
            })
            .collect();
        Package { name: name.to_owned(), dependencies }
    }

    #[test]
    fn a_service_that_knows_another_service_is_told() {
        let packages = [
            package(
                "otivm",
                &[("tessera-store", true), ("theron-service", true), ("rusqlite", false)],
            ),
            package("newcomer", &[]),
        ];
        assert_eq!(
            complaints(&packages),
            [
                "otivm may not depend on tessera-store",
                "otivm may use rusqlite only through theron-sqlite",
                "newcomer has no row in xtask/src/tidy/edges.rs",
            ]
        );
    }
}
