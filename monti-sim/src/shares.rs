//! Whole numbers in given proportions.

/// Shares out `count` things in the proportions of `weights`, by the largest remainder: each gets
/// its share rounded down, and what is left goes to the largest fractions, the earlier of equal
/// ones first. Nothing is given out if all weights are zero.
pub(crate) fn shares(count: u32, weights: &[f64]) -> Vec<u32> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|it| f64::from(count) * it / total).collect();
    let mut given: Vec<u32> = exact.iter().map(|share| floor(*share)).collect();
    let mut by_fraction: Vec<usize> = (0..weights.len()).collect();
    by_fraction.sort_by(|one, other| exact[*other].fract().total_cmp(&exact[*one].fract()));
    let left = count.saturating_sub(given.iter().sum());
    for place in by_fraction.into_iter().take(left as usize) {
        given[place] += 1;
    }
    given
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most the count, and not negative"
)]
fn floor(share: f64) -> u32 {
    share as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_add_up_to_the_whole() {
        let usual = [30.0, 35.0, 20.0, 15.0];
        assert_eq!(shares(200, &usual), [60, 70, 40, 30]);
        assert_eq!(shares(1, &usual), [0, 1, 0, 0]);
        assert_eq!(shares(7, &[1.0, 1.0, 1.0]), [3, 2, 2]);
        for count in 0..500 {
            assert_eq!(shares(count, &usual).iter().sum::<u32>(), count);
        }
        assert_eq!(shares(5, &[0.0, 0.0]), [0, 0]);
    }
}
