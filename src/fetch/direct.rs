//! The client for hosts that the operator names, which may have any address: the public URL and the hubs.
//!
//! It sends exactly the headers that it is given, follows no redirects and decodes nothing.

use std::net::ToSocketAddrs as _;
use std::time::Duration;

use ureq::http::{HeaderMap, HeaderName, header};
use ureq::{Agent, RequestBuilder};

use super::{client, coding};
use crate::text::{Address, host};

/// A client without a guard.
#[derive(Debug)]
pub(crate) struct DirectClient {
    agent: Agent,
    /// Longer bodies are errors.
    most: u64,
}

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DirectMethod<'a> {
    Get,
    Head,
    /// POST with the fields of a form.
    Form(&'a [(&'a str, &'a str)]),
}

/// A response, as it came.
#[derive(Debug, Clone)]
pub(crate) struct DirectResponse {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why there is no response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DirectError {
    /// The server has no certificate that a client would trust.
    #[error("{0}")]
    Certificate(String),
    /// Something in the network, or a response that is not HTTP.
    #[error("{0}")]
    Network(String),
    #[error("the response is longer than {0} bytes")]
    TooLong(u64),
}

impl DirectError {
    fn of(error: &ureq::Error, most: u64) -> Self {
        // The error of rustls is inside one of input or output, if the handshake fails.
        let text = error.to_string();
        let after = |words: &str| text.split_once(words).map(|(_, reason)| reason);
        if matches!(error, ureq::Error::BodyExceedsLimit(_)) {
            Self::TooLong(most)
        } else if let Some(reason) = after("invalid peer certificate: ") {
            Self::Certificate(format!("the certificate is not valid: {reason}"))
        } else if let Some(alert) = after("received fatal alert: ") {
            // For example without a certificate for this name.
            Self::Certificate(format!("the server ended the handshake of TLS: {alert}"))
        } else {
            Self::Network(text)
        }
    }
}

impl DirectResponse {
    /// Returns the lines of a header, joined; `None` if there is none.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes()));
        let lines: Vec<_> = lines.collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    }

    /// Returns the body without its content codings; `None` if it is damaged.
    pub(crate) fn decoded(&self) -> Option<Vec<u8>> {
        coding::decoded(&self.body, &self.header("content-encoding").unwrap_or_default())
    }
}

impl DirectClient {
    /// A client that waits for a whole response for `timeout`, and trusts the certificates in `authorities`, or else those
    /// of Mozilla's list.
    pub(crate) fn new(user_agent: &str, authorities: Option<&str>, timeout: Duration, most: u64) -> Self {
        let config = client::config(user_agent, authorities).timeout_global(Some(timeout)).build();
        Self { agent: client::unguarded(config), most }
    }

    /// Sends a request.
    pub(crate) fn send(
        &self,
        method: DirectMethod<'_>,
        url: &str,
        headers: &[(&str, &str)],
    ) -> Result<DirectResponse, DirectError> {
        let result = match method {
            DirectMethod::Get => with(self.agent.get(url), headers).call(),
            DirectMethod::Head => with(self.agent.head(url), headers).call(),
            DirectMethod::Form(fields) => {
                with(self.agent.post(url), headers).send_form(fields.iter().map(|(name, value)| (*name, *value)))
            }
        };
        let received = result.and_then(|mut response| {
            let body = response.body_mut().with_config().limit(self.most).read_to_vec()?;
            let (parts, _) = response.into_parts();
            Ok(DirectResponse { status: parts.status.as_u16(), headers: parts.headers, body })
        });
        received.map_err(|error| DirectError::of(&error, self.most))
    }
}

fn with<B>(mut request: RequestBuilder<B>, headers: &[(&str, &str)]) -> RequestBuilder<B> {
    // Without these, ureq would send its own values.
    let has = |name: &HeaderName| headers.iter().any(|(header, _)| header.eq_ignore_ascii_case(name.as_str()));
    if !has(&header::ACCEPT_ENCODING) {
        request = request.header(header::ACCEPT_ENCODING, "identity");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
}

/// Whether the host of a URL is a name that has addresses, but none of IPv6.
pub(crate) fn lacks_ipv6(url: &Address) -> bool {
    let host = host(url.as_str());
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if host.starts_with('[') || name.parse::<std::net::IpAddr>().is_ok() {
        return false;
    }
    let found = (name, 443).to_socket_addrs().map(Vec::from_iter).unwrap_or_default();
    // `localhost` is not public.
    found.iter().any(|address| !address.ip().is_loopback()) && !found.iter().any(std::net::SocketAddr::is_ipv6)
}
