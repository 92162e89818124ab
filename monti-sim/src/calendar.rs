//! The centre's clock on the wall: local times and business dates.

#[path = "../../programs/first_moment.rs"]
mod first_moment;

use std::ops::Range;

use jiff::{
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use monti_core::{BusinessDay, Centre, Day, Timestamp};

use self::first_moment::first_moment;

/// What is played lies between these moments, the ends of 1899 and of 2199: sums of times stay far
/// from the ends of what can be written, and a date beyond them is a mistake.
const PLAYABLE: Range<Timestamp> =
    Timestamp::from_millis(-2_208_988_800_000)..Timestamp::from_millis(7_258_118_400_000);

/// A time zone, and what follows from it.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
}

impl Calendar {
    /// The calendar of a centre. A zone that nobody knows is refused when the centre's file is
    /// read; here it counts as UTC.
    pub fn of(centre: &Centre) -> Self {
        Self { zone: TimeZone::get(centre.time_zone()).unwrap_or(TimeZone::UTC) }
    }

    /// The calendar of a time zone.
    pub fn of_zone(zone: TimeZone) -> Self {
        Self { zone }
    }

    /// Whether there is a time zone of an IANA name.
    pub fn knows(name: &str) -> bool {
        TimeZone::get(name).is_ok()
    }

    /// The moment at which the clock shows a date and time. One that a change of the clock leaves
    /// out counts as if the clock had not been changed yet, one that comes twice is the first.
    pub fn moment(&self, local: DateTime) -> Timestamp {
        let zoned = local.to_zoned(self.zone.clone());
        zoned.map_or(Timestamp::MAX, |zoned| of_jiff(zoned.timestamp()))
    }

    /// What a file writes as a moment: with an offset just that, without one a local time. `None` if
    /// it is no moment, such as a date alone or a local time of a zone that is named, or none that can
    /// be played.
    pub(crate) fn parse(&self, text: &str) -> Option<Timestamp> {
        let text = text.trim();
        let local = || local_moment(text).map(|local| self.moment(local));
        let moment = text.parse().ok().or_else(local);
        moment.filter(|moment| Self::can_play(*moment))
    }

    /// A date, such as `2026-01-29`. `None` for whatever says more.
    pub fn date(text: &str) -> Option<Date> {
        // jiff would pass over a time and all that follows it.
        text.parse().ok().filter(|date: &Date| date.to_string() == text)
    }

    /// A time of the day, such as `08:00` or `17:30:15`. `None` for whatever says more.
    pub fn time_of_day(text: &str) -> Option<Time> {
        // jiff would pass over a date before it, and an offset or a zone after it.
        let is_all = |time: &Time| {
            ["%H:%M", "%H:%M:%S"].iter().any(|format| time.strftime(format).to_string() == text)
        };
        text.parse().ok().filter(is_all)
    }

    /// Whether a moment is one that can be played: in the years from 1900 to 2199.
    pub fn can_play(moment: Timestamp) -> bool {
        PLAYABLE.contains(&moment)
    }

    /// What the clock shows at a moment.
    pub fn local(&self, moment: Timestamp) -> DateTime {
        let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).unwrap_or_default();
        self.zone.to_datetime(moment)
    }

    /// The first moment after `now` at which the clock shows `time`.
    pub fn next(&self, now: Timestamp, time: Time) -> Timestamp {
        let mut date = self.local(now).date();
        loop {
            let moment = self.moment(date.to_datetime(time));
            if moment > now {
                return moment;
            }
            let Ok(tomorrow) = date.tomorrow() else { return Timestamp::MAX };
            date = tomorrow;
        }
    }

    /// The business date at `now` with its true bounds: 23, 24 or 25 hours.
    pub fn business_day(&self, now: Timestamp) -> BusinessDay {
        let date = self.local(now).date();
        let day = Day::from(date);
        BusinessDay {
            day,
            starts_at: first_moment(&self.zone, date).min(now),
            ends_at: first_moment(&self.zone, day.next().date()),
        }
    }
}

/// Whether a time of the day is from one to another, which may be over midnight; from a time to
/// the same is all day.
pub(crate) fn is_between(time: Time, from: Time, until: Time) -> bool {
    if from < until { (from..until).contains(&time) } else { time >= from || time < until }
}

