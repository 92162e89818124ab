//! Where the rows of `docs/faults.md`, what goes wrong, are tested: in the engine by themselves, and
//! here with all that is around it.

use std::{fs, path::Path};

/// The rows that concern the server, and the tests that show each of them.
const ROWS: [(&str, &[&str]); 28] = [
    (
        "F1 a link drops while it rings, or nobody answers",
        &[
            "ws::a_phone_that_rings_at_a_lost_link_rings_elsewhere",
            "ws::a_phone_stops_ringing_in_time",
            "driver::a_call_that_rang_at_a_lost_link_goes_back_to_its_place",
        ],
    ),
    (
        "F2 a link drops during a call",
        &[
            "ws::a_call_outlives_its_link_for_a_while",
            "driver::a_call_outlives_its_agents_link_by_the_grace",
        ],
    ),
    (
        "F3 an agent registers twice",
        &[
            "ws::the_newest_link_of_an_agent_wins",
            "driver::the_newest_registration_wins_and_takes_the_ringing_phone_along",
        ],
    ),
    (
        "F4 kill -9 or a power cut",
        &[
            "crash::whenever_it_is_killed_nothing_that_was_acknowledged_is_lost_or_doubled",
            "driver::a_crash_keeps_places_blames_nobody_and_leaves_time_to_come_back",
            "driver::an_agent_that_was_away_with_a_call_when_the_server_died_has_time_to_come_back",
            "driver::whenever_the_power_goes_what_was_acknowledged_is_there",
        ],
    ),
    (
        "F5 all agents reconnect at once",
        &[
            "ws::f05_agents_that_all_come_back_at_once_get_each_call_once",
            "driver::nobody_is_routed_to_before_it_registered_again",
        ],
    ),
    (
        "F6 DynamoDB is down, slow or cannot be found",
        &[
            "dynamo::four_hours_are_made_up_for",
            "dynamo::throttling_of_three_in_ten_delays_and_loses_nothing",
            "dynamo::a_name_that_does_not_resolve_keeps_everything_for_later",
            "ws::health_is_told_first_and_when_it_changes",
        ],
    ),
    ("F7 unprocessed items", &["dynamo::items_that_are_given_back_unprocessed_are_sent_again"]),
    (
        "F8 a record that is refused for ever",
        &["dynamo::a_record_that_is_refused_is_found_and_set_aside_and_the_others_flow"],
    ),
    (
        "F9 a completion repeated, by the wrong agent, of another call",
        &["ws::f09_a_completion_by_another_or_of_another_is_a_conflict_and_counts_nothing"],
    ),
    (
        "F10 an unknown call",
        &[
            "ws::what_cannot_be_carried_out_is_answered_with_why",
            "driver::an_unknown_call_cannot_be_completed_or_abandoned",
        ],
    ),
    (
        "F11 an unknown queue or department",
        &[
            "ws::what_cannot_be_carried_out_is_answered_with_why",
            "driver::a_call_for_an_unknown_queue_is_not_offered",
        ],
    ),
    (
        "F12 the same request",
        &[
            "ws::the_same_request_is_the_same_call",
            "driver::the_same_key_is_the_same_call_restarts_included",
        ],
    ),
    (
        "F13 the caller hangs up while the phone rings or as it is accepted",
        &["ws::f13_of_a_caller_that_hangs_up_and_an_agent_that_accepts_the_second_hears_why"],
    ),
    (
        "F14 clocks that are set, machines that sleep",
        &[
            "driver::a_wall_clock_that_is_set_times_nothing_out",
            "driver::a_start_in_the_past_goes_on_from_the_last_moment",
            "driver::a_process_that_was_stopped_goes_on_without_a_storm",
            "driver::a_step_of_the_wall_clock_over_a_second_is_logged",
            "driver::a_time_in_which_nobody_was_heard_is_logged",
            "driver::a_fast_centre_that_crashes_goes_back_by_what_passes_in_a_second_at_most",
        ],
    ),
    (
        "F15 midnights",
        &[
            "driver::a_call_across_midnight_belongs_to_the_date_of_its_arrival",
            "driver::a_date_of_25_hours_ends_after_25_hours",
            "driver::a_start_after_a_clock_change_knows_how_long_the_dates_were",
        ],
    ),
    (
        "F16 a wallboard that stops reading",
        &[
            "ws::a_wallboard_that_takes_nothing_is_closed_and_the_others_do_not_notice",
            "crash::memory_stays_flat_beside_wallboards_that_take_nothing",
        ],
    ),
    (
        "F17 ten times the load",
        &[
            "ws::a_full_inbox_is_busy_and_agents_go_before_new_calls",
            "driver::completions_have_room_when_new_calls_are_refused",
        ],
    ),
    ("F18 half-open connections", &["ws::a_peer_that_answers_no_pings_is_gone"]),
    (
        "F19 frames that are none",
        &[
            "ws::binary_is_not_for_us",
            "ws::text_is_utf8",
            "ws::a_message_has_at_most_64_kib",
            "ws::fragments_make_one_message_of_at_most_64_kib",
            "ws::what_is_no_websocket_frame_ends_the_link",
            "ws::the_tenth_malformed_message_within_a_minute_is_the_last",
            "ws::deeply_nested_text_is_malformed",
            "driver::a_message_over_an_agents_link_is_done_or_refused",
            "driver::a_message_over_a_wallboards_link_is_a_view_or_refused",
        ],
    ),
    (
        "F20 slow handshakes and headers",
        &[
            "http::a_silent_connection_is_closed",
            "http::a_request_whose_headers_do_not_end_is_closed",
            "http::a_handshake_that_does_not_come_is_not_waited_for",
        ],
    ),
    (
        "F21 wrong bodies",
        &["http::wrong_bodies_change_nothing", "driver::a_body_is_within_all_bounds_or_refused"],
    ),
    (
        "F22 the simulator dies",
        &["ws::f22_when_a_simulator_dies_its_agents_are_lost_and_its_callers_stay"],
    ),
    (
        "F23 a full disk, a failed fsync",
        &[
            "crash::a_disk_that_is_full_now_and_then_loses_nothing",
            "crash::a_disk_that_does_not_confirm_ends_the_server_and_loses_nothing",
            "driver::a_counted_disk_fills_up_and_is_emptied",
            "driver::on_a_full_disk_agents_are_served_from_the_reserve_and_new_calls_refused",
        ],
    ),
    (
        "F24 a damaged file",
        &[
            "http::a_damaged_data_file_keeps_the_program_from_starting",
            "driver::a_byte_that_was_changed_on_the_disk_is_found_or_does_not_matter",
            "driver::a_changed_byte_in_the_journal_is_found",
            "driver::a_missing_group_is_found",
            "driver::a_log_that_was_changed_is_refused_and_kept_whoever_opens_the_file_first",
            "driver::a_folder_that_was_in_use_and_lost_its_file_is_refused_until_that_is_back",
        ],
    ),
    ("F25 older and newer peers", &["ws::the_server_speaks_first", "ws::unknown_keys_are_ignored"]),
    (
        "F26 a task panics, the driver hangs",
        &[
            "commands::a_thread_that_panics_ends_the_process",
            "http::a_stalled_driver_is_not_healthy",
        ],
    ),
    (
        "F27 a break asked for during a call",
        &["ws::f27_a_break_asked_for_while_it_rings_comes_after_the_call"],
    ),
    (
        "F28 SIGTERM",
        &[
            "crash::told_to_stop_under_load_it_ends_within_five_seconds",
            "ws::every_link_hears_that_the_server_stops",
            "ws::a_server_that_stops_takes_nothing_in_and_finishes_what_it_has",
            "dynamo::a_server_that_stops_while_the_past_is_asked_for_ends_well",
            "driver::an_orderly_stop_leaves_a_snapshot_and_no_journal_to_replay",
        ],
    ),
];

