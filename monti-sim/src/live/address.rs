//! Where the server is.

use std::{fmt, str::FromStr};

/// The path of the agent link.
const PATH: &str = "/ws/agent";

/// A server's address: `HOST:PORT`, with `ws://` or `wss://` before it or, which is the same,
/// `http://` or `https://`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress {
    is_secure: bool,
    authority: String,
}

/// A text that is no server's address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("allowed is HOST:PORT, such as 127.0.0.1:8080, or the same after ws:// or wss://")]
pub struct InvalidAddress;

impl ServerAddress {
    /// Where the agent link is.
    pub fn agent_link(&self) -> String {
        format!("{self}{PATH}")
    }
}

impl FromStr for ServerAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let (scheme, authority) = text.split_once("://").unwrap_or(("ws", text));
        let is_secure = match scheme {
            "ws" | "http" => false,
            "wss" | "https" => true,
            _ => return Err(InvalidAddress),
        };
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        let (host, port) = authority.rsplit_once(':').ok_or(InvalidAddress)?;
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_[]:".contains(&byte);
        let is_valid = !host.is_empty()
            && host.bytes().all(is_host)
            // An address with colons of its own is written in brackets.
            && (!host.contains(':') || host.starts_with('[') && host.ends_with(']'))
            && port.parse::<u16>().is_ok_and(|port| port > 0);
        is_valid.then(|| Self { is_secure, authority: authority.to_owned() }).ok_or(InvalidAddress)
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_secure { "wss" } else { "ws" };
        write!(f, "{scheme}://{}", self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        for (text, link) in [
            ("127.0.0.1:8080", "ws://127.0.0.1:8080/ws/agent"),
            ("[::1]:8080", "ws://[::1]:8080/ws/agent"),
            ("wss://monti.example:443/", "wss://monti.example:443/ws/agent"),
            ("http://localhost:1", "ws://localhost:1/ws/agent"),
            ("https://a-b.example:8443", "wss://a-b.example:8443/ws/agent"),
        ] {
            let address = text.parse::<ServerAddress>().unwrap();
            assert_eq!(address.agent_link(), link);
        }
        for text in [
            "",
            "localhost",
            "8080",
            ":8080",
            "host:",
            "host:0",
            "host:70000",
            "::1:8080",
            "ftp://host:1",
            "ws://host:1/path",
            "user@host:1",
            "ho st:1",
        ] {
            assert_eq!(text.parse::<ServerAddress>(), Err(InvalidAddress), "{text}");
        }
    }
}
