//! How crowded a route is: departures, which are forgotten over some windows.
//!
//! A load is counted in thousandths of a departure and held at what the smaller of the two harbours can
//! turn round, so that a crowd begins to thin in the first window without departures. Saturation is in
//! thousandths of a quiet route: 1000 where nobody sails, 2000 where no berth is left.

/// What is left of yesterday's load: n departures in every window settle at 5 n.
const KEPT_PERMILLE: i64 = 800;
pub(crate) const SATURATION_NEUTRAL: i64 = 1000;
pub(crate) const SATURATION_MOST: i64 = 2000;

/// `berths` are those of the smaller harbour.
pub(crate) fn after(load: i64, departures: i64, berths: i64) -> i64 {
    let kept = load.saturating_mul(KEPT_PERMILLE) / 1000;
    let full = berths.max(1).saturating_mul(1000);
    kept.saturating_add(departures.max(0).saturating_mul(1000)).clamp(0, full)
}

pub(crate) fn saturation_permille(load: i64, berths: i64) -> i64 {
    (SATURATION_NEUTRAL + load / berths.max(1)).clamp(SATURATION_NEUTRAL, SATURATION_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_fills_and_empties() {
        let mut load = 0;
        let seen = [4, 4, 8, 0, 0].map(|departures| {
            load = after(load, departures, 8);
            saturation_permille(load, 8)
        });
        assert_eq!(seen, [1500, 1900, 2000, 1800, 1640]);
        assert_eq!(after(0, i64::MAX, 8), 8000);
        let emptied = (0..100).fold(load, |load, _window| after(load, 0, 8));
        assert_eq!(emptied, 0);
    }
}
