//! How to subscribe to a feed: what it is, its addresses to copy, and a link
//! that opens it in a reader.
//!
//! Knows the formats a feed is offered in, not what is in it.

use maud::{Markup, html};

use super::{href, short_name, words::Words};
use crate::feed::{Addresses, Format, Masthead};

/// The section about one feed.
pub(super) fn subscribe(words: &Words, masthead: &Masthead, addresses: &Addresses) -> Markup {
    // What registers for `feed:` reads RSS and Atom, which come first.
    let first = addresses.documents().next();
    html! {
        section class="subscribe" aria-labelledby="page-subscribe" {
            h2 id="page-subscribe" { (words.subscribe) }
            p { (words.what_a_feed_is) }
            ul {
                @for (format, document) in addresses.documents() {
                    li {
                        label for=(id(format)) { (short_name(format)) }
                        // A field, since without a script only a field is
                        // selected whole by one key.
                        input id=(id(format)) type="url" readonly value=(document);
                        a href=(href(masthead, &document)) aria-label=(format!("{} ({})", words.view, format.name())) { (words.view) }
                    }
                }
            }
            @if let Some((_, document)) = first {
                p { a class="button" href=(format!("feed:{document}")) { (words.open_in_reader) } }
            }
        }
    }
}

fn id(format: Format) -> &'static str {
    match format {
        Format::Rss => "page-rss",
        Format::Atom => "page-atom",
        Format::Json => "page-json",
    }
}
