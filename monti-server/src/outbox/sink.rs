//! Where records are kept for good.

use std::{error::Error, fmt, future::Future};

use crate::store::Letter;

/// The letters that a sink takes at once: DynamoDB's bound.
pub const BATCH_MAX: usize = 25;

/// A place where records are kept for good.
///
/// Whatever is delivered again must change nothing: whether an attempt that failed was carried out
/// is not known.
pub trait Sink {
    /// Delivers up to [`BATCH_MAX`] records of calls. Answers the numbers of those that it did not
    /// take this time.
    fn deliver_calls(
        &self,
        letters: &[&Letter],
    ) -> impl Future<Output = Result<Vec<i64>, SinkError>>;

    /// Delivers an agent's day, unless a later one of that agent and date is there.
    fn deliver_day(&self, letter: &Letter) -> impl Future<Output = Result<(), SinkError>>;

    /// Whether the sink is as it has to be: one that is not refuses every record, which is no
    /// record's fault.
    fn check(&self) -> impl Future<Output = Result<(), SinkError>>;
}

/// Why a sink did not take something.
#[derive(Debug, Clone, thiserror::Error)]
pub struct SinkError {
    kind: SinkErrorKind,
    message: String,
}

/// What kind of failure it is, and with it what helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SinkErrorKind {
    /// It asks for less. It has taken nothing.
    Throttled,
    /// It cannot be reached, does not answer, or not sensibly. It may have taken everything.
    Unavailable,
    /// It is not as it has to be, or does not let us in: an operator has to do something.
    Unfit,
    /// Something of what was sent it will never take. It has taken nothing.
    Refused,
}

impl SinkError {
    /// A failure, with what is known of it.
    pub fn new(kind: SinkErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// A failure because of `error`, told with all its causes.
    pub fn because(kind: SinkErrorKind, doing: &str, error: &(dyn Error + 'static)) -> Self {
        let mut message = doing.to_owned();
        let mut next = Some(error);
        while let Some(error) = next {
            let cause = error.to_string();
            // Some repeat what they are caused by.
            if !message.contains(&cause) {
                message.push_str(": ");
                message.push_str(&cause);
            }
            next = error.source();
        }
        Self { kind, message }
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> SinkErrorKind {
        self.kind
    }
}

impl fmt::Display for SinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
