//! What an assay says, before it is drawn: the JSON is this, and the page shows nothing else.

use super::Assay;
use super::text::{counted, year};
use serde::Serialize;
use std::collections::BTreeMap;
use tessera_checks::difference::Comparison;
use tessera_checks::finding::{Finding, Quarantined, Report, Severity};
use tessera_checks::provinces::{self, Reached};
use tessera_grid::BBox;
use tessera_pipeline_api::ReleaseSummary;
use tessera_stage::staged::Staged;
use tessera_world::{Provenance, Source, SurfaceKind};

#[derive(Serialize)]
pub(super) struct Facts<'a> {
    pub(super) promotable: bool,
    /// One sentence: promotable or not, and why.
    pub(super) verdict: String,
    pub(super) release: Option<&'a ReleaseSummary>,
    pub(super) world: World<'a>,
    pub(super) findings: Findings<'a>,
    /// Kept in the quarantine or only counted.
    pub(super) rows_left_out: u64,
    pub(super) quarantine: &'a [Quarantined],
    pub(super) coverage: Vec<Coverage>,
    pub(super) provinces: Vec<Reached>,
    pub(super) comparison: &'a Comparison,
    pub(super) distributions: Vec<Distribution>,
    pub(super) sources: &'a [Source],
    pub(super) provenances: &'a [Provenance],
}

#[derive(Serialize)]
pub(super) struct World<'a> {
    pub(super) title: &'a str,
    /// Astronomical.
    pub(super) epoch: i32,
    pub(super) bbox: BBox,
    pub(super) resolution: u8,
    pub(super) zones: u64,
    /// Zones with any land: land and coast.
    pub(super) land_zones: u64,
    pub(super) places: u64,
    pub(super) river_lines: u64,
}

#[derive(Serialize)]
pub(super) struct Findings<'a> {
    pub(super) errors: u64,
    pub(super) warnings: u64,
    pub(super) notes: u64,
    /// Every rule that was run, the broken ones first.
    pub(super) rules: Vec<RuleOutcome<'a>>,
}

#[derive(Serialize)]
pub(super) struct RuleOutcome<'a> {
    pub(super) code: &'a str,
    pub(super) severity: Severity,
    pub(super) layer: &'a str,
    pub(super) sentence: &'a str,
    pub(super) why: &'a str,
    pub(super) findings: Vec<&'a Finding>,
}

/// How many zones a layer speaks of.
#[derive(Serialize)]
pub(super) struct Coverage {
    pub(super) layer: &'static str,
    pub(super) zones: u64,
    /// Of those, zones with any land.
    pub(super) land_zones: u64,
    /// How much of the world the layer is meant to cover, one sentence.
    pub(super) meant: &'static str,
}

/// A histogram: `counts[i]` values lie in `[first + i·width, first + (i+1)·width)`; the last bin holds
/// what lies beyond it too, the first what lies below.
#[derive(Serialize)]
pub(super) struct Distribution {
    pub(super) title: &'static str,
    pub(super) of: &'static str,
    pub(super) unit: &'static str,
    pub(super) first: f64,
    pub(super) width: f64,
    pub(super) counts: Vec<u64>,
    pub(super) minimum: Option<f64>,
    pub(super) median: Option<f64>,
    pub(super) maximum: Option<f64>,
}

impl<'a> Facts<'a> {
    pub(super) fn gather(assay: Assay<'a>) -> Self {
        let Assay { staged, report, comparison, release } = assay;
        let land = land_of(staged);
        Self {
            promotable: report.promotable(),
            verdict: verdict(report),
            release,
            world: World {
                title: &staged.title,
                epoch: staged.epoch,
                bbox: staged.bbox,
                resolution: staged.resolution.into(),
                zones: staged.zones.len() as u64,
                land_zones: land.iter().filter(|land| **land).count() as u64,
                places: staged.places.len() as u64,
                river_lines: staged.river_lines.len() as u64,
            },
            findings: Findings {
                errors: report.count(Severity::Error) as u64,
                warnings: report.count(Severity::Warning) as u64,
                notes: report.count(Severity::Note) as u64,
                rules: outcomes(report),
            },
            rows_left_out: report.left_out(),
            quarantine: &report.quarantine,
            coverage: coverage(staged, &land),
            provinces: provinces::reached(staged),
            comparison,
            distributions: distributions(staged, &land),
            sources: &staged.sources,
            provenances: &staged.provenances,
        }
    }

