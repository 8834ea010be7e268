//! Renders the pages of a feed: its description, how to subscribe, and its articles.
//!
//! Articles that the feed contains are shown with summary and lead image, older ones as headlines.

use maud::html;

use super::entries::{BETWEEN, entries, headlines};
use super::navigation::{ARTICLES, Last, PageNumber, breadcrumb, list_path, pages};
use super::page_budget::largest;
use super::rows::{Fold, Rows};
use super::subscribe::{jump, subscribe};
use super::{Frame, Robots, other_language, words::Words};
use crate::feed::{Addresses, Entry, Feed, Headline, Kind, Listing};
use crate::render::title;

/// Bytes that the subcategories may take.
const BELOW: usize = 8_000;

/// One page of a feed's articles.
#[derive(Clone, Copy, Hash)]
pub(crate) struct FeedPage<'a> {
    pub feed: &'a Feed,
    /// The direct subcategories.
    pub below: &'a [Listing],
    /// The URLs of the site's own feed.
    pub site: &'a Addresses,
    pub position: PageNumber,
    /// The articles of this page that the feed does not contain.
    pub headlines: &'a [Headline],
}

/// Returns the entries of a feed that are on one page of its articles.
pub(crate) fn entries_of(feed: &Feed, number: usize) -> &[std::sync::Arc<Entry>] {
    let at = |articles: usize| articles.min(feed.entries.len());
    &feed.entries[at((number - 1) * ARTICLES)..at(number * ARTICLES)]
}

pub(crate) fn feed(page: FeedPage<'_>) -> Vec<u8> {
    let FeedPage { feed, position, .. } = page;
    let masthead = &*feed.masthead;
    let words = Words::of(&masthead.language);
    let own = title::own(feed);
    let names = names(feed, own);
    let kind = feed.key.kind();
    let first = &feed.addresses.page;
    let rows = Rows { words, masthead, fold: Fold::Open };
    let shown = entries_of(feed, position.number);
    let below = largest(page.below.iter(), BELOW, |listing| rows.named(listing));
    let main = html! {
        header class="title" {
            (breadcrumb(masthead, words, Some((&kind, &names, first)), Last::Heading))
            h1 dir="auto" lang=[other_language(masthead, Some(&feed.language))] { (names.last().copied().unwrap_or(own)) }
            // The default description of a feed is its title.
            @if feed.description != feed.title && position.number == 1 {
                p class="lead" dir="auto" lang=[other_language(masthead, Some(&feed.language))] { (feed.description) }
            }
            @if position.number > 1 {
                p class="facts" lang=[words.foreign(masthead)] { (words.page_of(position.number, position.of)) }
            }
            (jump(words, masthead))
        }
        section class="most" aria-labelledby="page-entries" {
            h2 id="page-entries" lang=[words.foreign(masthead)] { (words.articles) " " small { (words.count(feed.count)) } }
            @if feed.count == 0 {
                p class="empty" lang=[words.foreign(masthead)] { (words.nothing_yet) }
            }
            (entries(masthead, words, shown.iter().map(|entry| &**entry)))
            (headlines(masthead, words, std::iter::empty(), page.headlines))
            (pages(masthead, words, first, position))
        }
        (subscribe(words, masthead, &feed.addresses))
        @if !below.is_empty() {
            section class="below" aria-labelledby="page-below" {
                div class="head" lang=[words.foreign(masthead)] {
                    h2 id="page-below" { (words.kind(&Kind::Category)) }
                    @if below.len() < page.below.len() { a href=(list_path(masthead, &Kind::Category)) { (words.all(&Kind::Category)) } }
                }
                ul class="rows" { @for listing in below { li { (rows.named(listing)) } } }
            }
        }
    };
    let mut offers = vec![(feed.title.to_string(), &feed.addresses)];
    if kind != Kind::Site {
        offers.push((masthead.title.to_string(), page.site));
    }
    let title = if position.number == 1 {
        feed.title.to_string()
    } else {
        format!("{} · {}", feed.title, words.page_of(position.number, position.of))
    };
    let frame = Frame {
        masthead,
        title,
        description: if position.number == 1 { feed.description.as_str() } else { "" },
        canonical: Some(&position.own(first)),
        robots: Robots::Keep,
        offers,
        languages: Vec::new(),
        preview: None,
        class: "feed",
        section: Some(&kind),
        list: Some((first, position)),
    };
    frame.around(words, &main)
}

