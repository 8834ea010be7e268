//! Renders the start page `/`: the site, its feeds, and links to the lists of all feeds.
//!
//! The page shows as many feeds as load quickly, and links to the lists for the rest. It shows no entries.

use maud::{Markup, html};

use super::page_budget::{detail, most_used, tree};
use super::rows::{Fold, Rows};
use super::subscribe::{everything, subscribe};
use super::{Frame, Robots, href, icon, words::Words};
use crate::feed::{Catalogue, Kind, Listing};
use crate::render::instant::rfc3339;

/// Bytes that the feeds of definitions may take.
const CUSTOM: usize = 8_000;

/// Bytes that the tags may take, and likewise the authors.
const CHIPS: usize = 6_000;

/// Maximum number of tags shown, and likewise of authors.
const MOST_USED: usize = 30;

/// Up to this many categories are shown unfolded.
const FEW: usize = 20;

pub(crate) fn home(catalogue: &Catalogue) -> Vec<u8> {
    let masthead = &*catalogue.masthead;
    let words = Words::of(&masthead.language);
    let site = catalogue.site();
    let (tree, top, below) = tree(catalogue, words);
    let fold = if tree.len() > FEW { Fold::Folded } else { Fold::Open };
    let rows = Rows { words, masthead, detail: top, below, fold };
    let row = |listing: &Listing, detail| rows.row(listing, &listing.title, detail);
    let custom_detail = detail(&catalogue.of(&Kind::Feed).collect::<Vec<_>>(), CUSTOM, row);
    let chips = |kind: &Kind| most_used(catalogue, kind, MOST_USED, CHIPS, |listing| rows.chip(listing));
    let custom = most_used(catalogue, &Kind::Feed, usize::MAX, CUSTOM, |listing| row(listing, custom_detail));
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
            }
        }
        @if let Some(site) = site { (subscribe(words, masthead, &site.addresses)) }
        div class="most" {
            (section(&Kind::Feed, &custom, &|shown| Rows { detail: custom_detail, ..rows }.flat(shown)))
            (section(&Kind::Category, &tree, &|shown| rows.tree(shown)))
            (section(&Kind::Tag, &chips(&Kind::Tag), &|shown| rows.chips(shown)))
            (section(&Kind::Author, &chips(&Kind::Author), &|shown| rows.chips(shown)))
            @for kind in catalogue.taxonomies() { (section(&kind, &chips(&kind), &|shown| rows.chips(shown))) }
        }
        (everything(words, masthead))
        @if !catalogue.languages.is_empty() {
            nav {
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
        class: "home",
    };
    frame.around(words, &main)
}

/// Writes the link to all feeds of a kind, with their number.
fn all(catalogue: &Catalogue, words: &Words, kind: &Kind) -> Markup {
    let directory = kind.directory().unwrap_or_default();
    let address = catalogue.masthead.start.child(&format!("{directory}/"));
    html! {
        a href=(address.path()) { (words.all(kind)) " (" (catalogue.of(kind).count()) ")" }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{catalogue, catalogue_with, category, masthead, tag};
    use super::*;

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
        let page = String::from_utf8(home(&catalogue("zh-CN"))).unwrap();
        assert!(page.contains("<details class=\"fold\" open>"));
        for listing in &catalogue("zh-CN").listings[1..] {
            assert!(page.contains(&format!("<a href=\"{}\"", listing.addresses.page.path())), "{}", listing.title);
        }
        assert!(page.contains("href=\"/feeds.opml\"") && page.contains("href=\"/feeds.json\""));
    }

    #[test]
    fn five_thousand_feeds_of_any_shape_fit_sixty_thousand_bytes() {
        for (tops, children, tags) in [(5000, 0, 0), (20, 200, 900), (200, 20, 900), (0, 0, 5000), (1, 5000, 0)] {
            let page = String::from_utf8(home(&catalogue_of(tops, children, tags))).unwrap();
            assert!(page.len() <= 60_000, "{tops}, {children}, {tags}: {}", page.len());
            let least = tops.min(100) + tags.min(MOST_USED);
            assert!(page.matches("<li>").count() > least, "{tops}, {children}, {tags}: nearly empty");
            assert_eq!(page.contains("href=\"/categories/\""), tops > 0);
        }
    }

    #[test]
    fn two_levels_are_shown_if_more_do_not_fit() {
        let mut catalogue = catalogue_of(30, 2, 0);
        let masthead = masthead("en");
        let deep = |n: usize| category(&masthead, &format!("top 0/child 0/deep {n}"), 1);
        let at = 2 + catalogue.listings.iter().position(|listing| listing.key.kind() == Kind::Category).unwrap();
        catalogue.listings.splice(at..at, (0..500).map(deep));
        let page = String::from_utf8(home(&catalogue)).unwrap();
        assert!(page.contains(">child 1</a>") && !page.contains(">deep 1</a>"));
        assert!(page.contains("(590)"), "the page must link to the rest");
    }
}
