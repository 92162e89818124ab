//! What records are known by outside of the engine, and ranges of it.

use std::ops::RangeInclusive;

use monti_core::{CallId, Day, LoginId};

/// The digits that a call's number is written with at least.
const DIGITS_MIN: u32 = 6;

/// The key of an agent's day.
pub(crate) fn day_key(login: &LoginId, day: Day) -> String {
    format!("{}/{day}", login.as_str())
}

/// The keys of a date's calls, those after the call `after`, in the order of texts.
pub(crate) fn call_keys(date: Day, after: Option<CallId>) -> RangeInclusive<String> {
    let zero = CallId { day: date, number: 0 }.to_string();
    let of_date = zero.trim_end_matches('0');
    let first = match after {
        // The lowest text that is not the call's own.
        Some(call) => format!("{call}\u{1}"),
        None => of_date.to_owned(),
    };
    // Higher than all digits.
    first..=format!("{of_date}~")
}

/// The numbers of the calls whose ids as texts come after that of the call `after`: in each range
/// the texts have one length, and are in the order of the numbers.
///
/// An id has six digits at least: `…-100000` comes before `…-1000000`, and that before `…-100001`.
pub(crate) fn number_ranges(after: Option<u32>) -> impl Iterator<Item = RangeInclusive<u32>> {
    let digits = |number: u32| number.checked_ilog10().map_or(1, |log| log + 1).max(DIGITS_MIN);
    let after = after.map(|number| (u64::from(number), digits(number)));
    (DIGITS_MIN..=digits(u32::MAX)).filter_map(move |length| {
        let lowest = if length == DIGITS_MIN { 0 } else { 10_u64.pow(length - 1) };
        let highest = (10_u64.pow(length) - 1).min(u64::from(u32::MAX));
        let first = match after {
            None => lowest,
            // All that begin as it does are longer than it, and come after it.
            Some((after, digits)) if digits < length => after * 10_u64.pow(length - digits),
            Some((after, digits)) => after / 10_u64.pow(digits - length) + 1,
        };
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        (first <= highest).then(|| number(first.max(lowest))..=number(highest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calls_after_a_call_are_those_whose_ids_come_after_its_id() {
        let date = Day::new(2026, 1, 20).unwrap();
        let key = |number| CallId { day: date, number }.to_string();
        let numbers = [
            0,
            1,
            9,
            10,
            99_999,
            100_000,
            100_001,
            123_456,
            999_998,
            999_999,
            1_000_000,
            1_000_001,
            1_000_009,
            1_000_010,
            1_234_567,
            1_234_568,
            9_999_999,
            10_000_000,
            12_345_678,
            99_999_999,
            100_000_000,
            999_999_999,
            1_000_000_000,
            1_234_567_890,
            u32::MAX - 1,
            u32::MAX,
        ];
        let starts = numbers.into_iter().map(Some).chain([None]);
        for after in starts {
            for number in numbers {
                let is_in = number_ranges(after).any(|range| range.contains(&number));
                let comes_after = after.is_none_or(|after| key(number) > key(after));
                assert_eq!(is_in, comes_after, "{number} after {after:?}");
            }
        }
    }

    #[test]
    fn the_keys_of_a_date_are_those_of_its_calls_and_of_no_other() {
        let date = Day::new(2026, 1, 20).unwrap();
        let key = |day, number| CallId { day, number }.to_string();
        let all = call_keys(date, None);
        for number in [1, 999_999, 1_000_000, u32::MAX] {
            assert!(all.contains(&key(date, number)), "{number}");
        }
        assert!(!all.contains(&key(date.next(), 1)));
        assert!(!all.contains(&key(Day::new(2026, 1, 19).unwrap(), 999_999)));
        let after = call_keys(date, Some(CallId { day: date, number: 100_000 }));
        assert!(!after.contains(&key(date, 100_000)));
        assert!(after.contains(&key(date, 100_001)) && after.contains(&key(date, 1_000_000)));
    }
}
