//! Counts who polls the feeds, for the admin listener.
//!
//! The address of a client is that of its connection or, behind trusted proxies, the one that they report. It is used
//! for the combined access log, and for a hash by which readers are counted; nothing else sees it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use actix_web::dev::RequestHead;
use chrono::Utc;

use super::DocumentKind;
use super::condition::Reason;
use crate::audience::{Audience, AudienceBounds, AudienceReport, ClientId, Conditional, Poll, PollAnswer};
use crate::lock::lock;
use crate::site::IpRange;
use actix_web::http::{Method, StatusCode};

/// Who polled the feeds since the start.
#[derive(Debug)]
pub(crate) struct Readers(Mutex<Audience>);

/// Whether readers are counted, which only the admin listener shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReaderCount {
    On,
    Off,
}

/// A request for a feed, answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnsweredPoll<'a> {
    pub path: &'a str,
    pub client: Option<IpAddr>,
    pub agent: Option<&'a str>,
    pub answer: PollAnswer,
}

impl<'a> AnsweredPoll<'a> {
    /// Returns `None` for requests that are no polls of a feed.
    pub(super) fn of(
        head: &'a RequestHead,
        (kind, status, reason): (DocumentKind, StatusCode, Option<Reason>),
        bytes: u64,
        client: impl FnOnce() -> Option<IpAddr>,
        agent: Option<&'a str>,
    ) -> Option<Self> {
        if kind != DocumentKind::Feed || head.method != Method::GET {
            return None;
        }
        let answer = match (status, reason) {
            (StatusCode::NOT_MODIFIED, _) => PollAnswer::NotModified,
            (StatusCode::OK, Some(Reason::NoValidator)) => PollAnswer::Full(Conditional::No, bytes),
            (StatusCode::OK, _) => PollAnswer::Full(Conditional::Yes, bytes),
            _ => return None,
        };
        Some(Self { path: head.uri.path(), client: client(), agent, answer })
    }
}

impl Readers {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Audience::new(AudienceBounds::Bounded)))
    }

    /// Counts a poll. It takes no longer than some hundred instructions, because every response waits for it.
    pub(super) fn polled(&self, poll: AnsweredPoll<'_>) {
        let AnsweredPoll { path, client, agent, answer } = poll;
        let at = Utc::now().timestamp();
        lock(&self.0).observe(&Poll { at, path, client: client.map(ClientId::Address), agent, answer });
    }

    /// A hash of the network of a client, which changes every day; for the access log.
    pub(super) fn hash(&self, client: IpAddr) -> u32 {
        lock(&self.0).hash_of_day(ClientId::Address(client))
    }

    /// What is known now.
    pub(crate) fn report(&self) -> AudienceReport {
        lock(&self.0).report(Utc::now().timestamp())
    }
}

/// Proxies whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TrustedProxies(Vec<IpRange>);

impl TrustedProxies {
    pub(crate) fn new(ranges: Vec<IpRange>) -> Self {
        Self(ranges)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(address.to_canonical()))
    }

    /// The address of the client. Each proxy appends the address of its own client, so the last one that is not a
    /// trusted proxy is the client, and everything before it may be invented.
    pub(super) fn client(&self, head: &RequestHead) -> Option<IpAddr> {
        // Behind a Unix socket is a proxy of this machine.
        let mut client = head.peer_addr.map(|peer| peer.ip().to_canonical());
        if client.is_some_and(|client| !self.trusts(client)) {
            return client;
        }
        let lines: Vec<_> = head.headers.get_all("x-forwarded-for").filter_map(|line| line.to_str().ok()).collect();
        for written in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            let Some(address) = address(written.trim()) else { break };
            client = Some(address);
            if !self.trusts(address) {
                break;
            }
        }
        client
    }
}

/// Parses an address; some proxies add the port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || Some(text.parse::<SocketAddr>().ok()?.ip());
    text.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client(peer: &str, forwarded: &[&'static str]) -> String {
        let ranges = ["10.0.0.0/8", "fd00::/8"].map(|range| IpRange::parse(range).unwrap());
        let proxies = TrustedProxies::new(ranges.to_vec());
        let mut request = actix_http::Request::new();
        let head = request.head_mut();
        head.peer_addr = Some(SocketAddr::new(peer.parse().unwrap(), 1));
        for line in forwarded {
            head.headers.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static(line));
        }
        proxies.client(head).unwrap().to_string()
    }

    #[test]
    fn the_last_address_that_is_no_trusted_proxy_is_the_client() {
        for (peer, forwarded, wanted) in [
            ("192.0.2.1", &["203.0.113.5"][..], "192.0.2.1"),
            ("10.0.0.1", &["203.0.113.5"], "203.0.113.5"),
            ("::ffff:10.0.0.1", &["203.0.113.5"], "203.0.113.5"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["1.1.1.1, 203.0.113.5, 10.9.9.9"], "203.0.113.5"),
            ("10.0.0.1", &["1.1.1.1", "203.0.113.5", "fd00::1"], "203.0.113.5"),
            ("10.0.0.1", &["203.0.113.5:4711"], "203.0.113.5"),
            ("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("10.0.0.1", &["203.0.113.5, unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["<script>"], "10.0.0.1"),
        ] {
            assert_eq!(client(peer, forwarded), wanted, "{peer} {forwarded:?}");
        }
    }
}
