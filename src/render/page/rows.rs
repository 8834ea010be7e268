//! Feeds of the catalogue as rows of a list, and categories as a tree of them.
//!
//! Knows how much of a feed fits a line; which feeds are listed is decided by
//! the pages.

use maud::{Markup, html};

use super::{href, short_name, subscribe, words::Words};
use crate::feed::{Listing, Masthead, Text};

/// How much a row says of a feed besides its title and number of articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// No more.
    Number,
    /// Its newest date.
    Date,
    /// Its newest date, and its first format.
    Format,
    /// Its newest date, and every format.
    Formats,
    /// Its newest date, and, unfolded, all addresses to copy and to open.
    Addresses,
}

/// Whether what is below a category is seen at once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    /// One sees the top, and unfolds the rest.
    Folded,
    /// One sees all.
    Open,
}

/// What rows have in common.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub words: &'a Words,
    pub masthead: &'a Masthead,
    /// At the top, or in a flat list.
    pub detail: Detail,
    /// Below other categories.
    pub below: Detail,
    pub fold: Fold,
}

/// Deeper categories stand side by side, each with its whole path: what nests
/// without end overruns the stack here and the screen there.
const DEEPEST: usize = 6;

impl Rows<'_> {
    /// Feeds that stand side by side.
    pub fn flat(&self, listings: &[&Listing]) -> Markup {
        html! { ul class="rows" { @for listing in listings { li { (self.row(listing, &listing.title, self.detail)) } } } }
    }

    /// Categories, each followed by those below it.
    pub fn tree(&self, listings: &[&Listing]) -> Markup {
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

    /// A category in one line, so far below the top of the tree.
    pub fn nested(&self, listing: &Listing, level: usize) -> Markup {
        self.row(listing, name(listing, level), if level == 0 { self.detail } else { self.below })
    }

    /// One feed in one line.
    pub fn row(&self, listing: &Listing, name: &Text, detail: Detail) -> Markup {
        let formats = match detail {
            Detail::Number | Detail::Date | Detail::Addresses => 0,
            Detail::Format => 1,
            Detail::Formats => usize::MAX,
        };
        // In thousands of rows a word said thousands of times is most of the page.
        let count = match detail {
            Detail::Number | Detail::Date => listing.count.to_string(),
            _ => self.words.count(listing.count),
        };
        html! {
            p {
                a href=(href(self.masthead, &listing.addresses.page)) { (name) }
                " " span { (count) }
                @if let Some(updated) = listing.updated.filter(|_| detail != Detail::Number) {
                    " " time { (updated.with_timezone(&self.masthead.time_zone).date_naive()) }
                }
                @for (format, document) in listing.addresses.documents().take(formats) {
                    " " a href=(href(self.masthead, &document)) { (short_name(format)) }
                }
            }
            @if detail == Detail::Addresses {
                (subscribe::folded(self.words, self.masthead, listing))
            }
        }
    }

    /// Feeds as words that run on, where a line for each would be too much.
    pub fn chips(&self, listings: &[&Listing]) -> Markup {
        html! { ul class="chips" { @for listing in listings { li { (self.chip(listing)) } } } }
    }

    /// One feed as a word and its number.
    pub fn chip(&self, listing: &Listing) -> Markup {
        html! { a href=(href(self.masthead, &listing.addresses.page)) { (listing.title) " " span { (listing.count) } } }
    }
}

/// What a category is called where its place in the tree is seen.
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
            detail: Detail::Formats,
            below: Detail::Formats,
            fold: Fold::Folded,
        };
        rows.tree(&listings.iter().collect::<Vec<_>>()).into_string()
    }

    #[test]
    fn the_tree_folds_at_its_top_only() {
        let tree = tree(3);
        assert_eq!(tree.matches("<details class=\"fold\">").count(), 1);
        assert_eq!(tree.matches("<ul").count(), 3);
        assert!(tree.contains(">n2</a>"), "{tree}");
    }

    #[test]
    fn a_tree_of_any_depth_is_written() {
        let tree = tree(500);
        parse(&tree);
        assert!(tree.contains(" / n499</a>"));
        assert_eq!(tree.matches("<ul").count(), DEEPEST + 1);
    }
}
