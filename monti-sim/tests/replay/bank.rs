//! A bank's month.

use std::{collections::BTreeSet, io};

use jiff::tz::TimeZone;
use monti_core::{Millis, Priority};
use monti_sim::replay::{
    self, Format, ReadError, Recording, anonymous_bank,
    observed::Observed,
    recording::{Fate, Span},
    staff::Staff,
};

use crate::{assert_remarks, shared::shared};

const HEADER: &str = "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver";

#[test]
fn the_month_has_the_figures_that_were_counted_independently() {
    let Some(recording) = january() else { return };
    let account = &recording.account;
    assert_eq!(account.lines, 31_600);
    assert_eq!(account.refused(), 0);
    assert_eq!(account.set_aside["phantom calls"], 240);
    assert_eq!(account.set_aside["callers who hung up in the voice unit"], 1_219);
    assert_eq!(31_599 - 240 - 1_219, recording.calls.len());

    let target = Millis::from_secs(20);
    let total = recording.calls.iter().map(|call| Observed::of(call, target)).sum::<Observed>();
    let figures = total.figures();
    assert_eq!((figures.calls_offered, figures.calls_answered), (30_140, 27_060));
    let rounded = |figure: Option<f64>| (figure.unwrap() * 10.0).round() / 10.0;
    assert!((rounded(figures.abandoned_percent) - 10.2).abs() < 1e-9);
    assert!((rounded(figures.avg_wait_seconds) - 35.0).abs() < 1e-9);
    assert!((rounded(figures.service_level_percent) - 54.4).abs() < 1e-9);
    assert!((figures.avg_handle_seconds.unwrap() - 183.0).abs() < 0.5);
    let at_once = recording.calls.iter().filter(
        |call| matches!(call.fate, Fate::Answered { waited, .. } if waited == Millis::ZERO),
    );
    let share = at_once.count() * 1_000 / 27_060;
    assert!((480..520).contains(&share), "{share}");
    let dates = Observed::by_date(&recording.calls, date, |_| target);
    assert_eq!(dates.len(), 29);
    assert_eq!(dates.values().copied().sum::<Observed>(), total);
    let names = recording.agents.iter().map(|agent| agent.name.as_str()).collect::<BTreeSet<_>>();
    assert_eq!((names.len(), names.contains("NO_SERVER")), (28, false));
}

#[test]
fn the_agents_seen_working_are_there_in_a_weekdays_hours_but_for_their_breaks() {
    let Some(recording) = january() else { return };
    let staff = Staff::of(&recording);
    // At half past each hour from 8 to 18 on Sundays to Thursdays, but for the 11th and 12th, of
    // which there is nothing, and the 13th, of which an hour is missing.
    let mut counts = Vec::new();
    for day in [3, 4, 5, 6, 7, 10, 14, 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 31] {
        for hour in 8..18 {
            let moment = format!("1999-01-{day:02}T{hour:02}:30:00Z").parse().unwrap();
            let is_there = |shift: &&Span| (shift.from..shift.until).contains(&moment);
            counts.push(staff.shifts.iter().flatten().filter(is_there).count());
        }
    }
    counts.sort_unstable();
    let [low, median, high] = [5, 50, 95].map(|percent| counts[counts.len() * percent / 100]);
    // Fewer at one moment than the eight to fifteen that answer calls within the hour: there are
    // always some on a break.
    assert!(low >= 3 && (5..=9).contains(&median) && high <= 15, "{low} {median} {high}");
    let apart = |shifts: &Vec<Span>| shifts.windows(2).all(|two| two[0].until < two[1].from);
    assert!(staff.shifts.iter().all(apart));
}

#[test]
fn a_call_is_offered_if_it_was_answered_or_its_caller_waited() {
    let recording = read(&[
        "AA0101\t1\t7\t2\tPS\t990101\t0:00:31\t0:00:36\t5\t0:00:36\t0:03:09\t153\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER",
        "AA0101\t2\t0\t0\tPS\t990101\t0:34:12\t0:34:23\t11\t0:00:00\t0:00:00\t0\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER",
        "AA0101\t3\t7\t1\tNE\t990101\t23:59:20\t23:59:56\t36\t23:59:56\t0:00:13\t17\tAGENT\t0:00:13\t0:01:07\t54\tMICHAL",
        "AA0101\t4\t7\t0\tPS\t990101\t7:00:00\t7:00:06\t6\t0:00:00\t0:00:00\t0\tPHANTOM\t0:00:00\t0:00:00\t0\tNO_SERVER",
        "AA0101\t5\t7\t0\tPS\t990101\t7:41:16\t7:41:26\t10\t0:00:00\t0:00:00\t0\tAGENT\t7:41:25\t7:44:53\t208\tBASCH",
    ]);
    assert_remarks(&recording, &[]);
    let calls = recording.calls.iter().map(|it| (it.line, it.arrival.to_string(), it.fate));
    let secs = Millis::from_secs;
    let answered = |waited, agent, served| Fate::Answered {
        waited: secs(waited),
        agent: Some(agent),
        served: Some(secs(served)),
    };
    assert_eq!(
        calls.collect::<Vec<_>>(),
        [
            (2, "1999-01-01T00:00:36.000Z".to_owned(), Fate::Abandoned { waited: secs(153) }),
            (6, "1999-01-01T07:41:26.000Z".to_owned(), answered(0, 1, 208)),
            (4, "1999-01-01T23:59:56.000Z".to_owned(), answered(17, 0, 54)),
        ]
    );
    assert_eq!(recording.calls[0].priority, Priority::new(2).unwrap());
    assert_eq!(recording.calls[2].priority, Priority::default());
    assert_eq!(recording.queues, ["PS", "NE"]);
}