    pub(super) fn year(&self) -> String {
        year(self.world.epoch)
    }
}

fn verdict(report: &Report) -> String {
    let count = |severity| report.count(severity) as u64;
    let warnings = counted(count(Severity::Warning), "warning");
    let first = report.findings.iter().find(|finding| finding.severity == Severity::Error);
    match first {
        None => format!(
            "Promotable: no rule at error level is broken; {warnings} for a person to judge."
        ),
        Some(error) => format!(
            "Not promotable: {} must be mended first, beginning with {}: {}",
            counted(count(Severity::Error), "error"),
            error.rule,
            error.message
        ),
    }
}

/// Every rule of the table and every rule that was found broken, by severity, broken first.
fn outcomes(report: &Report) -> Vec<RuleOutcome<'_>> {
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        by_rule.entry(&finding.rule).or_default().push(finding);
    }
    let mut outcomes: Vec<RuleOutcome<'_>> = tessera_checks::TABLE
        .iter()
        .map(|rule| {
            let findings = by_rule.remove(rule.code).unwrap_or_default();
            RuleOutcome {
                code: rule.code,
                severity: gravest(&findings).unwrap_or(rule.severity),
                layer: rule.layer,
                sentence: rule.sentence,
                why: rule.why,
                findings,
            }
        })
        .collect();
    outcomes.extend(by_rule.into_iter().map(|(code, findings)| RuleOutcome {
        code,
        severity: gravest(&findings).unwrap_or(Severity::Error),
        layer: findings.first().map_or("", |finding| finding.layer.as_str()),
        sentence: "",
        why: "",
        findings,
    }));
    outcomes.sort_by_key(|outcome| (outcome.findings.is_empty(), outcome.severity));
    outcomes
}

/// A finding may weigh less than its rule: a dataset that was left out for its licence harms nobody.
fn gravest(findings: &[&Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).min()
}

/// Zone by zone, whether it has any land.
fn land_of(staged: &Staged) -> Vec<bool> {
    let any = |kind| kind != SurfaceKind::Sea;
    staged.surface.iter().map(|surface| surface.is_some_and(|surface| any(surface.kind))).collect()
}

fn coverage(staged: &Staged, land: &[bool]) -> Vec<Coverage> {
    let of = |layer, meant, has: &dyn Fn(usize) -> bool| {
        let on = |index: &usize| has(*index);
        Coverage {
            layer,
            zones: (0..land.len()).filter(on).count() as u64,
            land_zones: (0..land.len()).filter(on).filter(|&index| land[index]).count() as u64,
            meant,
        }
    };
    let coarse =
        |index: usize, has: &dyn Fn(usize) -> bool| staged.coarse_of(index).is_some_and(has);
    vec![
        of("terrain", "Every zone, the sea floor included.", &|i| staged.terrain.get(i).is_some()),
        of("surface", "Every zone.", &|i| staged.surface.get(i).is_some()),
        of("river", "Zones that a drawn river touches.", &|i| staged.river.get(i).is_some()),
        of("climate", "Every zone with land.", &|i| staged.climate.get(i).is_some()),
        of("bathymetry", "Every zone with sea.", &|i| staged.bathymetry.get(i).is_some()),
        of("lake", "Zones with lake water.", &|i| staged.lake.get(i).is_some()),
        of("land cover", "Every zone with land.", &|i| staged.land_cover.get(i).is_some()),
        of("wind", "Every zone.", &|i| coarse(i, &|at| staged.wind[at].is_some())),
        of("wind rose", "Zones with sea.", &|i| {
            coarse(i, &|at| staged.wind_rose.get(at).is_some())
        }),
        of("current", "Zones with sea.", &|i| coarse(i, &|at| staged.current[at].is_some())),
        of("rain", "Every zone.", &|i| {
            coarse(i, &|at| staged.weather[at].is_some_and(|weather| weather.rain.is_some()))
        }),
        of("temperature", "Every zone.", &|i| {
            coarse(i, &|at| staged.weather[at].is_some_and(|weather| weather.temperature.is_some()))
        }),
        of("geology", "Zones of a known crust or orogen.", &|i| {
            coarse(i, &|at| staged.geology[at].is_some())
        }),
        of("coast that moved", "Zones with another surface in some years.", &|i| {
            staged.surface_intervals.get(i).is_some()
        }),
        of("conflict", "Zones of which two sources say different things.", &|i| {
            staged.conflicts.get(i).is_some()
        }),
    ]
}

