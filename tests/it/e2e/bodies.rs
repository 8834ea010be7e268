//! Article bodies: whether template tags are removed or kept depends on the generator.

use crate::driver::Folder;

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
    assert_eq!(shown(&folder, "jekyll"), "<p>a b</p>\n<pre><code>{{ y }}\n</code></pre>");
    folder.put("hexo/source/_posts/a.md", format!("---\ntitle: A\ndate: 2026-01-01\n---\n{BODY}"));
    let raw = "<pre><code>{% raw %}{{ y }}{% endraw %}\n</code></pre>";
    assert_eq!(shown(&folder, "hexo"), format!("<p>a b</p>\n{raw}"));
    folder.put("hugo/hugo.toml", "title = 'H'\n");
    folder.put("hugo/content/posts/a.md", format!("---\ntitle: A\ndate: 2026-01-01\n---\n{BODY}"));
    assert_eq!(shown(&folder, "hugo/content"), format!("<p>a {{{{ page.title }}}}{{{{ x }}}}b</p>\n{raw}"));
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
