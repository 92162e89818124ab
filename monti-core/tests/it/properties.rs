//! Random lives of random centres, each with the model and the witness beside the engine.
//!
//! `MONTI_PROPERTY_SEEDS` says how many (300), `MONTI_PROPERTY_EVENTS` how long (5,000 events);
//! `MONTI_PROPERTY_SEED=<n>` lives through just that one and prints every step.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use crate::{
    harness::{Lived, Trail, live_through},
    rows::Met,
};

#[test]
fn every_life_agrees_with_the_model_and_the_witness() {
    let events = number("MONTI_PROPERTY_EVENTS").unwrap_or(5_000);
    match number("MONTI_PROPERTY_SEED") {
        Some(seed) => live_or_tell(seed, events, true).met,
        None => live_all(0..seeds(), events),
    };
}

#[test]
fn the_same_seed_is_the_same_life() {
    for seed in 0..seeds().min(10) {
        let [once, again] = [(); 2].map(|()| live_through(seed, 500, &Trail::default()));
        assert_eq!(once, again, "seed {seed}");
    }
}

/// Lives through all the seeds, on all cores. Gives how often each row met its case.
pub(crate) fn live_all(seeds: std::ops::Range<u64>, events: u64) -> Met {
    let met = Mutex::new(Met::default());
    let next = AtomicU64::new(seeds.start);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        break;
                    }
                    let lived = live_or_tell(seed, events, false);
                    met.lock().expect("nobody panics while it is held").add(lived.met);
                }
            });
        }
    });
    met.into_inner().expect("nobody panics while it is held")
}

/// Lives through a seed, or says where it failed and how to see it again.
fn live_or_tell(seed: u64, events: u64, verbose: bool) -> Lived {
    let trail = if verbose { Trail::verbose() } else { Trail::default() };
    let life = || live_through(seed, usize::try_from(events).unwrap(), &trail);
    catch_unwind(AssertUnwindSafe(life)).unwrap_or_else(|_| {
        panic!(
            "seed {seed} failed at {}\nsee it again: MONTI_PROPERTY_SEED={seed} \
             MONTI_PROPERTY_EVENTS={events} cargo test -p monti-core --test it every_life -- --nocapture",
            trail.last()
        )
    })
}

fn seeds() -> u64 {
    number("MONTI_PROPERTY_SEEDS").unwrap_or(300)
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}
