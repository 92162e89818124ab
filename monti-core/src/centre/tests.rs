use std::fmt::Write;

use super::*;
use crate::file::FileFault;

/// The shortest department that is right, in one line.
const SALES: &str = "[[departments]]\nid = 'sales'\nqueues = [{ id = 'general' }]\n";

#[test]
fn the_default_is_the_four_departments_with_four_queues_each() {
    let centre = Centre::default();
    let departments: Vec<_> = centre.departments().map(|(_, it)| it.id.as_str()).collect();
    assert_eq!(departments, ["sales", "support", "technical", "retention"]);
    let queues: Vec<_> = centre.queues().map(|(_, it)| it.id.as_str()).collect();
    let expected = "sales_general sales_enterprise sales_upsell sales_renewal \
        support_tier_1 support_tier_2 support_billing support_returns \
        technical_network technical_software technical_hardware technical_security \
        retention_cancel retention_winback retention_loyalty retention_escalation";
    assert_eq!(queues.join(" "), expected);
    for (_, queue) in centre.queues() {
        assert_eq!((queue.target_percent, queue.target), (80.0, Millis::from_secs(20)));
        assert_eq!(queue.short_abandon, Millis::from_secs(5));
    }
    assert_eq!((centre.name(), centre.time_zone()), ("MONTI", "UTC"));
}

#[test]
fn the_default_is_what_its_file_says() {
    assert_eq!(
        Centre::from_toml(Centre::DEFAULT_TOML, |name| name == "UTC"),
        Ok(Centre::default())
    );
}

#[test]
fn what_a_file_leaves_out_is_as_the_default_file_says() {
    let whole = Centre::DEFAULT_TOML;
    let only_ids: String = whole[whole.find("[[departments]]").unwrap()..]
        .lines()
        .filter(|line| !line.starts_with("name"))
        .fold(String::new(), |text, line| text + line + "\n");
    let mut expected = Centre::default();
    for department in &mut expected.departments {
        department.name = department.id.parse().unwrap();
    }
    assert_eq!(read(&only_ids), expected);
}

#[test]
fn a_file_may_say_everything() {
    let centre = read(
        r#"
            name = "Northwind Care"
            time_zone = "Europe/Berlin"
            priority = { mode = "head_start", per_level = "1m" }
            limits = { ring_timeout = "1ms", grace = "0s", after_call_work = "24h", break = "1.5s" }
            planning.agent_break_share_percent = 7.5
            colours = { green_percent = 70, yellow_percent = 70.0 }
            service_level = { target_percent = 0, target = "0s", short_abandon = "0s" }

            [[departments]]
            id = "a"
            name = "Ä"
            [[departments.queues]]
            id = "1"
            [[departments.queues]]
            id = "2"
            name = "Two"
            target_percent = 100
            target = "24h"
            short_abandon = "24h"
        "#,
    );
    assert_eq!((centre.name(), centre.time_zone()), ("Northwind Care", "Europe/Berlin"));
    let per_level = Millis::from_secs(60);
    assert_eq!(centre.priority_mode(), PriorityMode::HeadStart { per_level });
    let day = Millis::from_secs(86_400);
    let limits = Limits {
        ring_timeout: Millis::new(1),
        grace: Millis::ZERO,
        after_call_work: day,
        break_time: Millis::new(1_500),
    };
    assert_eq!(centre.limits(), &limits);
    assert_eq!(centre.agent_break_share_percent(), 7.5);
    let colours = ColourThresholds { green_percent: 70.0, yellow_percent: 70.0 };
    assert_eq!(centre.colours(), colours);
    let queue = |id: &str, name: &str, target_percent, target, short_abandon| VirtualQueue {
        id: id.to_owned(),
        name: name.parse().unwrap(),
        department: DepartmentId(0),
        target_percent,
        target,
        short_abandon,
    };
    assert_eq!(centre.queue(VqId(0)), Some(&queue("a_1", "1", 0.0, Millis::ZERO, Millis::ZERO)));
    assert_eq!(centre.queue(VqId(1)), Some(&queue("a_2", "Two", 100.0, day, day)));
    assert_eq!(centre.department(DepartmentId(0)).unwrap().queues, [VqId(0), VqId(1)]);
}

#[test]
fn departments_and_queues_are_found_by_what_the_wire_calls_them() {
    let centre = Centre::default();
    for (id, department) in centre.departments() {
        assert_eq!(centre.find_department(&department.id), Some(id));
        assert!(department.queues.iter().all(|vq| centre.queue(*vq).unwrap().department == id));
    }
    for (vq, queue) in centre.queues() {
        assert_eq!(centre.find_queue(&queue.id), Some(vq));
    }
    assert_eq!((centre.departments().len(), centre.queues().len()), (4, 16));
    assert_eq!(centre.find_department("sale"), None);
    assert_eq!(centre.find_queue("sales"), None);
    assert_eq!(centre.department(DepartmentId(4)), None);
    assert_eq!(centre.queue(VqId(16)), None);
}

