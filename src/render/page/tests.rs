//! Tests that apply to every page.

use std::sync::Arc;

use super::sample::{address, article_page, catalogue, feed_of, headline, masthead};
use super::tags::parse;
use super::*;
use crate::feed::{Catalogue, Feed, Kind, Text};

fn pages_of(catalogue: &Catalogue, feed_shown: &Feed, page: &ArticlePage) -> Vec<(&'static str, Vec<u8>)> {
    let masthead = &feed_shown.masthead;
    let headlines = &[headline(masthead.language.as_str(), 30)];
    let position = PageNumber { number: 2, of: 3 };
    vec![
        ("home", home(Home { catalogue, feed: Some(feed_shown), headlines, position, skipped: 1 })),
        ("categories", list(catalogue, &Kind::Category, 1).unwrap()),
        ("tags", list(catalogue, &Kind::Tag, 1).unwrap()),
        ("authors", list(catalogue, &Kind::Author, 1).unwrap()),
        ("feeds", list(catalogue, &Kind::Feed, 1).unwrap()),
        (
            "feed",
            feed(FeedPage { feed: feed_shown, below: &catalogue.listings[1..], site: &page.site, position, headlines }),
        ),
        ("article", article(page)),
        ("not found", not_found(masthead)),
        ("gone", gone(masthead)),
    ]
}

fn every_page() -> Vec<(&'static str, Vec<u8>)> {
    ["en", "zh-CN", "ar"]
        .iter()
        .flat_map(|language| pages_of(&catalogue(language), &feed_of(language, 30), &article_page(language, |_| ())))
        .collect()
}

/// Renders every page with markup in each text that an author or editor writes.
fn hostile_pages() -> Vec<(&'static str, Vec<u8>)> {
    let hostile = Text::line("\"'></title></a><script>alert(1)</script><img src=x onerror=alert(1)>");
    let mut masthead = (*masthead("en")).clone();
    masthead.title = hostile.clone();
    masthead.copyright = Some(hostile.clone());
    let masthead = Arc::new(masthead);
    let mut catalogue = catalogue("en");
    catalogue.masthead = Arc::clone(&masthead);
    catalogue.description = hostile.clone();
    for listing in &mut catalogue.listings {
        listing.title = hostile.clone();
        listing.names.fill(hostile.clone());
    }
    let mut page = article_page("en", |entry| {
        entry.title = hostile.clone();
        entry.summary = Some(hostile.clone());
        entry.authors[0].name = hostile.clone();
        entry.categories[0].names = vec![hostile.clone(), hostile.clone()];
        entry.tags[0].0 = hostile.clone();
        entry.image.as_mut().unwrap().alt = Some(hostile.clone());
        entry.image.as_mut().unwrap().url = address("https://x.example/\"onerror=alert(1)<script>?\"'><script>");
        entry.enclosure.as_mut().unwrap().media_type = hostile.clone();
    });
    page.masthead = Arc::clone(&masthead);
    page.feeds[0].title = hostile.clone();
    let mut feed = feed_of("en", 0);
    feed.masthead = masthead;
    feed.title = hostile.clone();
    feed.description = hostile;
    feed.entries = vec![Arc::clone(&page.entry)];
    pages_of(&catalogue, &feed, &page)
}

#[test]
fn every_page_is_well_formed_and_its_ids_are_unique() {
    for (name, page) in every_page().into_iter().chain(hostile_pages()) {
        let page = String::from_utf8(page).unwrap();
        assert!(page.starts_with("<!DOCTYPE html><html lang="), "{name}");
        let mut ids: Vec<_> = parse(&page).into_iter().filter_map(|tag| tag.get("id")).collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name} uses an id twice");
    }
}

#[test]
fn no_page_holds_a_script_a_style_or_a_handler() {
    for (name, page) in every_page().into_iter().chain(hostile_pages()) {
        for tag in parse(&String::from_utf8(page).unwrap()) {
            assert!(!["script", "style", "iframe", "form", "base"].contains(&&*tag.name), "{name}: {tag:?}");
            for (attribute, value) in &tag.attributes {
                assert!(attribute != "style" && !attribute.starts_with("on"), "{name}: {tag:?}");
                assert!(!value.trim().to_ascii_lowercase().starts_with("javascript:"), "{name}: {tag:?}");
            }
        }
    }
}

#[test]
fn headings_skip_no_level() {
    for (name, page) in every_page() {
        let levels: Vec<u32> = parse(&String::from_utf8(page).unwrap())
            .iter()
            .filter_map(|tag| tag.name.strip_prefix('h').and_then(|level| level.parse().ok()))
            .collect();
        assert_eq!(levels.first(), Some(&1), "{name}");
        assert_eq!(levels.iter().filter(|&&level| level == 1).count(), 1, "{name}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{name}: {levels:?}");
    }
}

#[test]
fn every_image_is_requested_without_a_referrer() {
    for (name, page) in every_page() {
        for tag in parse(&String::from_utf8(page).unwrap()).iter().filter(|tag| tag.name == "img") {
            assert!(tag.get("alt").is_some(), "{name}: {tag:?}");
            assert_eq!(tag.get("referrerpolicy").as_deref(), Some("no-referrer"), "{name}: {tag:?}");
        }
    }
}

#[test]
fn links_within_the_site_have_no_host() {
    let masthead = masthead("en");
    assert_eq!(href(&masthead, &address("https://feeds.example.org/tags/a/")), "/tags/a/");
    assert_eq!(
        href(&masthead, &address("https://feeds.example.org//evil.example/")),
        "https://feeds.example.org//evil.example/"
    );
    assert_eq!(href(&masthead, &address("https://other.example/a")), "https://other.example/a");
}
