//! How to subscribe to a feed: what it is, its addresses to copy, and a link
//! that opens it in a reader.
//!
//! Knows the formats a feed is offered in, not what is in it.

use maud::{Markup, html};

use super::{href, short_name, words::Words};
use crate::feed::{Address, Addresses, Listing, Masthead};

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

/// The documents of a feed, each as a link and as an address to copy.
///
/// The address is there twice. As text it is read whole, however long, and one
/// click selects it whole, which no field does without a script. As a field it
/// is what Tab selects whole and what a voice reads out, which no text is; the
/// style sheet lays it, unseen, under the text, which shows that it has the
/// focus.
fn documents(masthead: &Masthead, addresses: &Addresses) -> Markup {
    html! {
        ul class="copy" {
            @for (format, document) in addresses.documents() {
                li {
                    a href=(href(masthead, &document)) { (short_name(format)) }
                    " " input readonly value=(document) aria-label=(short_name(format));
                    " " code aria-hidden="true" { (parted(&document)) }
                }
            }
        }
    }
}

/// An address that breaks where its parts end, where it must break. What is
/// copied has nothing of it.
fn parted(address: &Address) -> Markup {
    let path = address.path();
    let host = address.as_str().strip_suffix(path).unwrap_or_default();
    html! {
        (host)
        @for (n, part) in path.split_inclusive('/').enumerate() {
            @if n > 0 { wbr; }
            (part)
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
///
/// `feed:` before the whole address: the Nu checker knows `feed://host` alone,
/// which says `http` to some programs and `https` to others; `NetNewsWire` and
/// others take this form for what it says. RFC 3986 allows it (path-rootless).
fn for_readers(addresses: &Addresses) -> Option<String> {
    addresses.documents().next().map(|(_, document)| format!("feed:{document}"))
}
