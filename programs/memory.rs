//! What the system says of a process's memory.

use std::fs;

/// What stands under `key` in a process's status, in bytes: `VmRSS` is the memory that it holds
/// now, `VmHWM` the most that it ever held.
pub(crate) fn memory(process: u32, key: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).expect("status");
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    let kibibytes = lines.next().and_then(|line| line.trim().strip_suffix(" kB")).expect(key);
    kibibytes.parse::<u64>().expect(key) * 1024
}
