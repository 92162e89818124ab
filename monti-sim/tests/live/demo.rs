//! `scripts/demo.sh`, with a cargo that builds nothing.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    process::{Command, Output, Stdio},
};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/demo.sh");

const RECORDING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/recordings/calls.csv");

#[test]
fn options_that_would_do_nothing_are_refused_before_anything_is_built() {
    for (options, says) in [
        (&["--date", "2026-01-29"][..], "demo: --date is for a recorded day"),
        (&["--from", "08:00"], "demo: --from is for a recorded day"),
        (&["--format", "csv"], "demo: --format is for a recorded day"),
        (&["--replay", RECORDING, "--agents", "400"], "demo: --agents is for made-up people"),
        (&["--agents", "400", "--replay", RECORDING], "demo: --agents is for made-up people"),
    ] {
        let refused = demo(options);
        assert_eq!(refused.status.code(), Some(1), "{options:?}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.starts_with(says) && said.lines().count() == 1, "{options:?}: {said}");
    }
}

#[test]
fn options_that_go_together_are_taken() {
    for options in [
        &[][..],
        &["--agents", "400", "--speed", "10"],
        &["--replay", RECORDING, "--format", "csv", "--date", "2026-01-29", "--from", "08:00"],
    ] {
        let said = String::from_utf8(demo(options).stderr).unwrap();
        assert!(said.starts_with("building"), "{options:?}: {said}");
    }
}

/// Fewer calls than a board is worth printing for, and no more to come.
#[test]
fn a_recorded_day_that_is_soon_over_is_shown_and_one_that_fails_is_not() {
    for (simulator, code, shown) in [("exit 0", 0, "a board\n"), ("echo no >&2; exit 1", 1, "")] {
        let folder = tempfile::tempdir().unwrap();
        let release = folder.path().join("release");
        fs::create_dir(&release).unwrap();
        stub(&release, "monti-server", "echo listening on http://127.0.0.1:1; exec sleep 600");
        // What it is asked for first is a centre.
        let simulator = format!("case $* in *--connect*) echo control on; {simulator};; esac");
        stub(&release, "monti-sim", &simulator);
        stub(&release, "monti-tui", "case $* in *prom*) ;; *) echo a board;; esac");
        let demo = with_cargo("/bin/true", &["--replay", RECORDING], folder.path());
        let said = String::from_utf8(demo.stderr).unwrap();
        assert_eq!((demo.status.code(), &*demo.stdout), (Some(code), shown.as_bytes()), "{said}");
        assert_eq!(said.contains("demo: the simulator did not start: "), code == 1, "{said}");
    }
}

fn demo(options: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    with_cargo("/bin/false", options, folder.path())
}

/// Runs it with a cargo that is another program, and `folder` for what that would build.
fn with_cargo(cargo: &str, options: &[&str], folder: &Path) -> Output {
    for name in ["cargo", "cc"] {
        symlink(cargo, folder.join(name)).unwrap();
    }
    let path = format!("{}:/usr/bin:/bin", folder.display());
    let mut script = Command::new("bash");
    script.arg(SCRIPT).args(options).stdin(Stdio::null());
    script.env_clear().env("PATH", path).env("CARGO_TARGET_DIR", folder).output().unwrap()
}

fn stub(folder: &Path, name: &str, script: &str) {
    let file = folder.join(name);
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}
