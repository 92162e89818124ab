//! Requests of web pages, kept from programs that ask for no token.

use std::net::IpAddr;

use axum::http::{HeaderMap, header, uri::Authority};

/// Whether a request to a program that allows everything comes from a program of this machine, and
/// not from a web page that somebody looks at here: such a page could send requests to loopback
/// too, with its own site in `Origin`, or with its name in `Host` if that leads here.
pub(super) fn is_from_here(headers: &HeaderMap) -> bool {
    let host = match headers.get(header::HOST).map(|host| Authority::try_from(host.as_bytes())) {
        None => None,
        Some(Ok(host)) if is_loopback(host.host()) => Some(host),
        Some(_) => return false,
    };
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let site = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    site.zip(host).is_some_and(|((_, site), host)| site.eq_ignore_ascii_case(host.as_str()))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_web_page_of_another_site_is_not_from_here() {
        let from_here = |host: &str, origin: Option<&str>| {
            let origin = origin.map(|origin| (header::ORIGIN, origin));
            let named = [Some((header::HOST, host)), origin].into_iter().flatten();
            let headers = named.map(|(name, text)| (name, HeaderValue::from_str(text).unwrap()));
            is_from_here(&headers.collect())
        };
        for host in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "127.0.0.1"] {
            assert!(from_here(host, None), "{host}");
            assert!(from_here(host, Some(&format!("http://{host}"))), "{host}");
            assert!(!from_here(host, Some("https://news.example")), "{host}");
            assert!(!from_here(host, Some("null")), "{host}");
        }
        for host in ["news.example", "news.example:8080", "192.168.0.7:8080", "localhost.example"] {
            assert!(!from_here(host, None), "{host}");
        }
        assert!(is_from_here(&HeaderMap::new()));
    }
}
