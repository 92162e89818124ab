//! The tokens' file: read whole, written whole.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, fchown},
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, flock};

use super::Entry;

/// Which version of a file it is. The file is always replaced and never written in place, so that
/// another version is another inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileState {
    inode: u64,
    length: u64,
    modified: (i64, i64),
}

/// Why the tokens' file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the tokens' file {}{}: {source}", file.display(), at(*line))]
pub struct TokensError {
    file: PathBuf,
    line: Option<usize>,
    source: io::Error,
}

impl FileState {
    /// The version of `file` that is there, `None` if there is none.
    ///
    /// # Errors
    /// It cannot be told.
    pub fn of(file: &Path) -> Result<Option<Self>, TokensError> {
        match fs::metadata(file) {
            Ok(found) => Ok(Some(Self {
                inode: found.ino(),
                length: found.len(),
                modified: (found.mtime(), found.mtime_nsec()),
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(TokensError::new(file, error)),
        }
    }
}

impl TokensError {
    pub(crate) fn new(file: &Path, source: io::Error) -> Self {
        Self { file: file.to_owned(), line: None, source }
    }

    fn in_line(file: &Path, line: usize, problem: impl Into<io::Error>) -> Self {
        Self { file: file.to_owned(), line: Some(line), source: problem.into() }
    }
}

fn at(line: Option<usize>) -> String {
    line.map(|line| format!(", line {line}")).unwrap_or_default()
}

/// The entries of `file`; none if it is not there.
pub(super) fn read(file: &Path) -> Result<Vec<Entry>, TokensError> {
    match fs::read_to_string(file) {
        Ok(text) => parse(file, &text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(TokensError::new(file, error)),
    }
}

fn parse(file: &Path, text: &str) -> Result<Vec<Entry>, TokensError> {
    let mut entries: Vec<Entry> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let entry: Entry = serde_json::from_str(line)
            .map_err(|error| TokensError::in_line(file, number, error))?;
        let checked = entry.check().map_err(io::Error::other);
        checked.map_err(|error| TokensError::in_line(file, number, error))?;
        if entries.iter().any(|other| other.name == entry.name) {
            let problem = io::Error::other(format!("there are two tokens {}", entry.name));
            return Err(TokensError::in_line(file, number, problem));
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Reads the file, has its entries changed, and replaces it by what they are then: whole or not
/// at all, readable by its owner alone. Two programs that do so at once do it one after the other.
///
/// # Errors
/// The outer error: it cannot be read or written. The inner: `change` refused, nothing changed.
pub fn update<T, E>(
    file: &Path,
    change: impl FnOnce(&mut Vec<Entry>) -> Result<T, E>,
) -> Result<Result<T, E>, TokensError> {
    let failed = |error| TokensError::new(file, error);
    let folder = folder_of(file);
    let make = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    let locked = make.and_then(|()| lock(folder)).map_err(failed)?;
    let mut entries = read(file)?;
    let changed = change(&mut entries);
    if changed.is_ok() {
        replace(file, &entries).and_then(|()| locked.sync_all()).map_err(failed)?;
    }
    Ok(changed)
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Holds the folder until the file that is returned is dropped.
fn lock(folder: &Path) -> io::Result<File> {
    let folder = File::open(folder)?;
    flock(&folder, FlockOperation::LockExclusive)?;
    Ok(folder)
}

fn replace(file: &Path, entries: &[Entry]) -> io::Result<()> {
    let mut new = file.as_os_str().to_owned();
    new.push(".new");
    // What an interrupted change left behind, or somebody's link to another file: that is not
    // written to, nor given away.
    fs::remove_file(&new).or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    let mut options = OpenOptions::new();
    let mut written = options.write(true).create_new(true).mode(0o600).open(&new)?;
    for entry in entries {
        writeln!(written, "{}", serde_json::to_string(entry)?)?;
    }
    keep_owner(&written, file)?;
    written.sync_all()?;
    fs::rename(&new, file)
}

/// A new file is its writer's: one that root writes would be no longer the server's to read.
fn keep_owner(new: &File, file: &Path) -> io::Result<()> {
    let owner = fs::metadata(file).or_else(|_| fs::metadata(folder_of(file)))?;
    // Whoever may not give it away keeps it.
    let _is_kept = fchown(new, Some(owner.uid()), Some(owner.gid()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{
        os::unix::fs::{chown, symlink},
        thread,
    };

    use monti_core::Timestamp;

    use super::*;
    use crate::{inbox::Role, tokens::Secret};

    #[test]
    fn those_who_add_at_once_all_add() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/tokens.jsonl");
        let add = |number: u32| {
            let (secret, created) = (Secret::random().unwrap(), Timestamp::from_millis(0));
            let name = format!("wall-{number}").parse().unwrap();
            let entry = Entry::new(name, Role::Viewer, None, &secret, created).unwrap();
            let added = update(&file, |entries| {
                entries.push(entry);
                Ok::<_, ()>(())
            });
            added.unwrap().unwrap();
        };
        thread::scope(|scope| {
            for number in 0..16 {
                scope.spawn(move || add(number));
            }
        });
        assert_eq!(read(&file).unwrap().len(), 16);
    }

    /// Root can give them away; for anybody else they are its own before and after.
    #[test]
    fn the_file_stays_its_owners_and_a_new_one_is_the_folders() {
        let folder = tempfile::tempdir().unwrap();
        let _is_root = chown(folder.path(), Some(4_711), Some(4_711));
        let file = folder.path().join("tokens.jsonl");
        let owner = |of: &Path| fs::metadata(of).map(|it| (it.uid(), it.gid())).unwrap();
        let write = || update(&file, |_| Ok::<_, ()>(())).unwrap().unwrap();
        write();
        assert_eq!(owner(&file), owner(folder.path()));
        let _is_root = chown(&file, Some(4_712), Some(4_712));
        let before = owner(&file);
        write();
        assert_eq!(owner(&file), before);
    }

    #[test]
    fn what_stands_in_the_new_files_place_is_not_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let (file, other) = (folder.path().join("tokens.jsonl"), folder.path().join("other"));
        fs::write(&other, "its own").unwrap();
        symlink(&other, folder.path().join("tokens.jsonl.new")).unwrap();
        update(&file, |_| Ok::<_, ()>(())).unwrap().unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), "its own");
        assert!(fs::symlink_metadata(&file).unwrap().is_file());
    }

    #[test]
    fn a_damaged_line_is_named() {
        let error = parse(Path::new("tokens.jsonl"), "\n{}\n").unwrap_err().to_string();
        assert!(error.starts_with("the tokens' file tokens.jsonl, line 2: missing"), "{error}");
        let hash = "0".repeat(64);
        let line = format!(
            r#"{{"name":"a","role":"agent","sha256":"{hash}","created":"2026-01-29T00:00:00Z"}}"#
        );
        let error = parse(Path::new("tokens.jsonl"), &line).unwrap_err().to_string();
        assert!(error.contains("line 1: an agent's token needs the agentId"), "{error}");
    }
}
