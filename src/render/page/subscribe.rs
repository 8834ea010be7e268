//! Explains how to subscribe to a feed, with its URLs to copy and a link that opens it in a reader.

use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{href, short_name, words::Words};
use crate::feed::{Address, Addresses, Masthead};

/// Readers on the web, each with the URL of its page for adding a feed, to which the encoded URL of the feed is
/// appended.
const WEB_READERS: [(&str, &str); 5] = [
    ("Feedly", "https://feedly.com/i/subscription/feed%2F"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
    ("Feedbin", "https://feedbin.com/?subscribe="),
];

/// Writes the section about one feed.
pub(super) fn subscribe(words: &Words, masthead: &Masthead, addresses: &Addresses) -> Markup {
    html! {
        section class="subscribe" aria-labelledby="page-subscribe" lang=[words.foreign(masthead)] dir=[words.direction(masthead)] {
            h2 id="page-subscribe" { (words.subscribe) }
            p { (words.what_a_feed_is) }
            (documents(masthead, addresses))
            // Readers support RSS and Atom, which precede JSON.
            @if let Some((_, document)) = addresses.documents().next() {
                p { a class="button" href=(for_readers(&document)) { (words.open_in_reader) } }
                p { (words.web_readers) }
                ul class="readers" { @for (name, add) in WEB_READERS { li { a href={ (add) (encoded(&document)) } { (name) } } } }
            }
        }
    }
}

/// Writes the link to the section for narrow screens, on which the section is below the articles.
pub(super) fn jump(words: &Words, masthead: &Masthead) -> Markup {
    html! { p class="jump" lang=[words.foreign(masthead)] { a class="button" href="#page-subscribe" { (words.subscribe) } } }
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

/// Returns the URL that opens a feed in a program registered for `feed:`.
///
/// `feed:` precedes the whole URL. The Nu checker only knows `feed://host`, but some programs open that
/// with `http` and others with `https`, whereas `NetNewsWire` and others accept this form with its scheme.
/// RFC 3986 allows it (path-rootless).
fn for_readers(document: &Address) -> String {
    format!("feed:{document}")
}

/// Returns a URL as a part of another one.
fn encoded(document: &Address) -> impl std::fmt::Display {
    utf8_percent_encode(document.as_str(), NON_ALPHANUMERIC)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{addresses, masthead};
    use super::*;

    #[test]
    fn web_readers_get_the_encoded_url_of_the_first_format() {
        let masthead = masthead("en");
        let section = subscribe(Words::of(&masthead.language), &masthead, &addresses("tags/a/")).into_string();
        let url = "https%3A%2F%2Ffeeds%2Eexample%2Eorg%2Ftags%2Fa%2Frss%2Exml";
        assert!(section.contains(&format!("href=\"https://feedly.com/i/subscription/feed%2F{url}\"")), "{section}");
        assert_eq!(section.matches(url).count(), WEB_READERS.len());
    }
}
