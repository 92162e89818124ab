//! The way of records from `monti.db` to where they are kept for good.
//!
//! What is over is written to the outbox in the transaction of its inputs; the [writer](run) takes
//! it from there to a [`Sink`], on a thread of its own. Nobody waits for it: while the sink is slow
//! or gone, records wait on the disk, in order, and memory holds two rounds of them.
//!
//! Each letter is delivered at least once, and being the same letter each time, it is there once.
//! What the sink does not take now is sent again after a pause with full jitter; after failures in
//! a row the circuit breaker opens, and only a probe goes out now and then. A batch with a letter
//! that is refused for ever is split until that one is found and set aside; the others go on.

mod backoff;
mod breaker;
mod delivery;
mod pace;
mod sink;
mod writer;

pub(crate) use self::breaker::Breaker;
pub use self::{
    pace::{Pace, Pause},
    sink::{BATCH_MAX, Sink, SinkError, SinkErrorKind},
    writer::{Writer, run},
};
