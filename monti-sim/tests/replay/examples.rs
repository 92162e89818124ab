//! The recordings in `examples/recordings`, made by the crate's example of the same name.

use std::path::Path;

use jiff::tz::TimeZone;
use monti_core::Millis;
use monti_sim::replay::{self, Format, observed::Observed};

use crate::assert_remarks;

#[test]
fn the_same_morning_is_read_from_all_formats() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/recordings"));
    let read = |file: &str, format| {
        let recording = replay::read(&folder.join(file), format, &TimeZone::UTC).unwrap();
        assert_remarks(&recording, &[]);
        let calls = recording.calls.iter();
        let sums = calls.map(|call| Observed::of(call, Millis::from_secs(20))).sum::<Observed>();
        let first = recording.calls[0].arrival;
        (sums, first, recording.queues.len(), recording.agents.len())
    };
    let log = read("queue_log", Format::QueueLog);
    assert_eq!(read("calls.csv", Format::Csv), log);
    assert_eq!(read("bank.txt", Format::AnonymousBank), log);
    let (sums, _, queues, agents) = log;
    let calls = sums.calls;
    assert!(calls.offered > 100 && calls.abandoned > 3 && calls.waited > 10, "{sums:?}");
    assert_eq!((queues, agents), (2, 5));
}
