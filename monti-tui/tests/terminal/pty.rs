//! A bare terminal: what the program writes is what is read here, byte for byte, or not read at all.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    os::fd::OwnedFd,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rustix::{
    process::{Pid, Signal, kill_process},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Action, Winsize, tcflow, tcsetwinsize},
};

use crate::programs::WALLBOARD;

/// How long the program may take for what is waited for, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// One end of a terminal, and the device that programs get.
pub(crate) struct Pty {
    master: File,
    device: String,
}

impl Pty {
    pub(crate) fn open(columns: u16, rows: u16) -> Self {
        // No program that is started has this end, too.
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let master = openpt(flags).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let size = Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&master, size).unwrap();
        let device = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        Self { master: master.into(), device }
    }

    /// The end that a program gets.
    pub(crate) fn slave(&self) -> OwnedFd {
        let mut options = OpenOptions::new();
        options.read(true).write(true).open(&self.device).unwrap().into()
    }
}

/// The wallboard on a bare terminal, killed when this is dropped.
pub(crate) struct Bare {
    pub(crate) child: Child,
    keys: File,
    out: File,
    /// The program's end of what it writes to.
    screen: OwnedFd,
    /// What was read so far.
    pub(crate) seen: String,
    read: Option<mpsc::Receiver<Vec<u8>>>,
}

impl Bare {
    /// It leads its session: there is no shell.
    pub(crate) fn start(arguments: &[&str], columns: u16, rows: u16) -> Self {
        let pty = Pty::open(columns, rows);
        let mut program = Command::new("setsid");
        program.args(["--ctty", WALLBOARD]).args(arguments);
        let child = spawn(program, pty.slave(), pty.slave());
        Self::of(child, pty.master.try_clone().unwrap(), pty)
    }

    /// Its keys come from one terminal, and what it writes goes to another.
    pub(crate) fn start_between(arguments: &[&str], input: &Pty, output: Pty) -> Self {
        let mut program = Command::new(WALLBOARD);
        program.args(arguments);
        let child = spawn(program, input.slave(), output.slave());
        Self::of(child, input.master.try_clone().unwrap(), output)
    }

    fn of(child: Child, keys: File, output: Pty) -> Self {
        let screen = output.slave();
        Self { child, keys, out: output.master, screen, seen: String::new(), read: None }
    }

    /// From now on the terminal takes nothing that is written to it.
    pub(crate) fn stall(&self) {
        tcflow(&self.screen, Action::OOff).unwrap();
    }

    /// It takes everything again.
    pub(crate) fn go_on(&self) {
        tcflow(&self.screen, Action::OOn).unwrap();
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Its keys' terminal is no more, as far as it is up to this end.
    pub(crate) fn drop_keys(&mut self) {
        self.keys = File::open("/dev/null").unwrap();
    }

    /// Reads on until what was read since it was last forgotten holds a text.
    pub(crate) fn until(&mut self, text: &str) {
        let start = Instant::now();
        while !self.seen.contains(text) {
            let left = PATIENCE.checked_sub(start.elapsed());
            let left = left.unwrap_or_else(|| panic!("no {text:?} in {}", self.tail()));
            if let Ok(bytes) = self.reader().recv_timeout(left) {
                self.seen.push_str(&String::from_utf8_lossy(&bytes));
            }
        }
    }

    fn tail(&self) -> String {
        let skipped = self.seen.chars().count().saturating_sub(2_000);
        self.seen.chars().skip(skipped).collect::<String>().escape_debug().to_string()
    }

    /// From now on it is read; before, the terminal takes nothing but what it has room for.
    fn reader(&mut self) -> &mpsc::Receiver<Vec<u8>> {
        self.read.get_or_insert_with(|| {
            let mut out = self.out.try_clone().unwrap();
            let (sender, read) = mpsc::sync_channel(0);
            thread::spawn(move || {
                let mut chunk = vec![0; 1 << 16];
                // A terminal that nobody has open any more is an error, and the end.
                while let Ok(count @ 1..) = out.read(&mut chunk) {
                    if sender.send(chunk[..count].to_vec()).is_err() {
                        break;
                    }
                }
            });
            read
        })
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let process = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(process).unwrap(), signal).unwrap();
    }

    /// Waits for its end, without reading.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "it does not end");
            thread::yield_now();
        }
    }

    /// The names of its threads.
    pub(crate) fn threads(&self) -> Vec<String> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let names = tasks.flatten().map(|task| std::fs::read_to_string(task.path().join("comm")));
        names.flatten().map(|name| name.trim_end().to_owned()).collect()
    }
}

fn spawn(mut program: Command, input: OwnedFd, output: OwnedFd) -> Child {
    program.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    program.env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
    program.env("MONTI_THEME", "dark").stdin(input).stdout(output).stderr(Stdio::null());
    program.spawn().unwrap_or_else(|error| {
        panic!("the program cannot be run ({error}); setsid is of util-linux")
    })
}

impl Drop for Bare {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
