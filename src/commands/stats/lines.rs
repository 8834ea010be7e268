//! The formats of access logs.

use std::borrow::Cow;
use std::net::IpAddr;
use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone as _};
use memchr::{memchr, memchr2, memmem};
use percent_encoding::percent_decode;
use xxhash_rust::xxh3::xxh3_64;

use super::json_line;
use crate::audience::{ClientId, Conditional, Poll, PollAnswer};
use crate::feed::Format;

/// The moments that a log may contain: from 1970 to the end of the year 9999.
const MOMENTS: RangeInclusive<i64> = 0..=253_402_300_799;
/// The most bytes of a response. More is an error of the log.
const MOST_BYTES: u64 = 1 << 50;

/// A line of a log.
pub(super) enum ParsedLine<'a> {
    /// A request for a feed that was answered with the feed or with 304.
    Poll(LoggedPoll<'a>),
    /// Another request, or no request.
    Other,
    /// A line that names a feed, in no known format.
    Unknown,
}

/// A poll, with the texts of its line.
pub(super) struct LoggedPoll<'a> {
    pub at: i64,
    pub path: Cow<'a, str>,
    pub client: Option<ClientId>,
    pub agent: Option<Cow<'a, str>>,
    pub answer: PollAnswer,
}

impl LoggedPoll<'_> {
    pub(super) fn poll(&self) -> Poll<'_> {
        let Self { at, path, client, agent, answer } = self;
        Poll { at: *at, path, client: *client, agent: agent.as_deref(), answer: *answer }
    }
}

/// A request as it was logged.
pub(super) struct LoggedRequest<'a> {
    pub at: Option<i64>,
    pub method: Cow<'a, str>,
    pub target: Cow<'a, str>,
    pub status: u64,
    pub bytes: u64,
    pub client: Option<ClientId>,
    pub agent: Option<Cow<'a, str>>,
    pub conditional: Conditional,
}

impl<'a> LoggedRequest<'a> {
    fn line(self) -> ParsedLine<'a> {
        let answer = match self.status {
            200 | 206 => PollAnswer::Full(self.conditional, self.bytes.min(MOST_BYTES)),
            304 => PollAnswer::NotModified,
            _ => return ParsedLine::Other,
        };
        let Some(at) = self.at.filter(|at| MOMENTS.contains(at)) else { return ParsedLine::Unknown };
        if self.method != "GET" {
            return ParsedLine::Other;
        }
        ParsedLine::Poll(LoggedPoll { at, path: path(self.target), client: self.client, agent: self.agent, answer })
    }
}

/// A target may be a whole URL.
fn path(target: Cow<'_, str>) -> Cow<'_, str> {
    match target.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned())) {
        Some(path) if !target.starts_with('/') => Cow::Owned(path),
        _ => target,
    }
}

pub(super) fn parsed<'a>(line: &'a [u8], layout: &mut LogLayout) -> ParsedLine<'a> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.starts_with(b"#") {
        layout.header(line);
        return ParsedLine::Other;
    }
    if !Format::ALL.iter().any(|format| memmem::find(line, format.file_name().as_bytes()).is_some()) {
        return ParsedLine::Other;
    }
    let request = if line.trim_ascii_start().starts_with(b"{") {
        json_line::request(line)
    } else if memchr(b'\t', line).is_some_and(|at| at == 10) {
        layout.request(line)
    } else if memmem::find(line, b" method=\"").is_some() {
        own_text(line)
    } else {
        combined(line)
    };
    match request {
        Some(request) => request.line(),
        None if is_own_message(line) => ParsedLine::Other,
        None => ParsedLine::Unknown,
    }
}

/// Whether this is a line of our own log about something else than a request, such as the URLs at the start.
fn is_own_message(line: &[u8]) -> bool {
    let start = &line[..line.len().min(120)];
    let levels = [&b"ERROR"[..], b"WARN", b"INFO", b"DEBUG"];
    let has_level = |before: &[u8], after: &[u8]| {
        levels.iter().any(|level| memmem::find(start, &[before, level, after].concat()).is_some())
    };
    if line.starts_with(b"{\"timestamp\":") {
        return has_level(b"\"level\":\"", b"\"");
    }
    // A date and time, or on a terminal the time alone: `10:00:00  INFO listening on …`.
    let when = line.split(|byte| *byte == b' ').next().unwrap_or_default();
    when.iter().all(|byte| byte.is_ascii_digit() || b"-:.TZ+".contains(byte)) && has_level(b" ", b" ")
}

