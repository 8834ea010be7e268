//! What a User-Agent says: the family of the client, and for how many subscribers an aggregator polls.

/// The kind of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AgentKind {
    /// A program or self-hosted service that fetches for one reader.
    Reader,
    /// A service that fetches for many people. Most of them say for how many.
    Aggregator,
    /// A search engine, a chat or a monitor: no reader at all.
    Crawler,
}

use AgentKind::{Aggregator, Crawler, Reader};

/// Words in a User-Agent, in lower case, and the client they identify. The first match counts, so a
/// client comes before the one whose word it also uses: `FreshRSS` is built on `SimplePie`, Feedly
/// says that it is like `FeedFetcher-Google`, and every browser says Mozilla.
const FAMILIES: [(&str, &str, AgentKind); 68] = [
    ("feedmill", "feedmill", Crawler),
    ("miniflux", "Miniflux", Reader),
    ("freshrss", "FreshRSS", Reader),
    ("netnewswire", "NetNewsWire", Reader),
    ("feedly", "Feedly", Aggregator),
    ("inoreader", "Inoreader", Aggregator),
    ("feedbin", "Feedbin", Aggregator),
    ("newsblur", "NewsBlur", Aggregator),
    ("theoldreader", "The Old Reader", Aggregator),
    ("bazqux", "BazQux", Aggregator),
    ("netvibes", "Netvibes", Aggregator),
    ("bloglovin", "Bloglovin", Aggregator),
    ("feedspot", "Feedspot", Aggregator),
    ("feed wrangler", "Feed Wrangler", Aggregator),
    ("feedwrangler", "Feed Wrangler", Aggregator),
    ("feedhq", "FeedHQ", Aggregator),
    ("g2reader", "G2Reader", Aggregator),
    ("livedoor feedfetcher", "livedoor Reader", Aggregator),
    ("hanrss", "HanRSS", Aggregator),
    ("dreamwidth", "Dreamwidth", Aggregator),
    ("livejournal", "LiveJournal", Aggregator),
    ("newsify", "Newsify", Aggregator),
    ("digg feed fetcher", "Digg Reader", Aggregator),
    ("blogtrottr", "Blogtrottr", Aggregator),
    ("feedblitz", "FeedBlitz", Aggregator),
    ("feedburner", "FeedBurner", Aggregator),
    ("superfeedr", "Superfeedr", Aggregator),
    ("flipboard", "Flipboard", Aggregator),
    ("protopage", "Protopage", Aggregator),
    ("tiny tiny rss", "tt-rss", Reader),
    ("tt-rss", "tt-rss", Reader),
    ("nextcloud-news", "Nextcloud News", Reader),
    ("nextcloudnews", "Nextcloud News", Reader),
    ("feedio", "feed-io", Reader),
    ("feed-io", "feed-io", Reader),
    ("newsboat", "newsboat", Reader),
    ("newsbeuter", "newsboat", Reader),
    ("liferea", "Liferea", Reader),
    ("commafeed", "CommaFeed", Reader),
    ("yarr", "yarr", Reader),
    ("akregator", "Akregator", Reader),
    ("rss guard", "RSS Guard", Reader),
    ("rssguard", "RSS Guard", Reader),
    ("fluent reader", "Fluent Reader", Reader),
    ("fluent-reader", "Fluent Reader", Reader),
    // Feeder does not send its own name.
    ("spacecowboys android rss reader", "Feeder", Reader),
    ("readyou", "ReadYou", Reader),
    ("reeder", "Reeder", Reader),
    ("unread", "Unread", Reader),
    ("vienna", "Vienna", Reader),
    ("thunderbird", "Thunderbird", Reader),
    ("feedfetcher-google", "Feedfetcher", Aggregator),
    ("googlebot", "Googlebot", Crawler),
    ("bingbot", "bingbot", Crawler),
    ("slackbot", "Slackbot", Crawler),
    ("discordbot", "Discordbot", Crawler),
    ("telegrambot", "TelegramBot", Crawler),
    ("prometheus", "Prometheus", Crawler),
    ("simplepie", "SimplePie", Reader),
    ("feedparser", "feedparser", Reader),
    ("wordpress", "WordPress", Reader),
    ("edg/", "Edge", Reader),
    ("firefox/", "Firefox", Reader),
    ("chrome/", "Chrome", Reader),
    ("safari/", "Safari", Reader),
    ("python-requests", "requests", Reader),
    ("go-http-client", "Go", Reader),
    ("curl/", "curl", Reader),
];

