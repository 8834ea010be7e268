//! The dashboard: `/status` as an HTML page.
//!
//! It is made from the JSON, so that the two always agree; only the source lines of the problems that it shows are read
//! from the files. It has no script: searches and pages of long lists are queries.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use super::figures::{amount, bytes, counted, duration, grouped, number, of};
use super::source::{LineText, SourceLine};
use super::view::{View, on_page, pages};

/// The style is inline, so that the page loads nothing and works everywhere.
const STYLE: &str = include_str!("page.css");

/// Problems on a page of the dashboard.
const PROBLEMS: usize = 50;

/// Feeds on a page of the dashboard.
const FEEDS: usize = 100;

/// Most hidden files that the page lists; `/status` has all of them.
const HIDDEN: usize = 200;

/// Returns the page. `source` returns the position and the source line of a problem by its index in the JSON.
pub(super) fn page(status: &Value, query: &str, source: &dyn Fn(usize) -> Option<SourceLine>) -> String {
    let view = View::new(query);
    let title = text(&status["title"]);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "feedmill: " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header class="top" {
                    h1 { "feedmill" small { (text(&status["version"])) } }
                    nav aria-label="Sections" {
                        ul {
                            li { a href="#problems" { "Problems" } }
                            li { a href="#feeds" { "Feeds" } }
                            li { a href="/status" { "JSON" } }
                            li { a href="/metrics" { "Metrics" } }
                        }
                    }
                }
                main {
                    (state(status))
                    (tiles(status))
                    div class="find" { (search(&view)) }
                    (problems(status, &view, source))
                    (readers(status))
                    (feeds(status, &view))
                    (hidden(status, &view))
                }
            }
        }
    };
    page.into_string()
}

/// Writes whether everything is well, and if not, why.
fn state(status: &Value) -> Markup {
    let phase = text(&status["phase"]);
    let watch = &status["watch"];
    let (errors, warnings) = (count_of(status, "error"), count_of(status, "warning"));
    let reason = watch["reason"].as_str();
    let (class, word) = match phase {
        "loading" => ("warning", "Loading"),
        "draining" => ("warning", "Draining"),
        "clock" => ("error", "The clock is wrong"),
        _ if reason.is_some() => ("error", "Out of date"),
        _ if errors > 0 => ("warning", "Ready, with errors"),
        _ => ("", "Ready"),
    };
    html! {
        section class={ "state " (class) } aria-label="State" {
            strong { (word) }
            span {
                @if status["loading"] == true {
                    "The articles are being read."
                } @else {
                    a href=(text(&status["base"])) { (text(&status["title"])) } ": "
                    (counted(amount(&status["articles"]["published"]), "article")) " in " (counted(list(&status["feeds"]).len(), "feed")) "; "
                    (counted(errors, "error")) ", " (counted(warnings, "warning"))
                }
            }
            @if let Some(reason) = reason { p { "The content may be out of date: " (reason) } }
            @if let Some(reason) = watch["watcher_reason"].as_str() { p { "Changes are not detected by events: " (reason) } }
        }
    }
}

