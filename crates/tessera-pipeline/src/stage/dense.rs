//! The layers that nearly every zone has, all in one walk over the zones: a zone's spans are worked out once.

use super::notebook::Notebook;
use geo_types::Polygon;
use std::sync::Arc;
use tessera_grid::Zone;
use tessera_stage::dense::Dense;
use tessera_stage::layers::climate::{self, Legend};
use tessera_stage::layers::doubt::{self, Verdict};
use tessera_stage::layers::terrain::{self, Heights, Relief};
use tessera_stage::layers::{land_cover, surface};
use tessera_stage::raster::Raster;
use tessera_stage::scan::{Rows, Span, sweep};
use tessera_stage::sparse::Sparse;
use tessera_stage::staged::{Clash, Staged};
use tessera_world::{
    Bathymetry, Certainty, Climate, LandCover, ProvenanceId, Surface, SurfaceKind, Terrain,
};

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

/// One source of heights, and whose facts they are when it is sure, doubted or standing in.
struct Source<'a> {
    id: Arc<str>,
    heights: Heights<'a>,
    sure: ProvenanceId,
    doubted: ProvenanceId,
}

/// Everything a zone is asked.
struct Questions<'a> {
    rows: Rows,
    base: Option<(Source<'a>, ProvenanceId)>,
    checks: Vec<Source<'a>>,
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
    let base = elevation.as_ref().map(|(id, raster)| {
        let sure = Notebook::provenance(staged, "terrain", id, certain, terrain::METHOD);
        let doubted = if elevation_checks.is_empty() {
            sure
        } else {
            Notebook::provenance(staged, "terrain", id, guess, doubt::METHOD_KEPT)
        };
        let depth = Notebook::provenance(staged, "bathymetry", id, certain, terrain::METHOD_DEPTH);
        let heights = Heights::new(raster);
        (Source { id: id.as_str().into(), heights, sure, doubted }, depth)
    });
    let checks = elevation_checks.iter().map(|(id, raster)| {
        let sure = Notebook::provenance(staged, "terrain", id, guess, doubt::METHOD_REPLACED);
        let heights = Heights::new(raster);
        Source { id: id.as_str().into(), heights, sure, doubted: sure }
    });
    let checks: Vec<Source<'_>> = checks.collect();
    let cut = land.as_ref().map(|(_, land)| surface::LandRows::cut(land, rows, staged.bbox));
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
    let questions = Questions { rows, base, checks, shore, masks, classes, cover };
    let mut facts = questions.of_all(&staged.zones, tick);
    if let Some(nearest) = islands {
        climate::fill_islands(&staged.zones, &facts.surface, &mut facts.climate, nearest);
    }
    drop(questions);
    facts.settle(staged);
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
        let relief = self
            .base
            .as_ref()
            .and_then(|(base, _)| Some((base, base.heights.relief(self.rows, spans)?)));
        let terrain = relief.map(|(base, relief)| {
            if surface.is_some_and(|surface| surface.kind == SurfaceKind::Land) {
                self.judged(base, relief, spans, index, &mut facts.clashes)
            } else {
                relief.terrain(base.sure)
            }
        });
        facts.terrain.push(terrain);
        let depth = self.base.as_ref().map(|(_, depth)| *depth);
        facts.bathymetry.push(
            relief
                .zip(surface)
                .zip(depth)
                .and_then(|(((_, relief), surface), depth)| relief.bathymetry(surface, depth)),
        );
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

    /// The base's terrain, or that of the check which stands in for it; a contradiction is kept.
    fn judged(
        &self,
        base: &Source<'_>,
        relief: Relief,
        spans: &[Span],
        index: usize,
        clashes: &mut Vec<(usize, Clash)>,
    ) -> Terrain {
        if self.checks.is_empty() {
            return relief.terrain(base.sure);
        }
        let reliefs: Vec<Option<Relief>> =
            self.checks.iter().map(|check| check.heights.relief(self.rows, spans)).collect();
        let means: Vec<Option<i32>> =
            reliefs.iter().map(|relief| relief.map(|relief| relief.mean_m())).collect();
        let clash =
            |rule: &str, chosen: &Source<'_>, metres: i32, other: &Source<'_>, other_m: i32| {
                let clash = Clash {
                    layer: "elevation".into(),
                    rule: rule.into(),
                    chosen: Arc::clone(&chosen.id),
                    chosen_value: metres.into(),
                    other: Arc::clone(&other.id),
                    other_value: other_m.into(),
                };
                (index, clash)
            };
        match doubt::judge(relief.mean_m(), &means) {
            Verdict::Holds => relief.terrain(base.sure),
            Verdict::Doubted => {
                let said = self.checks.iter().zip(&means);
                clashes.extend(said.filter_map(|(check, mean)| {
                    Some(clash(doubt::RULE_KEPT, base, relief.mean_m(), check, (*mean)?))
                }));
                relief.terrain(base.doubted)
            }
            Verdict::Replaced(at) => {
                let (check, chosen) = (&self.checks[at], reliefs[at].unwrap_or(relief));
                let rule = doubt::RULE_REPLACED;
                clashes.push(clash(rule, check, chosen.mean_m(), base, relief.mean_m()));
                chosen.terrain(check.sure)
            }
        }
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
