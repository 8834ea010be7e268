//! Where a bucket is, and who asks: signs the URLs of requests.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use rusty_s3::actions::{DeleteObject, GetObject, HeadObject, PutObject};
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use url::Url;

use crate::text::host;

/// How long a signed URL is valid; clocks may differ by some minutes.
const VALID: Duration = Duration::from_mins(15);

/// Where the name of the bucket is in a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoreUrlStyle {
    Path,
    Host,
}

/// The keys that sign requests.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct StoreCredentials(Credentials);

impl StoreCredentials {
    pub(crate) fn new(key: String, secret: String, token: Option<String>) -> Self {
        Self(match token {
            Some(token) => Credentials::new_with_token(key, secret, token),
            None => Credentials::new(key, secret),
        })
    }
}

impl fmt::Debug for StoreCredentials {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("StoreCredentials")
    }
}

/// A prefix of a bucket, with the credentials for it. It is displayed as `s3://bucket/prefix`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoreLocation {
    bucket: Bucket,
    /// Empty, or with a slash at its end.
    prefix: String,
    credentials: StoreCredentials,
}

impl Display for StoreLocation {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "s3://{}/{}", self.bucket.name(), self.prefix)
    }
}

/// Whether a key names an object below the prefix. The URL of a key with `..` would name another one, even in another
/// bucket.
pub(crate) fn is_plain_key(key: &str) -> bool {
    key.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
}

/// The methods of requests.
#[derive(Debug, Clone, Copy)]
pub(super) enum StoreMethod {
    Get,
    Head,
    Put,
    Delete,
}

impl StoreLocation {
    /// Fails with a sentence for the user. The sentence does not repeat the endpoint, which may hold a password.
    pub(crate) fn new(
        endpoint: &str,
        style: StoreUrlStyle,
        bucket: &str,
        prefix: &str,
        region: &str,
        credentials: StoreCredentials,
    ) -> Result<Self, String> {
        let wrong =
            "the endpoint of the store is not an http or https URL; write --s3-endpoint as https://s3.example.org";
        let url = Url::parse(endpoint).map_err(|_| wrong.to_owned())?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the endpoint of the store has a user name or password; remove it, the credentials are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned());
        }
        let style = match style {
            StoreUrlStyle::Path => UrlStyle::Path,
            StoreUrlStyle::Host => UrlStyle::VirtualHost,
        };
        let bucket = Bucket::new(url, style, bucket.to_owned(), region.to_owned()).map_err(|error| match error {
            rusty_s3::BucketError::ParseError(_) => {
                format!("the name of the bucket `{bucket}` cannot be a part of a host name; add --s3-path-style")
            }
            _ => wrong.to_owned(),
        })?;
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        Ok(Self { bucket, prefix, credentials })
    }

    /// The name of the bucket.
    pub(crate) fn bucket(&self) -> &str {
        self.bucket.name()
    }

    /// The host of the store.
    pub(crate) fn host(&self) -> &str {
        host(self.bucket.base_url().as_str())
    }

    pub(super) fn full_key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// Returns a signed URL. Of the headers, those of Amazon are signed too, as it requires.
    pub(super) fn url(&self, verb: StoreMethod, key: &str, query: &[(&str, &str)], headers: &[(&str, String)]) -> Url {
        let signer = Some(&self.credentials.0);
        match verb {
            StoreMethod::Get => signed(GetObject::new(&self.bucket, signer, key), query, headers),
            StoreMethod::Head => signed(HeadObject::new(&self.bucket, signer, key), query, headers),
            StoreMethod::Put => signed(PutObject::new(&self.bucket, signer, key), query, headers),
            StoreMethod::Delete => signed(DeleteObject::new(&self.bucket, signer, key), query, headers),
        }
    }
}

fn signed<'a>(mut action: impl S3Action<'a>, query: &[(&str, &str)], headers: &[(&str, String)]) -> Url {
    for (name, value) in query {
        action.query_mut().insert((*name).to_owned(), (*value).to_owned());
    }
    for (name, value) in headers.iter().filter(|(name, _)| name.starts_with("x-amz-")) {
        action.headers_mut().insert((*name).to_owned(), value.clone());
    }
    action.sign(VALID)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(endpoint: &str) -> Result<StoreLocation, String> {
        let credentials = StoreCredentials::new("KEY".to_owned(), "SECRET".to_owned(), Some("TOKEN".to_owned()));
        StoreLocation::new(endpoint, StoreUrlStyle::Path, "feeds", "a/b", "us-east-1", credentials)
    }

    #[test]
    fn a_location_shows_neither_secret_nor_token() {
        let location = location("http://127.0.0.1:1/").unwrap();
        let shown = format!("{location:?} {location}");
        assert!(!shown.contains("SECRET") && !shown.contains("TOKEN") && !shown.contains("KEY"), "{shown}");
        assert_eq!(location.to_string(), "s3://feeds/a/b/");
        assert_eq!(location.full_key("x"), "a/b/x");
    }

    #[test]
    fn an_endpoint_with_a_password_is_refused_and_not_repeated() {
        let sentence = location("https://user:hunter2@store.example/").unwrap_err();
        assert!(!sentence.contains("hunter2") && sentence.contains("remove it"), "{sentence}");
        assert!(location("ftp://store.example/").is_err() && location("store").is_err());
    }

    #[test]
    fn headers_of_amazon_are_signed_and_others_are_not() {
        let headers = [("x-amz-website-redirect-location", "/b".to_owned()), ("content-type", "text/html".to_owned())];
        let url = location("http://127.0.0.1:1/").unwrap().url(StoreMethod::Put, "a", &[], &headers);
        let signed = url.query_pairs().find(|(name, _)| name == "X-Amz-SignedHeaders").unwrap().1.into_owned();
        assert_eq!(signed, "host;x-amz-website-redirect-location");
    }
}
