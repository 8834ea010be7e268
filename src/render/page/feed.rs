//! Renders the page of a feed: its description, how to subscribe, and its entries.
//!
//! An entry is shown with its title, summary and lead image, and links to its own page.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::rows::{Fold, RowDetail, Rows};
use super::subscribe::subscribe;
use super::{Frame, Robots, href, other_direction, other_language, words::Words};
use crate::feed::{Addresses, Entry, Feed, Kind, Listing, Masthead, Text};
use crate::render::content::excerpt;
use crate::render::instant::rfc3339;
use crate::render::summary;
use crate::render::title::{self, demanded};

/// Maximum length of a summary, in characters. The style sheet shows three lines.
const SUMMARY: usize = 200;

/// Separator between the names of a category path.
const BETWEEN: &str = " / ";

/// Maximum number of categories shown for an entry.
const CATEGORIES: usize = 4;

/// Renders the page of a feed. `below` lists the direct subcategories, `site` has the URLs of the site's
/// own feed.
pub(crate) fn feed(feed: &Feed, below: &[Listing], site: &Addresses) -> Vec<u8> {
    let masthead = &*feed.masthead;
    let words = Words::of(&masthead.language);
    let own = title::own(feed);
    let above = names_above(feed, own);
    // The breadcrumb shows the other names, so the last one is enough.
    let title = if above.is_empty() { own } else { own.rsplit(BETWEEN).next().unwrap_or(own) };
    let rows = Rows { words, masthead, detail: RowDetail::Format, below: RowDetail::Number, fold: Fold::Open };
    let names = |listing: &Listing| listing.names.last().unwrap_or(&listing.title).clone();
    let main = html! {
        header class="title" {
            (breadcrumb(feed, &above, words))
            h1 dir="auto" lang=[other_language(masthead, Some(&feed.language))] { (title) }
            // The default description of a feed is its title.
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
                h2 id="page-below" lang=[words.foreign(masthead)] { (words.kind(&Kind::Category)) }
                ul class="rows" { @for listing in below { li { (rows.row(listing, &names(listing), RowDetail::Format)) } } }
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
        languages: Vec::new(),
        class: "feed",
    };
    frame.around(words, &main)
}

/// Returns the names of the parent categories, from the top.
fn names_above<'a>(feed: &Feed, own_title: &'a str) -> Vec<&'a str> {
    let mut names: Vec<&str> = own_title.split(BETWEEN).collect();
    // A definition may override the title; then it contains no category names.
    if names.len() != feed.key.names().len() {
        return Vec::new();
    }
    names.pop();
    names
}

/// Writes the path from the site to this feed. The URL of a category is that of its parent with one more
/// segment.
fn breadcrumb(feed: &Feed, above: &[&str], words: &Words) -> Markup {
    let masthead = &*feed.masthead;
    let kind = feed.key.kind();
    let Some(directory) = kind.directory() else {
        return html! {};
    };
    let page = feed.addresses.page.path().trim_end_matches('/');
    let address = |up: usize| page.rsplitn(up + 1, '/').last().unwrap_or_default();
    html! {
        nav aria-label=(words.breadcrumb) {
            ol {
                li lang=[words.foreign(masthead)] { a href=(masthead.start.child(&format!("{directory}/")).path()) { (words.kind(&feed.key.kind())) } }
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
    fn own_feeds_are_advertised_before_the_sites_and_json_last() {
        let offered: Vec<_> = parse(&page(&feed_of("zh-CN", 3), &[]))
            .into_iter()
            .filter(|tag| tag.name == "link" && tag.get("rel").as_deref() == Some("alternate"))
            .map(|tag| (tag.get("type").unwrap(), tag.get("href").unwrap()))
            .collect();
        let own = "https://feeds.example.org/categories/xin-mei-ti/qu-tou-tiao/";
        let link = |page, format: Format| (format.media_type().to_owned(), format!("{page}{}", format.file_name()));
        let mut expected = Format::ALL.map(|format| link(own, format)).to_vec();
        // The site offers other formats than this feed.
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
    fn the_breadcrumb_contains_every_parent_category() {
        let page = page(&feed_of("zh-CN", 1), &[]);
        assert!(page.contains("<h1 dir=\"auto\">趣头条</h1>"));
        assert!(page.contains("<title>新媒体 / 趣头条 · 光年资讯</title>"));
        assert!(page.contains("<li><a href=\"/categories/\">分类</a></li><li><a href=\"/categories/xin-mei-ti/\" dir=\"auto\">新媒体</a></li></ol>"), "{page}");
    }

    #[test]
    fn subcategories_are_linked_by_their_own_names() {
        let below = [category(&masthead("en"), "a/b", 2)];
        let page = page(&feed_of("en", 0), &below);
        assert!(page.contains("<a href=\"/categories/a/b/\">b</a>"));
        assert!(page.contains("There is nothing here yet."));
    }

    #[test]
    fn a_summary_that_equals_the_title_is_not_repeated() {
        let note = Text::line("A short note.");
        assert_eq!(below_title(&note, &note), "");
        let long = below_title(&note, &Text::line(&"word ".repeat(90)));
        assert!((100..=SUMMARY).contains(&long.chars().count()) && long.ends_with('…'), "{long}");
    }
}
