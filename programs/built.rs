//! The programs of the other crates, for tests of the whole.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The program of another crate beside `own`, which cargo built for this test, and built as that was.
pub(crate) fn built(package: &str, own: &str) -> PathBuf {
    let folder = Path::new(own).parent().expect("its folder");
    let profile = folder.file_name().and_then(|name| name.to_str()).expect("its profile");
    let profile = if profile == "debug" { "dev" } else { profile };
    let mut build = Command::new(env!("CARGO"));
    build.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    build.args(["build", "--quiet", "--locked", "--package", package, "--bin", package]);
    build.args(["--profile", profile, "--target-dir"]).arg(folder.parent().expect("its target"));
    assert!(build.status().expect("cargo").success(), "cargo build --package {package} failed");
    folder.join(package)
}
