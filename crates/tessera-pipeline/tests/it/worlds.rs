//! The small world from its files to its release.

use crate::small::{self, Axes, COAST, Small};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use tessera_checks::finding::Finding;
use tessera_grid::{Position, Resolution, Zone};
use tessera_pipeline::run::{self, Around, Finished, Live};
use tessera_release::Release;
use tessera_world::{Certainty, Climate, FlowVector, Harbour, SurfaceKind};

pub(crate) fn run_beside(small: &Small, into: &Path, live: &dyn Fn() -> Live) -> Finished {
    let stop = AtomicBool::new(false);
    let around = Around { progress: &|_, _, _| {}, stop: &stop, live, kept: None };
    run::run(&small.sources(), &small.path(""), into, &around).unwrap()
}

fn run_into(small: &Small, folder: &str) -> Finished {
    let into = small.path(folder);
    run_beside(small, &into, &|| Live::None)
}

#[test]
fn a_clean_world_breaks_no_rule() {
    let mut outcome = Small::new().stage();
    tessera_checks::check(&outcome.staged, &mut outcome.report);
    assert_eq!(outcome.report.findings, Vec::<Finding>::new());
    assert_eq!(outcome.report.quarantine, []);
}

#[test]
fn equal_sources_give_equal_bytes() {
    let (one, other) = (Small::new(), Small::new());
    let first = run_into(&one, "first").release.unwrap();
    assert_eq!(run_into(&one, "second").release.unwrap(), first);
    assert_eq!(run_into(&other, "first").release.unwrap(), first);
    let bytes = |small: &Small, folder: &str| {
        std::fs::read(small.path(folder).join(run::RELEASE_FILE)).unwrap()
    };
    assert!(bytes(&one, "second") == bytes(&other, "first"));
}

#[test]
fn a_zone_of_the_release_says_what_the_files_say() {
    let small = Small::new();
    run_into(&small, "out");
    let release = Release::open(&small.path("out").join(run::RELEASE_FILE)).unwrap();
    let cell = |longitude: f64, latitude: f64| {
        let zone = Zone::at(Position::new(latitude, longitude).unwrap(), Resolution::FIVE);
        release.cell(zone).unwrap().unwrap()
    };
    let inland = cell(24.5, 38.5);
    let centre = inland.zone.centre().longitude();
    let height = (COAST - centre) * 500.0 + 5.0;
    assert!((f64::from(inland.terrain.unwrap().elevation_mean_m) - height).abs() < 12.0);
    assert_eq!(inland.surface.unwrap().land_permille, 1000);
    assert_eq!(inland.climate.map(|Climate { koppen, .. }| koppen), "Csa".parse().ok());
    assert_eq!(inland.wind.unwrap().months, [FlowVector { u_cm_s: 100, v_cm_s: -400 }; 12]);

    let sea = cell(26.5, 37.5);
    assert_eq!((sea.surface.unwrap().kind, sea.climate, sea.river), (SurfaceKind::Sea, None, None));
    assert!(sea.terrain.unwrap().elevation_max_m < 0);
}

#[test]
fn the_river_runs_to_the_sea_and_grows() {
    let small = Small::new();
    let staged = small.stage().staged;
    let spring = Zone::at(Position::new(38.25, 24.15).unwrap(), Resolution::FIVE);
    let mut here = Some(spring);
    let mut sizes = Vec::new();
    let mut navigable = Vec::new();
    let mut last = spring;
    while let Some(zone) = here {
        let river = staged.river.get(staged.index_of(zone).unwrap()).unwrap();
        assert_eq!(river.modern.as_deref(), Some("Fluvius"));
        navigable.push(river.navigable);
        sizes.push(river.upstream_km2.unwrap());
        last = zone;
        here = river.downstream;
    }
    assert!(sizes.len() >= 8 && sizes.is_sorted(), "{sizes:?}");
    // It falls six metres in a kilometre, so even where it is large no boat goes up beyond the mouth.
    let large = sizes.iter().position(|&km2| km2 >= 10_000).unwrap();
    assert!(!navigable[large], "{sizes:?} {navigable:?}");
    let mouth = staged.surface.get(staged.index_of(last).unwrap()).unwrap();
    assert_eq!(mouth.kind, SurfaceKind::Coast);
}

/// The small world without its hills.
fn on_level_ground() -> Small {
    let small = Small::new();
    let level = |longitude: f64, _| if longitude < COAST { 50.0 } else { -50.0 };
    small::elevation(&small.path("heights.cdf"), &Axes::default(), level);
    small
}