/// Returns the names of a category from the top, or the title of another feed.
fn names<'a>(feed: &Feed, own_title: &'a str) -> Vec<&'a str> {
    let names: Vec<&str> = own_title.split(BETWEEN).collect();
    // A definition may override the title; then it contains no category names.
    if feed.key.kind() == Kind::Category && names.len() == feed.key.names().len() { names } else { vec![own_title] }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{address, category, feed_of, headline, masthead};
    use super::super::tags::parse;
    use super::*;
    use crate::feed::Format;

    fn site(formats: &[Format]) -> Addresses {
        Addresses { page: address("https://feeds.example.org/"), formats: formats.into() }
    }

    fn numbered(feed: &Feed, below: &[Listing], headlines: &[Headline], number: usize) -> String {
        let position = PageNumber::new(number, feed.count, ARTICLES).unwrap();
        let site = site(&[Format::Rss, Format::Json]);
        String::from_utf8(super::feed(FeedPage { feed, below, site: &site, position, headlines })).unwrap()
    }

    fn page(feed: &Feed, below: &[Listing]) -> String {
        numbered(feed, below, &[], 1)
    }

    #[test]
    fn own_feeds_are_advertised_before_the_sites_and_json_last() {
        let offered: Vec<_> = parse(&page(&feed_of("zh-CN", 3), &[]))
            .into_iter()
            .filter(|tag| tag.name == "link" && tag.get("rel").as_deref() == Some("alternate"))
            .map(|tag| (tag.get("type").unwrap(), tag.get("href").unwrap()))
            .collect();
        let own = "https://feeds.example.org/categories/xin-mei-ti/qu-tou-tiao/";
        let link = |page, format: Format| (format.media_type().to_owned(), format!("{page}{}", format.file_name()));
        let mut expected = Format::ALL.map(|format| link(own, format)).to_vec();
        // The site offers other formats than this feed.
        expected.extend([Format::Rss, Format::Json].map(|format| link("https://feeds.example.org/", format)));
        assert_eq!(offered, expected);
    }

    #[test]
    fn thirty_entries_fit_sixty_thousand_bytes() {
        for language in ["zh-CN", "en"] {
            let mut feed = feed_of(language, 30);
            feed.count = 1234;
            let below: Vec<_> =
                (0..500).map(|n| category(&masthead(language), &format!("新媒体/子分类{n}"), n)).collect();
            let page = page(&feed, &below);
            assert_eq!(page.matches("<article").count(), 30);
            assert!(page.len() <= 60_000, "{}", page.len());
        }
    }

    #[test]
    fn the_breadcrumb_contains_every_parent_category() {
        let page = page(&feed_of("zh-CN", 1), &[]);
        assert!(page.contains("<h1 dir=\"auto\">趣头条</h1>"));
        assert!(page.contains("<title>新媒体 / 趣头条 · 光年资讯</title>"));
        assert!(page.contains("<ol><li><a href=\"/\">首页</a></li><li><a href=\"/categories/\">分类</a></li><li><a href=\"/categories/xin-mei-ti/\" dir=\"auto\">新媒体</a></li></ol>"), "{page}");
    }

    #[test]
    fn subcategories_are_linked_by_their_own_names() {
        let below = [category(&masthead("en"), "a/b", 2)];
        let page = page(&feed_of("en", 0), &below);
        assert!(page.contains("<a href=\"/categories/a/b/\">b</a>"));
        assert!(page.contains("There is nothing here yet."));
    }

    #[test]
    fn older_pages_have_headlines_and_links_to_their_neighbours() {
        let mut feed = feed_of("en", 30);
        feed.count = 100;
        let headlines: Vec<_> = (30..60).map(|n| headline("en", n)).collect();
        let page = numbered(&feed, &[], &headlines, 2);
        let own = "https://feeds.example.org/categories/xin-mei-ti/qu-tou-tiao/";
        let path = "/categories/xin-mei-ti/qu-tou-tiao/";
        for part in [
            format!("<link rel=\"canonical\" href=\"{own}page/2/\">"),
            format!("<link rel=\"prev\" href=\"{path}\"><link rel=\"next\" href=\"{path}page/3/\">"),
            format!("rel=\"prev\" href=\"{path}\">Newer articles</a>"),
            format!("rel=\"next\" href=\"{path}page/3/\">Older articles</a>"),
            "<span aria-current=\"page\">2</span>".to_owned(),
            "Page 2 of 4".to_owned(),
        ] {
            assert!(page.contains(&part), "no {part} in {page}");
        }
        assert_eq!((page.matches("<article").count(), page.matches("<li><a href=\"/articles/").count()), (0, 30));
    }

    #[test]
    fn a_feed_of_a_few_entries_is_followed_by_headlines() {
        let mut feed = feed_of("en", 10);
        feed.count = 12;
        let page = numbered(&feed, &[], &[headline("en", 10), headline("en", 11)], 1);
        assert_eq!((page.matches("<article").count(), page.matches("<li><a href=\"/articles/").count()), (10, 2));
        assert!(!page.contains("rel=\"next\""));
    }
}
