//! Facts that a warning touches become conjectures: same source, same method, less certain.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tessera_stage::dense::{Dense, Fact};
use tessera_stage::staged::Staged;
use tessera_world::{
    Bathymetry, Certainty, Climate, LandCover, Provenance, ProvenanceId, Surface, Terrain,
};

/// Zones whose facts a warning touches, by layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubts {
    pub(crate) zones: BTreeMap<String, Vec<u32>>,
}

impl Doubts {
    /// Zones of a layer in doubt; one that two rules doubt counts twice.
    pub fn count(&self, layer: &str) -> usize {
        self.zones.get(layer).map_or(0, Vec::len)
    }

    /// Gives every fact in doubt a provenance that says so. What is less certain already stays as it is.
    pub fn mark(&self, staged: &mut Staged) {
        let mut twins = Twins { made: BTreeMap::new() };
        for (layer, zones) in &self.zones {
            let zones = zones.iter().map(|index| *index as usize);
            let provenances = &mut staged.provenances;
            let mut twin = |id| twins.of(provenances, id);
            match layer.as_str() {
                "terrain" => dense(&mut staged.terrain, zones, &mut twin),
                "surface" => dense(&mut staged.surface, zones, &mut twin),
                "bathymetry" => dense(&mut staged.bathymetry, zones, &mut twin),
                "climate" => dense(&mut staged.climate, zones, &mut twin),
                "land_cover" => dense(&mut staged.land_cover, zones, &mut twin),
                "river" | "lake" => {
                    let mut doubted: Vec<usize> = zones.collect();
                    doubted.sort_unstable();
                    let touched = |index: &usize| doubted.binary_search(index).is_ok();
                    if layer == "river" {
                        for (_, river) in staged.river.iter_mut().filter(|(i, _)| touched(i)) {
                            river.provenance = twin(river.provenance);
                        }
                    } else {
                        for (_, lake) in staged.lake.iter_mut().filter(|(i, _)| touched(i)) {
                            lake.provenance = twin(lake.provenance);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// Provenances and their less certain twins.
struct Twins {
    made: BTreeMap<ProvenanceId, ProvenanceId>,
}

impl Twins {
    fn of(&mut self, provenances: &mut Vec<Provenance>, id: ProvenanceId) -> ProvenanceId {
        if let Some(twin) = self.made.get(&id) {
            return *twin;
        }
        let known = provenances.iter().find(|provenance| provenance.id == id);
        let twin = match known.filter(|provenance| provenance.certainty == Certainty::Certain) {
            None => id,
            Some(certain) => {
                let next = provenances.iter().map(|p| p.id.0).max().unwrap_or(0) + 1;
                let twin = Provenance {
                    id: ProvenanceId(next),
                    certainty: Certainty::Conjectured,
                    method: format!("{} A rule of the pipeline doubts it here.", certain.method),
                    ..certain.clone()
                };
                provenances.push(twin);
                ProvenanceId(next)
            }
        };
        self.made.insert(id, twin);
        // A twin is its own: asked for again it stays.
        self.made.insert(twin, twin);
        twin
    }
}

/// A fact that says who vouches for it.
trait Vouched: Fact {
    fn provenance(&mut self) -> &mut ProvenanceId;
}

macro_rules! vouched {
    ($($fact:ty),*) => {
        $(impl Vouched for $fact {
            fn provenance(&mut self) -> &mut ProvenanceId {
                &mut self.provenance
            }
        })*
    };
}
vouched!(Terrain, Surface, Bathymetry, Climate, LandCover);

fn dense<T: Vouched>(
    layer: &mut Dense<T>,
    zones: impl Iterator<Item = usize>,
    twin: &mut impl FnMut(ProvenanceId) -> ProvenanceId,
) {
    for index in zones {
        if let Some(mut fact) = layer.get(index) {
            *fact.provenance() = twin(*fact.provenance());
            layer.set(index, Some(fact));
        }
    }
}
