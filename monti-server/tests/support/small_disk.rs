//! A disk that is soon full.

#[path = "../../../programs/ci.rs"]
mod ci;

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

/// A small disk that is mounted on a folder, until this is dropped.
pub(crate) struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one with room for so many bytes, where that is permitted; in continuous integration
    /// it has to be.
    pub(crate) fn mount(folder: &Path, bytes: u64) -> Option<Self> {
        let size = format!("size={bytes}");
        let mut mount = Command::new("mount");
        let mount = mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder);
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        if !is_mounted {
            assert!(
                !ci::is_ci(),
                "no disk may be mounted here: run the tests as root, or without CI"
            );
            println!("no disk may be mounted here: the test of a counted one has to do");
        }
        is_mounted.then(|| Self(folder.to_owned()))
    }

    /// Leaves room for so many bytes, however much the server takes of it meanwhile.
    pub(crate) fn fill(&self, bytes: u64) {
        let mut ballast = File::create(self.ballast()).unwrap();
        let chunk = vec![0; 64 << 10];
        while ballast.write_all(&chunk).is_ok() {}
        let taken = ballast.metadata().unwrap().len();
        ballast.set_len(taken.saturating_sub(bytes)).unwrap();
    }

    pub(crate) fn empty(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a server may have its files open still.
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}
