//! How long something lasts, estimated from observations of which some were cut short.
//!
//! Patience is such a thing: of a caller who hung up it is known, of one who was answered only that
//! it was longer than the wait. To leave the answered out would make callers look far less patient
//! than they are. The product-limit estimator (Kaplan and Meier, "Nonparametric Estimation from
//! Incomplete Observations", JASA 1958) uses both.

use std::collections::BTreeMap;

use monti_core::Millis;

/// The share that lasts longer than a time, for all times.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Survival {
    /// Times at which something ended, and the share that lasts longer; times rise, shares fall.
    steps: Vec<(Millis, f64)>,
    /// Ends per millisecond observed: what is assumed beyond the last step.
    rate: f64,
}

/// Observations, to be estimated from.
#[derive(Debug, Clone, Default)]
pub struct Observations {
    /// By how long they lasted: how many ended then, and how many were observed no longer.
    counts: BTreeMap<Millis, (u64, u64)>,
}

impl Observations {
    /// Something ended after so long.
    pub fn ended(&mut self, after: Millis) {
        self.counts.entry(after).or_default().0 += 1;
    }

    /// Something was observed so long, and lasted longer.
    pub fn cut_short(&mut self, after: Millis) {
        self.counts.entry(after).or_default().1 += 1;
    }

    /// The number of ends observed.
    pub fn ends(&self) -> u64 {
        self.counts.values().map(|(ended, _)| ended).sum()
    }

    /// The product-limit estimate: at each time of an end the share falls by the ends' part of all
    /// that were observed up to that time.
    ///
    /// If the longest observations were cut short the estimate does not reach zero. Beyond its
    /// last step ends are then taken to come at the overall rate, ends by time observed.
    #[expect(clippy::cast_precision_loss, reason = "counts and totals far below 2^53")]
    pub fn estimate(&self) -> Survival {
        let mut at_risk = self.counts.values().map(|(ended, cut)| ended + cut).sum::<u64>();
        let (mut survival, mut share, mut observed_ms) = (Survival::default(), 1.0, 0.0);
        for (time, (ended, cut)) in &self.counts {
            observed_ms += time.get() as f64 * (ended + cut) as f64;
            if *ended > 0 {
                share *= 1.0 - *ended as f64 / at_risk as f64;
                survival.steps.push((*time, share));
            }
            at_risk -= ended + cut;
        }
        if observed_ms > 0.0 {
            survival.rate = self.ends() as f64 / observed_ms;
        }
        survival
    }
}

impl Survival {
    /// The share that lasts longer than `time`, 0 to 1, up to the last step.
    pub fn beyond(&self, time: Millis) -> f64 {
        let next = self.steps.partition_point(|(step, _)| *step <= time);
        next.checked_sub(1).map_or(1.0, |last| self.steps[last].1)
    }

    /// How long something lasts of which it is known that it lasts longer than `known`: the time
    /// beyond which a `share` (more than 0, at most 1) of such things lasts. With shares drawn
    /// evenly the times have the estimated distribution. `None` is for ever.
    pub fn draw(&self, known: Option<Millis>, share: f64) -> Option<Millis> {
        let begin = known.map_or(1.0, |known| self.beyond(known));
        let target = begin * share;
        let first = known.map_or(0, |known| self.steps.partition_point(|(step, _)| *step <= known));
        let rest = &self.steps[first..];
        let next = rest.partition_point(|(_, left)| *left > target);
        if let Some((time, _)) = rest.get(next) {
            return Some(*time);
        }
        // Beyond the last step.
        if self.rate <= 0.0 {
            return None;
        }
        let last = self.steps.last().map_or(Millis::ZERO, |(time, _)| *time);
        let from = known.unwrap_or_default().max(last);
        let left = rest.last().map_or(begin, |(_, left)| *left);
        let share_left = if left > 0.0 { target / left } else { share };
        Some(from + millis(-libm::log(share_left) / self.rate))
    }

