//! Data that the programs are held against and that is no part of the project.

#[path = "ci.rs"]
mod ci;

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

/// A file of the shared data: in `MONTI_SHARED`, or else in `../shared` beside the project.
///
/// Where neither is, `None`, and it is said on `out` what is left out for that. Who has named the
/// folder, or has it, and every run of continuous integration (`CI`), is not let off.
pub(crate) fn shared(file: &str, out: &mut impl Write) -> Option<PathBuf> {
    let named = env::var_os("MONTI_SHARED").filter(|folder| !folder.is_empty());
    let is_named = named.is_some();
    let folder = named.map_or_else(beside, PathBuf::from);
    find(&folder, file, is_named || ci::is_ci(), out)
}

fn beside() -> PathBuf {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    project.with_file_name("shared")
}

/// A file of the folder; whether it is needed even where there is no such folder.
pub(crate) fn find(
    folder: &Path,
    file: &str,
    is_needed: bool,
    out: &mut impl Write,
) -> Option<PathBuf> {
    let path = folder.join(file);
    let Err(error) = fs::metadata(&path) else { return Some(path) };
    let path = path.display();
    assert!(
        !is_needed && !folder.exists(),
        "{path}: {error}; MONTI_SHARED names the folder of shared data, which has to have it"
    );
    writeln!(out, "not held against {path}, which is not here; MONTI_SHARED names its folder")
        .expect("there is room for a line");
    None
}
