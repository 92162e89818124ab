//! Tables with named columns.

use std::{fs, process::Command};

use jiff::tz::TimeZone;
use monti_core::{Centre, Millis};
use monti_sim::replay::{ReadError, Recording, csv, queue_map::own_centre_file, recording::Fate};

use crate::assert_remarks;

#[test]
fn columns_are_found_by_their_names() {
    let recording = read(
        "queue,arrival,outcome,wait_seconds,service_seconds,agent,priority,note\n\
         sales,2026-01-29T08:00:00Z,answered,12.5,180,Kim,3,x\n\
         sales,2026-01-29 09:00:05,abandoned,30,,,,\n\
         support,2026-01-29 09:00:01,diverted,5,,,,\n\
         support,2026-01-29 09:00:00,,,,,,\n",
    );
    assert_remarks(&recording, &[(1, false, "column \"note\" is not used")]);
    let secs = Millis::from_secs;
    let fates = recording.calls.iter().map(|call| (call.line, call.fate)).collect::<Vec<_>>();
    let answered = Fate::Answered {
        waited: Millis::new(12_500),
        agent: Some(0),
        served: Some(Millis::from_secs(180)),
    };
    // 9 o'clock in Berlin is 8 o'clock UTC.
    assert_eq!(
        fates,
        [
            (2, answered),
            (5, Fate::Unknown),
            (4, Fate::Diverted { waited: secs(5) }),
            (3, Fate::Abandoned { waited: secs(30) }),
        ]
    );
    assert_eq!(recording.calls[0].priority.get(), 3);
}

/// Whoever had an agent was answered; what goes with no outcome is told.
#[test]
fn what_a_row_says_without_an_outcome_or_against_it_is_used_or_told() {
    let recording = read(
        "arrival,queue,outcome,wait_seconds,service_seconds,agent\n\
         2026-01-29 09:00:00,sales,,5,60,Kim\n\
         2026-01-29 09:00:01,sales,,30,60,\n\
         2026-01-29 09:00:02,sales,,,,Kim\n\
         2026-01-29 09:00:03,sales,abandoned,30,0,\n\
         2026-01-29 09:00:04,sales,abandoned,30,20,Lee\n",
    );
    assert_remarks(
        &recording,
        &[
            (3, false, "wait_seconds, service_seconds: not used, the outcome is missing"),
            (4, false, "agent: not used, the outcome is missing"),
            (6, false, "service_seconds, agent: not used, the call was not answered"),
        ],
    );
    let secs = Millis::from_secs;
    let answered = Fate::Answered { waited: secs(5), agent: Some(0), served: Some(secs(60)) };
    let abandoned = Fate::Abandoned { waited: secs(30) };
    let fates = recording.calls.iter().map(|call| call.fate).collect::<Vec<_>>();
    assert_eq!(fates, [answered, Fate::Unknown, Fate::Unknown, abandoned, abandoned]);
}

#[test]
fn of_each_line_it_is_counted_once_what_became_of_it() {
    let recording = read(
        "arrival,queue,note,team\n\
         soon,sales,,\n\
         2026-01-29 09:00:00,sales,x,y\n",
    );
    assert_eq!((recording.account.corrected(), recording.account.refused()), (1, 1));
    assert_eq!(recording.account.remarks.len(), 3);
}

#[test]
fn semicolons_and_a_byte_order_mark_do_no_harm() {
    let recording = read("\u{feff}arrival;queue\r\n2026-01-29 09:00:00;sales\r\n");
    assert_remarks(&recording, &[]);
    assert_eq!(recording.calls.len(), 1);
}

#[test]
fn every_wrong_line_is_refused_with_its_reason() {
    let recording = read(
        "arrival,queue,priority,outcome,wait_seconds,service_seconds\n\
         soon,sales,,,,\n\
         ,sales,,,,\n\
         2026-01-29 09:00:00,,,,,\n\
         2026-01-29 09:00:00,sales,10,,,\n\
         2026-01-29 09:00:00,sales,,lost,,\n\
         2026-01-29 09:00:00,sales,,answered,,\n\
         2026-01-29 09:00:00,sales,,answered,-1,\n\
         2026-01-29 09:00:00,sales,,answered,NaN,5\n\
         2026-01-29 09:00:00,sales,,answered,1,5\n",
    );
    assert_remarks(
        &recording,
        &[
            (2, true, "arrival: \"soon\" is no moment"),
            (3, true, "arrival: missing"),
            (4, true, "queue: missing"),
            (5, true, "priority: \"10\" is no priority, 0 to 9 are"),
            (6, true, "outcome: \"lost\" is not known, answered, abandoned and diverted are"),
            (7, true, "wait_seconds: missing"),
            (8, true, "wait_seconds: \"-1\" is not a number of seconds"),
            (9, true, "wait_seconds: \"NaN\" is not a number of seconds"),
        ],
    );
    assert_eq!(recording.calls.len(), 1);
}

