//! Fits a feed into its byte budget, because readers and mail services refuse large feeds.
//!
//! Every entry is charged the size of its texts in the format that needs the most escaping, plus 1 KiB. If
//! the sum exceeds `max_bytes`, the oldest entries lose their bodies first and are dropped next. No body is
//! ever truncated. The sum does not depend on the format, so all formats show the same entries.

use crate::feed::{ENTRY_BYTES, Entry, Feed};

use super::{html, summary, title};

/// Returns the feed with as many bodies and entries as its budget allows; `None` if that is all of them.
pub(crate) fn fit(feed: &Feed) -> Option<Feed> {
    let rests: Vec<usize> = feed.entries.iter().map(|entry| rest(entry)).collect();
    let mut total: usize = rests.iter().sum();
    // Start with the newest entry, so that at most one body is rendered that will not be shown.
    let mut bodies = 0;
    for entry in feed.entries.iter().take(feed.bodies) {
        let body = escaped(&html(entry));
        if total + body > feed.max_bytes {
            entry.body.html.forget();
            break;
        }
        total += body;
        bodies += 1;
    }
    let mut shown = feed.entries.len();
    // Keep at least one entry whatever its size, because an empty feed is of no use to a reader.
    while total > feed.max_bytes && shown > 1 {
        shown -= 1;
        total -= rests[shown];
    }
    if shown == feed.entries.len() && bodies == feed.bodies.min(shown) {
        return None;
    }
    let mut fitted = feed.clone();
    fitted.entries.truncate(shown);
    fitted.bodies = bodies.min(shown);
    fitted.is_cut = true;
    Some(fitted)
}

/// Returns the cost of an entry without its body.
fn rest(entry: &Entry) -> usize {
    escaped(summary(entry).as_str()) + escaped(title(entry).as_str()) + ENTRY_BYTES
}

/// Returns the size of a text in the format that needs the most bytes: `&#x26;` in XML, `\u0007` in JSON,
/// `]]>` split between two CDATA sections.
fn escaped(text: &str) -> usize {
    let (mut xml, mut json) = (0, 0);
    for byte in text.bytes() {
        xml += match byte {
            b'&' | b'<' => 6,
            b'>' => 4,
            _ => 1,
        };
        json += match byte {
            b'"' | b'\\' | b'\n' | b'\t' | b'\r' => 2,
            0..=0x1f => 6,
            _ => 1,
        };
    }
    xml.max(json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::Format;
    use crate::render::sample;

    #[test]
    fn the_oldest_entries_lose_their_bodies_and_are_dropped_next() {
        let whole = sample::hostile();
        let total = whole.entries.len();
        assert_eq!(fit(&Feed { max_bytes: 1 << 24, ..whole.clone() }), None);
        let tight = fit(&Feed { max_bytes: total * 1024 + 3_000, ..whole.clone() }).unwrap();
        assert!(tight.bodies < total, "{}", tight.bodies);
        let tightest = fit(&Feed { max_bytes: 1, ..whole.clone() }).unwrap();
        assert_eq!((tightest.entries.len(), tightest.bodies), (1, 0));
    }

    #[test]
    fn entries_never_exceed_the_byte_budget_of_the_feed() {
        let whole = sample::hostile();
        for max_bytes in [8_000, 16_000, 32_000] {
            let fitted = fit(&Feed { max_bytes, ..whole.clone() }).unwrap_or_else(|| whole.clone());
            for format in Format::ALL {
                let bytes = crate::render::document(&fitted, format).bytes(crate::document::Encoding::Identity);
                assert!(bytes.len() <= max_bytes + 4096, "{format:?}: {} of {max_bytes}", bytes.len());
            }
        }
    }
}
