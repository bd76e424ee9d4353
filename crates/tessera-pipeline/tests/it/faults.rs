//! Every rule is broken once, on purpose, and must be the one that says so.

mod files;
mod rows;
mod world;

use crate::small::{self, PLACES, Small};
use files::FILE_FAULTS;
use rows::{EVIDENCE_FAULTS, PLACE_FAULTS};
use std::{collections::BTreeSet, fs};
use tessera_checks::finding::{Finding, Quarantined, Report, Severity};
use world::WORLD_FAULTS;

fn judge(small: &Small) -> Report {
    let mut outcome = small.stage();
    tessera_checks::check(&outcome.staged, &mut outcome.report);
    outcome.report
}

fn says(findings: &[Finding], rule: &str) -> bool {
    findings.iter().any(|finding| finding.rule == rule)
}

#[test]
fn every_fault_in_a_file_is_found_by_its_rule() {
    for (number, (rule, plant)) in FILE_FAULTS.iter().enumerate() {
        let small = Small::new();
        plant(&small);
        let report = judge(&small);
        assert!(says(&report.findings, rule), "fault {number} for {rule}: {:#?}", report.findings);
    }
}

#[test]
fn every_bad_row_goes_to_quarantine_with_its_row_and_rule() {
    for (rule, row) in PLACE_FAULTS {
        let small = Small::new();
        small.add_place(row);
        let report = judge(&small);
        let expected = Quarantined {
            dataset: "places".to_owned(),
            file: "places.csv".to_owned(),
            row: 4,
            rule: (*rule).to_owned(),
            reason: report.quarantine.first().map_or_else(String::new, |row| row.reason.clone()),
        };
        assert_eq!(report.quarantine, [expected], "{row}");
        assert!(says(&report.findings, rule), "{row}");
    }
}

#[test]
fn every_bad_row_of_evidence_is_left_out_by_its_rule() {
    for (rule, reads, rows) in EVIDENCE_FAULTS {
        let small = Small::new();
        fs::write(small.path("evidence.txt"), rows.join("\n")).unwrap();
        small.add_dataset("evidence", reads, &["evidence.txt"]);
        let report = judge(&small);
        let found = report.findings.iter().find(|finding| finding.rule == *rule);
        let Some(found) = found else { panic!("{rule}: {:#?}", report.findings) };
        assert_eq!(found.dataset.as_deref(), Some("evidence"), "{rule}");
        assert!(found.row.is_some(), "{rule}");
        assert!(report.quarantine.iter().any(|row| row.rule == *rule), "{rule}");
    }
}

#[test]
fn every_fault_in_the_world_is_found_by_its_rule() {
    let good = Small::new().stage();
    for (number, (rule, plant)) in WORLD_FAULTS.iter().enumerate() {
        let mut staged = good.staged.clone();
        plant(&mut staged);
        let mut report = Report::default();
        tessera_checks::check(&staged, &mut report);
        assert!(says(&report.findings, rule), "fault {number} for {rule}: {:#?}", report.findings);
    }
}

#[test]
fn every_rule_of_the_table_has_a_fault_that_breaks_it() {
    let planted: BTreeSet<&str> = FILE_FAULTS
        .iter()
        .map(|(rule, _)| *rule)
        .chain(PLACE_FAULTS.iter().map(|(rule, _)| *rule))
        .chain(WORLD_FAULTS.iter().map(|(rule, _)| *rule))
        .chain(EVIDENCE_FAULTS.iter().map(|(rule, ..)| *rule))
        .collect();
    // The faults in layers that only a wide world has are planted beside the rules.
    let wide = include_str!("../../../tessera-checks/tests/it/wide_faults.rs");
    let missing: Vec<&str> = tessera_checks::TABLE
        .iter()
        .map(|rule| rule.code)
        .filter(|code| !planted.contains(code) && !wide.contains(&format!("\"{code}\"")))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    let unknown: Vec<&&str> =
        planted.iter().filter(|code| tessera_checks::rule(code).is_none()).collect();
    assert_eq!(unknown, Vec::<&&str>::new());
}

#[test]
fn the_row_that_is_shifted_is_named() {
    let mut staged = Small::new().stage().staged;
    let columns = staged.elevation.columns;
    staged.elevation.values[20 * columns..21 * columns].rotate_right(4);
    let mut report = Report::default();
    tessera_checks::check(&staged, &mut report);
    let rows: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.rule == "terrain_row_shift").collect();
    assert_eq!(rows.len(), 1, "{rows:#?}");
    let latitude = staged.elevation.north - 20.0 * staged.elevation.step_latitude;
    let begins = format!(
        "row 20, at {latitude:.3} degrees north, fits the rows beside it when it is moved -4 columns east"
    );
    assert!(rows[0].message.starts_with(&begins), "{}", rows[0].message);
}

#[test]
fn a_dataset_that_stops_leaves_the_others_alone() {
    let small = Small::new();
    small.truncate("heights.cdf", 30_000);
    let staged = small.stage().staged;
    assert_eq!(staged.terrain.count(), 0);
    assert!(staged.wind.iter().all(Option::is_some));
    assert_eq!(staged.places.len(), PLACES.lines().count() - 1);
    assert!(staged.sources.iter().all(|source| source.id != "heights"));
}

