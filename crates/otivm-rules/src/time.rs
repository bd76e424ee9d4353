//! Real time and world time, both in whole microseconds, and the clock that ties them together.

use serde::{Deserialize, Serialize};

pub const SECOND_US: i64 = 1_000_000;
pub const DAY_US: i64 = 86_400 * SECOND_US;

/// Real time: microseconds since 1970, UTC. The primary key of a moment.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct At(pub i64);

/// World time: microseconds since 1 January AD 1, proleptic Julian calendar.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct WorldTime(pub i64);

/// World time = origin + (at - start) x rate; the three are parameters of each database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorldClock {
    pub origin: WorldTime,
    pub start: At,
    /// World seconds in a real second, at least 1.
    pub rate: i64,
    /// Real length of a market's window, at least one second.
    pub window_us: i64,
}

/// A market's window, counted from 1970.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Window(pub i64);

impl At {
    pub const fn plus(self, microseconds: i64) -> Self {
        Self(self.0.saturating_add(microseconds))
    }
}

impl WorldClock {
    /// Saturates at the ends of what 64 bits hold (292,000 years).
    pub fn world_time(self, at: At) -> WorldTime {
        let elapsed = i128::from(at.0) - i128::from(self.start.0);
        let world = i128::from(self.origin.0) + elapsed * i128::from(self.rate.max(1));
        WorldTime(saturated(world))
    }

    /// The first real microsecond at which world time has reached `world`.
    pub fn at(self, world: WorldTime) -> At {
        let elapsed = i128::from(world.0) - i128::from(self.origin.0);
        let rate = i128::from(self.rate.max(1));
        let real = elapsed.div_euclid(rate) + i128::from(elapsed.rem_euclid(rate) != 0);
        At(saturated(i128::from(self.start.0) + real))
    }

    /// Real time that passes while the world's clock moves on, rounded up.
    pub fn real_duration(self, world_us: i64) -> i64 {
        let rate = self.rate.max(1);
        world_us.div_euclid(rate) + i64::from(world_us.rem_euclid(rate) != 0)
    }

    pub fn window(self, at: At) -> Window {
        Window(at.0.div_euclid(self.window_us.max(SECOND_US)))
    }

    /// When a window ends, which is when the next begins.
    pub fn window_end(self, window: Window) -> At {
        At(window.0.saturating_add(1).saturating_mul(self.window_us.max(SECOND_US)))
    }
}

/// One world day of real time, at least five seconds: shorter windows would hold next to nothing.
pub fn window_us(rate: i64) -> i64 {
    (DAY_US / rate.max(1)).max(5 * SECOND_US)
}

fn saturated(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> WorldClock {
        let rate = 288;
        WorldClock { origin: WorldTime(7), start: At(1_000), rate, window_us: window_us(rate) }
    }

    #[test]
    fn five_real_minutes_are_a_world_day_and_a_window() {
        assert_eq!(clock().window_us, 300 * SECOND_US);
        assert_eq!(clock().world_time(At(1_000 + 300 * SECOND_US)), WorldTime(7 + DAY_US));
        assert_eq!(window_us(1_000_000), 5 * SECOND_US);
    }

    #[test]
    fn the_clock_reads_both_ways() {
        for world in [7, 8, 294, 295, 7 + DAY_US, -3] {
            let at = clock().at(WorldTime(world));
            assert!(clock().world_time(at).0 >= world, "{world}");
            assert!(clock().world_time(At(at.0 - 1)).0 < world, "{world}");
        }
    }

    #[test]
    fn no_time_overflows_the_clock() {
        assert_eq!(clock().world_time(At(i64::MAX)), WorldTime(i64::MAX));
        assert_eq!(clock().world_time(At(i64::MIN)), WorldTime(i64::MIN));
    }
}
