//! `otivm route`, as a person calls it.

use crate::world;
use serde_json::Value;
use std::{path::PathBuf, process::Command};
use tempfile::TempDir;

/// A folder with a release in it.
struct Shelf {
    folder: TempDir,
    release: PathBuf,
}

struct Answer {
    code: Option<i32>,
    out: String,
    error: String,
}

impl Shelf {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let release = folder.path().join("world.sqlite3");
        world::write(&release, "a sea to ask about");
        Self { folder, release }
    }

    fn ask(&self, arguments: &[&str]) -> Answer {
        let release = self.release.display().to_string();
        run(&[&["--release", &release], arguments].concat())
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let answer = self.ask(&[arguments, &["--json"]].concat());
        assert_eq!(answer.code, Some(0), "{}", answer.error);
        serde_json::from_str(&answer.out).unwrap()
    }

    fn batch(&self, rows: &str) -> Vec<Value> {
        let file = self.folder.path().join("questions.csv");
        std::fs::write(&file, rows).unwrap();
        let answer = self.ask(&["--batch", &file.display().to_string()]);
        assert_eq!(answer.code, Some(0), "{}", answer.error);
        answer.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn run(arguments: &[&str]) -> Answer {
    let output =
        Command::new(env!("CARGO_BIN_EXE_otivm")).arg("route").args(arguments).output().unwrap();
    Answer {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        error: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_voyage_has_days_distance_cost_risk_and_legs_that_add_up() {
    let shelf = Shelf::new();
    let way = ["--from", "Caralis", "--to", "OSTIA", "--mode", "sea", "--month", "7"];
    let answer = shelf.json(&way);
    let number = |name: &str| answer[name].as_f64().unwrap();
    assert!(number("days") > 0.5 && number("km") > 300.0, "{answer}");
    assert!(number("cost_asses") > 0.0 && number("risk") > 0.0, "{answer}");
    let legs = answer["legs"].as_array().unwrap();
    let km: f64 = legs.iter().map(|leg| leg["km"].as_f64().unwrap()).sum();
    assert!((km - number("km")).abs() < 1.0, "{answer}");
    assert_eq!(legs[0]["reasons"][0]["code"], "wind");
    // The wind is from the west all year.
    let back = shelf.json(&["--from", "ostia", "--to", "caralis", "--mode", "sea", "--month", "7"]);
    assert!(back["days"].as_f64().unwrap() > number("days"), "{back}");
}

#[test]
fn a_position_is_as_good_as_a_name() {
    let shelf = Shelf::new();
    let named = shelf.json(&["--from", "Ostia", "--to", "Puteoli", "--mode", "coast"]);
    let at = shelf.json(&["--from", "41.2,12.95", "--to", "39.6, 12.95", "--mode", "coast"]);
    assert_eq!(named["days"], at["days"]);
}

#[test]
fn every_month_of_the_year_is_told_and_winter_is_riskier() {
    let way = ["--from", "Olbia", "--to", "Puteoli", "--mode", "sea", "--months"];
    let year = Shelf::new().json(&way);
    let months = year["months"].as_array().unwrap();
    assert_eq!(months.len(), 12);
    assert!(months[0]["risk"].as_f64() > months[6]["risk"].as_f64(), "{year}");
}

#[test]
fn each_row_of_a_file_has_its_answer_or_its_reason() {
    let rows = "from,to,mode,month\n\
                Caralis,Ostia,sea,7\n\
                \"39.0,10.35\",\"41.2,12.95\",sea,\n\
                Caralis,Atlantis,sea,7\n\
                Caralis,Ostia,camel,7\n\
                Caralis,Ostia,sea,13\n\
                Caralis,Ostia,road,7\n\
                Caralis,Ostia,river,7\n\
                \"70,10\",Ostia,sea,7\n";
    let lines = Shelf::new().batch(rows);
    assert_eq!(lines[0]["days"], lines[1]["days"]);
    assert!(lines[0]["cost_asses"].as_f64().unwrap() > 0.0 && lines[0]["risk"].is_number());
    let codes: Vec<&str> = lines[2..].iter().map(|line| line["code"].as_str().unwrap()).collect();
    let wanted = ["no_such_place", "bad_mode", "bad_month", "no_way", "none_near", "off_the_map"];
    assert_eq!(codes, wanted);
    assert!(lines[2..].iter().all(|line| line["error"].is_string() && line["days"].is_null()));
}

#[test]
fn what_a_row_leaves_out_is_as_the_command_line_says() {
    let shelf = Shelf::new();
    let file = shelf.folder.path().join("questions.csv");
    std::fs::write(&file, "\u{feff}To, From\r\nOstia,Caralis\r\n").unwrap();
    let file = file.display().to_string();
    let answer = shelf.ask(&["--batch", &file, "--mode", "sea", "--month", "1"]);
    let line: Value = serde_json::from_str(&answer.out).unwrap();
    let way = ["--from", "Caralis", "--to", "Ostia", "--mode", "sea", "--month", "1"];
    let asked = shelf.json(&way);
    assert_eq!((&line["days"], &line["km"]), (&asked["days"], &asked["km"]), "{line}");
}

#[test]
fn a_file_without_a_heading_is_refused_before_a_row_is_lost() {
    let shelf = Shelf::new();
    let file = shelf.folder.path().join("questions.csv");
    std::fs::write(&file, "Caralis,Ostia,sea,7\nOstia,Caralis,sea,7\n").unwrap();
    let answer = shelf.ask(&["--batch", &file.display().to_string()]);
    assert_eq!((answer.code, &*answer.out), (Some(2), ""));
    assert!(answer.error.contains("from,to,mode,month"), "{}", answer.error);
}

/// After some questions the sea is surveyed: the answers come quicker, and stay what they were.
#[test]
fn a_question_that_is_asked_often_has_one_answer() {
    let asked = 40;
    let rows = "Caralis,Ostia,sea,2\nOstia,Caralis,coast,2\n".repeat(asked / 2);
    let lines = Shelf::new().batch(&format!("from,to,mode,month\n{rows}"));
    assert_eq!(lines.len(), asked);
    for (index, line) in lines.iter().enumerate() {
        let first = &lines[index % 2];
        assert!(first["days"].as_f64().unwrap() > 0.5, "{first}");
        for name in ["days", "km", "cost_asses", "risk"] {
            assert_eq!(line[name], first[name], "{name} of row {index}");
        }
    }
}

#[test]
fn without_a_world_it_says_how_to_make_one() {
    let empty = TempDir::new().unwrap();
    let folder = empty.path().display().to_string();
    let answer = run(&["--from", "Ostia", "--to", "Puteoli", "--data-dir", &folder]);
    assert_eq!(answer.code, Some(3));
    assert!(answer.error.contains("cargo xtask up") && answer.out.is_empty(), "{}", answer.error);
}

#[test]
fn the_newest_release_below_the_folder_is_asked() {
    let shelf = Shelf::new();
    let folder = shelf.folder.path().display().to_string();
    let way = ["--from", "Ostia", "--to", "Puteoli", "--mode", "sea", "--data-dir", &folder];
    let answer = run(&way);
    assert_eq!(answer.code, Some(0), "{}", answer.error);
    assert!(answer.out.starts_with("Ostia to Puteoli, by sea"), "{}", answer.out);
}

#[test]
fn an_unknown_place_is_a_refusal_with_its_own_exit_code() {
    let answer = Shelf::new().ask(&["--from", "Ostia", "--to", "Atlantis"]);
    assert_eq!(answer.code, Some(1));
    assert!(answer.error.contains("Atlantis"), "{}", answer.error);
}

#[test]
fn why_there_is_no_way_is_said_once() {
    let answer = Shelf::new().ask(&["--from", "Caralis", "--to", "Ostia", "--mode", "river"]);
    assert_eq!(answer.code, Some(1));
    assert_eq!(answer.error.matches("no river").count(), 1, "{}", answer.error);
}
