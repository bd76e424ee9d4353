//! The layers that nearly every zone has, all in one walk over the zones: a zone's spans are worked out once.

use super::notebook::Notebook;
use geo_types::Polygon;
use std::sync::Arc;
use tessera_grid::Zone;
use tessera_stage::dense::Dense;
use tessera_stage::layers::climate::{self, Legend};
use tessera_stage::layers::doubt::{self, Verdict, Weighed};
use tessera_stage::layers::terrain::{self, Dispute, Heights};
use tessera_stage::layers::{land_cover, surface};
use tessera_stage::raster::Raster;
use tessera_stage::scan::{Rows, Span, sweep};
use tessera_stage::sparse::Sparse;
use tessera_stage::staged::{Clash, Staged};
use tessera_world::{Bathymetry, Certainty, Climate, LandCover, ProvenanceId, Surface, Terrain};

/// Shares of land further apart than this contradict each other, thousandths: two drawings of one coast at
/// 1 km differ by a pixel or two along a zone's edge.
const LAND_CONTRADICTION_PERMILLE: u16 = 500;
const METHOD_COAST_DOUBTED: &str = "Another map of the coast contradicts this one by more than half of the \
     zone; the land polygons are kept.";

const METHOD_COMPARED: &str =
    "Compared with the land polygons in every zone; where both agree, nothing of it is kept.";

/// A dataset's id with what it gave.
pub(super) type Of<T> = (String, T);

/// What the dense layers are made from.
#[derive(Default)]
pub(super) struct Given {
    pub(super) elevation: Option<Of<Raster>>,
    pub(super) elevation_checks: Vec<Of<Raster>>,
    pub(super) land: Option<Of<Vec<Polygon>>>,
    /// A mask, and the number in it that is sea.
    pub(super) land_checks: Vec<Of<(Raster<u8>, u8)>>,
    pub(super) climate: Option<Of<(Raster<u8>, Legend)>>,
    pub(super) land_cover: Option<Of<Raster<u8>>>,
}

/// The dense layers of a share of zones, and the clashes by index within it.
#[derive(Clone)]
struct Facts {
    terrain: Dense<Terrain>,
    surface: Dense<Surface>,
    bathymetry: Dense<Bathymetry>,
    climate: Dense<Climate>,
    land_cover: Dense<LandCover>,
    clashes: Vec<(usize, Clash)>,
}

impl Facts {
    fn none() -> Self {
        Self {
            terrain: Dense::empty(0),
            surface: Dense::empty(0),
            bathymetry: Dense::empty(0),
            climate: Dense::empty(0),
            land_cover: Dense::empty(0),
            clashes: Vec::new(),
        }
    }

    fn append(&mut self, part: Self) {
        let begin = self.terrain.len();
        self.terrain.extend(&part.terrain);
        self.surface.extend(&part.surface);
        self.bathymetry.extend(&part.bathymetry);
        self.climate.extend(&part.climate);
        self.land_cover.extend(&part.land_cover);
        self.clashes.extend(part.clashes.into_iter().map(|(index, clash)| (begin + index, clash)));
    }

    fn settle(self, staged: &mut Staged) {
        staged.terrain = self.terrain;
        staged.surface = self.surface;
        staged.bathymetry = self.bathymetry;
        staged.climate = self.climate;
        staged.land_cover = self.land_cover;
        staged.conflicts = Sparse::from_unsorted(self.clashes);
    }
}

/// The heights, and whose facts they are: the base's when it is sure or doubted, or of a check that stands in.
struct Ground<'a> {
    heights: Heights<'a>,
    base: Arc<str>,
    sure: ProvenanceId,
    doubted: ProvenanceId,
    depth: ProvenanceId,
    checks: Vec<StandIn>,
}

/// A check, and whose facts its heights are by the rule that let it stand in.
struct StandIn {
    id: Arc<str>,
    replaced: ProvenanceId,
    risen: ProvenanceId,
}

