//! Asterisk's queue_log.

use monti_core::Millis;
use monti_sim::replay::{Recording, queue_log, recording::Fate, staff::Staff};

use crate::assert_remarks;

#[test]
fn a_call_is_followed_from_its_queue_to_its_end() {
    let recording = read(&[
        "1769677200|NONE|NONE|NONE|QUEUESTART|",
        "1769677210|c1|sales|NONE|ENTERQUEUE||+4930123|1",
        "1769677212|c2|sales|NONE|ENTERQUEUE||+4930124|2",
        "1769677214|c3|support|NONE|ENTERQUEUE||+4930125|1",
        "1769677215|c1|sales|SIP/101|RINGNOANSWER|5000",
        "1769677220|c1|sales|SIP/102|CONNECT|10|c1.1|3",
        "1769677222|c3|support|NONE|ABANDON|1|1|8",
        "1769677280|c1|sales|SIP/102|COMPLETECALLER|10|60|1",
        "1769677281|c2|sales|SIP/102|CONNECT|69|c2.1|1",
        "1769677301|c2|sales|SIP/102|BLINDTRANSFER|200|default|69|20|1",
    ]);
    assert_remarks(&recording, &[]);
    let secs = Millis::from_secs;
    let answered = |waited, served| Fate::Answered {
        waited: secs(waited),
        agent: Some(0),
        served: Some(secs(served)),
    };
    assert_eq!(
        fates(&recording),
        [answered(10, 60), answered(69, 20), Fate::Abandoned { waited: secs(8) }]
    );
    assert_eq!(recording.queues, ["sales", "support"]);
    assert_eq!(recording.agents[0].name, "SIP/102");
    assert_eq!(recording.account.set_aside["rings without an answer"], 1);
}

#[test]
fn who_leaves_by_a_key_was_impatient_and_who_is_sent_away_was_not() {
    let recording = read(&[
        "1769677210|c1|sales|NONE|ENTERQUEUE||1|1",
        "1769677211|c2|sales|NONE|ENTERQUEUE||1|2",
        "1769677212|c3|sales|NONE|ENTERQUEUE||1|3",
        "1769677230|c1|sales|NONE|EXITWITHKEY|1|1|1|20",
        "1769677241|c2|sales|NONE|EXITWITHTIMEOUT|1|2|30",
        "1769677252|c3|sales|NONE|EXITEMPTY|1|3|40",
        "1769677252|c3|overflow|NONE|ENTERQUEUE||1|1",
        "1769677260|c3|overflow|NONE|ABANDON|1|1|8",
    ]);
    assert_remarks(&recording, &[]);
    let secs = Millis::from_secs;
    assert_eq!(
        fates(&recording),
        [
            Fate::Abandoned { waited: secs(20) },
            Fate::Diverted { waited: secs(30) },
            Fate::Diverted { waited: secs(40) },
            Fate::Abandoned { waited: secs(8) },
        ]
    );
}

/// Some logs are written to two places, and read from both.
#[test]
fn a_caller_who_left_and_is_told_of_again_called_once() {
    let recording = read(&[
        "1769677210|c1|sales|NONE|ENTERQUEUE||1|1",
        "1769677220|c1|sales|NONE|ABANDON|1|1|10",
        "1769677220|c1|sales|NONE|ABANDON|1|1|10",
        "1769677221|c1|sales|SIP/101|CONNECT|11|x|1",
        "1769677230|c2|sales|NONE|ENTERQUEUE||1|1",
        "1769677250|c2|sales|NONE|EXITWITHTIMEOUT|1|1|20",
        "1769677250|c2|sales|NONE|EXITWITHTIMEOUT|1|1|20",
        "1769677251|c2|overflow|NONE|ENTERQUEUE||1|1",
        "1769677259|c2|overflow|NONE|ABANDON|1|1|8",
    ]);
    assert_remarks(
        &recording,
        &[
            (3, true, "\"c1\" ended before"),
            (4, true, "\"c1\" ended before"),
            (7, true, "\"c2\" ended before"),
        ],
    );
    let secs = Millis::from_secs;
    let abandoned = |waited| Fate::Abandoned { waited: secs(waited) };
    let diverted = Fate::Diverted { waited: secs(20) };
    assert_eq!(fates(&recording), [abandoned(10), diverted, abandoned(8)]);
}

