//! Writes feeds of the catalogue as rows of a list, and categories as a tree of rows.
//!
//! Every row has the same columns: name, number of articles, last update, and a link to subscribe. The pages choose
//! the feeds.

use maud::{Markup, html};

use super::{href, words::Words};
use crate::feed::{Listing, Masthead, Text};

/// Whether subcategories are visible at first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    /// Only the top level is visible; readers unfold the rest.
    Folded,
    /// Everything is visible.
    Open,
}

/// Settings that all rows of a list share.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub words: &'a Words,
    pub masthead: &'a Masthead,
    pub fold: Fold,
}

/// Deeper categories are shown side by side with their whole path, because unlimited nesting would overflow
/// the stack here and the width of the screen there.
const DEEPEST: usize = 6;

impl Rows<'_> {
    pub(crate) fn flat(&self, listings: &[&Listing]) -> Markup {
        html! { ul class="rows" { @for listing in listings { li { (self.row(listing, &listing.title)) } } } }
    }

    /// Writes categories, each followed by its subcategories.
    pub(crate) fn tree(&self, listings: &[&Listing]) -> Markup {
        html! { ul class="rows tree" { (self.branch(listings, 0)) } }
    }

    fn branch(&self, mut listings: &[&Listing], level: usize) -> Markup {
        html! {
            @while let [listing, rest @ ..] = listings {
                @let below = rest.iter().take_while(|other| level < DEEPEST && other.depth() > listing.depth()).count();
                li {
                    (self.nested(listing, level))
                    @if below > 0 {
                        @let list = html! { ul { (self.branch(&rest[..below], level + 1)) } };
                        @if level == 0 {
                            details class="fold" open[self.fold == Fold::Open] {
                                summary aria-label=(self.words.below(listing.title.as_str())) {}
                                (list)
                            }
                        } @else {
                            (list)
                        }
                    }
                }
                @let () = listings = &rest[below..];
            }
        }
    }

    /// Writes the row of a category at this level of the tree.
    pub(crate) fn nested(&self, listing: &Listing, level: usize) -> Markup {
        self.row(listing, name(listing, level))
    }

    /// Writes the row of a category with its own name, below a heading that names its parents.
    pub(crate) fn named(&self, listing: &Listing) -> Markup {
        self.row(listing, listing.names.last().unwrap_or(&listing.title))
    }

    pub(crate) fn row(&self, listing: &Listing, name: &Text) -> Markup {
        let (words, page) = (self.words, href(self.masthead, &listing.addresses.page));
        html! {
            p {
                a href=(page) { (name) }
                " " span { (words.count(listing.count)) }
                @if let Some(updated) = listing.updated {
                    @let day = self.masthead.time_zone.local(updated).date();
                    " " time datetime=(day) { (words.date(self.masthead, updated)) }
                }
                " " a href={ (page) "#page-subscribe" } aria-label=(words.subscribe_to(name.as_str())) { (words.subscribe) }
            }
        }
    }

    /// Writes feeds as a run of words, for lists in which one line each would be too long.
    pub(crate) fn chips(&self, listings: &[&Listing]) -> Markup {
        html! { ul class="chips" { @for listing in listings { li { (self.chip(listing)) } } } }
    }

    /// Writes a feed as a word and its number of articles.
    pub(crate) fn chip(&self, listing: &Listing) -> Markup {
        html! { a href=(href(self.masthead, &listing.addresses.page)) { (listing.title) " " span { (self.words.number(listing.count)) } } }
    }
}

/// Returns the name of a category, without its parents if its position in the tree shows them.
fn name(listing: &Listing, level: usize) -> &Text {
    match listing.names.last() {
        Some(name) if level < DEEPEST && listing.depth() == level => name,
        _ => &listing.title,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{category, masthead};
    use super::super::tags::parse;
    use super::*;

    fn tree(depth: usize) -> String {
        let masthead = masthead("en");
        let names: Vec<String> = (0..depth).map(|n| format!("n{n}")).collect();
        let listings: Vec<Listing> = (1..=depth).map(|n| category(&masthead, &names[..n].join("/"), 1)).collect();
        let rows = Rows { words: Words::of(&masthead.language), masthead: &masthead, fold: Fold::Folded };
        rows.tree(&listings.iter().collect::<Vec<_>>()).into_string()
    }

    #[test]
    fn the_tree_folds_at_the_top_level_only() {
        let tree = tree(3);
        assert_eq!(tree.matches("<details class=\"fold\">").count(), 1);
        assert_eq!(tree.matches("<ul").count(), 3);
        assert!(tree.contains(">n2</a>"), "{tree}");
    }

    #[test]
    fn a_tree_of_any_depth_is_rendered() {
        let tree = tree(500);
        parse(&tree);
        assert!(tree.contains(" / n499</a>"));
        assert_eq!(tree.matches("<ul").count(), DEEPEST + 1);
    }

    #[test]
    fn a_row_has_name_number_date_and_subscription() {
        let masthead = masthead("en");
        let listing = category(&masthead, "Space", 1284);
        let rows = Rows { words: Words::of(&masthead.language), masthead: &masthead, fold: Fold::Open };
        assert_eq!(
            rows.named(&listing).into_string(),
            "<p><a href=\"/categories/space/\">Space</a> <span>1,284 articles</span> <time datetime=\"2026-01-31\">31 January 2026</time> \
             <a href=\"/categories/space/#page-subscribe\" aria-label=\"Subscribe to Space\">Subscribe</a></p>"
        );
    }
}
