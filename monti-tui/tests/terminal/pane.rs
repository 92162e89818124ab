//! A terminal: a pane of tmux, typed into, resized and read.

use std::{
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

/// How long a pane may take to show what is waited for, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often it is looked at meanwhile.
const GLANCE: Duration = Duration::from_millis(40);

/// What the shell in the pane says when it has nothing to do.
pub(crate) const PROMPT: &str = "ready>";

static PANES: AtomicU32 = AtomicU32::new(0);

/// A terminal with a shell in it, closed when this is dropped.
pub(crate) struct Pane {
    socket: String,
}

impl Pane {
    /// A terminal of this size.
    pub(crate) fn open(columns: u16, rows: u16) -> Self {
        let number = PANES.fetch_add(1, Ordering::Relaxed);
        let pane = Self { socket: format!("monti-{}-{number}", std::process::id()) };
        let (columns, rows) = (columns.to_string(), rows.to_string());
        let shell = format!(
            "env -i TERM=screen-256color HOME=/nonexistent PATH={} LANG=C.UTF-8 \
             PS1='{PROMPT} ' bash --norc --noprofile",
            std::env::var("PATH").unwrap_or_default()
        );
        let tmux = pane.tmux(&[
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            &columns,
            "-y",
            &rows,
            &shell,
        ]);
        assert!(tmux.status.success(), "tmux: {}", String::from_utf8_lossy(&tmux.stderr));
        pane.wait_for("the shell's prompt", |screen| screen.contains(PROMPT));
        pane
    }

    /// Has the shell run a line.
    pub(crate) fn run(&self, line: &str) {
        self.keys(&["-l", line]);
        self.keys(&["Enter"]);
    }

    /// Presses keys, named as tmux names them.
    pub(crate) fn press(&self, keys: &[&str]) {
        self.keys(keys);
    }

    /// Types a text.
    pub(crate) fn type_text(&self, text: &str) {
        self.keys(&["-l", text]);
    }

    fn keys(&self, keys: &[&str]) {
        let sent = self.tmux(&[&["send-keys"], keys].concat());
        assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    }

    /// Makes the terminal another size.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let (columns, rows) = (columns.to_string(), rows.to_string());
        let resized = self.tmux(&["resize-window", "-x", &columns, "-y", &rows]);
        assert!(resized.status.success(), "{}", String::from_utf8_lossy(&resized.stderr));
    }

    /// What is seen now, line by line.
    pub(crate) fn screen(&self) -> String {
        self.capture(&["capture-pane", "-p"])
    }

    /// What is seen now, with the sequences that style it.
    pub(crate) fn styled(&self) -> String {
        self.capture(&["capture-pane", "-p", "-e"])
    }

    /// What the terminal says of itself, such as `#{alternate_on}`.
    pub(crate) fn ask(&self, format: &str) -> String {
        self.capture(&["display-message", "-p", format]).trim_end().to_owned()
    }

    fn capture(&self, arguments: &[&str]) -> String {
        String::from_utf8_lossy(&self.tmux(arguments).stdout).into_owned()
    }

    /// Waits until the screen is as wanted, and answers it.
    pub(crate) fn wait_for(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        self.wait(what, || Some(self.screen()).filter(|screen| is_so(screen)))
    }

    /// Waits until the screen holds a text.
    pub(crate) fn wait_for_text(&self, text: &str) -> String {
        self.wait_for(text, |screen| screen.contains(text))
    }

    /// Waits for something that is looked at again and again.
    pub(crate) fn wait<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(seen) = look() {
                return seen;
            }
            assert!(start.elapsed() < PATIENCE, "no sign of {what} on:\n{}", self.screen());
            thread::sleep(GLANCE);
        }
    }

    fn tmux(&self, arguments: &[&str]) -> Output {
        let mut tmux = Command::new("tmux");
        tmux.args(["-L", &self.socket]).args(arguments).stdin(Stdio::null());
        tmux.output().unwrap_or_else(|error| {
            panic!("tmux cannot be run ({error}); install it: apt-get install tmux")
        })
    }
}

impl Drop for Pane {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}