impl<'a> Ground<'a> {
    fn new(staged: &mut Staged, id: &str, weighed: &'a Weighed<'a>, checks: &[Of<Raster>]) -> Self {
        let (certain, guess) = (Certainty::Certain, Certainty::Conjectured);
        let sure = Notebook::provenance(staged, "terrain", id, certain, terrain::METHOD);
        let doubted = if checks.is_empty() {
            sure
        } else {
            Notebook::provenance(staged, "terrain", id, guess, doubt::METHOD_KEPT)
        };
        let depth = Notebook::provenance(staged, "bathymetry", id, certain, terrain::METHOD_DEPTH);
        let stand_ins = checks.iter().map(|(id, _)| {
            let mut by = |method| Notebook::provenance(staged, "terrain", id, guess, method);
            let (replaced, risen) = (by(doubt::METHOD_REPLACED), by(doubt::METHOD_RISEN));
            StandIn { id: id.as_str().into(), replaced, risen }
        });
        let checks = stand_ins.collect();
        Self { heights: Heights::new(weighed), base: id.into(), sure, doubted, depth, checks }
    }

    fn provenance(&self, dispute: Option<&Dispute>) -> ProvenanceId {
        match dispute.map_or(Verdict::Holds, |dispute| dispute.verdict) {
            Verdict::Holds => self.sure,
            Verdict::Doubted => self.doubted,
            Verdict::Replaced(check) => self.checks[check].replaced,
            Verdict::Risen(check) => self.checks[check].risen,
        }
    }

    /// What is kept of a dispute over a zone that was given this mean height.
    fn clashes(&self, dispute: &Dispute, mean_m: i32) -> Vec<Clash> {
        let clash = |chosen: &Arc<str>, other: &Arc<str>, other_m: i32| Clash {
            layer: "elevation".into(),
            rule: dispute.verdict.rule().into(),
            chosen: Arc::clone(chosen),
            chosen_value: mean_m.into(),
            other: Arc::clone(other),
            other_value: other_m.into(),
        };
        if let Some(check) = dispute.verdict.stand_in() {
            return vec![clash(&self.checks[check].id, &self.base, dispute.base_m)];
        }
        let said = self.checks.iter().zip(&dispute.checks_m);
        said.filter_map(|(check, mean)| Some(clash(&self.base, &check.id, (*mean)?))).collect()
    }
}

