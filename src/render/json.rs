//! Renders JSON Feed 1.1.
//!
//! Keys are written in the order of the specification. Unknown and empty values are left out, because the
//! specification does not allow `null`.

use serde::Serialize;

use super::{html, instant, summary, title};
use crate::feed::{Content, Entry, Feed, Format, Person, UNDATED};

#[derive(Serialize)]
struct FeedJson<'a> {
    version: &'static str,
    title: String,
    home_page_url: &'a str,
    feed_url: String,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    favicon: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<AuthorJson<'a>>,
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<HubJson<'a>>,
    items: Vec<ItemJson<'a>>,
}

#[derive(Serialize)]
struct HubJson<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct AuthorJson<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct ItemJson<'a> {
    id: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<std::sync::Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    banner_image: Option<&'a str>,
    date_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<AuthorJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentJson<'a>>,
}

#[derive(Serialize)]
struct AttachmentJson<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u32>,
}

/// Returns the bytes of the feed's JSON document.
pub(crate) fn render(feed: &Feed) -> Vec<u8> {
    let masthead = &*feed.masthead;
    let document = FeedJson {
        version: "https://jsonfeed.org/version/1.1",
        title: title::of_feed(feed).as_str().to_owned(),
        home_page_url: feed.link.as_str(),
        feed_url: feed.addresses.document(Format::Json).as_str().to_owned(),
        description: feed.description.as_str(),
        icon: feed.image.as_ref().map(|image| image.url.as_str()),
        favicon: masthead.icon.as_ref().map(|icon| icon.url.as_str()),
        // Those of an item replace those of the feed.
        authors: masthead.author.iter().filter(|_| !is_authored(feed)).map(author).collect(),
        language: feed.language.as_str(),
        hubs: masthead.hubs.iter().map(|hub| HubJson { kind: "WebSub", url: hub.as_str() }).collect(),
        items: feed.entries.iter().enumerate().map(|(index, entry)| item(entry, feed, feed.content(index))).collect(),
    };
    // Strings and numbers under fixed keys cannot fail to serialize.
    serde_json::to_vec(&document).expect("writing to memory")
}

fn item<'a>(entry: &'a Entry, feed: &Feed, content: Content) -> ItemJson<'a> {
    let content_html = (content == Content::Full).then(|| html(entry)).filter(|html| !html.trim().is_empty());
    let summary = summary(entry).as_str().to_owned();
    // An item must have content, and a reader should not show the same text twice.
    let (content_text, summary) = match (&content_html, summary.is_empty()) {
        (Some(_), _) => (None, summary),
        (None, false) => (Some(summary), String::new()),
        (None, true) => (Some(title::demanded(entry).as_str().to_owned()), String::new()),
    };
    let image = entry.image.as_ref().map(|image| image.url.as_str());
    ItemJson {
        id: entry.id.as_str(),
        url: entry.link.as_str(),
        external_url: entry.external_url.as_ref().map(crate::feed::Address::as_str),
        title: title(entry).as_str().to_owned(),
        content_html,
        content_text,
        summary,
        image,
        banner_image: image,
        date_published: instant::rfc3339(entry.published.unwrap_or(UNDATED)),
        date_modified: entry.updated.map(instant::rfc3339),
        authors: entry.authors.iter().map(author).collect(),
        tags: super::labels(entry).into_iter().map(|label| label.name).collect(),
        language: entry.language.as_ref().map(crate::feed::Language::as_str),
        attachments: feed.attachments(entry).map(attachment).collect(),
    }
}

/// Returns whether every item names its authors.
fn is_authored(feed: &Feed) -> bool {
    !feed.entries.is_empty() && feed.entries.iter().all(|entry| !entry.authors.is_empty())
}

fn author(person: &Person) -> AuthorJson<'_> {
    AuthorJson { name: person.name.as_str(), url: person.url.as_ref().map(crate::feed::Address::as_str) }
}

fn attachment(enclosure: &crate::feed::Enclosure) -> AttachmentJson<'_> {
    AttachmentJson {
        url: enclosure.url.as_str(),
        mime_type: enclosure.media_type.as_str(),
        size_in_bytes: enclosure.length,
        duration_in_seconds: enclosure.duration,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{bare, feed_of, full};
    use super::*;
    use crate::article::body::{BodyText, Markup};

    fn rendered(feed: &Feed) -> serde_json::Value {
        serde_json::from_slice(&render(feed)).unwrap()
    }

    fn keys(value: &serde_json::Value) -> Vec<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn keys_come_in_the_order_of_the_specification() {
        let json = rendered(&feed_of(vec![full(1, "x"), bare(2, "")]));
        let of_feed = [
            "version",
            "title",
            "home_page_url",
            "feed_url",
            "description",
            "icon",
            "favicon",
            "authors",
            "language",
            "items",
        ];
        assert_eq!(keys(&json), of_feed);
        let of_item = [
            "id",
            "url",
            "external_url",
            "title",
            "content_html",
            "summary",
            "image",
            "banner_image",
            "date_published",
            "date_modified",
            "authors",
            "tags",
            "language",
            "attachments",
        ];
        assert_eq!(keys(&json["items"][0]), of_item);
        assert_eq!(keys(&json["items"][1]), ["id", "url", "content_html", "summary", "date_published"]);
        assert_eq!(json["items"][0]["tags"], serde_json::json!(["新媒体/R&D </div> <x>", "C++ & <T>"]));
        assert_eq!(json["items"][0]["attachments"][0]["size_in_bytes"], 4321);
        assert_eq!(json["items"][0]["date_modified"], "2021-08-04T16:20:06.250Z");
    }

    #[test]
    fn an_item_always_has_content() {
        let summary = rendered(&Feed { bodies: 0, ..feed_of(vec![full(1, "x"), bare(2, "")]) });
        assert_eq!(summary["items"][0]["content_text"], "1 < 2 & </p> &copy; ]]>");
        assert_eq!(summary["items"][1]["content_text"], "Some & text. ]]> 字🦀");
        let mut silent = bare(3, "");
        silent.body.source = BodyText::new(" ", Markup::HTML);
        let json = rendered(&feed_of(vec![silent]));
        assert_eq!(json["items"][0]["content_text"], "3");
        assert_eq!(json["items"][0].get("content_html"), None);
    }
}
