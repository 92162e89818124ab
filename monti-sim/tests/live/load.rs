//! Many agents, many calls: no error, no stuck call, and every figure equal to a recount.
//!
//! As it is here it is quick. `MONTI_LIVE_AGENTS`, `MONTI_LIVE_CALLS_PER_SECOND` and
//! `MONTI_LIVE_SECONDS` make it as long and as hard as is wanted.

use std::{
    env,
    num::NonZeroU32,
    time::{Duration, Instant},
};

use monti_core::{Millis, wire::Seconds};
use monti_sim::{Behaviour, Durations, live::Connections};
use serde_json::Value;

use crate::{
    server::{PATIENCE, Server, usage},
    sim::{Sim, Wish, one, seconds},
};

#[tokio::test(flavor = "multi_thread")]
async fn under_load_every_figure_of_the_server_equals_a_recount() {
    let agents = number("MONTI_LIVE_AGENTS", 300);
    let calls_per_second = number("MONTI_LIVE_CALLS_PER_SECOND", 40);
    let duration = Duration::from_secs(number("MONTI_LIVE_SECONDS", 10).into());
    // What the agents can do at 84 % of their time, in calls of a minute where there are 2,000
    // agents and 28 calls a second.
    let handle = f64::from(agents) * 0.84 / f64::from(calls_per_second);
    let talk = Durations::exponential(millis(handle * 0.9)).unwrap();
    let behaviour = Behaviour {
        answer: Durations::constant(millis(handle * 0.02)),
        after_call: Durations::constant(millis(handle * 0.08)),
        patience: Some(seconds(60)),
        ..Behaviour::plain(talk)
    };
    let server = Server::start(&[]);
    let per_minute = f64::from(calls_per_second) * 60.0;
    let wish = Wish { agents, calls_per_minute: per_minute, behaviour, ..Wish::default() };
    let mut sim = Sim::start(&server, wish).await;
    sim.when(|progress| progress.agents == (agents, agents)).await;
    let begun = Instant::now();
    // What is waited for is time itself.
    tokio::time::sleep(duration).await;
    let real = begun.elapsed().as_secs_f64();
    let ((server_cpu, server_peak), (own_cpu, own_peak)) =
        (server.usage(), usage(std::process::id()));
    println!(
        "{agents} agents, {calls_per_second} calls a second, {real:.0} s: server {:.1} % of a core, \
         {} MiB at most; simulator (with this test) {:.1} %, {} MiB",
        100.0 * server_cpu / real,
        server_peak >> 20,
        100.0 * own_cpu / real,
        own_peak >> 20,
    );
    sim.nobody_calls().await;
    // Of thousands of exponential talks one lasts longer than twenty means once in 100,000 times.
    let longest = Duration::from_secs_f64(20.0 * handle);
    sim.when_within(PATIENCE + longest, |progress| progress.live_calls == 0).await;
    assert_recounted(&server, &sim).await;
    let tally = sim.stop().await;
    assert_eq!(tally.errors.values().sum::<u64>(), 0, "{tally:?}");
    assert_eq!((tally.links_lost, tally.unreadable, tally.duplicates), (0, 0, 0), "{tally:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_agents_work_over_one_connection_and_over_a_thousand() {
    let agents = number("MONTI_LIVE_LINKS", 1_000);
    for connections in
        [one(), Connections::PerAgent, Connections::Count(NonZeroU32::new(7).unwrap())]
    {
        let server = Server::start(&[]);
        let behaviour = Behaviour { answer: seconds(0), ..Behaviour::plain(seconds(1)) };
        let wish =
            Wish { agents, calls_per_minute: 6_000.0, behaviour, connections, ..Wish::default() };
        let begun = Instant::now();
        let mut sim = Sim::start(&server, wish).await;
        sim.when(|progress| progress.agents == (agents, agents)).await;
        println!("{connections:?}: {agents} agents after {:.1} s", begun.elapsed().as_secs_f64());
        sim.when(|progress| progress.calls > 300).await;
        sim.nobody_calls().await;
        sim.when(|progress| progress.live_calls == 0).await;
        assert_recounted(&server, &sim).await;
        println!(
            "server at most {} MiB, this process {} MiB",
            server.usage().1 >> 20,
            usage(std::process::id()).1 >> 20
        );
        let tally = sim.stop().await;
        assert_eq!(tally.errors.values().sum::<u64>(), 0, "{tally:?}");
        assert_eq!((tally.links_lost, tally.duplicates), (0, 0), "{tally:?}");
    }
}

/// Counts the records again, and the simulator's own counts, and compares them with the figures.
async fn assert_recounted(server: &Server, sim: &Sim) {
    let total = server.total_when(|total| {
        total["waitingCalls"] == 0 && total["ringingCalls"] == 0 && total["activeCalls"] == 0
    });
    assert_eq!(total["conserved"], true, "{total}");
    // A record is final when its after-call work is over.
    let offered = total["callsOffered"].as_u64().unwrap();
    let begun = Instant::now();
    let records = loop {
        let records = server.records();
        if records.len() as u64 == offered {
            break records;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{} of {offered}", records.len());
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let count = |status: &str| records.iter().filter(|it| it["status"] == status).count() as u64;
    let (completed, abandoned) = (count("completed"), count("abandoned"));
    assert_eq!(completed + abandoned, offered, "{total}");
    assert_eq!(total["callsCompleted"], completed);
    assert_eq!(total["callsAbandoned"], abandoned);
    let stats = sim.get("/calls/stats").await;
    assert_eq!((&stats["callsMade"], &stats["callsQueued"]), (&offered.into(), &offered.into()));
    assert_eq!(stats["callsAbandoned"], abandoned);
    assert_eq!(sim.metric("calls_completed_total").await, completed);
    assert_eq!(sim.metric("requests_open").await, 0);
    assert_figures(&server.queues(), &records);
}

/// The queues' figures, from the records alone.
pub(crate) fn assert_figures(queues: &[Value], records: &[Value]) {
    for queue in queues {
        let own = records.iter().filter(|record| record["vq"] == queue["id"]).collect::<Vec<_>>();
        let answered = own.iter().filter(|it| it["status"] == "completed").collect::<Vec<_>>();
        let in_target = answered.iter().filter(|it| it["answeredInTarget"] == true).count();
        let level = &queue["serviceLevel"];
        assert_eq!(level["callsOffered"], own.len(), "{queue}");
        assert_eq!(level["callsAnswered"], answered.len(), "{queue}");
        assert_eq!(level["callsAnsweredInTarget"], in_target, "{queue}");
        assert_eq!(level["callsAbandoned"], own.len() - answered.len(), "{queue}");
        let sum = |names: &[&str]| {
            let of = |record: &Value| {
                names.iter().map(|name| record[*name].as_f64().unwrap()).sum::<f64>()
            };
            answered.iter().map(|record| of(record)).sum::<f64>()
        };
        assert_mean(&level["avgWaitSeconds"], sum(&["waitSeconds", "ringSeconds"]), answered.len());
        let handle = sum(&["talkSeconds", "holdSeconds", "acwSeconds"]);
        assert_mean(&level["avgHandleSeconds"], handle, answered.len());
    }
}

/// The means are told to the millisecond.
#[expect(clippy::cast_precision_loss, reason = "thousands of calls")]
fn assert_mean(told: &Value, sum: f64, count: usize) {
    match told.as_f64() {
        Some(told) => {
            assert!((told - sum / count as f64).abs() < 0.001_001, "{told} {sum} {count}")
        }
        None => assert_eq!(count, 0),
    }
}

fn millis(seconds: f64) -> Millis {
    // The wire's durations are numbers of seconds.
    serde_json::from_value::<Seconds>(seconds.into()).unwrap().0
}

fn number(name: &str, usual: u32) -> u32 {
    env::var(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
}
