//! Tests of what is counted, with thousands of simulated readers.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::*;

const NOON: i64 = 20_000 * DAY + DAY / 2;

fn poll(at: i64, path: &'static str, client: u32, agent: &'static str) -> Poll<'static> {
    let client = Some(ClientId::Address(Ipv4Addr::from_bits(client).into()));
    Poll { at, path, client, agent: Some(agent), answer: PollAnswer::Full(Conditional::No, 100) }
}

/// Numbers without a pattern.
struct Random(u64);

impl Random {
    fn next_u32(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 32) as u32
    }
}

#[test]
fn direct_readers_of_a_hundred_feeds_are_within_seven_percent_but_for_one() {
    let mut random = Random(7);
    let far: Vec<_> = (0..100)
        .filter_map(|feed| {
            let wanted = (10_u64.pow(feed % 5) * (1 + u64::from(feed % 9))).min(20_000);
            let mut audience = Audience::new(AudienceBounds::Bounded);
            let mut networks = std::collections::HashSet::new();
            while (networks.len() as u64) < wanted {
                let network = random.next_u32();
                if networks.insert(network >> 8) {
                    audience.observe(&poll(NOON, "/rss.xml", network, "Miniflux/1"));
                    // The same reader again, from another address of its network.
                    if network.is_multiple_of(8) {
                        audience.observe(&poll(NOON, "/atom.xml", network ^ 0x55, "Miniflux/1.2"));
                    }
                }
            }
            let found = audience.report(NOON).feeds[0].direct;
            (found.abs_diff(wanted) * 100 > wanted * 7).then_some((wanted, found))
        })
        .collect();
    assert!(far.len() <= 1, "{far:?}");
}

#[test]
fn a_reader_is_a_network_and_a_family_on_a_day() {
    let mut audience = Audience::new(AudienceBounds::Log);
    let v6 = |text: &str| Some(ClientId::Address(text.parse::<Ipv6Addr>().unwrap().into()));
    for (at, client) in [
        (NOON, v6("2001:db8:1:1::1")),
        (NOON, v6("2001:db8:1:2::1")),
        (NOON, v6("2001:db8:2::1")),
        (NOON, v6("::ffff:10.0.0.1")),
        (NOON, Some(ClientId::Address(Ipv4Addr::new(10, 0, 0, 2).into()))),
        (NOON + DAY, v6("2001:db8:2::1")),
    ] {
        audience.observe(&Poll { at, client, ..poll(NOON, "/rss.xml", 0, "Miniflux/1") });
    }
    audience.observe(&poll(NOON, "/rss.xml", 0x0a00_0001, "newsboat/2"));
    // No readers: an aggregator, a crawler, an unknown client.
    audience.observe(&poll(NOON, "/rss.xml", 1 << 8, "Feedly/1.0 (poller; 3 subscribers;)"));
    audience.observe(&poll(NOON, "/rss.xml", 2 << 8, "Googlebot/2.1"));
    audience.observe(&Poll { client: None, ..poll(NOON, "/rss.xml", 0, "Miniflux/1") });
    assert_eq!(audience.report(NOON + DAY).feeds[0].direct, 4);
    assert_eq!(audience.report(NOON + DAY).day, Some(20_000));
    assert_eq!(audience.report(NOON + 2 * DAY).feeds[0].direct, 1);
    assert_eq!(audience.report(NOON + 3 * DAY).feeds[0].direct, 0);
}

#[test]
fn readers_of_the_first_day_are_shown_until_it_is_over() {
    let mut audience = Audience::new(AudienceBounds::Bounded);
    assert_eq!(audience.report(NOON), AudienceReport { day: None, feeds: vec![], clients: vec![] });
    audience.observe(&poll(NOON, "/rss.xml", 1, "Miniflux/1"));
    assert_eq!(audience.report(NOON).feeds[0].direct, 1);
    audience.observe(&poll(NOON + DAY, "/rss.xml", 1, "Miniflux/1"));
    audience.observe(&poll(NOON + DAY, "/rss.xml", 256, "Miniflux/1"));
    assert_eq!(audience.report(NOON + DAY).feeds[0].direct, 1);
}

