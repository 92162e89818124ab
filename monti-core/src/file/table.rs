//! Reads the tables of a TOML file and notes what is wrong with them, instead of stopping at it.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::value;

/// Something that is wrong in a file.
pub(super) struct Fault {
    /// Where: bytes from the start of the file.
    pub(super) at: usize,
    /// At which key, such as `departments[0].id`.
    pub(super) path: String,
    /// What is wrong there.
    pub(super) problem: String,
}

/// A table that is being read.
///
/// What reads a value gives `None` for a faulty one, which then has been noted. A reader therefore
/// reads all its values before it looks at one with `?`. Keys that were never read are unknown:
/// they are noted when the table has been read.
pub struct Table<'a> {
    entries: &'a DeTable<'a>,
    at: usize,
    path: String,
    known: Vec<&'static str>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Table<'a> {
    /// Reads the table that a whole file is.
    pub(super) fn read_file<T>(
        file: &Spanned<DeTable<'_>>,
        faults: &mut Vec<Fault>,
        read: impl FnOnce(&mut Table<'_>) -> Option<T>,
    ) -> Option<T> {
        Table::new(file.get_ref(), 0, String::new(), faults).read(read)
    }

    /// Where the table stands in the file, such as `departments[0]`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value at `key` as `convert` understands it; `default` if there is no such key.
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        default: impl Into<Option<T>>,
        convert: impl FnOnce(&'a DeValue<'a>) -> Result<T, String>,
    ) -> Option<T> {
        self.know(key);
        match self.entries.get(key).map(|value| convert(value.get_ref())) {
            None => default.into(),
            Some(Ok(value)) => Some(value),
            Some(Err(problem)) => self.fault(key, problem),
        }
    }

    /// The value at `key` as `convert` understands it; a fault if there is no such key.
    pub fn required<T>(
        &mut self,
        key: &'static str,
        convert: impl FnOnce(&'a DeValue<'a>) -> Result<T, String>,
    ) -> Option<T> {
        if self.entries.contains_key(key) {
            self.optional(key, None, convert)
        } else {
            self.know(key);
            self.fault(key, "required, but missing")
        }
    }

    /// Reads the table at `key`; one that is absent is read as an empty one.
    pub fn table<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Table<'_>) -> Option<T>,
    ) -> Option<T> {
        let empty = DeTable::new();
        let entries = self.optional(key, &empty, |value| value::table(value))?;
        let (at, path) = (self.place_of(key), self.path_of(key));
        Table::new(entries, at, path, self.faults).read(read)
    }

    /// Whether there is something at `key`.
    pub fn has(&mut self, key: &'static str) -> bool {
        self.know(key);
        self.entries.contains_key(key)
    }

    /// Reads the table at `key`, `None` in it if there is `word` instead or nothing at all.
    pub fn table_or<T>(
        &mut self,
        key: &'static str,
        word: &'static str,
        read: impl FnOnce(&mut Table<'_>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.entries.get(key).map(Spanned::get_ref) {
            None => {
                self.know(key);
                Some(None)
            }
            Some(DeValue::String(text)) => self.optional(key, None::<Option<T>>, |_| {
                let written = value::quoted(text);
                let problem = || format!("{written} is not allowed, {word:?} or a table is");
                (text == word).then_some(None).ok_or_else(problem)
            }),
            Some(_) => self.table(key, read).map(Some),
        }
    }

    /// Reads each of the tables that stand in the table at `key`, which may be absent, under names
    /// that are not known beforehand.
    pub fn named_tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&str, &mut Table<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let empty = DeTable::new();
        let entries = self.optional(key, &empty, |value| value::table(value))?;
        let mut items = Vec::with_capacity(entries.len());
        for (name, item) in entries {
            let path = joined(&self.path_of(key), name.get_ref());
            items.push(match value::table(item.get_ref()) {
                Ok(entries) => Table::new(entries, item.span().start, path, self.faults)
                    .read(|table| read(name.get_ref(), table)),
                Err(problem) => self.note(item.span().start, path, problem),
            });
        }
        items.into_iter().collect()
    }

    /// Reads each of the tables in the list at `key`, of which there are 1 to `count_max`.
    pub fn tables<T>(
        &mut self,
        key: &'static str,
        count_max: usize,
        mut read: impl FnMut(&mut Table<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let list = self.required(key, |value| value::list(value, count_max))?;
        let mut items = Vec::with_capacity(list.len());
        for (index, item) in list.iter().enumerate() {
            let (at, path) = (item.span().start, format!("{}[{index}]", self.path_of(key)));
            items.push(match value::table(item.get_ref()) {
                Ok(entries) => Table::new(entries, at, path, self.faults).read(&mut read),
                Err(problem) => self.note(at, path, problem),
            });
        }
        // Only now: a faulty item does not keep the others from being read.
        items.into_iter().collect()
    }

    /// Notes what is wrong at `key`, at its value or, where it is missing, at the table.
    /// Always `None`, the value that was not read.
    pub fn fault<T>(&mut self, key: &str, problem: impl Into<String>) -> Option<T> {
        self.note(self.place_of(key), self.path_of(key), problem.into())
    }

    /// Notes what is wrong with the table itself. Always `None`.
    pub fn fault_here<T>(&mut self, problem: impl Into<String>) -> Option<T> {
        self.note(self.at, self.path.clone(), problem.into())
    }

    fn new(entries: &'a DeTable<'a>, at: usize, path: String, faults: &'a mut Vec<Fault>) -> Self {
        let known = Vec::new();
        Self { entries, at, path, known, faults }
    }

    fn read<T>(mut self, read: impl FnOnce(&mut Table<'_>) -> Option<T>) -> Option<T> {
        let value = read(&mut self);
        self.note_unknown_keys();
        value
    }

    /// Some keys are looked at more than once.
    fn know(&mut self, key: &'static str) {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
    }

    fn note_unknown_keys(&mut self) {
        let problem = format!("unknown key, known are {}", self.known.join(", "));
        for key in self.entries.keys() {
            if !self.known.contains(&key.get_ref().as_ref()) {
                self.note::<()>(key.span().start, self.path_of(key.get_ref()), problem.clone());
            }
        }
    }

    fn note<T>(&mut self, at: usize, path: String, problem: String) -> Option<T> {
        self.faults.push(Fault { at, path, problem });
        None
    }

    fn place_of(&self, key: &str) -> usize {
        self.entries.get(key).map_or(self.at, |value| value.span().start)
    }

    fn path_of(&self, key: &str) -> String {
        joined(&self.path, key)
    }
}

fn joined(path: &str, key: &str) -> String {
    let separator = if path.is_empty() { "" } else { "." };
    format!("{path}{separator}{}", written_key(key))
}

/// A key as the file writes it. Quoted, what would upset a terminal is escaped.
fn written_key(key: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if !key.is_empty() && key.bytes().all(is_bare) { key.to_owned() } else { format!("{key:?}") }
}

#[cfg(test)]
mod tests {
    use crate::file::{self, FileError, value};

    fn faults<T: std::fmt::Debug>(result: Result<T, FileError>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn a_table_a_word_in_its_place_or_neither() {
        let read = |text| {
            file::read(text, |top| {
                top.table_or("patience", "endless", |table| {
                    table.optional("mean", 0, value::whole(0, 9))
                })
            })
        };
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("patience = 'endless'"), Ok(None));
        assert_eq!(read("[patience]\nmean = 7"), Ok(Some(7)));
        for (text, problem) in [
            ("patience = 'none'", "\"none\" is not allowed, \"endless\" or a table is"),
            ("patience = 7", "table"),
            ("[patience]\nmean = 'x'", "mean"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }

    #[test]
    fn a_key_that_was_asked_for_is_known() {
        let has_mean = |text| file::read(text, |top| Some(top.has("mean")));
        assert_eq!(has_mean("mean = 7"), Ok(true));
        assert_eq!(has_mean(""), Ok(false));
        assert!(has_mean("sd = 7").unwrap_err().to_string().contains("sd"));
    }

    #[test]
    fn tables_with_names_of_their_own_are_read_each_under_its_name() {
        let teams = |text: &str| {
            file::read(text, |file| {
                file.named_tables("teams", |name, team| {
                    let seats = team.required("seats", value::whole(1, 9))?;
                    Some((name.to_owned(), seats))
                })
            })
        };
        let two = teams("[teams.north]\nseats = 2\n[teams.\"the south\"]\nseats = 3\n");
        assert_eq!(two.unwrap(), [("north".to_owned(), 2), ("the south".to_owned(), 3)]);
        assert_eq!(teams("").unwrap(), [], "none are needed");
        assert_eq!(
            faults(teams("teams.north = 5\n[teams.south]\nseats = 10\nlamps = 1\n")),
            "line 1, column 15: teams.north: expected a table, found integer\n\
             line 3, column 9: teams.south.seats: 10 is not allowed, 1 to 9 is\n\
             line 4, column 1: teams.south.lamps: unknown key, known are seats"
        );
    }

    #[test]
    fn what_is_wrong_with_a_table_as_a_whole_is_told_where_it_begins() {
        let team = file::read("\n  [team]\n", |file| {
            file.table("team", |team| team.fault_here::<()>("nobody is in it"))
        });
        assert_eq!(faults(team), "line 2, column 3: team: nobody is in it");
    }

    #[test]
    fn a_list_has_one_to_the_most_that_are_allowed() {
        let count = |count: usize| {
            let text = "[[teams]]\n".repeat(count);
            file::read(&text, |file| file.tables("teams", 2, |_| Some(()))).map(|teams| teams.len())
        };
        assert_eq!(count(1), Ok(1));
        assert_eq!(count(2), Ok(2));
        assert_eq!(faults(count(3)), "line 1, column 1: teams: 3 are too many, 2 are allowed");
        let none = file::read("teams = []", |file| file.tables("teams", 2, |_| Some(())));
        assert_eq!(faults(none), "line 1, column 9: teams: at least one is required");
    }
}
