//! Renders `/categories/`, `/tags/`, `/authors/` and `/feeds/`, the pages that list all feeds of a kind.
//!
//! Long lists have several pages and an index, by name or by letter.

use maud::html;

use super::navigation::{FEEDS, Last, PageNumber, breadcrumb, index, numbered};
use super::rows::{Fold, Rows};
use super::subscribe::everything;
use super::{Frame, Robots, words::Words};
use crate::feed::{Catalogue, Kind, Listing, Masthead};

/// Most entries of an index.
const MOST: usize = 60;

/// Renders one page of a list; `None` if the list has no such page.
pub(crate) fn list(catalogue: &Catalogue, kind: &Kind, number: usize) -> Option<Vec<u8>> {
    let masthead = &*catalogue.masthead;
    let words = Words::of(&masthead.language);
    let listings: Vec<_> = catalogue.of(kind).collect();
    let position = PageNumber::new(number, listings.len(), FEEDS)?;
    let shown = listings.chunks(FEEDS).nth(number - 1).unwrap_or_default();
    let rows = Rows { words, masthead, fold: Fold::Open };
    let first = kind
        .directory()
        .map_or_else(|| masthead.start.clone(), |directory| masthead.start.child(&format!("{directory}/")));
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
            (index(masthead, &first, position, &index_of(masthead, &listings)))
            @if listings.is_empty() {
                p class="empty" { (words.nothing_yet) }
            } @else if *kind == Kind::Category {
                (rows.tree(shown))
            } @else {
                (rows.flat(shown))
            }
            (numbered(masthead, words, &first, position))
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
        preview: None,
        class: "list",
        section: Some(kind),
        list: Some((&first, position)),
    };
    Some(frame.around(words, &main))
}

/// Returns the index of a list: the top categories if there are not too many, otherwise letters; empty if these are
/// too many, too. Each entry has the row where it begins.
fn index_of(masthead: &Masthead, listings: &[&Listing]) -> Vec<(String, usize)> {
    let by_name = |listing: &Listing| listing.names.first().map_or_else(String::new, ToString::to_string);
    let of = |label: &dyn Fn(&Listing) -> String| {
        let mut entries: Vec<(String, usize)> =
            listings.iter().enumerate().map(|(at, listing)| (label(listing), at)).collect();
        entries.dedup_by(|later, earlier| later.0 == earlier.0);
        (entries.len() <= MOST).then_some(entries)
    };
    of(&by_name).or_else(|| of(&|listing| letter(masthead, listing))).unwrap_or_default()
}

/// Returns the letter under which a feed is listed. Chinese names are under the first letter of their reading, which
/// their slugs contain.
fn letter(masthead: &Masthead, listing: &Listing) -> String {
    let name = listing.names.first().unwrap_or(&listing.title).as_str();
    match name.chars().find(|c| c.is_alphanumeric()) {
        Some(digit) if digit.is_ascii_digit() => "0–9".to_owned(),
        Some('\u{4e00}'..='\u{9fff}') => {
            let path = listing.addresses.page.path().strip_prefix(masthead.start.path()).unwrap_or_default();
            path.split('/')
                .nth(1)
                .and_then(|slug| slug.chars().next())
                .into_iter()
                .flat_map(char::to_uppercase)
                .collect()
        }
        Some(letter) => letter.to_uppercase().collect(),
        None => "#".to_owned(),
    }
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
            assert!(page.contains("<ol class=\"index\"><li><a href=\"/categories/\""), "{page}");
            rows += page.matches("<li><p><a href=\"/categories/").count();
        }
        assert_eq!(rows, 3600);
        assert_eq!(list(&catalogue, &Kind::Category, 37), None);
    }

    #[test]
    fn the_index_has_names_if_there_are_few_and_letters_otherwise() {
        let masthead = masthead("en");
        let index = |names: &[String]| {
            let all: Vec<Listing> = names.iter().map(|name| category(&masthead, name, 1)).collect();
            let of = index_of(&masthead, &all.iter().collect::<Vec<_>>());
            of.into_iter().map(|(label, row)| format!("{label} {}", row / FEEDS + 1)).collect::<Vec<_>>()
        };
        let few: Vec<String> = (0..240).map(|n| format!("{}/{n}", ["Algebra", "Botany", "Optics"][n / 80])).collect();
        assert_eq!(index(&few), ["Algebra 1", "Botany 1", "Optics 2"]);
        let many: Vec<String> = (0..240).map(|n| format!("{}{n}", ["2nd ", "Algebra ", "éa "][n / 80])).collect();
        assert_eq!(index(&many), ["0–9 1", "A 1", "É 2"]);
        let mut reading = category(&masthead, "新媒体", 1);
        reading.addresses = super::super::sample::addresses("categories/xin-mei-ti/");
        assert_eq!(letter(&masthead, &reading), "X");
    }
}
