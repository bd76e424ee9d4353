//! The life behind: its moments, and the intervals they amount to.

use super::{PlayError, act::moment_view, rfc3339, world_date};
use crate::players::Desk;
use otivm_api::{Label, Moments, Timeline};
use otivm_rules::{At, labels};

pub(crate) fn moments(desk: &mut Desk, after: At, limit: usize) -> Result<Moments, PlayError> {
    // One more than asked for says whether there is a next page.
    let mut found = desk.db().after(after, limit.saturating_add(1))?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.at.0);
    Ok(Moments { moments: found.iter().map(moment_view).collect(), next })
}

pub(crate) fn timeline(desk: &mut Desk, now: At) -> Result<Timeline, PlayError> {
    let at = desk.present(now)?;
    let clock = desk.life()?.state().parameters.clock();
    let labels = labels::of_moments(&desk.db().history()?, at, &clock);
    Ok(Timeline { labels: labels.into_iter().map(label_view).collect() })
}

fn label_view(label: labels::Label) -> Label {
    Label {
        label: label.label.to_string(),
        title: label.title,
        from: rfc3339(label.from),
        to: label.to.map(rfc3339),
        world_from: world_date(label.world_from),
        world_to: label.to.map(|_| world_date(label.world_to)),
        evidence: label.evidence.into_iter().map(|at| at.0).collect(),
        detail: label.detail,
    }
}
