//! The programs of the other crates, for tests of the whole.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

/// The program of another crate beside `own`, which cargo built for this test. When all of the
/// workspace is tested cargo has built it, too; otherwise it is built here, if it is not there or
/// older than what it is made of.
pub(crate) fn built(package: &str, own: &str) -> PathBuf {
    let program = Path::new(own).with_file_name(package);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let sources = ["monti-core/src".to_owned(), format!("{package}/src"), "programs".to_owned()];
    let sources = sources.iter().map(|folder| newest(&root.join(folder))).max().flatten();
    let built = fs::metadata(&program).and_then(|it| it.modified()).ok();
    if built < sources {
        let folder = program.parent().expect("its folder");
        let profile = folder.file_name().and_then(|name| name.to_str()).expect("its profile");
        let profile = if profile == "debug" { "dev" } else { profile };
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.current_dir(root).args(["build", "--quiet", "--locked", "--workspace"]);
        build.args(["--bin", package, "--profile", profile, "--target-dir"]);
        build.arg(folder.parent().expect("cargo's folder"));
        assert!(build.status().expect("cargo").success(), "{package} cannot be built");
    }
    program
}

fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?;
    let times = entries.flatten().filter_map(|entry| match entry.file_type().ok()? {
        kind if kind.is_dir() => newest(&entry.path()),
        _ => entry.metadata().ok()?.modified().ok(),
    });
    times.max()
}
