//! Finds out type, length and size of an image or attachment with one request, or a few where a host refuses some referers.

use std::time::Duration;

use chrono::{DateTime, Utc};
use ureq::http::header;

use super::client::{Client, FetchResponse, RequestError};
use crate::disk;
use crate::text::Address;

/// How much of an image is asked for and read first. This has the type and the size of nearly all images.
const HEAD: usize = 32 << 10;
/// How much of a JPEG is read that begins with a large block of metadata.
const LONG_HEAD: usize = 1 << 20;
/// How many bytes of an image are counted, if its length is not announced.
const MOST_COUNTED: u64 = 16 << 20;

/// What an article expects at a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Image,
    /// Any type that feedmill knows.
    Attachment,
}

/// What a host may be asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub url: &'a Address,
    pub expected: Expected,
    /// The ETag of the last response. If the image still has it, its facts need not be found out again.
    pub validator: Option<&'a str>,
    /// The values of Referer to try, best first; `None` sends no such header.
    pub referers: &'a [Option<&'a str>],
}

/// What was found out about an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProbedImage {
    pub media_type: &'static str,
    pub length: Option<u64>,
    pub pixels: Option<(u32, u32)>,
    /// The ETag of the response.
    pub validator: Option<String>,
    /// Which of the referers worked.
    pub referer: usize,
}

/// The result of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Image(ProbedImage),
    /// It is the image of the last probe.
    Unchanged,
    /// The host says that there is nothing (404, 410).
    Gone,
    /// The response is not an image.
    NoImage,
    /// The host refuses access with every referer.
    Refused,
    /// The host asks for a pause, of this length if it says so (429, 503).
    Busy(Option<Duration>),
    /// There was no usable response.
    Failed(String),
    /// The response contradicts itself, so that nothing in it counts.
    Lie(&'static str),
}

/// Asks a host about an image. `now` is the time, for a Retry-After with a date.
pub(crate) fn probe(client: &Client, question: Question<'_>, now: DateTime<Utc>) -> Answer {
    let mut last = Answer::Refused;
    for (at, referer) in question.referers.iter().enumerate() {
        last = match ask(client, question, *referer, now) {
            Ok(Answer::Image(found)) => return Answer::Image(ProbedImage { referer: at, ..found }),
            // A page with an error message is another way to refuse access.
            Ok(answer @ (Answer::Refused | Answer::NoImage)) => answer,
            Ok(answer) => return answer,
            Err(error) => return Answer::Failed(error.to_string()),
        };
    }
    last
}

fn ask(
    client: &Client,
    question: Question<'_>,
    referer: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Answer, RequestError> {
    let range = format!("bytes=0-{}", HEAD - 1);
    let accept = match question.expected {
        Expected::Image => "image/*,*/*;q=0.5",
        Expected::Attachment => "*/*",
    };
    let mut headers = vec![("Range", range.as_str()), ("Accept", accept)];
    headers.extend(referer.map(|referer| ("Referer", referer)));
    headers.extend(question.validator.map(|validator| ("If-None-Match", validator)));
    let mut response = client.get(question.url, &headers)?;
    Ok(match response.status {
        200 | 206 => match read(client, question, referer, &mut response) {
            Ok(answer) => answer,
            Err(Unread::Lie(lie)) => Answer::Lie(lie),
            Err(Unread::Request(error)) => return Err(error),
        },
        304 if question.validator.is_some() => Answer::Unchanged,
        401..=403 | 405 | 451 => Answer::Refused,
        404 | 410 => Answer::Gone,
        429 | 503 => Answer::Busy(response.header(header::RETRY_AFTER).and_then(|value| retry_after(value, now))),
        status => Answer::Failed(format!("the host answered {status}")),
    })
}

/// Parses Retry-After: a number of seconds, or a date.
pub(crate) fn retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(value.trim()).ok()?;
    (date.to_utc() - now).to_std().ok()
}

