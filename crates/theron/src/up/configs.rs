//! The configuration of each service, written anew at every start.

use super::mirrors;
use crate::layout::{Layout, SERVICES, write_whole};
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use theron_mesh::names;
use theron_service::{Base, Listen};
use toml::{Table, Value};

/// World time per real time: one world day in five real minutes.
pub(crate) const DEFAULT_RATE: u32 = 288;
/// A world year in about six real minutes; beyond it a voyage is over before its page is drawn.
const RATE_MAX: u32 = 86_400;
/// Windows of collective trade close with the world day, but never faster than this.
const WINDOW_SECONDS_MIN: u32 = 5;

pub(crate) struct Settings {
    pub(crate) rate: u32,
    pub(crate) web_dir: PathBuf,
    pub(crate) world_dir: PathBuf,
    pub(crate) sources_dir: PathBuf,
}

pub(crate) fn parse_rate(text: &str) -> anyhow::Result<u32> {
    let rate = text.parse().context("a whole number, world seconds per real second")?;
    if !(1..=RATE_MAX).contains(&rate) {
        bail!("from 1 (real time) to {RATE_MAX} (a day a second)");
    }
    Ok(rate)
}

pub(crate) fn write(layout: &Layout, settings: &Settings) -> anyhow::Result<()> {
    for name in SERVICES {
        let mut table = Table::new();
        table.insert("service".to_owned(), Value::try_from(base(layout, name))?);
        table.extend(own_settings(layout, settings, name));
        let head = "# Written by `theron up` at every start; changes here are lost.\n";
        write_whole(&layout.config_file(name), &format!("{head}{}", toml::to_string(&table)?))?;
    }
    Ok(())
}

fn base(layout: &Layout, name: &str) -> Base {
    Base {
        name: name.to_owned(),
        data_dir: layout.service_dir(name),
        listen: Listen { mesh: layout.mesh_address(name), public: layout.public_address(name) },
        tls: layout.credentials(name),
    }
}

fn own_settings(layout: &Layout, settings: &Settings, name: &str) -> Table {
    let path = |path: &PathBuf| Value::from(path.display().to_string());
    let neighbour = |name: &str| table([("base_url", Value::from(layout.base_url(name)))]);
    let store =
        || ("neighbours", Value::Table(table([("store", Value::Table(neighbour(names::STORE)))])));
    match name {
        names::PIPELINE => table([
            store(),
            (
                "worlds",
                Value::Table(table([(
                    "default",
                    Value::Table(table([
                        ("sources", path(&settings.world_dir.join("sources.toml"))),
                        ("source_dir", path(&settings.sources_dir)),
                    ])),
                )])),
            ),
        ]),
        names::GAME => table([
            store(),
            ("rate", Value::from(settings.rate)),
            ("web_dir", path(&settings.web_dir)),
            ("passkeys", Value::Table(table([("origin", Value::from(layout.game_url()))]))),
        ]),
        names::AGGREGATION => {
            let mut game = neighbour(names::GAME);
            game.insert("name".to_owned(), Value::from(names::GAME));
            table([
                store(),
                ("window_seconds", Value::from(window_seconds(settings.rate))),
                ("games", Value::Array(vec![Value::Table(game)])),
            ])
        }
        names::APT_CACHE => table([
            ("cache", Value::from(layout.package_cache().to_string())),
            (
                "hosts",
                Value::Array(
                    mirrors::hosts(Path::new("/etc/apt")).into_iter().map(Value::from).collect(),
                ),
            ),
        ]),
        _ => Table::new(),
    }
}

/// To the microsecond, as the game counts it: not every rate makes a world day of whole seconds.
fn window_seconds(rate: u32) -> f64 {
    let micros = 86_400_000_000 / u64::from(rate.max(1));
    micros.max(u64::from(WINDOW_SECONDS_MIN) * 1_000_000) as f64 / 1e6
}

fn table<const N: usize>(entries: [(&str, Value); N]) -> Table {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
