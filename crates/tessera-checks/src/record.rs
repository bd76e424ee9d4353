//! Who says so: provenances, sources, licences, and where sources disagree.

use crate::found::{Count, Found, Heaviest};
use crate::walk::{Look, View};
use std::collections::{BTreeMap, BTreeSet};
use tessera_stage::staged::Staged;
use tessera_world::{Certainty, ProvenanceId};

/// Zones of a layer on which two sources disagree; more, and one of them is wrong as a whole.
const CONFLICT_SHARE_MAX: f64 = 0.1;

/// Which provenances the dense layers name.
pub(crate) struct Named<'a> {
    known: &'a [bool],
    used: Vec<bool>,
    orphans: Count,
}

/// By id: whether a provenance is there, with a licence and its source.
pub(crate) fn known(staged: &Staged) -> Vec<bool> {
    let last = staged.provenances.iter().map(|provenance| provenance.id.0).max().unwrap_or(0);
    let mut known = vec![false; last as usize + 1];
    for provenance in &staged.provenances {
        known[provenance.id.0 as usize] = !provenance.licence.trim().is_empty()
            && staged.sources.iter().any(|source| source.id == provenance.source);
    }
    known
}

impl<'a> Named<'a> {
    pub(crate) fn new(known: &'a [bool]) -> Self {
        Self { known, used: vec![false; known.len()], orphans: Count::default() }
    }

    /// Whether somebody vouches for a fact.
    fn vouched(&mut self, id: ProvenanceId) -> bool {
        if let Some(used) = self.used.get_mut(id.0 as usize) {
            *used = true;
        }
        self.known.get(id.0 as usize).copied().unwrap_or(false)
    }
}

impl Look for Named<'_> {
    fn look(&mut self, view: &View) {
        let facts = [
            view.terrain.map(|fact| fact.provenance),
            view.surface.map(|fact| fact.provenance),
            view.bathymetry.map(|fact| fact.provenance),
            view.climate.map(|fact| fact.provenance),
            view.land_cover.map(|fact| fact.provenance),
        ];
        let mut orphan = false;
        for id in facts.into_iter().flatten() {
            orphan |= !self.vouched(id);
        }
        self.orphans.add_if(orphan, view.zone);
    }

    fn join(&mut self, later: Self) {
        self.orphans.join(later.orphans);
        for (used, later) in self.used.iter_mut().zip(later.used) {
            *used |= later;
        }
    }
}

impl Named<'_> {
    pub(crate) fn say(mut self, staged: &Staged, found: &mut Found) {
        self.sparse(staged);
        self.coarse(staged);
        found.zones(
            "provenance_missing",
            self.orphans,
            "has a fact without a provenance, a source or a licence",
        );
        for place in &staged.places {
            if !self.vouched(place.provenance) {
                found.say(
                    "provenance_missing",
                    format!("{} has no provenance, source or licence", place.id),
                );
            }
        }
        let mut features: BTreeMap<&str, u64> = BTreeMap::new();
        for feature in &staged.features {
            if !self.vouched(feature.provenance) {
                *features.entry(&feature.collection).or_default() += 1;
            }
        }
        for (collection, count) in features {
            let message = format!("{count} of {collection} have no provenance, source or licence");
            found.say("provenance_missing", message);
        }
        provenances(staged, &self.used, found);
    }

    fn sparse(&mut self, staged: &Staged) {
        let zone = |index: usize| staged.zones.get(index).copied();
        let rivers = staged.river.iter().map(|(index, river)| (index, river.provenance));
        let lakes = staged.lake.iter().map(|(index, lake)| (index, lake.provenance));
        let eras =
            staged.surface_intervals.iter().map(|(index, era)| (index, era.surface.provenance));
        for (index, id) in rivers.chain(lakes).chain(eras) {
            if let Some(zone) = zone(index).filter(|_| !self.vouched(id)) {
                self.orphans.add(zone);
            }
        }
    }

    fn coarse(&mut self, staged: &Staged) {
        for at in 0..staged.coarse_zones.len() {
            let coarse = staged.coarse(at);
            let weather = coarse.weather;
            let geology = coarse.geology.as_ref();
            let region = |region: &Option<tessera_world::Region>| {
                region.as_ref().map(|region| region.provenance)
            };
            let facts = [
                coarse.wind.map(|fact| fact.provenance),
                coarse.current.map(|fact| fact.provenance),
                coarse.wind_rose.map(|fact| fact.provenance),
                weather.and_then(|fact| fact.rain).map(|fact| fact.provenance),
                weather.and_then(|fact| fact.temperature).map(|fact| fact.provenance),
                geology.and_then(|fact| region(&fact.crust)),
                geology.and_then(|fact| region(&fact.orogen)),
            ];
            let mut orphan = false;
            for id in facts.into_iter().flatten() {
                orphan |= !self.vouched(id);
            }
            self.orphans.add_if(orphan, coarse.zone);
        }
    }
}

