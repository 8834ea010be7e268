//! The reports of `stats`: for people and for scripts.

use chrono::DateTime;
use serde_json::{Value, json};

use crate::audience::{AudienceReport, ClientFigures, FeedReaders};
use crate::commands::left_out::counted;
use crate::text::{printable, printable_json, push};

/// The most rows of a table for people.
const SHOWN: usize = 50;

/// The report as a value, with at most this many feeds and clients; also for `/status`.
pub(in crate::commands) fn value(report: &AudienceReport, most: usize) -> Value {
    json!({
        "version": 1,
        "feeds": report.feeds.iter().take(most).map(feed).collect::<Vec<_>>(),
        "clients": report.clients.iter().take(most).map(client).collect::<Vec<_>>(),
    })
}

pub(super) fn json(report: &AudienceReport) -> String {
    let value = value(report, usize::MAX);
    printable_json(&format!("{value:#}\n")).into_owned()
}

fn feed(feed: &FeedReaders) -> Value {
    let aggregators = feed.aggregators.iter();
    json!({
        "feed": feed.feed,
        "direct": feed.direct,
        "aggregators": aggregators
            .map(|(name, subscribers)| json!({ "name": name, "subscribers": subscribers }))
            .collect::<Vec<_>>(),
    })
}

fn client(client: &ClientFigures) -> Value {
    json!({
        "name": client.name,
        "polls": client.polls,
        "conditional": share(client.conditional, client.polls),
        "not_modified": share(client.not_modified, client.polls),
        "interval_s": client.interval,
        "wasted_bytes": client.wasted,
    })
}

/// A part of all polls, from 0 to 1, with four digits.
#[expect(clippy::cast_precision_loss, reason = "shares have four digits")]
fn share(part: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { (part as f64 / all as f64 * 1e4).round() / 1e4 }
}

pub(super) fn text(report: &AudienceReport, lines: usize) -> String {
    let Some(day) = report.day.and_then(|day| DateTime::from_timestamp(day.saturating_mul(86_400), 0)) else {
        return format!("{}, and no request for rss.xml, atom.xml or feed.json\n", counted(lines, "line", "lines"));
    };
    let mut text = format!("{:>8} {:>11}  {:<32} from\n", "direct", "subscribers", "feed");
    for feed in report.feeds.iter().take(SHOWN) {
        let names: Vec<String> =
            feed.aggregators.iter().map(|(name, subscribers)| format!("{} {subscribers}", printable(name))).collect();
        let subscribers = feed.total() - feed.direct;
        let line = format!("{:>8} {subscribers:>11}  {:<32} {}", feed.direct, printable(&feed.feed), names.join(", "));
        push!(text, "{}\n", line.trim_end());
    }
    rest(&mut text, report.feeds.len());
    push!(text, "\n{:>8} {:>11} {:>6} {:>7} {:>9}  client\n", "polls", "conditional", "304", "every", "wasted");
    for client in report.clients.iter().take(SHOWN) {
        push!(
            text,
            "{:>8} {:>10.0}% {:>5.0}% {:>7} {:>9}  {}\n",
            client.polls,
            share(client.conditional, client.polls) * 100.0,
            share(client.not_modified, client.polls) * 100.0,
            client.interval.map_or("-".to_owned(), interval),
            bytes(client.wasted),
            printable(&client.name),
        );
    }
    rest(&mut text, report.clients.len());
    push!(
        text,
        "\ndirect readers on {} (UTC), subscribers that aggregators reported within 48 hours; {}\n",
        day.format("%F"),
        counted(lines, "line", "lines"),
    );
    text
}

fn rest(text: &mut String, rows: usize) {
    if rows > SHOWN {
        push!(text, "{:>8}  and {} more; `--format json` lists all\n", "", rows - SHOWN);
    }
}

/// `45s`, `30m`, `2h`.
fn interval(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds}s"),
        120..7200 => format!("{}m", (seconds + 30) / 60),
        _ => format!("{}h", (seconds + 1800) / 3600),
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
fn bytes(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..1_000_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
