//! Refuses requests that a web site makes an operator's browser send to the
//! admin listener.
//!
//! The listener has no password, and a browser on the operator's machine
//! reaches it. Three things give such a request away: `Sec-Fetch-Site` (Fetch
//! Metadata), `Origin` (RFC 6454, 7), and, because a name of the attacker may
//! resolve to 127.0.0.1 (DNS rebinding), `Host`. Programs such as curl and
//! Prometheus send neither of the first two.

use std::net::{IpAddr, SocketAddr};

use actix_web::dev::RequestHead;
use actix_web::http::header::{HOST, HeaderName, HeaderValue, ORIGIN};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Which names a request may give the listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AdminHosts {
    /// Those of this machine: the listener is bound to loopback.
    Loopback,
    /// Every name: the network decides who reaches the listener.
    Any,
}

impl AdminHosts {
    pub(super) fn of(bound: SocketAddr) -> Self {
        if bound.ip().to_canonical().is_loopback() { Self::Loopback } else { Self::Any }
    }
}

const CROSS_SITE: &str =
    "refused: a page of another site sent this request; open the admin address itself, or use `curl`\n";
const OTHER_ORIGIN: &str = "refused: the Origin of this request is not its Host; open the admin address itself, or use `curl`; \
     a proxy in front must keep the Host header\n";
const FOREIGN_HOST: &str = "refused: the admin listener is bound to loopback, and the Host of this request is neither localhost nor \
     a loopback address; use http://localhost, let a proxy in front send `Host: localhost`, or bind another address \
     with --admin-bind\n";

/// Why a request is answered with 403; `None` for one that is allowed.
pub(super) fn refusal(head: &RequestHead, hosts: AdminHosts) -> Option<&'static str> {
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().trim().to_ascii_lowercase();
    let mut sites = head.headers.get_all(SEC_FETCH_SITE).map(text);
    // `same-site` is another origin too: another port of this host, or another host of this domain.
    if sites.any(|site| !matches!(site.as_str(), "same-origin" | "none")) {
        return Some(CROSS_SITE);
    }
    let named = head.headers.get_all(HOST).map(text);
    // The authority of an absolute URL counts like a Host (RFC 9112, 3.2.2).
    let authority = head.uri.authority().map(|authority| authority.as_str().to_ascii_lowercase());
    let all: Vec<String> = named.chain(authority).collect();
    let is_own = |origin: String| {
        let (scheme, host) = origin.split_once("://")?;
        let port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => return None,
        };
        let without = |host: &str| host.strip_suffix(port).unwrap_or(host).to_owned();
        (!all.is_empty() && all.iter().all(|named| without(named) == without(host))).then_some(())
    };
    if head.headers.get_all(ORIGIN).map(text).any(|origin| is_own(origin).is_none()) {
        return Some(OTHER_ORIGIN);
    }
    // Browsers always send a Host; a request without one is not from a browser.
    let is_probe = matches!(head.uri.path(), "/healthz" | "/readyz");
    (hosts == AdminHosts::Loopback && !is_probe && !all.iter().all(|host| is_loopback(host))).then_some(FOREIGN_HOST)
}

/// Whether a Host, in lower case, names this machine and cannot resolve to
/// another one. It may have a port.
fn is_loopback(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => (host, ""),
    };
    let address = match name.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').and_then(|address| address.parse().ok()).map(IpAddr::V6),
        None => name.parse().ok().map(IpAddr::V4),
    };
    port.bytes().all(|byte| byte.is_ascii_digit())
        && (matches!(name, "localhost" | "localhost.") || address.is_some_and(|address| address.is_loopback()))
}

#[cfg(test)]
mod tests {
    use actix_web::http::Uri;

    use super::*;

