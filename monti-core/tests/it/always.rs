//! FAULTS.md's ten rows of what is always true.
//!
//! The witness checks all of them after every event of every life (see `properties`). Here each
//! has a name, and lives in which it has to meet its case: a check that is gone fails its test.

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