/// `192.0.2.1 - - [30/Nov/2026:10:00:00 +0000] "GET /rss.xml HTTP/1.1" 200 1234 "-" "Miniflux/2"`, with or without the
/// last two, and with or without a host before the address.
fn combined(line: &[u8]) -> Option<LoggedRequest<'_>> {
    let start = memmem::find(line, b" [")?;
    let client = client_of(&line[..start]);
    let rest = &line[start + 2..];
    let end = memchr(b']', rest)?;
    let at = time(&rest[..end]);
    let (request, rest) = quoted(&rest[end + 1..])?;
    let mut words = request.split(|byte| *byte == b' ');
    let (method, target) = (words.next()?, words.next()?);
    let mut numbers = rest.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let status = number(numbers.next()?)?;
    let bytes = numbers.next().and_then(number).unwrap_or_default();
    let agent = quoted(rest).and_then(|(_, rest)| Some(quoted(rest)?.0)).filter(|agent| *agent != b"-");
    Some(LoggedRequest {
        at,
        method: String::from_utf8_lossy(method),
        target: String::from_utf8_lossy(target),
        status,
        bytes,
        client,
        agent: agent.map(unescaped),
        conditional: Conditional::No,
    })
}

/// The first word that is an address, or else the first word, which may be a host name.
fn client_of(words: &[u8]) -> Option<ClientId> {
    let mut words = words.split(|byte| *byte == b' ').map(|word| word.strip_suffix(b",").unwrap_or(word));
    let first = words.clone().next().filter(|word| !word.is_empty())?;
    let address = words.find_map(|word| std::str::from_utf8(word).ok()?.parse::<IpAddr>().ok());
    Some(address.map_or_else(|| ClientId::Hash(xxh3_64(first)), ClientId::Address))
}

/// The next text in quotation marks, as it is written, and what comes after it.
fn quoted(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = memchr(b'"', line)? + 1;
    let mut at = start;
    loop {
        at += memchr2(b'"', b'\\', line.get(at..)?)?;
        if line[at] == b'"' {
            return Some((&line[start..at], &line[at + 1..]));
        }
        at += 2;
    }
}

/// Removes the escapes of quotation marks and backslashes.
fn unescaped(text: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(text);
    if !text.contains('\\') {
        return text;
    }
    let mut parts = text.split('\\');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    while let Some(part) = parts.next() {
        // nginx writes `\x22`, Apache `\"`.
        let hex = part.strip_prefix('x').and_then(|rest| Some((rest.get(..2)?, rest.get(2..)?)));
        match hex.and_then(|(hex, rest)| Some((u8::from_str_radix(hex, 16).ok()?, rest))) {
            Some((byte, rest)) => {
                plain.push(char::from(byte));
                plain.push_str(rest);
            }
            // An escaped backslash.
            None if part.is_empty() => {
                plain.push('\\');
                plain.push_str(parts.next().unwrap_or_default());
            }
            None => plain.push_str(part),
        }
    }
    Cow::Owned(plain)
}

fn number(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// `30/Nov/2026:10:00:00 +0000`.
fn time(text: &[u8]) -> Option<i64> {
    const MONTHS: [&[u8; 3]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let two = |at: usize| Some(u32::try_from(number(text.get(at..at + 2)?)?).unwrap_or_default());
    let month = MONTHS.iter().position(|name| text.get(3..6) == Some(&name[..]))?;
    let year = i32::try_from(number(text.get(7..11)?)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()? + 1, two(0)?)?;
    let time = date.and_hms_opt(two(12)?, two(15)?, two(18)?)?;
    let offset = i32::try_from(two(22)? * 3600 + two(24)? * 60).ok()?;
    let offset = FixedOffset::east_opt(if text.get(21) == Some(&b'-') { -offset } else { offset })?;
    Some(offset.from_local_datetime(&time).single()?.timestamp())
}

/// `2026-11-30T10:00:00.000Z  INFO method="GET" path="/rss.xml" status=200 …`
fn own_text(line: &[u8]) -> Option<LoggedRequest<'_>> {
    let field = |name: &str| {
        let name = format!(" {name}=");
        let rest = &line[memmem::find(line, name.as_bytes())? + name.len()..];
        if rest.starts_with(b"\"") {
            return Some(quoted(rest)?.0);
        }
        rest.split(|byte| *byte == b' ').next()
    };
    let text = |name: &str| Some(String::from_utf8_lossy(field(name)?));
    let when = line.split(|byte| *byte == b' ').next()?;
    let subscribers = field("subscribers").and_then(number);
    Some(LoggedRequest {
        at: rfc3339(std::str::from_utf8(when).ok()?),
        method: text("method")?,
        target: text("path")?,
        status: number(field("status")?)?,
        bytes: field("bytes").and_then(number).unwrap_or_default(),
        client: text("client").and_then(|client| own_client(&client)),
        agent: own_agent(text("agent")?, subscribers, text("feed_id").as_deref()),
        conditional: own_conditional(text("why").as_deref()),
    })
}

pub(super) fn rfc3339(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp())
}

