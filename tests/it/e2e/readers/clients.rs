//! Feed readers with the headers they send and their handling of validators, taken from their sources or
//! recorded (docs/decisions/wire.md#poll-behaviour-of-each-client).
use std::collections::BTreeMap;

use chrono::{TimeDelta, Utc};

use crate::driver::{Answer, Connection, TestServer};

/// Which validators a reader sends back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Returns {
    Both,
    DateAlone,
}

/// How a reader treats its validators when it gets a 304.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At304 {
    Keeps,
    /// Replaces them by those of the 304, and drops those that the 304 lacks.
    Replaces,
    /// Keeps the tag and takes the new date.
    TakesTheDate,
}

/// Further behaviour that has broken some subscriptions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Habit {
    None,
    /// Sends HEAD before it subscribes, then a GET that claims to have a copy of a year ago.
    ProbesWithHead,
    /// Sends no validators with its second poll.
    ForgetsOnce,
    /// Adds a query that makes every URL unique, to bypass caches.
    BustsCaches,
}

pub struct Client {
    pub name: &'static str,
    pub agent: &'static str,
    headers: &'static [(&'static str, &'static str)],
    /// Sent only together with validators.
    when_conditional: &'static [(&'static str, &'static str)],
    returns: Returns,
    at_304: At304,
    habit: Habit,
}

const SIMPLEPIE: &str = "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, \
     text/xml;q=0.8, text/html;q=0.7, unknown/unknown;q=0.1, application/unknown;q=0.1, */*;q=0.1";
const FEEDPARSER: &str = "application/atom+xml,application/rdf+xml,application/rss+xml,application/x-netcdf,\
     application/xml;q=0.9,text/xml;q=0.2,*/*;q=0.1";
