//! A program in a terminal of 200 columns and 50 rows, whose output is counted.

use std::{
    fs,
    io::{Read as _, Write as _},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// The question for the background, and what xterm says.
const QUESTION: &[u8] = b"\x1b]11;?";
const BLACK: &[u8] = b"\x1b]11;rgb:0000/0000/0000\x07";

/// A program that runs, and is killed when this is dropped.
pub(crate) struct Screen {
    script: Child,
    chunks: mpsc::Receiver<(Instant, Vec<u8>)>,
    started: Instant,
    name: String,
}

impl Screen {
    /// Runs a shell's line in a terminal that says that it is black when it is asked; `name` is what the
    /// system calls the program.
    pub(crate) fn open(line: &str, name: &str) -> Self {
        Self::answering(line, name, Some(BLACK))
    }

    /// Runs it in a terminal that answers nothing.
    pub(crate) fn silent(line: &str, name: &str) -> Self {
        Self::answering(line, name, None)
    }

    fn answering(line: &str, name: &str, answer: Option<&'static [u8]>) -> Self {
        let line = format!("stty cols 200 rows 50; exec {line}");
        let started = Instant::now();
        let mut script = Command::new("script");
        script.args(["--quiet", "--flush", "--return", "--command", &line, "/dev/null"]);
        script.env("TERM", "xterm-256color").env("COLORTERM", "truecolor");
        script.env("LANG", "C.UTF-8").env_remove("NO_COLOR").env_remove("TMUX");
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut script = script.spawn().expect("script, of util-linux");
        let mut out = script.stdout.take().expect("its output");
        // The terminal ends when its input does: that is kept as long as there is output.
        let mut input = script.stdin.take().expect("its input");
        let (sender, chunks) = mpsc::channel();
        thread::spawn(move || {
            let mut chunk = vec![0; 1 << 16];
            while let Ok(count @ 1..) = out.read(&mut chunk) {
                if let Some(answer) = answer
                    && chunk[..count].windows(QUESTION.len()).any(|it| it == QUESTION)
                {
                    let _ = input.write_all(answer).and_then(|()| input.flush());
                }
                if sender.send((Instant::now(), chunk[..count].to_vec())).is_err() {
                    break;
                }
            }
        });
        Self { script, chunks, started, name: name.to_owned() }
    }

    /// How long after its start it first showed a text.
    pub(crate) fn shows(&self, text: &str) -> Duration {
        let mut shown = Vec::new();
        loop {
            let waited = self.chunks.recv_timeout(Duration::from_secs(20));
            let (at, chunk) = waited.unwrap_or_else(|_| panic!("{} shows no {text:?}", self.name));
            shown.extend(chunk);
            if String::from_utf8_lossy(&shown).contains(text) {
                return at - self.started;
            }
        }
    }

    /// What it wrote since it was last asked, and when it came.
    pub(crate) fn written(&self) -> Vec<(Instant, usize)> {
        self.chunks.try_iter().map(|(at, chunk)| (at, chunk.len())).collect()
    }

    /// The time that it has had a processor.
    pub(crate) fn processor_time(&self) -> Duration {
        let process = self.process().unwrap_or_else(|| panic!("{} does not run", self.name));
        let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("its tasks");
        let nanos = tasks.flatten().filter_map(|task| {
            let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanos.sum())
    }

    /// The program is a child of `script`, which is this process's.
    fn process(&self) -> Option<u32> {
        let script = self.script.id();
        let children = fs::read_to_string(format!("/proc/{script}/task/{script}/children")).ok()?;
        let mut children = children.split_whitespace().filter_map(|it| it.parse().ok());
        children.find(|child| {
            let name = fs::read_to_string(format!("/proc/{child}/comm")).unwrap_or_default();
            name.trim() == self.name
        })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if let Some(process) = self.process().and_then(|it| i32::try_from(it).ok())
            && let Some(process) = rustix::process::Pid::from_raw(process)
        {
            let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
        }
        let _ = self.script.kill();
        let _ = self.script.wait();
    }
}
