//! The nine readers that `doctor` asks as, with the headers that they send
//! (docs/decisions/wire.md#poll-behaviour-of-each-client).
//!
//! Content codings that only some builds of a reader know are left out (zstd), and so is the number of subscribers of
//! Feedly, because `stats` would count it.

/// A reader, as servers see it.
#[derive(Debug)]
pub(super) struct FeedReader {
    pub(super) name: &'static str,
    agent: &'static str,
    headers: &'static [(&'static str, &'static str)],
    returns: Returns,
}

/// Which validators a reader sends back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Returns {
    Both,
    DateAlone,
}

const SIMPLEPIE: &str = "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, \
                         application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.7, unknown/unknown;q=0.1, \
                         application/unknown;q=0.1, */*;q=0.1";
const FEEDPARSER: &str = "application/atom+xml,application/rdf+xml,application/rss+xml,application/x-netcdf,\
                          application/xml;q=0.9,text/xml;q=0.2,*/*;q=0.1";

pub(super) static READERS: [FeedReader; 9] = [
    FeedReader {
        name: "Miniflux",
        agent: "Mozilla/5.0 (compatible; Miniflux/2.2.14; +https://miniflux.app)",
        headers: &[
            (
                "Accept",
                "application/xml,application/atom+xml,application/rss+xml,application/rdf+xml,\
                 application/feed+json,text/html,*/*;q=0.9",
            ),
            ("Accept-Encoding", "br,gzip"),
            ("Connection", "close"),
        ],
        returns: Returns::Both,
    },
    FeedReader {
        name: "FreshRSS",
        agent: "FreshRSS/1.27.1 (Linux; https://freshrss.org)",
        headers: &[("Accept", SIMPLEPIE), ("Accept-Encoding", "deflate, gzip, br")],
        returns: Returns::Both,
    },
    FeedReader {
        name: "NetNewsWire",
        agent: "NetNewsWire (RSS FeedReader; https://netnewswire.com/)",
        headers: &[("Accept", "*/*"), ("Accept-Encoding", "gzip, deflate, br"), ("Accept-Language", "en-US,en;q=0.9")],
        returns: Returns::Both,
    },
    FeedReader {
        name: "newsboat",
        agent: "newsboat/2.21.0 (Linux 6.1.0)",
        headers: &[("Accept", "*/*"), ("Accept-Encoding", "gzip, deflate"), ("A-IM", "feed")],
        returns: Returns::Both,
    },
    FeedReader {
        name: "feedparser",
        agent: "feedparser/6.0.14 +https://github.com/kurtmckee/feedparser/",
        headers: &[
            ("Accept", FEEDPARSER),
            ("Accept-Encoding", "gzip, deflate"),
            ("A-IM", "feed"),
            ("Connection", "close"),
        ],
        returns: Returns::Both,
    },
    FeedReader {
        name: "Nextcloud News",
        agent: "NextCloud-News/1.0",
        headers: &[
            (
                "Accept",
                "application/rss+xml, application/rdf+xml;q=0.8, application/atom+xml;q=0.6, \
                 application/xml;q=0.4, text/xml;q=0.4, */*;q=0.2",
            ),
            ("Accept-Encoding", "gzip, deflate, br"),
        ],
        returns: Returns::DateAlone,
    },
    FeedReader {
        name: "Liferea",
        agent: "Liferea/1.15.8 (Linux; https://lzone.de/liferea/)",
        headers: &[
            ("Accept", "application/atom+xml,application/xml;q=0.9,text/xml;q=0.8,*/*;q=0.7"),
            ("Accept-Encoding", "gzip, deflate, br"),
            ("A-IM", "feed"),
        ],
        returns: Returns::Both,
    },
    FeedReader {
        name: "Feedly",
        agent: "Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)",
        headers: &[("Accept", "*/*"), ("Accept-Encoding", "gzip, deflate")],
        returns: Returns::Both,
    },
    FeedReader {
        name: "browser",
        agent: "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
        headers: &[
            ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
            ("Accept-Encoding", "gzip, deflate, br"),
            ("Accept-Language", "en-US,en;q=0.5"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
        ],
        returns: Returns::Both,
    },
];

/// The reader that sends HEAD before it subscribes.
pub(super) static SENDS_HEAD: &FeedReader = &READERS[5];

impl FeedReader {
    /// The headers of its requests.
    pub(super) fn headers(&self) -> Vec<(&'static str, &'static str)> {
        [&[("User-Agent", self.agent)], self.headers].concat()
    }

    /// The conditions of its next poll, after a response with these validators.
    pub(super) fn conditions(
        &self,
        etag: Option<String>,
        last_modified: Option<String>,
    ) -> Vec<(&'static str, String)> {
        let etag = etag.filter(|_| self.returns == Returns::Both).map(|etag| ("If-None-Match", etag));
        etag.into_iter().chain(last_modified.map(|date| ("If-Modified-Since", date))).collect()
    }

    /// Whether it can read a content coding.
    pub(super) fn accepts(&self, coding: &str) -> bool {
        let accepted = self.headers.iter().find(|(name, _)| *name == "Accept-Encoding");
        accepted.is_some_and(|(_, codings)| codings.split(',').any(|known| known.trim() == coding))
    }
}
