//! What is wrong in a scenario file is said with its place, all of it.

use std::{fs, path::Path};

use monti_core::Millis;
use monti_sim::{Hours, Rate, Scenario};

/// A scenario that is right, in few lines.
const RIGHT: &str = r#"start = "2026-01-29T08:00:00"
duration = "10h"
staff = [{ department = "sales", agents = 20 }]
[[arrivals]]
vq = "sales_general"
calls_per_hour = 270
[behaviour]
talk = { exponential = { mean = "240s" } }
"#;

fn parse(text: &str) -> Result<Scenario, String> {
    Scenario::parse(text, Path::new("")).map_err(|error| error.to_string())
}

/// The faults of a scenario of which a part is another.
#[track_caller]
fn faults(part: &str, other: &str) -> String {
    assert!(RIGHT.contains(part), "{part}");
    parse(&RIGHT.replacen(part, other, 1)).unwrap_err()
}

#[test]
fn what_is_left_out_does_not_happen() {
    let scenario = parse(RIGHT).unwrap();
    let behaviour = &scenario.behaviour[0];
    assert!(behaviour.answers_at_once() && behaviour.after_call.is_zero());
    assert!(behaviour.patience.is_none() && behaviour.breaks.is_none());
    assert_eq!(scenario.counts_from, scenario.opens_at);
    assert_eq!(scenario.staff[0].hours, Hours::Always);
    assert_eq!(scenario.arrivals[0].rate, Rate::Constant(270.0));
}

