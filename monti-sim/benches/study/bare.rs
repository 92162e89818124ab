//! The bare counterpart: a hand-written event loop for a queue with agents who are all alike.
//!
//! It knows moments, and nothing else: no agents by name, no records, no figures but the waits it
//! is asked for. Whatever a study takes beyond it is the price of a contact centre.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, Exp1};

/// Plays so many calls and answers how long they waited in all, and how many at most 20 s.
pub(crate) fn play(agents: u32, per_hour: f64, handle_secs: f64, calls: f64) -> (f64, u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let gap_secs = 3_600.0 / per_hour;
    let mut exponential = |mean: f64| {
        let standard: f64 = Exp1.sample(&mut rng);
        mean * standard
    };
    // When each busy agent is free again: positive numbers are ordered as their bits are.
    let mut busy: BinaryHeap<Reverse<u64>> = BinaryHeap::with_capacity(agents as usize);
    let mut waiting: VecDeque<f64> = VecDeque::new();
    let (mut waited, mut in_target) = (0.0, 0);
    let mut arrival = exponential(gap_secs);
    let mut left = calls;
    while left > 0.0 {
        let free_at = busy.peek().map_or(f64::INFINITY, |Reverse(bits)| f64::from_bits(*bits));
        if arrival < free_at {
            let now = arrival;
            arrival += exponential(gap_secs);
            left -= 1.0;
            if busy.len() < agents as usize {
                in_target += 1;
                busy.push(Reverse((now + exponential(handle_secs)).to_bits()));
            } else {
                waiting.push_back(now);
            }
        } else {
            busy.pop();
            if let Some(since) = waiting.pop_front() {
                let wait = free_at - since;
                waited += wait;
                in_target += u64::from(wait <= 20.0);
                busy.push(Reverse((free_at + exponential(handle_secs)).to_bits()));
            }
        }
    }
    (waited, in_target)
}
