//! What an operator may set.

use serde::Deserialize;
use std::collections::BTreeSet;
use theron_mesh::names;
use theron_service::{Base, Neighbours};

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub service: Base,
    pub neighbours: Neighbours,
    /// Every game node. One more is one more entry here.
    pub games: Vec<GameNode>,
    /// Real length of a window. It is fixed when the data directory is made.
    pub window_seconds: f64,
    /// How often it looks whether there is something to do.
    #[serde(default = "poll_millis")]
    pub poll_millis: u64,
    /// Windows that a silent node is waited for before it is left out.
    #[serde(default = "patience_windows")]
    pub patience_windows: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GameNode {
    pub name: String,
    /// Of its mesh listener; ends in `/api/v1`.
    pub base_url: String,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SettingError {
    #[error("window_seconds is {0}; it is between 1 and 86400")]
    Window(f64),
    #[error("poll_millis is {0}; it is between 10 and 60000")]
    Poll(u64),
    #[error("{0:?} is no game node's name: it begins with \"otivm-\"")]
    Name(String),
    #[error("the game node {0} is listed twice")]
    Twice(String),
    #[error("{0} game nodes are listed; 256 are the most that 1102 takes")]
    TooMany(usize),
}

const fn poll_millis() -> u64 {
    1_000
}

const fn patience_windows() -> u32 {
    12
}

impl Config {
    /// What TOML cannot say.
    pub(crate) fn check(&self) -> Result<(), SettingError> {
        if !(1.0..=86_400.0).contains(&self.window_seconds) {
            return Err(SettingError::Window(self.window_seconds));
        }
        if !(10..=60_000).contains(&self.poll_millis) {
            return Err(SettingError::Poll(self.poll_millis));
        }
        if self.games.len() > tessera_store_api::NODES_MAX {
            return Err(SettingError::TooMany(self.games.len()));
        }
        let mut seen = BTreeSet::new();
        for game in &self.games {
            if !game.name.starts_with(names::GAME_PREFIX) {
                return Err(SettingError::Name(game.name.clone()));
            }
            if !seen.insert(&game.name) {
                return Err(SettingError::Twice(game.name.clone()));
            }
        }
        Ok(())
    }

    /// Microseconds, which is what windows are counted in.
    pub(crate) fn window_us(&self) -> i64 {
        (self.window_seconds * 1e6).round() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Config {
        toml::from_str(include_str!("../config.example.toml")).unwrap()
    }

    #[test]
    fn the_example_is_a_configuration() {
        let config = example();
        assert_eq!(config.check(), Ok(()));
        assert_eq!(config.service.name, names::AGGREGATION);
        assert_eq!((config.window_us(), config.patience_windows), (300_000_000, 12));
        let names: Vec<&str> = config.games.iter().map(|game| game.name.as_str()).collect();
        assert_eq!(names, ["otivm-dev"]);
    }

    #[test]
    fn a_setting_that_cannot_be_is_named() {
        let changed = |change: fn(&mut Config)| {
            let mut config = example();
            change(&mut config);
            config.check()
        };
        assert!(changed(|c| c.window_seconds = f64::NAN).is_err());
        assert_eq!(changed(|c| c.window_seconds = 0.5), Err(SettingError::Window(0.5)));
        assert_eq!(changed(|c| c.poll_millis = 0), Err(SettingError::Poll(0)));
        let twice = changed(|c| c.games.push(c.games[0].clone()));
        assert_eq!(twice, Err(SettingError::Twice("otivm-dev".to_owned())));
        let foreign = changed(|c| c.games[0].name = "tessera-store".to_owned());
        assert_eq!(foreign, Err(SettingError::Name("tessera-store".to_owned())));
    }

    #[test]
    fn a_length_that_is_no_whole_second_keeps_its_microseconds() {
        let mut config = example();
        // A world day at 700 world seconds a second.
        config.window_seconds = 123.428_571;
        assert_eq!(config.window_us(), 123_428_571);
    }
}
