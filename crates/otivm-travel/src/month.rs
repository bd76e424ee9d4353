//! A month of the year, and days since the year began.

use serde::{Deserialize, Serialize};

/// January is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Month(u8);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a month; use 1 to 12")]
pub struct MonthError(u8);

/// Days before each month in a year that is no leap year.
const DAYS_BEFORE: [u16; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

impl Month {
    pub(crate) const DAYS_IN_YEAR: f64 = 365.25;
    pub const JULY: Self = Self(7);
    pub const JANUARY: Self = Self(1);

    pub fn all() -> impl Iterator<Item = Self> {
        (1..=12).map(Self)
    }

    /// January is 0.
    pub const fn index(self) -> usize {
        self.0 as usize - 1
    }

    /// The 15th, as days since the year began.
    pub fn middle(self) -> f64 {
        f64::from(DAYS_BEFORE[self.index()]) + 14.5
    }

    /// From its middle to the next middle of another.
    pub(crate) fn days_until(self, later: Self) -> f64 {
        (later.middle() - self.middle()).rem_euclid(Self::DAYS_IN_YEAR)
    }

    /// The months between whose middles a day lies, and how much of the way to the second is behind it.
    pub(crate) fn around(day: f64) -> (Self, Self, f64) {
        let day = day.rem_euclid(Self::DAYS_IN_YEAR);
        let holding = Self::holding(day);
        let next = |month: Self| Self(month.0 % 12 + 1);
        let before =
            if day >= holding.middle() { holding } else { Self((holding.0 + 10) % 12 + 1) };
        let after = next(before);
        let gap = before.days_until(after);
        (before, after, (day - before.middle()).rem_euclid(Self::DAYS_IN_YEAR) / gap)
    }

    /// The month that holds a day counted from the start of some year; may run past its end.
    pub fn holding(day: f64) -> Self {
        let day = day.rem_euclid(Self::DAYS_IN_YEAR);
        let past = DAYS_BEFORE.iter().filter(|&&before| f64::from(before) <= day).count();
        Self((past as u8).clamp(1, 12))
    }
}

impl TryFrom<u8> for Month {
    type Error = MonthError;
    fn try_from(raw: u8) -> Result<Self, MonthError> {
        if (1..=12).contains(&raw) { Ok(Self(raw)) } else { Err(MonthError(raw)) }
    }
}

impl From<Month> for u8 {
    fn from(month: Month) -> Self {
        month.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_fall_into_their_months_across_the_new_year() {
        let months =
            [0.0, 30.9, 31.0, 364.0, 365.3, 396.5].map(|day| u8::from(Month::holding(day)));
        assert_eq!(months, [1, 1, 2, 12, 1, 2]);
        assert!(Month::all().all(|month| Month::holding(month.middle()) == month));
    }

    #[test]
    fn a_thirteenth_month_is_refused() {
        assert_eq!(Month::try_from(13), Err(MonthError(13)));
        assert_eq!(Month::try_from(0), Err(MonthError(0)));
    }
}