fn distributions(staged: &Staged, land: &[bool]) -> Vec<Distribution> {
    let terrain = |on_land: bool| {
        let zones = staged.terrain.iter().zip(land).filter(move |(_, land)| **land == on_land);
        zones.filter_map(|(terrain, _)| terrain)
    };
    let speeds =
        |month: usize| staged.wind.iter().flatten().map(move |wind| wind.months[month].speed_m_s());
    vec![
        distribution(
            "Elevation",
            "zones with land",
            "m",
            (-500.0, 250.0, 24),
            terrain(true).map(|t| t.elevation_mean_m.into()),
        ),
        distribution(
            "Sea floor",
            "zones without land",
            "m",
            (-6000.0, 250.0, 25),
            terrain(false).map(|t| t.elevation_mean_m.into()),
        ),
        distribution(
            "Ruggedness",
            "zones with land",
            "m",
            (0.0, 50.0, 20),
            terrain(true).map(|t| t.ruggedness_m.into()),
        ),
        distribution(
            "Slope",
            "zones with land",
            "‰",
            (0.0, 5.0, 24),
            terrain(true).map(|t| t.slope_permille.into()),
        ),
        distribution("Wind in January", "all zones", "m/s", (0.0, 0.5, 24), speeds(0)),
        distribution("Wind in July", "all zones", "m/s", (0.0, 0.5, 24), speeds(6)),
        distribution("Area drained", "river zones of known size", "log10 km²", (0.0, 0.25, 26), {
            staged
                .river
                .iter()
                .filter_map(|(_, river)| river.upstream_km2)
                .map(|km2| f64::from(km2.max(1)).log10())
        }),
        distribution(
            "Rank of places",
            "places, 1 is the greatest",
            "rank",
            (1.0, 1.0, 5),
            staged.places.iter().map(|place| place.rank.into()),
        ),
    ]
}

fn distribution(
    title: &'static str,
    of: &'static str,
    unit: &'static str,
    (first, width, bins): (f64, f64, usize),
    values: impl Iterator<Item = f64>,
) -> Distribution {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let mut counts = vec![0; bins];
    for value in &values {
        counts[(((value - first) / width).max(0.0) as usize).min(bins - 1)] += 1;
    }
    let median = values.get(values.len() / 2).copied();
    let (minimum, maximum) = (values.first().copied(), values.last().copied());
    Distribution { title, of, unit, first, width, counts, minimum, median, maximum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_counts_every_value_once_even_beyond_its_ends() {
        let values = [-3.0, 0.0, 0.9, 1.0, 2.5, 99.0];
        let found = distribution("", "", "", (0.0, 1.0, 3), values.into_iter());
        assert_eq!(found.counts, [3, 1, 2]);
        assert_eq!(
            (found.minimum, found.median, found.maximum),
            (Some(-3.0), Some(1.0), Some(99.0))
        );
        let none = distribution("", "", "", (0.0, 1.0, 3), std::iter::empty());
        assert_eq!((none.counts, none.median), (vec![0; 3], None));
    }
}
