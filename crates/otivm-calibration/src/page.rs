//! `docs/calibration.md`.

use crate::{
    fit::FOLDS,
    legs::{Kind, Voyage},
    measure::{self, Found, Measured, Score},
};
use otivm_travel::{NAMED, Parameters};
use std::fmt::Write;

/// An attested voyage with the engine's days in its quickest month of April to October, and in its slowest.
pub(crate) struct Sailed {
    pub(crate) voyage: Voyage,
    pub(crate) found: Option<(Found, Found)>,
}

pub(crate) struct Page<'a> {
    pub(crate) title: &'a str,
    pub(crate) measured: &'a [Measured],
    pub(crate) sailed: &'a [Sailed],
}

/// Pairs of places whose ways differ by less than this share are not called asymmetric.
const ASYMMETRIC: f64 = 0.1;

const BEGIN: &str = "<!-- folds -->";
const END: &str = "<!-- end of folds -->";

pub(crate) const FOLD_HEADING: &str = "\
| parameters of | legs | median, in fold | p90, in fold | median, out of fold | p90, out of fold | asymmetry, out of fold |
|---|---|---|---|---|---|---|
";

impl Page<'_> {
    pub(crate) fn tables(&self) -> String {
        let mut text = "\
| legs | n | no way | median error of days | p90 | bias of days | bias of km | cost, asses a denarius |
|---|---|---|---|---|---|---|---|
"
        .to_owned();
        for kind in Kind::ALL {
            let of: Vec<&Measured> =
                self.measured.iter().filter(|leg| leg.leg.kind == kind).collect();
            text.push_str(&row(kind.as_str(), &of));
        }
        let groups: [(&str, &[Kind]); 2] = [
            ("**sea**", &[Kind::Coastal, Kind::Overseas]),
            ("**river**", &[Kind::Downstream, Kind::Upstream]),
        ];
        for (name, kinds) in groups {
            let of: Vec<&Measured> =
                self.measured.iter().filter(|leg| kinds.contains(&leg.leg.kind)).collect();
            text.push_str(&row(name, &of));
        }
        let (right, pairs) = measure::asymmetry(self.measured, ASYMMETRIC);
        let share = 100.0 * right as f64 / pairs.max(1) as f64;
        let _infallible = writeln!(
            text,
            "\nThe slower direction is the right one on {right} of {pairs} pairs of sea legs whose published days differ by more than a tenth ({share:.1} %).\n"
        );
        text.push_str(&self.voyages());
        text
    }

    fn voyages(&self) -> String {
        let mut text = "\
| voyage | told by | kind | wind told | days told | days here | km a day told | km a day here |
|---|---|---|---|---|---|---|---|
"
        .to_owned();
        for Sailed { voyage, found } in self.sailed {
            let told = voyage.great_circle_km / voyage.days_min;
            let (days, pace) =
                found.map_or(("none".to_owned(), String::new()), |(quickest, slowest)| {
                    let pace = voyage.great_circle_km / quickest.days;
                    (format!("{:.1} to {:.1}", quickest.days, slowest.days), format!("{pace:.0}"))
                });
            let _infallible = writeln!(
                text,
                "| {} to {} | {} | {} | {} | {} to {} | {days} | {told:.0} | {pace} |",
                voyage.from,
                voyage.to,
                voyage.ancient_source,
                voyage.kind,
                voyage.wind,
                voyage.days_min,
                voyage.days_max
            );
        }
        let pace = |of: &dyn Fn(&Sailed) -> Option<f64>| {
            self.sailed
                .iter()
                .filter_map(|sailed| Some(sailed.voyage.great_circle_km / of(sailed)?))
                .fold(0.0, f64::max)
        };
        let told =
            pace(&|sailed| Some(sailed.voyage.days_min).filter(|_| sailed.voyage.kind != "fleet"));
        let here = pace(&|sailed| Some(sailed.found?.0.days));
        let _infallible = writeln!(
            text,
            "\nFastest told (galleys of fleets left out): {told:.0} km a day. Fastest here, in the best month of each: {here:.0} km a day."
        );
        text
    }

    pub(crate) fn document(&self, folds: &str) -> String {
        format!(
            "{HEAD}\nThe world: {}.\n\n{}\n![Days here against days published](calibration.svg)\n\n{}\n## On pairs of places left out\n\n{FOLD_TEXT}\n{BEGIN}\n{folds}{END}\n\n{TAIL}",
            self.title,
            self.tables(),
            parameters()
        )
    }
}

/// The legs of each kind that are farthest off.
pub(crate) fn worst(measured: &[Measured], most: usize) -> String {
    let mut text =
        "| legs | from | to | km published | km here | days published | days here |\n|---|---|---|---|---|---|---|\n"
            .to_owned();
    for kind in Kind::ALL {
        let mut of: Vec<&Measured> = measured.iter().filter(|leg| leg.leg.kind == kind).collect();
        of.sort_by(|a, b| b.error().total_cmp(&a.error()));
        for Measured { leg, found } in of.into_iter().take(most) {
            let (km, days) = found.map_or(("none".to_owned(), "none".to_owned()), |found| {
                (format!("{:.0}", found.km), format!("{:.2}", found.days))
            });
            let _infallible = writeln!(
                text,
                "| {} | {} | {} | {:.0} | {km} | {:.2} | {days} |",
                kind.as_str(),
                leg.source_name,
                leg.target_name,
                leg.km,
                leg.days
            );
        }
    }
    text
}

