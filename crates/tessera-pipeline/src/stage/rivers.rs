//! Rivers of every map of lines, and of the drainage network where no map has them: each line keeps who drew it.

use super::dense::Of;
use super::notebook::{Notebook, Shared};
use std::ops::Range;
use tessera_stage::layers::river::{self, DrainageLink, RiverRecord, Rivers};
use tessera_stage::layers::{outlines, river_name::Named};
use tessera_stage::staged::Staged;
use tessera_world::{Certainty, ProvenanceId};

/// A dataset and the lines that it drew, by their index among all.
pub(super) struct Drawn {
    by: String,
    lines: Range<usize>,
    /// Of each of them, the dataset that gave it its Latin name.
    named_by: Vec<Option<String>>,
    method: &'static str,
}

/// The rivers of the world, and who drew their lines: the maps in their order, then the network.
pub(super) fn stage(
    staged: &mut Staged,
    notebook: &mut Notebook,
    maps: Vec<Of<Vec<RiverRecord>>>,
    named: &[Named],
    drainage: Option<Of<Vec<DrainageLink>>>,
) -> Vec<Drawn> {
    let certain = Certainty::Certain;
    let (mut records, mut provenances, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for (by, mut map) in maps {
        let provenance = Notebook::provenance(staged, "river", &by, certain, river::METHOD);
        let begin = records.len();
        records.append(&mut map);
        provenances.resize(records.len(), provenance);
        let lines = begin..records.len();
        all.push(Drawn { by, lines, named_by: Vec::new(), method: outlines::METHOD_RIVERS });
    }
    // Without a network no river has a size.
    let mut sized = ProvenanceId(0);
    let (network, links) = drainage.unzip();
    if let Some(network) = &network {
        sized = Notebook::provenance(staged, "river", network, certain, river::METHOD);
    }
    let ground = river::Ground {
        zones: &staged.zones,
        resolution: staged.resolution,
        surface: &staged.surface,
        terrain: &staged.terrain,
        climate: &staged.climate,
    };
    let provenances = river::Provenances { drawn: &provenances, sized };
    let links = links.unwrap_or_default();
    let mut rivers = river::stage(ground, &records, &links, named, provenances);
    let lines = records.len()..rivers.lines.len();
    if let Some(by) = network.filter(|_| !lines.is_empty()) {
        all.push(Drawn { by, lines, named_by: Vec::new(), method: outlines::METHOD_NETWORK });
    }
    for drawn in &mut all {
        drawn.named_by = rivers.named_by[drawn.lines.clone()].to_vec();
    }
    named_by_others(staged, &mut rivers);
    say(notebook, &rivers, &records, &all);
    staged.river = rivers.facts;
    staged.river_lines = rivers.lines;
    all
}

/// A river whose name is another dataset's than its line is made of both (decision 0074).
fn named_by_others(staged: &mut Staged, rivers: &mut Rivers) {
    let mut shared = Shared::default();
    for ((_, river), &(_, line)) in rivers.facts.iter_mut().zip(&rivers.traced) {
        if let Some(namer) = &rivers.named_by[line] {
            let namers = std::slice::from_ref(namer);
            river.provenance = shared.named_by(staged, river.provenance, namers);
        }
    }
}

fn say(notebook: &mut Notebook, rivers: &Rivers, records: &[RiverRecord], all: &[Drawn]) {
    for &zone in &rivers.loops_cut {
        let message = "two river lines led the water in a circle; it ends here".to_owned();
        notebook.find_at("river_loop_cut", zone, message);
    }
    for Drawn { by, lines, .. } in all {
        let turned = rivers.turned.iter().filter(|line| lines.contains(line)).count();
        if turned > 0 {
            let message = format!(
                "{turned} of {} river lines were drawn upstream and have been turned",
                lines.len()
            );
            notebook.find("river_turned", by, message);
        }
        let lost: Vec<usize> =
            rivers.names_lost.iter().copied().filter(|line| lines.contains(line)).collect();
        if let Some(record) = lost.first().and_then(|&line| records.get(line)) {
            let message = format!(
                "{} river names have lost letters to '?', first in row {}; they were left out",
                lost.len(),
                record.row
            );
            notebook.find("river_name_lost", by, message);
        }
    }
}

/// The lines as features, by the ids of the datasets that drew them.
pub(super) fn outline(staged: &mut Staged, all: &[Drawn]) {
    for Drawn { by, lines, named_by, method } in all {
        let own = Notebook::provenance(staged, "rivers", by, Certainty::Certain, method);
        let mut shared = Shared::default();
        let provenances: Vec<ProvenanceId> = named_by
            .iter()
            .map(|namer| match namer {
                Some(namer) => shared.named_by(staged, own, std::slice::from_ref(namer)),
                None => own,
            })
            .collect();
        let lines = staged.river_lines[lines.clone()].iter().zip(provenances);
        let features = outlines::rivers(lines, by);
        staged.features.extend(features);
    }
}
