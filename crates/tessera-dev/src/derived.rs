//! A window as it goes to 1102, and the record of how it came to be.

use crate::{
    derive::{Counted, Memory},
    rounds::{Places, Span, StepError},
    storage::{Decided, NewWindow, Record},
};
use jiff::Timestamp;
use otivm_api::Snapshot;
use sha2::{Digest, Sha256};
use tessera_dev_api::{RejectedRow, Share, ShareOutcome};
use tessera_store_api::{DerivedWindow, PriceMultiplier, RouteSaturation};

/// The rule of a snapshot that is rejected whole, in one row for all of its own.
const REJECTED_WHOLE: &str = "more_than_a_full_house";
/// Rejected rows that are kept to look at; a broken node would fill the disk with them.
const REJECTED_ROWS_MAX: usize = 100;

pub(crate) struct Derivation {
    body: String,
    sha256: String,
    record: Record,
    memory: Memory,
    counts: Counts,
}

#[derive(Clone, Copy)]
struct Counts {
    contributions: u32,
    rejected: u32,
    prices: usize,
    routes: usize,
}

/// All of a window's parts are decided.
pub(crate) fn derive_window(
    window: i64,
    span: Span,
    shares: &[Decided],
    memory: &Memory,
    places: &Places,
) -> Result<Derivation, StepError> {
    let mut counted = Counted::default();
    let mut record = Record { nodes: Vec::new(), rejected_rows: Vec::new() };
    for share in shares {
        let (contributions, rejected_count, rejected) = match &share.body {
            None => (0, 0, Vec::new()),
            Some(body) => {
                let snapshot: Snapshot = serde_json::from_str(body)
                    .map_err(|source| StepError::Body { window, source })?;
                let rejected = counted.add(&snapshot, &places.towns);
                let contributions = count(snapshot.contributions.len());
                let is_whole = rejected.iter().any(|row| row.rule == REJECTED_WHOLE);
                let rejected_count = if is_whole { contributions } else { count(rejected.len()) };
                (contributions, rejected_count, rejected)
            }
        };
        record.nodes.push(Share {
            node: share.node.clone(),
            outcome: share.outcome,
            contributions,
            rejected: rejected_count,
            sha256: share.sha256.clone(),
            reason: share.reason.clone(),
        });
        let room = REJECTED_ROWS_MAX.saturating_sub(record.rejected_rows.len());
        record.rejected_rows.extend(rejected.into_iter().take(room).map(|row| RejectedRow {
            node: share.node.clone(),
            rule: row.rule.to_owned(),
            what: row.what,
        }));
    }
    let memory = memory.after(&counted, &places.towns);
    let derived = wire(window, span, &record, &memory, places)?;
    let body =
        serde_json::to_string(&derived).map_err(|source| StepError::Body { window, source })?;
    let counts = Counts {
        contributions: record.nodes.iter().map(|node| node.contributions).sum(),
        rejected: record.nodes.iter().map(|node| node.rejected).sum(),
        prices: derived.prices.len(),
        routes: derived.routes.len(),
    };
    Ok(Derivation { sha256: hex::encode(Sha256::digest(&body)), body, record, memory, counts })
}

fn wire(
    window: i64,
    span: Span,
    record: &Record,
    memory: &Memory,
    places: &Places,
) -> Result<DerivedWindow, StepError> {
    let time =
        |micros| Timestamp::from_microsecond(micros).map_err(|_range| StepError::Time(window));
    let counted = record.nodes.iter().filter(|node| node.outcome == ShareOutcome::Counted);
    let derived = DerivedWindow {
        window: u64::try_from(window).map_err(|_negative| StepError::Time(window))?,
        nodes: counted.map(|node| node.node.clone()).collect(),
        from: time(span.from(window))?,
        to: time(span.to(window))?,
        prices: memory
            .prices()
            .into_iter()
            .map(|price| PriceMultiplier {
                place: price.place,
                good: price.good,
                multiplier_permille: permille(price.multiplier_permille),
            })
            .collect(),
        routes: memory
            .routes(&places.towns)
            .into_iter()
            .map(|route| RouteSaturation {
                from: route.from,
                to: route.to,
                saturation_permille: permille(route.saturation_permille),
            })
            .collect(),
        release: places.release.clone(),
    };
    derived.canonical().map_err(|source| StepError::Derived { window, source })
}

impl Derivation {
    pub(crate) fn as_new(&self, window: i64) -> NewWindow<'_> {
        let Self { body, sha256, record, memory, counts: _ } = self;
        NewWindow { window, body, sha256, record, memory }
    }

    pub(crate) fn log(&self, window: i64) {
        let left_out = |share: &&Share| share.outcome != ShareOutcome::Counted;
        let Counts { contributions, rejected, prices, routes } = self.counts;
        let nodes = self.record.nodes.len();
        let left_out = self.record.nodes.iter().filter(left_out).count();
        tracing::info!(
            window,
            nodes,
            left_out,
            contributions,
            rejected,
            prices,
            routes,
            "a window is derived"
        );
        for row in &self.record.rejected_rows {
            tracing::warn!(
                window,
                node = row.node,
                rule = row.rule,
                what = row.what,
                "a row is not counted"
            );
        }
    }
}

/// Bounded by 500 and 2000 where they are made.
fn permille(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(1000)
}

/// Bounded by the size of an answer where they come in.
fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::Town;

    fn departures(count: usize, to: &str) -> Decided {
        let row = serde_json::json!({ "kind": "departure", "from": "ostia", "to": to });
        let (from, to) = (300_000_000_i64, 600_000_000_i64);
        let body = serde_json::json!({
            "window": 1, "from": from, "to": to, "contributions": vec![row; count],
        });
        Decided {
            node: "otivm-dev".to_owned(),
            outcome: ShareOutcome::Counted,
            body: Some(body.to_string()),
            sha256: None,
            reason: None,
        }
    }

    /// Rows of the snapshot, those of them that were not counted, and rows that say why.
    fn judged(share: Decided) -> (u32, u32, usize) {
        let town = Town { rank: 1, population: None };
        let places = Places {
            release: "0123456789abcdef0123456789abcdef".parse().unwrap(),
            towns: [("ostia".to_owned(), town), ("gades".to_owned(), town)].into(),
        };
        let span = Span { window_us: 300_000_000 };
        let derivation = derive_window(1, span, &[share], &Memory::default(), &places).unwrap();
        let Record { nodes, rejected_rows } = derivation.record;
        (nodes[0].contributions, nodes[0].rejected, rejected_rows.len())
    }

    #[test]
    fn rows_of_a_snapshot_that_is_rejected_whole_are_all_rejected() {
        assert_eq!(judged(departures(256, "gades")), (256, 0, 0));
        assert_eq!(judged(departures(257, "gades")), (257, 257, 1));
        assert_eq!(judged(departures(3, "atlantis")), (3, 3, 3));
    }
}
