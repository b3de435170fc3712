//! Calendar days, without a clock: today is passed in.

use std::fmt;

/// A day of the Gregorian calendar, from year 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

const SECONDS_PER_DAY: u64 = 86_400;

impl Date {
    /// The last day there is.
    pub const LAST: Self = Self { year: 9999, month: 12, day: 31 };

    /// The day with those numbers, when the calendar has one.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year) && day >= 1 && day <= days_in_month(year, month);
        valid.then_some(Self { year, month, day })
    }

    /// The day that is written `2026-06-14`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let mut part = || parts.next();
        let (year, month, day) = (part()?.parse().ok()?, part()?.parse().ok()?, part()?.parse().ok()?);
        Self::new(year, month, day).filter(|date| date.to_string() == text)
    }

    /// The day in UTC, so many seconds after 1970 began; `None` after year 9999.
    pub fn from_unix_seconds(seconds: u64) -> Option<Self> {
        let mut days = seconds / SECONDS_PER_DAY;
        let mut year = 1970u16;
        while year <= 9999 {
            let in_year = if is_leap(year) { 366 } else { 365 };
            if days < in_year {
                return Self::nth_of_year(year, days);
            }
            days -= in_year;
            year += 1;
        }
        None
    }

    fn nth_of_year(year: u16, mut days: u64) -> Option<Self> {
        for month in 1..=12 {
            let in_month = u64::from(days_in_month(year, month));
            if days < in_month {
                return Self::new(year, month, u8::try_from(days + 1).ok()?);
            }
            days -= in_month;
        }
        None
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Zero for a month that does not exist.
fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_exist() {
        for (year, month, day) in [(2024, 2, 29), (2000, 2, 29), (1, 1, 1), (9999, 12, 31)] {
            assert!(Date::new(year, month, day).is_some(), "{year}-{month}-{day}");
        }
        for (year, month, day) in [
            (2026, 2, 29),
            (1900, 2, 29),
            (2026, 4, 31),
            (2026, 13, 1),
            (2026, 0, 1),
            (2026, 1, 0),
            (0, 1, 1),
        ] {
            assert_eq!(Date::new(year, month, day), None, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn a_day_is_read_as_it_is_written_and_in_no_other_way() {
        for (year, month, day) in [(1, 1, 1), (2024, 2, 29), (9999, 12, 31)] {
            let date = Date::new(year, month, day).unwrap();
            assert_eq!(Date::parse(&date.to_string()), Some(date));
        }
        for text in
            ["", "2026", "2026-06", "2026-6-14", "+2026-06-14", "2026-02-30", "2026-06-14 ", "26-06-14"]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_become_days_in_utc() {
        // Values of `date -u -d @SECONDS +%F`.
        let cases = [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (86_400, "1970-01-02"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (1_785_542_400, "2026-08-01"),
            (253_402_300_799, "9999-12-31"),
        ];
        for (seconds, day) in cases {
            assert_eq!(Date::from_unix_seconds(seconds).unwrap().to_string(), day);
        }
        assert_eq!(Date::from_unix_seconds(253_402_300_800), None);
        assert_eq!(Date::from_unix_seconds(u64::MAX), None);
    }

    #[test]
    fn days_are_ordered_as_they_follow() {
        let day = |y, m, d| Date::new(y, m, d).unwrap();
        assert!(day(2026, 1, 31) < day(2026, 2, 1));
        assert!(day(2025, 12, 31) < day(2026, 1, 1));
        assert!(day(2026, 8, 9) < day(2026, 8, 10));
    }
}