const CHROMIUM: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,\
     */*;q=0.8,application/signed-exchange;v=b3;q=0.7";
const DELTA: &[(&str, &str)] = &[("A-IM", "feed")];

const fn client(name: &'static str, agent: &'static str, headers: &'static [(&'static str, &'static str)]) -> Client {
    let (returns, at_304, habit) = (Returns::Both, At304::Keeps, Habit::None);
    Client { name, agent, headers, when_conditional: &[], returns, at_304, habit }
}

pub const ALL: [Client; 17] = [
    Client {
        at_304: At304::TakesTheDate,
        ..client(
            "Miniflux",
            "Mozilla/5.0 (compatible; Miniflux/2.2.14; +https://miniflux.app)",
            &[
                (
                    "Accept",
                    "application/xml,application/atom+xml,application/rss+xml,application/rdf+xml,\
                     application/feed+json,text/html,*/*;q=0.9",
                ),
                ("Accept-Encoding", "br,gzip"),
                ("Connection", "close"),
            ],
        )
    },
    Client {
        at_304: At304::Replaces,
        ..client(
            "FreshRSS",
            "FreshRSS/1.27.1 (Linux; https://freshrss.org)",
            &[("Accept", SIMPLEPIE), ("Accept-Encoding", "deflate, gzip, br, zstd")],
        )
    },
    client(
        "SimplePie",
        "SimplePie/1.8.1 (Feed Parser; http://simplepie.org; Allow like Gecko) Build/1",
        &[("Accept", SIMPLEPIE), ("Accept-Encoding", "gzip, deflate")],
    ),
    Client {
        at_304: At304::Replaces,
        ..client(
            "NetNewsWire",
            "NetNewsWire (RSS Reader; https://netnewswire.com/)",
            &[("Accept", "*/*"), ("Accept-Encoding", "gzip, deflate, br"), ("Accept-Language", "en-US,en;q=0.9")],
        )
    },
    client(
        "CommaFeed",
        "CommaFeed/5.11.1 (https://github.com/Athou/commafeed)",
        &[("Accept-Encoding", "gzip, x-gzip, deflate"), ("Connection", "close")],
    ),
    Client {
        returns: Returns::DateAlone,
        habit: Habit::ProbesWithHead,
        ..client(
            "Nextcloud News",
            "NextCloud-News/1.0",
            &[
                (
                    "Accept",
                    "application/rss+xml, application/rdf+xml;q=0.8, application/atom+xml;q=0.6, \
                     application/xml;q=0.4, text/xml;q=0.4, */*;q=0.2",
                ),
                ("Accept-Encoding", "gzip, deflate, br"),
            ],
        )
    },
    Client {
        returns: Returns::DateAlone,
        ..client(
            "tt-rss",
            "Tiny Tiny RSS/25.06 (https://tt-rss.org/)",
            &[("Accept", "*/*"), ("Accept-Encoding", "deflate, gzip, br, zstd")],
        )
    },
    Client {
        when_conditional: DELTA,
        habit: Habit::ForgetsOnce,
        ..client(
            "newsboat",
            "newsboat/2.21.0 (Linux 6.1.0)",
            &[("Accept", "*/*"), ("Accept-Encoding", "gzip, deflate")],
        )
    },
    client(
        "Liferea",
        "Liferea/1.15.8 (Linux; https://lzone.de/liferea/)",
        &[
            ("Accept", "application/atom+xml,application/xml;q=0.9,text/xml;q=0.8,*/*;q=0.7"),
            ("Accept-Encoding", "gzip, deflate, br"),
            ("A-IM", "feed"),
        ],
    ),
    client(
        "Feedbin",
        "Feedbin feed-id:1373711 - 12 subscribers",
        &[("Accept-Encoding", "gzip, deflate"), ("Connection", "close")],
    ),
    client("yarr", "Yarr/1.0", &[("Accept-Encoding", "gzip"), ("Connection", "close")]),
    client(
        "feedparser",
        "feedparser/6.0.14 +https://github.com/kurtmckee/feedparser/",
        &[("Accept", FEEDPARSER), ("Accept-Encoding", "gzip, deflate"), ("A-Im", "feed"), ("Connection", "close")],
    ),
    Client {
        when_conditional: DELTA,
        habit: Habit::BustsCaches,
        ..client(
            "NewsBlur",
            "NewsBlur Feed Fetcher - 3 subscribers - http://www.newsblur.com/site/1/x (Mozilla/5.0 (Macintosh))",
            &[("Accept", FEEDPARSER), ("Accept-Encoding", "gzip, deflate")],
        )
    },
    client(
        "Feeder",
        "SpaceCowboys Android RSS Reader / 2.13.4(325)",
        &[("Accept-Encoding", "gzip"), ("Connection", "Keep-Alive")],
    ),
    client("ReadYou", "ReadYou / 0.14.2(42)", &[("Accept-Encoding", "gzip"), ("Connection", "Keep-Alive")]),
    client(
        "Chrome",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
        &[
            ("Accept", CHROMIUM),
            ("Accept-Encoding", "gzip, deflate, br, zstd"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
            ("Cache-Control", "max-age=0"),
        ],
    ),
    client(
        "Firefox",
        "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
        &[
            ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
            ("Accept-Encoding", "gzip, deflate, br, zstd"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
        ],
    ),
];

/// A reader that has subscribed to one feed.
pub struct Subscription {
    pub client: &'static Client,
    pub path: &'static str,
    tag: Option<String>,
    date: Option<String>,
    polls: usize,
    /// The titles of the entries in the last full response, by their ids.
    pub titles: Vec<String>,
    /// Every id it ever received, with its first title: the entries that it has shown as new.
    pub ids: BTreeMap<String, String>,
}

impl Subscription {
    pub fn new(client: &'static Client, path: &'static str) -> Self {
        let (titles, ids) = (Vec::new(), BTreeMap::new());
        Self { client, path, tag: None, date: None, polls: 0, titles, ids }
    }

    /// Polls as this reader does, and returns the status.
    #[track_caller]
    pub fn poll(&mut self, server: &TestServer) -> u16 {
        let Client { name, habit, .. } = *self.client;
        let mut conditions: Vec<(&str, String)> = Vec::new();
        if self.polls == 0 && habit == Habit::ProbesWithHead {
            let probe = self.ask(server, "HEAD", &[]);
            probe.assert_status(200);
            if probe.header("last-modified").is_some() {
                let year_ago = Utc::now() - TimeDelta::days(365);
                conditions.push(("If-Modified-Since", year_ago.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
            }
        } else if !(self.polls == 1 && habit == Habit::ForgetsOnce) {
            let tag = self.tag.clone().filter(|_| self.client.returns == Returns::Both);
            conditions.extend(tag.map(|tag| ("If-None-Match", tag)));
            conditions.extend(self.date.clone().map(|date| ("If-Modified-Since", date)));
        }
        let mut headers: Vec<_> = conditions.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if !headers.is_empty() {
            headers.extend(self.client.when_conditional);
        }
        let answer = self.ask(server, "GET", &headers);
        self.polls += 1;
        let own = |header| answer.header(header).map(str::to_owned);
        match answer.status {
            200 => {
                (self.tag, self.date) = (own("etag"), own("last-modified"));
                self.read(&answer);
            }
            304 => match self.client.at_304 {
                At304::Keeps => {}
                At304::Replaces => (self.tag, self.date) = (own("etag"), own("last-modified")),
                At304::TakesTheDate => self.date = own("last-modified").or_else(|| self.date.take()),
            },
            other => panic!("{name} on {}: {other}", self.path),
        }
        answer.status
    }

    fn ask(&self, server: &TestServer, method: &str, more: &[(&str, &str)]) -> Answer {
        let buster = if self.client.habit == Habit::BustsCaches { format!("?_={}", self.polls) } else { String::new() };
        let headers = [&[("User-Agent", self.client.agent)], self.client.headers, more].concat();
        let mut connection = Connection::open(server.address()).unwrap();
        connection.ask(method, &format!("{}{buster}", self.path), &headers).unwrap()
    }

    /// Records a full response, and asserts everything that this reader depends on.
    #[track_caller]
    fn read(&mut self, answer: &Answer) {
        let name = self.client.name;
        let accepted = self.client.headers.iter().find(|(header, _)| *header == "Accept-Encoding");
        let accepted = accepted.map_or("", |(_, value)| value);
        if let Some(coding) = answer.header("content-encoding") {
            assert!(accepted.contains(coding), "{name} cannot read {coding}");
        }
        let cache = answer.must("cache-control");
        assert!(cache.split(',').any(|part| part.trim().starts_with("max-age=")), "{name} finds no max-age: {cache}");
        assert_eq!(answer.header("expires"), None, "{name} would drop its validators");
        assert_eq!(answer.must("vary"), "Accept-Encoding", "{name}");
        assert!(answer.must("content-type").ends_with("; charset=utf-8"), "{name}");
        let entries = answer.feed().entries;
        self.titles.clear();
        for entry in entries {
            let title = entry.title.unwrap().content;
            assert!(entry.id.is_ascii() && entry.id.len() <= 200, "{name}: {}", entry.id);
            self.ids.entry(entry.id).or_insert_with(|| title.clone());
            self.titles.push(title);
        }
    }
}
