//! The build script of all programs: what `--version` says.
//!
//! A release tells the commit that it was built from, from git or from `MONTI_COMMIT` where there
//! is no git. Other builds do not: every commit would build them anew.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
};

fn main() {
    println!("cargo::rerun-if-env-changed=MONTI_COMMIT");
    let version = env::var("CARGO_PKG_VERSION").expect("cargo sets it");
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let build = if release { commit() } else { Some("development build".to_owned()) };
    let version = match build {
        Some(build) => format!("{version} ({build})"),
        None => version,
    };
    println!("cargo::rustc-env=MONTI_VERSION={version}");
}

/// The commit, with a `+` if the files are not quite those of the commit.
fn commit() -> Option<String> {
    if let Ok(commit) = env::var("MONTI_COMMIT") {
        return Some(commit).filter(|commit| !commit.is_empty());
    }
    let commit = git(&["rev-parse", "--short=9", "HEAD"])?;
    for name in ["HEAD", "logs/HEAD"] {
        // A path that is not there would build everything anew each time.
        let path = git(&["rev-parse", "--git-path", name]);
        if let Some(path) = path.filter(|path| Path::new(path).exists()) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let changed = git(&["status", "--porcelain", "--untracked-files=no"])?;
    Some(if changed.is_empty() { commit } else { commit + "+" })
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