#[test]
fn all_faults_are_named_with_their_places() {
    let text = r#"start = "yesterday"
duration = "10 parsecs"
warmup = "-1s"
staff = [{ department = "salse", agents = -3 }, { agents = 2, from = "08:00" }]
colour = "red"
[[arrivals]]
vq = "sales_genral"
calls_per_hour = 1e9
[[arrivals]]
department = "sales"
profile = [["08:00", 10], ["07:00", 20]]
priority = 12
[behaviour]
talk = { exponential = { mean = "0s" } }
patience = "for ever"
breaks = { share = 1.5, max = "10m" }
after_call = { normal = { mean = "3s" } }
"#;
    let error = parse(text).unwrap_err();
    for (line, path) in [
        (1, "start"),
        (2, "duration"),
        (3, "warmup"),
        (4, "staff[0].department"),
        (4, "staff[0].agents"),
        (4, "staff[1].department"),
        (4, "staff[1].until"),
        (5, "colour"),
        (7, "arrivals[0].vq"),
        (8, "arrivals[0].calls_per_hour"),
        (11, "arrivals[1].profile"),
        (12, "arrivals[1].priority"),
        (14, "behaviour.talk.exponential"),
        (15, "behaviour.patience"),
        (16, "behaviour.breaks.share"),
        (17, "behaviour.after_call"),
    ] {
        let named = error.lines().any(|fault| {
            fault.starts_with(&format!("line {line}, ")) && fault.contains(&format!(" {path}: "))
        });
        assert!(named, "line {line}, {path} is not in\n{error}");
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    for (part, other, said) in [
        ("duration = \"10h\"", "duration = \"10h\"\nwarmup = \"10h\"", "nothing would be counted"),
        ("vq = \"sales_general\"", "", "just one of vq and department"),
        ("calls_per_hour = 270", "", "just one of calls_per_hour, profile and counts"),
        ("calls_per_hour = 270", "calls_per_hour = 1\nprofile = [[\"08:00\", 1]]", "just one of"),
        ("agents = 20", "agents = 20, from = \"08:00\", until = \"08:00\"", "the same as from"),
        (
            "[behaviour]",
            "[behaviour]\nlunch = { from = \"12:00\", until = \"12:00\", time = { constant = \"30m\" } }",
            "behaviour.lunch.until: the same as from",
        ),
        ("agents = 20", "agents = 20, queues = [\"support_billing\"]", "not a queue of the dep"),
        ("agents = 20", "agents = 1000001", "0 to 1000000"),
        ("talk = { exponential = { mean = \"240s\" } }", "", "talk: required"),
        ("[behaviour]", "[behaviour]\ndepartments.x.no_answer_share = 0.1", "no such department"),
        ("start", "centre = \"nowhere.toml\"\nstart", "nowhere.toml"),
        ("start = ", "start = = ", "not TOML"),
        ("2026-01-29", "9999-12-31", "start: years from 1900 to 2199 are allowed"),
        ("08:00:00", "08:00:00[Asia/Tokyo]", "start: \"2026-01-29T08:00:00[Asia/Tokyo]\" is not"),
        (
            "[behaviour]",
            "[behaviour]\nno_answer_share = 1.0",
            "line 8, column 19: behaviour.no_answer_share: with endless patience 0 to 0.99",
        ),
    ] {
        let error = faults(part, other);
        assert!(error.contains(said), "{said:?} is not in\n{error}");
    }
}

#[test]
fn a_time_of_the_day_that_says_more_is_refused_wherever_it_is_written() {
    for time in [
        "\"2026-01-29T08:00\"",
        "2026-01-29T08:00:00",
        "\"08:00-05:00\"",
        "\"08:00[Asia/Tokyo]\"",
        "\"23:59:60\"",
    ] {
        let staff = format!("agents = 20, from = {time}, until = \"18:00\"");
        let profile = format!("profile = [[{time}, 10]]");
        let peak = format!("[peak]\nhours = [[\"07:00\", {time}]]\n[behaviour]");
        for (part, other, path) in [
            ("agents = 20", staff, "staff[0].from: "),
            ("calls_per_hour = 270", profile, "arrivals[0].profile: "),
            ("[behaviour]", peak, "peak.hours: "),
        ] {
            let error = faults(part, &other);
            let said = "is not allowed, a time of the day from \"00:00\" to \"23:59:59\" is";
            assert!(error.contains(path) && error.contains(said), "{time}: {error}");
        }
    }
    let shift = "agents = 20, from = 08:00:00, until = \"17:30:15\"";
    parse(&RIGHT.replacen("agents = 20", shift, 1)).unwrap();
}

/// The default centre's phones ring for 20 seconds.
#[test]
fn callers_who_wait_for_ever_are_answered_before_the_ring_timeout_now_and_then_at_least() {
    let never = [
        r#"answer = { constant = "20s" }"#,
        r#"answer = { uniform = { min = "19900ms", max = "3m" } }"#,
        r#"answer = { lognormal = { mean = "60s", sd = "10s" } }"#,
        "no_answer_share = 0.9\nanswer = { exponential = { mean = \"10m\" } }",
    ];
    for habits in never {
        let error = faults("[behaviour]", &format!("[behaviour]\n{habits}"));
        let said = "behaviour.answer: with endless patience at least 1 % of the rings";
        assert!(error.contains(said) && error.contains("ring timeout of 20 s"), "{error}");
        let hang_up = format!("[behaviour]\npatience = {{ constant = \"1h\" }}\n{habits}");
        parse(&RIGHT.replacen("[behaviour]", &hang_up, 1)).unwrap();
    }
    for habits in [
        r#"answer = { constant = "19999ms" }"#,
        r#"answer = { exponential = { mean = "10m" } }"#,
        "no_answer_share = 0.9\nanswer = { uniform = { min = \"0s\", max = \"60s\" } }",
    ] {
        parse(&RIGHT.replacen("[behaviour]", &format!("[behaviour]\n{habits}"), 1)).unwrap();
    }
    // It is said where it is: in the department's own table, and not where no department is left.
    let slow = r#"answer = { constant = "25s" }"#;
    let error = parse(&format!("{RIGHT}[behaviour.departments.sales]\n{slow}\n")).unwrap_err();
    let place = "line 10, column 10: behaviour.departments.sales.answer: with endless patience";
    assert!(error.starts_with(place) && error.lines().count() == 1, "{error}");
    let quick = ["sales", "support", "technical", "retention"].map(|department| {
        format!("[behaviour.departments.{department}]\nanswer = {{ constant = \"5s\" }}\n")
    });
    let text = RIGHT.replacen("[behaviour]", &format!("[behaviour]\n{slow}"), 1);
    parse(&(text + &quick.concat())).unwrap();
}

/// What follows from a fault is none of its own.
#[test]
fn one_fault_is_told_as_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("calls.csv"), "Calls\n3\n4\n5\n").unwrap();
    let counts = "counts = { file = \"calls.csv\", column = \"Calls\", interval = \"5m\" }";
    let own = "[behaviour.departments.sales]\ntalk = \"long\"";
    let talks = ["sales", "support", "technical", "retention"]
        .map(|it| format!("[behaviour.departments.{it}]\ntalk = {{ constant = \"1s\" }}\n"));
    for (part, other, path) in [
        ("start = \"2026-01-29T08:00:00\"", "start = \"soon\"", "start: "),
        ("talk = { exponential = { mean = \"240s\" } }", "talk = \"long\"", "behaviour.talk: "),
        (
            "[behaviour]",
            "[behaviour]\npatience = \"long\"\nanswer = { constant = \"25s\" }",
            "behaviour.patience: ",
        ),
        (
            "talk = { exponential = { mean = \"240s\" } }",
            &format!("{own}\n{}", talks[1..].concat()),
            "behaviour.departments.sales.talk: ",
        ),
        (
            "talk = { exponential = { mean = \"240s\" } }",
            &format!("no_answer_share = 1.0\n{}", talks.concat()),
            "behaviour.no_answer_share: ",
        ),
        (
            "talk = { exponential = { mean = \"240s\" } }",
            &format!(
                "answer = {{ constant = \"25s\" }}\npatience = {{ constant = \"1h\" }}\n{}patience = \
                 \"endless\"\n",
                talks.concat()
            ),
            "behaviour.departments.retention.answer: ",
        ),
    ] {
        let text = RIGHT.replacen("calls_per_hour = 270", counts, 1).replacen(part, other, 1);
        let error = Scenario::parse(&text, folder.path()).unwrap_err().to_string();
        assert!(error.lines().count() == 1 && error.contains(path), "{error}");
    }
    let error = faults("[behaviour]", "[behaviour]\nanser = 1");
    let known = error.split_once("known are ").unwrap().1.split(", ").collect::<Vec<_>>();
    let each = known.iter().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(each.len(), known.len(), "{error}");
}