    /// The mean, the tail beyond the last step included; `None` if nothing ever ended.
    pub fn mean(&self) -> Option<Millis> {
        if self.steps.is_empty() {
            return None;
        }
        let (mut total, mut from, mut share) = (0.0, Millis::ZERO, 1.0);
        for (time, left) in &self.steps {
            total += share * time.as_secs_f64() - share * from.as_secs_f64();
            (from, share) = (*time, *left);
        }
        if share > 0.0 && self.rate > 0.0 {
            total += share / self.rate / 1_000.0;
        }
        Some(millis(total * 1_000.0))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "brought within its bounds first"
)]
fn millis(millis: f64) -> Millis {
    // As long as a year is for ever.
    Millis::new(millis.clamp(0.0, 366.0 * 86_400_000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn the_estimate_is_the_one_worked_out_by_hand() {
        // Ends at 6 (three, one more cut short), 7, 10; cut short at 9 and 11.
        let mut observations = Observations::default();
        for time in [6, 6, 6, 7, 10] {
            observations.ended(Millis::new(time));
        }
        for time in [6, 9, 11] {
            observations.cut_short(Millis::new(time));
        }
        let survival = observations.estimate();
        let expected = [(6, 5.0 / 8.0), (7, 5.0 / 8.0 * 3.0 / 4.0), (10, 5.0 / 8.0 * 0.75 * 0.5)];
        assert_eq!(survival.steps.len(), expected.len());
        for ((time, share), (expected_time, expected_share)) in survival.steps.iter().zip(expected)
        {
            assert_eq!(time.get(), expected_time);
            assert!((share - expected_share).abs() < 1e-12, "{share} {expected_share}");
        }
        assert!((survival.rate - 5.0 / 61.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_drawn_lasts_longer_than_is_known() {
        let mut observations = Observations::default();
        (1..=100).for_each(|second| observations.ended(Millis::from_secs(second)));
        let survival = observations.estimate();
        assert_eq!(survival.draw(None, 1.0), Some(Millis::from_secs(1)));
        assert_eq!(survival.draw(None, 0.505), Some(Millis::from_secs(50)));
        for share in [0.01, 0.3, 0.99, 1.0] {
            let known = Millis::from_secs(60);
            assert!(survival.draw(Some(known), share).unwrap() > known, "{share}");
        }
        assert_eq!(survival.draw(Some(Millis::from_secs(60)), 0.505), Some(Millis::from_secs(80)));
        assert_eq!(survival.mean(), Some(Millis::new(50_500)));
    }

    #[test]
    fn censored_patience_is_estimated_without_bias() {
        // Patience and wait are exponential with means 240 s and 60 s: a fifth hangs up, after 48 s
        // in the mean. The estimate finds the 240 s; the mean of those who hung up would not.
        let (patience, wait) = (240_000.0, 60_000.0);
        let mut dice = ChaCha8Rng::seed_from_u64(1);
        let mut roll = || 1.0 - dice.random::<f64>();
        let mut observations = Observations::default();
        for _ in 0..200_000 {
            let patience = -roll().ln() * patience;
            let wait = -roll().ln() * wait;
            if patience < wait {
                observations.ended(millis(patience));
            } else {
                observations.cut_short(millis(wait));
            }
        }
        let survival = observations.estimate();
        for seconds in [30_u32, 60, 120, 240] {
            let expected = (-f64::from(seconds) / 240.0).exp();
            let estimated = survival.beyond(Millis::from_secs(seconds.into()));
            assert!((estimated - expected).abs() < 0.02, "{seconds}: {estimated} {expected}");
        }
        let mean = survival.mean().unwrap().as_secs_f64();
        assert!((mean - 240.0).abs() < 12.0, "{mean}");
    }

    #[test]
    fn nothing_ends_where_nothing_ever_ended() {
        let mut observations = Observations::default();
        observations.cut_short(Millis::from_secs(10));
        assert_eq!(observations.estimate().draw(None, 0.5), None);
        assert_eq!(Observations::default().estimate().mean(), None);
    }
}
