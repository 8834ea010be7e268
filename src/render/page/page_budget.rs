//! Decides which feeds of the catalogue fit a page that should load quickly.
//!
//! Feeds that do not fit are on the lists of all feeds of their kind.

use maud::Markup;

use super::rows::Rows;
use crate::feed::{Catalogue, Kind, Listing};

/// Bytes that the categories may take on the start page.
const TREE: usize = 13_000;

/// Selects the categories for the start page: all of them if possible, otherwise as many levels as fit, otherwise the
/// most used top categories.
pub(super) fn tree<'a>(catalogue: &'a Catalogue, rows: &Rows<'_>) -> Vec<&'a Listing> {
    // A row with the mark-up around it.
    let cost = |listing: &Listing| {
        let folds = if listing.depth() == 0 {
            "<details class=\"fold\"><summary aria-label=\"Subcategories of \"></summary></details>".len()
                + listing.title.as_str().len()
        } else {
            0
        };
        rows.nested(listing, listing.depth()).0.len() + folds + "<li><ul></ul></li>".len()
    };
    let costs: Vec<(&Listing, usize)> = catalogue.of(&Kind::Category).map(|listing| (listing, cost(listing))).collect();
    for levels in [usize::MAX, 2, 1] {
        let shown = || costs.iter().filter(|(listing, _)| listing.depth() < levels);
        if shown().map(|(_, cost)| cost).sum::<usize>() <= TREE {
            return shown().map(|&(listing, _)| listing).collect();
        }
    }
    let tops = costs.iter().map(|&(listing, _)| listing).filter(|listing| listing.depth() == 0);
    largest(tops, TREE, |listing| rows.nested(listing, 0))
}

/// Returns the feeds with the most articles that fit into `room` bytes, in their order.
pub(super) fn largest<'a>(
    listings: impl Iterator<Item = &'a Listing>,
    mut room: usize,
    write: impl Fn(&Listing) -> Markup,
) -> Vec<&'a Listing> {
    let mut all: Vec<(usize, &Listing)> = listings.enumerate().collect();
    all.sort_by_key(|(_, listing)| std::cmp::Reverse(listing.count));
    let fits = |&(place, listing): &(usize, &'a Listing)| {
        room = room.checked_sub(write(listing).0.len() + "<li></li>".len())?;
        Some((place, listing))
    };
    let mut shown: Vec<_> = all.iter().map_while(fits).collect();
    shown.sort_by_key(|&(place, _)| place);
    shown.into_iter().map(|(_, listing)| listing).collect()
}

/// Returns the feeds of a kind with the most articles, as many as fit, the largest first.
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