    fn request(target: &str, headers: &[(&'static str, &str)]) -> RequestHead {
        let mut head = RequestHead::default();
        head.uri = target.parse::<Uri>().unwrap();
        for (name, value) in headers {
            head.headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        head
    }

    fn refused(hosts: AdminHosts, target: &str, headers: &[(&'static str, &str)]) -> Option<&'static str> {
        refusal(&request(target, headers), hosts)
    }

    #[test]
    fn a_request_that_another_site_caused_is_refused() {
        for site in ["cross-site", "same-site", "Cross-Site", "", "nonsense", "\u{fffd}"] {
            for target in ["/reload", "/", "/metrics", "/healthz", "/nowhere"] {
                let headers = [("host", "localhost:9464"), ("sec-fetch-site", site)];
                assert_eq!(refused(AdminHosts::Any, target, &headers), Some(CROSS_SITE), "{site} {target}");
            }
        }
        for site in ["none", "same-origin"] {
            let headers = [("host", "localhost:9464"), ("sec-fetch-site", site)];
            assert_eq!(refused(AdminHosts::Loopback, "/reload", &headers), None, "{site}");
        }
        let repeated = [("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")];
        assert_eq!(refused(AdminHosts::Any, "/", &repeated), Some(CROSS_SITE));
    }

    #[test]
    fn an_origin_other_than_the_host_is_refused() {
        let table = [
            ("localhost:9464", "http://localhost:9464", true),
            ("LOCALHOST:9464", "http://localhost:9464", true),
            ("[::1]:9464", "http://[::1]:9464", true),
            ("localhost", "http://localhost:80", true),
            ("localhost:80", "http://localhost", true),
            ("admin.example.org", "https://admin.example.org", true),
            ("localhost:9464", "null", false),
            ("localhost:9464", "", false),
            ("localhost:9464", "localhost:9464", false),
            ("localhost:9464", "http://localhost:8080", false),
            ("localhost:9464", "http://localhost", false),
            ("localhost:9464", "http://127.0.0.1:9464", false),
            ("localhost:9464", "https://evil.example", false),
            ("localhost:9464", "http://localhost:9464.evil.example", false),
            ("localhost:9464", "http://localhost:9464@evil.example", false),
            ("localhost:9464", "http://localhost:9464 http://evil.example", false),
            ("localhost:9464", "moz-extension://localhost:9464", false),
            ("localhost", "https://localhost:80", false),
        ];
        for (host, origin, is_allowed) in table {
            let wanted = if is_allowed { None } else { Some(OTHER_ORIGIN) };
            assert_eq!(
                refused(AdminHosts::Any, "/reload", &[("host", host), ("origin", origin)]),
                wanted,
                "{host} {origin}"
            );
        }
        let two = [("host", "a"), ("origin", "http://a"), ("origin", "http://b")];
        assert_eq!(refused(AdminHosts::Any, "/", &two), Some(OTHER_ORIGIN));
        assert_eq!(refused(AdminHosts::Any, "/", &[("origin", "http://a")]), Some(OTHER_ORIGIN), "without a Host");
        let absolute = [("host", "a"), ("origin", "http://a")];
        assert_eq!(refused(AdminHosts::Any, "http://b/", &absolute), Some(OTHER_ORIGIN));
    }

    #[test]
    fn a_listener_on_loopback_answers_to_the_names_of_its_machine_only() {
        for host in [
            "localhost",
            "localhost:9464",
            "LocalHost:1",
            "localhost.",
            "localhost.:9464",
            "127.0.0.1",
            "127.0.0.1:9464",
            "127.255.0.9:80",
            "[::1]",
            "[::1]:9464",
        ] {
            assert_eq!(refused(AdminHosts::Loopback, "/", &[("host", host)]), None, "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:9464",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil.localhost",
            "localhost@evil.example",
            "evil.example@localhost",
            "user@localhost:9464",
            "localhost:9464@evil.example",
            "0.0.0.0:9464",
            "10.0.0.1",
            "[::]",
            "[::1].evil.example",
            "::1",
            "127.1",
            "2130706433",
            "localhost..",
            "localhost:x",
            "localhost, evil.example",
            "",
        ] {
            assert_eq!(refused(AdminHosts::Loopback, "/status", &[("host", host)]), Some(FOREIGN_HOST), "{host}");
            assert_eq!(refused(AdminHosts::Any, "/status", &[("host", host)]), None, "{host}");
            for probe in ["/healthz", "/readyz", "/readyz?verbose"] {
                assert_eq!(refused(AdminHosts::Loopback, probe, &[("host", host)]), None, "{host} {probe}");
            }
        }
        let two = [("host", "localhost"), ("host", "evil.example")];
        assert_eq!(refused(AdminHosts::Loopback, "/", &two), Some(FOREIGN_HOST));
        assert_eq!(refused(AdminHosts::Loopback, "http://evil.example/", &[("host", "localhost")]), Some(FOREIGN_HOST));
        assert_eq!(refused(AdminHosts::Loopback, "http://localhost/", &[("host", "evil.example")]), Some(FOREIGN_HOST));
        assert_eq!(refused(AdminHosts::Loopback, "http://localhost/", &[("host", "localhost:1")]), None);
        assert_eq!(refused(AdminHosts::Loopback, "/", &[]), None, "HTTP/1.0 without a Host");
    }

    #[test]
    fn loopback_is_what_the_listener_is_bound_to() {
        for (bound, wanted) in [
            ("127.0.0.1:9464", AdminHosts::Loopback),
            ("127.8.8.8:9464", AdminHosts::Loopback),
            ("[::1]:9464", AdminHosts::Loopback),
            ("[::ffff:127.0.0.1]:9464", AdminHosts::Loopback),
            ("0.0.0.0:9464", AdminHosts::Any),
            ("[::]:9464", AdminHosts::Any),
            ("10.0.0.1:9464", AdminHosts::Any),
        ] {
            assert_eq!(AdminHosts::of(bound.parse().unwrap()), wanted, "{bound}");
        }
    }
}
