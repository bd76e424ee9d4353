//! The clocks that a life was lived by: its own world's, and another's from the day on which it moved there.

use crate::{
    fact::Fact,
    parameters::Parameters,
    time::{At, WorldClock, WorldTime},
};

/// Each from the moment that set it until the next one.
pub(super) struct Clocks(Vec<(At, WorldClock)>);

impl Clocks {
    pub(super) fn of(history: &[(At, Fact)]) -> Self {
        let mut parameters = Parameters::default();
        let mut clocks = vec![(At(i64::MIN), parameters.clock())];
        for (at, fact) in history {
            let Fact::Parameter(id, value) = fact else { continue };
            // As in the fold: one out of its bounds leaves the old in force.
            let clock = parameters.set(*id, *value).map(|()| parameters.clock());
            if let Ok(clock) = clock
                && clocks.last().is_none_or(|(_, last)| *last != clock)
            {
                clocks.push((*at, clock));
            }
        }
        Self(clocks)
    }

    /// Which of them went at a moment.
    pub(super) fn number(&self, at: At) -> usize {
        self.0.partition_point(|(from, _)| *from <= at).saturating_sub(1)
    }

    /// It, and from when until when it went; to the end of time where it goes still.
    pub(super) fn numbered(&self, number: usize) -> (WorldClock, At, At) {
        let (from, clock) = self.0[number];
        let until = self.0.get(number + 1).map_or(At(i64::MAX), |(next, _)| *next);
        (clock, from, until)
    }

    pub(super) fn world_time(&self, at: At) -> WorldTime {
        self.numbered(self.number(at)).0.world_time(at)
    }
}
