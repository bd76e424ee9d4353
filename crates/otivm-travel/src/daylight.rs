//! Hours of light in which a coaster sails.

use crate::Month;
use std::f64::consts::TAU;

/// Twilight before and after that serves to leave and to make an anchorage, hours together.
const TWILIGHT_HOURS: f64 = 1.0;
const OBLIQUITY_DEGREES: f64 = 23.66;

/// Share of a day in the middle of a month, the obliquity of AD 150.
pub(crate) fn share(latitude: i8, month: Month) -> f64 {
    hours(f64::from(latitude), month) / 24.0
}

pub(crate) fn hours(latitude: f64, month: Month) -> f64 {
    let since_solstice = (month.middle() + 10.0) / 365.25;
    let declination = -OBLIQUITY_DEGREES.to_radians() * (TAU * since_solstice).cos();
    let half = (-latitude.to_radians().tan() * declination.tan()).clamp(-1.0, 1.0).acos();
    (half / TAU * 48.0 + TWILIGHT_HOURS).min(24.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rome_has_fifteen_hours_in_june_and_nine_in_december() {
        let light = [6, 12, 3].map(|month| {
            (hours(41.9, Month::try_from(month).unwrap()) - TWILIGHT_HOURS).round() as u32
        });
        assert_eq!(light, [15, 9, 12]);
    }
}
