//! Explains how to subscribe to a feed, with its URLs to copy and a link that opens it in a reader.

use maud::{Markup, html};

use super::{href, short_name, words::Words};
use crate::feed::{Address, Addresses, Listing, Masthead};

/// Writes the section about one feed.
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

/// Writes a folded version for one feed among many.
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

/// Lists the documents of a feed, each as a link and as a URL to copy.
///
/// The URL appears twice. As text, a long URL is visible in full and one click selects all of it, which an
/// input field cannot do without a script. As an input field, it is selected by the Tab key and read by
/// screen readers, which text is not. The style sheet puts the invisible field under the text, and the text
/// shows the focus.
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

/// Writes a URL that may break after each segment of its path. The breaks are not copied.
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

/// Writes the section about the OPML file that contains all feeds.
pub(super) fn everything(words: &Words, masthead: &Masthead) -> Markup {
    let [title, text, link] = &words.everything;
    html! {
        section class="everything" aria-labelledby="page-everything" lang=[words.foreign(masthead)] dir=[words.direction(masthead)] {
            h2 id="page-everything" { (title) }
            p { (text) }
            p { a href=(masthead.start.child("feeds.opml").path()) { (link) } }
        }
    }
}

/// Returns the URL that opens a feed in a program registered for `feed:`. Such programs read RSS and Atom,
/// which precede JSON.
///
/// `feed:` precedes the whole URL. The Nu checker only knows `feed://host`, but some programs open that
/// with `http` and others with `https`, whereas `NetNewsWire` and others accept this form with its scheme.
/// RFC 3986 allows it (path-rootless).
fn for_readers(addresses: &Addresses) -> Option<String> {
    addresses.documents().next().map(|(_, document)| format!("feed:{document}"))
}
