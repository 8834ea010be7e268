//! Sample feeds for the tests of this module: minimal entries, complete entries, and entries with text that
//! would break a careless renderer.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::article::body::{BodyText, Markup};
use crate::feed::{
    Address, Addresses, Category, Enclosure, Entry, EntryBody, Feed, FeedKey, Format, Html, Image, Language, Masthead,
    Person, Text,
};
use crate::syntax::date::TimeZone;

pub(super) fn at(url: &str) -> Address {
    Address::parse(url).unwrap()
}

pub(super) fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_628_089_006 + seconds, 0).unwrap()
}

pub(super) fn person(name: &str, email: Option<&str>) -> Person {
    Person { name: Text::line(name), email: email.map(Text::line), url: None }
}

pub(super) fn image(url: &str, media_type: &'static str) -> Image {
    let alt = Some(Text::line("a <b>bold</b> & plain mill"));
    Image { url: at(url), media_type, length: Some(4321), width: Some(1200), height: Some(630), alt, credit: None }
}

pub(super) fn body(source: &str, address: Address) -> EntryBody {
    let root = at("https://feeds.example.org/");
    EntryBody {
        source: BodyText::new(source, Markup::HTML),
        above: None,
        known: Vec::new(),
        rewrite: Arc::default(),
        own: None,
        address,
        root,
        html: Html::default(),
    }
}

/// Returns an entry with required fields only.
pub(crate) fn bare(number: usize, title: &str) -> Entry {
    let page = at(&format!("https://feeds.example.org/articles/{number}/?a=1&b=2"));
    let body = "<p>Some &amp; text.</p>\n<p><img src=\"x.png?a&amp;b\"></p> ]]> <p>字\u{1f980}</p>";
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, &number.to_be_bytes()).urn().to_string();
    Entry {
        id: Text::line(&id),
        title: Text::line(title),
        link: page.clone(),
        page: page.clone(),
        published: None,
        updated: None,
        authors: Vec::new(),
        categories: Vec::new(),
        tags: Vec::new(),
        language: None,
        translations: Vec::new(),
        summary: None,
        body: self::body(body, page),
        image: None,
        gallery: Vec::new(),
        contributors: Vec::new(),
        comments: None,
        license: None,
        external_url: None,
        enclosure: None,
        other_attachments: Vec::new(),
        episode: None,
    }
}

/// Returns an entry in which every field is set.
pub(super) fn full(number: usize, title: &str) -> Entry {
    let lead = image(&format!("https://feeds.example.org/media/{number}.jpg?w=1&h=2"), "image/jpeg");
    Entry {
        published: Some(instant(0) - TimeDelta::seconds(i64::try_from(number).unwrap())),
        updated: Some(instant(5000) + TimeDelta::milliseconds(250)),
        authors: vec![person("Ann & <i>Co</i>", Some("ann@example.org")), person("張三", None)],
        categories: vec![Category {
            names: vec![Text::line("新媒体"), Text::line("R&D </div> <x>")],
            page: at("https://feeds.example.org/categories/xin-mei-ti/r-d/"),
        }],
        tags: vec![(Text::line("C++ & <T>"), at("https://feeds.example.org/tags/c/"))],
        language: Language::parse("zh-CN"),
        summary: Some(Text::line("1 < 2 & </p> &copy; ]]>")),
        contributors: Vec::new(),
        comments: None,
        license: None,
        external_url: Some(at("https://other.example/a?b=1&c=2")),
        enclosure: Some(Enclosure {
            url: lead.url.clone(),
            media_type: Text::line(lead.media_type),
            length: lead.length,
            duration: None,
        }),
        image: Some(lead),
        ..bare(number, title)
    }
}

pub(super) fn feed_of(entries: Vec<Entry>) -> Feed {
    let masthead = Masthead {
        title: Text::line("Example & <b>News</b>"),
        base: at("https://feeds.example.org/"),
        home: at("https://news.example.org/"),
        start: at("https://feeds.example.org/"),
        language: Language::parse("en").unwrap(),
        sections: Vec::new(),
        time_zone: TimeZone::UTC,
        author: Some(person("Desk", Some("desk@example.org"))),
        license: None,
        copyright: Some(Text::line("© A&B </b>")),
        icon: Some(image("https://feeds.example.org/media/icon.svg", "image/svg+xml")),
        ttl: 30,
        hubs: Vec::new(),
        style_sheet: Some(at("https://feeds.example.org/feed.css")),
    };
    Feed {
        key: FeedKey::SITE,
        id: Text::line(&Uuid::nil().urn().to_string()),
        title: masthead.title.clone(),
        description: Text::line("What <i>happened</i> &amp; why"),
        language: masthead.language.clone(),
        image: masthead.icon.clone(),
        podcast: None,
        addresses: Addresses { page: masthead.base.clone(), formats: Format::ALL.into() },
        link: masthead.home.clone(),
        bodies: usize::MAX,
        max_bytes: 1 << 20,
        updated: instant(5000),
        ahead: false,
        is_cut: false,
        count: entries.len(),
        entries: entries.into_iter().map(Arc::new).collect(),
        masthead: Arc::new(masthead),
    }
}

pub(super) fn hostile() -> Feed {
    let mut titles: Vec<String> = [
        "plain",
        "a <b>bold</b> title",
        "&copy; &amp; &#8; &nbsp",
        "]]> <![CDATA[",
        "end</b>",
        "<div></div>",
        "1 < 2 & 3 > 2",
        "新闻：重庆",
        "🦀",
        "",
        "<?xml?> <!-- -- -->",
        "\"quoted\" 'so'",
    ]
    .map(str::to_owned)
    .into();
    titles.push("長".repeat(600));
    let mut entries: Vec<Entry> = titles.iter().enumerate().map(|(number, title)| full(number, title)).collect();
    entries.extend(titles.iter().enumerate().map(|(number, title)| bare(100 + number, title)));
    let podcast = Enclosure {
        url: at("https://cdn.example.org/1.mp3?a=1&b=2"),
        media_type: Text::line("audio/mpeg"),
        length: None,
        duration: Some(1296),
    };
    entries.push(Entry {
        contributors: Vec::new(),
        comments: None,
        license: None,
        external_url: None,
        enclosure: Some(podcast),
        authors: vec![person("Ann", Some("ann@example.org"))],
        ..full(200, "podcast")
    });
    entries.push(Entry {
        image: Some(image("https://x.example/a.svg", "image/svg+xml")),
        published: None,
        ..full(201, "svg")
    });
    entries.push(Entry { body: body("", at("https://feeds.example.org/")), ..bare(202, "") });
    feed_of(entries)
}
