//! Figures as text, in widths that do not jump.

use monti_core::{Millis, Timestamp};

/// The most columns that [`duration`] takes.
pub const DURATION_WIDTH: usize = 7;

/// A duration in at most [`DURATION_WIDTH`] columns: `0:07`, `59:59`, `1:02:03`, from ten hours on
/// `12h 05m`, from a hundred on `5 d`. Cut to what has passed, never rounded up.
pub fn duration(duration: Millis) -> String {
    let seconds = duration.get() / 1_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600, seconds / 60 % 60);
    match hours {
        0 => format!("{minutes}:{:02}", seconds % 60),
        1..10 => format!("{hours}:{minutes:02}:{:02}", seconds % 60),
        10..100 => format!("{hours}h {minutes:02}m"),
        _ => format!("{} d", days.min(99_999)),
    }
}

/// A percentage, 0 to 100, in whole percent: `83 %`. Cut, never rounded up: 79.9 is not shown as
/// the 80 that it missed.
pub fn share(percent: f64) -> String {
    format!("{:.0} %", percent.floor())
}

/// A percentage with one decimal, cut like [`share`].
pub fn fine_share(percent: f64) -> String {
    format!("{:.1} %", (percent * 10.0).floor() / 10.0)
}

/// A target in percent as it was given: `80`, `82.5`.
pub fn target(percent: f64) -> String {
    format!("{percent}")
}

/// A percentage that should be at least `target`, as fine as that is given, cut: what is below it
/// is not shown as what is not.
pub fn share_from(percent: f64, target: f64) -> String {
    in_steps(percent, decimals(target), f64::floor)
}

/// A percentage that should be at most `target`, as fine as that is given, rounded up: what is
/// above it is not shown as what is not.
pub fn share_up_to(percent: f64, target: f64) -> String {
    in_steps(percent, decimals(target), f64::ceil)
}

/// A percentage that should be at most `target`, rounded up like [`share_up_to`], with one decimal at
/// least; a hundred, which is whole, has no more, so that it is no wider than others.
pub fn fine_share_up_to(percent: f64, target: f64) -> String {
    let decimals = if percent < 100.0 { decimals(target).max(1) } else { 1 };
    format!("{} %", in_steps(percent, decimals, f64::ceil))
}

/// How many decimals a target has: hundredths of a percent are fine enough.
fn decimals(target: f64) -> usize {
    self::target(target).split_once('.').map_or(0, |(_, decimals)| decimals.len().min(2))
}

fn in_steps(percent: f64, decimals: usize, whole: impl Fn(f64) -> f64) -> String {
    let steps = [1.0, 10.0, 100.0][decimals];
    // What is whole but for the last bits of its fraction is whole.
    let scaled = percent * steps;
    let near = scaled.round();
    let scaled = if (scaled - near).abs() < 1e-9 { near } else { whole(scaled) };
    format!("{:.decimals$}", scaled / steps)
}

/// A number with its thousands set off: `1,284`.
pub fn count(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A moment as the centre's clocks show it.
#[derive(Debug, Clone)]
pub struct WallClock {
    zone: jiff::tz::TimeZone,
}

impl WallClock {
    /// The clock of an IANA time zone such as `Europe/Berlin`; UTC if this machine knows no such.
    pub fn of(zone: &str) -> Self {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        Self { zone }
    }

    /// `14:32:07`.
    pub fn seconds(&self, moment: Timestamp) -> String {
        self.show(moment, "%H:%M:%S")
    }

    /// `14:32`.
    pub fn minutes(&self, moment: Timestamp) -> String {
        self.show(moment, "%H:%M")
    }

    fn show(&self, moment: Timestamp, form: &str) -> String {
        let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).unwrap_or_default();
        moment.to_zoned(self.zone.clone()).strftime(form).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_keep_within_their_columns() {
        let cases = [
            (0, "0:00"),
            (999, "0:00"),
            (7_000, "0:07"),
            (299_999, "4:59"),
            (3_599_999, "59:59"),
            (3_723_000, "1:02:03"),
            (35_999_000, "9:59:59"),
            (43_500_000, "12h 05m"),
            (359_999_000, "99h 59m"),
            (360_000_000, "4 d"),
            (u64::MAX, "99999 d"),
        ];
        for (millis, text) in cases {
            assert_eq!(duration(Millis::new(millis)), text);
            assert!(text.len() <= DURATION_WIDTH);
        }
    }

    #[test]
    fn a_target_that_was_missed_is_not_rounded_to_one_that_was_met() {
        assert_eq!(share(79.999), "79 %");
        assert_eq!(share(80.0), "80 %");
        assert_eq!(fine_share(79.99), "79.9 %");
        assert_eq!(fine_share(100.0), "100.0 %");
        assert_eq!([target(80.0), target(82.5)], ["80", "82.5"]);
    }

    #[test]
    fn a_share_is_as_fine_as_its_target_and_never_on_its_other_side() {
        for (percent, target, least, most) in [
            (79.99, 80.0, "79", "80"),
            (80.0, 80.0, "80", "80"),
            (2.51, 2.5, "2.5", "2.6"),
            (2.5, 2.5, "2.5", "2.5"),
            (100.0 * 7.0 / 1_000.0, 2.5, "0.7", "0.7"),
            (2.251, 2.25, "2.25", "2.26"),
            (100.0, 2.5, "100.0", "100.0"),
        ] {
            assert_eq!(share_from(percent, target), least, "{percent} {target}");
            assert_eq!(share_up_to(percent, target), most, "{percent} {target}");
        }
    }

    #[test]
    fn what_is_above_a_target_with_decimals_to_spare_is_not_shown_as_the_target() {
        for (percent, target, shown) in [
            (5.0, 5.0, "5.0 %"),
            (5.04, 5.0, "5.1 %"),
            (4.91, 5.0, "5.0 %"),
            (2.241, 2.25, "2.25 %"),
            (2.251, 2.25, "2.26 %"),
            (100.0, 2.25, "100.0 %"),
        ] {
            assert_eq!(fine_share_up_to(percent, target), shown, "{percent} {target}");
        }
    }

    #[test]
    fn thousands_are_set_off() {
        let texts = [0_u32, 999, 1_284, 1_000_000].map(count);
        assert_eq!(texts, ["0", "999", "1,284", "1,000,000"]);
    }

    #[test]
    fn a_moment_is_shown_in_the_centres_zone() {
        let moment = "2026-01-29T09:15:07.250Z".parse().unwrap();
        assert_eq!(WallClock::of("Europe/Berlin").seconds(moment), "10:15:07");
        assert_eq!(WallClock::of("Nowhere/Else").minutes(moment), "09:15");
    }
}
