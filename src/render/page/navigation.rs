//! Writes the links between pages: the sections of the site, the path to a page, and the pages of a list.

use maud::{Markup, html};

use super::{href, words::Words};
use crate::feed::{Address, Kind, Masthead};

/// Number of articles on a page of a list.
pub(crate) const ARTICLES: usize = 30;

/// Number of feeds on a page of a list.
pub(crate) const FEEDS: usize = 100;

/// Most links to sections. Sites have at most a few taxonomies.
const SECTIONS: usize = 10;

/// A page of a list, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PageNumber {
    pub number: usize,
    pub of: usize,
}

impl PageNumber {
    /// Returns the position of a page in a list of `count` items; `None` if there is no such page.
    pub(crate) fn new(number: usize, count: usize, on_a_page: usize) -> Option<Self> {
        let of = count.div_ceil(on_a_page).max(1);
        (1..=of).contains(&number).then_some(Self { number, of })
    }

    /// Returns the URL of another page of the list that begins at `first`.
    fn address(first: &Address, number: usize) -> Address {
        if number == 1 { first.clone() } else { first.child(&page_path(number)) }
    }

    /// Returns the URL of this page.
    pub(crate) fn own(self, first: &Address) -> Address {
        Self::address(first, self.number)
    }

    pub(super) fn previous(self, first: &Address) -> Option<Address> {
        (self.number > 1).then(|| Self::address(first, self.number - 1))
    }

    pub(super) fn next(self, first: &Address) -> Option<Address> {
        (self.number < self.of).then(|| Self::address(first, self.number + 1))
    }

    /// Returns the numbers to link to: the first, the last, and those around this page. Others are left out.
    fn near(self) -> Vec<usize> {
        let around = self.number.saturating_sub(2)..=self.number + 2;
        let mut numbers: Vec<usize> = [1, self.of].into_iter().chain(around).collect();
        numbers.retain(|number| (1..=self.of).contains(number));
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// Returns the path of a page below the first page of its list.
pub(crate) fn page_path(number: usize) -> String {
    format!("{}/{number}/", crate::name::PAGE)
}

/// Writes the links to the lists of all feeds of each kind. `current` is the kind that the page is about.
pub(super) fn sections(masthead: &Masthead, words: &Words, current: Option<&Kind>) -> Markup {
    html! {
        @if !masthead.sections.is_empty() {
            nav aria-label=(words.sections) lang=[words.foreign(masthead)] {
                ul {
                    @for kind in masthead.sections.iter().take(SECTIONS) {
                        li { a href=(list_path(masthead, kind)) aria-current=[(current == Some(kind)).then_some("true")] { (words.kind(kind)) } }
                    }
                }
            }
        }
    }
}

/// Returns the path of the list of all feeds of a kind.
pub(super) fn list_path(masthead: &Masthead, kind: &Kind) -> String {
    masthead.start.child(&format!("{}/", kind.directory().unwrap_or_default())).path().to_owned()
}

/// Writes the path from the start page to a page: the list of its kind, and the categories above it. `names` are
/// those of a category path, and `page` is the URL of the last; the URL of a category is that of its parent with one
/// more segment. The last name is left out with `Last::Heading`.
pub(super) fn breadcrumb(
    masthead: &Masthead,
    words: &Words,
    path: Option<(&Kind, &[&str], &Address)>,
    last: Last,
) -> Markup {
    html! {
        nav aria-label=(words.breadcrumb) {
            ol {
                li lang=[words.foreign(masthead)] { a href=(href(masthead, &masthead.start)) { (words.start_page) } }
                @if let Some((kind, names, page)) = path {
                    @if kind.directory().is_some() {
                        li lang=[words.foreign(masthead)] { a href=(list_path(masthead, kind)) { (words.kind(kind)) } }
                    }
                    @let page = page.path().trim_end_matches('/');
                    @let shown = names.len() - usize::from(last == Last::Heading).min(names.len());
                    @for (at, name) in names[..shown].iter().enumerate() {
                        @let address = page.rsplitn(names.len() - at, '/').last().unwrap_or_default();
                        li { a href={ (address) "/" } dir="auto" { (name) } }
                    }
                }
            }
        }
    }
}

/// The last name of a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// It is the heading of the page.
    Heading,
    /// It is a link like the others.
    Link,
}

/// Writes the links to other pages of a list of articles. `first` is the URL of its first page.
pub(super) fn pages(masthead: &Masthead, words: &Words, first: &Address, position: PageNumber) -> Markup {
    html! {
        @if position.of > 1 {
            nav class="pages" aria-label=(words.pages) lang=[words.foreign(masthead)] dir=[words.direction(masthead)] {
                @if let Some(previous) = position.previous(first) { a class="newer" rel="prev" href=(href(masthead, &previous)) { (words.newer) } }
                (numbers(masthead, words, first, position))
                @if let Some(next) = position.next(first) { a class="older" rel="next" href=(href(masthead, &next)) { (words.older) } }
            }
        }
    }
}

fn numbers(masthead: &Masthead, words: &Words, first: &Address, position: PageNumber) -> Markup {
    let mut before = 0;
    html! {
        ol {
            @for number in position.near() {
                @let skipped = number > before + 1;
                @let () = before = number;
                li class=[skipped.then_some("gap")] {
                    @if number == position.number {
                        span aria-current="page" { (words.number(number)) }
                    } @else {
                        a href=(href(masthead, &PageNumber::address(first, number))) aria-label=(words.page_of(number, position.of)) { (words.number(number)) }
                    }
                }
            }
        }
    }
}

/// Writes the numbers of the pages of a list of feeds.
pub(super) fn numbered(masthead: &Masthead, words: &Words, first: &Address, position: PageNumber) -> Markup {
    html! {
        @if position.of > 1 {
            nav class="pages" aria-label=(words.pages) lang=[words.foreign(masthead)] dir=[words.direction(masthead)] {
                (numbers(masthead, words, first, position))
            }
        }
    }
}

/// Writes the index of a long list of feeds: names or letters, each with the row where it begins, counted from 0.
pub(super) fn index(masthead: &Masthead, first: &Address, position: PageNumber, entries: &[(String, usize)]) -> Markup {
    // The entry in which this page begins.
    let current = entries.iter().rposition(|(_, row)| *row <= (position.number - 1) * FEEDS);
    html! {
        @if position.of > 1 && entries.len() > 1 {
            ol class="index" {
                @for (at, (label, row)) in entries.iter().enumerate() {
                    li { a href=(href(masthead, &PageNumber::address(first, row / FEEDS + 1))) aria-current=[(current == Some(at)).then_some("true")] dir="auto" { (label) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_as_many_pages_as_it_needs() {
        let of = |count| PageNumber::new(1, count, 30).unwrap().of;
        assert_eq!([of(0), of(1), of(30), of(31), of(60), of(61)], [1, 1, 1, 2, 2, 3]);
        assert_eq!(PageNumber::new(3, 60, 30), None);
        assert_eq!(PageNumber::new(0, 60, 30), None);
    }

    #[test]
    fn the_first_the_last_and_the_nearest_pages_are_linked() {
        assert_eq!(PageNumber { number: 1, of: 3 }.near(), [1, 2, 3]);
        assert_eq!(PageNumber { number: 50, of: 99 }.near(), [1, 48, 49, 50, 51, 52, 99]);
    }
}
