//! A text's lines with their numbers, whatever is in them.

use std::io::{self, BufRead, Read as _};

use super::recording::Account;

/// A line longer than this is refused: none of the formats comes near it.
const LINE_BYTES_MAX: usize = 64 * 1024;

/// How much of a line is passed over: what has no lines has no end either.
const SKIPPED_MAX: u64 = 64 * 1024 * 1024;

/// A line as it can be used.
pub(super) struct Line {
    /// Counted from 1.
    pub(super) number: u64,
    /// Its text, without what ends it.
    pub(super) text: String,
}

/// Gives `take` each line that is text and not empty; the others are accounted for.
///
/// # Errors
/// If the text cannot be read.
pub(super) fn read(
    mut input: impl BufRead,
    account: &mut Account,
    mut take: impl FnMut(Line, &mut Account),
) -> io::Result<()> {
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let limit = LINE_BYTES_MAX as u64 + 1;
        if input.by_ref().take(limit).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        account.lines += 1;
        let number = account.lines;
        if bytes.len() > LINE_BYTES_MAX {
            if bytes.last() != Some(&b'\n') {
                let mut rest = input.by_ref().take(SKIPPED_MAX);
                rest.skip_until(b'\n')?;
                if rest.limit() == 0 {
                    return Err(io::Error::other("a line of more than 64 MiB: this is no text"));
                }
            }
            account.refuse(number, format!("longer than {LINE_BYTES_MAX} bytes"));
            continue;
        }
        match std::str::from_utf8(&bytes) {
            Ok(text) if text.trim().is_empty() => account.set_aside("empty lines"),
            Ok(text) => {
                let text = text.trim_end_matches(['\r', '\n']).to_owned();
                take(Line { number, text }, account);
            }
            Err(_) => account.refuse(number, "not UTF-8"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_accounted_for() {
        let long = "x".repeat(3 * LINE_BYTES_MAX);
        let text = [b"one\r\n\n".as_slice(), b"\xff\n", long.as_bytes(), b"\nlast"].concat();
        let (mut account, mut taken) = (Account::default(), Vec::new());
        read(text.as_slice(), &mut account, |line, _| taken.push((line.number, line.text)))
            .unwrap();
        assert_eq!(taken, [(1, "one".to_owned()), (5, "last".to_owned())]);
        assert_eq!(account.lines, 5);
        assert_eq!(account.set_aside["empty lines"], 1);
        assert_eq!(account.remarks.iter().map(|it| it.line).collect::<Vec<_>>(), [3, 4]);
    }

    #[test]
    fn what_has_no_lines_is_not_read_for_ever() {
        let endless = io::BufReader::new(io::repeat(0));
        let error = read(endless, &mut Account::default(), |_, _| {}).unwrap_err();
        assert!(error.to_string().contains("no text"), "{error}");
    }
}