/// Why the body of a response is not used.
enum Unread {
    Lie(&'static str),
    Request(RequestError),
}

impl From<RequestError> for Unread {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<std::io::Error> for Unread {
    fn from(error: std::io::Error) -> Self {
        // The connection ended before the announced end of the body, or took too long.
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::Lie(SHORT),
            _ => Self::Request(ureq::Error::from(error).into()),
        }
    }
}

const SHORT: &str = "the body is shorter than announced";

fn read(
    client: &Client,
    question: Question<'_>,
    referer: Option<&str>,
    response: &mut FetchResponse,
) -> Result<Answer, Unread> {
    if response.header(header::CONTENT_ENCODING).is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity")) {
        return Err(Unread::Lie("the body is compressed although that was not accepted"));
    }
    let mut head = Vec::with_capacity(HEAD);
    let (mut length, announced) = if response.status == 206 {
        let range = response.header(header::CONTENT_RANGE).and_then(ContentRange::parse);
        let range = range.filter(|range| range.first == 0 && range.last < range.length);
        let range = range.ok_or(Unread::Lie("the range does not begin at 0, or has no length"))?;
        (Some(range.length), range.last + 1)
    } else {
        let length = response.header(header::CONTENT_LENGTH).and_then(|length| length.trim().parse().ok());
        (length, length.unwrap_or_default())
    };
    response.read_to(&mut head, HEAD)?;
    if (head.len() as u64) < announced.min(HEAD as u64) {
        return Err(Unread::Lie(SHORT));
    }
    let is_expected = |media_type: &&str| match question.expected {
        Expected::Image => media_type.starts_with("image/"),
        Expected::Attachment => true,
    };
    let name = question.url.path().split(['?', '#']).next().unwrap_or_default();
    let Some(media_type) = disk::media_type(&head, name).or_else(|| heic(&head)).filter(is_expected) else {
        return Ok(Answer::NoImage);
    };
    let mut pixels = disk::image_size(&head);
    if pixels.is_none() && media_type == "image/jpeg" && head.len() == HEAD {
        if response.status == 206 {
            read_more(client, question.url, referer, &mut head);
        } else {
            // Like there, what arrived may suffice.
            let _ = response.read_to(&mut head, LONG_HEAD);
        }
        pixels = disk::image_size(&head);
    }
    if response.status == 200 && length.is_none() {
        let rest = response.count(MOST_COUNTED.saturating_sub(head.len() as u64))?;
        length = rest.map(|rest| rest + head.len() as u64);
    }
    let is_usable = |tag: &&str| tag.len() <= 200 && tag.bytes().all(|b| b.is_ascii_graphic());
    let validator = response.header(header::ETAG).filter(is_usable).map(str::to_owned);
    Ok(Answer::Image(ProbedImage { media_type, length, pixels, validator, referer: 0 }))
}

/// Reads the second part of a JPEG's head. If that fails, its size stays unknown.
fn read_more(client: &Client, url: &Address, referer: Option<&str>, head: &mut Vec<u8>) {
    let range = format!("bytes={HEAD}-{}", LONG_HEAD - 1);
    let mut headers = vec![("Range", range.as_str())];
    headers.extend(referer.map(|referer| ("Referer", referer)));
    let Ok(mut response) = client.get(url, &headers) else {
        return;
    };
    let range = response.header(header::CONTENT_RANGE).and_then(ContentRange::parse);
    if response.status == 206 && range.is_some_and(|range| range.first == HEAD as u64) {
        // What arrived before an error may suffice.
        let _ = response.read_to(head, LONG_HEAD);
    }
}

/// The value of Content-Range, `bytes 0-99/1234`, if it names all three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ContentRange {
    first: u64,
    last: u64,
    length: u64,
}

impl ContentRange {
    fn parse(value: &str) -> Option<Self> {
        let (range, length) = value.trim().strip_prefix("bytes ")?.trim().split_once('/')?;
        let (first, last) = range.split_once('-')?;
        Some(Self { first: first.parse().ok()?, last: last.parse().ok()?, length: length.parse().ok()? })
    }
}

/// Returns the media type of an HEIC file, which no browser but Safari shows. Local files of this type are left out.
fn heic(bytes: &[u8]) -> Option<&'static str> {
    let brand = bytes.get(8..12).filter(|_| bytes.get(4..8) == Some(b"ftyp"))?;
    [b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"].iter().any(|known| brand == *known).then_some("image/heic")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_range_has_three_numbers() {
        let parsed = ContentRange::parse("bytes 0-99/1234");
        assert_eq!(parsed, Some(ContentRange { first: 0, last: 99, length: 1234 }));
        for wrong in ["bytes 0-99/*", "bytes */1234", "*/*", "items 0-1/2", ""] {
            assert_eq!(ContentRange::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn retry_after_is_a_number_or_a_date() {
        let now = DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap().to_utc();
        assert_eq!(retry_after("120", now), Some(Duration::from_mins(2)));
        assert_eq!(retry_after("Thu, 01 Jan 2026 00:01:00 GMT", now), Some(Duration::from_mins(1)));
        assert_eq!(retry_after("Wed, 31 Dec 2025 00:01:00 GMT", now), None);
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn heic_is_recognised_by_its_brand() {
        assert_eq!(heic(b"\0\0\0\x18ftypheic\0\0\0\0"), Some("image/heic"));
        assert_eq!(heic(b"\0\0\0\x18ftypmp42\0\0\0\0"), None);
        assert_eq!(heic(b"short"), None);
    }
}