#[test]
fn who_is_known_from_calls_without_an_end_alone_is_there_for_as_long_as_calls_are() {
    let recording = read(&[
        "1769677010|c1|sales|NONE|ENTERQUEUE||1|1",
        "1769677020|c1|sales|SIP/101|CONNECT|10|x|1",
        "1769677100|c1|sales|SIP/101|COMPLETEAGENT|10|80|1",
        "1769677110|c2|sales|NONE|ENTERQUEUE||1|1",
        "1769677120|c2|sales|SIP/102|CONNECT|10|x|1",
    ]);
    assert_eq!((spans(&recording, 0), spans(&recording, 1)), (vec![(20, 100)], vec![(120, 200)]));
}

#[test]
fn what_has_no_end_or_no_beginning_is_kept_as_far_as_it_is_known_and_told() {
    let recording = read(&[
        "1769677200|c0|sales|SIP/101|COMPLETEAGENT|15|45|1",
        "1769677205|c9|sales|SIP/101|CONNECT|5|c9.1|2",
        "1769677210|c1|sales|NONE|ENTERQUEUE||1|1",
        "1769677220|NONE|NONE|NONE|QUEUESTART|",
        "1769677230|c2|sales|NONE|ENTERQUEUE||1|1",
        "1769677235|c2|sales|SIP/101|CONNECT|5|c2.1|2",
    ]);
    assert_remarks(
        &recording,
        &[
            (1, false, "the answer is missing"),
            (2, false, "the beginning is missing"),
            (4, false, "of call \"c1\" what became of it is unknown"),
            (4, false, "of call \"c9\" how long it was served is unknown"),
            (6, false, "the log ends: of call \"c2\" how long it was served is unknown"),
        ],
    );
    let secs = Millis::from_secs;
    let answered = |waited, served| Fate::Answered { waited: secs(waited), agent: Some(0), served };
    assert_eq!(
        fates(&recording),
        [answered(15, Some(secs(45))), answered(5, None), Fate::Unknown, answered(5, None)]
    );
    assert_eq!(recording.calls[0].arrival.to_string(), "2026-01-29T08:59:00.000Z");
}

#[test]
fn wrong_lines_are_refused_and_unknown_events_counted() {
    let recording = read(&[
        "yesterday|c1|sales|NONE|ENTERQUEUE||1|1",
        "1769677210|c1|sales",
        "1769677210|c1|NONE|NONE|ENTERQUEUE||1|1",
        "1769677210|c1|sales|NONE|ENTERQUEUE||1|1",
        "1769677215|c1|sales|NONE|CONNECT|5|x|1",
        "1769677216|c1|sales|SIP/101|CONNECT|6|x|1",
        "1769677217|c1|sales|NONE|ABANDON|1|1|7",
        "1769677218|c7|sales|SIP/101|COMPLETEAGENT",
        "1769677219|c1|sales|NONE|DID|8005551234",
        "1769677219|NONE|NONE|NONE|CONFIGRELOAD|",
        "1769677100|c1|sales|SIP/101|COMPLETEAGENT|6|10|1",
    ]);
    assert_remarks(
        &recording,
        &[
            (1, true, "epoch: \"yesterday\" is not a number of seconds since 1970"),
            (2, true, "3 fields, epoch|callid|queue|agent|EVENT and data are wanted"),
            (3, true, "the queue is missing"),
            (5, true, "the agent is missing"),
            (7, true, "\"c1\" was answered before"),
            (8, true, "the end of a call whose answer is missing"),
            (11, false, "119 s earlier than a line before it"),
        ],
    );
    assert_eq!(recording.account.set_aside["events \"DID\""], 1);
    assert_eq!(recording.account.set_aside["events \"CONFIGRELOAD\""], 1);
    assert_eq!(recording.calls.len(), 1);
}

#[test]
fn of_a_line_that_is_refused_nothing_else_is_told() {
    let recording = read(&[
        "1769677210|c1|sales|NONE|ENTERQUEUE||1|1",
        "1769677200|c2|NONE|NONE|ENTERQUEUE||1|1",
        "1769677220|c1|sales|NONE|ABANDON|1|1|10",
    ]);
    assert_remarks(&recording, &[(2, true, "the queue is missing")]);
}

