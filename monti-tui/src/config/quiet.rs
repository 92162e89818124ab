//! Quiet hours: when nobody is to be called.

use std::{fmt, str::FromStr};

use jiff::civil::Time;

/// A part of each day, such as `22:00-07:00`: from its first minute up to, and without, its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    to: Time,
}

/// A text that is no part of a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no part of a day such as 22:00-07:00")]
pub struct InvalidQuietHours(String);

impl QuietHours {
    /// Whether `time` is within them. From and to the same time is the whole day.
    pub fn contain(self, time: Time) -> bool {
        let (after, before) = (time >= self.from, time < self.to);
        if self.from < self.to { after && before } else { after || before }
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(f, "{}-{}", from.strftime("%H:%M"), to.strftime("%H:%M"))
    }
}

impl FromStr for QuietHours {
    type Err = InvalidQuietHours;

    fn from_str(text: &str) -> Result<Self, InvalidQuietHours> {
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
        let hours = text.split_once('-').and_then(|(from, to)| Some((time(from)?, time(to)?)));
        let invalid = || InvalidQuietHours(text.chars().take(64).collect());
        hours.map(|(from, to)| Self { from, to }).ok_or_else(invalid)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn quiet_hours_go_over_midnight() {
        let night: QuietHours = "22:00-07:00".parse().unwrap();
        for (hour, minute, quiet) in
            [(21, 59, false), (22, 0, true), (0, 0, true), (6, 59, true), (7, 0, false)]
        {
            assert_eq!(night.contain(time(hour, minute, 30, 0)), quiet, "{hour}:{minute}");
        }
        let lunch: QuietHours = "12:00-13:00".parse().unwrap();
        assert!(lunch.contain(time(12, 30, 0, 0)) && !lunch.contain(time(13, 0, 0, 0)));
        let always: QuietHours = "08:00-08:00".parse().unwrap();
        assert!(always.contain(time(3, 0, 0, 0)) && always.contain(time(20, 0, 0, 0)));
    }

    #[test]
    fn what_is_no_part_of_a_day_is_refused() {
        for text in ["", "22:00", "22-07", "25:00-07:00", "a-b"] {
            assert!(text.parse::<QuietHours>().is_err(), "{text}");
        }
        assert_eq!("7:00 - 8:30".parse::<QuietHours>().unwrap().to_string(), "07:00-08:30");
    }
}
