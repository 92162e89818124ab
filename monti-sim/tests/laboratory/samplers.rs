//! Each distribution of durations against its mean, its spread and its shape.

use monti_core::Millis;
use monti_sim::Durations;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ContinuousCDF, Exp, Gamma, LogNormal, Uniform};

const DRAWS: u32 = 50_000;

const MEAN: Millis = Millis::from_secs(240);
const SD: Millis = Millis::from_secs(260);

#[test]
fn an_exponential_is_one() {
    let durations = Durations::exponential(MEAN).unwrap();
    is_drawn_from(&durations, 240.0, 240.0, &Exp::new(1.0 / 240.0).unwrap());
}

#[test]
fn a_log_normal_has_the_mean_and_deviation_that_were_asked_for() {
    let durations = Durations::log_normal(MEAN, SD).unwrap();
    let variance = (1.0 + (260.0_f64 / 240.0).powi(2)).ln();
    let known = LogNormal::new(240.0_f64.ln() - variance / 2.0, variance.sqrt()).unwrap();
    is_drawn_from(&durations, 240.0, 260.0, &known);
}

#[test]
fn a_gamma_has_the_mean_and_deviation_that_were_asked_for() {
    for sd in [80_u32, 260] {
        let durations = Durations::gamma(MEAN, Millis::from_secs(sd.into())).unwrap();
        let sd = f64::from(sd);
        let known = Gamma::new((240.0 / sd).powi(2), 240.0 / sd / sd).unwrap();
        is_drawn_from(&durations, 240.0, sd, &known);
    }
}

#[test]
fn a_uniform_is_as_likely_everywhere_ends_included() {
    let durations = Durations::uniform(Millis::from_secs(180), Millis::from_secs(1_800)).unwrap();
    let sd = 1_620.0 / 12.0_f64.sqrt();
    is_drawn_from(&durations, 990.0, sd, &Uniform::new(180.0, 1_800.0).unwrap());

    let coin = Durations::uniform(Millis::new(3), Millis::new(4)).unwrap();
    let draws = draw(&coin);
    let threes = draws.iter().filter(|draw| **draw == 0.003).count();
    assert!(draws.iter().all(|draw| [0.003, 0.004].contains(draw)));
    assert!((24_500..=25_500).contains(&threes), "{threes}");
}

#[test]
fn an_empirical_one_draws_each_value_as_often() {
    let values: Vec<_> = [5, 5, 20, 90, 400].map(Millis::from_secs).to_vec();
    let durations = Durations::empirical(values).unwrap();
    let draws = draw(&durations);
    // Chi-square with three degrees of freedom: beyond 16.27 once in a thousand.
    let classes = [(5.0, 0.4), (20.0, 0.2), (90.0, 0.2), (400.0, 0.2)];
    let chi_square: f64 = (classes.iter())
        .map(|(value, share)| {
            let expected = share * f64::from(DRAWS);
            let seen = draws.iter().filter(|draw| *draw == value).count();
            (f64::from(u32::try_from(seen).unwrap()) - expected).powi(2) / expected
        })
        .sum();
    assert!(chi_square < 16.27, "{chi_square}");
    assert_eq!(durations.mean_secs(), 104.0);
}

#[test]
fn a_constant_is_always_the_same() {
    let durations = Durations::constant(MEAN);
    assert!(draw(&durations).iter().all(|draw| *draw == 240.0));
    assert_eq!(durations.mean_secs(), 240.0);
    assert!(Durations::constant(Millis::ZERO).is_zero());
}

#[test]
fn what_is_no_distribution_is_refused() {
    assert!(Durations::exponential(Millis::ZERO).is_err());
    assert!(Durations::log_normal(MEAN, Millis::ZERO).is_err());
    assert!(Durations::gamma(MEAN, Millis::from_secs(1_000_000)).is_err());
    assert!(Durations::uniform(SD, MEAN).is_err());
    assert!(Durations::empirical(Vec::new()).is_err());
}

/// Draws have a mean, a deviation and, by Kolmogorov and Smirnov, a distribution; all in seconds.
#[track_caller]
fn is_drawn_from(durations: &Durations, mean: f64, sd: f64, known: &impl ContinuousCDF<f64, f64>) {
    assert!((durations.mean_secs() - mean).abs() < 1e-6 * mean);
    let mut draws = draw(durations);
    let count = f64::from(DRAWS);
    let seen_mean = draws.iter().sum::<f64>() / count;
    let squares: f64 = draws.iter().map(|draw| (draw - seen_mean).powi(2)).sum();
    let seen_sd = (squares / (count - 1.0)).sqrt();
    assert!((seen_mean - mean).abs() < 4.0 * sd / count.sqrt(), "the mean is {seen_mean}");
    assert!((seen_sd - sd).abs() < 0.05 * sd, "the deviation is {seen_sd}");
    draws.sort_by(f64::total_cmp);
    let distance = (0..DRAWS).zip(&draws).map(|(index, draw)| {
        let (below, above) = (f64::from(index) / count, f64::from(index + 1) / count);
        let cdf = known.cdf(*draw);
        (cdf - below).abs().max((above - cdf).abs())
    });
    // Beyond 1.95 / √n once in a thousand.
    let distance = distance.fold(0.0, f64::max);
    assert!(distance < 1.95 / count.sqrt(), "the distance is {distance}");
}

fn draw(durations: &Durations) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    (0..DRAWS).map(|_| durations.draw(&mut rng).as_secs_f64()).collect()
}