#[test]
fn text_that_is_no_toml_is_one_fault() {
    assert_faults("a = 1\na = 2\nb = ", "line 2, column 1: not TOML: duplicate key");
    let deep = format!("a = {}", "[".repeat(100_000));
    let expected = "line 1, column 85: not TOML: cannot recurse further; max recursion depth met";
    assert_faults(&deep, expected);
    let dotted = format!("a{} = 1", ".a".repeat(100_000));
    assert_faults(&dotted, "line 1, column 1: not TOML: recursion limit");
}

#[test]
fn all_faults_are_found_at_once_and_told_in_the_order_of_the_file() {
    assert_faults(
        r#"
time_zone = "Mars/Olympus"
nmae = "Northwind"

[limits]
grace = "-3s"
ring_timeout = 20

[[departments]]
id = "sales"
queues = [{ id = "a_b" }, { target_percent = 120, name = "" }, 5]

[[departments]]
id = "Sales"

[[departments]]
id = "sales_a"
queues = [{ id = "b" }]
"#,
        r#"line 2, column 13: time_zone: "Mars/Olympus" is not the IANA name of a known time zone
line 3, column 1: nmae: unknown key, known are name, time_zone, limits, priority, colours, planning, service_level, departments
line 6, column 9: limits.grace: "-3s" is not a duration in whole milliseconds such as "20s", "1m30s" or "250ms"
line 7, column 16: limits.ring_timeout: expected a duration such as "20s" or "1m30s", found integer
line 11, column 27: departments[0].queues[1].id: required, but missing
line 11, column 46: departments[0].queues[1].target_percent: 120 is not allowed, 0 to 100 is
line 11, column 58: departments[0].queues[1].name: a text has 1 to 64 characters and no control, format or bidirectional characters
line 11, column 64: departments[0].queues[2]: expected a table, found integer
line 13, column 1: departments[1].queues: required, but missing
line 14, column 6: departments[1].id: "Sales" is not allowed, 1 to 32 characters out of a-z, 0-9 and '_' are
line 18, column 18: departments[2].queues[0].id: "sales_a_b" is already the id of departments[0].queues[0]"#,
    );
}

#[test]
fn columns_count_characters() {
    let text = format!("colours = {{ \"grün\" = 1, 'ö' = 2 }}\r\nx = 1\r\n{SALES}");
    let unknown = "unknown key, known are green_percent, yellow_percent";
    let places: Vec<_> = faults(&text).iter().map(|it| (it.line, it.column)).collect();
    assert_eq!(places, [(1, 13), (1, 25), (2, 1)]);
    assert_eq!(faults(&text)[0].problem, unknown);
}

