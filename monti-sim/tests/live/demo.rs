//! `scripts/demo.sh`, with a cargo that fails.

use std::{
    os::unix::fs::symlink,
    process::{Command, Output},
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

fn demo(options: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    for name in ["cargo", "cc"] {
        symlink("/bin/false", folder.path().join(name)).unwrap();
    }
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let mut script = Command::new("bash");
    script.arg(SCRIPT).args(options).env_clear().env("PATH", path).output().unwrap()
}
