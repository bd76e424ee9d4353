//! What changes against the release that is live: counted zone by zone, without holding that release.

use crate::finding::{Report, finding};
use std::collections::{BTreeMap, BTreeSet};
use tessera_stage::staged::Staged;
use tessera_world::{Cell, Place};

/// A new edition of a source changes details; more zones of a layer than this, and something else happened.
const CHANGED_SHARE_MAX: f64 = 0.2;
/// Places that go, at most.
const PLACES_LOST_SHARE_MAX: f64 = 0.05;
/// Names of lost places that are listed.
const LOST_NAMED_MAX: usize = 20;

/// Takes the cells of the live release, in any order, and says how the staged world differs.
pub struct Difference<'a> {
    staged: &'a Staged,
    /// Zones whose facts changed, by layer; provenances are not compared.
    changed: BTreeMap<&'static str, u64>,
    shared: u64,
    gone: u64,
}

impl<'a> Difference<'a> {
    pub fn new(staged: &'a Staged) -> Self {
        Self { staged, changed: BTreeMap::new(), shared: 0, gone: 0 }
    }

    /// One cell of the live release; of the coarse layers nothing is compared.
    pub fn cell(&mut self, live: &Cell) {
        let Some(index) = self.staged.index_of(live.zone) else {
            self.gone += 1;
            return;
        };
        self.shared += 1;
        let new = self.staged.fine_cell(index);
        let heights = |cell: &Cell| {
            cell.terrain.map(|t| (t.elevation_mean_m, t.elevation_min_m, t.elevation_max_m))
        };
        let river =
            |cell: &Cell| cell.river.as_ref().map(|r| (r.downstream, r.upstream_km2, r.navigable));
        let layers = [
            ("terrain", heights(live) != heights(&new)),
            (
                "surface",
                live.surface.map(|s| s.land_permille) != new.surface.map(|s| s.land_permille),
            ),
            (
                "bathymetry",
                live.bathymetry.map(|b| b.depth_mean_m) != new.bathymetry.map(|b| b.depth_mean_m),
            ),
            ("climate", live.climate.map(|c| c.koppen) != new.climate.map(|c| c.koppen)),
            ("land_cover", live.land_cover.map(|c| c.igbp) != new.land_cover.map(|c| c.igbp)),
            ("river", river(live) != river(&new)),
            (
                "lake",
                live.lake.as_ref().map(|l| l.water_permille)
                    != new.lake.as_ref().map(|l| l.water_permille),
            ),
        ];
        for (layer, _) in layers.into_iter().filter(|(_, changed)| *changed) {
            *self.changed.entry(layer).or_default() += 1;
        }
    }

    /// Zones that changed, by layer.
    pub const fn changed(&self) -> &BTreeMap<&'static str, u64> {
        &self.changed
    }

    /// Zones that both have, that only the staged world has, and that only the live release has.
    pub fn zones(&self) -> (u64, u64, u64) {
        (self.shared, (self.staged.zones.len() as u64).saturating_sub(self.shared), self.gone)
    }

    /// Says it in the report, once all cells were taken; `places` are those of the live release.
    pub fn report(&self, places: &[Place], report: &mut Report) {
        let (shared, new, gone) = self.zones();
        for (layer, changed) in &self.changed {
            if *changed as f64 > CHANGED_SHARE_MAX * shared as f64 {
                let message = format!("{layer} changes in {changed} of {shared} zones");
                report.findings.push(crate::finding::Finding {
                    layer: (*layer).to_owned(),
                    ..finding("difference_large", message)
                });
            }
        }
        if new + gone > 0 {
            let message = format!("{new} zones are new, {gone} are no longer there");
            report.findings.push(finding("difference_zones", message));
        }
        let kept: BTreeSet<&str> =
            self.staged.places.iter().map(|place| place.id.as_str()).collect();
        let lost: Vec<&str> =
            places.iter().map(|place| place.id.as_str()).filter(|id| !kept.contains(id)).collect();
        if lost.len() as f64 > PLACES_LOST_SHARE_MAX * places.len() as f64 {
            let message = format!(
                "{} of {} places are no longer there, such as {}",
                lost.len(),
                places.len(),
                lost[..lost.len().min(LOST_NAMED_MAX)].join(", ")
            );
            report.findings.push(finding("difference_places", message));
        }
        report.sort();
    }
}