#[test]
fn the_last_number_within_48_hours_counts_and_formats_are_added() {
    let mut audience = Audience::new(AudienceBounds::Log);
    let hour = 3600;
    for (hours, path, agent) in [
        (0, "/a/rss.xml", "Feedly/1.0 (poller; 10 subscribers;)"),
        (2, "/a/rss.xml?x=1", "Feedly/1.0 (poller; 12 subscribers;)"),
        // An older line may come later, from another file.
        (1, "/a/rss.xml", "Feedly/1.0 (poller; 11 subscribers;)"),
        (3, "/a/atom.xml", "Feedly/1.0 (poller; 5 subscribers;)"),
        (3, "/a/atom.xml", "Feedbin feed-id:1 - 2 subscribers"),
        (3, "/a/atom.xml", "Feedbin feed-id:2 - 40 subscribers"),
        (4, "/a/atom.xml", "Feedbin feed-id:2 - 41 subscribers"),
        (3, "/b/feed.json", "SomeReader/2.1 (1,204 readers)"),
        (3, "/b/other.json", "SomeReader/2.1 (99 readers)"),
    ] {
        audience.observe(&poll(NOON + hours * hour, path, 1, agent));
    }
    let shown = |hours: i64| -> Vec<(String, Vec<(String, u64)>)> {
        let feeds = audience.report(NOON + hours * hour).feeds.into_iter();
        let names = |feed: FeedReaders| feed.aggregators.into_iter().map(|(name, sum)| (name.into(), sum)).collect();
        feeds.map(|feed| (feed.feed.to_string(), names(feed))).collect()
    };
    let row = |name: &str, sum| (name.to_owned(), sum);
    let b = ("/b/".to_owned(), vec![row("SomeReader", 1204)]);
    assert_eq!(shown(4), [b.clone(), ("/a/".to_owned(), vec![row("Feedbin", 43), row("Feedly", 17)])]);
    assert_eq!(shown(50), [b.clone(), ("/a/".to_owned(), vec![row("Feedbin", 43), row("Feedly", 17)])]);
    assert_eq!(shown(51), [b, ("/a/".to_owned(), vec![row("Feedbin", 43), row("Feedly", 5)])]);
    assert_eq!(shown(53)[0].1, []);
}

#[test]
fn the_largest_feeds_of_a_day_get_the_sketches_of_the_next() {
    let mut audience = Audience::new(AudienceBounds::Bounded);
    let paths: Vec<&'static str> = (0..300).map(|n| &*format!("/{n}/rss.xml").leak()).collect();
    for (n, path) in (0_u32..).zip(&paths) {
        // The last are the largest.
        (0..=n / 100).for_each(|client| audience.observe(&poll(NOON, path, client << 8, "Miniflux/1")));
    }
    let direct = |audience: &Audience, at: i64, feed: &str| {
        audience.report(at).feeds.into_iter().find(|readers| &*readers.feed == feed).map(|readers| readers.direct)
    };
    assert_eq!(direct(&audience, NOON, "/0/"), Some(1));
    assert_eq!(direct(&audience, NOON, "/299/"), Some(0), "the sketches were in use");
    for path in &paths {
        audience.observe(&poll(NOON + DAY, path, 1, "Miniflux/1"));
    }
    assert_eq!(direct(&audience, NOON + 2 * DAY, "/299/"), Some(1));
    assert_eq!(direct(&audience, NOON + 2 * DAY, "/0/"), Some(0));
    assert_eq!(direct(&audience, NOON + DAY, "/0/"), Some(1), "yesterday's are shown until tomorrow");
    // Feeds without polls are forgotten.
    audience.observe(&poll(NOON + 9 * DAY, "/rss.xml", 1, "Miniflux/1"));
    audience.observe(&poll(NOON + 12 * DAY, "/rss.xml", 1, "Miniflux/1"));
    assert_eq!(audience.feeds.len(), 1);
}

#[test]
fn clients_that_invent_names_cost_no_memory() {
    let mut audience = Audience::new(AudienceBounds::Bounded);
    for n in 0..20_000 {
        let agent = format!("Agent{n}/1.0 ({n} subscribers)");
        audience.observe(&Poll { agent: Some(&agent), ..poll(NOON, "/rss.xml", n << 8, "") });
    }
    let report = audience.report(NOON);
    assert!(report.clients.len() <= MOST_FAMILIES && audience.agents.len() <= MOST_AGENTS);
    assert!(report.feeds[0].aggregators.len() <= MOST_FAMILIES);
    assert_eq!(report.clients.iter().map(|client| client.polls).sum::<u64>(), 20_000);
}

#[test]
fn the_habits_of_a_family_are_counted() {
    let mut audience = Audience::new(AudienceBounds::Bounded);
    for (minutes, answer) in [
        (0, PollAnswer::Full(Conditional::No, 100)),
        (30, PollAnswer::Full(Conditional::No, 100)),
        (60, PollAnswer::NotModified),
        (90, PollAnswer::Full(Conditional::Yes, 150)),
    ] {
        audience.observe(&Poll { answer, ..poll(NOON + minutes * 60, "/rss.xml", 1, "newsboat/2.21.0") });
    }
    let wanted = ClientFigures {
        name: "newsboat".into(),
        polls: 4,
        conditional: 2,
        not_modified: 1,
        interval: Some(1800),
        wasted: 100,
    };
    assert_eq!(audience.report(NOON).clients, [wanted]);
}

#[test]
fn extreme_moments_and_lengths_overflow_no_figure() {
    let mut audience = Audience::new(AudienceBounds::Log);
    for at in [i64::MIN, i64::MAX, i64::MIN, i64::MAX] {
        let answer = PollAnswer::Full(Conditional::No, u64::MAX);
        audience.observe(&Poll { answer, ..poll(at, "/rss.xml", 1, "Feedly/1.0 (9 subscribers)") });
        audience.observe(&Poll { answer, ..poll(at, "/rss.xml", 1, "Feedly/1.0 (9 subscribers)") });
    }
    let report = audience.report_of_log();
    assert_eq!(report.clients[0].wasted, u64::MAX);
}
