//! Sample sites for the tests of pages.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::ArticlePage;
use crate::article::body::{BodyText, Markup};
use crate::feed::{
    Address, Addresses, Catalogue, Category, Enclosure, Entry, EntryBody, Feed, Format, Headline, Html, Image, Kind,
    Language, Listing, Masthead, Person, Text,
};
use crate::key::Topic;
use crate::syntax::date::TimeZone;

pub(crate) fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn instant() -> DateTime<Utc> {
    DateTime::from_timestamp(1_769_817_600, 0).unwrap()
}

pub(crate) fn addresses(path: &str) -> Addresses {
    Addresses { page: address(&format!("https://feeds.example.org/{path}")), formats: Format::ALL.into() }
}

pub(crate) fn masthead(language: &str) -> Arc<Masthead> {
    Arc::new(Masthead {
        title: Text::line(if language.starts_with("zh") { "光年资讯" } else { "The Lightyear" }),
        base: address("https://feeds.example.org/"),
        home: address("https://news.example.org/"),
        start: address("https://feeds.example.org/"),
        language: Language::parse(language).unwrap(),
        sections: vec![Kind::Category, Kind::Tag, Kind::Author],
        time_zone: TimeZone::UTC,
        author: None,
        license: None,
        copyright: Some(Text::line("© 2026 Example")),
        icon: None,
        ttl: 60,
        hubs: Vec::new(),
        style_sheet: None,
    })
}

fn listing(topic: Topic, names: &[&str], title: &str, path: &str, count: usize) -> Listing {
    let names = names.iter().map(|name| Text::line(name)).collect();
    Listing {
        key: topic.into(),
        masthead: masthead("en"),
        taxonomy: None,
        language: Language::undetermined(),
        names,
        title: Text::line(title),
        addresses: addresses(path),
        count,
        updated: Some(instant()),
    }
}

pub(crate) fn category(_: &Masthead, path: &str, count: usize) -> Listing {
    let names: Vec<&str> = path.split('/').collect();
    let key = Topic::Category(names.iter().map(|&name| Arc::from(name)).collect());
    listing(key, &names, &names.join(" / "), &format!("categories/{}/", path.to_lowercase().replace(' ', "-")), count)
}

pub(crate) fn tag(name: &str, count: usize) -> Listing {
    listing(Topic::Tag(name.into()), &[name], &format!("#{name}"), &format!("tags/{}/", name.to_lowercase()), count)
}

pub(crate) fn catalogue_with(language: &str, feeds: impl IntoIterator<Item = Listing>) -> Catalogue {
    let mut listings = vec![listing(Topic::Site, &[], masthead(language).title.as_str(), "", 1284)];
    listings.extend(feeds);
    let description = if language.starts_with("zh") {
        "科技、商业与互联网的每日观察。"
    } else {
        "Science and technology, calmly explained."
    };
    Catalogue {
        languages: Vec::new(),
        language: None,
        masthead: masthead(language),
        description: Text::line(description),
        listings,
        updated: instant(),
        ahead: false,
    }
}

pub(crate) fn catalogue(language: &str) -> Catalogue {
    let masthead = masthead(language);
    let paths = if language.starts_with("zh") {
        ["新媒体", "新媒体/趣头条", "互联网", "科学"]
    } else {
        ["Space", "Space/Mars", "Energy", "Medicine"]
    };
    let mut feeds =
        vec![listing(Topic::Feed("long-reads".into()), &["long-reads"], "Long reads", "feeds/long-reads/", 48)];
    feeds.extend(paths.iter().zip([412, 120, 96, 1]).map(|(path, count)| category(&masthead, path, count)));
    feeds.extend(["AI", "人工智能", "rust", "数据"].iter().zip([88, 61, 12, 3]).map(|(name, count)| tag(name, count)));
    feeds.push(listing(Topic::Author("li".into()), &["李雷"], "李雷", "authors/li-lei/", 77));
    catalogue_with(language, feeds)
}

