//! The client for object storage with the interface of S3: signed requests, sent again where that may help.
//!
//! The operator names the store, so its address may be private. Each URL is signed for one request and never leaves this
//! module: errors name the key, the status and the code of the store's answer, nothing else.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use ureq::http::{HeaderMap, Response, header};
use ureq::{Agent, Body, RequestBuilder, SendBody};

use super::client;
use crate::text::printable;

mod error;
mod location;
mod xml;

pub(crate) use error::StoreError;
use location::StoreMethod;
pub(crate) use location::{StoreCredentials, StoreLocation, StoreUrlStyle, is_plain_key};

/// How often a request is sent at most.
const ATTEMPTS: u32 = 8;
/// How often, as long as the store has not answered anything.
const FIRST_ATTEMPTS: u32 = 3;
/// The pause before a request is sent again, which doubles each time.
const PAUSE: Duration = Duration::from_millis(200);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// The time for one request without its body.
const TIMEOUT: Duration = Duration::from_mins(1);
/// The slowest upload: bytes in a second.
const SLOWEST: u64 = 64 << 10;
/// Most bytes of an object that is read.
const MOST_READ: u64 = 1 << 30;
/// Most bytes of an object that is stored by one request.
pub(crate) const MOST_STORED: u64 = 5 << 30;

/// A client for one bucket.
#[derive(Debug)]
pub(crate) struct Store {
    agent: Agent,
    location: StoreLocation,
    /// Whether the store has answered anything.
    is_reached: AtomicBool,
    repeated: AtomicU64,
}

/// Under which condition an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Precondition<'a> {
    None,
    /// There is no object with this key.
    Absent,
    /// The object has this `ETag`.
    Matches(&'a str),
}

/// The bytes of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Payload<'a> {
    Bytes(&'a [u8]),
    /// A whole file, of this length.
    File(&'a File, u64),
}

/// An object to store.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object<'a> {
    pub(crate) key: &'a str,
    pub(crate) content: Payload<'a>,
    /// Names and values of its headers, such as `content-type`.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    /// The digest of the bytes as the header Content-MD5 has it, so that the store refuses what arrives damaged.
    pub(crate) md5: &'a str,
    pub(crate) condition: Precondition<'a>,
}

/// The result of a put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stored {
    /// It is stored, with this `ETag`.
    As(String),
    /// The condition was false.
    Refused,
    /// The store has no such conditions.
    Unsupported,
}

#[derive(Debug, Clone, Copy)]
enum Method<'a> {
    Get,
    Head,
    Delete,
    Put(Payload<'a>),
}

struct StoreReply {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl StoreReply {
    fn etag(&self) -> Option<String> {
        Some(self.headers.get(header::ETAG)?.to_str().ok()?.trim_matches('"').to_owned())
    }
}

impl Store {
    /// A client that introduces itself as `user_agent`, and trusts the certificates in `authorities`, or else those of
    /// Mozilla's list.
    pub(crate) fn new(location: StoreLocation, user_agent: &str, authorities: Option<&str>) -> Self {
        let config =
            client::config(user_agent, authorities).max_idle_connections(32).max_idle_connections_per_host(32).build();
        Self {
            agent: client::unguarded(config),
            location,
            is_reached: AtomicBool::new(false),
            repeated: AtomicU64::new(0),
        }
    }

    pub(crate) fn location(&self) -> &StoreLocation {
        &self.location
    }

