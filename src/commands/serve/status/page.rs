//! The dashboard: `/status` as an HTML page.
//!
//! It is made from the JSON alone, so that the two always agree.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

/// The style is inline, so that the page loads nothing and works everywhere.
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color-scheme:light dark}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #8884;vertical-align:top}\
td.n{text-align:right;font-variant-numeric:tabular-nums}.error,.stale{color:#c22}.warning{color:#a60}code{font-size:.9em}";

/// Most problems and feeds that the page lists; `/status` has all of them.
const MOST: usize = 500;

pub(super) fn page(status: &Value) -> String {
    let title = text(&status["title"]);
    let problems = list(&status["problems"]);
    let feeds = list(&status["feeds"]);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { "feedmill: " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "feedmill " (text(&status["version"])) }
                (summary(status, problems.len()))
                @if !problems.is_empty() {
                    h2 { "Problems" }
                    table {
                        tr { th { "where" } th { "what" } th { "code" } }
                        @for problem in problems.iter().take(MOST) { (row_of_problem(problem)) }
                    }
                    (rest(problems.len()))
                }
                @if !feeds.is_empty() {
                    h2 { "Feeds" }
                    table {
                        tr { th { "feed" } th { "articles" } th { "entries" } th { "newest entry" } th { "updated" } th { "rendered" } }
                        @for feed in feeds.iter().take(MOST) { (row_of_feed(feed)) }
                    }
                    (rest(feeds.len()))
                }
                (readers(&status["readers"]))
                p { a href="/status" { "as JSON" } " · " a href="/metrics" { "metrics" } }
            }
        }
    };
    page.into_string()
}

fn summary(status: &Value, problems: usize) -> Markup {
    let articles = &status["articles"];
    html! {
        @if status["loading"] == true {
            p { "Loading." }
        } @else {
            p {
                a href=(text(&status["base"])) { (text(&status["title"])) } ": "
                (articles["published"]) " articles, " (articles["not_due"]) " not due or expired, "
                (list(&articles["hidden"]).len()) " hidden; edition " (status["edition"]) "; "
                (problems) " problems; changes detected by " (text(&status["watch"]["watcher"])) "; up "
                (status["uptime_seconds"]) " s."
            }
        }
        @if let Some(reason) = status["watch"]["reason"].as_str() {
            p.stale { "The content may be out of date: " (reason) }
        }
    }
}

fn row_of_problem(problem: &Value) -> Markup {
    html! {
        tr {
            td {
                code {
                    (text(&problem["file"]))
                    @if let (Some(line), Some(column)) = (problem["line"].as_u64(), problem["column"].as_u64()) {
                        ":" (line) ":" (column)
                    }
                }
            }
            td {
                span class=(text(&problem["severity"])) { (text(&problem["message"])) }
                @if let Some(help) = problem["help"].as_str() { br; (help) }
            }
            td { (text(&problem["code"])) }
        }
    }
}

fn row_of_feed(feed: &Value) -> Markup {
    html! {
        tr {
            td { a href=(text(&feed["page"])) { (text(&feed["title"])) } }
            td.n { (feed["count"]) }
            td.n { (feed["entries"]) }
            td { (text(&feed["newest"])) }
            td { (text(&feed["updated"])) }
            td {
                @for document in list(&feed["rendered"]) {
                    (text(&document["document"])) " " (document["bytes"]) " "
                }
            }
        }
    }
}

fn readers(readers: &Value) -> Markup {
    let feeds = list(&readers["feeds"]);
    html! {
        @if !feeds.is_empty() {
            h2 { "Readers" }
            table {
                tr { th { "feed" } th { "direct" } th { "aggregators" } }
                @for feed in feeds {
                    tr {
                        td { (text(&feed["feed"])) }
                        td.n { (feed["direct"]) }
                        td {
                            @for aggregator in list(&feed["aggregators"]) {
                                (text(&aggregator["name"])) " " (aggregator["subscribers"]) " "
                            }
                        }
                    }
                }
            }
            table {
                tr { th { "client" } th { "polls" } th { "conditional" } th { "304" } th { "interval in s" } th { "bytes fetched in vain" } }
                @for client in list(&readers["clients"]) {
                    tr {
                        td { (text(&client["name"])) }
                        @for column in ["polls", "conditional", "not_modified", "interval_s", "wasted_bytes"] {
                            td.n { (client[column]) }
                        }
                    }
                }
            }
        }
    }
}

fn rest(count: usize) -> Markup {
    html! { @if count > MOST { p { "and " (count - MOST) " more, see " code { "/status" } } } }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_of_authors_is_escaped_and_missing_values_are_empty() {
        let status = json!({
            "version": "1", "loading": false, "title": "<b>", "base": "http://a/", "edition": 3, "uptime_seconds": 5,
            "watch": { "watcher": "events", "stale": true, "reason": "it vanished" },
            "problems": [{ "file": "a.md", "line": 3, "column": 2, "severity": "error", "code": "x", "message": "<script>", "help": null }],
            "articles": { "published": 2, "not_due": 0, "hidden": [] },
            "feeds": [{ "title": "F", "page": "http://a/f/", "count": 2, "entries": 1, "newest": "N & M", "updated": null,
                "rendered": [{ "document": "rss.xml", "bytes": 10 }] }],
        });
        let page = page(&status);
        for words in ["&lt;script&gt;", "a.md:3:2", "N &amp; M", "rss.xml 10", "it vanished", "&lt;b&gt;"] {
            assert!(page.contains(words), "no {words} in {page}");
        }
        assert!(!page.contains("<script"));
        assert!(super::page(&json!({ "loading": true, "problems": [] })).contains("Loading."));
    }
}
