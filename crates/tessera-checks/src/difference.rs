//! What changes against the release that is live: counted zone by zone and feature by feature, without holding that
//! release. Provenances are not compared: their numbers are each release's own.

mod said;

use crate::finding::{Finding, Report, finding};
use crate::found::{Heaviest, Spot};
use said::Said;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tessera_grid::Zone;
use tessera_stage::staged::Staged;
use tessera_world::{Cell, Feature, Place};

/// A new edition of a source changes details; more zones of a layer than this, and something else happened.
const CHANGED_SHARE_MAX: f64 = 0.2;
/// Places that go, at most.
const PLACES_LOST_SHARE_MAX: f64 = 0.05;
/// Names of lost places that are listed.
const LOST_NAMED_MAX: usize = 20;
/// The greatest changes of a layer that are named; a person looks at a few on the map.
const LARGEST_MAX: usize = 5;
/// Layers on the world's own zones.
const FINE: [&str; 7] =
    ["terrain", "surface", "bathymetry", "climate", "land_cover", "river", "lake"];
/// Layers on their ancestors.
const COARSE: [&str; 5] = ["wind", "current", "rain", "temperature", "geology"];

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
    /// Every layer, changed or not.
    pub layers: Vec<LayerChange>,
    /// Ids of places that only one of the two has.
    pub places_new: Vec<String>,
    pub places_gone: Vec<String>,
    /// Collections in which anything differs.
    pub collections: Vec<CollectionChange>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerChange {
    pub layer: String,
    /// Zones that both have, of the size that the layer lies on.
    pub shared: u64,
    /// Of those.
    pub changed: u64,
    /// Greatest first: the zone, and what was and what becomes.
    pub largest: Vec<(Zone, String)>,
}

/// The features of one collection, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionChange {
    pub collection: String,
    pub live: u64,
    pub here: u64,
    /// That only this world has, that only the live release has, and that both have and tell otherwise.
    pub new: u64,
    pub gone: u64,
    pub changed: u64,
}

/// Takes the cells and the features of the live release, in any order, and says how the staged world differs.
pub struct Difference<'a> {
    staged: &'a Staged,
    /// Zones whose facts changed, by layer.
    changed: BTreeMap<&'static str, Heaviest>,
    shared: u64,
    gone: u64,
    /// Coarse zones that were compared: a cell of the live release brings its ancestor's facts.
    coarse_seen: Vec<bool>,
    coarse_last: Option<Zone>,
    collections: BTreeMap<String, CollectionChange>,
}

impl<'a> Difference<'a> {
    pub fn new(staged: &'a Staged) -> Self {
        let layers = FINE.into_iter().chain(COARSE);
        let mut collections: BTreeMap<String, CollectionChange> = BTreeMap::new();
        for feature in &staged.features {
            collections.entry(feature.collection.clone()).or_default().here += 1;
        }
        Self {
            staged,
            changed: layers.map(|layer| (layer, Heaviest::default())).collect(),
            shared: 0,
            gone: 0,
            coarse_seen: vec![false; staged.coarse_zones.len()],
            coarse_last: None,
            collections,
        }
    }

    /// One cell of the live release as it was in that release's epoch; here too the epoch's surface is what
    /// counts.
    pub fn cell(&mut self, live: &Cell) {
        let Some(index) = self.staged.index_of(live.zone) else {
            self.gone += 1;
            return;
        };
        self.shared += 1;
        let surface = self.staged.surface_in(index, self.staged.epoch);
        let new = Cell { surface, ..self.staged.fine_cell(index) };
        self.compare(&FINE, index, live.zone, live, &new);
        let coarse = live.zone.ancestor(self.staged.coarse_resolution);
        // Neighbours share it, so it is looked up once.
        if coarse != self.coarse_last {
            self.coarse_last = coarse;
            self.coarse(index, live);
        }
    }

    /// The facts that a cell of the live release brings from its ancestor.
    fn coarse(&mut self, index: usize, live: &Cell) {
        let coarse = self.staged.coarse_of(index);
        if let Some(at) = coarse.filter(|at| !std::mem::replace(&mut self.coarse_seen[*at], true)) {
            let new = self.staged.cell(index);
            self.compare(&COARSE, at, self.staged.coarse_zones[at], live, &new);
        }
    }

    fn compare(
        &mut self,
        layers: &[&'static str],
        index: usize,
        zone: Zone,
        live: &Cell,
        new: &Cell,
    ) {
        for layer in layers {
            let (was, becomes) = (Said::of(layer, live), Said::of(layer, new));
            if was != becomes
                && let Some(changed) = self.changed.get_mut(layer)
            {
                let weight = was.distance(&becomes);
                let say = || format!("{} → {}", was.text(), becomes.text());
                changed.put(index, weight, || Spot::zone(zone, weight, say()));
            }
        }
    }

    /// One feature of the live release.
    pub fn feature(&mut self, mut live: Feature) {
        let counted = self.collections.entry(live.collection.clone()).or_default();
        counted.live += 1;
        let all = &self.staged.features;
        match all.binary_search_by(|here| here.key().cmp(&live.key())) {
            Err(_) => counted.gone += 1,
            Ok(at) => {
                live.provenance = all[at].provenance;
                counted.changed += u64::from(all[at] != live);
            }
        }
    }

    /// The whole, once all cells and features were taken; the rest is told by the live release.
    pub fn finish(self, title: &str, places: &[Place]) -> Change {
        let ids = |places: &[Place]| places.iter().map(|p| p.id.clone()).collect::<BTreeSet<_>>();
        let (live, staged) = (ids(places), ids(&self.staged.places));
        let coarse_shared = self.coarse_seen.iter().filter(|seen| **seen).count() as u64;
        let layer = |(layer, heaviest): (&'static str, Heaviest)| LayerChange {
            layer: layer.to_owned(),
            shared: if COARSE.contains(&layer) { coarse_shared } else { self.shared },
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
            collections: self
                .collections
                .into_iter()
                .map(|(collection, counted)| CollectionChange {
                    collection,
                    new: counted.here - (counted.live - counted.gone),
                    ..counted
                })
                .filter(|counted| counted.new + counted.gone + counted.changed > 0)
                .collect(),
        }
    }
}

impl Change {
    /// What of it is for a person to judge; `places` is how many the live release has.
    pub fn report(&self, places: usize, report: &mut Report) {
        for LayerChange { layer, shared, changed, largest } in &self.layers {
            if *changed as f64 > CHANGED_SHARE_MAX * *shared as f64 {
                let message = format!("{layer} changes in {changed} of {shared} zones");
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
