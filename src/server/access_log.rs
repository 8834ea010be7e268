//! The access log: one event a request, for whoever turned it on.
//!
//! Knows how clients name themselves. Never writes a query, an address of a
//! person or a header as it came.

use std::time::Instant;

use actix_web::http::Method;
use actix_web::http::StatusCode;

use super::condition::Reason;
use super::counters::Kind;

/// Whether requests are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessLog {
    /// No, and nothing is spent on it.
    Off,
    /// As events of target `access`.
    On,
}

impl AccessLog {
    /// When a request began, if anybody will want to know.
    pub(super) fn begin(self) -> Option<Instant> {
        (self == Self::On).then(Instant::now)
    }
}

/// A request and what became of it.
pub(super) struct Line<'a> {
    pub method: &'a Method,
    pub path: &'a str,
    pub agent: Option<&'a str>,
    pub kind: Kind,
    pub status: StatusCode,
    pub bytes: u64,
    pub reason: Option<Reason>,
}

/// Writes the line of a request that began at that instant.
pub(super) fn write(began: Instant, line: &Line) {
    let micros = u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX);
    tracing::info!(
        target: "access",
        method = line.method.as_str(),
        path = line.path,
        route = line.kind.as_str(),
        status = line.status.as_u16(),
        bytes = line.bytes,
        agent = family(line.agent),
        ms = f64::from(micros) / 1000.0,
        why = line.reason.map(Reason::as_str),
    );
}

/// Words in a User-Agent, in lower case, and whom they give away. Who borrows
/// another's word stands before it: `FreshRSS` is built on `SimplePie`, every
/// browser is Mozilla.
const FAMILIES: [(&str, &str); 42] = [
    ("miniflux", "Miniflux"),
    ("freshrss", "FreshRSS"),
    ("netnewswire", "NetNewsWire"),
    ("feedly", "Feedly"),
    ("inoreader", "Inoreader"),
    ("feedbin", "Feedbin"),
    ("newsblur", "NewsBlur"),
    ("tiny tiny rss", "tt-rss"),
    ("tt-rss", "tt-rss"),
    ("nextcloud-news", "Nextcloud News"),
    ("nextcloudnews", "Nextcloud News"),
    ("feedio", "feed-io"),
    ("feed-io", "feed-io"),
    ("newsboat", "newsboat"),
    ("newsbeuter", "newsboat"),
    ("liferea", "Liferea"),
    ("commafeed", "CommaFeed"),
    ("yarr", "yarr"),
    ("akregator", "Akregator"),
    ("rss guard", "RSS Guard"),
    ("rssguard", "RSS Guard"),
    ("fluent reader", "Fluent Reader"),
    ("fluent-reader", "Fluent Reader"),
    // Its name is not in it.
    ("spacecowboys android rss reader", "Feeder"),
    ("readyou", "ReadYou"),
    ("reeder", "Reeder"),
    ("unread", "Unread"),
    ("vienna", "Vienna"),
    ("thunderbird", "Thunderbird"),
    ("theoldreader", "The Old Reader"),
    ("feedfetcher-google", "Feedfetcher"),
    ("googlebot", "Googlebot"),
    ("bingbot", "bingbot"),
    ("simplepie", "SimplePie"),
    ("feedparser", "feedparser"),
    ("wordpress", "WordPress"),
    ("edg/", "Edge"),
    ("firefox/", "Firefox"),
    ("chrome/", "Chrome"),
    ("safari/", "Safari"),
    ("python-requests", "requests"),
    ("go-http-client", "Go"),
];

/// Whose User-Agent this is: one of a list, else its first product.
fn family(agent: Option<&str>) -> &str {
    let Some(agent) = agent else {
        return "none";
    };
    let small = agent.to_ascii_lowercase();
    let known = FAMILIES.iter().find(|(word, _)| small.contains(word));
    known.map_or_else(|| product(agent), |(_, family)| family)
}

/// The first product, if it is a plain short word: anybody writes this.
fn product(agent: &str) -> &str {
    let end = agent.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_.".contains(letter));
    match &agent[..end.unwrap_or(agent.len())] {
        word if (1..=32).contains(&word.len()) => word,
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_told_apart_by_family() {
        let table = [
            ("Mozilla/5.0 (compatible; Miniflux/2.2.0; +https://miniflux.app)", "Miniflux"),
            ("FreshRSS/1.27.0 (Linux; https://freshrss.org) like SimplePie/1.8", "FreshRSS"),
            ("Tiny Tiny RSS/23.05 (https://tt-rss.org/)", "tt-rss"),
            ("newsboat/2.21.0 (Linux 6.1.0)", "newsboat"),
            ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 3 subscribers)", "Feedly"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "Firefox"),
            ("Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36", "Chrome"),
            ("Mozilla/5.0 (compatible; inoreader.com; 12 subscribers)", "Inoreader"),
            ("UniversalFeedParser/5.2.1 +https://code.google.com/p/feedparser/", "feedparser"),
            ("okhttp/4.12.0", "okhttp"),
            ("curl/8.5.0", "curl"),
            ("MyReader/1.0", "MyReader"),
            ("", "other"),
            ("<script>", "other"),
            ("\u{65b0}\u{95fb}/1", "other"),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/1", "other"),
        ];
        for (agent, wanted) in table {
            assert_eq!(family(Some(agent)), wanted, "{agent}");
        }
        assert_eq!(family(None), "none");
    }

    #[test]
    fn nothing_is_measured_for_a_log_that_is_off() {
        assert!(AccessLog::Off.begin().is_none());
        assert!(AccessLog::On.begin().is_some());
    }
}