    /// Stores an object.
    pub(crate) fn put(&self, object: &Object<'_>) -> Result<Stored, StoreError> {
        let quoted = |tag: &str| format!("\"{tag}\"");
        let mut headers: Vec<(&str, String)> =
            object.headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        headers.push(("content-md5", object.md5.to_owned()));
        match object.condition {
            Precondition::None => {}
            Precondition::Absent => headers.push(("if-none-match", "*".to_owned())),
            Precondition::Matches(tag) => headers.push(("if-match", quoted(tag))),
        }
        let answer = self.send(Method::Put(object.content), object.key, &headers)?;
        let is_conditional = object.condition != Precondition::None;
        match answer.status {
            200 | 201 | 204 => Ok(Stored::As(answer.etag().unwrap_or_default())),
            // 404: there is nothing that could match. 409: another conditional write to it is under way.
            404 if matches!(object.condition, Precondition::Matches(_)) && !error::is_bucket_missing(&answer.body) => {
                Ok(Stored::Refused)
            }
            409 | 412 if is_conditional => Ok(Stored::Refused),
            400 | 501 if is_conditional && error::is_unsupported(answer.status, &answer.body) => {
                Ok(Stored::Unsupported)
            }
            _ => Err(self.error(&answer, "PUT", object.key)),
        }
    }

    /// Returns the bytes of an object and its `ETag`.
    pub(crate) fn get(&self, key: &str) -> Result<Option<(Vec<u8>, String)>, StoreError> {
        let answer = self.send(Method::Get, key, &[])?;
        match answer.status {
            200 => {
                let etag = answer.etag().unwrap_or_default();
                Ok(Some((answer.body, etag)))
            }
            404 if !error::is_bucket_missing(&answer.body) => Ok(None),
            _ => Err(self.error(&answer, "GET", key)),
        }
    }

    /// Returns the `ETag` of an object.
    pub(crate) fn etag(&self, key: &str) -> Result<Option<String>, StoreError> {
        let answer = self.send(Method::Head, key, &[])?;
        match answer.status {
            200 => Ok(Some(answer.etag().unwrap_or_default())),
            404 => Ok(None),
            _ => Err(self.error(&answer, "HEAD", key)),
        }
    }

    /// Deletes an object, which may be missing.
    pub(crate) fn delete(&self, key: &str) -> Result<(), StoreError> {
        let answer = self.send(Method::Delete, key, &[])?;
        match answer.status {
            200 | 204 | 404 => Ok(()),
            _ => Err(self.error(&answer, "DELETE", key)),
        }
    }

    /// Calls `found` with the key and the `ETag` of each object, in pages of a thousand.
    pub(crate) fn list(&self, mut found: impl FnMut(String, String)) -> Result<(), StoreError> {
        let prefix = self.location.full_key("");
        let mut token: Option<String> = None;
        loop {
            let mut query = vec![("list-type", "2"), ("prefix", prefix.as_str())];
            query.extend(token.as_deref().map(|token| ("continuation-token", token)));
            let answer = self.bucket(&query)?;
            if answer.status != 200 {
                return Err(self.error(&answer, "GET", ""));
            }
            let page = xml::listing(&answer.body).ok_or(StoreError::Listing)?;
            for (key, etag) in page.objects {
                if let Some(key) = key.strip_prefix(&prefix) {
                    found(key.to_owned(), etag);
                }
            }
            match page.next {
                Some(next) if token.as_ref() != Some(&next) => token = Some(next),
                Some(_) => return Err(StoreError::Listing),
                None => return Ok(()),
            }
        }
    }

    /// Whether the bucket is also served as a website, which answers redirects.
    pub(crate) fn is_website(&self) -> Result<bool, StoreError> {
        // Without the permission to ask, and where the question is unknown, there are no redirects.
        Ok(self.bucket(&[("website", "")])?.status == 200)
    }

    fn bucket(&self, query: &[(&str, &str)]) -> Result<StoreReply, StoreError> {
        self.attempt(&|| {
            // The empty key is the bucket itself.
            let url = self.location.url(StoreMethod::Get, "", query, &[]);
            received(bounded(self.agent.get(url.as_str()), TIMEOUT).call()?)
        })
    }

