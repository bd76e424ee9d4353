//! What a caller takes for granted: the life as it was when it looked. Two tabs cannot surprise each other.

use super::PlayError;
use crate::players::Desk;

/// From `If-Match`: the tags of `/me` and `/session` begin with the revision of the life.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Expected {
    /// The caller did not say.
    #[default]
    Nothing,
    /// `*`: any life at all.
    Any,
    Revisions(Vec<i64>),
}

impl Expected {
    /// Weak tags, and tags that are none of ours, match nothing.
    pub(crate) fn parse(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        let revision = |tag: &str| {
            let (revision, _hash) =
                tag.trim().strip_prefix('"')?.strip_suffix('"')?.split_once('-')?;
            revision.parse().ok()
        };
        Self::Revisions(header.split(',').filter_map(revision).collect())
    }

    pub(super) fn check(&self, desk: &mut Desk) -> Result<(), PlayError> {
        let Self::Revisions(expected) = self else { return Ok(()) };
        let revision = desk.life()?.state().last_at.map_or(0, |last| last.0);
        if expected.contains(&revision) { Ok(()) } else { Err(PlayError::ChangedMeanwhile) }
    }

    /// Where acting on an old view would cost too much.
    pub(super) fn must_be_said(&self) -> Result<(), PlayError> {
        match self {
            Self::Nothing => Err(PlayError::ConditionMissing),
            Self::Any | Self::Revisions(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_read_as_rfc_9110_has_it() {
        assert_eq!(Expected::parse("*"), Expected::Any);
        let revisions = |text| match Expected::parse(text) {
            Expected::Revisions(revisions) => revisions,
            other => panic!("{other:?}"),
        };
        assert_eq!(revisions(r#""7-ab", "8-cd""#), [7, 8]);
        for none in [r#"W/"7-ab""#, "7-ab", r#""x-ab""#, "", r#""7""#] {
            assert!(revisions(none).is_empty(), "{none}");
        }
    }
}
