//! A centre that is busy, and what became of its records.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use monti_core::{
    Day, LoginId, Millis,
    wire::{AgentDailyStats, CallRecord},
};
use monti_server::{
    centre_file::CentreFile,
    dynamo::Dynamo,
    store::{History, Store, StoreOptions},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    SECOND,
    floor::{Floor, Link, MORNING, OPTIONS, act, id, says},
    machine::Machine,
    servers::{Tables, run},
};

/// The day on which all this happens.
pub(crate) const TODAY: (i16, i8, i8) = (2026, 1, 29);

/// A centre whose records go to a sink.
pub(crate) struct Centre {
    pub(crate) floor: Floor,
    pub(crate) history: History,
    link: Link,
    calls: u32,
}

impl Centre {
    /// A centre with agents `sim-0` and so on, whose phones answer by themselves.
    pub(crate) fn with_agents(agents: usize) -> Self {
        Self::at(MORNING, agents)
    }

    /// The same at another moment than that morning.
    pub(crate) fn at(moment: &str, agents: usize) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let options = StoreOptions { has_sink: true, ..OPTIONS };
        let store = Store::open(folder.path(), options).unwrap();
        let history = store.history().unwrap();
        let file = CentreFile::default();
        let mut floor = Floor::of_store(store, folder, &file, Machine::at(moment)).unwrap();
        let mut link = floor.link_of(monti_server::inbox::Role::Simulator, None, 10_000);
        let register = |number| {
            json!({"type": "register", "agentId": format!("sim-{number}"), "department": "sales",
                   "autoAnswer": true})
        };
        let agents: Vec<_> = (0..agents).map(|number| says(&link, register(number))).collect();
        floor.turn(agents);
        link.heard();
        Self { floor, history, link, calls: 0 }
    }

    /// In a second so many calls come, are answered at once, and end. There have to be as many
    /// agents.
    pub(crate) fn second(&mut self, calls: usize) {
        let assigned = self.arrive(calls);
        assert_eq!(assigned.len(), calls, "routing goes on");
        self.floor.machine.pass(SECOND);
        self.end(&assigned);
    }

    /// So many calls come. Answers what agents were told of them.
    pub(crate) fn arrive(&mut self, calls: usize) -> Vec<Value> {
        let incoming = |number| {
            json!({"type": "incoming_call", "requestId": format!("call-{number}"),
                   "vq": "sales_general", "callerNumber": format!("+4930{number:08}")})
        };
        let numbers = (self.calls..).take(calls);
        let requests: Vec<_> = numbers.map(|number| says(&self.link, incoming(number))).collect();
        self.calls += u32::try_from(calls).unwrap();
        self.floor.turn(requests);
        let mut heard = self.link.heard();
        heard.retain(|told| told["type"] == "call_assign");
        heard
    }

    /// The agents complete the calls that they were told of, and are free again.
    pub(crate) fn end(&mut self, assigned: &[Value]) {
        let ends = assigned.iter().flat_map(|told| {
            let login = told["agentId"].as_str().unwrap();
            let free = json!({"type": "state_change", "agentId": login, "state": "available"});
            let done = act("call_complete", login, id(&told["callId"]));
            [says(&self.link, done), says(&self.link, free)]
        });
        let ends: Vec<_> = ends.collect();
        self.floor.turn(ends);
        self.link.heard();
    }

    /// Midnight passes: the agents' days are over.
    pub(crate) fn midnight(&mut self) {
        let today = self.floor.driver.engine().today();
        let left = today.ends_at.since(self.floor.clock.now()).get() + 1_000;
        self.floor.machine.pass(std::time::Duration::from_millis(left));
        self.floor.turn([]);
        assert_eq!(self.floor.driver.engine().today().day, today.day.next());
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.floor.path()
    }

    /// What was recorded of the calls of a date, in the order in which DynamoDB has them.
    pub(crate) fn recorded(&self, date: Day) -> Vec<CallRecord> {
        recorded(&self.history, date)
    }
}

fn recorded(history: &History, date: Day) -> Vec<CallRecord> {
    let mut calls = history.calls(date, None, usize::MAX).unwrap();
    calls.sort_by_key(|call| call.call_id.to_string());
    calls
}

/// The date on which it all happens.
pub(crate) fn today() -> Day {
    let (year, month, day) = TODAY;
    Day::new(year, month, day).unwrap()
}

/// All that was ever recorded in a folder is in the tables, as it was recorded and nothing else;
/// and the days that are there are what the records add up to. Answers how many calls and days.
pub(crate) fn assert_all_is_there(
    folder: &Path,
    history: &History,
    tables: &Tables,
) -> (usize, usize) {
    let file = rusqlite::Connection::open(folder.join("monti.db")).unwrap();
    let texts = |sql: &str| -> Vec<String> {
        let mut statement = file.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let mut calls = Vec::new();
    for date in texts("SELECT DISTINCT date FROM call_record") {
        let date: Day = date.parse().unwrap();
        let local = recorded(history, date);
        let kept = run(async { all_calls(&tables.reach().await, date).await });
        assert_eq!(kept.len(), local.len(), "calls of {date}");
        assert!(kept == local, "a call of {date} is not there as it was recorded");
        calls.extend(kept);
    }
    let mut days = 0;
    for login in texts("SELECT DISTINCT agent_id FROM agent_day") {
        let login: LoginId = login.parse().unwrap();
        let all = today()..=Day::new(2030, 1, 1).unwrap();
        let local = history.agent_days(&login, all.clone()).unwrap();
        let local = local.iter().map(|(ver, day)| (*ver, AgentDailyStats::new(day)));
        let local: Vec<_> = local.collect();
        let kept = run(async { tables.reach().await.agent_days(&login, all).await.unwrap() });
        assert_eq!(kept, local, "{login:?}");
        for (_, day) in &kept {
            assert_eq!((day.calls_handled, day.talk_seconds.0), handled(&calls, &login, day.date));
        }
        days += kept.len();
    }
    (calls.len(), days)
}

/// The calls of an agent that a date's records tell of, and for how long they were.
fn handled(calls: &[CallRecord], login: &LoginId, date: Day) -> (u32, Millis) {
    let own = calls.iter().filter(|it| it.date == date && it.agent_id.as_ref() == Some(login));
    own.fold((0, Millis::ZERO), |(count, talk), call| (count + 1, talk + call.talk_seconds.0))
}

/// All calls of a date, page by page, none of them twice.
pub(crate) async fn all_calls(dynamo: &Dynamo, date: Day) -> Vec<CallRecord> {
    let mut calls: BTreeMap<String, CallRecord> = BTreeMap::new();
    let mut after = None;
    loop {
        let page = dynamo.calls(date, after, 1_000).await.unwrap();
        let Some(last) = page.last() else { return calls.into_values().collect() };
        after = Some(last.call_id);
        for call in page {
            let known = calls.insert(call.call_id.to_string(), call);
            assert_eq!(known, None, "there twice");
        }
    }
}