#[test]
fn members_are_there_from_when_they_join_until_they_leave_but_for_pauses() {
    let recording = read(&[
        "1769677200|NONE|NONE|NONE|QUEUESTART|",
        "1769677210|NONE|sales|SIP/101|ADDMEMBER|",
        "1769677210|NONE|support|SIP/101|ADDMEMBER|",
        "1769677300|NONE|support|SIP/101|PAUSE|",
        "1769677400|NONE|NONE|SIP/101|PAUSEALL|",
        "1769677500|NONE|NONE|SIP/101|UNPAUSEALL|",
        "1769677600|NONE|sales|SIP/101|REMOVEMEMBER|",
        "1769677700|NONE|support|SIP/101|REMOVEMEMBER|",
        "1769677800|NONE|sales|SIP/102|REMOVEMEMBER|",
        "1769677900|NONE|NONE|SIP/103|PAUSEALL|",
    ]);
    assert_remarks(&recording, &[]);
    // Paused in one queue it serves the other; unpaused in all it serves both again.
    assert_eq!(spans(&recording, 0), [(210, 400), (500, 700)]);
    assert_eq!(spans(&recording, 1), [(200, 800)], "who leaves had joined before the log begins");
    assert_eq!(spans(&recording, 2), []);
    assert_eq!(recording.agents[0].serves.len(), 2);
}

#[test]
fn a_pause_ends_with_the_membership_and_in_each_queue_by_itself() {
    let recording = read(&[
        "1769677100|NONE|NONE|NONE|QUEUESTART|",
        "1769677110|NONE|sales|SIP/101|ADDMEMBER|",
        "1769677200|NONE|sales|SIP/101|PAUSE|",
        "1769677210|NONE|sales|SIP/101|REMOVEMEMBER|",
        "1769677300|NONE|sales|SIP/101|ADDMEMBER|",
        "1769677310|NONE|support|SIP/101|ADDMEMBER|",
        "1769677400|NONE|NONE|SIP/101|PAUSEALL|",
        "1769677410|NONE|support|SIP/101|UNPAUSE|",
        "1769677500|NONE|support|SIP/101|PAUSE|",
        "1769677510|NONE|sales|SIP/101|UNPAUSE|",
        "1769677600|NONE|NONE|SIP/101|PAUSEALL|",
        "1769677610|NONE|other|SIP/101|ADDMEMBER|",
        "1769677700|NONE|other|SIP/101|REMOVEMEMBER|",
        "1769677900|NONE|NONE|NONE|CONFIGRELOAD|",
    ]);
    assert_eq!(spans(&recording, 0), [(110, 200), (300, 400), (410, 500), (510, 600), (610, 700)]);
}

#[test]
fn who_joins_with_a_pause_takes_calls_when_it_is_over() {
    let recording = read(&[
        "1769677110|NONE|sales|SIP/101|ADDMEMBER|PAUSED",
        "1769677200|NONE|sales|SIP/101|UNPAUSE|",
        "1769677300|NONE|sales|SIP/101|REMOVEMEMBER|",
    ]);
    assert_remarks(&recording, &[]);
    assert_eq!(spans(&recording, 0), [(200, 300)]);
}

