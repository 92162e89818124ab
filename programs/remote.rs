//! How a server is reached by the programs that do so: where it is, with which trust, and with which
//! token.
//!
//! All connections are made here, so all speak TLS, or do not, in the same way.

#[path = "remote/address.rs"]
mod address;
#[path = "remote/dial.rs"]
mod dial;
#[path = "remote/tls.rs"]
mod tls;
#[path = "remote/token.rs"]
mod token;

use std::{io, path::Path, sync::Arc, time::Duration};

use rustls::ClientConfig;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::{MaybeTlsStream, tungstenite::http::HeaderValue};

pub use self::{
    address::{Address, InvalidAddress},
    tls::TrustError,
    token::{Token, TokenError},
};

/// How long finding the server, connecting and agreeing on TLS may take together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection, in the clear or under TLS.
pub type Stream = MaybeTlsStream<TcpStream>;

/// A server and how to reach it.
#[derive(Debug)]
pub struct Remote {
    address: Address,
    token: Option<Token>,
    trust: Option<Arc<ClientConfig>>,
}

/// Why there is no connection, in words.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// There is nobody at the address.
    #[error("cannot reach {address}: {source}")]
    Unreachable {
        /// The address.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// Nobody answered in time.
    #[error("no answer from {address} within {} s", CONNECT_TIMEOUT.as_secs())]
    Timeout {
        /// The address.
        address: String,
    },
    /// They do not agree on TLS.
    #[error("no secure connection to {address}: {source}")]
    Insecure {
        /// The address.
        address: String,
        /// What does not fit.
        source: io::Error,
    },
    /// It does not speak TLS at all.
    #[error("{address} does not speak TLS; without it the address is ws://{authority}")]
    NotTls {
        /// The address.
        address: String,
        /// The same without its scheme.
        authority: String,
    },
    /// What it says is not HTTP: in the clear, a server that speaks TLS may be there.
    #[error("{address} does not speak HTTP{}", tls_hint(.address))]
    NotHttp {
        /// The address.
        address: Address,
    },
    /// There is no token to be had.
    #[error(transparent)]
    Token(#[from] TokenError),
}

fn tls_hint(address: &Address) -> String {
    match address.is_tls() {
        true => String::new(),
        false => format!("; if it speaks TLS the address is wss://{}", address.authority()),
    }
}

impl Remote {
    /// The server at `address`. Under TLS the system's roots are trusted, and those of the `ca`
    /// file, PEM, too.
    ///
    /// # Errors
    /// The file cannot be read, or there is nothing to trust.
    pub fn new(
        address: Address,
        token: Option<Token>,
        ca: Option<&Path>,
    ) -> Result<Self, TrustError> {
        let trust = address.is_tls().then(|| tls::client_config(ca)).transpose()?;
        Ok(Self { address, token, trust })
    }

    /// Where the server is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// What opens the server, if it is known: the value of the `Authorization` header. A token's
    /// file is read each time, so that a new token is used without a restart.
    ///
    /// # Errors
    /// The file cannot be read, or holds no token.
    pub fn authorization(&self) -> Result<Option<HeaderValue>, TokenError> {
        self.token.as_ref().map(Token::authorization).transpose()
    }

    /// What is wrong if what the server says is not HTTP.
    pub fn not_http(&self) -> ConnectError {
        ConnectError::NotHttp { address: self.address.clone() }
    }

    /// Connects.
    ///
    /// # Errors
    /// Why that did not work.
    pub async fn connect(&self) -> Result<Stream, ConnectError> {
        let expired = || ConnectError::Timeout { address: self.address.to_string() };
        timeout(CONNECT_TIMEOUT, self.open()).await.map_err(|_| expired())?
    }

    async fn open(&self) -> Result<Stream, ConnectError> {
        let address = || self.address.to_string();
        let unreachable = |source| ConnectError::Unreachable { address: address(), source };
        let stream = dial::dial(self.address.host(), self.address.port());
        let stream = stream.await.map_err(unreachable)?;
        // What is sent is short and waited for.
        stream.set_nodelay(true).map_err(unreachable)?;
        let Some(trust) = &self.trust else { return Ok(MaybeTlsStream::Plain(stream)) };
        let insecure = |source| ConnectError::Insecure { address: address(), source };
        let name = self.address.host().to_owned().try_into();
        let name = name.map_err(|error| insecure(io::Error::other(error)))?;
        let connector = TlsConnector::from(Arc::clone(trust));
        let refused = |source| match tls::is_foreign(&source) {
            true => {
                ConnectError::NotTls { address: address(), authority: self.address.authority() }
            }
            false => insecure(source),
        };
        let stream = connector.connect(name, stream).await.map_err(refused)?;
        Ok(MaybeTlsStream::Rustls(stream))
    }
}
