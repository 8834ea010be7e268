//! Renders the start page `/`: the site, its latest articles, its feeds, and links to the lists of all feeds.
//!
//! The page shows as many feeds as load quickly, and links to the lists for the rest.

use maud::{Markup, html};

use super::entries::{entries, headlines};
use super::feed::entries_of;
use super::navigation::{PageNumber, list_path, pages};
use super::page_budget::{most_used, tree};
use super::rows::{Fold, Rows};
use super::subscribe::{everything, jump, subscribe};
use super::{Frame, Robots, href, icon, words::Words};
use crate::feed::{Catalogue, Feed, Headline, Kind, Listing};
use crate::render::instant::rfc3339;

/// Articles shown with summary and picture. The others of the first page are headlines.
const PICTURED: usize = 10;

/// Bytes that the feeds of definitions may take.
const CUSTOM: usize = 5_000;

/// Bytes that the tags may take, and likewise the authors.
const CHIPS: usize = 3_000;

/// Bytes that the terms of each further taxonomy may take.
const TERMS: usize = 1_000;

/// Maximum number of tags shown, and likewise of authors.
const MOST_USED: usize = 30;

/// Up to this many categories are shown unfolded.
const FEW: usize = 20;

/// What the start page shows.
#[derive(Clone, Copy)]
pub(crate) struct Home<'a> {
    pub catalogue: &'a Catalogue,
    /// The site's own feed.
    pub feed: Option<&'a Feed>,
    /// The articles of the first page that the feed does not contain.
    pub headlines: &'a [Headline],
    pub position: PageNumber,
    /// Number of files that are not published.
    pub skipped: usize,
}

pub(crate) fn home(home: Home<'_>) -> Vec<u8> {
    let catalogue = home.catalogue;
    let masthead = &*catalogue.masthead;
    let words = Words::of(&masthead.language);
    let site = catalogue.site();
    let unfolded = Rows { words, masthead, fold: Fold::Open };
    let tree = tree(catalogue, &unfolded);
    let rows = Rows { fold: if tree.len() > FEW { Fold::Folded } else { Fold::Open }, ..unfolded };
    let chips = |kind: &Kind, room| most_used(catalogue, kind, MOST_USED, room, |listing| rows.chip(listing));
    let custom = most_used(catalogue, &Kind::Feed, usize::MAX, CUSTOM, |listing| rows.row(listing, &listing.title));
    let section = |kind: &Kind, shown: &[&Listing], list: &dyn Fn(&[&Listing]) -> Markup| {
        let id = match kind {
            Kind::Taxonomy(name) => format!("page-taxonomy-{name}"),
            kind => format!("page-{}", kind.as_str()),
        };
        html! {
            @if !shown.is_empty() {
                section aria-labelledby=(id) {
                    div class="head" lang=[words.foreign(masthead)] {
                        h2 id=(id) { (words.kind(kind)) }
                        (all(catalogue, words, kind))
                    }
                    (list(shown))
                }
            }
        }
    };
    let main = html! {
        header class="title" {
            (icon(masthead, 64))
            h1 dir="auto" { (masthead.title) }
            // The default description of a site is its title.
            @if catalogue.description != masthead.title {
                p class="lead" dir="auto" { (catalogue.description) }
            }
            @if let Some(site) = site {
                p class="facts" lang=[words.foreign(masthead)] {
                    span { (words.count(site.count)) }
                    @if let Some(updated) = site.updated {
                        " " time datetime=(rfc3339(updated)) { (words.updated(masthead, updated)) }
                    }
                    @if masthead.home != masthead.start { " " a href=(href(masthead, &masthead.home)) { (words.web_site) } }
                }
                (jump(words, masthead))
            }
        }
        div class="most" {
            (latest(home, words))
            (section(&Kind::Feed, &custom, &|shown| rows.flat(shown)))
            (section(&Kind::Category, &tree, &|shown| rows.tree(shown)))
            (section(&Kind::Tag, &chips(&Kind::Tag, CHIPS), &|shown| rows.chips(shown)))
            (section(&Kind::Author, &chips(&Kind::Author, CHIPS), &|shown| rows.chips(shown)))
            @for kind in catalogue.taxonomies() { (section(&kind, &chips(&kind, TERMS), &|shown| rows.chips(shown))) }
        }
        @if let Some(site) = site { (subscribe(words, masthead, &site.addresses)) }
        (everything(words, masthead))
        @if !catalogue.languages.is_empty() {
            div class="languages" {
                ul class="chips" {
                    @for other in catalogue.languages.iter().filter(|other| other.start != masthead.start) {
                        @let language = other.language.as_str();
                        li { a href=(href(masthead, &other.start)) lang=(language) hreflang=(language) dir="auto" { (other.title) " " span { (language) } } }
                    }
                }
            }
        }
    };
    let frame = Frame {
        masthead,
        title: masthead.title.to_string(),
        description: catalogue.description.as_str(),
        canonical: Some(&masthead.start),
        robots: Robots::Keep,
        offers: site.map(|site| (masthead.title.to_string(), &site.addresses)).into_iter().collect(),
        languages: catalogue.languages.iter().map(|other| (&other.language, &other.start)).collect(),
        preview: None,
        class: "home",
        section: None,
        list: Some((&masthead.start, home.position)),
    };
    frame.around(words, &main)
}

