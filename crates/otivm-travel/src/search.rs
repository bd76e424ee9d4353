//! Shortest ways where an edge takes as long as its hour of departure makes it take.
//!
//! Labels are settled once, least arrival first (Dijkstra as Dreyfus 1969 carries it over to travel times that change). That is exact where who leaves later arrives later (FIFO, Dean 2004):
//! here every edge's time runs straight from the middle of one month to the middle of the next, and
//! falls by far less than a second a second.

use crate::queue::Queue;

pub(crate) const UNREACHED: u32 = u32::MAX;
pub(crate) const NOWHERE: u32 = u32::MAX;

/// What is searched. A step is `(to, seconds, weight)`: time under way, and how a traveller counts it.
pub(crate) trait Ground {
    fn states(&self) -> usize;
    /// Every step out of a state, left so many seconds after the start.
    fn steps(&self, state: u32, elapsed_s: u32, each: &mut impl FnMut(u32, f32, f32));
    /// Never more than the seconds that are left, if the end is reached before [`Ground::foreseen_s`].
    fn at_least(&self, state: u32) -> u32;
    /// Seconds after the start until which the ground is foreseen.
    fn foreseen_s(&self) -> u32;
}

/// Where a search begins or ends, and the seconds between there and the traveller's own door.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Door {
    pub(crate) state: u32,
    pub(crate) seconds: u32,
}

/// Scratch space, kept between searches.
#[derive(Default)]
pub(crate) struct Search {
    labels: Labels,
    queue: Queue,
}

/// States are even and odd by the side of their node; the labels of a side lie together, as a search is mostly
/// on one.
#[derive(Default)]
struct Labels {
    by_place: Vec<Label>,
    half: usize,
    touched: Vec<u32>,
}

impl Labels {
    fn place(&self, state: u32) -> usize {
        (state >> 1) as usize + (state & 1) as usize * self.half
    }

    fn of(&self, state: u32) -> Label {
        self.by_place[self.place(state)]
    }

    /// The label of a state, with what is left at least the first time that it is asked for.
    fn reached(&mut self, state: u32, ahead: impl Fn() -> u32) -> &mut Label {
        let place = self.place(state);
        let label = &mut self.by_place[place];
        if label.cost == UNREACHED {
            self.touched.push(state);
            label.ahead = ahead();
        }
        label
    }

    fn begin(&mut self, states: usize) {
        if self.by_place.len() == states {
            for state in std::mem::take(&mut self.touched) {
                let place = self.place(state);
                self.by_place[place] = Label::NONE;
            }
        } else {
            self.by_place = vec![Label::NONE; states];
            self.half = states / 2;
            self.touched.clear();
        }
    }
}

/// What is known of a state, together so that it is one look into memory.
#[derive(Clone, Copy)]
struct Label {
    /// Seconds as the traveller counts them.
    cost: u32,
    /// Seconds under way.
    elapsed: u32,
    came_from: u32,
    /// What is left at least; asked once a search.
    ahead: u32,
}

impl Label {
    const NONE: Self = Self { cost: UNREACHED, elapsed: UNREACHED, came_from: NOWHERE, ahead: 0 };

    /// Of a whole way through it, at least: either it ends within what is foreseen, or it goes on until then. Of
    /// that a sixteenth is left out, or all ways that go on would have one key, and be followed in no order.
    fn key(self, foreseen_s: u32) -> u32 {
        let foreseen_s = foreseen_s.saturating_sub(self.elapsed);
        self.cost.saturating_add(self.ahead.min(foreseen_s - foreseen_s / 16))
    }
}

