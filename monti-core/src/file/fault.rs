//! What is wrong in a file, and where.

use super::table::Fault;

/// Something that is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {path}{}{problem}", separator(path))]
pub struct FileFault {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, in characters, counted from 1.
    pub column: usize,
    /// The key, such as `departments[0].queues[2].target_percent`; lists are counted from 0.
    /// Empty if the file is no TOML.
    pub path: String,
    /// What is wrong, such as `120 is not allowed, 0 to 100 is`.
    pub problem: String,
}

/// Why a text was refused: everything that is wrong in it, one fault a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(.faults))]
pub struct FileError {
    faults: Vec<FileFault>,
}

impl FileError {
    /// What is wrong, at least one thing, in the order of the file.
    pub fn faults(&self) -> &[FileFault] {
        &self.faults
    }

    /// The error of a text in which there are `faults`.
    pub(super) fn new(text: &str, mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| fault.at);
        let mut characters = text.char_indices().peekable();
        let (mut line, mut column) = (1, 1);
        let mut located = |Fault { at, path, problem }| {
            while let Some((_, character)) = characters.next_if(|&(start, _)| start < at) {
                (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
            FileFault { line, column, path, problem }
        };
        Self { faults: faults.into_iter().map(&mut located).collect() }
    }

    /// The error of a text that is no TOML.
    pub(super) fn syntax(text: &str, error: &toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start);
        let problem = format!("not TOML: {}", error.message());
        Self::new(text, vec![Fault { at, path: String::new(), problem }])
    }
}

fn lines(faults: &[FileFault]) -> String {
    faults.iter().map(FileFault::to_string).collect::<Vec<_>>().join("\n")
}

fn separator(path: &str) -> &'static str {
    if path.is_empty() { "" } else { ": " }
}
