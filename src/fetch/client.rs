//! The HTTP client: one GET at a time, with redirects, within the guard.

use std::io::Read as _;
use std::time::Duration;

use ureq::config::{Config, ConfigBuilder};
use ureq::http::{Response as HttpResponse, header};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::typestate::AgentScope;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, BodyReader};

use super::guard::Guard;
use super::pace::Pace;
use crate::site::IpRange;
use crate::text::{Address, host};

/// Most redirects of one request.
const MOST_REDIRECTS: usize = 3;
/// The longest time for one request, from the connection to the last byte. The look-up of the name has the system's
/// timeouts, and a redirect is another request.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests to hosts that articles name.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    pace: Pace,
}

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    #[error("more than {MOST_REDIRECTS} redirects")]
    TooManyRedirects,
    #[error("a redirect to a URL that is neither http nor https")]
    Redirect,
    /// An error of the network, the protocol or TLS, or what the guard says.
    #[error("{0}")]
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl From<ureq::Error> for RequestError {
    fn from(error: ureq::Error) -> Self {
        match error {
            ureq::Error::Other(forbidden) => Self::Failed(forbidden),
            error => Self::Failed(error.into()),
        }
    }
}

/// A response whose body was not read yet.
pub(super) struct FetchResponse {
    pub(super) status: u16,
    headers: header::HeaderMap,
    body: BodyReader<'static>,
}

impl Client {
    /// A client that introduces itself as `user_agent`. It trusts the certificates of Mozilla's list, or, like other
    /// programs, those in `authorities`, the PEM text of the file that `SSL_CERT_FILE` names. Proxies in the environment
    /// are ignored, because a proxy would resolve names without the guard.
    pub(crate) fn new(user_agent: &str, private: &[IpRange], authorities: Option<&str>) -> Self {
        let config = config(user_agent, authorities).max_idle_connections(0).timeout_global(Some(TIMEOUT)).build();
        let guard = Guard::new(private, DefaultResolver::default());
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), guard), pace: Pace::default() }
    }

    /// Sends a GET request, and follows redirects. Waits before each request until its host may be asked again.
    pub(super) fn get(&self, url: &Address, headers: &[(&str, &str)]) -> Result<FetchResponse, RequestError> {
        let mut url = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            self.pace.wait(host(url.as_str()));
            let mut request = self.agent.get(url.as_str()).header(header::ACCEPT_ENCODING, "identity");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let response = request.call()?;
            match redirect(&response) {
                None => {
                    let (parts, body) = response.into_parts();
                    return Ok(FetchResponse {
                        status: parts.status.as_u16(),
                        headers: parts.headers,
                        body: body.into_reader(),
                    });
                }
                Some(target) => {
                    let target = Address::join(&url, target).filter(|target| target.as_str().starts_with("http"));
                    url = target.ok_or(RequestError::Redirect)?;
                }
            }
        }
        Err(RequestError::TooManyRedirects)
    }
}

/// The configuration of all clients. Redirects and errors are answers like others.
pub(super) fn config(user_agent: &str, authorities: Option<&str>) -> ConfigBuilder<AgentScope> {
    let roots = authorities.map_or(RootCerts::WebPki, |pem| {
        let certificates = parse_pem(pem.as_bytes()).filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        });
        RootCerts::new_with_certs(&certificates.collect::<Vec<Certificate<'static>>>())
    });
    Agent::config_builder()
        .user_agent(user_agent)
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .max_response_header_size(32 << 10)
        .input_buffer_size(16 << 10)
}

/// An agent for a host that the operator named, which may have any address.
pub(super) fn unguarded(config: Config) -> Agent {
    let everywhere: Vec<IpRange> = ["0.0.0.0/0", "::/0"].into_iter().filter_map(IpRange::parse).collect();
    Agent::with_parts(config, DefaultConnector::default(), Guard::new(&everywhere, DefaultResolver::default()))
}

fn redirect(response: &HttpResponse<Body>) -> Option<&str> {
    matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308)
        .then(|| response.headers().get(header::LOCATION)?.to_str().ok())
        .flatten()
}

impl FetchResponse {
    /// Returns a header, if it is text.
    pub(super) fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Reads on until `bytes` has this length, or to the end of the body.
    pub(super) fn read_to(&mut self, bytes: &mut Vec<u8>, length: usize) -> std::io::Result<()> {
        let more = length.saturating_sub(bytes.len()) as u64;
        (&mut self.body).take(more).read_to_end(bytes).map(drop)
    }

    /// Counts the rest of the body, up to `most` bytes; `None` if it is longer.
    pub(super) fn count(&mut self, most: u64) -> std::io::Result<Option<u64>> {
        let count = std::io::copy(&mut (&mut self.body).take(most + 1), &mut std::io::sink())?;
        Ok((count <= most).then_some(count))
    }
}