/// Words by which a client of no known family shows that it is a crawler.
const CRAWLERS: [&str; 6] = ["bot/", "bot;", "bot)", "crawler", "spider", "monitor"];

/// A User-Agent, reduced to what is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Agent<'a> {
    /// A name from the list, or else the first product.
    pub family: &'a str,
    pub kind: AgentKind,
    /// The number of people for whom an aggregator polls, if it says so.
    pub subscribers: Option<u32>,
    /// The aggregator's own number of the feed. It may poll one document under several numbers, for example because
    /// the document has several URLs, and then each has its own subscribers.
    pub feed_id: Option<&'a str>,
}

impl<'a> Agent<'a> {
    pub(crate) fn parse(agent: Option<&'a str>) -> Self {
        let Some(agent) = agent else {
            return Self { family: "none", kind: Reader, subscribers: None, feed_id: None };
        };
        let lower = agent.to_ascii_lowercase();
        let known = FAMILIES.iter().find(|(word, ..)| lower.contains(word));
        let (family, kind) = known.map_or_else(
            || (product(agent), if CRAWLERS.iter().any(|word| lower.contains(word)) { Crawler } else { Reader }),
            |(_, family, kind)| (family, *kind),
        );
        let subscribers = subscribers(&lower);
        let kind = if subscribers.is_some() { Aggregator } else { kind };
        let feed_id = subscribers.and_then(|_| feed_id(agent, &lower));
        Self { family, kind, subscribers, feed_id }
    }
}

/// The first product, if it is a short word of plain characters; a client can send anything here.
/// `Mozilla/5.0 (compatible; NAME/1.0 …)` is NAME.
fn product(agent: &str) -> &str {
    let own = agent.starts_with("Mozilla/").then(|| agent.split_once("(compatible; ")).flatten();
    let agent = own.map_or(agent, |(_, rest)| rest);
    let end = agent.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_.".contains(letter));
    match &agent[..end.unwrap_or(agent.len())] {
        word if (1..=32).contains(&word.len()) => word,
        _ => "other",
    }
}

/// The number before `subscribers` (`subscriber`, `readers`), such as `1,204 readers`.
fn subscribers(lower: &str) -> Option<u32> {
    let before = |word| lower.match_indices(word).map(|(at, _)| &lower[..at]);
    let mut all = before("subscriber").chain(before("readers"));
    all.find_map(|before| {
        let before = before.strip_suffix([' ', '-', '+']).unwrap_or(before);
        let start = before.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == ',').len();
        // `2.0 readers` is a version.
        let is_number = before[..start].ends_with([' ', '(', ';', '-', '=', ':']) || start == 0;
        before[start..].replace(',', "").parse().ok().filter(|_| is_number)
    })
}