/// The hash of a client in our own log.
pub(super) fn own_client(text: &str) -> Option<ClientId> {
    u64::from_str_radix(text, 16).ok().map(ClientId::Hash)
}

/// Our own log has the family of a client and its number of subscribers. They are put together as a User-Agent again.
pub(super) fn own_agent<'a>(
    family: Cow<'a, str>,
    subscribers: Option<u64>,
    feed_id: Option<&str>,
) -> Option<Cow<'a, str>> {
    let feed_id = feed_id.map(|id| format!("; feed-id={id}")).unwrap_or_default();
    match subscribers {
        Some(number) => Some(Cow::Owned(format!("{family} ({number} subscribers{feed_id})"))),
        None => Some(family).filter(|family| family != "none"),
    }
}

/// Our own log says why a response was full.
pub(super) fn own_conditional(why: Option<&str>) -> Conditional {
    if why.is_some_and(|why| why != "no validator") { Conditional::Yes } else { Conditional::No }
}

/// Which column of a standard log of `CloudFront` holds what.
#[derive(Debug, Clone)]
pub(super) struct LogLayout {
    columns: [Option<usize>; COLUMNS.len()],
}

const COLUMNS: [&str; 9] =
    ["date", "time", "c-ip", "cs-method", "cs-uri-stem", "sc-status", "cs(User-Agent)", "sc-bytes", "sc-content-len"];

impl Default for LogLayout {
    fn default() -> Self {
        // The order that CloudFront has always used.
        let columns = [0, 1, 4, 5, 7, 8, 10, 3].map(Some);
        Self { columns: std::array::from_fn(|at| columns.get(at).copied().flatten()) }
    }
}

impl LogLayout {
    fn header(&mut self, line: &[u8]) {
        let Some(names) = line.strip_prefix(b"#Fields:") else { return };
        let names = String::from_utf8_lossy(names);
        let place = |column| names.split_whitespace().position(|name| name == column);
        self.columns = COLUMNS.map(place);
    }

    fn request<'a>(&self, line: &'a [u8]) -> Option<LoggedRequest<'a>> {
        let cells: Vec<&[u8]> = line.split(|byte| *byte == b'\t').collect();
        let cells = self.columns.map(|at| at.and_then(|at| cells.get(at).copied()).filter(|cell| *cell != b"-"));
        let text = |cell: Option<&'a [u8]>| cell.map(String::from_utf8_lossy);
        let [date, time, ip, method, target, status, agent, bytes, length] = cells;
        Some(LoggedRequest {
            at: rfc3339(&format!("{}T{}Z", text(date)?, text(time)?)),
            method: text(method)?,
            target: text(target)?,
            status: number(status?)?,
            // The length of the body does not change with the headers.
            bytes: length.and_then(number).or_else(|| number(bytes?)).unwrap_or_default(),
            client: ip.and_then(client_of),
            agent: agent.map(|agent| decoded(agent)),
            conditional: Conditional::No,
        })
    }
}

/// `CloudFront` encodes spaces, formerly twice.
pub(super) fn decoded(text: &[u8]) -> Cow<'_, str> {
    let once: Cow<'_, [u8]> = percent_decode(text).into();
    if memmem::find(&once, b"%20").is_some() {
        return Cow::Owned(percent_decode(&once).decode_utf8_lossy().into_owned());
    }
    match once {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

#[cfg(test)]
mod tests;