/// Everything a zone is asked.
struct Questions<'a> {
    rows: Rows,
    ground: Option<Ground<'a>>,
    shore: Option<(surface::Shore<'a>, Arc<str>, ProvenanceId)>,
    masks: Vec<(Arc<str>, &'a Raster<u8>, u8)>,
    classes: Option<climate::Classes<'a>>,
    cover: Option<land_cover::Cover>,
}

pub(super) fn stage(
    staged: &mut Staged,
    rows: Rows,
    given: Given,
    tick: &(dyn Fn(u64) + Sync),
) -> Option<surface::LandRows> {
    let Given { elevation, elevation_checks, land, land_checks, climate, land_cover } = given;
    let (certain, guess) = (Certainty::Certain, Certainty::Conjectured);
    let cut = land.as_ref().map(|(_, land)| surface::LandRows::cut(land, rows, staged.bbox));
    let on_land = |longitude, latitude| {
        cut.as_ref().is_some_and(|land: &surface::LandRows| land.holds(longitude, latitude))
    };
    let rasters: Vec<&Raster> = elevation_checks.iter().map(|(_, raster)| raster).collect();
    let weighed = elevation.as_ref().map(|(id, base)| (id, Weighed::new(base, &rasters, on_land)));
    let ground =
        weighed.as_ref().map(|(id, weighed)| Ground::new(staged, id, weighed, &elevation_checks));
    let shore = land.as_ref().zip(cut.as_ref()).map(|((id, _), land)| {
        let provenance = Notebook::provenance(staged, "surface", id, certain, surface::METHOD);
        let doubted = if land_checks.is_empty() {
            provenance
        } else {
            Notebook::provenance(staged, "surface", id, guess, METHOD_COAST_DOUBTED)
        };
        (surface::Shore { land, provenance }, Arc::from(id.as_str()), doubted)
    });
    for (id, _) in &land_checks {
        Notebook::provenance(staged, "surface", id, guess, METHOD_COMPARED);
    }
    let mut islands = None;
    let classes = climate.as_ref().map(|(id, (raster, legend))| {
        let read = Notebook::provenance(staged, "climate", id, certain, climate::METHOD);
        islands = Some(Notebook::provenance(staged, "climate", id, guess, climate::METHOD_NEAREST));
        climate::Classes::new(raster, legend, read)
    });
    let cover = land_cover.map(|(id, raster)| {
        let certainty = Certainty::Hypothetical;
        let method = land_cover::METHOD;
        let provenance = Notebook::provenance(staged, "land_cover", &id, certainty, method);
        land_cover::Cover::new(raster, provenance)
    });
    let masks = land_checks.iter().map(|(id, (raster, sea))| (id.as_str().into(), raster, *sea));
    let masks = masks.collect();
    let questions = Questions { rows, ground, shore, masks, classes, cover };
    let mut facts = questions.of_all(&staged.zones, tick);
    if let Some(nearest) = islands {
        climate::fill_islands(&staged.zones, &facts.surface, &mut facts.climate, nearest);
    }
    drop(questions);
    facts.settle(staged);
    staged.heights = weighed.map_or_else(Raster::empty, |(_, weighed)| weighed.heights);
    staged.elevation = elevation.map_or_else(Raster::empty, |(_, raster)| raster);
    staged.land = land.map(|(_, land)| land).unwrap_or_default();
    cut
}

impl Questions<'_> {
    fn of_all(&self, zones: &[Zone], tick: &(dyn Fn(u64) + Sync)) -> Facts {
        let mut facts = Facts::none();
        let parts = sweep(
            zones,
            self.rows,
            |_zones| Facts::none(),
            |facts, _zone, spans| self.ask(spans, facts),
            tick,
        );
        for part in parts {
            facts.append(part);
        }
        facts
    }

    fn ask(&self, spans: &[Span], facts: &mut Facts) {
        let index = facts.terrain.len();
        let surface = self.surface(spans, index, &mut facts.clashes);
        facts.surface.push(surface);
        let ground = self.ground.as_ref();
        let relief =
            ground.and_then(|ground| Some((ground, ground.heights.relief(self.rows, spans)?)));
        facts.terrain.push(
            relief
                .as_ref()
                .map(|(ground, relief)| relief.terrain(ground.provenance(relief.dispute.as_ref()))),
        );
        let depth = relief.as_ref().zip(surface);
        facts.bathymetry.push(
            depth.and_then(|((ground, relief), surface)| relief.bathymetry(surface, ground.depth)),
        );
        if let Some((ground, relief)) = &relief {
            let kept = relief.dispute.iter().flat_map(|it| ground.clashes(it, relief.mean_m()));
            facts.clashes.extend(kept.map(|clash| (index, clash)));
        }
        facts.climate.push(self.classes.as_ref().and_then(|it| it.fact(self.rows, spans)));
        facts.land_cover.push(self.cover.as_ref().and_then(|it| it.fact(self.rows, spans)));
    }

    fn surface(
        &self,
        spans: &[Span],
        index: usize,
        clashes: &mut Vec<(usize, Clash)>,
    ) -> Option<Surface> {
        let (shore, id, doubted) = self.shore.as_ref()?;
        let mut fact = shore.fact(spans);
        for (other, mask, sea) in &self.masks {
            let Some(permille) = land_permille(mask, *sea, self.rows, spans) else { continue };
            if permille.abs_diff(fact.land_permille) > LAND_CONTRADICTION_PERMILLE {
                fact.provenance = *doubted;
                clashes.push((
                    index,
                    Clash {
                        layer: "surface".into(),
                        rule: doubt::RULE_KEPT.into(),
                        chosen: Arc::clone(id),
                        chosen_value: fact.land_permille.into(),
                        other: Arc::clone(other),
                        other_value: permille.into(),
                    },
                ));
            }
        }
        Some(fact)
    }
}

/// The share of a zone that a mask does not call sea, thousandths.
fn land_permille(mask: &Raster<u8>, sea: u8, rows: Rows, spans: &[Span]) -> Option<u16> {
    let (mut all, mut land) = (0.0, 0.0);
    mask.under(rows, spans, |node| {
        all += node.weight;
        land += if node.value == sea { 0.0 } else { node.weight };
    });
    (all > 0.0).then(|| (1000.0 * land / all).round() as u16)
}
