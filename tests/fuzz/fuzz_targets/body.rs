//! Bodies in both markups: what is learnt from them, and the HTML that readers get, judged by an own grammar.
//!
//! The rest after the first byte is the body. Where that byte is `6` or `7` the body is repeated up to 4 or 64 KB,
//! since what is slow is slow in bulk.
#![no_main]

use feedmill::article::body::{Markup, before_more, first_heading, references, syntax};
use feedmill::render::content::{Reference, excerpt, html, text};
use libfuzzer_sys::fuzz_target;

mod bound;
mod safe;

/// A resolver that trusts everything with a scheme, so that the sanitiser alone stands between it and readers.
fn resolve(_: Reference, written: &str) -> Option<String> {
    let is_path = |c: char| matches!(c, '/' | '?' | '#');
    let scheme = written.split(is_path).next().is_some_and(|start| start.contains(':'));
    Some(if scheme { written.to_owned() } else { format!("https://example.org/a/{written}") })
}

/// What a load wants to know of a body.
fn learnt(body: &str, markup: Markup) {
    let above = before_more(body);
    assert!(above.is_none_or(|above| body.starts_with(above)));
    let heading = first_heading(body, markup);
    assert!(heading.is_none_or(|heading| !heading.trim().is_empty()));
    drop(references(body, markup));
}

/// What a feed wants of it, at another time.
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
    for markup in [Markup::MARKDOWN, Markup::HTML] {
        bound::within(body.len(), || learnt(&body, markup));
        let (made, words) = bound::within(body.len(), || shown(&body, markup));
        safe::html(&made);
        safe::characters(&words);
        shortened(&words);
        // What was made is a body too, in whoever's hands.
        safe::html(&bound::within(made.len(), || html(&made, Markup::HTML, &resolve)));
    }
});
