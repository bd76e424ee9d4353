//! When crops come in, by day of the year (0 is 1 January).
//!
//! Wheat ripens later to the north: mid April in Upper Egypt, late June in Latium, August in Britain; barley is ahead
//! of it. Figs, vintage and olive harvest come in late summer, autumn and winter.

use crate::goods::GoodId;

/// Of wheat, in Latium.
pub(crate) const WHEAT_DAY: f64 = 175.0;
pub(crate) const LATIUM_DEGREES: f64 = 41.9;
pub(crate) const DAYS_A_DEGREE: f64 = 4.0;
/// How far ahead barley is, days.
pub(crate) const BARLEY_AHEAD: f64 = 20.0;
/// Wheat and barley, at the earliest and at the latest.
pub(crate) const WHEAT_DAYS: [f64; 2] = [90.0, 240.0];
pub(crate) const BARLEY_DAYS: [f64; 2] = [75.0, 220.0];
pub(crate) const FIGS_DAY: u16 = 240;
pub(crate) const VINTAGE_DAY: u16 = 270;
pub(crate) const OLIVES_DAY: u16 = 335;

pub(super) fn harvest_day(good: GoodId, latitude: f64) -> Option<u16> {
    let ripe = WHEAT_DAY + (latitude - LATIUM_DEGREES) * DAYS_A_DEGREE;
    let within = |day: f64, [least, most]: [f64; 2]| day.clamp(least, most) as u16;
    match good {
        GoodId::Wheat => Some(within(ripe, WHEAT_DAYS)),
        GoodId::Barley => Some(within(ripe - BARLEY_AHEAD, BARLEY_DAYS)),
        GoodId::Figs => Some(FIGS_DAY),
        GoodId::Wine | GoodId::WineOld | GoodId::WineNoble => Some(VINTAGE_DAY),
        GoodId::Oil => Some(OLIVES_DAY),
        _ => None,
    }
}
