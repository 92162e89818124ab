//! `scripts/create-dynamo-tables.sh`, with an aws CLI that only takes notes.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/create-dynamo-tables.sh");

/// Refuses each table recovery twice, as AWS does while it is new.
const AWS: &str = r#"#!/bin/sh
echo "$*" >>"$NOTES"
case $* in
*update-continuous-backups*)
    [ "$(grep -c "update-continuous-backups --table-name $4" "$NOTES")" -gt 2 ] ||
        { echo "(ContinuousBackupsUnavailableException)" >&2; exit 254; }
    ;;
esac
"#;

#[test]
fn local_is_what_the_server_takes_for_local() {
    for (values, is_local) in [
        (["y", "YES", "t", "True", "on", "1", "TRUE"], true),
        (["n", "No", "F", "false", "OFF", "0", ""], false),
    ] {
        for value in values {
            let (run, notes) = run(value);
            assert!(run.status.success(), "{value}: {run:?}");
            assert_eq!(notes.contains("--endpoint-url http://localhost:8000"), is_local, "{value}");
            assert_eq!(notes.contains("update-continuous-backups"), !is_local, "{value}");
        }
    }
    let (run, notes) = run("maybe");
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(!run.status.success() && said.contains("allowed are true and false"), "{said}");
    assert_eq!(notes, "");
}

#[test]
fn a_table_that_is_too_new_for_recovery_is_asked_again() {
    let (run, notes) = run("false");
    assert!(run.status.success(), "{run:?}");
    assert_eq!(notes.matches("update-continuous-backups").count(), 6, "{notes}");
}

/// Runs the script; answers how it ended, and what the CLI was asked.
fn run(use_local: &str) -> (Output, String) {
    let folder = TempDir::new().unwrap();
    let notes = folder.path().join("notes");
    program(&folder.path().join("aws"), AWS);
    // Nobody waits here.
    program(&folder.path().join("sleep"), "#!/bin/sh\n");
    let path = std::env::join_paths(
        [folder.path().to_owned()].into_iter().chain(std::env::split_paths("/usr/bin:/bin")),
    );
    let mut script = Command::new("bash");
    script.arg(SCRIPT).env_clear().env("PATH", path.unwrap()).env("NOTES", &notes);
    let output = script.env("DYNAMO_USE_LOCAL", use_local).output().unwrap();
    (output, fs::read_to_string(notes).unwrap_or_default())
}

fn program(file: &Path, text: &str) {
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}
