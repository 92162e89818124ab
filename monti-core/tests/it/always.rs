//! The ten rows of what is always true, in `docs/faults.md`.
//!
//! The witness checks all of them after every event of every life (see `properties`). Here each
//! has a name, and lives in which it has to meet its case: a check that is gone fails its test.

use std::{fs, path::Path};

use crate::properties::live_all;

macro_rules! always {
    ($($row:literal $name:ident: $seeds:expr;)*) => {$(
        #[test]
        fn $name() {
            let times = live_all($seeds, 1_000).times($row);
            assert!(times > 0, "nothing happened that could have broken row {}", $row);
        }
    )*};
}

always! {
    1 row_1_offered_calls_are_all_accounted_for: 1_000..1_003;
    2 row_2_a_call_is_in_one_place_and_agent_and_call_point_at_each_other: 1_003..1_006;
    3 row_3_only_routable_agents_that_serve_a_queue_are_offered_its_calls: 1_006..1_009;
    4 row_4_the_best_call_goes_to_the_longest_idle_agent: 1_009..1_012;
    5 row_5_no_routable_agent_idles_while_a_call_it_serves_waits: 1_012..1_015;
    6 row_6_durations_are_never_negative_and_add_up: 1_015..1_018;
    7 row_7_one_final_record_per_call_and_figures_that_follow_from_them: 1_018..1_021;
    8 row_8_journal_replayed_and_snapshot_and_rest_are_the_live_state: 1_021..1_024;
    9 row_9_ids_are_unique_and_any_input_twice_is_once: 1_024..1_027;
    10 row_10_everything_that_passes_has_its_deadline: 1_027..1_030;
}

#[test]
fn the_page_has_the_ten_rows_by_their_numbers() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, rows) = page.split_once("\n## What is always true\n").unwrap();
    let numbers = rows.lines().filter_map(|line| line.split_once(". ")?.0.parse::<u32>().ok());
    assert_eq!(numbers.collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
}