fn row(name: &str, of: &[&Measured]) -> String {
    let Some(Score { legs, without_way, median, p90, bias, km_bias }) =
        measure::score(of.iter().copied())
    else {
        return String::new();
    };
    let costs: Vec<f64> = of
        .iter()
        .filter_map(|leg| Some(leg.found?.asses_tonne / (leg.leg.expense * 1000.0)))
        .filter(|ratio| ratio.is_finite())
        .collect();
    let cost = measure::quantile(&costs, 0.5).unwrap_or(f64::NAN);
    format!(
        "| {name} | {legs} | {without_way} | {:.1} % | {:.1} % | {:+.1} % | {:+.1} % | {cost:.2} |\n",
        median * 100.0,
        p90 * 100.0,
        bias * 100.0,
        km_bias * 100.0
    )
}

pub(crate) fn fold_row(name: &str, within: &[Measured], without: &[Measured]) -> String {
    let figures = |measured: &[Measured]| {
        measure::score(measured.iter()).map_or((0.0, 0.0), |score| (score.median, score.p90))
    };
    let (inside, outside) = (figures(within), figures(without));
    let (right, pairs) = measure::asymmetry(without, ASYMMETRIC);
    let asymmetry = if pairs > 0 { format!("{right} of {pairs}") } else { String::new() };
    format!(
        "| {name} | {} | {:.1} % | {:.1} % | {:.1} % | {:.1} % | {asymmetry} |\n",
        within.len(),
        inside.0 * 100.0,
        inside.1 * 100.0,
        outside.0 * 100.0,
        outside.1 * 100.0
    )
}

/// What the fit on all legs found, before it was rounded into the engine.
pub(crate) fn fitted(mut found: Parameters) -> String {
    let values: Vec<String> = NAMED
        .into_iter()
        .map(|named| format!("`{}` {:.3}", named.id, *(named.of)(&mut found)))
        .collect();
    format!("\nFitted on all of them: {}.\n", values.join(", "))
}

fn parameters() -> String {
    let mut text = "\
## The parameters

| id | value | unit | bounds | what it is | where its bounds come from |
|---|---|---|---|---|---|
"
    .to_owned();
    let mut held = Parameters::default();
    for named in NAMED {
        let value = *(named.of)(&mut held);
        let _infallible = writeln!(
            text,
            "| `{}` | {value} | {} | {} to {} | {} | {} |",
            named.id, named.unit, named.least, named.most, named.meaning, named.source
        );
    }
    text
}

/// The section of an older page, kept while nothing is fitted anew.
pub(crate) fn kept_folds(page: &str) -> Option<String> {
    let (_, after) = page.split_once(BEGIN)?;
    let (section, _) = after.split_once(END)?;
    Some(section.trim_start_matches('\n').to_owned())
}

const HEAD: &str = "\
# Calibration of travel

Written by `cargo xtask calibrate`; do not edit. Half of the published legs of ORBIS (Scheidel and Meeks) and
half of a table of voyages that ancient authors tell of are compared with the engine. The other half nobody here
has seen. The files lie beside the project and are not part of it (`--data` names another folder).

A leg is asked for from position to position: overseas legs as `sea`, coastal ones as `coast`, by a *corbita maior*;
rivers as `river`; roads as `road`, on foot. ORBIS states no season; the month is July, which its legs fit best. An error is
the engine's days over the published ones, less one; a leg without a way counts as 100 %. `slow ship` and `fast boat` are ORBIS's second
speed for the same water: they are shown and not fitted, as one boat has one speed. The last column is the freight here over ORBIS's expense
(denarii of the Edict): one figure in all rows would mean that the modes cost as much against each other as they did there.
";

const FOLD_TEXT: &str = "\
The parameters were fitted by the simplex of Nelder and Mead on the mean of |ln(days here / days published)|, each leg at most
0.7. The pairs of places fall into five folds, both directions in the same; each fold was measured with parameters fitted on the other four.
";

const TAIL: &str = "\
## What the engine cannot see

- A zone is 16 km wide. Necks of land thinner than that are known by name (`BARRIERS` in the travel crate: the Isthmus,
  Suez, the Chersoneses, the spines of long thin capes); a neck that is not in that list and lies within zones that hold both shores is sailed through.
- Short legs in archipelagos are as long as the map of their publisher has them; below 40 km the middle of a zone is a poor harbour.
- Bends of rivers below a zone's size are one factor for all rivers. ORBIS has a speed for each river (the Danube 45, the Nile 100 downstream; the Rhône, Saône and Tiber 10 upstream); the engine
  has one downstream, more by night in deserts, and one upstream, and the wind. Rivers that the map lacks (the Orontes, the Ouse) run on the drainage network's grid of 5 km, not in their beds.
- Straits that one walks dry-shod on the map (the Bosporus, the Hellespont) are a ferry that costs no wait.
- The published file has two nodes whose latitude and longitude are exchanged (Portus, Aufidus): no way is found, rightly.
";

/// Keeps the count of folds in the text true.
const _: () = assert!(FOLDS == 5, "the page says five");