/// Whether Asterisk keeps its members over a restart is a matter of its configuration.
#[test]
fn who_joins_again_after_a_restart_was_gone_and_who_goes_on_was_not() {
    let recording = read(&[
        "1769677100|NONE|sales|SIP/101|ADDMEMBER|",
        "1769677100|NONE|sales|SIP/102|ADDMEMBER|",
        "1769677100|NONE|sales|SIP/103|ADDMEMBER|",
        "1769677100|NONE|sales|SIP/104|ADDMEMBER|",
        "1769677150|NONE|sales|SIP/104|PAUSE|",
        "1769677200|NONE|NONE|NONE|QUEUESTART|",
        "1769677300|NONE|NONE|NONE|QUEUESTART|",
        "1769677310|NONE|sales|SIP/101|ADDMEMBER|",
        "1769677310|NONE|sales|SIP/104|UNPAUSE|",
        "1769677320|c1|sales|NONE|ENTERQUEUE||1|1",
        "1769677325|c1|sales|SIP/102|CONNECT|5|x|1",
        "1769677335|c1|sales|SIP/102|COMPLETEAGENT|5|10|1",
        "1769677400|NONE|sales|SIP/102|REMOVEMEMBER|",
        "1769677500|NONE|NONE|NONE|CONFIGRELOAD|",
    ]);
    assert_eq!(spans(&recording, 0), [(100, 200), (310, 500)], "it joined again");
    assert_eq!(spans(&recording, 1), [(100, 400)], "it answered a call and left");
    assert_eq!(spans(&recording, 2), [(100, 200)], "nothing more was heard of it");
    assert_eq!(spans(&recording, 3), [(100, 150), (310, 500)], "it was paused and came back");
}

#[test]
fn who_joins_another_queue_after_a_restart_is_still_in_the_first() {
    let recording = read(&[
        "1769677100|NONE|sales|SIP/101|ADDMEMBER|",
        "1769677200|NONE|NONE|NONE|QUEUESTART|",
        "1769677300|NONE|support|SIP/101|ADDMEMBER|",
        "1769677310|NONE|support|SIP/101|REMOVEMEMBER|",
        "1769677400|NONE|sales|SIP/101|REMOVEMEMBER|",
        "1769677500|NONE|NONE|NONE|CONFIGRELOAD|",
    ]);
    assert_eq!(spans(&recording, 0), [(100, 400)]);
}

#[test]
fn a_transfer_whose_answer_is_missing_has_its_durations_and_no_call_ends_twice() {
    let recording = read(&[
        "1769677210|c1|sales|NONE|ENTERQUEUE||1|1",
        "1769677280|c1|sales|SIP/101|BLINDTRANSFER|200|default|10|60|1",
        "1769677281|c1|sales|SIP/101|COMPLETEAGENT|10|60|1",
        "1769677310|c2|sales|NONE|ENTERQUEUE||1|1",
        "1769677350|c2|sales|SIP/101|ATTENDEDTRANSFER|LINK|SIP/7-1|SIP/8-1|20|20|1",
        "1769677360|c3|sales|SIP/101|ATTENDEDTRANSFER|BRIDGE|b1|5|30|1",
        "1769677400|c4|sales|NONE|ENTERQUEUE||1|1",
        "1769677440|c4|sales|SIP/101|TRANSFER|200|default",
        "1769677450|c4|sales|SIP/101|COMPLETEAGENT|15|35|1",
        "1769677500|c1|support|NONE|ENTERQUEUE||1|1",
        "1769677505|c1|support|SIP/101|CONNECT|5|x|1",
        "1769677525|c1|support|SIP/101|COMPLETEAGENT|5|20|1",
    ]);
    assert_remarks(
        &recording,
        &[
            (2, false, "the answer is missing"),
            (3, true, "\"c1\" ended before"),
            (5, false, "the answer is missing"),
            (6, false, "the answer is missing"),
            (8, true, "the end of a call whose answer is missing"),
            (9, false, "the answer is missing"),
        ],
    );
    let secs = Millis::from_secs;
    let answered = |waited, served| Fate::Answered {
        waited: secs(waited),
        agent: Some(0),
        served: Some(secs(served)),
    };
    let expected = [(10, 60), (20, 20), (5, 30), (15, 35), (5, 20)];
    assert_eq!(fates(&recording), expected.map(|(waited, served)| answered(waited, served)));
}

/// When an agent was there, in seconds since 08:56:40.
fn spans(recording: &Recording, agent: usize) -> Vec<(i64, i64)> {
    let epoch = |at: monti_core::Timestamp| at.as_millis() / 1_000 - 1_769_677_000;
    let shifts = &Staff::of(recording).shifts[agent];
    shifts.iter().map(|it| (epoch(it.from), epoch(it.until))).collect()
}

fn fates(recording: &Recording) -> Vec<Fate> {
    recording.calls.iter().map(|call| call.fate).collect()
}

fn read(lines: &[&str]) -> Recording {
    queue_log::read(lines.join("\n").as_bytes()).unwrap()
}