pub(crate) fn body(html: &str) -> EntryBody {
    let page = address("https://feeds.example.org/articles/a/");
    EntryBody {
        source: BodyText::new(html, Markup::HTML),
        above: None,
        known: Vec::new(),
        rewrite: Arc::default(),
        own: None,
        address: page.clone(),
        root: page,
        html: Html::default(),
    }
}

fn entry(language: &str, n: usize) -> Entry {
    let chinese = language.starts_with("zh");
    let (title, summary) = if chinese {
        ("趣头条再次更换首席执行官：下沉市场的流量生意还能做多久，三位前员工这样回答", "便宜的流量并不便宜。")
    } else {
        ("What the rover found under the oldest dune of the northern plains", "Cheap water is not cheap. ")
    };
    let category = |path: &str, name: &str| Category {
        names: name.split('/').map(Text::line).collect(),
        page: addresses(path).page,
    };
    let image = Image {
        url: address(&format!("https://feeds.example.org/media/2026/picture-{n}.jpg?a=1&b=2")),
        media_type: "image/jpeg",
        length: Some(90_000),
        width: Some(1200),
        height: Some(800),
        alt: Some(Text::line("A dune")),
        credit: None,
    };
    Entry {
        id: Text::line(&format!("urn:uuid:{}", Uuid::nil())),
        title: Text::line(title),
        link: address(&format!("https://feeds.example.org/articles/2026/a-{n}/")),
        page: address(&format!("https://feeds.example.org/articles/2026/a-{n}/")),
        published: Some(instant() - TimeDelta::days(i64::try_from(n).unwrap())),
        updated: Some(instant()),
        authors: vec![Person { name: Text::line("李雷"), email: None, url: None }],
        categories: vec![
            category("categories/xin-mei-ti/qu-tou-tiao/", "新媒体/趣头条"),
            category("categories/hu-lian-wang/", "互联网"),
        ],
        tags: vec![(Text::line("数据"), addresses("tags/shu-ju/").page)],
        language: None,
        summary: Some(Text::line(&summary.repeat(20))),
        translations: Vec::new(),
        body: body("<p>Text.</p>"),
        contributors: Vec::new(),
        comments: None,
        license: None,
        external_url: None,
        enclosure: Some(Enclosure {
            url: address("https://cdn.example.org/a/episode%201.mp3"),
            media_type: Text::line("audio/mpeg"),
            length: None,
            duration: None,
        }),
        other_attachments: Vec::new(),
        episode: None,
        image: (n % 4 != 3).then_some(image),
        gallery: Vec::new(),
    }
}

pub(crate) fn headline(language: &str, n: usize) -> Headline {
    let Entry { title, link, page, published, updated, language, .. } = entry(language, n);
    Headline { title, link, page, published, updated, language }
}

pub(crate) fn feed_of(language: &str, entries: usize) -> Feed {
    let masthead = masthead(language);
    let page = addresses("categories/xin-mei-ti/qu-tou-tiao/");
    Feed {
        key: Topic::Category(["新媒体".into(), "趣头条".into()].into()).into(),
        id: Text::line("urn:uuid:00000000-0000-0000-0000-000000000000"),
        title: Text::line(&format!("新媒体 / 趣头条 · {}", masthead.title)),
        description: Text::line("下沉市场里的内容平台。"),
        language: masthead.language.clone(),
        image: None,
        podcast: None,
        link: page.page.clone(),
        addresses: page,
        bodies: usize::MAX,
        max_bytes: 1 << 20,
        updated: instant(),
        ahead: false,
        entries: (0..entries).map(|n| Arc::new(entry(language, n))).collect(),
        is_cut: false,
        count: entries,
        masthead,
    }
}

pub(crate) fn article_page(language: &str, edit: impl FnOnce(&mut Entry)) -> ArticlePage {
    let mut entry = entry(language, 0);
    edit(&mut entry);
    let mut feed = category(&masthead(language), "新媒体/趣头条", 3);
    feed.addresses = addresses("categories/xin-mei-ti/qu-tou-tiao/");
    ArticlePage {
        masthead: masthead(language),
        entry: Arc::new(entry),
        feeds: vec![feed],
        site: addresses(""),
        elsewhere: false,
        canonical_url: None,
    }
}
