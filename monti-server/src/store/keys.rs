//! What records are known by outside of the engine, and ranges of it.

use std::ops::RangeInclusive;

use monti_core::{CallId, Day, LoginId};

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

#[cfg(test)]
mod tests {
    use super::*;

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