    fn send(&self, method: Method<'_>, key: &str, headers: &[(&str, String)]) -> Result<StoreReply, StoreError> {
        if !is_plain_key(key) {
            return Err(StoreError::WrongKey(printable(key).into_owned()));
        }
        let key = self.location.full_key(key);
        self.attempt(&|| match method {
            Method::Get => {
                let url = self.location.url(StoreMethod::Get, &key, &[], headers);
                received(bounded(self.agent.get(url.as_str()), TIMEOUT).call()?)
            }
            Method::Head => {
                let url = self.location.url(StoreMethod::Head, &key, &[], headers);
                received(bounded(self.agent.head(url.as_str()), TIMEOUT).call()?)
            }
            Method::Delete => {
                let url = self.location.url(StoreMethod::Delete, &key, &[], headers);
                received(bounded(self.agent.delete(url.as_str()), TIMEOUT).call()?)
            }
            Method::Put(content) => {
                let mut request = self.agent.put(self.location.url(StoreMethod::Put, &key, &[], headers).as_str());
                for (name, value) in headers {
                    request = request.header(*name, value);
                }
                match content {
                    Payload::Bytes(bytes) => received(bounded(request, time_for(bytes.len() as u64)).send(bytes)?),
                    Payload::File(mut file, length) => {
                        file.rewind()?;
                        // The announced length holds, even if the file is longer by now.
                        let mut part = file.take(length);
                        let request = bounded(request.header(header::CONTENT_LENGTH, length), time_for(length));
                        received(request.send(SendBody::from_reader(&mut part))?)
                    }
                }
            }
        })
    }

    /// Sends a request until the answer is final.
    fn attempt(&self, once: &dyn Fn() -> Result<StoreReply, ureq::Error>) -> Result<StoreReply, StoreError> {
        let (mut attempt, mut pause) = (1, PAUSE);
        loop {
            let result = once();
            self.is_reached.fetch_or(result.is_ok(), Ordering::Relaxed);
            let is_temporary = match &result {
                Ok(answer) => error::is_temporary(answer.status, &answer.body),
                Err(error) => error::is_network(error),
            };
            let most = if self.is_reached.load(Ordering::Relaxed) { ATTEMPTS } else { FIRST_ATTEMPTS };
            if !is_temporary || attempt == most {
                return result.map_err(|error| StoreError::network(self.location.host(), &error));
            }
            self.repeated.fetch_add(1, Ordering::Relaxed);
            thread::sleep(pause.mul_f64(error::jitter()));
            pause = LONGEST_PAUSE.min(pause * 2);
            attempt += 1;
        }
    }

    /// How many requests were repeated so far.
    pub(crate) fn repeated(&self) -> u64 {
        self.repeated.load(Ordering::Relaxed)
    }

    fn error(&self, answer: &StoreReply, method: &'static str, key: &str) -> StoreError {
        let region = answer.headers.get("x-amz-bucket-region").and_then(|region| region.to_str().ok());
        StoreError::of(&self.location, method, key, answer.status, region, &answer.body)
    }
}

fn bounded<B>(request: RequestBuilder<B>, time: Duration) -> RequestBuilder<B> {
    request.config().timeout_global(Some(time)).build()
}

fn time_for(length: u64) -> Duration {
    TIMEOUT + Duration::from_secs(length / SLOWEST)
}

fn received(mut response: Response<Body>) -> Result<StoreReply, ureq::Error> {
    let body = response.body_mut().with_config().limit(MOST_READ).read_to_vec()?;
    let (parts, _) = response.into_parts();
    Ok(StoreReply { status: parts.status.as_u16(), headers: parts.headers, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_request_is_sent_for_a_key_that_leads_out_of_the_prefix() {
        let credentials = StoreCredentials::new("KEY".to_owned(), "SECRET".to_owned(), None);
        let location =
            StoreLocation::new("http://127.0.0.1:1/", StoreUrlStyle::Path, "feeds", "a", "us-east-1", credentials);
        let store = Store::new(location.unwrap(), "test", None);
        for key in ["", "/b", "../b", "b/../../../other/c", "b//c"] {
            let refused = store.delete(key);
            assert!(matches!(refused, Err(StoreError::WrongKey(_))), "{key}: {refused:?}");
        }
    }
}
