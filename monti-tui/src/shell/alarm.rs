//! Whether people that do not look are called.

use jiff::tz::TimeZone;
use monti_core::Timestamp;

use crate::config::QuietHours;

/// How alerts are told. Nothing is, unless it was asked for.
#[derive(Debug, Clone)]
pub struct Alarm {
    /// By the bell.
    pub bell: bool,
    /// By a notification of the desktop.
    pub desktop: bool,
    /// When by neither, in this machine's time zone: where the people are who would hear it.
    pub quiet: Option<QuietHours>,
    /// That zone.
    pub zone: TimeZone,
}

/// How an alert is told now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// By the bell.
    pub bell: bool,
    /// By a notification.
    pub desktop: bool,
}

impl Alarm {
    /// How an alert is told that is news at a moment.
    pub fn tells(&self, at: Timestamp) -> Told {
        let is_quiet = || {
            let moment = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?;
            Some(self.quiet?.contain(moment.to_zoned(self.zone.clone()).time()))
        };
        let loud = !is_quiet().unwrap_or(false);
        Told { bell: self.bell && loud, desktop: self.desktop && loud }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_told_unless_asked_for_and_nothing_in_quiet_hours() {
        let at = |text: &str| text.parse().unwrap();
        let day = at("2026-01-29T12:00:00.000Z");
        let night = at("2026-01-29T23:00:00.000Z");
        let silent = Told { bell: false, desktop: false };
        let asked_for = Alarm { bell: false, desktop: false, quiet: None, zone: TimeZone::UTC };
        assert_eq!(asked_for.tells(day), silent);

        let quiet = Some("22:00-07:00".parse().unwrap());
        let alarm = Alarm { bell: true, desktop: true, quiet, zone: TimeZone::UTC };
        assert_eq!(alarm.tells(day), Told { bell: true, desktop: true });
        assert_eq!(alarm.tells(night), silent);
        let zone = TimeZone::fixed(jiff::tz::offset(-8));
        assert_eq!(Alarm { zone, ..alarm }.tells(night), Told { bell: true, desktop: true });
    }
}