fn provenances(staged: &Staged, used: &[bool], found: &mut Found) {
    let sources = staged.provenances.iter().flat_map(|provenance| {
        std::iter::once(provenance.source.as_str()).chain(provenance.namers())
    });
    let named: BTreeSet<&str> = sources.collect();
    let used = |id: ProvenanceId| used.get(id.0 as usize).copied().unwrap_or(false);
    let spoken: BTreeSet<&str> = staged
        .provenances
        .iter()
        .filter(|provenance| used(provenance.id))
        .map(|provenance| provenance.layer.as_str())
        .collect();
    for provenance in &staged.provenances {
        let id = provenance.id.0;
        let about = format!("provenance {id} ({}, {})", provenance.layer, provenance.source);
        if !spoken.contains(provenance.layer.as_str()) {
            found.say("provenance_unused", format!("no fact of its layer names {about}"));
        }
        if provenance.method.trim().is_empty() {
            found.say("provenance_method", format!("{about} names no method"));
        }
        if let (Some(from), Some(to)) = (provenance.valid_from, provenance.valid_to)
            && from > to
        {
            found.say("provenance_years", format!("{about} holds from {from} to {to}"));
        }
        if provenance.layer == "land_cover" && provenance.certainty != Certainty::Hypothetical {
            let certainty = provenance.certainty.as_str();
            found.say("land_cover_ancient", format!("{about} is {certainty}"));
        }
    }
    for source in &staged.sources {
        if !named.contains(source.id.as_str()) && !in_conflict(staged, &source.id) {
            found.say("source_unused", format!("no fact comes from {}", source.id));
        }
        let missing: Vec<&str> = [
            ("title", &source.title),
            ("publisher", &source.publisher),
            ("attribution", &source.attribution),
            ("edition", &source.edition),
        ]
        .into_iter()
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(name, _)| name)
        .collect();
        if !missing.is_empty() {
            found.say(
                "source_attribution",
                format!("{} names no {}", source.id, missing.join(", no ")),
            );
        }
        if source.sha256.len() != 64 {
            found.say("source_checksum", format!("{} names no checksum of its file", source.id));
        }
    }
}

/// A source that was only compared with others is behind no fact, but behind what is said of conflicts.
fn in_conflict(staged: &Staged, source: &str) -> bool {
    staged.conflicts.iter().any(|(_, clash)| &*clash.other == source)
}

/// Sources that disagree: both values, and the rule that chose.
pub(crate) fn conflicts(staged: &Staged, found: &mut Found) {
    let mut disagree: BTreeMap<(&str, &str), Heaviest> = BTreeMap::new();
    let mut nameless = Count::default();
    for (index, clash) in staged.conflicts.iter() {
        let Some(&zone) = staged.zones.get(index) else { continue };
        let there = |id: &str| staged.sources.iter().any(|source| source.id == id);
        let named = !clash.rule.is_empty() && !clash.layer.is_empty();
        nameless.add_if(!named || clash.chosen == clash.other || !there(&clash.chosen), zone);
        let gap = (clash.chosen_value - clash.other_value).abs();
        let spots = disagree.entry((&clash.layer, &clash.other)).or_default();
        spots.zone(index, zone, gap, || {
            format!(
                "{}: {} of {} was chosen by the rule {}, {} says {}",
                clash.layer,
                number(clash.chosen_value),
                clash.chosen,
                clash.rule,
                clash.other,
                number(clash.other_value)
            )
        });
    }
    found.zones(
        "conflict_rule",
        nameless,
        "its conflict does not say which rule chose between which sources",
    );
    for ((layer, other), spots) in disagree {
        if spots.count as f64 > CONFLICT_SHARE_MAX * staged.zones.len() as f64 {
            let message = format!(
                "{layer}: {other} disagrees with what was chosen in {} of {} zones",
                spots.count,
                staged.zones.len()
            );
            found.say("conflict_share", message);
        }
        found.conflicts(layer, spots);
    }
}

/// Whole numbers without a point.
fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
