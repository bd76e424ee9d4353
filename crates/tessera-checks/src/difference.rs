//! What changes against the release that is live: counted zone by zone, without holding that release.

use crate::finding::{Finding, Report, finding};
use crate::found::{Heaviest, Spot};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tessera_grid::Zone;
use tessera_stage::staged::Staged;
use tessera_world::{Cell, CollectionInfo, Igbp, Koppen, Place};

/// A new edition of a source changes details; more zones of a layer than this, and something else happened.
const CHANGED_SHARE_MAX: f64 = 0.2;
/// Places that go, at most.
const PLACES_LOST_SHARE_MAX: f64 = 0.05;
/// Names of lost places that are listed.
const LOST_NAMED_MAX: usize = 20;
/// The greatest changes of a layer that are named; a person looks at a few on the map.
const LARGEST_MAX: usize = 5;
const LAYERS: [&str; 7] =
    ["terrain", "surface", "bathymetry", "climate", "land_cover", "river", "lake"];

/// How a staged world stands to the release that is live.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Nothing is live yet.
    First,
    /// It could not be compared; a sentence.
    Unknown(String),
    Compared(Change),
}

/// How a staged world differs from the live release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The live release.
    pub title: String,
    /// Zones that both have, that only the staged world has, and that only the live release has.
    pub shared: u64,
    pub new: u64,
    pub gone: u64,
    /// Every layer whose facts lie on the world's own zones, changed or not.
    pub layers: Vec<LayerChange>,
    /// Ids of places that only one of the two has.
    pub places_new: Vec<String>,
    pub places_gone: Vec<String>,
    /// Collections whose number of features differs: id, features there, features here.
    pub collections: Vec<(String, u64, u64)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerChange {
    pub layer: String,
    /// Of the zones that both have.
    pub changed: u64,
    /// Greatest first: the zone, and what was and what becomes.
    pub largest: Vec<(Zone, String)>,
}

/// Takes the cells of the live release, in any order, and says how the staged world differs.
pub struct Difference<'a> {
    staged: &'a Staged,
    /// Zones whose facts changed, by layer; provenances are not compared.
    changed: BTreeMap<&'static str, Heaviest>,
    shared: u64,
    gone: u64,
}

impl<'a> Difference<'a> {
    pub fn new(staged: &'a Staged) -> Self {
        let changed = LAYERS.into_iter().map(|layer| (layer, Heaviest::default())).collect();
        Self { staged, changed, shared: 0, gone: 0 }
    }

    /// One cell of the live release as it was in that release's epoch; here too the epoch's surface is what
    /// counts. Of the coarse layers nothing is compared.
    pub fn cell(&mut self, live: &Cell) {
        let Some(index) = self.staged.index_of(live.zone) else {
            self.gone += 1;
            return;
        };
        self.shared += 1;
        let surface = self.staged.surface_in(index, self.staged.epoch);
        let new = Cell { surface, ..self.staged.fine_cell(index) };
        for layer in LAYERS {
            let (was, becomes) = (Said::of(layer, live), Said::of(layer, &new));
            if was != becomes
                && let Some(changed) = self.changed.get_mut(layer)
            {
                let weight = was.distance(&becomes);
                let say = || format!("{} → {}", was.text(), becomes.text());
                changed.put(index, weight, || Spot::zone(live.zone, weight, say()));
            }
        }
    }

    /// The whole, once all cells were taken; the rest is told by the live release.
    pub fn finish(self, title: &str, places: &[Place], collections: &[CollectionInfo]) -> Change {
        let ids = |places: &[Place]| places.iter().map(|p| p.id.clone()).collect::<BTreeSet<_>>();
        let (live, staged) = (ids(places), ids(&self.staged.places));
        let mut features: BTreeMap<String, (u64, u64)> =
            collections.iter().map(|live| (live.id.clone(), (live.features, 0))).collect();
        for feature in &self.staged.features {
            features.entry(feature.collection.clone()).or_default().1 += 1;
        }
        let layer = |(layer, heaviest): (&'static str, Heaviest)| LayerChange {
            layer: layer.to_owned(),
            changed: heaviest.count,
            largest: heaviest
                .into_spots()
                .take(LARGEST_MAX)
                .filter_map(|spot| Some((spot.zone?, spot.message)))
                .collect(),
        };
        Change {
            title: title.to_owned(),
            shared: self.shared,
            new: (self.staged.zones.len() as u64).saturating_sub(self.shared),
            gone: self.gone,
            layers: self.changed.into_iter().map(layer).collect(),
            places_new: staged.difference(&live).cloned().collect(),
            places_gone: live.difference(&staged).cloned().collect(),
            collections: features
                .into_iter()
                .filter(|(_, (live, staged))| live != staged)
                .map(|(id, (live, staged))| (id, live, staged))
                .collect(),
        }
    }
}