#[test]
fn a_river_that_the_map_lacks_is_drawn_by_the_drainage_network_and_says_so() {
    let small = on_level_ground();
    let mut links = small::links();
    // In the south, far from the drawn one, to the coast.
    let piece = |step: u32| {
        let at = |step: u32| (24.05 + 0.05 * f64::from(step), 36.8);
        (at(step), at(step + 1), Some(12_000.0 + 100.0 * f64::from(step)))
    };
    links.extend((0..26).map(piece));
    small::drainage(&small.path("drainage.shp"), &links);
    let staged = small.stage().staged;
    let zone = Zone::at(Position::new(36.8, 24.5).unwrap(), Resolution::FIVE);
    let river = staged.river.get(staged.index_of(zone).unwrap()).unwrap();
    assert_eq!((river.modern.as_deref(), river.navigable), (None, false));
    // As large as a drawn one that carries cargo over the same level ground.
    assert!((12_000..17_000).contains(&river.upstream_km2.unwrap()), "{river:?}");
    assert!(river.downstream.is_some());
    let drawn = staged.features.iter().filter(|feature| feature.collection == "rivers");
    let ids: Vec<&str> = drawn.map(|feature| feature.id.as_str()).collect();
    assert_eq!(ids, ["drainage-00000", "rivers-00000"]);
}

#[test]
fn a_large_river_on_level_ground_carries_boats() {
    let small = on_level_ground();
    let staged = small.stage().staged;
    let rivers: Vec<_> = staged.river.iter().map(|(_, river)| river).collect();
    assert!(
        rivers.iter().any(|river| river.navigable) && rivers.iter().any(|river| !river.navigable)
    );
    for river in rivers {
        assert_eq!(river.navigable, river.upstream_km2.unwrap() >= 10_000);
    }
}

#[test]
fn ships_of_a_harbour_lie_in_a_zone_with_sea() {
    let staged = Small::new().stage().staged;
    let ids: Vec<&str> = staged.places.iter().map(|place| place.id.as_str()).collect();
    assert_eq!(ids, ["oppidum", "portus", "vadum"]);
    let portus = &staged.places[1];
    assert_eq!((portus.harbour, portus.water_zone), (Harbour::Sea, Some(portus.zone)));
    assert_eq!((staged.places[0].water_zone, staged.places[2].water_zone), (None, None));
}

#[test]
fn a_world_with_an_error_is_reported_and_not_written() {
    let small = Small::new();
    let good = run_into(&small, "out").release;
    assert!(good.is_some());
    small.truncate("heights.cdf", 20_000);
    let finished = run_into(&small, "broken");
    assert_eq!(finished.release, None);
    let first = &finished.report.findings[0];
    assert_eq!(first.rule, "file_truncated");
    assert!(
        first.message.starts_with("dataset heights stopped: heights.cdf: ROSE needs "),
        "{}",
        first.message
    );
    let broken = small.path("broken");
    assert!(!broken.join(run::RELEASE_FILE).exists());
    assert!(broken.join(run::ASSAY_HTML).exists());
}

#[test]
fn a_run_is_compared_with_the_release_that_is_live_and_its_assay_says_what_would_change() {
    let small = Small::new();
    run_into(&small, "live");
    let live = small.path("live").join(run::RELEASE_FILE);
    small::elevation(&small.path("heights.cdf"), &Axes::default(), |x, y| {
        small::height(x, y) + if y > 38.5 && x < COAST { 90.0 } else { 0.0 }
    });
    small.add_place("ostia,Ostia,,37.6,24.5,Achaia,none,4,,certain,x:1,,,");
    let into = small.path("next");
    let finished = run_beside(&small, &into, &|| Live::File(live.clone()));
    assert!(finished.release.is_some());
    let assay: serde_json::Value =
        serde_json::from_slice(&std::fs::read(into.join(run::ASSAY_JSON)).unwrap()).unwrap();
    let change = &assay["comparison"]["compared"];
    assert_eq!((&change["new"], &change["gone"]), (&0.into(), &0.into()));
    assert_eq!(change["places_new"], serde_json::json!(["ostia"]));
    let changed = |layer: &str| {
        let layers = change["layers"].as_array().unwrap();
        layers.iter().find(|it| it["layer"] == layer).unwrap()["changed"].as_u64().unwrap()
    };
    assert!(
        (10..change["shared"].as_u64().unwrap() / 3).contains(&changed("terrain")),
        "{change:#}"
    );
    assert_eq!((changed("surface"), changed("climate"), changed("wind")), (0, 0, 0));
    assert_eq!(change["collections"], serde_json::json!([]), "what was read back tells the same");
    let lost = run_beside(&small, &into, &|| Live::File(small.path("no-such-file")));
    assert!(lost.release.is_some(), "a store that is away costs the comparison and nothing else");
}

