//! The programs: the wallboard, which cargo built for this test, and the server.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

use tempfile::TempDir;

use crate::{built::built, child::Child};

/// The wallboard.
pub(crate) const WALLBOARD: &str = env!("CARGO_BIN_EXE_monti-tui");

/// The server's program.
static SERVER: LazyLock<PathBuf> = LazyLock::new(|| built("monti-server", WALLBOARD));

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
        self.child.kill();
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

fn spawn(folder: &Path, listen: &str) -> (Child, SocketAddr) {
    let mut server = Command::new(&*SERVER);
    server.env_clear().env("MONTI_DATA", folder.join("data"));
    server.args(["--listen", listen, "--centre"]).arg(folder.join("centre.toml"));
    let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    if certificate.exists() {
        server.arg("--tls-cert").arg(certificate).arg("--tls-key").arg(key);
    }
    let mut child = Child::start(server.stdout(Stdio::piped()).stderr(Stdio::null()));
    let address = child.address();
    (child, address)
}
