//! A feed's page: what it is about, how to subscribe, and its entries.
//!
//! Knows nothing of bodies: an entry is shown by its title, summary and lead
//! image, and read on its own page.

use maud::{Markup, html};

use super::rows::{Detail, Fold, Rows};
use super::subscribe::subscribe;
use super::{Frame, Robots, href, other_language, words::Words};
use crate::feed::{Addresses, Entry, Feed, Format, Kind, Listing, Text};
use crate::render::content::excerpt;
use crate::render::instant::rfc3339;
use crate::render::summary;
use crate::render::title::demanded;

/// Characters of a summary: the style sheet shows three lines of them.
const SUMMARY: usize = 200;

/// How many categories of an entry are named.
const CATEGORIES: usize = 4;

/// The page of a feed; `below` are the categories right below it.
pub fn feed(feed: &Feed, below: &[Listing]) -> Vec<u8> {
    let masthead = &*feed.masthead;
    let words = Words::of(&masthead.language);
    let title = own_title(feed);
    let site = Addresses { page: masthead.base.clone(), formats: Format::ALL.into() };
    let rows = Rows { words, masthead, detail: Detail::Format, below: Detail::Number, fold: Fold::Open };
    let names = |listing: &Listing| listing.names.last().unwrap_or(&listing.title).clone();
    let main = html! {
        header class="title" {
            (breadcrumb(feed, title, words))
            h1 dir="auto" lang=[other_language(masthead, Some(&feed.language))] { (title) }
            // A feed that nobody described has its title for a description.
            @if feed.description != feed.title {
                p class="lead" dir="auto" lang=[other_language(masthead, Some(&feed.language))] { (feed.description) }
            }
        }
        div class="aside" {
            (subscribe(words, masthead, &feed.addresses))
            @if !below.is_empty() {
                section aria-labelledby="page-below" {
                    h2 id="page-below" { (words.categories) }
                    ul class="rows" { @for listing in below { li { (rows.row(listing, &names(listing), Detail::Format)) } } }
                }
            }
        }
        section class="most" aria-labelledby="page-entries" {
            h2 id="page-entries" { (words.articles) " " small { (words.shown(feed.entries.len(), feed.count)) } }
            @if feed.entries.is_empty() {
                p class="empty" { (words.nothing_yet) }
            } @else {
                ol class="entries" { @for shown in &feed.entries { li { (entry(feed, shown, words)) } } }
            }
        }
    };
    let mut offers = vec![(feed.title.to_string(), &feed.addresses)];
    if feed.key.kind() != Kind::Site {
        offers.push((masthead.title.to_string(), &site));
    }
    let frame = Frame {
        masthead,
        title: feed.title.to_string(),
        description: feed.description.as_str(),
        canonical: Some(&feed.addresses.page),
        robots: Robots::Keep,
        offers,
        class: "feed",
    };
    frame.around(words, &main)
}

/// The title without the site's, which stands above it on the page.
fn own_title(feed: &Feed) -> &str {
    let whole = feed.title.as_str();
    whole
        .strip_suffix(feed.masthead.title.as_str())
        .and_then(|own| own.strip_suffix(" · "))
        .filter(|own| !own.is_empty())
        .unwrap_or(whole)
}

/// The way from the site to here. The address of a category is that of the
/// one above, and one part more.
fn breadcrumb(feed: &Feed, title: &str, words: &Words) -> Markup {
    let masthead = &*feed.masthead;
    let Some(directory) = feed.key.kind().directory() else {
        return html! {};
    };
    let page = feed.addresses.page.path().trim_end_matches('/');
    let names: Vec<&str> = title.split(" / ").collect();
    // A definition may have given another title, which names no category.
    let depth = if names.len() == feed.key.names().len() { names.len() } else { 0 };
    let above = |up: usize| page.rsplitn(up + 1, '/').last().unwrap_or_default();
    html! {
        nav aria-label=(words.breadcrumb) {
            ol {
                li { a href=(masthead.base.child(&format!("{directory}/")).path()) { (words.kind(feed.key.kind())) } }
                @for at in 1..depth {
                    li { a href={ (above(depth - at)) "/" } dir="auto" { (names[at - 1]) } }
                }
            }
        }
    }
}