/// A date and time as a clock shows them, such as `2026-01-29T08:00:00`. `None` for a date alone, which
/// jiff would take for its midnight, and for one with an offset or a zone, which it would pass over.
pub(crate) fn local_moment(text: &str) -> Option<DateTime> {
    let (_, time) = text.split_once(['T', 't', ' '])?;
    let is_alone = time.bytes().all(|byte| byte.is_ascii_digit() || b":.,".contains(&byte));
    text.parse().ok().filter(|_| is_alone)
}

fn of_jiff(moment: jiff::Timestamp) -> Timestamp {
    Timestamp::from_millis(moment.as_millisecond())
}

#[cfg(test)]
mod tests {
    use monti_core::Millis;

    use super::*;

    fn berlin() -> Calendar {
        Calendar { zone: TimeZone::get("Europe/Berlin").unwrap() }
    }

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_has_the_length_that_the_change_of_the_clock_gives_it() {
        for (noon, hours) in [
            ("2026-03-28T12:00:00Z", 24),
            ("2026-03-29T12:00:00Z", 23),
            ("2026-10-25T12:00:00Z", 25),
        ] {
            let day = berlin().business_day(moment(noon));
            assert_eq!(day.ends_at.since(day.starts_at), Millis::from_secs(hours * 3_600));
            assert!((day.starts_at..day.ends_at).contains(&moment(noon)));
        }
    }

    #[test]
    fn a_moment_is_written_with_an_offset_or_as_the_clock_shows_it() {
        for text in [
            "2026-01-29T08:15:00Z",
            "2026-01-29 09:15:00+01:00",
            "2026-01-29T09:15:00",
            " 2026-01-29 09:15 ",
        ] {
            assert_eq!(berlin().parse(text), Some(moment("2026-01-29T08:15:00Z")), "{text}");
        }
        for text in ["", "09:15:00", "2026-01-29", "20260129", "2026-01-29[Europe/Berlin]"]
            .into_iter()
            .chain(["2026-02-29T09:15:00", "1899-12-31T12:00:00", "2200-01-02 00:00"])
        {
            assert_eq!(berlin().parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_of_another_zone_needs_its_offset() {
        for text in [
            "2026-01-29T09:15:00[America/New_York]",
            "2026-01-29T09:15:00[Europe/Berlin]",
            "2026-01-29 09:15[u-ca=iso8601]",
            "2026-01-29[Etc/UTC]",
        ] {
            assert_eq!(berlin().parse(text), None, "{text}");
        }
        let text = "2026-01-29T09:15:00-05:00[America/New_York]";
        assert_eq!(berlin().parse(text), Some(moment("2026-01-29T14:15:00Z")));
    }

    #[test]
    fn a_local_moment_has_a_time_and_no_offset() {
        for text in ["2026-01-29T08:00:00", "2026-01-29 08:00", "2026-01-29T08:00:00.250"] {
            assert!(local_moment(text).is_some(), "{text}");
        }
        for text in ["2026-01-29", "08:00", "2026-01-29T08:00:00Z", "2026-01-29T08:00:00+01:00", ""]
            .into_iter()
            .chain(["2026-01-29T08:00-05", "2026-01-29T08:00[Asia/Tokyo]", "+002026-01-29"])
        {
            assert!(local_moment(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_time_of_the_day_has_no_date_offset_or_zone() {
        for text in ["00:00", "08:00", "17:30:15", "23:59:59"] {
            assert!(Calendar::time_of_day(text).is_some(), "{text}");
        }
        for text in ["2026-01-29T08:00", "08:00-05:00", "08:00[Asia/Tokyo]", "T08:00", "08:00Z"]
            .into_iter()
            .chain(["", "08", "0800", "8:00", "24:00", "23:59:60", "08:00:00.5"])
        {
            assert!(Calendar::time_of_day(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_date_has_no_time() {
        assert!(Calendar::date("2026-01-29").is_some());
        for text in ["", "20260129", "2026-01-29T08:00", "2026-01-29[Asia/Tokyo]", "2026-02-29"] {
            assert!(Calendar::date(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_next_time_on_the_clock_is_today_or_tomorrow() {
        let eight = Time::constant(8, 0, 0, 0);
        let next = |now| berlin().next(moment(now), eight);
        assert_eq!(next("2026-01-29T06:59:59.999Z"), moment("2026-01-29T07:00:00Z"));
        assert_eq!(next("2026-01-29T07:00:00Z"), moment("2026-01-30T07:00:00Z"));
        // The clock goes forward in the night between.
        assert_eq!(next("2026-03-28T08:00:00Z"), moment("2026-03-29T06:00:00Z"));
    }
}