#[test]
fn no_length_of_a_file_makes_the_pipeline_fall() {
    let whole = Small::new();
    for name in [
        "heights.cdf",
        "winds.cdf",
        "land.shp",
        "rivers.shp",
        "rivers.dbf",
        "climate.png",
        "legend.csv",
        "places.csv",
    ] {
        let length = fs::read(whole.path(name)).unwrap().len();
        for part in [0, 1, 7, 33, 99, length / 3, length / 2, length - 1] {
            let small = Small::new();
            small.truncate(name, part.min(length - 1));
            judge(&small);
        }
    }
}

#[test]
fn places_of_a_larger_world_are_for_the_record_and_no_damage() {
    let small = Small::new();
    for (id, longitude) in [("roma", 12.5), ("carthago", 10.3)] {
        small.add_place(&format!("{id},{id},,37.5,{longitude},Achaia,none,4,,certain,x:1,,,"));
    }
    let report = judge(&small);
    let said = report.findings.iter().map(|it| (it.rule.as_str(), it.severity));
    assert_eq!(said.collect::<Vec<_>>(), [("place_outside", Severity::Note); 2]);
    assert_eq!(report.quarantine.len(), 2);
}

#[test]
fn a_mask_of_the_land_that_agrees_is_a_source_that_was_used() {
    let small = Small::new();
    let mask = format!(
        "layer = \"land\"\nuse = \"check\"\nformat = {}\nfields = {{ sea = \"=1\" }}",
        files::GLOBE
    );
    // A tenth of a degree a pixel: the coast runs between two of them.
    small::picture(&small.path("mask.png"), 3600, 1800, |column| u8::from(column >= 2053));
    small.add_dataset("mask", &mask, &["mask.png"]);
    assert_eq!(judge(&small).findings, []);
}

#[test]
fn of_thousands_of_bad_rows_the_first_are_listed_and_all_are_counted() {
    let small = Small::new();
    let rows = "1\n".repeat(7_000);
    fs::write(small.path("ports.csv"), format!("id,name,lat,lon\n1,Portus,38.0,24.5\n{rows}"))
        .unwrap();
    let ports = "layer = \"ports\"\nformat = { kind = \"csv\" }\nfields = { namespace = \"=p\", id = \"id\", name = \"name\", latitude = \"lat\", longitude = \"lon\" }";
    small.add_dataset("ports", ports, &["ports.csv"]);
    let report = judge(&small);
    assert_eq!(report.quarantine.len(), 5_000);
    let said = |rule: &str| {
        let of = report.findings.iter().find(|finding| finding.rule == rule);
        of.map(|finding| (finding.severity, finding.message.as_str()))
    };
    assert_eq!(
        said("quarantine_cut"),
        Some((Severity::Note, "the quarantine lists 5000 rows of ports.csv, not 2000 more"))
    );
    assert_eq!(
        said("quarantine_share"),
        Some((Severity::Note, "7000 of 7001 rows of ports.csv are in quarantine"))
    );
}

/// A file for each month, dated as `when` says, as one dataset.
fn rain_of_twelve_files(units: Option<&str>, when: impl Fn(usize) -> f64) -> Small {
    let small = Small::new();
    let names: Vec<String> = (1..=12).map(|month| format!("rain{month:02}.nc")).collect();
    for (month, name) in names.iter().enumerate() {
        small::rain(&small.path(name), units, &[when(month)]);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    small.add_dataset("rain", files::RAIN, &names);
    small
}

/// What stopped the dataset, and the file and the reason.
fn stopped(small: &Small) -> Vec<(String, String)> {
    let findings = small.stage().report.findings.into_iter();
    findings.map(|finding| (finding.rule, finding.message)).collect()
}

#[test]
fn of_twelve_files_each_must_be_of_the_month_it_is_taken_for() {
    let said = |file: u8, reason: &str| {
        vec![("time_axis".to_owned(), format!("dataset rain stopped: rain{file:02}.nc: {reason}"))]
    };
    let days = Some("days since 1980-01-01");
    let middle = |month: usize| month as f64 * 30.5 + 14.0;
    assert_eq!(stopped(&rain_of_twelve_files(days, middle)), []);
    assert_eq!(
        stopped(&rain_of_twelve_files(days, |month| middle(if month == 4 { 6 } else { month }))),
        said(5, "its time is in month 7, and it is taken for month 5")
    );
    assert_eq!(
        stopped(&rain_of_twelve_files(Some("fortnights since 1980-01-01"), middle)),
        said(
            1,
            "time in \"fortnights since 1980-01-01\" is not understood; seconds, minutes, hours or days since a date are"
        )
    );
    let lunar = rain_of_twelve_files(days, middle);
    small::rain_in(&lunar.path("rain03.nc"), days, Some("lunar"), &[middle(2)]);
    assert_eq!(
        stopped(&lunar),
        said(
            3,
            "its time is counted in the calendar \"lunar\", which is not known; convert it to one of standard, gregorian, proleptic_gregorian, julian, noleap, 365_day, all_leap, 366_day, 360_day"
        )
    );
    let number = |month: usize| month as f64;
    assert_eq!(stopped(&rain_of_twelve_files(None, number)), []);
    assert_eq!(stopped(&rain_of_twelve_files(Some("month"), |month| number(month) + 1.0)), []);
    assert_eq!(
        stopped(&rain_of_twelve_files(None, |month| number(11 - month))),
        said(1, "its month is numbered 11, and it is taken for the first")
    );
    assert_eq!(
        stopped(&rain_of_twelve_files(Some("month"), |_| 1.0)),
        said(2, "its month is numbered 1, and after the files before it that would be 2")
    );
    // Without a unit, one and the same number in every file counts the file's own steps.
    assert_eq!(stopped(&rain_of_twelve_files(None, |_| 1.0)), []);
}
