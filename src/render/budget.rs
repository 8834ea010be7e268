//! The byte budget of a feed: readers and mail services refuse large ones.
//!
//! An entry costs the largest of its three escaped forms and 1 KiB. Where the
//! sum is over `max_bytes`, the oldest entries become summaries, then go; none
//! is ever cut. The sum is the same for all formats, so they show the same.

use crate::feed::{Entry, Feed};

use super::{html, summary, title};

/// What an entry costs besides its texts: ids, addresses, dates, tags.
const AROUND: usize = 1024;

/// The feed within its budget.
pub fn fit(feed: &Feed) -> Feed {
    let rests: Vec<usize> = feed.entries.iter().map(|entry| rest(entry)).collect();
    let mut total: usize = rests.iter().sum();
    // From the newest on, so that no body is rendered that is not shown, save one.
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
    // One entry stays whatever it costs: an empty feed tells readers nothing.
    while total > feed.max_bytes && shown > 1 {
        shown -= 1;
        total -= rests[shown];
    }
    let mut fitted = feed.clone();
    fitted.entries.truncate(shown);
    fitted.bodies = bodies.min(shown);
    fitted
}

/// What an entry costs without its body.
fn rest(entry: &Entry) -> usize {
    escaped(summary(entry).as_str()) + escaped(title(entry).as_str()) + AROUND
}

/// Bytes of a text in the format that needs most: `&#x26;` in XML, `\u0007` in
/// JSON, `]]>` split in CDATA.
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
    fn the_oldest_entries_become_summaries_then_go() {
        let whole = sample::hostile();
        let total = whole.entries.len();
        let generous = fit(&Feed { max_bytes: 1 << 24, ..whole.clone() });
        assert_eq!((generous.entries.len(), generous.bodies), (total, total));
        let tight = fit(&Feed { max_bytes: total * 1024 + 3_000, ..whole.clone() });
        assert!(tight.bodies < total, "{}", tight.bodies);
        let tightest = fit(&Feed { max_bytes: 1, ..whole.clone() });
        assert_eq!((tightest.entries.len(), tightest.bodies), (1, 0));
    }

    #[test]
    fn no_document_is_larger_than_its_budget_but_for_its_head() {
        let whole = sample::hostile();
        for max_bytes in [8_000, 16_000, 32_000] {
            let fitted = fit(&Feed { max_bytes, ..whole.clone() });
            for format in Format::ALL {
                let bytes = crate::render::document(&fitted, format).bytes(crate::document::Encoding::Identity);
                assert!(bytes.len() <= max_bytes + 4096, "{format:?}: {} of {max_bytes}", bytes.len());
            }
        }
    }
}
