//! Writes the articles of a list: entries with summary and picture, and older ones as headlines.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::{href, other_direction, other_language, words::Words};
use crate::feed::{Address, Entry, Headline, Language, Masthead, Text};
use crate::render::content::excerpt;
use crate::render::instant::rfc3339;
use crate::render::summary;
use crate::render::title::{demanded, named_by_page, plain};

/// Maximum length of a summary, in characters. The style sheet shows three lines.
const SUMMARY: usize = 200;

/// Maximum number of categories shown for an entry.
const CATEGORIES: usize = 4;

/// Separator between the names of a category path.
pub(super) const BETWEEN: &str = " / ";

/// Writes entries with their summaries and pictures.
pub(super) fn entries<'a>(
    masthead: &Masthead,
    words: &Words,
    shown: impl ExactSizeIterator<Item = &'a Entry>,
) -> Markup {
    html! { @if shown.len() > 0 { ol class="entries" { @for shown in shown { li { (entry(masthead, shown, words)) } } } } }
}

fn entry(masthead: &Masthead, entry: &Entry, words: &Words) -> Markup {
    let title = demanded(entry);
    let summary = below_title(&title, &summary(entry));
    html! {
        article class=[entry.image.is_some().then_some("pictured")] lang=[other_language(masthead, entry.language.as_ref())] dir=[other_direction(masthead, entry.language.as_ref())] {
            h3 dir="auto" { a href=(href(masthead, &entry.link)) { (title) } }
            @if let Some(image) = &entry.image {
                // The image is beside the title, so it needs no alternative text.
                img src=(href(masthead, &image.url)) width=[image.width] height=[image.height] alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer";
            }
            @if !summary.is_empty() {
                p dir="auto" { (summary) }
            }
            p class="facts" {
                @if let Some(published) = entry.published {
                    (date(published, masthead, words))
                }
                @for category in entry.categories.iter().take(CATEGORIES) {
                    " " a href=(href(masthead, &category.page)) { (path(&category.names)) }
                }
            }
        }
    }
}

/// Writes entries and headlines as a list of titles with dates.
pub(super) fn headlines<'a>(
    masthead: &Masthead,
    words: &Words,
    entries: impl Iterator<Item = &'a Entry>,
    headlines: &[Headline],
) -> Markup {
    let line = |title: &Text, link: &Address, published: Option<DateTime<Utc>>, language: Option<&Language>| {
        html! {
            li lang=[other_language(masthead, language)] dir=[other_direction(masthead, language)] {
                a href=(href(masthead, link)) dir="auto" { (title) }
                @if let Some(published) = published { " " (date(published, masthead, words)) }
            }
        }
    };
    let of_entry = |entry: &Entry| line(&demanded(entry), &entry.link, entry.published, entry.language.as_ref());
    let of_headline = |headline: &Headline| {
        let title = plain(&headline.title);
        let title = if title.is_empty() { named_by_page(&headline.page) } else { title };
        line(&title, &headline.link, headline.published, headline.language.as_ref())
    };
    let mut lines = entries.map(of_entry).chain(headlines.iter().map(of_headline)).peekable();
    html! { @if lines.peek().is_some() { ol class="headlines" { @for line in lines { (line) } } } }
}

/// Returns the summary to show below a title. It is empty if the title was made from the summary.
fn below_title(title: &Text, summary: &Text) -> String {
    let whole = title.as_str().trim_end_matches('…') == summary.as_str();
    if whole { String::new() } else { excerpt(summary.as_str(), SUMMARY) }
}

/// Joins the names of a category path.
pub(super) fn path(names: &[Text]) -> String {
    names.iter().map(Text::as_str).collect::<Vec<_>>().join(BETWEEN)
}

/// Writes an instant as a readable date, with a machine-readable `datetime`.
pub(super) fn date(instant: DateTime<Utc>, masthead: &Masthead, words: &Words) -> Markup {
    html! { time datetime=(rfc3339(instant)) { (words.date(masthead, instant)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_that_equals_the_title_is_not_repeated() {
        let note = Text::line("A short note.");
        assert_eq!(below_title(&note, &note), "");
        let long = below_title(&note, &Text::line(&"word ".repeat(90)));
        assert!((100..=SUMMARY).contains(&long.chars().count()) && long.ends_with('…'), "{long}");
    }
}
