//! `/categories/`, `/tags/`, `/authors/` and `/feeds/`: all feeds of a kind.

use maud::html;

use super::rows::{Detail, Fold, Rows};
use super::{Frame, Robots, words::Words};
use crate::feed::{Catalogue, Kind};

/// How many categories a page shows unfolded.
const FEW: usize = 150;

/// The page of all feeds of a kind.
pub fn list(catalogue: &Catalogue, kind: Kind) -> Vec<u8> {
    let masthead = &*catalogue.masthead;
    let words = Words::of(&masthead.language);
    let listings: Vec<_> = catalogue.of(kind).collect();
    let fold = if listings.len() > FEW { Fold::Folded } else { Fold::Open };
    let rows = Rows { words, masthead, detail: Detail::Formats, below: Detail::Formats, fold };
    let main = html! {
        header class="title" { h1 { (words.kind(kind)) } }
        @if listings.is_empty() {
            p class="empty" { (words.nothing_yet) }
        } @else if kind == Kind::Category {
            (rows.tree(&listings))
        } @else {
            (rows.flat(&listings))
        }
    };
    let address = kind
        .directory()
        .map_or_else(|| masthead.base.clone(), |directory| masthead.base.child(&format!("{directory}/")));
    let site = catalogue.site();
    let frame = Frame {
        masthead,
        title: format!("{} · {}", words.kind(kind), masthead.title),
        description: "",
        canonical: Some(&address),
        robots: Robots::Keep,
        offers: site.map(|site| (masthead.title.to_string(), &site.addresses)).into_iter().collect(),
        class: "list",
    };
    frame.around(words, &main)
}

#[cfg(test)]
mod tests {
    use super::super::sample::catalogue;
    use super::*;

    #[test]
    fn a_list_holds_all_of_its_kind_with_every_format() {
        let catalogue = catalogue("en");
        for kind in [Kind::Category, Kind::Tag, Kind::Author, Kind::Feed] {
            let page = String::from_utf8(list(&catalogue, kind)).unwrap();
            for listing in &catalogue.listings {
                for (_, document) in listing.addresses.documents().filter(|_| listing.key.kind() != Kind::Site) {
                    let linked = page.contains(&format!("<a href=\"{}\">", document.path()));
                    assert_eq!(linked, listing.key.kind() == kind, "{document}");
                }
            }
        }
    }
}
