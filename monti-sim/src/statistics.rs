//! Estimates from independent replications.

use serde::Serialize;

/// An estimate with its 95 % confidence interval: the mean, and half of the interval's width.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// The estimate; `None` if there was nothing to estimate it from.
    pub mean: Option<f64>,
    /// The true value is within the mean ± this in 95 of 100 studies; `None` with a single
    /// replication, from which nothing can be told.
    pub half_width95: Option<f64>,
}

impl Estimate {
    /// The same with its mean cut to a tenth, as the wallboard shows it.
    pub fn cut(self) -> Self {
        Self { mean: self.mean.map(cut), ..self }
    }
}

/// A service level as it is shown, in percent: cut to a tenth, as the wallboard does. 79.96 is not
/// the 80 that it missed.
pub(crate) fn cut(percent: f64) -> f64 {
    (percent * 10.0).floor() / 10.0
}

/// Estimates the ratio of two sums, such as the waits to the calls, from one pair of sums of each
/// replication.
///
/// The sums of all replications are divided, so a replication with more calls counts for more, as
/// its calls do. The interval is Student's t with n − 1 degrees of freedom about the deviations
/// x − r·y (the ratio estimator of survey sampling: Cochran, Sampling Techniques, chapter 6).
pub(crate) fn ratio(pairs: impl IntoIterator<Item = (f64, f64)>) -> Estimate {
    let pairs: Vec<_> = pairs.into_iter().collect();
    let (x, y) = pairs.iter().fold((0.0, 0.0), |(x, y), pair| (x + pair.0, y + pair.1));
    if y <= 0.0 {
        return Estimate::default();
    }
    let mean = x / y;
    let count = u32::try_from(pairs.len()).unwrap_or(u32::MAX);
    let half_width95 = (count > 1).then(|| {
        let squares = pairs.iter().map(|(x, y)| (x - mean * y) * (x - mean * y)).sum::<f64>();
        let (n, mean_y) = (f64::from(count), y / f64::from(count));
        student_t95(count - 1) * (squares / (n - 1.0) / n).sqrt() / mean_y
    });
    Estimate { mean: Some(mean), half_width95 }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(crate) fn as_f64(count: u64) -> f64 {
    count as f64
}

/// The two-sided 95 % point of Student's t distribution with `freedom` degrees of freedom, at
/// least 1.
///
/// Found by bisection of the distribution's closed form for whole degrees of freedom (Abramowitz
/// and Stegun, 26.7.3 and 26.7.4), which needs nothing but the arctangent: the same on every
/// machine. With very many degrees it is the normal distribution's, to seven digits.
fn student_t95(freedom: u32) -> f64 {
    if freedom > 100_000 {
        return 1.959_964;
    }
    let (mut low, mut high) = (1.9, 13.0);
    while high - low > 1e-12 * high {
        let middle = f64::midpoint(low, high);
        if within(middle, freedom) < 0.95 { low = middle } else { high = middle }
    }
    high
}

/// The probability that a variable of Student's t distribution is within ± `t`.
fn within(t: f64, freedom: u32) -> f64 {
    let tangent = t / f64::from(freedom).sqrt();
    let cos_squared = 1.0 / (1.0 + tangent * tangent);
    let (sin, cos) = (tangent * cos_squared.sqrt(), cos_squared.sqrt());
    let is_odd = freedom % 2 == 1;
    // The sum of the first terms of a series in the squared cosine.
    let (mut term, mut sum) = if is_odd { (cos, cos) } else { (1.0, 1.0) };
    let mut divisor = if is_odd { 3 } else { 2 };
    while divisor < freedom {
        term *= cos_squared * f64::from(divisor - 1) / f64::from(divisor);
        sum += term;
        divisor += 2;
    }
    if !is_odd {
        return sin * sum;
    }
    let series = if freedom == 1 { 0.0 } else { sin * sum };
    (libm::atan(tangent) + series) * std::f64::consts::FRAC_2_PI
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF as _, StudentsT};

    use super::*;

    #[test]
    fn the_quantiles_are_those_of_a_well_kept_library() {
        for freedom in (1..200).chain([1_000, 9_999]) {
            let known = StudentsT::new(0.0, 1.0, f64::from(freedom)).unwrap().inverse_cdf(0.975);
            let own = student_t95(freedom);
            assert!((own - known).abs() < 1e-6 * known, "{freedom}: {own}, known is {known}");
        }
        assert!((student_t95(100_000) - student_t95(100_001)).abs() < 1e-4);
    }

    #[test]
    fn equal_denominators_give_the_mean_and_its_usual_interval() {
        let values: [f64; 5] = [3.0, 5.0, 4.0, 6.0, 2.0];
        let estimate = ratio(values.map(|value| (value * 7.0, 7.0)));
        assert_eq!(estimate.mean, Some(4.0));
        // The deviation is √2.5, and t with 4 degrees of freedom 2.776.
        let half = estimate.half_width95.unwrap();
        assert!((half - 2.776_445 * (2.5_f64 / 5.0).sqrt()).abs() < 1e-6, "{half}");
    }

    #[test]
    fn nothing_has_no_estimate_and_one_replication_no_interval() {
        assert_eq!(ratio([]), Estimate::default());
        assert_eq!(ratio([(0.0, 0.0), (0.0, 0.0)]), Estimate::default());
        assert_eq!(ratio([(1.0, 2.0)]), Estimate { mean: Some(0.5), half_width95: None });
        assert_eq!(ratio([(1.0, 2.0), (0.5, 1.0)]).half_width95, Some(0.0));
    }
}
