//! Whether the terminal owes an answer, for who asks it, who reads what it says, and who gives it
//! back.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// A terminal that knows a question answers it within that time, however far away it is.
const DUE_FOR: Duration = Duration::from_secs(5);

/// Until when an answer is due, if one is.
static DUE_UNTIL: Mutex<Option<Instant>> = Mutex::new(None);

static SETTLED: Condvar = Condvar::new();

/// A question is asked.
pub(super) fn ask() {
    *due_until() = Some(Instant::now() + DUE_FOR);
}

/// It was answered, or nobody reads what may come.
pub(super) fn settle() {
    *due_until() = None;
    SETTLED.notify_all();
}

/// Whether an answer may still come.
pub(super) fn is_due() -> bool {
    is_before(*due_until())
}

/// Waits for an answer that is due, but no longer than `patience`.
pub(super) fn wait(patience: Duration) {
    let waited = SETTLED.wait_timeout_while(due_until(), patience, |until| is_before(*until));
    drop(waited.unwrap_or_else(PoisonError::into_inner));
}

fn is_before(until: Option<Instant>) -> bool {
    until.is_some_and(|until| Instant::now() < until)
}

/// A panic elsewhere leaves nothing half done here.
fn due_until() -> MutexGuard<'static, Option<Instant>> {
    DUE_UNTIL.lock().unwrap_or_else(PoisonError::into_inner)
}