#[test]
fn a_fact_that_a_warning_touches_is_a_conjecture_in_the_release() {
    let small = Small::new();
    small::elevation(&small.path("heights.cdf"), &Axes::default(), |x, y| {
        // A hill where the coast's source has sea.
        if (x - 26.5).hypot(y - 37.5) < 0.3 { 20.0 } else { small::height(x, y) }
    });
    let finished = run_into(&small, "out");
    let said = |f: &&Finding| f.rule == "terrain_sign" && f.zone.is_some();
    let zone = finished.report.findings.iter().find(said).and_then(|finding| finding.zone);
    let release = Release::open(&small.path("out").join(run::RELEASE_FILE)).unwrap();
    let certainty = |zone: Zone| {
        let id = release.cell(zone).unwrap().unwrap().terrain.unwrap().provenance;
        release.provenances().unwrap().into_iter().find(|it| it.id == id).unwrap().certainty
    };
    let Some(zone) = zone else { panic!("{:#?}", finished.report.findings) };
    assert_eq!(certainty(zone), Certainty::Conjectured);
    let elsewhere = Zone::at(Position::new(36.8, 24.3).unwrap(), Resolution::FIVE);
    assert_eq!(certainty(elsewhere), Certainty::Certain);
}

/// Two lines as the publisher writes them: one through the world, one far from it.
const PLATES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"LAYER":"plate boundary","Name":"EU/AF","Source":"by Peter Bird, 1999","PlateA":"EU","PlateB":"AF","Type":"subduction"},"geometry":{"type":"LineString","coordinates":[[23.0,36.9],[25.0,36.7],[26.5,37.2]]}},
{"type":"Feature","properties":{"LAYER":"plate boundary","Name":"NZ\\SA","Source":"","PlateA":"NZ","PlateB":"SA","Type":""},"geometry":{"type":"LineString","coordinates":[[-75.0,-40.0],[-72.0,-20.0]]}},
{"type":"Feature","properties":{"LAYER":"plate boundary","Name":"AS-EU","Source":"","PlateA":"AS","PlateB":"EU","Type":""},"geometry":{"type":"LineString","coordinates":[[24.0,38.5],[26.0,38.9]]}}
]}"#;

#[test]
fn boundaries_of_plates_are_lines_of_the_release_with_the_names_that_their_publisher_gives() {
    let small = Small::new();
    std::fs::write(small.path("plates.json"), PLATES).unwrap();
    let reads = "layer = \"plate_boundaries\"\nformat = { kind = \"geojson\" }\nfields = { namespace = \"=pb2002\", name = \"Name\", class = \"Type\", \"keep.plate_a\" = \"PlateA\", \"keep.plate_b\" = \"PlateB\", \"keep.drawn_after\" = \"Source\" }";
    small.add_dataset("plates", reads, &["plates.json"]);
    let finished = run_into(&small, "out");
    let left_out: Vec<(u64, &str)> =
        finished.report.quarantine.iter().map(|row| (row.row, row.rule.as_str())).collect();
    assert_eq!(left_out, [(2, "feature_outside")]);
    let release = Release::open(&small.path("out").join(run::RELEASE_FILE)).unwrap();
    let mut plates = Vec::new();
    let query = tessera_release::FeatureQuery::of("plate_boundaries");
    release
        .visit_features(&query, None, |feature| {
            plates.push((feature.title.clone(), serde_json::Value::Object(feature.properties)));
            assert!(matches!(feature.geometry, geo_types::Geometry::LineString(_)));
            assert_eq!((feature.valid_from, feature.valid_to, feature.zone), (None, None, None));
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    let subduction = serde_json::json!({"kind": "plate boundary", "class": "subduction", "plate_a": "EU", "plate_b": "AF", "drawn_after": "by Peter Bird, 1999"});
    let other = serde_json::json!({"kind": "plate boundary", "plate_a": "AS", "plate_b": "EU"});
    assert_eq!(plates, [("EU/AF".to_owned(), subduction), ("AS-EU".to_owned(), other)]);
}
