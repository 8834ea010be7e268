//! Whole files, read.

use super::*;
use crate::article::{Directories, Lists, Lore, Zones};

fn manner() -> Manner {
    Manner {
        dialect: Dialect::Plain,
        lists: Lists::Path,
        directories: Directories::Silent,
        zones: Zones::default(),
        undated: Undated::Last,
        lead_keys: vec!["headimg".into()],
        max_bytes: crate::article::MAX_BYTES,
        address_keys: Vec::new(),
        defaults: Vec::new(),
        lore: Lore::default(),
    }
}

fn of(path: &str, text: &str) -> Detailed {
    let place = Place::new(path);
    read(&Source { place: &place, bytes: text.as_bytes(), modified: None }, &manner())
}

fn article(path: &str, text: &str) -> Arc<Article> {
    match of(path, text).skimmed.outcome {
        Outcome::Article(article) => article,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_aggregators_form_is_read_as_it_stands() {
    let text = "\n---\ntitle: '街道：x'\ncategories: \n - 新媒体\n - 趣头条\n - 分类\nheadimg: 'https://p.example/?http://x.example/a.jpeg'\nauthor: 趣头条\ndate: Wed, 04 Aug 2021 14:56:46 GMT\n---\n\n<div>   \n<p>text</p>\n\n<p>more</p>\n</div>\n            ";
    let detailed = of("a.md", text);
    assert_eq!(detailed.skimmed.problems, []);
    let article = article("a.md", text);
    assert_eq!(&*article.title, "街道：x");
    assert_eq!(article.published.unwrap().to_rfc3339(), "2021-08-04T14:56:46+00:00");
    assert_eq!(article.categories[0].len(), 3);
    let detail = detailed.detail.unwrap();
    assert_eq!(detail.markup.syntax, body::Syntax::Html);
    assert_eq!(&*detail.lead[0].reference, "https://p.example/?http://x.example/a.jpeg");
}

#[test]
fn what_is_not_to_be_published_is_hidden() {
    for front in [
        "draft: true",
        "draft: yes",
        "published: false",
        "hidden: true",
        "unlisted: true",
        "password: x",
        "status: draft",
    ] {
        let outcome = of("a.md", &format!("---\ntitle: x\n{front}\n---\n")).skimmed.outcome;
        assert!(matches!(outcome, Outcome::Hidden(_)), "{front}: {outcome:?}");
    }
    for front in ["draft: false", "published: true", "published: 2020-01-01", "password:", "password: ''"] {
        let outcome = of("a.md", &format!("---\ntitle: x\n{front}\n---\n")).skimmed.outcome;
        assert!(matches!(outcome, Outcome::Article(_)), "{front}: {outcome:?}");
    }
}

#[test]
fn an_unreadable_date_is_reported_and_the_file_name_asked() {
    let text = "---\ntitle: x\ndate: Invalid Date\n---\n";
    let detailed = of("2021-08-04-x.md", text);
    assert_eq!(
        detailed.skimmed.problems[0].to_string(),
        "2021-08-04-x.md:3:7: the date `Invalid Date` cannot be read: it is no date"
            .replace("it is no date", detailed.skimmed.problems[0].message.rsplit(": ").next().unwrap())
    );
    assert_eq!(article("2021-08-04-x.md", text).published.unwrap().to_rfc3339(), "2021-08-04T00:00:00+00:00");
    assert_eq!(article("x.md", text).published, None);
}

#[test]
fn a_title_comes_from_heading_or_file_name() {
    assert_eq!(&*article("a/2021-08-04-some-name.md", "---\ndate: 2020-01-01\n---\ntext").title, "some-name");
    assert_eq!(&*article("a/some-name/index.md", "---\ndate: 2020-01-01\n---\n").title, "some-name");
    assert_eq!(&*article("a.md", "---\ndate: 2020-01-01\n---\n# A heading\n").title, "A heading");
    let page = "<head>\n<title>\n A page &amp; x\n</title></head><h1>First part</h1>";
    assert_eq!(&*article("a.html", page).title, "A page & x");
    assert_eq!(&*article("a.html", "<svg><title>bee</title></svg><h1>First part</h1>").title, "First part");
    assert_eq!(&*article("a.md", "---\ntitle: 1.10\n---\n# A heading\n").title, "1.10");
    // Half a character and a control: nothing that a feed can show.
    assert_eq!(&*article("a.md", "---\ntitle: \"\\udd9e\\u0001\"\n---\n# A heading\n").title, "A heading");
    assert_eq!(&*article("a.md", "---\ntitle: '&#123;x&#125;'\n---\n").title, "{x}");
}

#[test]
fn any_bytes_are_read_or_refused() {
    let place = Place::new("a.md");
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("---\r\ntitle: 日\r\n---\r\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for (bytes, title) in
        [(utf16.as_slice(), "日"), (b"\xef\xbb\xbf---\rtitle: x\r---\r", "x"), (b"---\ntitle: x\n---\n\xff", "x")]
    {
        let skimmed = skim(&Source { place: &place, bytes, modified: None }, &manner());
        let Outcome::Article(article) = skimmed.outcome else { panic!() };
        assert_eq!(&*article.title, title);
    }
    let skimmed = skim(&Source { place: &place, bytes: b"---\ntitle: x\n---\n\xff", modified: None }, &manner());
    assert_eq!(skimmed.problems[0].to_string(), "a.md:4:1: the file is not UTF-8 here");
}

#[test]
fn an_edit_before_publication_is_no_edit() {
    let text = "---\ntitle: x\ndate: 2020-01-02\nupdated: 2020-01-01\n---\n";
    assert_eq!(article("a.md", text).updated, None);
}

#[test]
fn an_address_dates_an_article_that_says_no_date() {
    let of = |front: &str| article("MIR/index.md", &format!("+++\ntitle = \"x\"\n{front}\n+++\n")).published;
    let day = |text: &str| Some(text.parse().unwrap());
    assert_eq!(of("path = \"2016/04/19/MIR\""), day("2016-04-19T00:00:00Z"));
    assert_eq!(of("path = \"inside-rust/2025/09/30/all-hands\""), day("2025-09-30T00:00:00Z"));
    assert_eq!(of("path = \"2016/04/19/MIR\"\ndate = 2020-01-01"), day("2020-01-01T00:00:00Z"));
    assert_eq!(of("path = \"about\""), None);
}

#[test]
fn values_of_another_kind_are_read_where_they_mean_something() {
    assert_eq!(&*article("a.md", "---\ntitle: [bees, ants]\n---\n").title, "bees, ants");
    assert_eq!(&*article("a.md", "---\ntitle: {en: bees}\n---\n# Heading\n").title, "Heading");
    assert_eq!(&*article("a.md", "---\ntitle: two\n  lines\n---\n").title, "two lines");
    let day = Some("2020-01-02T00:00:00Z".parse().unwrap());
    assert_eq!(article("a.md", "---\ntitle: x\ndate: [2020-01-02]\n---\n").published, day);
    let odd = of("2020-01-02-a.md", "---\ntitle: x\ndate: {a: b}\n---\n").skimmed;
    assert_eq!(odd.problems[0].code, Code::Value);
    assert_eq!(article("2020-01-02-a.md", "---\ntitle: x\ndate: {a: b}\n---\n").published, day);
    let odd = article("a.md", "---\ntitle: x\nid: 42\ntags: {a: b}\nauthor: [null]\n---\n");
    assert_eq!((odd.id.as_deref(), odd.tags.len(), odd.authors.len()), (Some("42"), 1, 0));
}

#[test]
fn hugo_dates_an_article_by_the_day_of_publication() {
    let of = |dialect, front: &str| {
        let place = Place::new("a.md");
        let text = format!("---\ntitle: x\n{front}\n---\n");
        let manner = Manner { dialect, ..manner() };
        match skim(&Source { place: &place, bytes: text.as_bytes(), modified: None }, &manner).outcome {
            Outcome::Article(article) => article.published.unwrap().date_naive().to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(of(Dialect::Hugo, "date: 2020-01-01\npublished: 2020-01-02"), "2020-01-02");
    assert_eq!(of(Dialect::Hugo, "date: 2020-01-01\npublished: true"), "2020-01-01");
    assert_eq!(of(Dialect::Hugo, "lastmod: 2020-01-03"), "2020-01-03");
    assert_eq!(of(Dialect::Plain, "date: 2020-01-01\npublished: 2020-01-02"), "2020-01-01");
    assert_eq!(of(Dialect::Plain, "published: 2020-01-02"), "2020-01-02");
}

#[test]
fn a_false_password_and_a_local_list_hide_nothing() {
    for front in ["password: false", "build: {list: local}"] {
        let outcome = of("a.md", &format!("---\ntitle: x\n{front}\n---\n")).skimmed.outcome;
        assert!(matches!(outcome, Outcome::Article(_)), "{front}: {outcome:?}");
    }
    for front in ["build: {list: never}", "_build: {list: false}"] {
        let outcome = of("a.md", &format!("---\ntitle: x\n{front}\n---\n")).skimmed.outcome;
        assert!(matches!(outcome, Outcome::Hidden(_)), "{front}: {outcome:?}");
    }
}
