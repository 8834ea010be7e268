//! Tests of the RSS elements that readers and the W3C validator are particular about.

use super::*;
use crate::feed::Enclosure;
use crate::render::sample::{at, bare, feed_of, full, image, instant, person};

fn rendered(feed: &Feed) -> String {
    String::from_utf8(render(feed)).unwrap()
}

#[test]
fn an_item_has_one_enclosure_and_one_kind_of_author() {
    let podcast = |length| Enclosure {
        url: at("https://cdn.example.org/1.mp3?a&b"),
        media_type: Text::line("audio/mpeg"),
        length,
        duration: None,
    };
    let ann = || vec![person("Ann", Some("ann@example.org"))];
    for (length, written) in [(None, "0"), (Some(7), "7")] {
        let entry = Entry { enclosure: Some(podcast(length)), authors: ann(), language: None, ..full(1, "x") };
        let rss = rendered(&feed_of(vec![entry]));
        let enclosure = format!(
            "<enclosure url=\"https://cdn.example.org/1.mp3?a&amp;b\" length=\"{written}\" type=\"audio/mpeg\"/>"
        );
        assert_eq!(rss.matches("<enclosure").count(), 1);
        assert!(rss.contains(&enclosure));
        assert!(rss.contains("<dc:creator>Ann</dc:creator>") && !rss.contains("<author>"));
        assert!(rss.contains("<media:content "));
    }
    let two = rendered(&feed_of(vec![full(1, "x")]));
    assert!(two.contains("<dc:creator>Ann &#x26; &#x3C;i&gt;Co&#x3C;/i &gt;, 張三</dc:creator>"));
    assert!(two.contains("<dc:language>zh-CN</dc:language>"), "an entry in another language declares it");
}

#[test]
fn unknown_values_are_left_out() {
    let rss = rendered(&feed_of(vec![bare(1, "")]));
    for absent in ["<author", "<category", "<enclosure", "xmlns:media", "xmlns:dc", "atom:updated", "<image"] {
        assert!(!rss.contains(absent), "{absent}");
    }
    let (channel, item) = rss.split_once("<item>").unwrap();
    assert!(item.contains("<description>") && !item.contains("<title>"));
    assert!(item.contains("<pubDate>Sat, 01 Jan 2000 00:00:00 GMT</pubDate>"));
    assert!(channel.contains("<atom:link ") && channel.contains("<ttl>30</ttl>"));
    let summary = rendered(&Feed { bodies: 0, ..feed_of(vec![bare(1, "x")]) });
    assert!(!summary.contains("content:encoded") && !summary.contains("xmlns:content"));
}

#[test]
fn an_id_is_not_a_permalink_even_if_it_looks_like_a_url() {
    let id = Text::line("https://old.example.org/1");
    let rss = rendered(&feed_of(vec![Entry { id, ..bare(1, "x") }]));
    assert!(rss.contains("<guid isPermaLink=\"false\">https://old.example.org/1</guid>"));
    assert!(rss.contains("<managingEditor>desk@example.org (Desk)</managingEditor>"));
}

#[test]
fn an_edited_entry_has_atom_updated() {
    let edited = |published, updated| rendered(&feed_of(vec![Entry { published, updated, ..bare(1, "x") }]));
    assert!(edited(Some(instant(0)), Some(instant(1))).contains("<atom:updated>2021-08-04T14:56:47Z</atom:updated>"));
    assert!(!edited(Some(instant(1)), Some(instant(1))).contains("atom:updated>"));
    assert!(edited(Some(instant(0)), None).contains("<pubDate>Wed, 04 Aug 2021 14:56:46 GMT</pubDate>"));
}

#[test]
fn the_channel_image_has_a_type_that_rss_allows() {
    let of = |url: &str, media_type, size: u32| {
        let image = Image { width: Some(size), height: Some(size), ..image(url, media_type) };
        rendered(&Feed { image: Some(image), ..feed_of(Vec::new()) })
    };
    assert!(!of("https://x.example/a.svg", "image/svg+xml", 64).contains("<image>"));
    assert!(!of("https://x.example/a.webp", "image/png", 64).contains("<image>"));
    // The validator takes what follows the last dot for the extension.
    assert!(!of("https://x.example/a.png?from=b.webp", "image/png", 64).contains("<image>"));
    assert!(of("https://x.example/a", "image/png", 64).contains("<width>64</width>"));
    let large = of("https://x.example/a.PNG?v=ab", "image/png", 512);
    assert!(large.contains("<url>https://x.example/a.PNG?v=ab</url><title>Example &#x26; News</title><link>https://news.example.org/</link></image>"));
}