impl Search {
    /// Runs until no way to a goal can be better than the best found; with no goals, to the end.
    pub(crate) fn run(
        &mut self,
        ground: &impl Ground,
        starts: &[Door],
        goals: &[Door],
    ) -> Option<Door> {
        self.labels.begin(ground.states());
        self.queue.clear();
        let foreseen_s = ground.foreseen_s();
        for Door { state, seconds } in starts.iter().copied() {
            let label = self.labels.reached(state, || ground.at_least(state));
            if seconds < label.cost {
                *label = Label { cost: seconds, elapsed: seconds, came_from: NOWHERE, ..*label };
                self.queue.push(label.key(foreseen_s), state);
            }
        }
        let mut best: Option<(u32, Door)> = None;
        while let Some((key, state)) = self.queue.pop() {
            if best.is_some_and(|(least, _)| key >= least) {
                break;
            }
            let label = self.labels.of(state);
            if key > label.key(foreseen_s) {
                continue;
            }
            let Label { cost, elapsed, .. } = label;
            for goal in goals.iter().filter(|goal| goal.state == state) {
                let whole = cost.saturating_add(goal.seconds);
                if best.is_none_or(|(least, _)| whole < least) {
                    best = Some((whole, *goal));
                }
            }
            let Self { labels, queue } = self;
            ground.steps(state, elapsed, &mut |to, seconds, weight| {
                let next = cost.saturating_add((seconds * weight) as u32);
                let label = labels.reached(to, || ground.at_least(to));
                if next < label.cost {
                    let elapsed = elapsed.saturating_add(seconds as u32);
                    *label = Label { cost: next, elapsed, came_from: state, ..*label };
                    queue.push(label.key(foreseen_s), to);
                }
            });
        }
        best.map(|(_, goal)| goal)
    }

    /// Seconds under way to a state of the last search.
    pub(crate) fn elapsed(&self, state: u32) -> Option<u32> {
        let label = self.labels.of(state);
        Some(label.elapsed).filter(|_| label.cost != UNREACHED)
    }

    /// From the start to a state, both included.
    pub(crate) fn states_to(&self, state: u32) -> Vec<u32> {
        let came =
            |state: &u32| Some(self.labels.of(*state).came_from).filter(|from| *from != NOWHERE);
        let mut states: Vec<u32> = std::iter::successors(Some(state), came).collect();
        states.reverse();
        states
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// A square of nodes, one side of each used, whose stretches differ.
    struct Plain {
        expanded: Cell<u32>,
        foreseen_s: u32,
    }

    const SIDE: u32 = 40;

    impl Ground for Plain {
        fn states(&self) -> usize {
            (SIDE * SIDE * 2) as usize
        }

        fn steps(&self, state: u32, _: u32, each: &mut impl FnMut(u32, f32, f32)) {
            self.expanded.set(self.expanded.get() + 1);
            let (x, y) = (state / 2 % SIDE, state / 2 / SIDE);
            for (to_x, to_y) in
                [(x + 1, y), (x, y + 1), (x.wrapping_sub(1), y), (x, y.wrapping_sub(1))]
            {
                if to_x < SIDE && to_y < SIDE {
                    let seconds = 1_000 + (state * 7 + to_x * 13 + to_y * 29) % 900;
                    each((to_y * SIDE + to_x) * 2, seconds as f32, 1.0);
                }
            }
        }

        /// Farther than anything that is foreseen.
        fn at_least(&self, _: u32) -> u32 {
            u32::MAX
        }

        fn foreseen_s(&self) -> u32 {
            self.foreseen_s
        }
    }

    #[test]
    fn beyond_what_is_foreseen_no_node_is_looked_at_again_and_again() {
        let found = |foreseen_s| {
            let ground = Plain { expanded: Cell::new(0), foreseen_s };
            let door = |state| Door { state, seconds: 0 };
            let mut search = Search::default();
            // Of equal keys the least node comes first: the one that is nearest to the goal.
            let start = (SIDE * SIDE - 1) * 2;
            assert!(search.run(&ground, &[door(start)], &[door(0)]).is_some());
            (search.elapsed(0), ground.expanded.get())
        };
        let (at_once, _) = found(0);
        let (elapsed, expanded) = found(80_000);
        assert_eq!(elapsed, at_once);
        assert!(expanded < SIDE * SIDE * 11 / 10, "{expanded}");
    }
}
