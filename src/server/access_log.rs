//! The access log: one event per request, if it is turned on.
//!
//! It never contains a query, the IP address of a client, or a header as it was sent. Clients
//! appear only by the family of their User-Agent.

use std::time::Instant;

use actix_web::http::Method;
use actix_web::http::StatusCode;

use super::condition::Reason;
use super::counters::DocumentKind;

/// Whether requests are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccessLog {
    /// Requests are not logged and not timed.
    Off,
    /// Each request is logged as an event with the target `access`.
    On,
}

impl AccessLog {
    /// The start time of a request, if it will be logged.
    pub(super) fn begin(self) -> Option<Instant> {
        (self == Self::On).then(Instant::now)
    }
}

pub(super) struct AccessLine<'a> {
    pub method: &'a Method,
    pub path: &'a str,
    pub agent: Option<&'a str>,
    pub kind: DocumentKind,
    pub status: StatusCode,
    pub bytes: u64,
    pub reason: Option<Reason>,
}

pub(super) fn write(began: Instant, line: &AccessLine) {
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

/// Words in a User-Agent, in lower case, and the client they identify. The first match counts, so a
/// client comes before the one whose word it also uses: `FreshRSS` is built on `SimplePie`, and
/// every browser says Mozilla.
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
    // Feeder does not send its own name.
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

/// The client family of a User-Agent: a name from the list, or else its first product.
fn family(agent: Option<&str>) -> &str {
    let Some(agent) = agent else {
        return "none";
    };
    let small = agent.to_ascii_lowercase();
    let known = FAMILIES.iter().find(|(word, _)| small.contains(word));
    known.map_or_else(|| product(agent), |(_, family)| family)
}

/// The first product, if it is a short word of plain characters; a client can send anything here.
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
    fn a_user_agent_is_reduced_to_its_family() {
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
    fn no_time_is_measured_while_the_log_is_off() {
        assert!(AccessLog::Off.begin().is_none());
        assert!(AccessLog::On.begin().is_some());
    }
}
