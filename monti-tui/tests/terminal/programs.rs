//! The programs: the wallboard, which cargo built for this test, and the server.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::LazyLock,
    time::SystemTime,
};

use tempfile::TempDir;

/// The wallboard.
pub(crate) const WALLBOARD: &str = env!("CARGO_BIN_EXE_monti-tui");

/// The server's program, beside the wallboard's. When all of the workspace is tested cargo has
/// built it; otherwise it is built here, if it is not there or older than what it is made of.
static SERVER: LazyLock<PathBuf> = LazyLock::new(|| {
    let program = Path::new(WALLBOARD).with_file_name("monti-server");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let sources = ["monti-core/src", "monti-server/src"].map(|folder| newest(&root.join(folder)));
    let built = fs::metadata(&program).and_then(|it| it.modified()).ok();
    if built < sources.into_iter().max().flatten() {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.current_dir(root).args(["build", "--quiet", "--locked", "--package", "monti-server"]);
        let is_release = program.parent().is_some_and(|folder| folder.ends_with("release"));
        build.args(is_release.then_some("--release"));
        assert!(build.status().expect("cargo").success(), "the server cannot be built");
    }
    program
});

/// A server that runs, and is killed when the test is over.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    folder: TempDir,
}

impl Server {
    /// A server whose centre is the default one with these limits of after-call work and break.
    pub(crate) fn start(after_call_work: &str, break_time: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let centre = monti_core::Centre::DEFAULT_TOML
            .lines()
            .map(|line| match line.split_once(" = ") {
                Some(("after_call_work", _)) => {
                    format!("after_call_work = \"{after_call_work}\"\n")
                }
                Some(("break", _)) => format!("break = \"{break_time}\"\n"),
                _ => format!("{line}\n"),
            })
            .collect::<String>();
        fs::write(folder.path().join("centre.toml"), centre).unwrap();
        let (child, address) = spawn(folder.path(), "127.0.0.1:0");
        Self { child, address, folder }
    }

    /// A server that speaks TLS under a certificate that nobody but [`Self::certificate`] vouches for.
    pub(crate) fn start_secure() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let names = vec!["localhost".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
        fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        fs::write(folder.path().join("centre.toml"), monti_core::Centre::DEFAULT_TOML).unwrap();
        let (child, address) = spawn(folder.path(), "127.0.0.1:0");
        Self { child, address, folder }
    }

    /// The file of its certificate.
    pub(crate) fn certificate(&self) -> String {
        self.folder.path().join("cert.pem").to_str().unwrap().to_owned()
    }

    /// Kills it, as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again, where it was and with what it kept.
    pub(crate) fn restart(&mut self) {
        (self.child, self.address) = spawn(self.folder.path(), &self.address.to_string());
    }

    /// Makes a token, which is asked for from then on.
    pub(crate) fn token(&self, role: &str) -> String {
        let mut token = Command::new(&*SERVER);
        token.env_clear().env("MONTI_DATA", self.folder.path().join("data"));
        token.args(["token", "add", "--role", role, "--name", role]);
        // What an agent's token is for is its one agent.
        token.args((role == "agent").then_some(["--agent", "ada"]).into_iter().flatten());
        let made = token.output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).unwrap().trim_end().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(folder: &Path, listen: &str) -> (Child, SocketAddr) {
    let mut server = Command::new(&*SERVER);
    server.env_clear().env("MONTI_DATA", folder.join("data"));
    server.args(["--listen", listen, "--centre"]).arg(folder.join("centre.toml"));
    let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    if certificate.exists() {
        server.arg("--tls-cert").arg(certificate).arg("--tls-key").arg(key);
    }
    let mut child = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let (_, address) = line.trim_end().split_once("://").expect(&line);
    let address = address.parse().unwrap();
    (child, address)
}

fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?;
    let times = entries.flatten().filter_map(|entry| match entry.file_type().ok()? {
        kind if kind.is_dir() => newest(&entry.path()),
        _ => entry.metadata().ok()?.modified().ok(),
    });
    times.max()
}