#[test]
fn a_file_without_an_end_is_not_read_to_it() {
    let counts = r#"counts = { file = "/dev/zero", column = "Calls", interval = "5m" }"#;
    let error = faults("calls_per_hour = 270", counts);
    assert!(error.contains("longer than 64 MiB"), "{error}");
    let error = faults("start", "centre = \"/dev/zero\"\nstart");
    assert!(error.contains("longer than 64 MiB"), "{error}");
}

/// Each would stand still at one moment, or never end.
#[test]
fn a_scenario_of_people_who_never_rest_comes_to_its_end() {
    for (habits, offered_max) in [
        // A redial a second at most, for each of a minute's sixty seconds.
        (
            "patience = { constant = \"0s\" }\nredial = { share = 1.0, after = { constant = \"0s\" } }",
            60 * 60,
        ),
        ("no_answer_share = 1.0\npatience = { constant = \"30s\" }", 60),
        ("breaks = { share = 1.0, max = \"1s\", every = { constant = \"0s\" } }", 60),
    ] {
        let text = RIGHT
            .replacen("10h", "1m", 1)
            .replacen("agents = 20", "agents = 1", 1)
            .replacen("270", "600", 1)
            .replacen("[behaviour]", &format!("[behaviour]\n{habits}"), 1);
        let scenario = std::sync::Arc::new(parse(&text).unwrap());
        let effort = monti_sim::study::Effort { replications: 1, threads: 1 };
        let seen = monti_sim::study::observe(&scenario, effort, &|_| {});
        let calls = seen.replications[0].calls;
        assert!((1..=offered_max).contains(&calls), "{habits}: {calls}");
    }
}

#[test]
fn breaks_are_the_centres_where_the_scenario_does_not_say_otherwise() {
    let breaks = |habits: &str| {
        let text = RIGHT.replacen("[behaviour]", &format!("[behaviour]\n{habits}"), 1);
        let scenario = parse(&text).unwrap();
        let breaks = scenario.behaviour[0].breaks.clone().unwrap();
        (breaks.share, breaks.max)
    };
    assert_eq!(breaks("breaks = {}"), (0.05, Millis::from_secs(600)));
    let said = "breaks = { share = 0.1, max = \"7m\" }";
    assert_eq!(breaks(said), (0.1, Millis::from_secs(420)));
}

#[test]
fn a_department_may_behave_in_its_own_way() {
    let text = RIGHT.to_owned()
        + "[behaviour.departments.support]\ntalk = { constant = \"7s\" }\npatience = \"endless\"\n\
           [behaviour.departments.sales]\npatience = { constant = \"9s\" }\n";
    let scenario = parse(&text).unwrap();
    assert_eq!(scenario.behaviour[1].talk.mean_secs(), 7.0);
    assert_eq!(scenario.behaviour[0].talk.mean_secs(), 240.0);
    assert!(scenario.behaviour[0].patience.is_some());
    assert!(scenario.behaviour[1].patience.is_none());
}

