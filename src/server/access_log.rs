//! The access log: one event per request, or one line in the combined format, if it is turned on.
//!
//! An event never contains a query, the IP address of a client, or a header as it was sent. Clients
//! appear only by the family of their User-Agent and a hash that changes every day. The combined
//! format has all of these, because other programs need them.

use std::fmt::{self, Debug, Formatter};
use std::time::Instant;

use actix_web::dev::RequestHead;
use actix_web::http::StatusCode;
use actix_web::http::header::{REFERER, USER_AGENT};
use chrono::Utc;

use super::condition::Reason;
use super::counters::DocumentKind;
use super::readers::{AnsweredPoll, Readers, TrustedProxies};
use crate::audience::Agent;
use crate::text::push;

/// Whether and how requests are logged.
pub(crate) enum AccessLog {
    /// Requests are not logged and not timed.
    Off,
    /// Each request is logged as an event with the target `access`.
    On,
    /// Each request is a line in the combined format of Apache and nginx, which this function
    /// writes.
    Combined(Box<dyn Fn(&str) + Send + Sync>),
}

impl Debug for AccessLog {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Off => "Off",
            Self::On => "On",
            Self::Combined(_) => "Combined",
        })
    }
}

/// A request and its response.
pub(super) struct AccessLine<'a> {
    pub head: &'a RequestHead,
    pub agent: Option<&'a str>,
    pub kind: DocumentKind,
    pub status: StatusCode,
    pub bytes: u64,
    pub reason: Option<Reason>,
    /// If it is a poll of a feed.
    pub poll: Option<AnsweredPoll<'a>>,
}

impl AccessLog {
    /// The start time of a request, if it will be logged.
    pub(super) fn begin(&self) -> Option<Instant> {
        (!matches!(self, Self::Off)).then(Instant::now)
    }

    pub(super) fn write(&self, began: Instant, line: &AccessLine, proxies: &TrustedProxies, readers: &Readers) {
        match self {
            Self::Off => {}
            Self::On => event(began, line, readers),
            Self::Combined(write) => write(&combined(line, proxies)),
        }
    }
}

/// `feedmill stats` counts readers and subscribers by the last three fields.
fn event(began: Instant, line: &AccessLine, readers: &Readers) {
    let micros = u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX);
    let agent = Agent::parse(line.agent);
    let client = line.poll.and_then(|poll| poll.client).map(|client| format!("{:08x}", readers.hash(client)));
    tracing::info!(
        target: "access",
        method = line.head.method.as_str(),
        path = line.head.uri.path(),
        route = line.kind.as_str(),
        status = line.status.as_u16(),
        bytes = line.bytes,
        agent = agent.family,
        ms = f64::from(micros) / 1000.0,
        why = line.reason.map(Reason::as_str),
        subscribers = agent.subscribers,
        feed_id = agent.feed_id,
        client,
    );
}

fn combined(line: &AccessLine, proxies: &TrustedProxies) -> String {
    let head = line.head;
    let mut text = proxies.client(head).map_or_else(|| "-".to_owned(), |client| client.to_string());
    push!(text, " - - [{}] \"", Utc::now().format("%d/%b/%Y:%H:%M:%S +0000"));
    let target = head.uri.path_and_query().map_or_else(|| head.uri.path(), |target| target.as_str());
    escape(&mut text, head.method.as_str().as_bytes());
    text.push(' ');
    escape(&mut text, target.as_bytes());
    push!(text, " {:?}\" {} {} \"", head.version, line.status.as_u16(), line.bytes);
    for (name, end) in [(REFERER, "\" \""), (USER_AGENT, "\"\n")] {
        escape(&mut text, head.headers.get(name).map_or(b"-", |value| value.as_bytes()));
        text.push_str(end);
    }
    text
}

/// Adds bytes of a client as nginx does: what could end a text or act on a terminal becomes `\x22`.
fn escape(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        match byte {
            b'"' | b'\\' | ..0x20 | 0x7f.. => push!(text, "\\x{byte:02X}"),
            byte => text.push(char::from(*byte)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_is_measured_while_the_log_is_off() {
        assert!(AccessLog::Off.begin().is_none());
        assert!(AccessLog::On.begin().is_some());
    }
}