impl Change {
    /// What of it is for a person to judge; `places` is how many the live release has.
    pub fn report(&self, places: usize, report: &mut Report) {
        for LayerChange { layer, changed, largest } in &self.layers {
            if *changed as f64 > CHANGED_SHARE_MAX * self.shared as f64 {
                let message = format!("{layer} changes in {changed} of {} zones", self.shared);
                let zone = largest.first().map(|(zone, _)| *zone);
                report.findings.push(Finding {
                    layer: layer.clone(),
                    position: zone.map(Zone::centre),
                    zone,
                    ..finding("difference_large", message)
                });
            }
        }
        if self.new + self.gone > 0 {
            let message = format!("{} zones are new, {} are no longer there", self.new, self.gone);
            report.findings.push(finding("difference_zones", message));
        }
        let lost = &self.places_gone;
        if lost.len() as f64 > PLACES_LOST_SHARE_MAX * places as f64 {
            let message = format!(
                "{} of {places} places are no longer there, such as {}",
                lost.len(),
                lost[..lost.len().min(LOST_NAMED_MAX)].join(", ")
            );
            report.findings.push(finding("difference_places", message));
        }
        report.sort();
    }
}

/// What a layer says of a zone: as much of it as is compared.
#[derive(PartialEq)]
enum Said {
    Nothing,
    /// Mean, least and greatest height, metres.
    Heights(i32, i32, i32),
    /// Land or lake water, thousandths.
    Share(u16, &'static str),
    /// Metres.
    Depth(u32),
    Climate(Koppen),
    Cover(Igbp),
    /// Whether boats go, the area drained, and where it flows.
    River(bool, Option<u32>, Option<Zone>),
}

impl Said {
    fn of(layer: &str, cell: &Cell) -> Self {
        let said = match layer {
            "terrain" => cell.terrain.map(|it| {
                Self::Heights(it.elevation_mean_m, it.elevation_min_m, it.elevation_max_m)
            }),
            "surface" => cell.surface.map(|it| Self::Share(it.land_permille, "land")),
            "bathymetry" => cell.bathymetry.map(|it| Self::Depth(it.depth_mean_m)),
            "climate" => cell.climate.map(|it| Self::Climate(it.koppen)),
            "land_cover" => cell.land_cover.map(|it| Self::Cover(it.igbp)),
            "river" => cell
                .river
                .as_ref()
                .map(|it| Self::River(it.navigable, it.upstream_km2, it.downstream)),
            _ => cell.lake.as_ref().map(|it| Self::Share(it.water_permille, "lake")),
        };
        said.unwrap_or(Self::Nothing)
    }

    /// How great a change is within its layer; nothing counts as 0.
    fn distance(&self, other: &Self) -> f64 {
        (self.size() - other.size()).abs()
    }

    fn size(&self) -> f64 {
        match self {
            Self::Nothing => 0.0,
            Self::Heights(mean, ..) => (*mean).into(),
            Self::Share(permille, _) => (*permille).into(),
            Self::Depth(metres) => (*metres).into(),
            Self::Climate(_) | Self::Cover(_) => 1.0,
            Self::River(_, km2, _) => f64::from(km2.unwrap_or(0)),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Nothing => "nothing".to_owned(),
            Self::Heights(mean, least, greatest) => format!("{mean} m ({least} to {greatest})"),
            Self::Share(permille, what) => format!("{permille} ‰ {what}"),
            Self::Depth(metres) => format!("{metres} m deep"),
            Self::Climate(class) => class.to_string(),
            Self::Cover(class) => format!("IGBP {}", u8::from(*class)),
            Self::River(boats, km2, downstream) => {
                let boats = if *boats { "river with boats" } else { "river" };
                let drains = km2.map_or_else(String::new, |km2| format!(", drains {km2} km²"));
                let to = downstream.map_or_else(String::new, |zone| format!(", to {zone}"));
                format!("{boats}{drains}{to}")
            }
        }
    }
}
