//! Snapshots of all three formats for one hostile article. The edition is built in memory, without a clock,
//! disk or port, so the snapshots need no redactions.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use feedmill::article::{Source, read};
use feedmill::content_path::ContentPath;
use feedmill::document::Encoding;
use feedmill::edition::{DocumentCache, Edition, Found};
use feedmill::library::{ChangeBatch, File, Library, MediaFacts};
use feedmill::site::{Definition, RawSite, Rules, SiteInputs};

const SITE: &str = "\
title: Tom & Jerry's <Weekly>
description: 新闻 & more
base_url: https://feeds.example.org/mill
home: https://news.example.org/blog
language: zh_cn
time_zone: Asia/Shanghai
author: {name: Desk & Co, email: desk@example.org, url: https://example.org/关于}
copyright: © Example & Sons
images: {unwrap: ['https://proxy.example/?']}
";

/// An article with everything that is known to break feeds: control characters, entities, lone end tags,
/// `]]>`, scripts, relative and malformed URLs, an image behind a proxy, and categories that need escaping.
const HOSTILE: &str = "\u{feff}
---
title: 'Q&A: a < b \u{8} </b> &copy; ]]> <script>x</script> 日本'
categories:
\t- 'C/C++'
\t- '生活&旅游'
tags: ['R&D', \"a\\fb\", 'a  b']
author: 'Ann <ann@example.org>'
date: Wed, 04 Aug 2021 14:56:46 GMT
updated: 2021-08-05T08:09:10.123+08:00
headimg: 'https://proxy.example/?http://img.example/a b/图.jpeg?x=1&y=[2]'
summary: \"<b>Bold</b> & \\u0001 plain\"
lang: en_US
---

<div>
<p onclick=\"evil()\">Text \u{b} with <b>unclosed & a &#8; reference ]]> and \u{fffd}</p>

<script>alert(1)</script>
<img data-src=\"/local/pic.png\" src=\"data:image/gif;base64,R0lGOD\" width=10>
<img src=\"https://proxy.example/?http://img.example/a b/图.jpeg?x=1&y=[2]\" data-size=\"600,800\">
<a href=\"javascript:alert(1)\">bad</a> <a href=\"../x y?z=1#frag\">rel</a> <a href=\"#here\">frag</a>
<pre>line\u{9}1
line 2</pre>
</div>
            ";

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn edition() -> Edition {
    let situation = SiteInputs { bound: "http://127.0.0.1:1", ..SiteInputs::new(feedmill::generator::plain::PLAIN) };
    let site = RawSite::parse("feeds/site.yaml", SITE).unwrap().check(situation).unwrap();
    let zones = site.options.zones.clone();
    let definition =
        Definition::parse("feeds/x.yaml", "x", "title: Only & summaries\ncontent: summary\n", &zones).unwrap();
    let rules = Arc::new(Rules::new(site, BTreeMap::from([("x".to_owned(), definition)])));
    let mut batch = ChangeBatch::default();
    for (path, text) in [("posts/新 a.md", HOSTILE), ("posts/bare.md", "no front matter at all\n")] {
        let place = ContentPath::new(path);
        let source = Source { place: &place, bytes: text.as_bytes(), modified: None };
        let detailed = read(&source, &rules.site.options);
        batch.articles.insert(place, Some(File::Full(Box::new(detailed))));
    }
    let facts = MediaFacts {
        file: PathBuf::new(),
        length: 1234,
        media_type: "image/png",
        exposure: feedmill::generator::selection::Exposure::OfArticles,
        width: Some(3),
        height: Some(4),
        duration: None,
    };
    batch.media.insert("static/local/pic.png".into(), Some(facts));
    let now = at("2026-01-01T00:00:00Z");
    let (library, _) = Library::empty(rules, now).apply(batch, now);
    assert!(library.missing().is_empty());
    Edition::first(library, DocumentCache::new(1 << 20))
}

fn text(path: &str) -> String {
    let Found::Document(document) = edition().find(path) else { panic!("nothing at {path}") };
    let text = String::from_utf8(document.bytes(Encoding::Identity).to_vec()).unwrap();
    // One element per line, so that a diff is readable.
    text.replace("><", ">\n<").replace(",\"", ",\n\"")
}

#[test]
fn the_hostile_article_as_rss() {
    insta::assert_snapshot!(text("/mill/rss.xml"));
}

#[test]
fn the_hostile_article_as_atom() {
    insta::assert_snapshot!(text("/mill/atom.xml"));
}

#[test]
fn the_hostile_article_as_json() {
    insta::assert_snapshot!(text("/mill/feed.json"));
}

#[test]
fn the_hostile_article_as_a_summary() {
    insta::assert_snapshot!(text("/mill/feeds/x/rss.xml"));
}
