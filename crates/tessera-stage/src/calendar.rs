//! In which month a time of a file falls, by the calendar that the file counts in (CF conventions, "Calendar").
//!
//! Models of the climate count in years without leap days or of twelve times thirty days: read by ours, their times
//! drift by a month in a century. `jiff` knows our calendar alone, so days are counted here.

use tessera_formats::TimeAxis;

const SECONDS_A_DAY: i64 = 86_400;
/// A time further from its origin is no time; the sum of both stays in 64 bits.
const SECONDS_MAX: f64 = 1e15;

/// How the months of a file's years are long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Calendar {
    /// Julian before 15 October 1582, the day after 4 October, and Gregorian from then on: what a file without a
    /// word about it means.
    Standard,
    Gregorian,
    Julian,
    NoLeap,
    AllLeap,
    Thirties,
}

/// The names that the conventions give, in small letters.
const NAMES: [(&str, Calendar); 10] = [
    ("", Calendar::Standard),
    ("standard", Calendar::Standard),
    ("gregorian", Calendar::Standard),
    ("proleptic_gregorian", Calendar::Gregorian),
    ("julian", Calendar::Julian),
    ("noleap", Calendar::NoLeap),
    ("365_day", Calendar::NoLeap),
    ("all_leap", Calendar::AllLeap),
    ("366_day", Calendar::AllLeap),
    ("360_day", Calendar::Thirties),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Date {
    year: i64,
    month: u8,
    day: i64,
}

/// The first day of the Gregorian calendar, and its number there.
const REFORM: Date = Date { year: 1582, month: 10, day: 15 };
const REFORM_DAY: i64 = 577_735;
/// The Julian calendar began its year 1 so many days before the Gregorian would have.
const JULIAN_AHEAD_DAYS: i64 = 2;

impl Calendar {
    fn named(name: &str) -> Result<Self, String> {
        let known = name.trim().to_lowercase();
        let found = NAMES.into_iter().find(|(name, _)| *name == known);
        found.map(|(_, calendar)| calendar).ok_or_else(|| {
            let names: Vec<&str> = NAMES[1..].iter().map(|(name, _)| *name).collect();
            let (names, name) = (names.join(", "), name.trim());
            format!(
                "its time is counted in the calendar {name:?}, which is not known; convert it to one of {names}"
            )
        })
    }

    /// Days of a month from 1 on; none where there is no such month.
    fn days(self, year: i64, month: u8) -> i64 {
        let fourth = year % 4 == 0;
        let leap = match self {
            Self::Standard if year <= REFORM.year => fourth,
            Self::Gregorian | Self::Standard => fourth && (year % 100 != 0 || year % 400 == 0),
            Self::Julian => fourth,
            Self::AllLeap => true,
            Self::NoLeap | Self::Thirties => false,
        };
        match month {
            1..=12 if self == Self::Thirties => 30,
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            _ => 0,
        }
    }

    /// Years after which they repeat, and their days.
    const fn cycle(self) -> (i64, i64) {
        match self {
            Self::Gregorian | Self::Standard => (400, 146_097),
            Self::Julian => (4, 1_461),
            Self::NoLeap => (1, 365),
            Self::AllLeap => (1, 366),
            Self::Thirties => (1, 360),
        }
    }

    /// A day's number; 0 is 1 January of the year 1.
    fn number(self, date: Date) -> i64 {
        if self == Self::Standard {
            return if date < REFORM {
                Self::Julian.number(date) - JULIAN_AHEAD_DAYS
            } else {
                Self::Gregorian.number(date)
            };
        }
        let (years, days) = self.cycle();
        let cycles = (date.year - 1).div_euclid(years);
        let whole_months = months()
            .take_while(|&(year, month)| (year + cycles * years, month) < (date.year, date.month));
        let within: i64 = whole_months.map(|(year, month)| self.days(year, month)).sum();
        cycles * days + within + date.day - 1
    }

    /// The month of the day of a number.
    fn month(self, number: i64) -> u8 {
        if self == Self::Standard {
            return if number < REFORM_DAY {
                Self::Julian.month(number + JULIAN_AHEAD_DAYS)
            } else {
                Self::Gregorian.month(number)
            };
        }
        let mut left = number.rem_euclid(self.cycle().1);
        let mut holding = months().skip_while(|&(year, month)| {
            left -= self.days(year, month);
            left >= 0
        });
        holding.next().map_or(1, |(_, month)| month)
    }
}

/// Months from January of the year 1 on.
fn months() -> impl Iterator<Item = (i64, u8)> {
    (1..).flat_map(|year| (1..=12).map(move |month| (year, month)))
}

/// The month, from 1, of a time on an axis in units such as `hour since 1980-01-14 14:00:00`.
pub(crate) fn month_of(axis: &TimeAxis, time: f64) -> Result<u8, String> {
    let calendar = Calendar::named(&axis.calendar)?;
    let seconds = (time * hours_per_unit(axis)? * 3600.0).round();
    let units = &axis.units;
    let origin = units.split_once("since").and_then(|(_, origin)| moment(calendar, origin));
    match origin {
        Some((date, into_day)) if seconds.abs() <= SECONDS_MAX => {
            let days = (into_day + seconds as i64).div_euclid(SECONDS_A_DAY);
            Ok(calendar.month(calendar.number(date) + days))
        }
        _ => Err(format!("{time} in {units:?} is no date: a date to count from is needed")),
    }
}

pub(crate) fn hours_per_unit(axis: &TimeAxis) -> Result<f64, String> {
    let units = &axis.units;
    let known = [("hour", 1.0), ("day", 24.0), ("minute", 1.0 / 60.0), ("second", 1.0 / 3600.0)];
    let found = known.into_iter().find(|(unit, _)| units.starts_with(unit));
    found.map(|(_, hours)| hours).ok_or_else(|| {
        format!(
            "time in {units:?} is not understood; seconds, minutes, hours or days since a date are"
        )
    })
}

/// A date that its calendar has, and the seconds of the day before it: `1980-1-14`, `1980-01-14 14:00:00`.
fn moment(calendar: Calendar, text: &str) -> Option<(Date, i64)> {
    let (date, time) = text.trim().split_once([' ', 'T']).unwrap_or((text.trim(), "0"));
    let mut date = date.split('-').map(|part| part.parse::<u16>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    if date.next().is_some() {
        return None;
    }
    let date = Date { year: year.into(), month: month.try_into().ok()?, day: day.into() };
    let mut time = time.trim().split(':').map(|part| part.parse::<f64>().ok());
    let mut of_day = 0.0;
    for (seconds, most) in [(3600.0, 24.0), (60.0, 60.0), (1.0, 60.0)] {
        let part = time.next().unwrap_or(Some(0.0))?;
        if !(0.0..=most).contains(&part) {
            return None;
        }
        of_day += seconds * part;
    }
    let is_day = (1..=calendar.days(date.year, date.month)).contains(&date.day);
    is_day.then_some((date, of_day as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(calendar: &str, units: &str) -> TimeAxis {
        TimeAxis { units: units.to_owned(), calendar: calendar.to_owned(), values: Vec::new() }
    }

    /// The month so many days after a date.
    fn month(calendar: &str, origin: &str, days: f64) -> Result<u8, String> {
        month_of(&axis(calendar, &format!("days since {origin}")), days)
    }

    /// The days of March 2100, as each calendar counts from January 1900.
    #[test]
    fn a_month_begins_and_ends_where_its_calendar_says() {
        for (name, days) in [
            ("standard", 73_108),
            ("gregorian", 73_108),
            ("proleptic_gregorian", 73_108),
            ("Julian", 73_110),
            ("noleap", 73_059),
            ("365_day", 73_059),
            ("all_leap", 73_260),
            ("366_day", 73_260),
            ("360_day", 72_060),
        ] {
            let first = f64::from(days);
            let last = first + if name == "360_day" { 29.0 } else { 30.0 };
            let about = [first - 0.01, first, last, last + 1.0];
            let found = about.map(|days| month(name, "1900-01-01", days));
            assert_eq!(found, [Ok(2), Ok(3), Ok(3), Ok(4)], "{name}");
        }
    }

    #[test]
    fn a_file_without_a_word_about_it_counts_julian_days_before_the_reform() {
        // 1 January 1948 as NCEP writes it, and 1 November 1582.
        for (time, about) in [(17_067_072.0, [12, 1]), (13_866_096.0, [10, 11])] {
            let axis = axis("", "hours since 1-1-1 00:00:0.0");
            let found = [time - 1.0, time].map(|time| month_of(&axis, time).unwrap());
            assert_eq!(found, about);
        }
        assert_eq!(month("proleptic_gregorian", "0001-01-01", 577_735.0), Ok(10));
        assert_eq!([-5.0, -4.0].map(|days| month("", "1582-10-15", days)), [Ok(9), Ok(10)]);
        assert_eq!(month("", "0000-01-01", 60.0), Ok(3));
    }

    #[test]
    fn a_date_must_be_one_of_its_calendar() {
        assert_eq!(month("360_day", "2000-02-30 12:00:00", 0.5), Ok(3));
        assert_eq!(month("all_leap", "1900-02-29", -29.0), Ok(1));
        for (calendar, origin) in [
            ("", "2000-02-30"),
            ("", "1900-02-29"),
            ("", "2000-01-01-01"),
            ("noleap", "2000-02-29"),
            ("360_day", "2000-01-31"),
            ("", "2000-13-01"),
            ("", "2000-01"),
            ("", "2000-01-01 25:00"),
            ("", "2000-01-01 nan"),
        ] {
            let said = month(calendar, origin, 1.0).unwrap_err();
            assert!(said.ends_with("is no date: a date to count from is needed"), "{said}");
        }
        assert!(month("", "2000-01-01", f64::NAN).is_err());
        assert!(month("", "2000-01-01", 1e300).is_err());
    }

    #[test]
    fn a_calendar_that_nobody_knows_is_refused_with_what_to_do() {
        assert_eq!(
            month("lunar ", "2000-01-01", 1.0),
            Err("its time is counted in the calendar \"lunar\", which is not known; convert it to one of standard, \
                 gregorian, proleptic_gregorian, julian, noleap, 365_day, all_leap, 366_day, 360_day"
                .to_owned())
        );
    }
}
