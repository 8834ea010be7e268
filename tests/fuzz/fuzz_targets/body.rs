//! Fuzzes article bodies in Markdown and HTML: extracting information from them, and rendering the HTML for
//! readers, which is checked against a grammar written for this purpose.
//!
//! The first byte selects options, the rest is the body. If the byte is `6` or `7`, the body is repeated up
//! to 4 or 64 KB, because slow input is slow only in bulk.
#![no_main]

use feedmill::article::body::{Markup, MoreMark, ParsedBody, before_more, first_heading, references, syntax};
use feedmill::article::{ParseOptions, Source, read};
use feedmill::content_path::ContentPath;
use feedmill::generator::{hexo::HEXO, hugo::HUGO, jekyll::JEKYLL, plain::PLAIN, zola::ZOLA};
use feedmill::render::content::{Reference, excerpt, html, text};
use libfuzzer_sys::fuzz_target;

mod bound;
mod safe;

/// Accepts every URL with a scheme, so that only the sanitiser protects readers.
fn resolve(_: Reference, written: &str) -> Option<String> {
    let is_path = |c: char| matches!(c, '/' | '?' | '#');
    let scheme = written.split(is_path).next().is_some_and(|start| start.contains(':'));
    Some(if scheme { written.to_owned() } else { format!("https://example.org/a/{written}") })
}

/// The information that loading takes from a body.
fn learnt(body: &str, markup: Markup) {
    let body = ParsedBody::new(body, markup);
    let above = before_more(&body, MoreMark::Worded);
    assert!(above.is_none_or(|above| body.text().starts_with(above)));
    let heading = first_heading(&body);
    assert!(heading.is_none_or(|heading| !heading.trim().is_empty()));
    drop(references(&body));
}

/// The HTML and the summary that a feed takes from it.
fn shown(body: &str, markup: Markup) -> (String, String) {
    let html = html(body, markup, &resolve);
    let text = text(&html);
    (html, text)
}

fn shortened(text: &str) {
    for limit in [0, 1, 2, 3, 20, 200] {
        let short = excerpt(text, limit);
        assert!(short.chars().count() <= limit, "{short:?} is longer than {limit}");
        assert!(text.starts_with(short.strip_suffix('…').unwrap_or(&short)), "{short:?} does not begin {text:?}");
    }
}

/// The HTML of an article with mathematics and embedded pages, as each of these generators reads it.
fn published(body: &str) {
    let place = ContentPath::new("a.md");
    let text = format!("---\ntitle: a\nmath: true\n---\n{body}");
    for generator in [HUGO, JEKYLL, HEXO, ZOLA, PLAIN] {
        let source = Source { place: &place, bytes: text.as_bytes(), modified: None };
        let html = bound::within(text.len(), || article_html(&source, &ParseOptions::new(generator)));
        safe::html(&html);
    }
}

fn article_html(source: &Source<'_>, options: &ParseOptions) -> String {
    let detail = read(source, options).detail;
    detail.map_or_else(String::new, |detail| {
        let (body, markup) = detail.written();
        html(&body, markup, &resolve)
    })
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, body)) = bytes.split_first() else {
        return;
    };
    let bulk = match choice {
        b'6' => 4 << 10,
        b'7' => 64 << 10,
        _ => 0,
    };
    let body = String::from_utf8_lossy(body);
    let body = body.repeat((bulk / body.len().max(1)).max(1));
    bound::within(body.len(), || (syntax("md", &body), syntax(".HTM", &body)));
    published(&body);
    for markup in [Markup::MARKDOWN, Markup::HTML] {
        bound::within(body.len(), || learnt(&body, markup));
        let (made, words) = bound::within(body.len(), || shown(&body, markup));
        safe::html(&made);
        safe::characters(&words);
        shortened(&words);
        // The output must be a valid body itself, because other programs process it again.
        safe::html(&bound::within(made.len(), || html(&made, Markup::HTML, &resolve)));
    }
});