#[test]
fn every_row_has_tests_that_there_are() {
    for (number, (row, tests)) in (1..).zip(ROWS) {
        assert!(row.starts_with(&format!("F{number} ")) && !tests.is_empty(), "{row}");
        for test in tests {
            let (place, name) = test.split_once("::").unwrap();
            let folder = match place {
                "commands" => "src/commands".to_owned(),
                tests => format!("tests/{tests}"),
            };
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            assert!(defines(&folder, &format!("fn {name}(")), "{row}: there is no {test}");
        }
    }
}

#[test]
fn the_page_of_what_goes_wrong_has_every_row_with_one_of_its_tests() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    let page = fs::read_to_string(page).unwrap();
    let rows: Vec<Vec<_>> = (page.lines().filter(|line| line.starts_with("| F")))
        .map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), ROWS.len());
    for (told, (row, tests)) in rows.iter().zip(ROWS) {
        let [number, happens, does, test] = told[..] else { panic!("{told:?}") };
        assert!(row.starts_with(&format!("{number} ")), "{number} stands where {row} should");
        assert!(!happens.is_empty() && !does.is_empty(), "{number}");
        assert!(tests.contains(&test.trim_matches('`')), "{number}: {test} is none of {row}");
    }
}

fn defines(folder: &Path, test: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return defines(&path, test);
        }
        fs::read_to_string(&path).is_ok_and(|text| text.contains(test))
    })
}
