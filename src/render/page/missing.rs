//! Renders the error pages for URLs that do not exist (404) and for those that were removed (410).

use maud::html;

use super::{Frame, Robots, words::Words};
use crate::feed::Masthead;

/// Returns the page of a 404 response.
pub(crate) fn not_found(masthead: &Masthead) -> Vec<u8> {
    missing(masthead, &Words::of(&masthead.language).not_found)
}

/// Returns the page of a 410 response.
pub(crate) fn gone(masthead: &Masthead) -> Vec<u8> {
    missing(masthead, &Words::of(&masthead.language).gone)
}

fn missing(masthead: &Masthead, [title, text]: &[String; 2]) -> Vec<u8> {
    let words = Words::of(&masthead.language);
    let main = html! {
        div lang=[words.foreign(masthead)] {
            header class="title" { h1 { (title) } p class="lead" { (text) } }
            p { a class="button" href=(masthead.base.path()) { (words.start_page) } }
        }
    };
    let frame = Frame {
        masthead,
        title: format!("{title} · {}", masthead.title),
        description: "",
        canonical: None,
        robots: Robots::Skip,
        offers: Vec::new(),
        languages: Vec::new(),
        preview: None,
        class: "missing",
        section: None,
        list: None,
    };
    frame.around(words, &main)
}
