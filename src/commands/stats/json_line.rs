//! Log lines in JSON: Caddy's, our own, and those that `CloudFront` sends to other services of AWS.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::lines::{LoggedRequest, decoded, own_agent, own_client, own_conditional, rfc3339};
use crate::audience::{ClientId, Conditional};

/// All fields that any of the formats has.
#[derive(Deserialize)]
struct JsonLine {
    // Caddy's.
    ts: Option<Value>,
    request: Option<CaddyRequest>,
    size: Option<u64>,
    status: Option<Value>,
    // Our own.
    timestamp: Option<Box<str>>,
    method: Option<Box<str>>,
    path: Option<Box<str>>,
    bytes: Option<u64>,
    agent: Option<String>,
    subscribers: Option<u64>,
    feed_id: Option<Box<str>>,
    client: Option<Box<str>>,
    why: Option<Box<str>>,
    // CloudFront's.
    date: Option<Box<str>>,
    time: Option<Box<str>>,
    #[serde(rename = "c-ip")]
    c_ip: Option<Box<str>>,
    #[serde(rename = "cs-method")]
    cs_method: Option<Box<str>>,
    #[serde(rename = "cs-uri-stem")]
    cs_uri_stem: Option<Box<str>>,
    #[serde(rename = "sc-status")]
    sc_status: Option<Value>,
    #[serde(rename = "sc-bytes")]
    sc_bytes: Option<Value>,
    #[serde(rename = "cs(User-Agent)")]
    cs_user_agent: Option<Box<str>>,
}

#[derive(Deserialize)]
struct CaddyRequest {
    client_ip: Option<Box<str>>,
    remote_ip: Option<Box<str>>,
    method: String,
    uri: String,
    #[serde(default)]
    headers: CaddyHeaders,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct CaddyHeaders {
    #[serde(rename = "User-Agent")]
    agent: Vec<String>,
    #[serde(rename = "If-None-Match")]
    tags: Vec<serde::de::IgnoredAny>,
    #[serde(rename = "If-Modified-Since")]
    since: Vec<serde::de::IgnoredAny>,
}

pub(super) fn request(line: &[u8]) -> Option<LoggedRequest<'static>> {
    let line: JsonLine = serde_json::from_slice(line).ok()?;
    match line {
        JsonLine { request: Some(request), ts, size, status, .. } => Some(LoggedRequest {
            at: ts.as_ref().and_then(seconds),
            method: request.method.into(),
            target: request.uri.into(),
            status: number(status.as_ref())?,
            bytes: size.unwrap_or_default(),
            client: address(request.client_ip.or(request.remote_ip)),
            conditional: if request.headers.tags.is_empty() && request.headers.since.is_empty() {
                Conditional::No
            } else {
                Conditional::Yes
            },
            agent: request.headers.agent.into_iter().next().map(Cow::Owned),
        }),
        JsonLine { cs_uri_stem: Some(target), .. } => Some(LoggedRequest {
            at: rfc3339(&format!("{}T{}Z", line.date?, line.time?)),
            method: Cow::Owned(line.cs_method?.into()),
            target: Cow::Owned(target.into()),
            status: number(line.sc_status.as_ref())?,
            bytes: number(line.sc_bytes.as_ref()).unwrap_or_default(),
            client: address(line.c_ip),
            agent: line.cs_user_agent.map(|agent| Cow::Owned(decoded(agent.as_bytes()).into_owned())),
            conditional: Conditional::No,
        }),
        line => Some(LoggedRequest {
            at: rfc3339(&line.timestamp?),
            method: Cow::Owned(line.method?.into()),
            target: Cow::Owned(line.path?.into()),
            status: number(line.status.as_ref())?,
            bytes: line.bytes.unwrap_or_default(),
            client: line.client.and_then(|client| own_client(&client)),
            agent: own_agent(line.agent?.into(), line.subscribers, line.feed_id.as_deref()),
            conditional: own_conditional(line.why.as_deref()),
        }),
    }
}

fn address(text: Option<Box<str>>) -> Option<ClientId> {
    text?.parse().ok().map(ClientId::Address)
}

/// Seconds as a number, or a time as a text, as Caddy's `time_format` says.
fn seconds(time: &Value) -> Option<i64> {
    match time {
        Value::String(text) => rfc3339(text),
        // Milliseconds and nanoseconds are larger than any second.
        time => {
            let time = time.as_f64()?;
            let unit = if time > 1e17 {
                1e9
            } else if time > 1e11 {
                1e3
            } else {
                1.0
            };
            #[expect(clippy::cast_possible_truncation, reason = "a moment is less than 2^63 seconds")]
            Some((time / unit).floor() as i64)
        }
    }
}

fn number(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::String(text) => text.parse().ok(),
        value => value.as_u64(),
    }
}
