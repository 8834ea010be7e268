//! Compares one response with what this program would answer.

use std::sync::Arc;
use std::time::Duration;

use super::finding::{Fault, FindingCode};
use super::readers::FeedReader;
use super::wall;
use crate::commands::compare::parse;
use crate::document::{Document, DocumentType, Encoding};
use crate::fetch::DirectResponse;
use crate::server::static_headers::HeaderLines;
use crate::text::printable;

/// The time that a copy may be older than allowed, for clocks and for what is on its way.
const SLACK: u64 = 5;

/// What this program would answer at a URL.
#[derive(Debug)]
pub(super) struct ExpectedDocument {
    /// The public URL.
    pub(super) url: String,
    /// The path in the URLs of the documents, which is part of their tags.
    pub(super) path: String,
    pub(super) document: Arc<Document>,
    pub(super) headers: HeaderLines,
}

/// What a response holds.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) faults: Vec<Fault>,
    /// The bytes, if this is the document.
    pub(super) body: Option<Vec<u8>>,
}

impl Examined {
    fn only(fault: Fault) -> Self {
        Self { faults: vec![fault], body: None }
    }

    /// Whether the copy is too old, which a cache may be about to mend.
    pub(super) fn is_stale(&self) -> bool {
        self.faults.iter().any(|fault| fault.code == FindingCode::Stale)
    }
}

/// Where the bytes of a response are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BytesOrigin {
    /// From these files.
    Current,
    /// From other files, an earlier edition for example: they match their tag.
    Intact,
    /// Changed on the way.
    Changed,
    /// Without a tag, other bytes than those of these files may be anything.
    Unknown,
}

impl ExpectedDocument {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// Examines the response to a GET request. `quiet` is how long the files have not changed.
    pub(super) fn examine(&self, reader: &FeedReader, response: &DirectResponse, quiet: Option<Duration>) -> Examined {
        if (300..400).contains(&response.status) {
            let to = response.header("location").unwrap_or_default();
            let message = format!("{} redirects to {}", response.status, printable(&to));
            return Examined::only(Fault::new(FindingCode::Redirects, message));
        }
        let coding = response.header("content-encoding").unwrap_or_default();
        let body = response.decoded();
        let bytes = self.compare(response, body.as_deref().unwrap_or_default());
        let is_own = matches!(bytes, BytesOrigin::Current | BytesOrigin::Intact) && response.status == 200;
        if !is_own {
            let shown = body.as_deref().unwrap_or_default();
            if let Some(evidence) = wall::challenge(response, shown, self.document.kind) {
                return Examined::only(Fault::new(FindingCode::Challenge, evidence));
            }
            if response.status != 200 {
                return Examined::only(Fault::status(response.status));
            }
        }
        let mut faults = self.head_faults(reader, response, &coding);
        let Some(body) = body else {
            let message = format!("the body is not readable as `{}`", printable(&coding));
            faults.push(Fault::new(FindingCode::Rewritten, message));
            return Examined { faults, body: None };
        };
        if let Some(link) = self.foreign_self_link(&body) {
            let message = format!("the feed says that its URL is {}", printable(&link));
            faults.push(Fault::new(FindingCode::SelfLink, message));
        } else {
            faults.extend(self.body_fault(response, &body, bytes, quiet));
        }
        Examined { faults, body: Some(body) }
    }

    fn compare(&self, response: &DirectResponse, body: &[u8]) -> BytesOrigin {
        if body == &*self.document.bytes(Encoding::Identity) {
            return BytesOrigin::Current;
        }
        match response.header("etag") {
            Some(etag) if etag.contains(digits(&Document::tag(&self.path, body))) => BytesOrigin::Intact,
            Some(_) => BytesOrigin::Changed,
            None => BytesOrigin::Unknown,
        }
    }

    /// The faults of the headers that do not depend on the edition.
    fn head_faults(&self, reader: &FeedReader, response: &DirectResponse, coding: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |code, message: String| faults.push(Fault::new(code, message));
        for coding in coding.split(',').map(str::trim).filter(|coding| !coding.is_empty()) {
            if !reader.accepts(&coding.to_ascii_lowercase()) {
                add(
                    FindingCode::Vary,
                    format!("the body is compressed with {}, which was not accepted", printable(coding)),
                );
            }
        }
        let vary = response.header("vary").unwrap_or_default().to_ascii_lowercase();
        let varies: Vec<&str> = vary.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if !varies.contains(&"accept-encoding") {
            add(
                FindingCode::Vary,
                "there is no Vary: Accept-Encoding, so caches send compressed copies to all".to_owned(),
            );
        } else if let Some(much) = varies.iter().find(|name| ["*", "user-agent", "cookie"].contains(name)) {
            add(FindingCode::Vary, format!("Vary names `{}`, so caches keep no useful copy", printable(much)));
        }
        let media_type = response.header("content-type").unwrap_or_default();
        let plain = |text: &str| text.to_ascii_lowercase().replace([' ', '"'], "");
        if plain(&media_type) != plain(self.document.media_type) {
            let message = format!("Content-Type is `{}`, not `{}`", printable(&media_type), self.document.media_type);
            add(FindingCode::MediaType, message);
        }
        if response.header("etag").is_none() {
            add(FindingCode::EtagLost, "there is no ETag".to_owned());
        }
        if self.header("last-modified").is_some() && response.header("last-modified").is_none() {
            add(FindingCode::LastModifiedLost, "there is no Last-Modified".to_owned());
        }
        faults
    }