#[test]
fn unknown_keys_are_told_with_those_that_are_known() {
    let known = "mode, per_level";
    assert_line_faults(
        "priority.x = 1",
        &format!("10: priority.x: unknown key, known are {known}"),
    );
    let escaped = r#"10: priority."\u{1b}[2J": unknown key"#;
    assert_line_faults(r#"priority."\u001b[2J" = 1"#, &format!("{escaped}, known are {known}"));
}

#[test]
fn departments_queues_and_their_ids_are_required() {
    assert_faults("", "line 1, column 1: departments: required, but missing");
    assert_faults("departments = []", "line 1, column 15: departments: at least one is required");
    assert_faults(
        "[[departments]]\nname = 'x'\n[[departments]]\nid = 'a'\nqueues = []\n",
        "line 1, column 1: departments[0].id: required, but missing\n\
         line 1, column 1: departments[0].queues: required, but missing\n\
         line 5, column 10: departments[1].queues: at least one is required",
    );
}

#[test]
fn values_of_other_types_are_refused() {
    for (line, expected) in [
        ("name = 5", "8: name: expected a string, found integer"),
        ("time_zone = false", "13: time_zone: expected a string, found boolean"),
        ("limits = 'x'", "10: limits: expected a table, found string"),
        ("limits = []", "10: limits: expected a table, found array"),
        ("priority.mode = 1.5", "17: priority.mode: expected a string, found float"),
        (
            "colours.green_percent = '80'",
            "25: colours.green_percent: expected a number, found string",
        ),
        (
            "limits.break = 10:00:00",
            "16: limits.break: expected a duration such as \"20s\" or \"1m30s\", found datetime",
        ),
    ] {
        assert_line_faults(line, expected);
    }
    let expected = "line 1, column 15: departments: expected a list of tables, found table";
    assert_faults("departments = {}", expected);
}

#[test]
fn percentages_are_0_to_100() {
    for percent in ["-0.1", "100.01", "-1", "101", "nan", "-inf", "1e400", "99999999999999999999"] {
        let line = format!("planning.agent_break_share_percent = {percent}");
        let expected = format!(
            "38: planning.agent_break_share_percent: {percent} is not allowed, 0 to 100 is"
        );
        assert_line_faults(&line, &expected);
    }
    for (percent, expected) in [("0x50", 80.0), ("-0.0", 0.0), ("1_0.5", 10.5), ("1e2", 100.0)] {
        let line = format!("planning.agent_break_share_percent = {percent}");
        let centre = read(&format!("{line}\n{SALES}"));
        assert_eq!(centre.agent_break_share_percent().to_bits(), f64::to_bits(expected));
    }
}

#[test]
fn durations_are_at_most_a_day_and_some_are_not_nothing() {
    for (line, expected) in [
        ("limits.ring_timeout = '0s'", r#"23: limits.ring_timeout: "0s" is not allowed, "1ms""#),
        (
            "limits.after_call_work = '0s'",
            r#"26: limits.after_call_work: "0s" is not allowed, "1ms""#,
        ),
        ("limits.break = '0s'", r#"16: limits.break: "0s" is not allowed, "1ms""#),
        ("limits.grace = '1441m'", r#"16: limits.grace: "1441m" is not allowed, "0ms""#),
        ("priority.per_level = '25h'", r#"22: priority.per_level: "25h" is not allowed, "0ms""#),
    ] {
        assert_line_faults(line, &format!(r#"{expected} to "24h" is"#));
    }
}

#[test]
fn yellow_is_not_above_green() {
    assert_line_faults(
        "colours = { yellow_percent = 80.5, green_percent = 80 }",
        "30: colours.yellow_percent: 80.5 is above green_percent, 80",
    );
    let expected = "11: colours.yellow_percent: 60 is above green_percent, 50";
    assert_line_faults("colours = { green_percent = 50 }", expected);
}

#[test]
fn a_priority_mode_is_one_of_two() {
    let expected = r#"17: priority.mode: "fifo" is not allowed, "strict" and "head_start" are"#;
    assert_line_faults("priority.mode = 'fifo'", expected);
    let centre = read(&format!("priority.mode = 'head_start'\n{SALES}"));
    let per_level = Millis::from_secs(30);
    assert_eq!(centre.priority_mode(), PriorityMode::HeadStart { per_level });
}

#[test]
fn no_id_is_used_twice() {
    assert_faults(
        "[[departments]]\nid = 'a'\nqueues = [{ id = 'x' }, { id = 'y' }, { id = 'x' }]\n\
         [[departments]]\nid = 'a'\nqueues = [{ id = 'z' }]\n",
        "line 3, column 46: departments[0].queues[2].id: \
         \"a_x\" is already the id of departments[0].queues[0]\n\
         line 5, column 6: departments[1].id: \"a\" is already the id of departments[0]",
    );
}

#[test]
fn ids_are_short_and_plain() {
    let longest = "x".repeat(32);
    for id in ["0", "_", &longest] {
        read(&SALES.replace("sales", id));
    }
    for id in ["", "A", "a-b", "ä", "a b", &"x".repeat(33)] {
        let text = SALES.replace("sales", id);
        let allowed = "1 to 32 characters out of a-z, 0-9 and '_' are";
        let place = "line 2, column 6: departments[0].id";
        assert_faults(&text, &format!("{place}: {id:?} is not allowed, {allowed}"));
    }
}

#[test]
fn more_than_the_engine_can_number_is_refused() {
    let departments = format!("departments = [{}]", "{},".repeat(65_536));
    let expected = "line 1, column 15: departments: 65536 are too many, 65535 are allowed";
    assert_faults(&departments, expected);

    let queues = (0..50_001).fold(String::new(), |mut text, number| {
        write!(text, "{{id='{number}'}},").unwrap();
        text
    });
    let department = |id, queues: &str| format!("{{ id = '{id}', queues = [{queues}] }}");
    let both = |a: &str, b: &str| {
        format!("departments = [{}, {}]", department("a", a), department("b", b))
    };
    let text = both(&queues, &queues);
    let problem = "100002 queues in all are too many, 100000 are allowed";
    assert_faults(&text, &format!("line 1, column 15: departments: {problem}"));
    // One fewer in each, and there is room for all of them.
    let (_, fewer) = queues.split_once(',').unwrap();
    assert_eq!(read(&both(fewer, fewer)).queues().len(), 100_000);
}

#[test]
fn what_is_quoted_from_a_file_is_short_and_printable() {
    let long = format!("\\u202e{}", "x".repeat(1_000));
    let fault =
        format!(r#""\u{{202e}}{}…" is not the IANA name of a known time zone"#, "x".repeat(63));
    assert_line_faults(&format!("time_zone = \"{long}\""), &format!("13: time_zone: {fault}"));
}

/// The centre of a file that is right.
fn read(text: &str) -> Centre {
    Centre::from_toml(text, |name| name == "Europe/Berlin").unwrap()
}

/// What is wrong in a file.
fn faults(text: &str) -> Vec<FileFault> {
    Centre::from_toml(text, |name| name == "Europe/Berlin").unwrap_err().faults().to_vec()
}

fn assert_faults(text: &str, expected: &str) {
    let error = Centre::from_toml(text, |name| name == "Europe/Berlin").unwrap_err();
    assert_eq!(error.to_string(), expected);
}

/// Expects just one fault, in the first line of a file that is otherwise right.
fn assert_line_faults(line: &str, expected: &str) {
    assert_faults(&format!("{line}\n{SALES}"), &format!("line 1, column {expected}"));
}
