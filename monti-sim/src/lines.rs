//! A text's lines with their numbers, whatever is in them, and the fields of tables' lines.

use std::io::{self, BufRead, Read as _};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// A line longer than this is refused: none of the formats comes near it.
const LINE_BYTES_MAX: usize = 64 * 1024;

/// How much of a line is passed over: what has no lines has no end either.
const SKIPPED_MAX: u64 = 64 * 1024 * 1024;

/// Gives `take` each line with its number, counted from 1, and its text without what ends it, or
/// why it is no text that could be used.
///
/// # Errors
/// If the text cannot be read.
pub(crate) fn each(
    mut input: impl BufRead,
    mut take: impl FnMut(u64, Result<&str, String>),
) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut number = 0;
    loop {
        bytes.clear();
        let limit = LINE_BYTES_MAX as u64 + 1;
        if input.by_ref().take(limit).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        number += 1;
        if bytes.len() > LINE_BYTES_MAX {
            if bytes.last() != Some(&b'\n') {
                let mut rest = input.by_ref().take(SKIPPED_MAX);
                rest.skip_until(b'\n')?;
                if rest.limit() == 0 {
                    return Err(io::Error::other("a line of more than 64 MiB: this is no text"));
                }
            }
            take(number, Err(format!("longer than {LINE_BYTES_MAX} bytes")));
            continue;
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| "not UTF-8".to_owned());
        take(number, text.map(|text| text.trim_end_matches(['\r', '\n'])));
    }
}

/// Splits the lines of a CSV table into their fields: a row is a line, so that a quote that is not
/// closed costs that line and none of those after it.
pub(crate) struct Rows {
    reader: Reader,
    /// The fields of a row, one after the other, and where each of them ends.
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Rows {
    /// Rows whose fields are separated by `separator`.
    pub(crate) fn new(separator: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(separator).build();
        Self { reader, text: Vec::new(), ends: Vec::new() }
    }

    /// The fields of a line that is not empty.
    ///
    /// # Errors
    /// A quote is not closed in it, or there is an end of a line within it.
    pub(crate) fn fields(&mut self, line: &str) -> Result<Vec<&str>, String> {
        self.reader.reset();
        // No field is longer than the line, and no row has more fields than the line has bytes.
        self.text.resize(line.len() + 1, 0);
        self.ends.resize(line.len() + 2, 0);
        let (result, read, written, ended) =
            self.reader.read_record(line.as_bytes(), &mut self.text, &mut self.ends);
        if result != ReadRecordResult::InputEmpty || read < line.len() {
            return Err("the end of a line within it, where lines end otherwise".to_owned());
        }
        let (text, ends) = (&mut self.text[written..], &mut self.ends[ended..]);
        let (result, _, more_written, more_ended) = self.reader.read_record(b"\n", text, ends);
        if result != ReadRecordResult::Record {
            return Err("a quote is not closed on the line".to_owned());
        }
        let text = std::str::from_utf8(&self.text[..written + more_written]);
        let text = text.map_err(|_| "not UTF-8".to_owned())?;
        let starts = std::iter::once(&0).chain(&self.ends);
        let ends = self.ends[..ended + more_ended].iter();
        Ok(ends.zip(starts).map(|(end, start)| &text[*start..*end]).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_its_number_whatever_ends_it() {
        let long = "x".repeat(3 * LINE_BYTES_MAX);
        let text = [b"one\r\n\n".as_slice(), b"\xff\n", long.as_bytes(), b"\nlast"].concat();
        let mut taken = Vec::new();
        each(text.as_slice(), |number, line| taken.push((number, line.map(str::to_owned))))
            .unwrap();
        let right = taken.iter().filter_map(|(number, line)| Some((*number, line.clone().ok()?)));
        let right = right.collect::<Vec<_>>();
        assert_eq!(right, [(1, "one".to_owned()), (2, String::new()), (5, "last".to_owned())]);
        assert!(taken[2].1.is_err() && taken[3].1.is_err());
    }

    #[test]
    fn what_has_no_lines_is_not_read_for_ever() {
        let endless = io::BufReader::new(io::repeat(0));
        let error = each(endless, |_, _| {}).unwrap_err();
        assert!(error.to_string().contains("no text"), "{error}");
    }

    #[test]
    fn a_row_is_a_line_and_a_line_a_row() {
        let mut rows = Rows::new(b';');
        for (line, fields) in [
            ("a;b", vec!["a", "b"]),
            (" ;;x", vec![" ", "", "x"]),
            (r#""a;b";"say ""yes""";c"d"#, vec!["a;b", r#"say "yes""#, r#"c"d"#]),
            ("ä;\u{1F600};", vec!["ä", "\u{1F600}", ""]),
            ("\u{feff}a", vec!["a"]),
        ] {
            assert_eq!(rows.fields(line), Ok(fields), "{line}");
        }
        for line in ["a;\"b", "\"", "a;\"b\"\"", "\"a\rb"] {
            assert_eq!(rows.fields(line), Err("a quote is not closed on the line".to_owned()));
        }
        assert!(rows.fields("a\rb").unwrap_err().contains("the end of a line within"));
        // One that was refused costs those after it nothing.
        assert_eq!(rows.fields("a;b"), Ok(vec!["a", "b"]));
    }
}