    fn foreign_self_link(&self, body: &[u8]) -> Option<String> {
        if !matches!(self.document.kind, DocumentType::Feed(_)) {
            return None;
        }
        let feed = parse::feed(body).ok()?;
        let link = feed.fields.into_iter().find(|(name, _)| *name == "self").map(|(_, link)| link)?;
        (link != self.url).then_some(link)
    }

    fn body_fault(
        &self,
        response: &DirectResponse,
        body: &[u8],
        bytes: BytesOrigin,
        quiet: Option<Duration>,
    ) -> Option<Fault> {
        let etag = response.header("etag");
        let (allowed, age) = (self.allowed(response), age(response));
        if bytes == BytesOrigin::Changed
            || bytes == BytesOrigin::Unknown && quiet.is_some_and(|quiet| quiet.as_secs() > allowed)
        {
            let own = self.document.bytes(Encoding::Identity);
            // The bytes of another edition differ anywhere.
            let is_comparable = etag.is_none_or(|etag| etag.contains(digits(&self.document.etag)));
            let byte = is_comparable.then(|| own.iter().zip(body).take_while(|(own, other)| own == other).count());
            let place = byte.map(|byte| format!(", from byte {byte} on")).unwrap_or_default();
            let message = format!("the bytes are those of no edition{place}");
            return Some(Fault { byte, ..Fault::new(FindingCode::Rewritten, message) });
        }
        if let Some(age) = age.filter(|age| *age > allowed) {
            let message = format!("this copy is {age} s old; its Cache-Control allows {} s", allowed - SLACK);
            return Some(Fault::new(FindingCode::Stale, message));
        }
        if let Some(quiet) = quiet.filter(|quiet| bytes == BytesOrigin::Intact && quiet.as_secs() > allowed) {
            let message = format!(
                "the bytes are of another edition, although these files did not change for {} s and its Cache-Control allows {} s",
                quiet.as_secs(),
                allowed - SLACK
            );
            return Some(Fault::new(FindingCode::Stale, message));
        }
        let own = Document::tag(&self.path, body);
        let other = etag.filter(|etag| *etag != own && bytes != BytesOrigin::Unknown)?;
        let message = format!("ETag is {}, not {own}", printable(&other));
        Some(Fault::new(FindingCode::EtagChanged, message))
    }

    /// For how many seconds caches may send a copy.
    fn allowed(&self, response: &DirectResponse) -> u64 {
        let cache = response.header("cache-control");
        let cache = cache.as_deref().or(self.header("cache-control")).unwrap_or_default().to_ascii_lowercase();
        let seconds = |name: &str| {
            let mut parts = cache.split(',').filter_map(|part| part.trim().split_once('='));
            parts.find(|(key, _)| *key == name).and_then(|(_, value)| value.trim_matches('"').parse::<u64>().ok())
        };
        let fresh = seconds("s-maxage").or_else(|| seconds("max-age")).unwrap_or(0);
        fresh.saturating_add(seconds("stale-while-revalidate").unwrap_or(0)).saturating_add(SLACK)
    }
}

/// Compares the response to HEAD with that to GET.
pub(super) fn head_fault(get: &DirectResponse, head: &DirectResponse) -> Option<Fault> {
    if get.status != 200 {
        return None;
    }
    let message = if head.status == 200 {
        let differs = |name: &&&str| get.header(name) != head.header(name);
        let name = ["ETag", "Last-Modified", "Content-Type"].iter().find(differs)?;
        let [get, head] = [get, head].map(|response| response.header(name).unwrap_or_else(|| "none".to_owned()));
        format!("{name} is {} for HEAD, and {} for GET", printable(&head), printable(&get))
    } else {
        format!("status {} for HEAD, and 200 for GET", head.status)
    };
    Some(Fault::new(FindingCode::Head, message))
}

/// The digits of an entity tag.
fn digits(etag: &str) -> &str {
    etag.trim_start_matches("W/").trim_matches('"')
}

/// The age of a copy in seconds, as a cache says it.
fn age(response: &DirectResponse) -> Option<u64> {
    response.header("age")?.split(',').next()?.trim().parse().ok()
}
