//! Something that REST is asked for, and asked for again while it is looked at.

use std::time::Duration;

use monti_core::Timestamp;

use crate::message::Refusal;

/// What is looked at is asked for again after so long.
const AGE_MAX: Duration = Duration::from_secs(30);

/// Something that is asked for again and again. The newest answer stays until there is a newer one,
/// and says of when it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Load<T> {
    asked_at: Duration,
    newest: Option<(Timestamp, T)>,
    refusal: Option<Refusal>,
}

impl<T> Load<T> {
    /// Asked for the first time, at a moment of the program's own clock.
    pub fn asked(at: Duration) -> Self {
        Self { asked_at: at, newest: None, refusal: None }
    }

    /// Whether it is time to ask again.
    pub fn is_due(&self, at: Duration) -> bool {
        at >= self.asked_at + AGE_MAX
    }

    /// Asked for again.
    pub fn ask_again(&mut self, at: Duration) {
        self.asked_at = at;
    }

    /// The answer is here, at a moment of the centre's time.
    pub fn take(&mut self, result: Result<T, Refusal>, now: Timestamp) {
        match result {
            Ok(value) => (self.newest, self.refusal) = (Some((now, value)), None),
            Err(refusal) => self.refusal = Some(refusal),
        }
    }

    /// The newest answer.
    pub fn here(&self) -> Option<&T> {
        self.newest.as_ref().map(|(_, value)| value)
    }

    /// The centre's time when that came.
    pub fn as_of(&self) -> Option<Timestamp> {
        self.newest.as_ref().map(|(at, _)| *at)
    }

    /// Why there is nothing, or nothing newer, in words; `None` if all is well.
    pub fn trouble(&self) -> Option<&str> {
        match (&self.refusal, &self.newest) {
            (Some(refusal), _) => Some(&refusal.words),
            (None, None) => Some("loading"),
            (None, Some(_)) => None,
        }
    }
}
