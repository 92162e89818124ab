//! The servers that stand for DynamoDB.

use std::{
    env,
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::{Client, Config, config::Credentials};
use aws_smithy_http_client::{Builder, tls};
use monti_server::dynamo::{self, Dynamo, DynamoOptions, Layout, Patience, Place};
use tokio::runtime::{self, Runtime};

use crate::{
    SECOND,
    child::Child,
    dynoxide::{Dynoxide, INSTALL, cache},
};

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// In Rust, over SQLite.
    Dynoxide,
    /// In JavaScript, over LevelDB.
    Dynalite,
}

/// A server that runs until it is dropped.
pub(crate) struct Server {
    pub(crate) endpoint: String,
    _process: Process,
}

/// What ends with its owner.
#[expect(dead_code, reason = "held for its end alone")]
enum Process {
    Dynoxide(Dynoxide),
    Dynalite(Child),
    /// Somebody else sees to it.
    Elsewhere,
}

/// Tables of a test's own on a server.
pub(crate) struct Tables {
    pub(crate) server: Server,
    pub(crate) layout: Layout,
}

impl Server {
    pub(crate) fn start(kind: Kind) -> Self {
        if let Ok(endpoint) = env::var("MONTI_TEST_DYNAMO_ENDPOINT") {
            return Self { endpoint, _process: Process::Elsewhere };
        }
        match kind {
            Kind::Dynoxide => {
                let dynoxide = Dynoxide::start();
                let endpoint = format!("http://{}", dynoxide.address);
                Self { endpoint, _process: Process::Dynoxide(dynoxide) }
            }
            Kind::Dynalite => Self::dynalite(),
        }
    }

    fn dynalite() -> Self {
        // Ends when we do: its standard input ends then.
        let script = "const server = require('dynalite')({createTableMs: 0});\
             server.listen(0, '127.0.0.1', () => console.log(server.address().port));\
             process.stdin.on('end', () => process.exit()).resume();";
        let mut command = Command::new("node");
        command.args(["-e", script]).current_dir(cache().join("dynalite"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = Child::start(&mut command);
        let port: u16 = child.line().parse().expect(INSTALL);
        let endpoint = format!("http://127.0.0.1:{port}");
        Self { endpoint, _process: Process::Dynalite(child) }
    }
}

impl Tables {
    /// Tables on a server of their own.
    pub(crate) fn on(kind: Kind) -> Self {
        Self::with_shards(kind, 1)
    }

    pub(crate) fn with_shards(kind: Kind, shards: u32) -> Self {
        let tables =
            Self { server: Server::start(kind), layout: Layout { prefix: prefix(), shards } };
        run(async { dynamo::create_tables(&tables.reach().await).await.unwrap() });
        tables
    }

    /// The tables, past all proxies.
    pub(crate) async fn reach(&self) -> Dynamo {
        let patience = Patience { attempt: 20 * SECOND, ..Patience::WRITING };
        Dynamo::connect(&self.options(&self.server.endpoint), patience).await.unwrap()
    }

    /// The server itself, for what the server of ours never does.
    pub(crate) async fn client(&self) -> Client {
        let tls = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(Builder::new().tls_provider(tls).build_https())
            .endpoint_url(&self.server.endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "test"))
            .build();
        Client::from_conf(config)
    }

    /// The tables, as somebody sees them who asks elsewhere.
    pub(crate) fn options(&self, endpoint: &str) -> DynamoOptions {
        let place = Place::Local { endpoint: Some(endpoint.to_owned()), region: None };
        DynamoOptions { place, layout: self.layout.clone() }
    }
}

/// Runs something that has to do with sockets.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A runtime that works while others wait for it.
pub(crate) fn background() -> Runtime {
    runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

/// No other test, and no earlier run on the same server, has tables of this name.
fn prefix() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let since_epoch = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    format!("t{}-{since_epoch}-{}-", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
