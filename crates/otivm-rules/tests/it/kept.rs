//! Lives that older builds wrote: every later build folds them to the hash that they had.
//!
//! `BLESS=1` writes the lives of this build under its version, where there are none of that name yet;
//! what is kept is never written anew.

use crate::{
    crowds::queued,
    hold::{aged, ferried},
    otium::{unpaid, wintered},
    passkeys::keyed,
    perils::{doomed, unlucky, wrecked},
    proof_harbour::{harbours, indebted},
    removal::moved,
    storage::stored,
    villa::villa,
    world::{PLACES, START, Story, plan, provisioned},
};
use otivm_rules::{
    Command, GoodId, Life, Moment,
    fact::Side,
    labels,
    lines::{self, LinesError},
    time::SECOND_US,
};
use std::{fs, path::PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/kept")
}

pub(crate) fn kept() -> Vec<(String, String)> {
    let mut lives: Vec<(String, String)> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    lives.sort();
    lives
}

fn written(life: &Life, history: &[Moment]) -> String {
    let mut text = Vec::new();
    lines::write(&mut text, life, history, &[]).unwrap();
    String::from_utf8(text).unwrap()
}

/// A merchant who does a little of everything, hundreds of times.
fn busy() -> Story {
    let mut story = Story::begun();
    let (mut chance, mut now) = (7_u64, START.plus(2 * SECOND_US));
    let mut draw = |below: u64| {
        chance =
            chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % below
    };
    for step in 0..400 {
        now = now.plus(draw(3_600) as i64 * SECOND_US);
        let good = GoodId::ALL[draw(GoodId::COUNT as u64) as usize];
        let place = |index: u64| PLACES[index as usize];
        let command = match draw(8) {
            0..=2 => Command::Trade { side: Side::Buy, good, units: 1 + draw(30) as i64 },
            3..=4 => Command::Trade { side: Side::Sell, good, units: 1 + draw(10) as i64 },
            5 => Command::Depart(plan(place(draw(3)), place(draw(3)), 1 + draw(9) as i64)),
            6 if draw(2) == 0 => Command::BeginOtium { guests: 0 },
            6 => Command::EndOtium,
            _ => Command::WriteJournal { text: format!("dies {step} \u{2013} \"mare\"") },
        };
        // Refused where it makes no sense, as a player's would be.
        let _refused = story.act(&command, now);
    }
    story
}

fn lives() -> Vec<(&'static str, Story)> {
    let (life, moments) = provisioned();
    let empty = Story { life, moments, ..Story::begun() };
    vec![
        ("empty", empty),
        ("begun", Story::begun()),
        ("busy", busy()),
        ("doomed", doomed()),
        ("unlucky", unlucky()),
        ("shipwrecked", wrecked()),
        ("harbours", harbours()),
        ("indebted", indebted()),
        ("stored", stored()),
        ("keyed", keyed()),
        ("aged", aged()),
        ("unpaid", unpaid()),
        ("moved", moved()),
        ("wintered", wintered()),
        ("ferried", ferried()),
        ("queued", queued()),
        ("villa", villa()),
    ]
}

#[test]
fn every_kept_life_folds_to_the_hash_it_had_when_it_was_written() {
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(folder()).unwrap();
        for (name, story) in lives() {
            let path = folder().join(format!("{}-{name}.jsonl", env!("CARGO_PKG_VERSION")));
            if !path.exists() {
                fs::write(path, written(&story.life, &story.moments)).unwrap();
            }
        }
    }
    let kept = kept();
    assert!(kept.len() >= 3, "the kept lives are lost");
    for (name, text) in kept {
        // Reading compares the state's hash with the one in the first line.
        let (life, history) = lines::read(&text).unwrap_or_else(|error| {
            unreachable!("{name}: {error:?}");
        });
        assert_eq!(written(&life, &history), text, "{name} reads as it was written");
    }
}

#[test]
fn a_file_of_lines_is_taken_whole_or_not_at_all() {
    let story = Story::begun();
    let text = written(&story.life, &story.moments);
    let refused = |text: &str| lines::read(text).err().unwrap().to_string();
    assert_eq!(
        refused(&text.replacen("\"version\":1", "\"version\":2", 1)),
        "this life is written in version 2 of its format, this build reads up to 1; use a newer server"
    );
    for foreign in ["", "{}", "not a life", "{\"format\":\"a shopping list\",\"version\":1}"] {
        assert!(matches!(lines::read(foreign), Err(LinesError::Foreign)), "{foreign}");
    }
    let all: Vec<&str> = text.lines().collect();
    let cut = all[..all.len() - 1].join("\n");
    assert_eq!(
        refused(&cut),
        format!(
            "the file says {} moments and holds {}; it was cut off or added to",
            story.moments.len(),
            story.moments.len() - 1
        )
    );
    assert!(refused(text.strip_suffix("\"}\n").unwrap()).ends_with("cannot be read"));
    assert_eq!(refused(&text.replace("48000", "48001")), "the history cannot be replayed");
    let state = story.life.state().hash().to_string();
    let lie = text.replacen(&state, &"0".repeat(64), 1);
    assert!(matches!(lines::read(&lie), Err(LinesError::State)));
    let last = story.life.state().last_at.unwrap();
    let told = labels::of_moments(&story.moments, last);
    let mut labelled = Vec::new();
    lines::write(&mut labelled, &story.life, &story.moments, &told).unwrap();
    let labelled = String::from_utf8(labelled).unwrap();
    let added: Vec<&str> = labelled.strip_prefix(&text).unwrap().lines().collect();
    assert_eq!(added.len(), told.len());
    assert!(added.iter().all(|line| line.starts_with(lines::LABEL)), "{added:?}");
    assert_eq!(lines::read(&labelled).unwrap().1, story.moments);
}
