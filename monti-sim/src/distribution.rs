//! How long things take: distributions of durations, and how they are drawn from.

use std::sync::Arc;

use monti_core::Millis;
use rand::{Rng, RngExt as _};
use rand_distr::{Distribution as _, Exp1, Gamma, Normal};

use crate::Dice;

/// The longest duration that is drawn: what is beyond it counts as this. More than 300 years.
const LONGEST: Millis = Millis::from_secs(10_000_000_000);

/// How many draws a share is estimated from.
const DRAWS: u32 = 20_000;

/// A distribution of durations, drawn in whole milliseconds.
///
/// Draws are the same on every machine: they use the pure functions of `libm`, not the
/// platform's, as far as that is ours to choose, and are rounded to the millisecond, which hides
/// a last digit that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Durations {
    kind: Kind,
    mean: f64,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Constant(Millis),
    Exponential,
    /// Of the logarithm of the milliseconds.
    LogNormal(Normal<f64>),
    Uniform {
        min: Millis,
        max: Millis,
    },
    Gamma(Gamma<f64>),
    Empirical(Arc<[Millis]>),
}

/// Why there is no such distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDistribution {
    /// Nothing positive has a mean of zero.
    #[error("a mean of 0s is not allowed, a longer one is")]
    NoMean,
    /// It would be a constant, or its numbers beyond reason.
    #[error("a standard deviation of 1/1000 to 1000 times the mean is allowed")]
    Spread,
    /// The bounds are the wrong way round.
    #[error("the shortest duration is longer than the longest")]
    Bounds,
    /// There is nothing to draw from.
    #[error("at least one duration is required")]
    Nothing,
}

impl Durations {
    /// Always the same.
    pub fn constant(value: Millis) -> Self {
        Self { kind: Kind::Constant(value), mean: millis_f64(value) }
    }

    /// Exponential: memoryless, as patience and short talks are roughly.
    ///
    /// # Errors
    /// The mean is zero.
    pub fn exponential(mean: Millis) -> Result<Self, InvalidDistribution> {
        let mean = positive(mean)?;
        Ok(Self { kind: Kind::Exponential, mean })
    }

    /// Log-normal, of a mean and a standard deviation in real terms: the usual fit of talk times.
    ///
    /// With mean m and deviation s the logarithm is normal with variance ln(1 + s²/m²) and mean
    /// ln m less half of that.
    ///
    /// # Errors
    /// The mean is zero, or the deviation out of proportion.
    pub fn log_normal(mean: Millis, sd: Millis) -> Result<Self, InvalidDistribution> {
        let (mean, sd) = in_proportion(mean, sd)?;
        let ratio = sd / mean;
        let variance = libm::log1p(ratio * ratio);
        let location = libm::log(mean) - variance / 2.0;
        let normal = Normal::new(location, variance.sqrt());
        let kind = Kind::LogNormal(normal.map_err(|_| InvalidDistribution::Spread)?);
        Ok(Self { kind, mean })
    }

    /// Every duration from `min` to `max` equally likely, both included.
    ///
    /// # Errors
    /// `min` is above `max`.
    pub fn uniform(min: Millis, max: Millis) -> Result<Self, InvalidDistribution> {
        if min > max {
            return Err(InvalidDistribution::Bounds);
        }
        let (low, high) = (millis_f64(min), millis_f64(max));
        Ok(Self { kind: Kind::Uniform { min, max }, mean: f64::midpoint(low, high) })
    }

    /// Gamma, of a mean and a standard deviation: shape m²/s², scale s²/m.
    ///
    /// # Errors
    /// The mean is zero, or the deviation out of proportion.
    pub fn gamma(mean: Millis, sd: Millis) -> Result<Self, InvalidDistribution> {
        let (mean, sd) = in_proportion(mean, sd)?;
        let ratio = mean / sd;
        let gamma = Gamma::new(ratio * ratio, sd / ratio);
        Ok(Self { kind: Kind::Gamma(gamma.map_err(|_| InvalidDistribution::Spread)?), mean })
    }

    /// One of `values`, each equally likely.
    ///
    /// # Errors
    /// There are no values.
    pub fn empirical(values: Vec<Millis>) -> Result<Self, InvalidDistribution> {
        let count = f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX));
        if values.is_empty() {
            return Err(InvalidDistribution::Nothing);
        }
        let mean = values.iter().map(|value| millis_f64(*value)).sum::<f64>() / count;
        Ok(Self { kind: Kind::Empirical(values.into()), mean })
    }

    /// The mean, in seconds.
    pub fn mean_secs(&self) -> f64 {
        self.mean / 1_000.0
    }

    /// Whether every draw is zero.
    pub fn is_zero(&self) -> bool {
        self.kind == Kind::Constant(Millis::ZERO)
    }

    /// The share of draws that are shorter than `limit`, 0 to 1: estimated from draws, the same each
    /// time, and exact to about half a percentage point.
    pub fn share_below(&self, limit: Millis) -> f64 {
        let rng = &mut Dice::new(0, 0).people;
        let below = (0..DRAWS).filter(|_| self.draw(rng) < limit).count();
        u32::try_from(below).map_or(1.0, |below| f64::from(below) / f64::from(DRAWS))
    }

    /// Draws one.
    pub fn draw(&self, rng: &mut impl Rng) -> Millis {
        match &self.kind {
            Kind::Constant(value) => *value,
            Kind::Exponential => {
                let standard: f64 = Exp1.sample(rng);
                rounded(self.mean * standard)
            }
            Kind::LogNormal(normal) => rounded(libm::exp(normal.sample(rng))),
            Kind::Uniform { min, max } => Millis::new(rng.random_range(min.get()..=max.get())),
            Kind::Gamma(gamma) => rounded(gamma.sample(rng)),
            Kind::Empirical(values) => values[rng.random_range(0..values.len())],
        }
    }
}

fn in_proportion(mean: Millis, sd: Millis) -> Result<(f64, f64), InvalidDistribution> {
    let (mean, sd) = (positive(mean)?, millis_f64(sd));
    let is_reasonable = (1e-3..=1e3).contains(&(sd / mean));
    is_reasonable.then_some((mean, sd)).ok_or(InvalidDistribution::Spread)
}

fn positive(mean: Millis) -> Result<f64, InvalidDistribution> {
    if mean == Millis::ZERO { Err(InvalidDistribution::NoMean) } else { Ok(millis_f64(mean)) }
}

#[expect(clippy::cast_precision_loss, reason = "2^53 ms are 285,000 years")]
fn millis_f64(duration: Millis) -> f64 {
    duration.get() as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts saturate, and draws are not negative"
)]
fn rounded(millis: f64) -> Millis {
    Millis::new((millis + 0.5) as u64).min(LONGEST)
}
