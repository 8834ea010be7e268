//! Article bodies: whether template tags are removed or kept depends on the generator.

use crate::driver::{Folder, TestServer};

/// The content of the only article, from the JSON feed.
fn shown(folder: &Folder, content: &str) -> String {
    let server = folder.serve_with(&["--content", content]);
    let feed = server.get("/feed.json").ok().json();
    let items = feed["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{feed}");
    items[0]["content_html"].as_str().unwrap().to_owned()
}

const BODY: &str = "a {{ page.title }}{{ x }}b\n\n```\n{% raw %}{{ y }}{% endraw %}\n```\n";

#[test]
fn variables_are_removed_only_if_the_generator_runs_templates() {
    let folder = Folder::new();
    folder.put("jekyll/_posts/2026-01-01-a.md", format!("---\ntitle: A\n---\n{BODY}"));
    assert_eq!(shown(&folder, "jekyll"), "<p>a Ab</p>\n<pre><code>{{ y }}\n</code></pre>");
    folder.put("hexo/source/_posts/a.md", format!("---\ntitle: A\ndate: 2026-01-01\n---\n{BODY}"));
    let raw = "<pre><code>{% raw %}{{ y }}{% endraw %}\n</code></pre>";
    assert_eq!(shown(&folder, "hexo"), format!("<p>a b</p>\n{raw}"));
    folder.put("hugo/hugo.toml", "title = 'H'\n");
    folder.put("hugo/content/posts/a.md", format!("---\ntitle: A\ndate: 2026-01-01\n---\n{BODY}"));
    assert_eq!(shown(&folder, "hugo/content"), format!("<p>a {{{{ page.title }}}}{{{{ x }}}}b</p>\n{raw}"));
}

#[test]
fn in_jekyll_values_of_the_page_and_the_site_are_filled_in() {
    let folder = Folder::new();
    folder.put("site/_config.yml", "title: J\nplugins: []\ncdn: https://cdn.example\npermalink: pretty\n");
    folder.define("site.yaml", "home: https://example.org\n");
    let front = "title: A\nshots: /shots\n";
    let body = "{% assign dir = \"/files\" %}![x]({{ page.shots }}/a.png) {{ site.cdn }}/b [pdf]({{ dir }}/c.pdf) \
                [about]({% link about.md %}) [d]({% link d/e.txt %})\n";
    folder.put("site/_posts/2026-01-01-a.md", format!("---\n{front}---\n{body}"));
    let server = folder.serve_with(&["--content", "site"]);
    let content = |server: &TestServer| {
        let feed = server.get("/feed.json").ok().json();
        feed["items"][0]["content_html"].as_str().unwrap().to_owned()
    };
    let shown = content(&server);
    for part in ["/shots/a.png\"", "https://cdn.example/b", "/files/c.pdf\"", "/about/\"", "/d/e.txt\""] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    folder.put("site/_config.yml", "title: J\nplugins: []\ncdn: https://other.example\n");
    server.eventually("/feed.json", |_| content(&server).contains("https://other.example/b"));
}

#[test]
fn an_article_can_declare_its_tags_as_text() {
    let folder = Folder::new();
    let body = "a {{ x }} {% raw %}\n";
    for (dialect, path, key) in [
        ("jekyll", "jekyll/_posts/2026-01-01-a.md", "render_with_liquid: false"),
        ("hexo", "hexo/source/_posts/a.md", "disableNunjucks: true"),
    ] {
        folder.put(path, format!("---\ntitle: A\ndate: 2026-01-01\n{key}\n---\n{body}"));
        assert_eq!(shown(&folder, dialect), "<p>a {{ x }} {% raw %}</p>", "{dialect}");
    }
}

#[test]
fn a_summary_above_the_more_marker_keeps_link_texts_and_loses_footnotes() {
    let folder = Folder::new();
    let body = "See [this][1] and[^n] that.\n\n<!-- more -->\n\nrest\n\n[1]: https://x.example/\n[^n]: note\n";
    folder.write("a.md", format!("---\ntitle: A\ndate: 2026-01-01\n---\n{body}"));
    let feed = folder.serve().get("/feed.json").ok().json();
    assert_eq!(feed["items"][0]["summary"], "See this and that.");
}

/// The beginning of a JPEG of 40 by 30 pixels, with an EXIF orientation.
fn jpeg(orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let mut file = vec![0xff, 0xd8, 0xff, 0xe1, 0, u8::try_from(exif.len() + 2).unwrap()];
    file.extend(exif);
    file.extend([0xff, 0xc0, 0, 11, 8, 0, 30, 0, 40, 1, 1, 0x11, 0, 0xff, 0xd9]);
    file
}

#[test]
fn a_photograph_has_the_size_in_which_it_is_shown() {
    let folder = Folder::new();
    folder.write("a.md", "---\ntitle: A\ndate: 2026-01-01\n---\n![](turned.jpg) ![](plain.jpg)\n");
    folder.write("turned.jpg", jpeg(6));
    folder.write("plain.jpg", jpeg(1));
    let server = folder.serve();
    let feed = server.get("/feed.json").ok().json();
    let html = feed["items"][0]["content_html"].as_str().unwrap();
    assert!(html.contains("turned.jpg\" alt=\"\" width=\"30\" height=\"40\""), "{html}");
    assert!(html.contains("plain.jpg\" alt=\"\" width=\"40\" height=\"30\""), "{html}");
    let rss = server.get("/rss.xml").ok().text();
    assert!(rss.contains("medium=\"image\" width=\"30\" height=\"40\""), "{rss}");
}

#[test]
fn an_article_in_a_legacy_encoding_keeps_its_letters() {
    let folder = Folder::new();
    // GBK: 标题 and 财源街道，加大整治力度。
    let body = b"\xb2\xc6\xd4\xb4\xbd\xd6\xb5\xc0\xa3\xac\xbc\xd3\xb4\xf3\xd5\xfb\xd6\xce\xc1\xa6\xb6\xc8\xa1\xa3\n";
    let file = [b"---\ntitle: \xb1\xea\xcc\xe2\ndate: 2026-01-01\n---\n".as_slice(), body].concat();
    folder.write("a.md", file);
    let feed = folder.serve().get("/feed.json").ok().json();
    assert_eq!(feed["items"][0]["title"], "标题");
    assert_eq!(
        feed["items"][0]["content_text"].as_str().or(feed["items"][0]["content_html"].as_str()),
        Some("<p>财源街道，加大整治力度。</p>")
    );
}

#[test]
fn a_name_without_letters_and_a_lone_surrogate_break_nothing() {
    let folder = Folder::new();
    folder.write("a.md", "{\"title\": \"A \\ud83e\", \"date\": \"2026-01-01\", \"tags\": [\"\\ufffd\", \"b\"]}\nx\n");
    let feed = folder.serve().get("/feed.json").ok().json();
    assert_eq!(feed["items"][0]["title"], "A");
    assert_eq!(feed["items"][0]["tags"], serde_json::json!(["b"]));
}
