//! The game server's configuration; `config.example.toml` shows it all.

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::{num::NonZeroU32, path::PathBuf};
use theron_service::{Base, Neighbours, Proxy};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub service: Base,
    pub neighbours: Neighbours,
    /// Databases made ahead of time, a player each.
    #[serde(default = "default_seats")]
    pub seats: usize,
    /// Real hours after which the seat of a life in which nothing was ever done, and to which nobody came back, is made
    /// anew at a start.
    #[serde(default = "default_unplayed")]
    pub unplayed_hours: NonZeroU32,
    /// World seconds in a real second. Counts when the first seat is made; a life keeps its rate for ever.
    #[serde(default = "default_rate")]
    pub rate: NonZeroU32,
    /// The built browser game; nothing is served at `/` without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web_dir: Option<PathBuf>,
    /// Public addresses of other game servers, told to whoever finds this house full.
    #[serde(default)]
    pub other_servers: Vec<String>,
    /// Which headers a proxy before the public listener writes: budgets go by the address it names, cookies are
    /// `Secure` where it says HTTPS, and the game's own page is at the host it names. Anyone could write the others, so
    /// they are not read.
    #[serde(default)]
    pub behind_proxy: Proxy,
    #[serde(default)]
    pub limits: Limits,
    /// Where players come back with passkeys; nowhere without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkeys: Option<Passkeys>,
    /// The house is a simulation's own, and nobody's life is in it. Never where people play.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulation: Option<Simulation>,
}

/// The address that passkeys are bound to. They open nothing under another, so it stays for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passkeys {
    /// What browsers show before the first slash: `https://otivm.example.org`.
    pub origin: String,
    /// The host of `origin` where it is not given; or a domain that the host is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rp_id: Option<String>,
}

/// What a simulation gives up for speed (decision 46).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// An answer is on the disk at most so long after it was given, milliseconds.
    #[serde(deserialize_with = "milliseconds")]
    pub answers_ahead_ms: u64,
}

/// What a kill may take back stays below a second, and so does what a stop waits for.
const ANSWERS_AHEAD_MAX_MS: u64 = 1000;

fn milliseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let milliseconds = u64::deserialize(deserializer)?;
    if (1..=ANSWERS_AHEAD_MAX_MS).contains(&milliseconds) {
        Ok(milliseconds)
    } else {
        let refusal =
            format!("answers_ahead_ms is 1 to {ANSWERS_AHEAD_MAX_MS}, not {milliseconds}");
        Err(D::Error::custom(refusal))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Enrolments and returns from one address in a minute.
    #[serde(default = "default_arrivals")]
    pub arrivals_per_minute: NonZeroU32,
    /// Calls without a session (the world, its places, its tiles) from one address in a minute.
    #[serde(default = "default_calls")]
    pub calls_per_minute: NonZeroU32,
    /// Commands of one player in a second, in the long run.
    #[serde(default = "default_commands")]
    pub commands_per_second: NonZeroU32,
    /// Reads of one player in a second, in the long run.
    #[serde(default = "default_reads")]
    pub reads_per_second: NonZeroU32,
}

const fn default_seats() -> usize {
    128
}

/// Two weeks. Who looks in and does nothing leaves a trace when his page renews its session, after a week.
const fn default_unplayed() -> NonZeroU32 {
    NonZeroU32::new(336).expect("336 is not 0")
}

const fn default_rate() -> NonZeroU32 {
    NonZeroU32::new(288).expect("288 is not 0")
}

/// A whole house may come in through one address (a school, a proxy) within a minute, twice.
const fn default_arrivals() -> NonZeroU32 {
    NonZeroU32::new(300).expect("300 is not 0")
}

/// The map of a first visit is some hundred tiles; a whole house may look at it at once.
const fn default_calls() -> NonZeroU32 {
    NonZeroU32::new(60_000).expect("60,000 is not 0")
}

/// Far beyond what a person clicks; keeps one bot from taking the disk from the others.
const fn default_commands() -> NonZeroU32 {
    NonZeroU32::new(100).expect("100 is not 0")
}

/// A page asks for some ten things at once, and then for one a second; a bot for more.
const fn default_reads() -> NonZeroU32 {
    NonZeroU32::new(100).expect("100 is not 0")
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            arrivals_per_minute: default_arrivals(),
            calls_per_minute: default_calls(),
            commands_per_second: default_commands(),
            reads_per_second: default_reads(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_configuration_and_shows_the_defaults() {
        let example: Config = toml::from_str(include_str!("../config.example.toml")).unwrap();
        assert_eq!((example.seats, example.rate), (default_seats(), default_rate()));
        assert_eq!(example.unplayed_hours, default_unplayed());
        assert_eq!(example.limits, Limits::default());
    }

    #[test]
    fn a_setting_that_does_not_exist_is_refused() {
        let text = format!("colour = 1\n{}", include_str!("../config.example.toml"));
        assert!(toml::from_str::<Config>(&text).is_err());
    }
}