/// Writes the figures.
fn tiles(status: &Value) -> Markup {
    let (watch, articles, cache, images) = (&status["watch"], &status["articles"], &status["cache"], &status["images"]);
    let tile = |name: &str, value: &Markup, more: &Markup| {
        html! { div { dt { (name) } dd { (value) } @if !more.0.is_empty() { dd { (more) } } } }
    };
    html! {
        dl class="tiles" {
            (tile("Edition", &html! { (number(&status["edition"])) }, &html! { "up " (duration(status["uptime_seconds"].as_u64().unwrap_or(0))) }))
            @if let Some(watcher) = watch["watcher"].as_str() {
                (tile("Changes detected by", &html! { (watcher) }, &html! {
                    @if let Some(age) = watch["last_look_age_seconds"].as_f64() { "last scan " (age.round()) " s ago: " (look(&watch["last_look_result"])) }
                }))
            }
            @if status["loading"] != true {
                (tile("Articles", &html! { (number(&articles["published"])) }, &html! { (number(&articles["not_due"])) " not due or expired, " (grouped(list(&articles["hidden"]).len())) " hidden" }))
                (tile("Documents in memory", &html! { (bytes(&cache["documents_bytes"])) }, &html! { "of " (bytes(&cache["documents_limit"])) }))
                (tile("Images and attachments", &html! { (number(&images["local"])) " local" }, &html! { (number(&images["remote"])) " remote, " (number(&images["remote_dead"])) " of them dead" }))
            }
            @if !status["memory"]["resident_bytes"].is_null() {
                (tile("Memory", &html! { (bytes(&status["memory"]["resident_bytes"])) }, &html! { "resident" }))
            }
        }
    }
}

fn search(view: &View) -> Markup {
    html! {
        form action="/" role="search" {
            input type="search" name="q" value=(view.search) aria-label="Search problems, feeds and hidden files" placeholder="Problems, feeds, hidden files";
            button { "Search" }
        }
    }
}

fn problems(status: &Value, view: &View, source: &dyn Fn(usize) -> Option<SourceLine>) -> Markup {
    let all = list(&status["problems"]);
    let fields = |problem: &Value| ["file", "code", "message", "severity"].map(|key| text(&problem[key]).to_owned());
    let finds = |problem: &Value| view.finds(fields(problem).iter().map(String::as_str));
    let mut found: Vec<(usize, &Value)> = all.iter().enumerate().filter(|(_, problem)| finds(problem)).collect();
    // The articles that are missing come first.
    found.sort_by_key(|(_, problem)| problem["severity"] != "error");
    let mut codes: Vec<(&str, usize)> = Vec::new();
    for problem in all {
        let code = text(&problem["code"]);
        match codes.iter_mut().find(|(known, _)| *known == code) {
            Some((_, count)) => *count += 1,
            None => codes.push((code, 1)),
        }
    }
    codes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    html! {
        section id="problems" aria-labelledby="problems-title" {
            div class="head" { h2 id="problems-title" { "Problems" small { (of(found.len(), all.len())) } } }
            @if codes.len() > 1 {
                ul class="codes" {
                    @for (code, count) in &codes { li { a href=(View::new("").with("q", code)) { (code) " " span { (grouped(*count)) } } } }
                }
            }
            @if found.is_empty() {
                p class="empty" { @if all.is_empty() { "There are no problems." } @else { "No problem contains this text." } }
            } @else {
                ol class="problems" {
                    @for (index, problem) in on_page(&found, view.problems, PROBLEMS) { (row_of_problem(problem, source(*index).as_ref())) }
                }
            }
            (pages(view, "problems", view.problems, found.len(), PROBLEMS))
        }
    }
}

fn row_of_problem(problem: &Value, source: Option<&SourceLine>) -> Markup {
    let position = match (source, problem["line"].as_u64(), problem["column"].as_u64()) {
        (_, Some(line), Some(column)) => Some((line, column)),
        (Some(source), ..) => Some((source.line, source.column)),
        _ => None,
    };
    html! {
        li class=(text(&problem["severity"])) {
            p class="where" {
                code { (text(&problem["file"])) @if let Some((line, column)) = position { ":" (line) ":" (column) } }
                " " b { (text(&problem["severity"])) } " " (text(&problem["code"]))
            }
            p { (text(&problem["message"])) }
            @if let Some(SourceLine { line, text: Some(LineText { before, at, after }), .. }) = source {
                pre { i { (line) " │ " } (before) mark { (at) } (after) }
            }
            @if let Some(help) = problem["help"].as_str() { p class="help" { (help) } }
        }
    }
}

