//! How to subscribe to a feed: what it is, its addresses to copy, and a link
//! that opens it in a reader.
//!
//! Knows the formats a feed is offered in, not what is in it.

use maud::{Markup, html};

use super::{href, short_name, words::Words};
use crate::feed::{Addresses, Listing, Masthead};

/// The section about one feed.
pub(super) fn subscribe(words: &Words, masthead: &Masthead, addresses: &Addresses) -> Markup {
    html! {
        section class="subscribe" aria-labelledby="page-subscribe" lang=[words.foreign(masthead)] dir=[words.direction(masthead)] {
            h2 id="page-subscribe" { (words.subscribe) }
            p { (words.what_a_feed_is) }
            (documents(masthead, addresses))
            @if let Some(address) = for_readers(addresses) {
                p { a class="button" href=(address) { (words.open_in_reader) } }
            }
        }
    }
}

/// The same about one feed among many, folded.
pub(super) fn folded(words: &Words, masthead: &Masthead, listing: &Listing) -> Markup {
    html! {
        details class="get" {
            summary aria-label=(words.subscribe_to(listing.title.as_str())) { (words.subscribe) }
            (documents(masthead, &listing.addresses))
            @if let Some(address) = for_readers(&listing.addresses) {
                a href=(address) { (words.open_in_reader) }
            }
        }
    }
}

/// The documents of a feed, each as a link and as an address to copy: text that
/// one click selects whole, and that is read whole, as no field of one line is.
/// Whoever walks a page by keys copies the link.
fn documents(masthead: &Masthead, addresses: &Addresses) -> Markup {
    html! {
        ul class="copy" {
            @for (format, document) in addresses.documents() {
                li { a href=(href(masthead, &document)) { (short_name(format)) } " " code { (document) } }
            }
        }
    }
}

/// The section about all feeds in one file.
pub(super) fn everything(words: &Words, masthead: &Masthead) -> Markup {
    let [title, text, link] = words.everything;
    html! {
        section class="everything" aria-labelledby="page-everything" lang=[words.foreign(masthead)] dir=[words.direction(masthead)] {
            h2 id="page-everything" { (title) }
            p { (text) }
            p { a href=(masthead.base.child("feeds.opml").path()) { (link) } }
        }
    }
}

/// What opens a feed in a program that registered for it. Such programs read
/// RSS and Atom, which come first.
fn for_readers(addresses: &Addresses) -> Option<String> {
    addresses.documents().next().map(|(_, document)| format!("feed:{document}"))
}