#[test]
fn lines_that_slipped_a_column_are_refused_with_their_numbers_and_the_others_read() {
    let recording = read(&[
        "AA0101\t1\t0\t0\tPS\t990101\t7:41:16\t7:41:26\t10\t0:00:00\t0:00:00\t0\tAGENT\t7:41:25\t7:44:53\t208\tBASCH",
        "AA0101\t2\t0\t0\t990101\t7:41:16\t7:41:26\t10\t0:00:00\t0:00:00\t0\tAGENT\t7:41:25\t7:44:53\t208\tBASCH",
        "AA0101\t3\t0\t0\t990101\t990101\t7:41:16\t7:41:26\t10\t0:00:00\t0:00:00\t0\tAGENT\t7:41:25\t7:44:53\t208\tBASCH",
        "AA0101\t4\t0\t3\tPS\t990101\t7:41:16\t7:41:26\t10\t0:00:00\t0:00:00\t0\tAGENT\t7:41:25\t7:44:53\t208\tBASCH",
        "AA0101\t5\t0\t0\tPS\t990132\t7:41:16\t7:41:26\t10\t0:00:00\t0:00:00\t0\tAGENT\t7:41:25\t7:44:53\t208\tBASCH",
        "AA0101\t6\t0\t0\tPS\t990101\t7:41:16\t7:61:26\t10\t0:00:00\t0:00:00\t0\tAGENT\t7:41:25\t7:44:53\t208\tBASCH",
        "AA0101\t7\t0\t0\tPS\t990101\t7:41:16\t7:41:26\t10\t0:00:00\t0:00:00\t0\tLOST\t7:41:25\t7:44:53\t208\tBASCH",
        "AA0101\t8\t0\t0\tPS\t990101\t7:41:16\t7:41:26\t10\t0:00:00\t0:00:00\t-5\tAGENT\t7:41:25\t7:44:53\t208\tBASCH",
        "",
        "AA0101\t9\t0\t0\t PS\t990101\t8:41:16 \t8:41:26\t10\t0:00:00\t0:00:00\t0\tAGENT\t8:41:25\t8:44:53\t20\tBASCH ",
    ]);
    assert_remarks(
        &recording,
        &[
            (3, true, "16 columns instead of 17"),
            (4, true, "type: \"990101\" is not a word"),
            (5, true, "priority: \"3\" is not a priority: 0, 1 and 2 are"),
            (6, true, "date: \"990132\" is not a date as yymmdd"),
            (7, true, "vru_exit: \"7:61:26\" is not a time as h:mm:ss"),
            (8, true, "outcome: \"LOST\" is not known, AGENT, HANG and PHANTOM are"),
            (9, true, "q_time: \"-5\" is not a number of seconds"),
            (11, false, "ser_time is 20, but its times are 208 s apart: 20 s are used"),
        ],
    );
    assert_eq!(recording.account.set_aside["empty lines"], 1);
    assert_eq!(recording.calls.len(), 2);
    assert_eq!(recording.agents.len(), 1, "white space is no name");
}

#[test]
fn what_has_another_header_is_no_bank() {
    for text in ["", "arrival,queue\n", "\n\n"] {
        let refused = anonymous_bank::read(text.as_bytes(), &TimeZone::UTC);
        assert!(matches!(refused, Err(ReadError::Header(_))), "{text:?}");
    }
}

fn date(call: &replay::recording::RecordedCall) -> jiff::civil::Date {
    let moment = jiff::Timestamp::from_millisecond(call.arrival.as_millis()).unwrap();
    TimeZone::UTC.to_datetime(moment).date()
}

fn read(lines: &[&str]) -> Recording {
    let text = format!("{HEADER}\r\n{}\r\n", lines.join("\r\n"));
    anonymous_bank::read(text.as_bytes(), &TimeZone::UTC).unwrap()
}

/// The month, where the shared data is.
pub(crate) fn january() -> Option<Recording> {
    let file = shared("data/anonymous-bank/january-1999.txt", &mut io::stdout())?;
    Some(replay::read(&file, Format::AnonymousBank, &TimeZone::UTC).unwrap())
}
