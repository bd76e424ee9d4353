//! The default world from the publishers' own files, as `cargo xtask fetch` brought them.

use std::{collections::BTreeSet, path::PathBuf, sync::atomic::AtomicBool};
use tessera_checks::finding::Severity;
use tessera_pipeline::{
    run::{self, Around, Live},
    sources::Sources,
};
use tessera_release::{Release, Tileset};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_default_world_has_no_error_and_its_sources_known_defects_are_found() {
    let from = root().join("var/sources");
    assert!(
        from.join("etopo5/etopo5.cdf").is_file(),
        "the sources are missing; run `cargo xtask fetch` first"
    );
    let sources = Sources::load(&root().join("worlds/default/sources.toml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let stop = AtomicBool::new(false);
    let around = Around { progress: &|_, _, _| {}, stop: &stop, live: &|| Live::None, kept: None };
    let finished = run::run(&sources, &from, folder.path(), &around).unwrap();
    let report = &finished.report;
    let errors: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(errors, Vec::<&str>::new());

    let said = |rule: &str, text: &str| {
        report.findings.iter().any(|finding| finding.rule == rule && finding.message.contains(text))
    };
    // What the publisher's raster is known to have wrong.
    for place in ["Etna", "the Dead Sea", "Alexandria", "Delos"] {
        assert!(said("terrain_benchmark", place), "{place}");
    }
    assert!(said("terrain_tile_edge", "drop across 14.92 E"));
    assert!(said("axis_drift", "0.00333 degrees"));
    assert!(said("terrain_sign", "by the coast's source"));
    assert!(
        report
            .findings
            .iter()
            .filter(|f| f.rule == "terrain_tile_edge")
            .all(|f| f.position.is_some())
    );

    let release = Release::open(&folder.path().join(run::RELEASE_FILE)).unwrap();
    release.check().unwrap();
    assert!(release.info().zones > 200_000);
    assert!(release.info().places >= 250);
    assert!(release.finest_tiles(Tileset::World).unwrap().is_some());
    let places = release.places().unwrap();
    let names: BTreeSet<&str> = places.iter().map(|place| place.id.as_str()).collect();
    assert!(["ostia", "alexandria", "gades", "muziris"].iter().all(|id| names.contains(id)));
}