#[test]
fn counts_are_read_with_and_without_their_times() {
    let folder = tempfile::tempdir().unwrap();
    let csv = "when,Calls\n2026-01-29T08:00:00,3\n2026-01-30T08:00:00,4\n";
    fs::write(folder.path().join("calls.csv"), csv).unwrap();
    let read = |counts: &str| {
        let text = RIGHT.replacen("calls_per_hour = 270", counts, 1);
        Scenario::parse(&text, folder.path()).map_err(|error| error.to_string())
    };
    let one_after_the_other =
        read(r#"counts = { file = "calls.csv", column = "Calls", interval = "5m" }"#).unwrap();
    let Rate::Counts(counts) = &one_after_the_other.arrivals[0].rate else { panic!() };
    assert_eq!(counts[0].until, counts[1].from);
    assert_eq!(counts.iter().map(|count| count.calls).sum::<u32>(), 7);

    let at_their_times = read(
        r#"counts = { file = "calls.csv", column = "Calls", interval = "5m", time = "when" }"#,
    );
    let at_their_times = at_their_times.unwrap();
    let Rate::Counts(counts) = &at_their_times.arrivals[0].rate else { panic!() };
    assert_eq!(counts[1].from.since(counts[0].from).get(), 24 * 3_600_000);
    assert_eq!(at_their_times.counted_calls_beyond(), 4);
    assert_eq!(at_their_times.counted_calls_across(), 0);
    for (start, across) in [("08:02", 3), ("07:58", 0), ("07:59", 3)] {
        let text = RIGHT
            .replacen("08:00:00", &format!("{start}:00"), 1)
            .replacen("10h", "2m", 1)
            .replacen(
                "calls_per_hour = 270",
                r#"counts = { file = "calls.csv", column = "Calls", interval = "5m", time = "when" }"#,
                1,
            );
        let scenario = Scenario::parse(&text, folder.path()).unwrap();
        assert_eq!(scenario.counted_calls_across(), across, "{start}");
    }

    for (csv, said) in [
        ("when,Calls\n9999-12-31 23:59:59,1\n", "in the years from 1900 to 2199"),
        ("when,Calls\n2026-01-29,1\n", "line 2: \"2026-01-29\" is no date and time"),
        (
            "when,Calls\n2026-01-29T08:00:00[America/New_York],1\n",
            "[America/New_York]\" is no date and time such as 2026-01-29T08:00:00, or with an offset",
        ),
    ] {
        fs::write(folder.path().join("late.csv"), csv).unwrap();
        let counts =
            r#"counts = { file = "late.csv", column = "Calls", interval = "5m", time = "when" }"#;
        let error = read(counts).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
}

/// A count that is missing would let all that follow come too early.
#[test]
fn what_is_wrong_in_a_column_is_named_with_its_line_whatever_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let read = |csv: &str, column: &str| {
        fs::write(folder.path().join("calls.csv"), csv).unwrap();
        let counts =
            format!(r#"counts = {{ file = "calls.csv", column = "{column}", interval = "5m" }}"#);
        let text = RIGHT.replacen("calls_per_hour = 270", &counts, 1);
        Scenario::parse(&text, folder.path()).map_err(|error| error.to_string())
    };
    let bad = "Calls\n3\nmany\n\n-1\n\"4\n5,6\n7\n\n";
    let said = [
        "line 3: \"many\" is not allowed",
        "line 4: it is empty",
        "line 5: \"-1\" is not allowed",
        "line 6: a quote is not closed on the line",
        "line 7: 2 fields, but the header has 1",
    ];
    for csv in [bad.to_owned(), bad.replace('\n', "\r\n")] {
        let error = read(&csv, "Calls").unwrap_err();
        let faults = error.split_once("\"calls.csv\": ").unwrap().1.split("; ");
        for (fault, said) in faults.clone().zip(said) {
            assert!(fault.starts_with(said), "{said:?} is not in\n{error}");
        }
        assert_eq!(faults.count(), said.len(), "{error}");
    }
    assert!(read("Calls\r\n3\r\n4\r\n\r\n", "Calls").is_ok());
    let error = read("Calls\nmany\n", "Cals").unwrap_err();
    assert!(error.contains("line 1: no column \"Cals\", there are Calls"), "{error}");
    assert!(!error.contains("many"), "{error}");
    assert!(read("", "Calls").unwrap_err().contains("it is empty"));
}