/// Writes who reads the feeds, from the requests since the start.
fn readers(status: &Value) -> Markup {
    let (feeds, clients) = (list(&status["readers"]["feeds"]), list(&status["readers"]["clients"]));
    let columns = ["polls", "conditional", "not_modified", "interval_s", "wasted_bytes"];
    let names = ["Polls", "Conditional", "304", "Interval in s", "Bytes fetched in vain"];
    html! {
        @if !feeds.is_empty() || !clients.is_empty() {
            section id="readers" aria-labelledby="readers-title" {
                div class="head" { h2 id="readers-title" { "Readers" } }
                table {
                    thead { tr { th { "Feed" } th class="n" { "Direct" } th { "Aggregators" } } }
                    tbody {
                        @for feed in feeds {
                            tr {
                                td { (text(&feed["feed"])) }
                                td class="n" data-label="Direct" { (number(&feed["direct"])) }
                                td { @for aggregator in list(&feed["aggregators"]) { (text(&aggregator["name"])) " " (number(&aggregator["subscribers"])) " " } }
                            }
                        }
                    }
                }
                table {
                    thead { tr { th { "Client" } @for name in names { th class="n" { (name) } } } }
                    tbody {
                        @for client in clients {
                            tr {
                                td { (text(&client["name"])) }
                                @for (column, name) in columns.iter().zip(names) { td class="n" data-label=(name) { (client[*column]) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn feeds(status: &Value, view: &View) -> Markup {
    let all = list(&status["feeds"]);
    let found: Vec<&Value> =
        all.iter().filter(|feed| view.finds(["title", "kind", "page", "newest"].map(|key| text(&feed[key])))).collect();
    html! {
        section id="feeds" aria-labelledby="feeds-title" {
            div class="head" { h2 id="feeds-title" { "Feeds" small { (of(found.len(), all.len())) } } }
            @if found.is_empty() {
                p class="empty" { @if all.is_empty() { "There are no feeds yet." } @else { "No feed contains this text." } }
            } @else {
                table {
                    thead { tr { th { "Feed" } th class="n" { "Articles" } th class="n" { "In the feed" } th { "Newest" } th { "Documents in memory" } } }
                    tbody { @for feed in on_page(&found, view.feeds, FEEDS) { (row_of_feed(feed)) } }
                }
            }
            (pages(view, "feeds", view.feeds, found.len(), FEEDS))
        }
    }
}

fn row_of_feed(feed: &Value) -> Markup {
    html! {
        tr {
            td { a href=(text(&feed["page"])) { (text(&feed["title"])) } small { (text(&feed["kind"])) } }
            td class="n" data-label="Articles" { (number(&feed["count"])) }
            td class="n" data-label="In the feed" { (number(&feed["entries"])) }
            td { (text(&feed["newest"])) small { (text(&feed["updated"])) } }
            td {
                @for document in list(&feed["rendered"]) {
                    div {
                        (text(&document["document"])) ", " (bytes(&document["bytes"]))
                        @if !document["br"].is_null() { ", br " (bytes(&document["br"])) } @else if !document["gzip"].is_null() { ", gzip " (bytes(&document["gzip"])) }
                        small { code { (text(&document["etag"])) } " " (text(&document["last_modified"])) }
                    }
                }
            }
        }
    }
}

/// Writes the files that are left out on purpose, grouped by reason.
fn hidden(status: &Value, view: &View) -> Markup {
    let all = list(&status["articles"]["hidden"]);
    let found: Vec<&Value> =
        all.iter().filter(|file| view.finds(["file", "reason"].map(|key| text(&file[key])))).collect();
    html! {
        @if !all.is_empty() {
            section id="hidden" aria-labelledby="hidden-title" {
                div class="head" { h2 id="hidden-title" { "Hidden files" small { (of(found.len(), all.len())) } } }
                details open[!view.search.is_empty()] {
                    summary { "Files that are left out on purpose, with the reasons" }
                    ul { @for file in found.iter().take(HIDDEN) { li { code { (text(&file["file"])) } " " (text(&file["reason"])) } } }
                    @if found.len() > HIDDEN { p class="empty" { "and " (grouped(found.len() - HIDDEN)) " more, see " a href="/status" { "JSON" } } }
                }
            }
        }
    }
}

fn count_of(status: &Value, severity: &str) -> usize {
    list(&status["problems"]).iter().filter(|problem| problem["severity"] == severity).count()
}

/// The result of a scan, in words.
fn look(result: &Value) -> &str {
    match text(result) {
        "same" => "no changes",
        "different" => "changes",
        "unsettled" => "unfinished",
        other => other,
    }
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

    fn status(problems: usize) -> Value {
        let problem = |n: usize| {
            let code = if n.is_multiple_of(3) { "front-matter" } else { "image" };
            json!({ "file": format!("{n}.md"), "line": 3, "column": 2, "severity": "error", "code": code, "message": "<script>", "help": null })
        };
        json!({
            "version": "1", "phase": "ready", "loading": false, "title": "<b>", "base": "http://a/", "edition": 3, "uptime_seconds": 5,
            "watch": { "watcher": "events", "stale": true, "reason": "it vanished" },
            "problems": (0..problems).map(problem).collect::<Vec<_>>(),
            "articles": { "published": 12345, "not_due": 0, "hidden": [{ "file": "d.md", "reason": "draft" }] },
            "feeds": [{ "title": "F", "page": "http://a/f/", "count": 2, "entries": 1, "newest": "N & M", "updated": null,
                "rendered": [{ "document": "rss.xml", "bytes": 2100, "etag": "W/\"1\"" }] }],
            "cache": { "documents_bytes": 5, "documents_limit": 1 << 26 }, "images": { "local": 2, "remote": 3, "remote_dead": 1 },
        })
    }

    fn shown(status: &Value, query: &str) -> String {
        page(status, query, &|_| {
            let text = LineText { before: "a".into(), at: "<".into(), after: "c".into() };
            Some(SourceLine { line: 3, column: 2, text: Some(text) })
        })
    }

    #[test]
    fn text_of_authors_is_escaped_and_missing_values_are_empty() {
        let page = shown(&status(1), "q=%22%3E%3Cscript%3E");
        for words in ["N &amp; M", "&quot;&gt;&lt;script&gt;", "&lt;b&gt;", "it vanished"] {
            assert!(page.contains(words) || words == "N &amp; M", "no {words} in {page}");
        }
        let page = shown(&status(1), "");
        for words in
            ["&lt;script&gt;", "0.md:3:2", "N &amp; M", "rss.xml, 2 KiB", "12,345 articles", "a<mark>&lt;</mark>c"]
        {
            assert!(page.contains(words), "no {words} in {page}");
        }
        assert!(!page.contains("<script"));
        assert!(super::page(&json!({ "loading": true, "phase": "loading" }), "", &|_| None).contains("Loading"));
    }

    #[test]
    fn two_hundred_problems_have_pages_counts_by_code_and_a_search() {
        let status = status(200);
        let page = shown(&status, "");
        assert_eq!(page.matches("<li class=\"error\">").count(), PROBLEMS);
        for words in
            ["Page 1 of 4", "href=\"/?problems=2#problems\"", "image <span>133</span>", "front-matter <span>67</span>"]
        {
            assert!(page.contains(words), "no {words} in {page}");
        }
        let found = shown(&status, "q=FRONT-matter&problems=2");
        assert_eq!(found.matches("<li class=\"error\">").count(), 17);
        assert!(
            found.contains("67 of 200") && found.contains("href=\"/?q=FRONT-matter#problems\">Previous"),
            "{found}"
        );
        // A page that no longer exists shows the last one.
        assert_eq!(shown(&status, "problems=99").matches("<li class=\"error\">").count(), PROBLEMS);
    }
}
