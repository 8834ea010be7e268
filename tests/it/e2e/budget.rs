//! The size limit of feeds: `max_bytes` applies to all formats alike. The oldest entries are shortened to
//! summaries first, then dropped. No entry is ever cut.

use crate::driver::{Folder, TestServer, article_with};

/// Twelve articles of about three kilobytes each, newest first.
fn serve(max_bytes: usize) -> (Folder, TestServer) {
    let folder = Folder::new();
    folder.define("site.yaml", &format!("feeds: {{max_bytes: {max_bytes}}}\n"));
    for number in 0..12 {
        let text = format!("<p>{number} & {}</p>\n<p>the end of {number}</p>", "word ".repeat(600));
        let more = format!("description: summary of {number}\n");
        folder.write(
            &format!("{number}.html"),
            article_with(&number.to_string(), &format!("2026-01-{:02}", 28 - number), &more) + &text,
        );
    }
    let server = folder.serve();
    (folder, server)
}

/// For each entry, whether it has its full content. Asserts that an entry is never cut.
#[track_caller]
fn shown(server: &TestServer, path: &str) -> Vec<bool> {
    let answer = server.get(path).ok();
    let of = |entry: feed_rs::model::Entry| {
        let title = entry.title.unwrap().content;
        let body = entry.content.and_then(|content| content.body).unwrap_or_default();
        let is_whole = body.contains(&format!("the end of {title}"));
        assert!(is_whole || !body.contains("word"), "{path}: {title} is cut");
        let summary = entry.summary.map(|summary| summary.content).unwrap_or(body);
        assert!(summary.contains(&format!("summary of {title}")), "{path}: {title} has no summary: {summary:.200}");
        is_whole
    };
    answer.feed().entries.into_iter().map(of).collect()
}

#[test]
fn the_oldest_entries_become_summaries_and_then_go_in_all_formats_alike() {
    for (max_bytes, whole, entries) in [(100_000, 12, 12), (30_000, 5, 12), (14_000, 0, 12), (5_000, 0, 4), (1, 0, 1)] {
        let (_folder, server) = serve(max_bytes);
        let rss = shown(&server, "/rss.xml");
        assert_eq!(shown(&server, "/atom.xml"), rss, "{max_bytes}");
        assert_eq!(shown(&server, "/feed.json"), rss, "{max_bytes}");
        assert_eq!(rss.len(), entries, "{max_bytes}");
        let newest = rss.iter().take_while(|is_whole| **is_whole).count();
        assert!(
            newest.abs_diff(whole) <= 1 && rss.iter().skip(newest).all(|is_whole| !is_whole),
            "{max_bytes}: {rss:?}"
        );
        for path in ["/rss.xml", "/atom.xml", "/feed.json"] {
            let length = server.get(path).body.len();
            assert!(length <= max_bytes.max(2048) + 2048, "{path} has {length} bytes, the limit is {max_bytes}");
        }
    }
}

#[test]
fn a_feed_over_its_limit_is_logged_once() {
    let (folder, server) = serve(20_000);
    for path in ["/rss.xml", "/atom.xml", "/rss.xml"] {
        server.get(path).ok();
    }
    server.logs(&["max_bytes"]);
    folder.write("new.md", article_with("new", "2026-01-30", ""));
    server.eventually("/rss.xml", |answer| answer.text().contains("<title>new</title>"));
    assert_eq!(server.log().matches("max_bytes").count(), 1, "{}", server.log());
}
