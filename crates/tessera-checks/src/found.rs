//! What the checks gather while they walk: never more than a person reads, however large the world.
//!
//! The heaviest spots of a rule are kept, the rest are counted. Which spots are kept does not depend on how
//! the world was dealt out to threads: equal weights are told apart by their number.

use crate::finding::{Finding, Severity, finding};
use std::collections::BTreeMap;
use tessera_grid::{Position, Zone};

/// Findings of one rule that are listed one by one; a person reads no more.
pub const LISTED_MAX: usize = 50;

/// One place on the map where a rule is broken; the heavier, the earlier it is listed.
pub(crate) struct Spot {
    pub(crate) weight: f64,
    pub(crate) message: String,
    pub(crate) position: Option<Position>,
    pub(crate) zone: Option<Zone>,
}

impl Spot {
    pub(crate) fn zone(zone: Zone, weight: f64, message: String) -> Self {
        Self { weight, message, position: Some(zone.centre()), zone: Some(zone) }
    }

    pub(crate) const fn position(position: Option<Position>, weight: f64, message: String) -> Self {
        Self { weight, message, position, zone: None }
    }
}

/// The heaviest spots of one rule, the number of all, and the zones they doubt.
#[derive(Default)]
pub(crate) struct Heaviest {
    /// Heaviest first; number and spot.
    spots: Vec<(usize, Spot)>,
    pub(crate) count: u64,
    /// Indices of the world's zones.
    doubted: Vec<u32>,
}

impl Heaviest {
    /// A spot on a zone of the world, by its index; the message is made only for one that is kept.
    pub(crate) fn zone(
        &mut self,
        index: usize,
        zone: Zone,
        weight: f64,
        say: impl FnOnce() -> String,
    ) {
        self.doubted.extend(u32::try_from(index));
        self.put(index, weight, || Spot::zone(zone, weight, say()));
    }

    /// A spot anywhere, by the number of what it is about.
    pub(crate) fn put(&mut self, number: usize, weight: f64, spot: impl FnOnce() -> Spot) {
        self.count += 1;
        let before = |other: &(usize, Spot)| {
            other.1.weight.total_cmp(&weight).reverse().then(other.0.cmp(&number)).is_lt()
        };
        if self.spots.len() >= LISTED_MAX && self.spots.last().is_none_or(before) {
            return;
        }
        let at = self.spots.partition_point(before);
        self.spots.insert(at, (number, spot()));
        self.spots.truncate(LISTED_MAX);
    }

    /// Those that were kept, heaviest first.
    pub(crate) fn into_spots(self) -> impl Iterator<Item = Spot> {
        self.spots.into_iter().map(|(_, spot)| spot)
    }

    /// Adds what another thread has found in the zones after these.
    pub(crate) fn join(&mut self, later: Self) {
        let others = later.spots.len() as u64;
        for (number, spot) in later.spots {
            self.put(number, spot.weight, || spot);
        }
        self.count += later.count - others;
        self.doubted.extend(later.doubted);
    }
}

/// How many zones break a rule, and the first of them.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) count: u64,
    first: Option<Zone>,
}

impl Count {
    pub(crate) fn add(&mut self, zone: Zone) {
        self.first.get_or_insert(zone);
        self.count += 1;
    }

    pub(crate) fn add_if(&mut self, broken: bool, zone: Zone) {
        if broken {
            self.add(zone);
        }
    }

    pub(crate) fn join(&mut self, later: Self) {
        self.first = self.first.or(later.first);
        self.count += later.count;
    }
}

/// The findings of one check, and what they cast doubt on.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) findings: Vec<Finding>,
    /// Indices of zones by layer, in any order; one may stand twice.
    pub(crate) doubted: BTreeMap<String, Vec<u32>>,
}

impl Found {
    pub(crate) fn say(&mut self, code: &str, message: String) {
        self.findings.push(finding(code, message));
    }

    /// Lists the heaviest spots and counts the rest.
    pub(crate) fn heaviest(&mut self, code: &str, heaviest: Heaviest) {
        let rest = heaviest.count - heaviest.spots.len() as u64;
        for (_, spot) in heaviest.spots {
            self.findings.push(Finding {
                position: spot.position,
                zone: spot.zone,
                ..finding(code, spot.message)
            });
        }
        if rest > 0 {
            self.say(code, format!("and {rest} more, less marked"));
        }
        self.doubt(code, heaviest.doubted);
    }

    pub(crate) fn spots(&mut self, code: &str, spots: Vec<Spot>) {
        let mut heaviest = Heaviest::default();
        for (number, spot) in spots.into_iter().enumerate() {
            heaviest.put(number, spot.weight, || spot);
        }
        self.heaviest(code, heaviest);
    }

    /// One finding for all zones that break a rule, with the first of them on the map.
    pub(crate) fn zones(&mut self, code: &str, zones: Count, message: &str) {
        if let Some(first) = zones.first {
            self.findings.push(Finding {
                position: Some(first.centre()),
                zone: Some(first),
                ..finding(code, format!("{} zones, the first {first}: {message}", zones.count))
            });
        }
    }

    /// Sources that disagree about a layer: a finding of that layer.
    pub(crate) fn conflicts(&mut self, layer: &str, mut heaviest: Heaviest) {
        let from = self.findings.len();
        let doubted = std::mem::take(&mut heaviest.doubted);
        self.heaviest("conflict", heaviest);
        for finding in &mut self.findings[from..] {
            layer.clone_into(&mut finding.layer);
        }
        // What a source calls elevation, a zone calls terrain.
        let layer = if layer == "elevation" { "terrain" } else { layer };
        self.doubted.entry(layer.to_owned()).or_default().extend(doubted);
    }

    /// A warning about a zone's layer makes the zone's fact a conjecture.
    pub(crate) fn doubt(&mut self, code: &str, zones: Vec<u32>) {
        if let Some(rule) = crate::rule(code).filter(|rule| rule.severity == Severity::Warning) {
            self.doubted.entry(rule.layer.to_owned()).or_default().extend(zones);
        }
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.findings.extend(other.findings);
        for (layer, zones) in other.doubted {
            self.doubted.entry(layer).or_default().extend(zones);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(weight: f64) -> Spot {
        Spot::position(None, weight, format!("{weight}"))
    }

    fn kept(heaviest: &Heaviest) -> Vec<usize> {
        heaviest.spots.iter().map(|(number, _)| *number).collect()
    }

    #[test]
    fn the_heaviest_are_kept_and_all_are_counted_however_they_were_dealt_out() {
        let weight = |number: usize| f64::from((number * 37 % 100) as u32 / 2);
        let mut whole = Heaviest::default();
        let (mut first, mut second) = (Heaviest::default(), Heaviest::default());
        for number in 0..200 {
            whole.put(number, weight(number), || spot(weight(number)));
            let half = if number < 120 { &mut first } else { &mut second };
            half.put(number, weight(number), || spot(weight(number)));
        }
        first.join(second);
        assert_eq!((whole.count, first.count), (200, 200));
        assert_eq!(kept(&whole), kept(&first));
        assert_eq!(whole.spots.len(), LISTED_MAX);
        let mut expected: Vec<usize> = (0..200).collect();
        expected.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(a.cmp(b)));
        assert_eq!(kept(&whole), expected[..LISTED_MAX]);
    }
}
