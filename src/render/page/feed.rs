//! A feed's page: what it is about, how to subscribe, and its entries.
//!
//! Knows nothing of bodies: an entry is shown by its title, summary and lead
//! image, and read on its own page.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::rows::{Detail, Fold, Rows};
use super::subscribe::subscribe;
use super::{Frame, Robots, href, other_direction, other_language, words::Words};
use crate::feed::{Addresses, Entry, Feed, Kind, Listing, Masthead, Text};
use crate::render::content::excerpt;
use crate::render::instant::rfc3339;
use crate::render::summary;
use crate::render::title::demanded;

/// Characters of a summary: the style sheet shows three lines of them.
const SUMMARY: usize = 200;

/// What stands between the names of a category's path.
const BETWEEN: &str = " / ";

/// How many categories of an entry are named.
const CATEGORIES: usize = 4;

/// The page of a feed; `below` are the categories right below it, `site` is
/// where the whole site's feed is.
pub fn feed(feed: &Feed, below: &[Listing], site: &Addresses) -> Vec<u8> {
    let masthead = &*feed.masthead;
    let words = Words::of(&masthead.language);
    let own = own_title(feed);
    let above = names_above(feed, own);
    // Where the way here says the rest, the last name says enough.
    let title = if above.is_empty() { own } else { own.rsplit(BETWEEN).next().unwrap_or(own) };
    let rows = Rows { words, masthead, detail: Detail::Format, below: Detail::Number, fold: Fold::Open };
    let names = |listing: &Listing| listing.names.last().unwrap_or(&listing.title).clone();
    let main = html! {
        header class="title" {
            (breadcrumb(feed, &above, words))
            h1 dir="auto" lang=[other_language(masthead, Some(&feed.language))] { (title) }
            // A feed that nobody described has its title for a description.
            @if feed.description != feed.title {
                p class="lead" dir="auto" lang=[other_language(masthead, Some(&feed.language))] { (feed.description) }
            }
        }
        (subscribe(words, masthead, &feed.addresses))
        section class="most" aria-labelledby="page-entries" {
            h2 id="page-entries" lang=[words.foreign(masthead)] { (words.articles) " " small { (words.shown(feed.entries.len(), feed.count)) } }
            @if feed.entries.is_empty() {
                p class="empty" { (words.nothing_yet) }
            } @else {
                ol class="entries" { @for shown in &feed.entries { li { (entry(feed, shown, words)) } } }
            }
        }
        @if !below.is_empty() {
            section class="below" aria-labelledby="page-below" {
                h2 id="page-below" lang=[words.foreign(masthead)] { (words.kind(Kind::Category)) }
                ul class="rows" { @for listing in below { li { (rows.row(listing, &names(listing), Detail::Format)) } } }
            }
        }
    };
    let mut offers = vec![(feed.title.to_string(), &feed.addresses)];
    if feed.key.kind() != Kind::Site {
        offers.push((masthead.title.to_string(), site));
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

/// The names of the categories above this one, from the top.
fn names_above<'a>(feed: &Feed, own_title: &'a str) -> Vec<&'a str> {
    let mut names: Vec<&str> = own_title.split(BETWEEN).collect();
    // A definition may have given another title, which names no category.
    if names.len() != feed.key.names().len() {
        return Vec::new();
    }
    names.pop();
    names
}

/// The way from the site to here. The address of a category is that of the
/// one above, and one part more.
fn breadcrumb(feed: &Feed, above: &[&str], words: &Words) -> Markup {
    let masthead = &*feed.masthead;
    let Some(directory) = feed.key.kind().directory() else {
        return html! {};
    };
    let page = feed.addresses.page.path().trim_end_matches('/');
    let address = |up: usize| page.rsplitn(up + 1, '/').last().unwrap_or_default();
    html! {
        nav aria-label=(words.breadcrumb) {
            ol {
                li lang=[words.foreign(masthead)] { a href=(masthead.base.child(&format!("{directory}/")).path()) { (words.kind(feed.key.kind())) } }
                @for (at, name) in above.iter().enumerate() {
                    li { a href={ (address(above.len() - at)) "/" } dir="auto" { (name) } }
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
        article class=[entry.image.is_some().then_some("pictured")] lang=[other_language(masthead, entry.language.as_ref())] dir=[other_direction(masthead, entry.language.as_ref())] {
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
                    (date(published, masthead, words))
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
    names.iter().map(Text::as_str).collect::<Vec<_>>().join(BETWEEN)
}

/// An instant as a date to read, and as an instant for programs.
pub(super) fn date(instant: DateTime<Utc>, masthead: &Masthead, words: &Words) -> Markup {
    html! { time datetime=(rfc3339(instant)) { (words.date(masthead, instant)) } }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{address, category, feed_of, masthead};
    use super::super::tags::parse;
    use super::*;
    use crate::feed::Format;

    fn site(formats: &[Format]) -> Addresses {
        Addresses { page: address("https://feeds.example.org/"), formats: formats.into() }
    }

    fn page(feed: &Feed, below: &[Listing]) -> String {
        String::from_utf8(super::feed(feed, below, &site(&[Format::Rss, Format::Json]))).unwrap()
    }

    #[test]
    fn its_own_feeds_are_offered_before_the_sites_and_json_last() {
        let offered: Vec<_> = parse(&page(&feed_of("zh-CN", 3), &[]))
            .into_iter()
            .filter(|tag| tag.name == "link" && tag.get("rel").as_deref() == Some("alternate"))
            .map(|tag| (tag.get("type").unwrap(), tag.get("href").unwrap()))
            .collect();
        let own = "https://feeds.example.org/categories/xin-mei-ti/qu-tou-tiao/";
        let link = |page, format: Format| (format.media_type().to_owned(), format!("{page}{}", format.file_name()));
        let mut expected = Format::ALL.map(|format| link(own, format)).to_vec();
        // The formats that the site is offered in are not this feed's.
        expected.extend([Format::Rss, Format::Json].map(|format| link("https://feeds.example.org/", format)));
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
        assert!(page.contains("<h1 dir=\"auto\">趣头条</h1>"));
        assert!(page.contains("<title>新媒体 / 趣头条 · 光年资讯</title>"));
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