fn entry(feed: &Feed, entry: &Entry, words: &Words) -> Markup {
    let masthead = &*feed.masthead;
    let title = demanded(entry);
    let summary = below_title(&title, &summary(entry));
    html! {
        article class=[entry.image.is_some().then_some("pictured")] lang=[other_language(masthead, entry.language.as_ref())] {
            h3 dir="auto" { a href=(href(masthead, &entry.link)) { (title) } }
            @if let Some(image) = &entry.image {
                // Beside its title an image says nothing that must be read out.
                img src=(href(masthead, &image.url)) width=[image.width] height=[image.height] alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer";
            }
            @if !summary.is_empty() {
                p dir="auto" { (summary) }
            }
            p class="facts" {
                @if let Some(published) = entry.published {
                    (date(published, words))
                }
                @for category in entry.categories.iter().take(CATEGORIES) {
                    " " a href=(href(masthead, &category.page)) { (path(&category.names)) }
                }
            }
        }
    }
}

/// The summary to show below a title, which may have been made of it.
fn below_title(title: &Text, summary: &Text) -> String {
    let whole = title.as_str().trim_end_matches('…') == summary.as_str();
    if whole { String::new() } else { excerpt(summary.as_str(), SUMMARY) }
}

/// The names of a category's path.
pub(super) fn path(names: &[Text]) -> String {
    names.iter().map(Text::as_str).collect::<Vec<_>>().join(" / ")
}

/// An instant as a date to read, and as an instant for programs.
pub(super) fn date(instant: chrono::DateTime<chrono::Utc>, words: &Words) -> Markup {
    html! { time datetime=(rfc3339(instant)) { (words.date(instant)) } }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{category, feed_of, masthead};
    use super::super::tags::parse;
    use super::*;

    fn page(feed: &Feed, below: &[Listing]) -> String {
        String::from_utf8(super::feed(feed, below)).unwrap()
    }

    #[test]
    fn its_own_feeds_are_offered_before_the_sites_and_json_last() {
        let offered: Vec<_> = parse(&page(&feed_of("zh-CN", 3), &[]))
            .into_iter()
            .filter(|tag| tag.name == "link" && tag.get("rel").as_deref() == Some("alternate"))
            .map(|tag| (tag.get("type").unwrap(), tag.get("href").unwrap()))
            .collect();
        let own = "https://feeds.example.org/categories/xin-mei-ti/qu-tou-tiao/";
        let site = "https://feeds.example.org/";
        let expected: Vec<_> = [own, site]
            .into_iter()
            .flat_map(|page| {
                Format::ALL.map(|format| (format.media_type().to_owned(), format!("{page}{}", format.file_name())))
            })
            .collect();
        assert_eq!(offered, expected);
    }

    #[test]
    fn thirty_entries_fit_sixty_thousand_bytes() {
        for language in ["zh-CN", "en"] {
            let page = page(&feed_of(language, 30), &[]);
            assert_eq!(page.matches("<article").count(), 30);
            assert!(page.len() <= 60_000, "{}", page.len());
        }
    }

    #[test]
    fn the_way_up_leads_through_every_category_above() {
        let page = page(&feed_of("zh-CN", 1), &[]);
        assert!(page.contains("<h1 dir=\"auto\">新媒体 / 趣头条</h1>"));
        assert!(page.contains("<li><a href=\"/categories/\">分类</a></li><li><a href=\"/categories/xin-mei-ti/\" dir=\"auto\">新媒体</a></li></ol>"), "{page}");
    }

    #[test]
    fn what_is_below_is_linked_by_its_own_name() {
        let below = [category(&masthead("en"), "a/b", 2)];
        let page = page(&feed_of("en", 0), &below);
        assert!(page.contains("<a href=\"/categories/a/b/\">b</a>"));
        assert!(page.contains("There is nothing here yet."));
    }

    #[test]
    fn a_summary_that_is_the_title_is_not_said_twice() {
        let note = Text::line("A short note.");
        assert_eq!(below_title(&note, &note), "");
        let long = below_title(&note, &Text::line(&"word ".repeat(90)));
        assert!((100..=SUMMARY).contains(&long.chars().count()) && long.ends_with('…'), "{long}");
    }
}
