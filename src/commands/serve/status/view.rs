//! The part of a list that the reader of the dashboard asked for: searches and pages of long lists.

use maud::{Markup, html};
use url::form_urlencoded;

/// What the reader of the dashboard asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    /// A text that the problems, feeds and hidden files shown contain; empty for all.
    pub search: String,
    /// The page of the problems, from 1.
    pub problems: usize,
    /// The page of the feeds, from 1.
    pub feeds: usize,
}

impl View {
    pub(super) fn new(query: &str) -> Self {
        let value = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let number =
            |name| value(name).and_then(|number| number.parse().ok()).filter(|number| *number > 0).unwrap_or(1);
        let search = value("q").unwrap_or_default().trim().to_owned();
        Self { search, problems: number("problems"), feeds: number("feeds") }
    }

    /// Returns the URL of this view with another value for `name`.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let numbers = [("problems", self.problems.to_string()), ("feeds", self.feeds.to_string())];
        let all = [("q", self.search.clone())].into_iter().chain(numbers);
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, own) in all {
            let value = if key == name { value } else { &own };
            if !value.is_empty() && (key == "q" || value != "1") {
                query.append_pair(key, value);
            }
        }
        let section = if name == "feeds" { "feeds" } else { "problems" };
        format!("/?{}#{section}", query.finish())
    }

    /// Returns whether one of these fields contains the text that is searched for, in any letter case.
    pub(super) fn finds<'a>(&self, fields: impl IntoIterator<Item = &'a str>) -> bool {
        let wanted = self.search.to_lowercase();
        wanted.is_empty() || fields.into_iter().any(|field| field.to_lowercase().contains(&wanted))
    }
}

/// Returns the items of a page, from 1; those of the last page if there are fewer pages.
pub(super) fn on_page<T>(items: &[T], number: usize, size: usize) -> &[T] {
    items.chunks(size).take(number).last().unwrap_or_default()
}

pub(super) fn pages(view: &View, name: &str, number: usize, items: usize, size: usize) -> Markup {
    let of = items.div_ceil(size);
    let number = number.min(of);
    html! {
        @if of > 1 {
            nav class="pages" aria-label={ "Pages of " (name) } {
                @if number > 1 { a rel="prev" href=(view.with(name, &(number - 1).to_string())) { "Previous" } }
                span { "Page " (number) " of " (of) }
                @if number < of { a rel="next" href=(view.with(name, &(number + 1).to_string())) { "Next" } }
            }
        }
    }
}
