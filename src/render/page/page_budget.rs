//! Decides which feeds of the catalogue fit a page that should load quickly, and how much the page shows of
//! each.
//!
//! The start page and the lists call these functions. Feeds that do not fit the start page are on the
//! lists.

use maud::Markup;

use super::rows::{Fold, RowDetail, Rows};
use super::words::Words;
use crate::feed::{Catalogue, Kind, Listing};

/// Bytes that the categories may take on the start page: enough for about 40 of them with all URLs, or for
/// 300 with their numbers.
const TREE: usize = 34_000;

/// The amounts of detail for the top of a tree and for the levels below, largest first.
const DETAILS: [(RowDetail, RowDetail); 4] = [
    (RowDetail::Addresses, RowDetail::Addresses),
    (RowDetail::Formats, RowDetail::Formats),
    (RowDetail::Format, RowDetail::Format),
    (RowDetail::Format, RowDetail::Number),
];

/// Selects the categories for the start page and the amount of detail for the top and for the levels below.
/// Selects all of them if possible, otherwise as many levels as fit, otherwise the most used top
/// categories.
pub(super) fn tree<'a>(catalogue: &'a Catalogue, words: &Words) -> (Vec<&'a Listing>, RowDetail, RowDetail) {
    let costs = |detail, below| {
        let rows = Rows { words, masthead: &catalogue.masthead, detail, below, fold: Fold::Folded };
        // A row with the mark-up around it.
        let row = move |listing: &Listing| {
            let folds = if listing.depth() == 0 {
                "<details class=\"fold\"><summary aria-label=\"Subcategories of \"></summary></details>".len()
                    + listing.title.as_str().len()
            } else {
                0
            };
            rows.nested(listing, listing.depth()).0.len() + folds + "<li><ul></ul></li>".len()
        };
        catalogue.of(&Kind::Category).map(|listing| (listing, row(listing))).collect::<Vec<_>>()
    };
    let whole = DETAILS.map(|(detail, below)| (usize::MAX, detail, below));
    let levels = [2, 1].map(|levels| (levels, RowDetail::Format, RowDetail::Number));
    for (levels, detail, below) in whole.into_iter().chain(levels) {
        let costs = costs(detail, below);
        let shown = || costs.iter().filter(|(listing, _)| listing.depth() < levels);
        if shown().map(|(_, cost)| cost).sum::<usize>() <= TREE {
            return (shown().map(|&(listing, _)| listing).collect(), detail, below);
        }
    }
    let costs = costs(RowDetail::Format, RowDetail::Number);
    let mut top: Vec<_> = costs.iter().enumerate().filter(|(_, (listing, _))| listing.depth() == 0).collect();
    top.sort_by_key(|(_, (listing, _))| std::cmp::Reverse(listing.count));
    let mut room = TREE;
    let mut shown: Vec<_> = top
        .into_iter()
        .map_while(|(place, &(listing, cost))| {
            room = room.checked_sub(cost)?;
            Some((place, listing))
        })
        .collect();
    shown.sort_by_key(|&(place, _)| place);
    (shown.into_iter().map(|(_, listing)| listing).collect(), RowDetail::Format, RowDetail::Number)
}

/// Returns the largest amount of detail with which these feeds fit into `room` bytes.
pub(super) fn detail(listings: &[&Listing], room: usize, write: impl Fn(&Listing, RowDetail) -> Markup) -> RowDetail {
    let fits = |detail: &RowDetail| {
        let cost = |listing: &Listing| write(listing, *detail).0.len() + "<li></li>".len();
        listings.iter().try_fold(room, |room, listing| room.checked_sub(cost(listing))).is_some()
    };
    [RowDetail::Addresses, RowDetail::Formats, RowDetail::Format].into_iter().find(fits).unwrap_or(RowDetail::Date)
}

/// Returns the feeds of a kind with the most articles, as many as fit.
pub(super) fn most_used<'a>(
    catalogue: &'a Catalogue,
    kind: &Kind,
    count: usize,
    mut room: usize,
    write: impl Fn(&Listing) -> Markup,
) -> Vec<&'a Listing> {
    let mut listings: Vec<_> = catalogue.of(kind).collect();
    // Feeds of definitions keep their order, because the operator chose it.
    if *kind != Kind::Feed {
        listings.sort_by_key(|listing| std::cmp::Reverse(listing.count));
    }
    listings
        .into_iter()
        .take(count)
        .map_while(|listing| {
            room = room.checked_sub(write(listing).0.len() + "<li></li>".len())?;
            Some(listing)
        })
        .collect()
}