/// The word after `feed-id:`, `feed-id=` or `feedID:`.
fn feed_id<'a>(agent: &'a str, lower: &str) -> Option<&'a str> {
    // Both texts have the same length, because only ASCII letters differ.
    let at = ["feed-id", "feedid"].iter().find_map(|word| Some(lower.find(word)? + word.len()))?;
    let rest = agent[at..].trim_start_matches([':', '=', ' ']);
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(agent: Option<&str>) -> &str {
        Agent::parse(agent).family
    }

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
            ("Mozilla/5.0 (compatible; newreader.example; 12 subscribers)", "newreader.example"),
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

    /// Strings that the services send or sent, taken from public logs and their sources.
    #[test]
    fn an_aggregator_says_for_how_many_it_polls() {
        let newsblur = "NewsBlur Feed Fetcher - 27 subscribers - https://www.newsblur.com/site/7704055/a-blog \
                        (\"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15\")";
        let rojo = "Mozilla/5.0 (X11; U; Linux i686; en-US; rv:1.2.1; Rojo 1.0; http://www.rojo.com/corporate/help/agg/; \
                    Aggregating on behalf of 15 subscriber(s) online at http://www.rojo.com/?feed-id=7) Gecko/20021130";
        let table = [
            ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 462 subscribers; )", "Feedly", 462, None),
            (
                "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 1 subscribers; like FeedFetcher-Google)",
                "Feedly",
                1,
                None,
            ),
            ("Feedly/1.0 (poller; 131 subscribers;)", "Feedly", 131, None),
            ("Mozilla/5.0 (compatible; inoreader.com; 114 subscribers)", "Inoreader", 114, None),
            ("Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 195 subscribers; )", "Inoreader", 195, None),
            (newsblur, "NewsBlur", 27, None),
            ("Feedbin feed-id:1373711 - 142 subscribers", "Feedbin", 142, Some("1373711")),
            ("Feedbin feed-id:1234567 - 1 subscriber", "Feedbin", 1, Some("1234567")),
            (
                "Mozilla/5.0 (compatible; theoldreader.com; 1 subscribers; feed-id=cead6c3a837650eeefd8fe4a)",
                "The Old Reader",
                1,
                Some("cead6c3a837650eeefd8fe4a"),
            ),
            ("Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 6 subscribers)", "BazQux", 6, None),
            ("Netvibes (http://www.netvibes.com; 354 subscribers; feedID: 12345)", "Netvibes", 354, Some("12345")),
            ("Bloglovin/1.0 (http://www.bloglovin.com; 12 subscribers)", "Bloglovin", 12, None),
            ("Feedspot/1.0 (+https://www.feedspot.com/fs/fetcher; 9 subscribers)", "Feedspot", 9, None),
            (
                "Feedfetcher-Google; (+http://www.google.com/feedfetcher.html; 167 subscribers; feed-id=99)",
                "Feedfetcher",
                167,
                Some("99"),
            ),
            ("Bloglines/3.1 (http://www.bloglines.com; 154 subscribers)", "Bloglines", 154, None),
            (
                "Dreamwidth Studios (webmaster@dreamwidth.org; for https://www.dreamwidth.org/users/x_feed/; 2 readers)",
                "Dreamwidth",
                2,
                None,
            ),
            (rojo, "Mozilla", 15, Some("7")),
            ("SomeReader/2.1 (1,204 readers)", "SomeReader", 1204, None),
            ("Feed Wrangler/1.0 (1 subscriber; feed-id=123; http://feedwrangler.net)", "Feed Wrangler", 1, Some("123")),
        ];
        for (agent, family, subscribers, feed_id) in table {
            let wanted = Agent { family, kind: Aggregator, subscribers: Some(subscribers), feed_id };
            assert_eq!(Agent::parse(Some(agent)), wanted, "{agent}");
        }
    }

    #[test]
    fn a_client_without_a_number_is_a_reader_an_aggregator_or_a_crawler() {
        let table = [
            ("NetNewsWire (RSS Reader; https://netnewswire.com/)", Reader),
            ("Mozilla/5.0 (compatible; Miniflux/2.2.0; +https://miniflux.app)", Reader),
            ("MyReader/2.0 readers/1", Reader),
            ("Foo/5.0 (subscribers welcome)", Reader),
            ("xé5 subscribers", Reader),
            ("图5 readers", Reader),
            ("feed-id:é 𝟙 subscriber", Reader),
            ("Foo/5.0 (99999999999 subscribers)", Reader),
            ("Feedly/1.0 (http://feedly.com)", Aggregator),
            ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", Crawler),
            ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Crawler),
        ];
        for (agent, kind) in table {
            let parsed = Agent::parse(Some(agent));
            assert_eq!((parsed.kind, parsed.subscribers), (kind, None), "{agent}");
        }
    }
}
