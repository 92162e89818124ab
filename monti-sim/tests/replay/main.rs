//! Recordings of real days, read through the crate's public face.

mod bank;
mod data;
mod examples;
mod queue_log;
#[path = "../../../programs/shared.rs"]
mod shared;
mod study;
mod table;

use monti_sim::replay::Recording;

/// What a reader said of a recording's lines: the line, whether it was refused, and why.
fn remarks(recording: &Recording) -> Vec<(u64, bool, &str)> {
    let remarks = &recording.account.remarks;
    remarks.iter().map(|it| (it.line, it.refused, it.reason.as_str())).collect()
}

/// Checks what was said of each line: part of the reason is enough.
fn assert_remarks(recording: &Recording, expected: &[(u64, bool, &str)]) {
    let said = remarks(recording);
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for ((line, refused, reason), (expected_line, expected_refused, part)) in
        said.iter().zip(expected)
    {
        assert_eq!((line, refused), (expected_line, expected_refused), "{said:#?}");
        assert!(reason.contains(part), "{reason} lacks {part}");
    }
}
