//! Renders `/categories/`, `/tags/`, `/authors/` and `/feeds/`, the pages that list all feeds of a kind.
//!
//! Long lists have several pages, with an index that names the first and the last feed of each.

use maud::html;

use super::navigation::{FEEDS, Last, Position, breadcrumb, index};
use super::rows::{Fold, Rows};
use super::subscribe::everything;
use super::{Frame, Robots, words::Words};
use crate::feed::{Catalogue, Kind, Listing, Text};

/// Renders one page of a list; `None` if the list has no such page.
pub(crate) fn list(catalogue: &Catalogue, kind: &Kind, number: usize) -> Option<Vec<u8>> {
    let masthead = &*catalogue.masthead;
    let words = Words::of(&masthead.language);
    let listings: Vec<_> = catalogue.of(kind).collect();
    let position = Position::new(number, listings.len(), FEEDS)?;
    let shown = listings.chunks(FEEDS).nth(number - 1).unwrap_or_default();
    let rows = Rows { words, masthead, fold: Fold::Open };
    let first = kind
        .directory()
        .map_or_else(|| masthead.start.clone(), |directory| masthead.start.child(&format!("{directory}/")));
    let names: Vec<(&Text, &Text)> =
        listings.chunks(FEEDS).filter_map(|page| Some((top(page.first()?), top(page.last()?)))).collect();
    let main = html! {
        header class="title" lang=[words.foreign(masthead)] {
            (breadcrumb(masthead, words, None, Last::Heading))
            h1 { (words.kind(kind)) }
            p class="facts" {
                span { (words.feed_count(listings.len())) }
                @if number > 1 { " " span { (words.page_of(position.number, position.of)) } }
            }
        }
        div class="most" {
            (index(masthead, words, &first, position, &names))
            @if listings.is_empty() {
                p class="empty" { (words.nothing_yet) }
            } @else if *kind == Kind::Category {
                (rows.tree(shown))
            } @else {
                (rows.flat(shown))
            }
        }
        (everything(words, masthead))
    };
    let site = catalogue.site();
    let own = position.own(&first);
    let page = if number > 1 { format!(" · {}", words.page_of(position.number, position.of)) } else { String::new() };
    let frame = Frame {
        masthead,
        title: format!("{} · {}{page}", words.kind(kind), masthead.title),
        description: "",
        canonical: Some(&own),
        robots: Robots::Keep,
        offers: site.map(|site| (masthead.title.to_string(), &site.addresses)).into_iter().collect(),
        languages: Vec::new(),
        class: "list",
        section: Some(kind),
        list: Some((&first, position)),
    };
    Some(frame.around(words, &main))
}

/// Returns the name by which a feed is found in the index: that of its top category.
fn top<'a>(listing: &&'a Listing) -> &'a Text {
    listing.names.first().filter(|_| listing.key.kind() == Kind::Category).unwrap_or(&listing.title)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{catalogue, catalogue_with, category, masthead};
    use super::*;

    fn page(catalogue: &Catalogue, kind: &Kind, number: usize) -> String {
        String::from_utf8(list(catalogue, kind, number).unwrap()).unwrap()
    }

    #[test]
    fn a_list_contains_all_feeds_of_its_kind() {
        let catalogue = catalogue("en");
        for kind in &Kind::LISTED {
            let page = page(&catalogue, kind, 1);
            for listing in catalogue.listings.iter().filter(|listing| listing.key.kind() != Kind::Site) {
                let linked = page.contains(&format!("<p><a href=\"{}\">", listing.addresses.page.path()));
                assert_eq!(linked, listing.key.kind() == *kind, "{}", listing.title);
            }
        }
    }

    #[test]
    fn a_list_of_thousands_has_an_index_and_leaves_none_out() {
        let masthead = masthead("zh-CN");
        let categories = (0..3600).map(|n| category(&masthead, &format!("主题 {}/子分类 {n}", n / 60), n));
        let catalogue = catalogue_with("zh-CN", categories);
        let mut rows = 0;
        for number in 1..=36 {
            let page = page(&catalogue, &Kind::Category, number);
            assert!(page.len() <= 60_000, "{}", page.len());
            assert_eq!(page.matches("aria-current=\"page\"").count(), 1);
            rows += page.matches("<li><p><a href=\"/categories/").count();
        }
        assert_eq!(rows, 3600);
        assert_eq!(list(&catalogue, &Kind::Category, 37), None);
    }
}
