//! The life behind: its moments, and the intervals they amount to.

use super::{PlayError, act::moment_view, rfc3339, world_date};
use crate::players::Desk;
use otivm_api::{Label, Ledger, LedgerLine, Moments, Timeline};
use otivm_rules::{
    At, State, labels,
    ledger::{Account, Commodity},
};
use std::{cmp::Reverse, fmt, str::FromStr};

pub(crate) fn moments(
    desk: &mut Desk,
    after: At,
    limit: usize,
    name: Option<&str>,
) -> Result<Moments, PlayError> {
    // One more than asked for says whether there is a next page.
    let wanted = limit.saturating_add(1);
    let mut found = match name {
        Some(name) => desk.db().after_named(after, name, wanted)?,
        None => desk.db().after(after, wanted)?,
    };
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.at.0);
    let state = desk.life()?.state();
    Ok(Moments { moments: found.iter().map(|moment| moment_view(moment, state)).collect(), next })
}

/// What of the timeline is asked for.
pub(crate) struct Span {
    /// Only labels of this kind.
    pub(crate) kind: Option<labels::LabelKind>,
    /// Only what ended before.
    pub(crate) before: Option<Place>,
    pub(crate) limit: usize,
}

/// Where a label stands on the timeline, the last first: by its end, its beginning and its kind.
///
/// What has ended never moves again, so that the pages behind a place stay as they are while the life goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The end of time while it lasts.
    to: At,
    from: At,
    kind: labels::LabelKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`before` is what `earlier` of the last page said, as it said it")]
pub(crate) struct PlaceError;

/// A page of labels, what lasts or ended last first.
pub(crate) fn timeline(desk: &mut Desk, now: At, span: &Span) -> Result<Timeline, PlayError> {
    let at = desk.present(now)?;
    let told = labels::of_moments(&desk.db().history()?, at);
    let mut found: Vec<(Place, labels::Label)> = told
        .into_iter()
        .filter(|label| span.kind.is_none_or(|kind| label.label == kind))
        .map(|label| (Place::of(&label), label))
        .filter(|(place, _)| span.before.is_none_or(|before| *place < before))
        .collect();
    found.sort_by_key(|(place, _)| Reverse(*place));
    let more = found.len() > span.limit;
    found.truncate(span.limit);
    let earlier = found.last().filter(|_| more).map(|(place, _)| place.to_string());
    let labels = found.into_iter().map(|(_, label)| label_view(label)).collect();
    Ok(Timeline { labels, earlier })
}

fn label_view(mut label: labels::Label) -> Label {
    if label.to.is_none()
        && let Some(detail) = label.detail.as_object_mut()
    {
        // Of a voyage under way it would tell what delays are to come; `/me` says when she is expected.
        detail.remove("arrives_at");
    }
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

impl Place {
    fn of(label: &labels::Label) -> Self {
        Self { to: label.to.unwrap_or(At(i64::MAX)), from: label.from, kind: label.label }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.to.0, self.from.0, self.kind)
    }
}

impl FromStr for Place {
    type Err = PlaceError;
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().ok_or(PlaceError);
        let (to, from, kind) = (next()?, next()?, next()?);
        let time = |part: &str| part.parse().map(At).map_err(|_digits| PlaceError);
        let kind = labels::LabelKind::from_name(kind).ok_or(PlaceError)?;
        Ok(Self { to: time(to)?, from: time(from)?, kind })
    }
}

/// What the life has come to, account by account.
pub(crate) fn ledger(state: &State) -> Ledger {
    let line = |(account, commodity, balance): (&Account, Commodity, i128)| {
        let place = account.place().map(ToString::to_string);
        LedgerLine {
            account: account.to_string().split(':').next().unwrap_or_default().to_owned(),
            place,
            good: match commodity {
                Commodity::Coin => None,
                Commodity::Good(good) => Some(good.as_str().to_owned()),
            },
            balance: i64::try_from(balance).unwrap_or(if balance < 0 {
                i64::MIN
            } else {
                i64::MAX
            }),
        }
    };
    let lines = state.ledger.iter().map(line).filter(|line| line.balance != 0).collect();
    Ledger { lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_it_was_written_and_nothing_else_is_one() {
        let place = Place { to: At(i64::MAX), from: At(7), kind: labels::LabelKind::Chapter };
        assert_eq!(place.to_string(), "9223372036854775807.7.chapter");
        assert_eq!(place.to_string().parse(), Ok(place));
        for text in
            ["", "1", "1.2", "1.2.", "1.2.war", "x.2.voyage", "99999999999999999999.1.otium"]
        {
            assert_eq!(text.parse::<Place>(), Err(PlaceError), "{text:?}");
        }
    }
}
