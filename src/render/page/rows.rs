//! Writes feeds of the catalogue as rows of a list, and categories as a tree of rows.
//!
//! The pages choose the feeds and the amount of detail.

use maud::{Markup, html};

use super::{href, short_name, subscribe, words::Words};
use crate::feed::{Listing, Masthead, Text};

/// What a row shows besides the title and the number of articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowDetail {
    /// Nothing else.
    Number,
    /// The newest date.
    Date,
    /// The newest date and the first format.
    Format,
    /// The newest date and every format.
    Formats,
    /// The newest date and a folded list of all URLs, to copy or open.
    Addresses,
}

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
    /// For feeds at the top level or in a flat list.
    pub detail: RowDetail,
    pub below: RowDetail,
    pub fold: Fold,
}

/// Deeper categories are shown side by side with their whole path, because unlimited nesting would overflow
/// the stack here and the width of the screen there.
const DEEPEST: usize = 6;

impl Rows<'_> {
    pub(crate) fn flat(&self, listings: &[&Listing]) -> Markup {
        html! { ul class="rows" { @for listing in listings { li { (self.row(listing, &listing.title, self.detail)) } } } }
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
        self.row(listing, name(listing, level), if level == 0 { self.detail } else { self.below })
    }

    pub(crate) fn row(&self, listing: &Listing, name: &Text, detail: RowDetail) -> Markup {
        let formats = match detail {
            RowDetail::Number | RowDetail::Date | RowDetail::Addresses => 0,
            RowDetail::Format => 1,
            RowDetail::Formats => usize::MAX,
        };
        // In thousands of rows, a repeated word would be most of the page.
        let count = match detail {
            RowDetail::Number | RowDetail::Date => listing.count.to_string(),
            _ => self.words.count(listing.count),
        };
        html! {
            p {
                a href=(href(self.masthead, &listing.addresses.page)) { (name) }
                " " span { (count) }
                @if let Some(updated) = listing.updated.filter(|_| detail != RowDetail::Number) {
                    " " time { (updated.with_timezone(&self.masthead.time_zone).date_naive()) }
                }
                @for (format, document) in listing.addresses.documents().take(formats) {
                    " " a href=(href(self.masthead, &document)) { (short_name(format)) }
                }
            }
            @if detail == RowDetail::Addresses {
                (subscribe::folded(self.words, self.masthead, listing))
            }
        }
    }

    /// Writes feeds as a run of words, for lists in which one line each would be too long.
    pub(crate) fn chips(&self, listings: &[&Listing]) -> Markup {
        html! { ul class="chips" { @for listing in listings { li { (self.chip(listing)) } } } }
    }

    /// Writes a feed as a word and its number of articles.
    pub(crate) fn chip(&self, listing: &Listing) -> Markup {
        html! { a href=(href(self.masthead, &listing.addresses.page)) { (listing.title) " " span { (listing.count) } } }
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
        let rows = Rows {
            words: Words::of(&masthead.language),
            masthead: &masthead,
            detail: RowDetail::Formats,
            below: RowDetail::Formats,
            fold: Fold::Folded,
        };
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
}
