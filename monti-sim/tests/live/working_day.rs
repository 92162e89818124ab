//! A working day of four hundred agents at sixty times the speed, in two processes as in operation.
//!
//! As it is here it is six minutes, and what the last calls take. `MONTI_DAY_HOURS=10` makes it a day, ten minutes in
//! real time, and holds the memory of both programs against what they had after two hours.

use std::{
    env,
    net::SocketAddr,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    child::Child,
    load::assert_figures,
    server::{PATIENCE, Server, resident},
    sim::nobody_calls,
};

const SPEED: f64 = 60.0;

/// What SQLite keeps of the server's file, half a MiB for who writes and for who reads, may come to
/// its size after the second hour.
const PAGES: u64 = 1 << 20;

/// What is kept of a call that is over, so that a repeat is known as one: for 24 hours, so a day
/// fills it. Nothing else may grow.
const REMEMBERED: u64 = 128;

#[test]
fn a_working_day_of_400_agents_conserves_every_call_and_keeps_its_memory() {
    let hours = env::var("MONTI_DAY_HOURS").map_or(0.1, |text| text.parse::<f64>().unwrap());
    let server = Server::start(&["--clock-speed", "60", "--log-format", "json"]);
    let mut day = Day::start(&server);
    let begun = Instant::now();
    let mut memory = Vec::new();
    // Those of all dates: a run that begins in the afternoon goes on after midnight.
    let (mut called, mut offered_before) = (0, 0);
    println!("hour  offered answered abandoned waiting active   server     simulator");
    for half_hour in 0_u32.. {
        let hour = f64::from(half_hour) / 2.0;
        if hour > hours {
            break;
        }
        // What is waited for is time itself.
        thread::sleep(
            Duration::from_secs_f64(hour * 3_600.0 / SPEED).saturating_sub(begun.elapsed()),
        );
        let total = server.total();
        assert_eq!(total["conserved"], true, "{total}");
        let sizes = [server.id(), day.program.process.id()].map(resident);
        let [offered, answered, abandoned, waiting, active] =
            ["callsOffered", "callsCompleted", "callsAbandoned", "waitingCalls", "activeCalls"]
                .map(|name| total[name].as_u64().unwrap());
        println!(
            "{hour:4.1} {offered:8} {answered:8} {abandoned:9} {waiting:7} {active:6} {:6} KiB {:6} KiB",
            sizes[0] >> 10,
            sizes[1] >> 10
        );
        called += offered.checked_sub(offered_before).unwrap_or(offered);
        offered_before = offered;
        memory.push((hour, called, sizes));
    }
    let rest = hours * 3_600.0 / SPEED;
    thread::sleep(Duration::from_secs_f64(rest).saturating_sub(begun.elapsed()));
    nobody_calls(day.control);
    let total = server.total_when(|total| {
        assert_eq!(total["conserved"], true, "{total}");
        ["waitingCalls", "ringingCalls", "activeCalls"].iter().all(|it| total[it] == 0)
    });
    // A record is final when its after-call work is over.
    let over = Instant::now();
    let records = loop {
        let records = server.records();
        if total["callsOffered"] == records.len() {
            break records;
        }
        assert!(over.elapsed() < PATIENCE, "{} records of {total}", records.len());
        thread::sleep(Duration::from_millis(100));
    };
    assert_figures(&server.queues(), &records);
    day.stop();
    let said = server.read("simulator.log");
    assert!(said.contains("errors=0"), "{said}");
    for log in ["simulator.log", "server.log"] {
        let log = server.read(log);
        let bad = |line: &&str| ["WARN", "ERROR"].iter().any(|level| line.contains(level));
        assert_eq!(log.lines().find(bad), None);
    }
    if hours >= 10.0 {
        let at = |hour: f64| *memory.iter().find(|it| it.0 >= hour).unwrap();
        let ((_, called, sizes), (_, called_then, sizes_then)) = (at(2.0), at(10.0));
        let more = PAGES + REMEMBERED * (called_then - called);
        for (before, after) in sizes.into_iter().zip(sizes_then) {
            assert!(after <= before + more, "{before} bytes became {after}: {memory:?}");
        }
    }
}

/// The simulator's program with its usual people.
struct Day {
    program: Child,
    control: SocketAddr,
}

impl Day {
    fn start(server: &Server) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_monti-sim"));
        program
            .env_clear()
            .args(["run", "--agents", "400", "--seed", "42", "--control", "127.0.0.1:0"])
            .args(["--connect", &server.address.to_string()])
            .stdout(Stdio::piped())
            .stderr(server.create("simulator.log"));
        let mut program = Child::start(&mut program);
        let control = program.address();
        Self { program, control }
    }

    /// Tells it to end, and waits until it has.
    fn stop(&mut self) {
        self.program.ask_to_stop();
        assert!(self.program.wait().success());
    }
}
