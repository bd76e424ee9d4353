//! Pressure on a price, and the multiplier that it makes. Integers only: the same windows give the same
//! multipliers on every machine.
//!
//! Pressure is counted in millionths of a market's depth, positive where more was sold than bought.
//! `multiplier = 1000 x exp(-pressure)`, between half and double; the pressure itself is held within the
//! bounds where that is so, so that a market begins to recover in the first window without trade,
//! however great the flood was.

/// What is left of yesterday's pressure. Half of a glut is eaten up in seven windows.
const KEPT_PERMILLE: i64 = 900;
/// ln 2 in millionths: a price at half or double.
pub(crate) const PRESSURE_MAX: i64 = 693_147;
pub(crate) const MULTIPLIER_LEAST: i64 = 500;
pub(crate) const MULTIPLIER_MOST: i64 = 2000;
pub(crate) const MULTIPLIER_NEUTRAL: i64 = 1000;

/// What a trade of `net_grams`, positive where it was sold, adds to the pressure.
pub(crate) fn of(net_grams: i64, depth_grams: i64) -> i64 {
    let added = i128::from(net_grams) * 1_000_000 / i128::from(depth_grams.max(1));
    // 60 tonnes in a market of a gram are far from the end of 64 bits.
    i64::try_from(added).unwrap_or(0)
}

/// The pressure after a window whose trades added so much.
pub(crate) fn after(pressure: i64, added: i64) -> i64 {
    let kept = i128::from(pressure) * i128::from(KEPT_PERMILLE) / 1000;
    let bound = i128::from(PRESSURE_MAX);
    i64::try_from((kept + i128::from(added)).clamp(-bound, bound)).unwrap_or(0)
}

/// Thousandths of the price without players.
pub(crate) fn multiplier_permille(pressure: i64) -> i64 {
    /// Digits carried through the series.
    const ONE: i128 = 1_000_000_000_000;
    /// The first term left out is below 1e-14 for |x| <= ln 2.
    const TERMS: i128 = 14;
    let x = -i128::from(pressure.clamp(-PRESSURE_MAX, PRESSURE_MAX)) * (ONE / 1_000_000);
    let (mut term, mut sum) = (ONE, ONE);
    for n in 1..=TERMS {
        term = term * x / (ONE * n);
        sum += term;
    }
    let permille = (sum * 1000 + ONE / 2) / ONE;
    i64::try_from(permille).unwrap_or(MULTIPLIER_NEUTRAL).clamp(MULTIPLIER_LEAST, MULTIPLIER_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_multiplier_is_the_exponential() {
        let at = |pressure| multiplier_permille(pressure);
        assert_eq!([at(0), at(100_000), at(-100_000)], [1000, 905, 1105]);
        assert_eq!([at(PRESSURE_MAX), at(-PRESSURE_MAX)], [500, 2000]);
        assert_eq!([at(i64::MAX), at(i64::MIN)], [500, 2000]);
    }

    #[test]
    fn the_greatest_glut_is_gone_in_a_season() {
        let mut pressure = after(0, i64::MAX);
        assert_eq!(multiplier_permille(pressure), MULTIPLIER_LEAST);
        let mut windows = 0;
        while multiplier_permille(pressure) != MULTIPLIER_NEUTRAL {
            pressure = after(pressure, 0);
            windows += 1;
        }
        assert_eq!(windows, 69);
    }

    proptest! {
        #[test]
        fn it_agrees_with_floating_point_and_stays_within_its_bounds(pressure in -2 * PRESSURE_MAX..2 * PRESSURE_MAX) {
            let exact = (1000.0 * (-(pressure as f64) / 1e6).exp()).round().clamp(500.0, 2000.0);
            prop_assert!((multiplier_permille(pressure) as f64 - exact).abs() <= 1.0);
        }

        #[test]
        fn selling_more_never_raises_a_price(
            pressure in -PRESSURE_MAX..=PRESSURE_MAX, net in any::<i32>(), more in 0..i32::MAX, depth in 1..i64::MAX,
        ) {
            let price = |net: i64| multiplier_permille(after(pressure, of(net, depth)));
            prop_assert!(price(i64::from(net) + i64::from(more)) <= price(i64::from(net)));
        }

        #[test]
        fn without_trade_a_price_comes_nearer_to_neutral(pressure in -PRESSURE_MAX..=PRESSURE_MAX) {
            let next = after(pressure, 0);
            prop_assert!(next.abs() < pressure.abs() || (next, pressure) == (0, 0));
            prop_assert!(next.signum() == 0 || next.signum() == pressure.signum());
        }
    }
}
