//! Every rule about the layers of a wide world is broken on purpose and must be the one that says so.

use crate::wide::{COAST, from, wide};
use crate::wide_faults::{ELSEWHERE, all, clash, drop_zone, index};
use std::sync::LazyLock;
use tessera_checks::difference::{CollectionChange, Difference};
use tessera_checks::finding::{Finding, Report, Severity};
use tessera_checks::{licence, pyramid};
use tessera_stage::sparse::Sparse;
use tessera_stage::staged::{Era, Staged};
use tessera_world::{Cell, Certainty, Feature, Harbour, Place, ProvenanceId};

static WIDE: LazyLock<Staged> = LazyLock::new(wide);

fn judge(staged: &Staged) -> Report {
    let mut report = Report::default();
    tessera_checks::check(staged, &mut report);
    report
}

fn codes(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn a_wide_clean_world_breaks_no_rule() {
    assert_eq!(judge(&WIDE).findings, Vec::<Finding>::new());
}

#[test]
fn every_fault_in_a_layer_is_found_by_its_rule() {
    for (number, (rule, plant)) in all().enumerate() {
        let mut staged = WIDE.clone();
        plant(&mut staged);
        let report = judge(&staged);
        let found = report.findings.iter().find(|finding| finding.rule == *rule);
        let Some(found) = found else { panic!("fault {number} for {rule}: {:?}", codes(&report)) };
        assert!(found.message.len() > 15, "{rule} says no more than {:?}", found.message);
    }
}

#[test]
fn a_conflict_names_both_values_and_the_rule_that_chose_and_makes_the_fact_a_conjecture() {
    let mut staged = WIDE.clone();
    let etna = index(&staged, 37.75, 15.0);
    staged.conflicts = Sparse::from_unsorted(vec![(etna, clash(1_050.0))]);
    let mut report = Report::default();
    let doubts = tessera_checks::check(&staged, &mut report);
    let said = report.findings.iter().find(|finding| finding.rule == "conflict").unwrap();
    assert_eq!(
        (said.layer.as_str(), said.message.as_str(), said.zone),
        (
            "elevation",
            "elevation: 3274 of formulas was chosen by the rule nearest_to_median, etopo5 says 1050",
            Some(staged.zones[etna])
        )
    );
    doubts.mark(&mut staged);
    let certainty = |staged: &Staged, index: usize| {
        let id = staged.terrain.get(index).unwrap().provenance;
        staged.provenances.iter().find(|provenance| provenance.id == id).unwrap().certainty
    };
    assert_eq!(certainty(&staged, etna), Certainty::Conjectured);
    assert_eq!(certainty(&staged, etna + 1), Certainty::Certain);
    assert_eq!(staged.provenances.len(), WIDE.provenances.len() + 1);
}

#[test]
fn a_licence_that_is_not_free_is_refused_until_it_is_accepted_by_name() {
    let refused = licence::judge("darmc", "CC-BY-NC-3.0", &[]).map(|(rule, _)| rule);
    assert_eq!(refused, Some("licence_refused"));
    assert_eq!(licence::judge("darmc", "CC-BY-NC-3.0", &["CC-BY-NC-3.0".to_owned()]), None);
}

#[test]
fn a_gap_in_the_pyramid_of_tiles_is_found() {
    let whole = [("world", (0, 0, 0)), ("world", (1, 0, 1)), ("world", (2, 1, 3))];
    let mut report = Report::default();
    pyramid::tiles(&["world"], whole, &mut report);
    assert_eq!(codes(&report), Vec::<&str>::new());
    pyramid::tiles(&["world", "relief"], [whole[0], whole[2]], &mut report);
    let messages: Vec<&str> = report.findings.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(
        messages,
        ["relief has no tile at all", "1 tiles of world have none above them, the first is 2/1/3"]
    );
    assert_eq!(report.count(Severity::Error), 2);
}

#[test]
fn a_zone_that_was_sea_in_the_epoch_is_compared_as_it_was_then() {
    let mut staged = WIDE.clone();
    let zone = staged.zones[7];
    let mut was = staged.surface.get(7).unwrap();
    was.land_permille = 1000 - was.land_permille;
    let era = Era { valid_from: staged.epoch, valid_to: staged.epoch, surface: was };
    staged.surface_intervals.set(7, Some(era));
    let changed = |surface| {
        let mut difference = Difference::new(&staged);
        difference.cell(&Cell { surface: Some(surface), ..staged.fine_cell(7) });
        let change = difference.finish("Live", &[]);
        let surface = change.layers.into_iter().find(|layer| layer.layer == "surface");
        surface.unwrap().largest.into_iter().map(|(zone, _)| zone).collect::<Vec<_>>()
    };
    assert_eq!(changed(was), []);
    assert_eq!(changed(staged.surface.get(7).unwrap()), [zone]);
}

#[test]
fn a_world_that_differs_too_much_from_the_live_one_is_told_by_how_much() {
    let live = &*WIDE;
    let compare = |staged: &Staged, places: &[Place]| {
        let mut difference = Difference::new(staged);
        for index in 0..live.zones.len() {
            difference.cell(&live.cell(index));
        }
        let mut report = Report::default();
        difference.finish("Live", places).report(places.len(), &mut report);
        let said = |f: Finding| (f.rule, f.message);
        report.findings.into_iter().map(said).collect::<Vec<_>>()
    };
    assert_eq!(compare(live, &live.places), []);

    let mut staged = live.clone();
    staged.terrain.change_all(|_, terrain| terrain.elevation_mean_m += 1);
    let zones = live.zones.len();
    drop_zone(&mut staged, 10);
    staged.places.retain(|place| place.harbour != Harbour::Sea);
    let said = |rule: &str, message: String| (rule.to_owned(), message);
    assert_eq!(
        compare(&staged, &live.places),
        [
            said("difference_large", format!("terrain changes in {0} of {0} zones", zones - 1)),
            said(
                "difference_places",
                "1 of 3 places are no longer there, such as portus".to_owned()
            ),
            said("difference_zones", "0 zones are new, 1 are no longer there".to_owned()),
        ]
    );
}

#[test]
fn winds_weather_and_rocks_are_compared_once_for_each_of_their_own_zones() {
    let live = &*WIDE;
    let mut staged = live.clone();
    let at = staged.coarse_of(0).unwrap();
    let zone = staged.coarse_zones[at];
    let [wind, weather, geology] =
        [staged.wind[at].is_some(), staged.weather[at].is_some(), staged.geology[at].is_some()];
    assert!(wind && weather && geology, "the world of these tests has all of them");
    staged.wind[at].as_mut().unwrap().months[6].u_cm_s += 150;
    staged.weather[at].as_mut().unwrap().rain.as_mut().unwrap().months_mm[0] += 30;
    staged.geology[at] = None;
    let mut difference = Difference::new(&staged);
    for index in 0..live.zones.len() {
        difference.cell(&live.cell(index));
    }
    let change = difference.finish("Live", &live.places);
    let changed: Vec<_> = change.layers.iter().filter(|layer| layer.changed > 0).collect();
    let names: Vec<&str> = changed.iter().map(|layer| layer.layer.as_str()).collect();
    assert_eq!(names, ["geology", "rain", "wind"]);
    for layer in changed {
        assert_eq!((layer.changed, layer.shared), (1, live.coarse_zones.len() as u64));
        assert_eq!(layer.largest.iter().map(|(zone, _)| *zone).collect::<Vec<_>>(), [zone]);
    }
}

#[test]
fn features_are_compared_one_by_one_by_what_they_tell() {
    let point = geo_types::Geometry::Point((12.5, 41.9).into());
    let mine = |id: &str| Feature::new("mines", id.to_owned(), point.clone(), ProvenanceId(1));
    let live = ["a", "b", "c", "d"].map(mine);
    let mut staged = WIDE.clone();
    staged.features = ["b", "c", "e"].map(mine).to_vec();
    staged.features[0].title = "Another name".to_owned();
    // A provenance's number says nothing beyond its own release.
    staged.features[1].provenance = ProvenanceId(7);
    let mut difference = Difference::new(&staged);
    for feature in live {
        difference.feature(feature);
    }
    let expected = CollectionChange {
        collection: "mines".to_owned(),
        live: 4,
        here: 3,
        new: 1,
        gone: 2,
        changed: 1,
    };
    assert_eq!(difference.finish("Live", &[]).collections, [expected]);
}

#[test]
fn every_fault_that_is_planted_is_one_of_a_rule_in_the_table_and_there_are_at_least_fifty() {
    for rule in all().map(|(rule, _)| *rule).chain(ELSEWHERE) {
        assert!(tessera_checks::rule(rule).is_some(), "{rule}");
    }
    assert!(all().count() >= 50, "{}", all().count());
}

#[test]
fn the_wind_and_the_coast_of_the_wide_world_are_what_the_faults_assume() {
    assert!(COAST < 30.0 && (from(270.0, 1.0).from_degrees() - 270.0).abs() < 1.0);
    assert!(WIDE.zones.iter().any(|zone| zone.is_pentagon()));
}
