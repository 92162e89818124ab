//! The contract of a store of records: what was kept is read again, whichever store it is. Each of
//! these holds for `monti.db` alone and for both servers.

use std::{
    ops::RangeInclusive,
    sync::{Arc, Mutex},
};

use monti_core::{
    AgentDay, AgentFigures, CallId, CallStatus, Day, Millis, Priority, Timestamp,
    wire::{AgentDailyStats, CallRecord, Seconds},
};
use monti_server::{
    history::DynamoHistory,
    http::{self, Past},
    outbox::Sink as _,
    store::{Group, Outbox, Storage as _, Store, StoreOptions},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    floor::{Floor, OPTIONS},
    servers::{Kind, Tables, background},
};

/// The same tests for each store.
macro_rules! contract {
    ($($test:ident)*) => {
        mod embedded {
            $(#[test] fn $test() { super::$test(&super::Kept::embedded()) })*
        }
        mod dynoxide {
            $(#[test] fn $test() { super::$test(&super::Kept::on(super::Kind::Dynoxide, 1)) })*
        }
        mod dynoxide_sharded {
            $(#[test] fn $test() { super::$test(&super::Kept::on(super::Kind::Dynoxide, 7)) })*
        }
        mod dynalite {
            $(#[test] fn $test() { super::$test(&super::Kept::on(super::Kind::Dynalite, 1)) })*
        }
    };
}

contract! {
    every_attribute_of_a_call_comes_back_as_it_was
    a_call_of_which_little_is_known_comes_back_as_it_was
    calls_come_page_by_page_in_one_order_and_each_once
    a_date_has_its_own_calls_only
    a_long_page_is_whole
    days_come_newest_first_within_their_range
    an_agent_has_its_own_days_only
    a_day_comes_back_as_it_was
    of_two_totals_of_a_day_the_later_counts
    what_is_kept_again_changes_nothing
    nothing_is_kept_of_whom_nobody_knows
}

fn every_attribute_of_a_call_comes_back_as_it_was(kept: &Kept) {
    let call = CallRecord {
        caller_number: Some("+49301234567".to_owned()),
        priority: Priority::new(9).unwrap(),
        outcome: Some("sold: \"zwei\" für 5 € 🎉".parse().unwrap()),
        agent_id: Some("avery.lindqvist".parse().unwrap()),
        assigned_at: Some(Timestamp::from_millis(1_769_673_600_001)),
        answered_at: Some(Timestamp::from_millis(1_769_673_600_002)),
        status: CallStatus::Completed,
        wait_seconds: seconds(1),
        ring_seconds: seconds(999),
        talk_seconds: seconds(31_535_999_999),
        hold_seconds: seconds(60_000),
        acw_seconds: seconds(1_001),
        answered_in_target: true,
        offers: u32::MAX,
        ..call(29, 1)
    };
    kept.keep([call.clone()], []);
    assert_eq!(kept.calls(29, None, 10), [call]);
}

fn a_call_of_which_little_is_known_comes_back_as_it_was(kept: &Kept) {
    let statuses = [CallStatus::Abandoned, CallStatus::AgentLost, CallStatus::EndedBySupervisor];
    let calls =
        (1..).zip(statuses).map(|(number, status)| CallRecord { status, ..call(29, number) });
    let calls: Vec<_> = calls.collect();
    kept.keep(calls.clone(), []);
    assert_eq!(kept.calls(29, None, 10), calls);
}

fn calls_come_page_by_page_in_one_order_and_each_once(kept: &Kept) {
    // In the order of the ids as texts, in which a seventh digit comes before a higher sixth.
    let numbers = [3, 1, 1_000_009, 30, 999_999, 100_001, 4, 5, 100_000, 1_000_000];
    kept.keep(numbers.map(|number| call(29, number)), []);
    let in_order = [1, 3, 4, 5, 30, 100_000, 1_000_000, 1_000_009, 100_001, 999_999];
    for limit in [1, 2, 3, 6, 7, 100] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = kept.calls(29, after, limit);
            assert!(page.len() <= limit);
            let Some(last) = page.last() else { break };
            after = Some(last.call_id);
            seen.extend(page.iter().map(|call| call.call_id.number));
        }
        assert_eq!(seen, in_order, "{limit} at a time");
    }
}

fn a_date_has_its_own_calls_only(kept: &Kept) {
    kept.keep([call(28, 1), call(29, 1), call(30, 1), call(30, 2)], []);
    for (day, count) in [(27, 0), (28, 1), (29, 1), (30, 2), (31, 0)] {
        let calls = kept.calls(day, None, 10);
        assert_eq!(calls.len(), count);
        assert!(calls.iter().all(|call| call.date == date(day)));
    }
}

/// Longer than the megabyte that DynamoDB answers at once.
fn a_long_page_is_whole(kept: &Kept) {
    let outcome = "x".repeat(64);
    let calls = (1..=2_500).map(|number| CallRecord {
        outcome: Some(outcome.parse().unwrap()),
        caller_number: Some("+493012345678901".to_owned()),
        agent_id: Some("a".repeat(64).parse().unwrap()),
        ..call(29, number)
    });
    kept.keep(calls, []);
    let page = kept.calls(29, None, 2_400);
    assert_eq!(page.len(), 2_400);
    assert!(page.is_sorted_by(|a, b| a.call_id < b.call_id));
    let rest = kept.calls(29, page.last().map(|call| call.call_id), 2_400);
    assert_eq!(rest.len(), 100);
}

fn days_come_newest_first_within_their_range(kept: &Kept) {
    kept.keep([], [26, 29, 27, 28].map(|number| day("ada", number, 1)));
    let dates = |days: RangeInclusive<i8>| {
        kept.days("ada", days).iter().map(|it| it.date).collect::<Vec<_>>()
    };
    assert_eq!(dates(1..=31), [29, 28, 27, 26].map(date));
    assert_eq!(dates(27..=28), [28, 27].map(date));
    assert_eq!(dates(29..=29), [date(29)]);
    assert_eq!(dates(30..=31), []);
}

fn an_agent_has_its_own_days_only(kept: &Kept) {
    // One's name begins as the other's does, and goes on with what sorts around the separator.
    let names = ["ada", "ada-b", "ada.c", "ada0"];
    kept.keep([], names.map(|name| day(name, 29, 1)));
    for name in names {
        assert_eq!(kept.days(name, 1..=31).len(), 1, "{name}");
    }
}

fn a_day_comes_back_as_it_was(kept: &Kept) {
    let figures = AgentFigures {
        calls_handled: u32::MAX,
        ring_no_answers: 1,
        after_call_breaches: 2,
        break_breaches: 3,
        idle: Millis::new(1),
        ring: Millis::new(86_400_000),
        talk: Millis::new(3_333),
        hold: Millis::new(7),
        after_call: Millis::new(11),
        break_time: Millis::new(13),
        login: Millis::new(90_000_000),
    };
    let days = [
        AgentDay { figures, ..day("ada", 29, 0) },
        AgentDay {
            figures: AgentFigures { login: Millis::new(1), ..AgentFigures::default() },
            ..day("bea", 29, 0)
        },
    ];
    kept.keep([], days.clone());
    for day in days {
        let shown = AgentDailyStats::new(&day);
        assert_eq!(kept.days(day.login.as_str(), 29..=29), [shown]);
    }
    assert_eq!(kept.days("bea", 29..=29)[0].occupancy_percent, None, "nothing is null, not 0");
}

fn of_two_totals_of_a_day_the_later_counts(kept: &Kept) {
    for calls in [1, 5, 3] {
        kept.keep([], [day("ada", 29, calls)]);
        let handled: Vec<_> =
            kept.days("ada", 29..=29).iter().map(|day| day.calls_handled).collect();
        assert_eq!(handled, [calls]);
    }
}

fn what_is_kept_again_changes_nothing(kept: &Kept) {
    for _ in 0..3 {
        kept.keep((1..=60).map(|number| call(29, number)), [day("ada", 29, 7)]);
    }
    assert_eq!(kept.calls(29, None, 1_000).len(), 60);
    let days = kept.days("ada", 1..=31);
    assert_eq!((days.len(), days[0].calls_handled), (1, 7));
}

fn nothing_is_kept_of_whom_nobody_knows(kept: &Kept) {
    assert_eq!(kept.calls(29, None, 10), []);
    assert_eq!(kept.days("nobody", 1..=31), []);
}

/// A store of records, over whose head they are written as the server does.
struct Kept {
    history: Box<dyn http::History>,
    store: Mutex<(Store, i64)>,
    folder: TempDir,
    /// Where they are brought to, and whose local store, which stays empty, history falls back on.
    sink: Option<(Tables, Runtime, TempDir)>,
}

impl Kept {
    fn embedded() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(folder.path(), OPTIONS).unwrap();
        let history = Box::new(store.history().unwrap());
        Self { history, store: Mutex::new((store, 0)), folder, sink: None }
    }

    fn on(kind: Kind, shards: u32) -> Self {
        let tables = Tables::with_shards(kind, shards);
        let runtime = background();
        let (folder, empty) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let options = StoreOptions { has_sink: true, ..OPTIONS };
        let store = Store::open(folder.path(), options).unwrap();
        let local = Store::open(empty.path(), OPTIONS).unwrap().history().unwrap();
        let dynamo = runtime.block_on(tables.reach());
        let observations = Arc::clone(&Floor::new().observations);
        let history = DynamoHistory::new(dynamo, local, runtime.handle().clone(), observations);
        Self {
            history: Box::new(history),
            store: Mutex::new((store, 0)),
            folder,
            sink: Some((tables, runtime, empty)),
        }
    }

    fn keep(
        &self,
        calls: impl IntoIterator<Item = CallRecord>,
        days: impl IntoIterator<Item = AgentDay>,
    ) {
        let mut group = Group::default();
        group.records.extend(calls);
        group.agent_days.extend(days);
        {
            let (store, seq) = &mut *self.store.lock().unwrap();
            *seq += 1;
            store.commit(*seq, &group).unwrap();
        }
        let Some((tables, runtime, _)) = &self.sink else { return };
        let mut outbox = Outbox::open(self.folder.path()).unwrap();
        let letters = outbox.oldest_after(0, usize::MAX).unwrap();
        runtime.block_on(async {
            let dynamo = tables.reach().await;
            let (calls, days): (Vec<_>, Vec<_>) =
                letters.iter().partition(|letter| letter.agent().is_none());
            for batch in calls.chunks(25) {
                assert_eq!(dynamo.deliver_calls(batch).await.unwrap(), [0; 0]);
            }
            for day in days {
                dynamo.deliver_day(day).await.unwrap();
            }
            // What was delivered late, and is older than what is there, changes nothing.
            let days = letters.iter().filter(|letter| letter.agent().is_some());
            for day in days {
                let stale = monti_server::store::Letter {
                    ver: 0,
                    body: day.body.replace("\"callsHandled\":", "\"callsHandled\":9"),
                    ..day.clone()
                };
                dynamo.deliver_day(&stale).await.unwrap();
            }
        });
        let delivered: Vec<_> = letters.iter().map(|letter| letter.id).collect();
        outbox.settle(&delivered, &[], Timestamp::from_millis(0)).unwrap();
        assert_eq!(outbox.backlog().unwrap().records, 0);
    }

    fn calls(&self, day: i8, after: Option<CallId>, limit: usize) -> Vec<CallRecord> {
        whole(self.history.calls(date(day), after, limit).unwrap())
    }

    fn days(&self, agent: &str, days: RangeInclusive<i8>) -> Vec<AgentDailyStats> {
        let days = date(*days.start())..=date(*days.end());
        whole(self.history.agent_days(&agent.parse().unwrap(), days).unwrap())
    }
}

fn whole<T>(past: Past<T>) -> Vec<T> {
    assert!(!past.is_partial);
    past.found
}

/// A day of January 2026.
fn date(day: i8) -> Day {
    Day::new(2026, 1, day).unwrap()
}

fn seconds(millis: u64) -> Seconds {
    Seconds(Millis::new(millis))
}

fn day(agent: &str, number: i8, calls_handled: u32) -> AgentDay {
    let figures = AgentFigures { calls_handled, ..AgentFigures::default() };
    AgentDay { login: agent.parse().unwrap(), day: date(number), figures }
}

fn call(day: i8, number: u32) -> CallRecord {
    CallRecord {
        call_id: CallId { day: date(day), number },
        date: date(day),
        vq: "sales_general".to_owned(),
        department: "sales".to_owned(),
        caller_number: None,
        priority: Priority::default(),
        status: CallStatus::Abandoned,
        outcome: None,
        agent_id: None,
        enqueued_at: Timestamp::from_millis(1_769_673_600_000),
        assigned_at: None,
        answered_at: None,
        ended_at: Timestamp::from_millis(1_769_673_600_250),
        wait_seconds: seconds(250),
        ring_seconds: seconds(0),
        talk_seconds: seconds(0),
        hold_seconds: seconds(0),
        acw_seconds: seconds(0),
        answered_in_target: false,
        offers: 0,
    }
}
