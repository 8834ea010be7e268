//! What `doctor` finds, collected for all readers.

use crate::diagnostic::Severity;
use crate::fetch::DirectError;
use crate::text::printable;

/// The kind of a finding, stable for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FindingCode {
    Challenge,
    Blocked,
    Certificate,
    Redirects,
    SelfLink,
    Rewritten,
    Stale,
    Vary,
    MediaType,
    EtagLost,
    EtagChanged,
    LastModifiedLost,
    No304,
    Head,
    PlainHttp,
    NoIpv6,
}

use FindingCode::{
    Blocked, Certificate, Challenge, EtagChanged, EtagLost, Head, LastModifiedLost, MediaType, No304, NoIpv6,
    PlainHttp, Redirects, Rewritten, SelfLink, Stale, Vary,
};

impl FindingCode {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Challenge => "challenge",
            Blocked => "blocked",
            Certificate => "certificate",
            Redirects => "redirects",
            SelfLink => "self-link",
            Rewritten => "rewritten",
            Stale => "stale",
            Vary => "vary",
            MediaType => "media-type",
            EtagLost => "etag-lost",
            EtagChanged => "etag-changed",
            LastModifiedLost => "last-modified-lost",
            No304 => "no-304",
            Head => "head",
            PlainHttp => "plain-http",
            NoIpv6 => "no-ipv6",
        }
    }

    /// Errors cost subscribers or articles, warnings cost traffic. Notes do not count for the exit code.
    pub(super) fn severity(self) -> Severity {
        match self {
            Challenge | Blocked | Certificate | Redirects | SelfLink | Rewritten | Stale | Vary | MediaType => {
                Severity::Error
            }
            EtagLost | EtagChanged | LastModifiedLost | No304 | Head => Severity::Warning,
            PlainHttp | NoIpv6 => Severity::Note,
        }
    }

    /// What to do about it.
    pub(super) fn help(self) -> &'static str {
        match self {
            Challenge | Blocked => {
                "let everything that readers fetch pass without a challenge; `feedmill edge` prints rules"
            }
            Certificate => "renew the certificate, and send its whole chain",
            Redirects => "answer at the public URL itself, and pass the redirects of feedmill on unchanged",
            SelfLink => "set --base-url (or base_url in site.yaml) of the server to the public URL",
            Rewritten => "turn off minification and every other rewriting of these URLs",
            Stale => "let the cache follow Cache-Control, or purge it after each change (`feedmill build --changed`)",
            Vary => "pass Vary: Accept-Encoding on, and let the cache keep a copy for each content coding",
            MediaType => "pass Content-Type on unchanged",
            EtagLost | EtagChanged | LastModifiedLost => "pass ETag and Last-Modified on unchanged",
            No304 => "pass If-None-Match and If-Modified-Since on, or let the proxy answer them",
            Head => "answer HEAD as GET, without the body",
            PlainHttp => "many readers and browsers expect https",
            NoIpv6 => "readers in networks without IPv4 need a gateway",
        }
    }
}

/// One finding at one URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DoctorFinding {
    pub(super) code: FindingCode,
    pub(super) url: String,
    /// The readers that see it, by name; none if it does not depend on the reader.
    pub(super) clients: Vec<&'static str>,
    pub(super) message: String,
    /// The first byte that differs.
    pub(super) byte: Option<usize>,
}

/// All findings, in the order in which they were made.
#[derive(Debug, Default)]
pub(super) struct DoctorFindings(pub(super) Vec<DoctorFinding>);

impl DoctorFindings {
    /// Adds a finding. Another reader that sees the same is added to it.
    pub(super) fn add(&mut self, url: &str, client: Option<&'static str>, fault: Fault) {
        let known = self.0.iter_mut().find(|known| known.code == fault.code && known.url == url);
        match known {
            Some(known) => known.clients.extend(client.filter(|client| !known.clients.contains(client))),
            None => self.0.push(DoctorFinding {
                code: fault.code,
                url: url.to_owned(),
                clients: client.into_iter().collect(),
                message: fault.message,
                byte: fault.byte,
            }),
        }
    }

    pub(super) fn has(&self, code: FindingCode) -> bool {
        self.0.iter().any(|finding| finding.code == code)
    }

    /// Whether there is something to mend.
    pub(super) fn is_faulty(&self) -> bool {
        self.0.iter().any(|finding| finding.code.severity() > Severity::Note)
    }
}

/// What is wrong with one response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: FindingCode,
    pub(super) message: String,
    pub(super) byte: Option<usize>,
}

impl Fault {
    pub(super) fn new(code: FindingCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), byte: None }
    }

    /// An error status in place of a document.
    pub(super) fn status(status: u16) -> Self {
        Self::new(Blocked, format!("status {status}"))
    }

    pub(super) fn no_answer(error: &DirectError) -> Self {
        Self::new(Blocked, format!("no answer: {}", printable(&error.to_string())))
    }
}
