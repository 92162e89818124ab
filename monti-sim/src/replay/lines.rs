//! A recording's lines, all of them accounted for.

use std::io::{self, BufRead};

use super::recording::Account;
use crate::lines;

/// A line as it can be used.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: u64,
    /// Its text, without what ends it.
    pub(super) text: &'a str,
}

/// Gives `take` each line that is text and not empty; the others are accounted for.
///
/// # Errors
/// If the text cannot be read.
pub(super) fn read(
    input: impl BufRead,
    account: &mut Account,
    mut take: impl FnMut(Line<'_>, &mut Account),
) -> io::Result<()> {
    lines::each(input, |number, line| {
        account.lines = number;
        match line {
            Ok(text) if text.trim().is_empty() => account.set_aside("empty lines"),
            Ok(text) => take(Line { number, text }, account),
            Err(problem) => account.refuse(number, problem),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_accounted_for() {
        let text = b"one\r\n\n\xff\n  \nlast".as_slice();
        let (mut account, mut taken) = (Account::default(), Vec::new());
        read(text, &mut account, |line, _| taken.push((line.number, line.text.to_owned())))
            .unwrap();
        assert_eq!(taken, [(1, "one".to_owned()), (5, "last".to_owned())]);
        assert_eq!(account.lines, 5);
        assert_eq!(account.set_aside["empty lines"], 2);
        assert_eq!(account.remarks.iter().map(|it| it.line).collect::<Vec<_>>(), [3]);
    }
}