/// Writes the latest articles, or what to do if there are none.
fn latest(home: Home<'_>, words: &Words) -> Markup {
    let masthead = &*home.catalogue.masthead;
    let all = home.feed.map_or(&[][..], |feed| entries_of(feed, 1));
    let (pictured, others) = all.split_at(all.len().min(PICTURED));
    html! {
        section aria-labelledby="page-latest" {
            h2 id="page-latest" lang=[words.foreign(masthead)] { (words.latest) }
            @if home.feed.is_none_or(|feed| feed.count == 0) {
                p class="empty" lang=[words.foreign(masthead)] { (words.empty_site) }
                @if home.skipped > 0 { p class="empty" lang=[words.foreign(masthead)] { (words.skipped(home.skipped)) } }
            }
            (entries(masthead, words, pictured.iter().map(|entry| &**entry)))
            (headlines(masthead, words, others.iter().map(|entry| &**entry), home.headlines))
            (pages(masthead, words, &masthead.start, home.position))
        }
    }
}

/// Writes the link to all feeds of a kind, with their number.
fn all(catalogue: &Catalogue, words: &Words, kind: &Kind) -> Markup {
    html! {
        a href=(list_path(&catalogue.masthead, kind)) { (words.all(kind)) " (" (words.number(catalogue.of(kind).count())) ")" }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{catalogue, catalogue_with, category, feed_of, headline, masthead, tag};
    use super::*;

    fn page(catalogue: &Catalogue, feed: Option<&Feed>, headlines: &[Headline]) -> String {
        let position = PageNumber::new(1, 1284, super::super::navigation::ARTICLES).unwrap();
        String::from_utf8(home(Home { catalogue, feed, headlines, position, skipped: 3 })).unwrap()
    }

    /// Returns a catalogue with `tops` top categories of `children` each, and with `tags` tags.
    fn catalogue_of(tops: usize, children: usize, tags: usize) -> Catalogue {
        let masthead = masthead("en");
        let mut feeds = Vec::new();
        for top in 0..tops {
            feeds.push(category(&masthead, &format!("top {top}"), 100_000 - top));
            feeds.extend((0..children).map(|child| category(&masthead, &format!("top {top}/child {child}"), 10)));
        }
        feeds.extend((0..tags).map(|n| tag(&format!("tag-{n}"), n)));
        catalogue_with("en", feeds)
    }

    #[test]
    fn a_small_site_shows_every_feed_unfolded() {
        let page = page(&catalogue("zh-CN"), None, &[]);
        assert!(page.contains("<details class=\"fold\" open>"));
        for listing in &catalogue("zh-CN").listings[1..] {
            assert!(page.contains(&format!("<a href=\"{}\"", listing.addresses.page.path())), "{}", listing.title);
        }
        assert!(page.contains("href=\"/feeds.opml\"") && page.contains("href=\"/feeds.json\""));
    }

    #[test]
    fn five_thousand_feeds_of_any_shape_fit_sixty_thousand_bytes() {
        let feed = feed_of("zh-CN", 30);
        for (tops, children, tags) in [(5000, 0, 0), (20, 200, 900), (200, 20, 900), (0, 0, 5000), (1, 5000, 0)] {
            let page = page(&catalogue_of(tops, children, tags), Some(&feed), &[]);
            assert!(page.len() <= 60_000, "{tops}, {children}, {tags}: {}", page.len());
            let least = tops.min(25) + tags.min(20);
            assert!(page.matches("<li>").count() > least, "{tops}, {children}, {tags}: nearly empty");
            assert_eq!(page.contains("<h2 id=\"page-category\">"), tops > 0);
        }
    }

    #[test]
    fn two_levels_are_shown_if_more_do_not_fit() {
        let mut catalogue = catalogue_of(10, 2, 0);
        let masthead = masthead("en");
        let deep = |n: usize| category(&masthead, &format!("top 0/child 0/deep {n}"), 1);
        let at = 2 + catalogue.listings.iter().position(|listing| listing.key.kind() == Kind::Category).unwrap();
        catalogue.listings.splice(at..at, (0..500).map(deep));
        let page = page(&catalogue, None, &[]);
        assert!(page.contains(">child 1</a>") && !page.contains(">deep 1</a>"));
        assert!(page.contains("(530)"), "the page must link to the rest");
    }

    #[test]
    fn the_latest_articles_precede_the_feeds_and_lead_to_older_ones() {
        let page = page(&catalogue("en"), Some(&feed_of("en", 12)), &[headline("en", 13)]);
        assert_eq!((page.matches("<article").count(), page.matches("<li><a href=\"/articles/").count()), (10, 3));
        assert!(page.find("<article") < page.find("id=\"page-category\""));
        assert!(page.contains("rel=\"next\" href=\"/page/2/\">Older articles</a>"), "{page}");
    }

    #[test]
    fn an_empty_site_says_where_to_put_files() {
        let mut feed = feed_of("en", 0);
        feed.count = 0;
        let page = page(&catalogue("en"), Some(&feed), &[]);
        assert!(page.contains("Put Markdown or HTML files into the content directory"), "{page}");
        assert!(page.contains("Skipped files: 3."));
    }
}
