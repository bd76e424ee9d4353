//! The published legs and the attested voyages, as they lie in the yardstick's folder.

use anyhow::{Context, bail};
use otivm_travel::Mode;
use serde::Deserialize;
use std::{collections::HashMap, path::Path};
use tessera_grid::Position;

/// A leg of ORBIS: from, to, days on the way.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) source_name: String,
    pub(crate) target_name: String,
    pub(crate) from: Position,
    pub(crate) to: Position,
    pub(crate) km: f64,
    pub(crate) days: f64,
    pub(crate) expense: f64,
    pub(crate) kind: Kind,
}

/// The types of the file. The `fast` and `slow` ones are a second speed for the same water.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Coastal,
    Overseas,
    Downstream,
    Upstream,
    Road,
    SlowSea,
    FastRiver,
}

impl Kind {
    pub(crate) const ALL: [Self; 7] = [
        Self::Coastal,
        Self::Overseas,
        Self::Downstream,
        Self::Upstream,
        Self::Road,
        Self::SlowSea,
        Self::FastRiver,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Coastal => "coastal",
            Self::Overseas => "overseas",
            Self::Downstream => "downstream",
            Self::Upstream => "upstream",
            Self::Road => "road",
            Self::SlowSea => "slow ship",
            Self::FastRiver => "fast boat",
        }
    }

    pub(crate) const fn mode(self) -> Mode {
        match self {
            Self::Coastal | Self::SlowSea => Mode::Coast,
            Self::Overseas => Mode::Sea,
            Self::Downstream | Self::Upstream | Self::FastRiver => Mode::River,
            Self::Road => Mode::Road,
        }
    }

    fn of(text: &str) -> Option<Self> {
        Some(match text {
            "coastal" => Self::Coastal,
            "overseas" => Self::Overseas,
            "downstream" => Self::Downstream,
            "upstream" => Self::Upstream,
            "road" => Self::Road,
            "slowcoast" | "slowover" => Self::SlowSea,
            "fastdown" | "fastup" => Self::FastRiver,
            _ => return None,
        })
    }
}

#[derive(Deserialize)]
struct NodeRow {
    id: String,
    label: String,
    x: f64,
    y: f64,
}

#[derive(Deserialize)]
struct EdgeRow {
    source: String,
    target: String,
    km: f64,
    days: f64,
    expense: f64,
    r#type: String,
}

pub(crate) fn read(folder: &Path) -> anyhow::Result<Vec<Leg>> {
    let mut nodes = HashMap::new();
    for row in rows::<NodeRow>(&folder.join("nodes.csv"))? {
        nodes.insert(row.id, (row.label, Position::new(row.y, row.x)?));
    }
    let mut legs = Vec::new();
    for row in rows::<EdgeRow>(&folder.join("edges-calibration-half.csv"))? {
        // Ferries and the like have no rule of their own in the file.
        let Some(kind) = Kind::of(&row.r#type) else { continue };
        let node = |id: &str| nodes.get(id).cloned().with_context(|| format!("no node {id}"));
        let ((source_name, from), (target_name, to)) = (node(&row.source)?, node(&row.target)?);
        legs.push(Leg {
            source: row.source,
            target: row.target,
            source_name,
            target_name,
            from,
            to,
            km: row.km,
            days: row.days,
            expense: row.expense,
            kind,
        });
    }
    if legs.is_empty() {
        bail!("{} has no legs", folder.display());
    }
    Ok(legs)
}

/// A voyage that an ancient author tells of.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Voyage {
    pub(crate) from: String,
    pub(crate) to: String,
    from_lat: f64,
    from_lon: f64,
    to_lat: f64,
    to_lon: f64,
    pub(crate) great_circle_km: f64,
    pub(crate) days_min: f64,
    pub(crate) days_max: f64,
    pub(crate) wind: String,
    pub(crate) ancient_source: String,
    pub(crate) kind: String,
}

impl Voyage {
    pub(crate) fn ends(&self) -> anyhow::Result<(Position, Position)> {
        let from = Position::new(self.from_lat, self.from_lon)?;
        Ok((from, Position::new(self.to_lat, self.to_lon)?))
    }
}

pub(crate) fn voyages(folder: &Path) -> anyhow::Result<Vec<Voyage>> {
    rows(&folder.join("attested-voyages-calibration-half.csv"))
}

fn rows<T: for<'de> Deserialize<'de>>(path: &Path) -> anyhow::Result<Vec<T>> {
    let mut reader =
        csv::Reader::from_path(path).with_context(|| format!("reading {}", path.display()))?;
    let rows = reader.deserialize().collect::<Result<Vec<T>, _>>();
    rows.with_context(|| format!("reading {}", path.display()))
}
