//! Renders `/categories/`, `/tags/`, `/authors/` and `/feeds/`, the pages that list all feeds of a kind.

use maud::html;

use super::rows::{Fold, Rows};
use super::subscribe::everything;
use super::{Frame, Robots, page_budget, words::Words};
use crate::feed::{Catalogue, Kind};

/// Up to this many categories are shown unfolded.
const FEW: usize = 150;

/// Bytes that the feeds should take. The page shows less of each feed to stay below this, but never leaves
/// one out, so it may be exceeded.
const LIST: usize = 120_000;

pub(crate) fn list(catalogue: &Catalogue, kind: &Kind) -> Vec<u8> {
    let masthead = &*catalogue.masthead;
    let words = Words::of(&masthead.language);
    let listings: Vec<_> = catalogue.of(kind).collect();
    let fold = if listings.len() > FEW { Fold::Folded } else { Fold::Open };
    let rows = |detail| Rows { words, masthead, detail, below: detail, fold };
    let detail =
        page_budget::detail(&listings, LIST, |listing, detail| rows(detail).row(listing, &listing.title, detail));
    let main = html! {
        header class="title" lang=[words.foreign(masthead)] {
            h1 { (words.kind(kind)) }
            p class="facts" { span { (words.feed_count(listings.len())) } }
        }
        div class="most" {
            @if listings.is_empty() {
                p class="empty" { (words.nothing_yet) }
            } @else if *kind == Kind::Category {
                (rows(detail).tree(&listings))
            } @else {
                (rows(detail).flat(&listings))
            }
        }
        (everything(words, masthead))
    };
    let address = kind
        .directory()
        .map_or_else(|| masthead.start.clone(), |directory| masthead.start.child(&format!("{directory}/")));
    let site = catalogue.site();
    let frame = Frame {
        masthead,
        title: format!("{} · {}", words.kind(kind), masthead.title),
        description: "",
        canonical: Some(&address),
        robots: Robots::Keep,
        offers: site.map(|site| (masthead.title.to_string(), &site.addresses)).into_iter().collect(),
        languages: Vec::new(),
        class: "list",
    };
    frame.around(words, &main)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{catalogue, catalogue_with, category, masthead};
    use super::*;

    #[test]
    fn a_list_contains_all_feeds_of_its_kind_in_every_format() {
        let catalogue = catalogue("en");
        for kind in &Kind::LISTED {
            let page = String::from_utf8(list(&catalogue, kind)).unwrap();
            for listing in &catalogue.listings {
                for (_, document) in listing.addresses.documents().filter(|_| listing.key.kind() != Kind::Site) {
                    let linked = page.contains(&format!("<a href=\"{}\">", document.path()));
                    assert_eq!(linked, listing.key.kind() == *kind, "{document}");
                }
            }
        }
    }

    #[test]
    fn a_list_of_thousands_shows_little_of_each_and_leaves_none_out() {
        let masthead = masthead("en");
        let categories = (0..3600).map(|n| category(&masthead, &format!("subject {}/branch {n}", n / 60), n));
        let catalogue = catalogue_with("en", categories);
        let page = String::from_utf8(list(&catalogue, &Kind::Category)).unwrap();
        assert_eq!(page.matches("<li><p><a href=\"/categories/subject-").count(), 3600);
        assert!(page.len() / 3600 < 140, "{} bytes for each", page.len() / 3600);
    }
}
