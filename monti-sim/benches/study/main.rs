//! What a study costs beside a bare event loop for the same queue, in the same run.
//!
//! `cargo bench -p monti-sim` prints a table, `cargo bench -p monti-sim -- --json` the same as JSON.
//! Study and bare loop take turns, round by round, so that a noisy machine disturbs both alike;
//! what counts is the median of the ratios. The months of a bank's volume are played too if
//! `MONTI_SHARED`, by default `../shared` beside the project, has them.

mod bare;
#[path = "../../../programs/shared.rs"]
mod shared;

use std::{env, io, path::Path, sync::Arc, time::Instant};

use monti_sim::{
    Scenario,
    study::{Effort, observe},
};

/// How often everything is measured.
const ROUNDS: usize = 9;

const AGENTS: u32 = 200;
const PER_HOUR: f64 = 2_700.0;
const HANDLE_SECS: f64 = 240.0;
const HOURS: u32 = 200;

fn main() {
    let json = env::args().any(|argument| argument == "--json");
    let scenario = Arc::new(queue());
    let mut rounds: Vec<_> = (0..ROUNDS).map(|_| round(&scenario)).collect();
    rounds.sort_by(|one, other| one.ratio().total_cmp(&other.ratio()));
    let median = &rounds[ROUNDS / 2];
    let bank = bank_volume();
    if json {
        let bank = bank.map_or("null".to_owned(), |(calls, secs)| {
            format!("{{\"calls\":{calls},\"elapsedSeconds\":{secs:.3}}}")
        });
        println!(
            "{{\"bareCallsPerSecond\":{:.0},\"studyCallsPerSecond\":{:.0},\"medianRatio\":{:.3},\
             \"ratioAtLeast\":0.35,\"bankVolume\":{bank}}}",
            median.bare,
            median.study,
            median.ratio(),
        );
        return;
    }
    let verdict = if median.ratio() >= 0.35 { "met" } else { "MISSED" };
    println!("M/M/{AGENTS} at 90 % on one core, the round of the median ratio of {ROUNDS}");
    println!("a bare loop  {:>12.0} calls a second", median.bare);
    println!("study        {:>12.0} calls a second", median.study);
    println!("ratio        {:>12.3} (at least 0.35: {verdict})", median.ratio());
    if let Some((calls, secs)) = bank {
        println!("a bank's 164 days: {calls} calls in {secs:.2} s on one core");
    }
}

/// Calls a second of both, one after the other.
struct Round {
    bare: f64,
    study: f64,
}

impl Round {
    fn ratio(&self) -> f64 {
        self.study / self.bare
    }
}

fn round(scenario: &Arc<Scenario>) -> Round {
    let calls = PER_HOUR * f64::from(HOURS);
    let begun = Instant::now();
    let waited = bare::play(AGENTS, PER_HOUR, HANDLE_SECS, calls);
    let bare = calls / begun.elapsed().as_secs_f64();
    std::hint::black_box(waited);
    let (played, secs) = play(scenario);
    Round { bare, study: played as f64 / secs }
}

/// Plays a scenario once on one thread. How many calls it had, and how long it took.
fn play(scenario: &Arc<Scenario>) -> (u64, f64) {
    let begun = Instant::now();
    let seen = observe(scenario, Effort { replications: 1, threads: 1 }, &|_| {});
    (seen.replications.iter().map(|one| one.calls).sum(), begun.elapsed().as_secs_f64())
}

fn queue() -> Scenario {
    parse(&format!(
        "start = 2026-01-29T00:00:00\nduration = \"{HOURS}h\"\n\
         staff = [{{ department = \"sales\", agents = {AGENTS} }}]\n\
         [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = {PER_HOUR:?}\n\
         [behaviour]\ntalk = {{ exponential = {{ mean = \"{HANDLE_SECS}s\" }} }}\n"
    ))
}

fn bank_volume() -> Option<(u64, f64)> {
    let file = shared::shared("data/bank-volume/bank_calls.csv", &mut io::stderr())?;
    let scenario = parse(&format!(
        "start = 2003-03-03T07:00:00\nduration = \"5660h\"\n\
         staff = [{{ department = \"sales\", agents = 350 }}]\n\
         [[arrivals]]\nvq = \"sales_general\"\n\
         counts = {{ file = {file:?}, column = \"Calls\", time = \"DateTime\", interval = \"5m\" }}\n\
         [behaviour]\ntalk = {{ exponential = {{ mean = \"240s\" }} }}\n"
    ));
    Some(play(&Arc::new(scenario)))
}

fn parse(text: &str) -> Scenario {
    Scenario::parse(text, Path::new("")).unwrap_or_else(|faults| panic!("{faults}"))
}
