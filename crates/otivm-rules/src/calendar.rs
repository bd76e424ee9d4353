//! The Roman calendar: Julian dates, Kalends, Nones and Ides, years of the City.

use crate::time::{DAY_US, WorldTime};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A day of the proleptic Julian calendar; years are astronomical (0 is 1 BC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date {
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

const MONTH_DAYS: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_IN_CYCLE: i64 = 4 * 365 + 1;
const ABBREVIATIONS: [&str; 12] = [
    "Ian.", "Feb.", "Mart.", "Apr.", "Mai.", "Iun.", "Iul.", "Aug.", "Sept.", "Oct.", "Nov.",
    "Dec.",
];
/// 753 BC is the year 1 of the City (Varro).
const CITY_FOUNDED: i64 = 753;

impl Date {
    /// The day that holds a world time.
    pub fn of(time: WorldTime) -> Self {
        Self::from_days(time.0.div_euclid(DAY_US))
    }

    /// Midnight at its beginning.
    pub fn start(self) -> WorldTime {
        WorldTime(self.days().saturating_mul(DAY_US))
    }

    /// Days since 1 January AD 1.
    pub fn days(self) -> i64 {
        let past = self.year - 1;
        let months: i64 =
            (1..self.month).map(|month| i64::from(month_days(self.year, month))).sum();
        past * 365 + past.div_euclid(4) + months + i64::from(self.day) - 1
    }

    fn from_days(days: i64) -> Self {
        let cycle = days.div_euclid(DAYS_IN_CYCLE);
        let in_cycle = days.rem_euclid(DAYS_IN_CYCLE);
        let year_in_cycle = (in_cycle / 365).min(3);
        let year = cycle * 4 + year_in_cycle + 1;
        let mut left = in_cycle - year_in_cycle * 365;
        let mut month = 1;
        while left >= i64::from(month_days(year, month)) {
            left -= i64::from(month_days(year, month));
            month += 1;
        }
        Self { year, month, day: left as u8 + 1 }
    }

    /// `a.d. VIII Kal. Oct.`
    pub fn roman(self) -> String {
        let nones = if matches!(self.month, 3 | 5 | 7 | 10) { 7 } else { 5 };
        let ides = nones + 8;
        let (name, month, left) = if self.day == 1 {
            ("Kal.", self.month, 0)
        } else if self.day <= nones {
            ("Non.", self.month, nones - self.day)
        } else if self.day <= ides {
            ("Id.", self.month, ides - self.day)
        } else {
            ("Kal.", self.month % 12 + 1, month_days(self.year, self.month) - self.day + 1)
        };
        let month_name = ABBREVIATIONS[usize::from(month) - 1];
        match left {
            0 => format!("{name} {month_name}"),
            1 => format!("pridie {name} {month_name}"),
            _ => self.counted(left, name, month_name),
        }
    }

    /// In a leap year the sixth day before the Kalends of March comes twice.
    fn counted(self, left: u8, name: &str, month_name: &str) -> String {
        if self.month == 2 && self.day > 13 && month_days(self.year, 2) == 29 {
            return match left {
                6 => format!("a.d. bis VI {name} {month_name}"),
                2..=5 => format!("a.d. {} {name} {month_name}", roman_numeral(u16::from(left) + 1)),
                _ => format!("a.d. {} {name} {month_name}", roman_numeral(u16::from(left))),
            };
        }
        format!("a.d. {} {name} {month_name}", roman_numeral(u16::from(left) + 1))
    }

    /// `ab urbe condita`, Varro's count.
    pub fn year_of_the_city(self) -> i64 {
        self.year + CITY_FOUNDED
    }

    /// Days since 1 January of its own year, from 0.
    pub fn day_of_year(self) -> i64 {
        self.days() - Self { month: 1, day: 1, ..self }.days()
    }
}

impl fmt::Display for Date {
    /// `0150-03-14`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn month_days(year: i64, month: u8) -> u8 {
    let leap = u8::from(month == 2 && year.rem_euclid(4) == 0);
    MONTH_DAYS[usize::from(month) - 1] + leap
}

/// 1 to 3999; other numbers are written in Arabic figures.
pub fn roman_numeral(number: u16) -> String {
    const STEPS: [(u16, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 3999 {
        return number.to_string();
    }
    let mut left = number;
    let mut text = String::new();
    for (value, letters) in STEPS {
        while left >= value {
            text.push_str(letters);
            left -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i64, month: u8, day: u8) -> Date {
        Date { year, month, day }
    }

    #[test]
    fn days_and_dates_agree_over_eight_centuries() {
        let mut expected = date(-100, 1, 1).days();
        for year in -100..700 {
            for month in 1..=12 {
                for day in 1..=month_days(year, month) {
                    let here = date(year, month, day);
                    assert_eq!((here.days(), Date::from_days(expected)), (expected, here));
                    expected += 1;
                }
            }
        }
    }

    #[test]
    fn roman_dates_count_down_to_kalends_nones_and_ides() {
        let cases = [
            (date(150, 9, 24), "a.d. VIII Kal. Oct."),
            (date(150, 3, 14), "pridie Id. Mart."),
            (date(150, 3, 15), "Id. Mart."),
            (date(150, 3, 7), "Non. Mart."),
            (date(150, 1, 1), "Kal. Ian."),
            (date(150, 12, 31), "pridie Kal. Ian."),
            (date(150, 12, 14), "a.d. XIX Kal. Ian."),
            (date(150, 1, 3), "a.d. III Non. Ian."),
            (date(150, 6, 8), "a.d. VI Id. Iun."),
            (date(150, 2, 24), "a.d. VI Kal. Mart."),
            (date(152, 2, 24), "a.d. bis VI Kal. Mart."),
            (date(152, 2, 25), "a.d. VI Kal. Mart."),
            (date(152, 2, 28), "a.d. III Kal. Mart."),
            (date(152, 2, 29), "pridie Kal. Mart."),
            (date(152, 2, 14), "a.d. XVI Kal. Mart."),
        ];
        for (day, expected) in cases {
            assert_eq!(day.roman(), expected, "{day}");
        }
    }

    #[test]
    fn the_world_of_antoninus_is_the_year_903_of_the_city() {
        assert_eq!(date(150, 3, 1).year_of_the_city(), 903);
        assert_eq!(Date::of(date(150, 3, 1).start()).to_string(), "0150-03-01");
        assert_eq!(Date::of(WorldTime(-1)), date(0, 12, 31));
    }
}
