//! Where a server is.

use std::{fmt, net::Ipv6Addr, str::FromStr};

use tokio_tungstenite::tungstenite::http::Uri;

/// The port of an address that names neither a port nor a scheme: the server's default.
const DEFAULT_PORT: u16 = 8080;

/// A server's address, `host:port`, with a scheme where TLS is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    is_tls: bool,
    /// Without the brackets of an IPv6 address.
    host: String,
    port: u16,
}

/// A text that is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no address ({problem}); allowed are host:8080, [::1]:8080, and with a scheme \
     ws://host, http://host, wss://host, https://host"
)]
pub struct InvalidAddress {
    text: String,
    problem: &'static str,
}

impl Address {
    /// Whether the connection is made under TLS.
    pub fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// The name or the number of the machine.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// As `Host` headers and URLs write it, port included.
    pub fn authority(&self) -> String {
        if self.host.parse::<Ipv6Addr>().is_ok() {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl Default for Address {
    /// Where the server listens if it is not told otherwise.
    fn default() -> Self {
        Self { is_tls: false, host: "127.0.0.1".to_owned(), port: DEFAULT_PORT }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_tls { "wss://" } else { "" })?;
        f.write_str(&self.authority())
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let invalid = |problem| InvalidAddress { text: text.chars().take(64).collect(), problem };
        let (is_tls, standard_port, rest) = match text.split_once("://") {
            None => (false, DEFAULT_PORT, text),
            Some(("ws" | "http", rest)) => (false, 80, rest),
            Some(("wss" | "https", rest)) => (true, 443, rest),
            Some(_) => return Err(invalid("its scheme is not known")),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.contains('@') {
            return Err(invalid("a token belongs into a file, not into the address"));
        }
        if authority.contains(['/', '?', '#']) {
            return Err(invalid("a path is not allowed"));
        }
        // Without a scheme it would take `host:8080` for a scheme of its own.
        let uri: Uri = format!("http://{authority}/").parse().map_err(|_| invalid("no host"))?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| invalid("no host"))?;
        let has_port = uri.authority().is_some_and(|it| it.as_str().len() > host.len());
        let port = match uri.port_u16() {
            Some(0) | None if has_port => return Err(invalid("a port is 1 to 65535")),
            port => port.unwrap_or(standard_port),
        };
        let host = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host);
        Ok(Self { is_tls, host: host.to_owned(), port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_what_is_usual_for_the_rest() {
        for (text, shown) in [
            ("wall.example:9000", "wall.example:9000"),
            ("wall.example", "wall.example:8080"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("[::1]:8080", "[::1]:8080"),
            ("[::1]", "[::1]:8080"),
            ("ws://host", "host:80"),
            ("http://host:8080/", "host:8080"),
            ("wss://host", "wss://host:443"),
            ("https://[fe80::1]:8443", "wss://[fe80::1]:8443"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), shown, "{text}");
        }
        assert_eq!("[::1]:1".parse::<Address>().unwrap().host(), "::1");
    }

    #[test]
    fn what_is_no_address_is_refused_with_what_is_allowed() {
        for (text, problem) in [
            ("", "no host"),
            (":8080", "no host"),
            ("host:", "a port"),
            ("host:0", "a port"),
            ("host:99999", "a port"),
            ("ftp://host", "scheme"),
            ("ws://token@host", "into a file"),
            ("http://host/ws", "a path"),
            ("ho st:80", "no host"),
        ] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.contains(problem) && error.contains("host:8080"), "{text}: {error}");
        }
    }
}
