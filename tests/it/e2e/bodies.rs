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
