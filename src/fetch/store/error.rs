//! What the answers of a store mean: which are temporary, and a sentence for each of the others.

use std::hash::{BuildHasher as _, RandomState};

use super::{StoreLocation, xml};
use crate::text::printable;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("there is no bucket `{bucket}` at {host}; create it, or correct --out or --s3-endpoint")]
    NoBucket { bucket: String, host: String },
    #[error("{host} does not know the access key; correct AWS_ACCESS_KEY_ID or --s3-endpoint")]
    UnknownKey { host: String },
    #[error("{host} refused the signature; correct AWS_SECRET_ACCESS_KEY or --s3-region")]
    WrongSecret { host: String },
    #[error("{host} refused the session token; renew the credentials and AWS_SESSION_TOKEN")]
    WrongToken { host: String },
    #[error("{host} refused the time of the request; set the clock of this machine")]
    WrongClock { host: String },
    #[error(
        "the credentials do not allow {method} of `{key}` (403 {code}); allow s3:GetObject, s3:PutObject and s3:DeleteObject below the prefix, and s3:ListBucket for the bucket"
    )]
    Denied { method: &'static str, key: String, code: String },
    #[error("the bucket is in the region `{0}`; add --s3-region {0}")]
    OtherRegion(String),
    #[error("cannot reach the store at {host}: {reason}; check --s3-endpoint and the network, then try again")]
    Network { host: String, reason: String },
    #[error("{host} answered {method} of `{key}` with {status} {code}; try again, and look into the log of the store")]
    Answer { host: String, method: &'static str, key: String, status: u16, code: String },
    #[error("`{0}` is not the key of an object; remove what has such a name")]
    WrongKey(String),
    #[error("the store sent a listing that cannot be read; is --s3-endpoint the URL of its S3 interface?")]
    Listing,
}

impl StoreError {
    /// The error for a final answer.
    pub(super) fn of(
        location: &StoreLocation,
        method: &'static str,
        key: &str,
        status: u16,
        region: Option<&str>,
        body: &[u8],
    ) -> Self {
        let code = code(body);
        let (host, key) = (location.host().to_owned(), printable(key).into_owned());
        let region = region.map(str::to_owned).or_else(|| xml::text(body, "Region"));
        match (status, &*code) {
            (404, "NoSuchBucket") => Self::NoBucket { bucket: location.bucket().to_owned(), host },
            (_, "InvalidAccessKeyId") => Self::UnknownKey { host },
            (_, "SignatureDoesNotMatch") => Self::WrongSecret { host },
            (_, "ExpiredToken" | "InvalidToken" | "TokenRefreshRequired") => Self::WrongToken { host },
            (_, "RequestTimeTooSkewed") => Self::WrongClock { host },
            (301 | 307 | 400, _) if region.is_some() => Self::OtherRegion(region.unwrap_or_default()),
            (401 | 403, _) => Self::Denied { method, key, code },
            _ => Self::Answer { host, method, key, status, code },
        }
    }

    /// The error if there is no answer. The text of some errors has the URL, which is signed.
    pub(super) fn network(host: &str, error: &ureq::Error) -> Self {
        let reason = match error {
            ureq::Error::BadUri(_) => "the URL is not valid".to_owned(),
            error => error.to_string(),
        };
        Self::Network { host: host.to_owned(), reason }
    }
}

/// The code of an error, such as `NoSuchKey`.
fn code(body: &[u8]) -> String {
    let code = xml::text(body, "Code").unwrap_or_default();
    code.chars().filter(char::is_ascii_alphanumeric).take(60).collect()
}

pub(super) fn is_bucket_missing(body: &[u8]) -> bool {
    code(body) == "NoSuchBucket"
}

/// Whether a store does not know conditional writes.
pub(super) fn is_unsupported(status: u16, body: &[u8]) -> bool {
    status == 501 || matches!(&*code(body), "NotImplemented" | "InvalidArgument" | "InvalidRequest")
}

/// Whether the same request may succeed a little later.
pub(super) fn is_temporary(status: u16, body: &[u8]) -> bool {
    match status {
        408 | 429 | 500 | 502 | 503 | 504 => true,
        409 => matches!(&*code(body), "OperationAborted" | "ConditionalRequestConflict"),
        400 => matches!(&*code(body), "RequestTimeout" | "IncompleteBody"),
        _ => false,
    }
}

/// Whether there was no answer because of the network.
pub(super) fn is_network(error: &ureq::Error) -> bool {
    use ureq::Error::{ConnectionFailed, HostNotFound, Io, Protocol, Timeout};
    matches!(error, ConnectionFailed | HostNotFound | Io(_) | Protocol(_) | Timeout(_))
}

/// A random factor from 0.5 to 1, so that requests that failed together are not repeated together.
pub(super) fn jitter() -> f64 {
    let random = RandomState::new().hash_one(0) >> 32;
    0.5 + f64::from(u32::try_from(random).unwrap_or(0)) / f64::from(u32::MAX) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_answers_that_may_change_are_temporary() {
        let body = |code: &str| format!("<Error><Code>{code}</Code></Error>").into_bytes();
        for (status, code, wanted) in [
            (500, "InternalError", true),
            (503, "SlowDown", true),
            (409, "ConditionalRequestConflict", true),
            (400, "RequestTimeout", true),
            (501, "NotImplemented", false),
            (412, "PreconditionFailed", false),
            (403, "AccessDenied", false),
            (404, "NoSuchKey", false),
        ] {
            assert_eq!(is_temporary(status, &body(code)), wanted, "{status} {code}");
        }
    }

    #[test]
    fn an_error_of_the_network_never_has_the_url() {
        let signed = "http://store/feeds/a?X-Amz-Signature=abc".to_owned();
        let sentence = StoreError::network("store", &ureq::Error::BadUri(signed)).to_string();
        assert!(!sentence.contains("Signature"), "{sentence}");
    }
}
