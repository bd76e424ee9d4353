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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::ParameterId;

    #[test]
    fn a_clock_goes_from_the_very_moment_that_set_it_until_the_next_one() {
        let rate = |at, rate| (At(at), Fact::Parameter(ParameterId::Rate, rate));
        // The second sets what goes already, the last what no clock can go by.
        let clocks = Clocks::of(&[rate(100, 60), rate(200, 60), rate(300, 7), rate(400, 0)]);
        let went = [99, 100, 200, 299, 300, 400].map(|at| clocks.number(At(at)));
        assert_eq!(went, [0, 1, 1, 1, 2, 2]);
        let [first, second, third] = [0, 1, 2].map(|number| {
            let (clock, from, until) = clocks.numbered(number);
            (clock.rate, from.0, until.0)
        });
        assert_eq!(first, (288, i64::MIN, 100));
        assert_eq!((second, third), ((60, 100, 300), (7, 300, i64::MAX)));
        let told = clocks.world_time(At(300));
        assert_eq!(told, clocks.numbered(2).0.world_time(At(300)));
        assert_ne!(told, clocks.numbered(1).0.world_time(At(300)));
    }
}
