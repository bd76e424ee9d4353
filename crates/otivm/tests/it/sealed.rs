//! What will befall a voyage cannot be read ahead, and is told when it has happened.

use crate::scene::{House, Player};
use otivm_api::{Done, Me, Moment, Moments, Timeline};
use otivm_rules::{At, Chance};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;

/// Of all falls of the dice the first with which calm, storm and pirates befall any voyage that has a risk.
struct FoulWeather(Chance);

impl FoulWeather {
    fn new() -> Self {
        let seeds = (0..u32::MAX).map(|number| {
            let mut seed = [0; 16];
            seed[..4].copy_from_slice(&number.to_be_bytes());
            Chance { seed }
        });
        let befalls = |chance: &Chance, what: &str, below: u64| {
            chance.draw(&format!("{what}/befalls"), 1_000_000) < below
        };
        let foul =
            |chance: &Chance| befalls(chance, "delay", 3_000) && befalls(chance, "storm", 3_000);
        Self(seeds.into_iter().find(foul).unwrap())
    }
}

impl otivm::Dice for FoulWeather {
    fn draw(&self) -> Result<Chance, getrandom::Error> {
        Ok(Chance { seed: self.0.seed })
    }
}

fn departure(moments: &[Moment]) -> &Moment {
    moments.iter().find(|moment| moment.name == "depart").unwrap()
}

/// Nothing of the future stands in it.
fn assert_sealed(moment: &Moment) {
    assert!(moment.sealed, "{moment:?}");
    for name in ["perils", "seed", "arrives_at"] {
        assert_eq!(moment.value.get(name), None, "{moment:?}");
    }
    assert_eq!(moment.value["to"], "caralis");
}

async fn expected(player: &Player) -> (i64, f64) {
    let Me { voyage, .. } = player.me().await;
    let voyage = voyage.unwrap();
    let at = voyage.arrives_at.parse::<jiff::Timestamp>().unwrap();
    (at.as_microsecond(), voyage.days)
}

async fn moments(player: &Player) -> Vec<Moment> {
    player.get::<Moments>("/moments?limit=1000").await.moments
}

#[tokio::test]
async fn what_will_befall_a_voyage_is_sealed_until_it_has_happened() {
    let house = House::open_in(Arc::new(FoulWeather::new())).await;
    let player = house.enrol().await;
    let send = || {
        player
            .command_with("the-voyage", Method::POST, "/voyages", &json!({"to": "caralis"}))
            .send()
    };
    let first: Done = send().await.unwrap().json().await.unwrap();
    assert_sealed(departure(&first.moments));
    assert_sealed(departure(&moments(&player).await));
    let mut events = player.request(Method::GET, "/events?after=0").send().await.unwrap();
    let mut heard = String::new();
    while !heard.contains("\"name\":\"depart\"") {
        heard.push_str(str::from_utf8(&events.chunk().await.unwrap().unwrap()).unwrap());
    }
    assert!(!heard.contains("perils") && !heard.contains("\"seed\""), "{heard}");
    drop(events);
    let open: Timeline = player.get("/timeline?label=voyage").await;
    assert_eq!((open.labels.len(), open.labels[0].detail.get("arrives_at")), (1, None));

    // Each mishap puts her off by the days it costs, and no sooner.
    let (mut arrives, planned_days) = expected(&player).await;
    let (mut told, mut lost_us) = (Vec::new(), 0);
    while player.me().await.voyage.is_some() {
        house.advance(60);
        let seen = moments(&player).await;
        let new: Vec<&Moment> = seen
            .iter()
            .filter(|moment| moment.name == "mishap" && !told.contains(&moment.at))
            .collect();
        for mishap in &new {
            told.push(mishap.at);
            lost_us += mishap.value["delay_us"].as_i64().unwrap();
        }
        let Some(voyage) = player.me().await.voyage else { break };
        assert_sealed(departure(&seen));
        let later = expected(&player).await.0;
        assert_eq!(later > arrives, new.iter().any(|it| it.value["delay_us"] != 0), "{new:?}");
        let days = lost_us as f64 / 86_400e6;
        assert!((voyage.days - planned_days - days).abs() < 0.02, "{voyage:?} {days}");
        arrives = later;
    }
    assert!(told.len() >= 2 && lost_us > 0, "{told:?}");

    let seen = moments(&player).await;
    let whole = departure(&seen);
    assert!(!whole.sealed && whole.value["seed"].is_string(), "{whole:?}");
    let perils = whole.value["perils"].as_array().unwrap();
    let happened: Vec<&Moment> = seen.iter().filter(|moment| moment.name == "mishap").collect();
    let kinds = |of: &mut dyn Iterator<Item = &Value>| -> Vec<String> {
        of.map(|it| it["kind"].as_str().unwrap().to_owned()).collect()
    };
    let mut told_of = happened.iter().map(|moment| &moment.value);
    assert_eq!(kinds(&mut perils.iter()), kinds(&mut told_of));
    let arrival = seen.iter().rfind(|moment| moment.name == "arrive").unwrap();
    assert_eq!((arrival.at, json!(arrives)), (arrives, whole.value["arrives_at"].clone()));

    // The timeline tells each with its cause; the answer of then is still the answer.
    let closed: Timeline = player.get("/timeline?label=voyage").await;
    let causes: Vec<&Value> = closed.labels[0].detail["mishaps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mishap| &mishap["cause"])
        .collect();
    assert_eq!(causes, happened.iter().map(|moment| &moment.value["cause"]).collect::<Vec<_>>());
    let again: Done = send().await.unwrap().json().await.unwrap();
    assert_eq!(again, first);
    house.running.drain().await;
}

#[tokio::test]
async fn the_file_of_a_life_at_sea_is_whole() {
    let house = House::open_in(Arc::new(FoulWeather::new())).await;
    let player = house.enrol().await;
    player.act(Method::POST, "/voyages", json!({"to": "caralis"})).await;
    let file = player.request(Method::GET, "/life.jsonl").send().await.unwrap();
    let lines = file.text().await.unwrap();
    let line = lines.lines().find(|line| line.contains("\"name\":\"depart\"")).unwrap();
    assert!(line.contains("perils") && line.contains("seed"), "{line}");
    let at = At(player.me().await.revision);
    assert!(lines.contains(&at.0.to_string()));
    house.running.drain().await;
}