/// It would be hours off.
#[test]
fn an_arrival_with_a_zone_is_refused_unless_it_has_its_offset() {
    let recording = read(
        "arrival,queue\n\
         2026-01-29T09:15:00[America/New_York],sales\n\
         2026-01-29T09:15:00-05:00[America/New_York],sales\n",
    );
    let said = "arrival: \"2026-01-29T09:15:00[America/New_York]\" is no moment";
    assert_remarks(&recording, &[(2, true, said)]);
    assert_eq!(recording.calls[0].arrival, "2026-01-29T14:15:00Z".parse().unwrap());
}

/// A quote that is not closed costs its own line, whatever ends the lines.
#[test]
fn what_is_wrong_in_a_line_is_told_of_that_line_and_costs_no_other() {
    let row = "2026-01-29 09:00:00,sales,answered,5,60,Kim";
    let text = format!(
        "arrival,queue,outcome,wait_seconds,service_seconds,agent\n\n\
         {row}\n\
         2026-01-29 09:00:01,sales,answered,5,60,\"Kim\n\
         2026-01-29 09:00:02,sales,answered,5,5,60,Kim\n\
         2026-01-29 09:00:03,sales,answered,5,60,\"Kim, Lee\"\n\
         soon,sales\n\
         2026-01-29,sales\n\
         {row}\n\n"
    );
    for text in [text.replace('\n', "\r\n"), text] {
        let recording = read(&text);
        assert_remarks(
            &recording,
            &[
                (4, true, "a quote is not closed on the line"),
                (5, true, "7 fields, but the header has only 6 columns"),
                (7, true, "arrival: \"soon\" is no moment"),
                (8, true, "arrival: \"2026-01-29\" is no moment"),
            ],
        );
        let lines = recording.calls.iter().map(|call| call.line).collect::<Vec<_>>();
        assert_eq!(lines, [3, 9, 6]);
        assert_eq!(recording.agents[1].name, "Kim, Lee");
        assert_eq!((recording.account.lines, recording.account.set_aside["empty lines"]), (10, 2));
    }
}

#[test]
fn a_table_without_the_columns_that_are_needed_is_refused_whole() {
    for text in ["", "arrival,vq\n2026-01-29 09:00:00,sales\n"] {
        let refused = csv::read(text.as_bytes(), &TimeZone::UTC);
        assert!(matches!(refused, Err(ReadError::Header(_))), "{text:?}");
    }
}

/// Nobody would be there to answer, and without a length the talks would last no time at all.
#[test]
fn a_recording_whose_answered_calls_have_no_length_or_no_agent_is_not_played() {
    let folder = tempfile::tempdir().unwrap();
    let played = |rows: &str| {
        let file = folder.path().join("calls.csv");
        let header = "arrival,queue,outcome,wait_seconds,agent,service_seconds\n";
        fs::write(&file, format!("{header}{rows}")).unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_monti-sim"));
        program.args(["replay", "--format", "csv", "--study", "--replications", "1"]).arg(file);
        let ended = program.env_clear().output().unwrap();
        (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
    };
    let answered = "2026-01-29 09:00:00,sales,answered,5,Kim\n";
    let (code, said) = played(&answered.repeat(2));
    assert_eq!(code, Some(1), "{said}");
    for part in ["calls.csv: none of the 2 calls", "in seconds in the column service_seconds"] {
        assert!(said.contains(part), "{said}");
    }
    let nobody = "2026-01-29 09:00:00,sales,answered,5,,60\n";
    let (code, said) = played(nobody);
    assert_eq!(code, Some(1), "{said}");
    for part in ["calls.csv: none of the 1 calls", "in a csv the column agent says it"] {
        assert!(said.contains(part), "{said}");
    }
    let one = "2026-01-29 09:00:00,sales,answered,5,Kim,60\n";
    for rows in [&[answered, one].concat(), "2026-01-29 09:00:00,sales,abandoned,5,,\n"] {
        let (code, said) = played(rows);
        assert_eq!(code, Some(0), "{said}");
    }
}

#[test]
fn a_queue_has_its_name_in_a_centre_of_its_own_unless_no_name_can_be_so() {
    let recording = read(
        "arrival,queue\n2026-01-29 09:00:00,Sales \u{0}Nord\n\
         2026-01-29 09:00:01,right\u{200f}to left\n",
    );
    let file = own_centre_file(&recording, &TimeZone::UTC, None);
    let centre = Centre::from_toml(&file, |_| true).unwrap();
    let names: Vec<_> = centre.queues().map(|(_, queue)| queue.name.as_str()).collect();
    assert_eq!(names, ["Sales Nord", "right_to_left"]);
}

fn read(text: &str) -> Recording {
    csv::read(text.as_bytes(), &TimeZone::get("Europe/Berlin").unwrap()).unwrap()
}

#[test]
fn what_has_no_lines_is_no_table() {
    let endless = std::io::BufReader::new(std::io::repeat(0));
    let error = csv::read(endless, &TimeZone::UTC).unwrap_err().to_string();
    assert!(error.contains("no table"), "{error}");
}
