//! Article bodies: whether template tags are removed or kept depends on the generator.

use crate::driver::{Folder, TestServer, png};

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
    assert!(rss.contains("height=\"40\" medium=\"image\""), "{rss}");
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

/// The content of the article with a title, from the JSON feed.
fn body_of(server: &TestServer, title: &str) -> String {
    let feed = server.get("/feed.json").ok().json();
    let items = feed["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["title"] == title).unwrap_or_else(|| panic!("{feed}"));
    item["content_html"].as_str().unwrap().to_owned()
}

fn dated(title: &str, body: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2026-01-01\n---\n{body}")
}

#[test]
fn headings_have_the_ids_to_which_links_lead() {
    let folder = Folder::new();
    folder.write("a.md", dated("A", "## What's new\n\n## The plan {#plan}\n\n[up](#whats-new)\n"));
    let server = folder.serve();
    let html = body_of(&server, "A");
    assert!(html.contains("<h2 id=\"whats-new\">What's new</h2>"), "{html}");
    assert!(html.contains("The plan<a id=\"plan\"></a></h2>"), "{html}");
    assert!(html.contains("/articles/a/#whats-new\">up</a>"), "{html}");
    assert!(server.get("/articles/a/").ok().text().contains("id=\"whats-new\""));
}

#[test]
fn urls_of_the_web_site_itself_are_its_local_files() {
    let folder = Folder::new();
    folder.define("site.yaml", "home: https://news.example.org/blog\n");
    let body = "![](https://news.example.org/blog/img/a.png?v=1)\n\n<img src=a.png srcset='//news.example.org/img/a.png 1x, /img/b.png 2x'> \
                [big](http://NEWS.example.org/img/b.png) ![](https://other.example.org/img/a.png)\n";
    folder.write("a.md", dated("A", body));
    folder.write("static/img/a.png", png(3, 2));
    folder.write("static/img/b.png", png(6, 4));
    let server = folder.serve();
    let html = body_of(&server, "A");
    for part in [
        "src=\"BASE/media/static/img/a.png\" alt=\"\" width=\"3\" height=\"2\"",
        "srcset=\"BASE/media/static/img/a.png 1x, BASE/media/static/img/b.png 2x\"",
        "href=\"BASE/media/static/img/b.png\">big</a>",
        "src=\"https://other.example.org/img/a.png\" alt=\"\" ref",
    ] {
        let base = server.get("/feed.json").ok().json()["feed_url"].as_str().unwrap().replace("/feed.json", "");
        let part = part.replace("BASE", &base);
        assert!(html.contains(&part), "{part} in {html}");
    }
    assert_eq!(server.get("/media/static/img/b.png").ok().decoded().len(), png(6, 4).len());
}

#[test]
fn words_in_braces_before_a_reference_are_removed() {
    let folder = Folder::new();
    folder.write("a.md", dated("A", "[b]({filename}/deep/b.md) ![]({static}/pics/c.png) [c](|attach|pics/c.png)\n"));
    folder.write("deep/b.md", dated("B", "[a]({filename}../a.md#x)\n"));
    folder.write("pics/c.png", png(3, 2));
    let server = folder.serve();
    let html = body_of(&server, "A");
    for part in ["/articles/deep/b/\">b</a>", "src=\"http://", "/media/pics/c.png\" alt", "/media/pics/c.png\">c</a>"] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(body_of(&server, "B").contains("/articles/a/#x\">a</a>"));
}

#[test]
fn links_of_a_wiki_lead_to_notes_and_pictures() {
    let folder = Folder::new();
    folder.define("site.yaml", "dialect: obsidian\n");
    let body =
        "[[Second note]] [[deep/Other|words]] [[Second note#The Plan]] ![[pic.png|30]] [[missing]] `[[Other]]`\n";
    folder.write("a.md", dated("A", body));
    folder.write("notes/Second note.md", dated("B", "[[a]] ![[a]]\n"));
    folder.write("deep/Other.md", dated("C", "c\n"));
    folder.write("pic.png", png(60, 40));
    let server = folder.serve();
    let html = body_of(&server, "A");
    for part in [
        "/articles/notes/Second%20note/\">Second note</a>",
        "/articles/deep/Other/\">words</a>",
        "/articles/notes/Second%20note/#the-plan\">Second note</a>",
        "/media/pic.png\" alt=\"\" width=\"30\"",
        "[[missing]] <code>[[Other]]</code>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert_eq!(body_of(&server, "B").matches("/articles/a/\">a</a>").count(), 2);
}

#[test]
fn a_page_of_a_bundle_refers_to_pages_beside_its_directory() {
    let folder = Folder::new();
    folder.put("site/hugo.toml", "title = 'H'\n");
    folder.put("site/content/posts/one/index.md", dated("One", "[two]({{< ref \"two\" >}})\n"));
    folder.put("site/content/posts/two.md", dated("Two", "b\n"));
    folder.put("site/content/posts/three/index.md", dated("Three", "c\n"));
    let server = folder.serve_with(&["--content", "site/content"]);
    let html = body_of(&server, "One");
    assert!(html.contains("/articles/posts/two/\">two</a>"), "{html}");
}

#[test]
fn mathematics_is_shown_as_it_is_written_where_the_site_says_that_there_is_any() {
    let folder = Folder::new();
    let article = |more: &str, body: &str| format!("---\ntitle: A\ndate: 2026-01-01\n{more}\n---\n{body}\n");
    let (double, single) = ("$$\\{ x < y \\}$$", "$f_{*}(x)*g_{*}(y)$ and $a<b>c$");
    let shown_double = "<p>$$\\{ x &lt; y \\}$$</p>";
    let shown_single = "<p>$f_{*}(x)*g_{*}(y)$ and $a&lt;b&gt;c$</p>";
    folder.put("jekyll/_posts/2026-01-01-a.md", article("", double));
    assert_eq!(shown(&folder, "jekyll"), shown_double);
    folder.put("jekyll/_posts/2026-01-01-a.md", article("mathjax: true", single));
    assert_eq!(shown(&folder, "jekyll"), shown_single);

    folder.put("hexo/source/_posts/a.md", article("", single));
    folder.put("hexo/_config.yml", "title: H\nnew_post_name: x\n");
    let manifest = |more: &str| format!("{{\"dependencies\": {{\"hexo\": \"7\"{more}}}}}");
    folder.put("hexo/package.json", manifest(""));
    assert!(shown(&folder, "hexo/source").contains("<b>c$"));
    folder.put("hexo/package.json", manifest(", \"hexo-filter-mathjax\": \"1\""));
    assert_eq!(shown(&folder, "hexo/source"), shown_single);

    let passthrough = "[markup.goldmark.extensions.passthrough]\nenable = true\n\
                       delimiters.inline = [['\\(', '\\)']]\n";
    folder.put("hugo/content/a.md", article("", "\\(a_*b_*\\)"));
    folder.put("hugo/hugo.toml", "title = 'H'\n");
    assert_eq!(shown(&folder, "hugo/content"), "<p>(a_<em>b_</em>)</p>");
    folder.put("hugo/hugo.toml", format!("title = 'H'\n{passthrough}"));
    assert_eq!(shown(&folder, "hugo/content"), "<p>\\(a_*b_*\\)</p>");

    folder.put("zola/config.toml", "base_url = '/'\n[extra]\nkatex = true\n");
    folder.put("zola/content/a.md", format!("+++\ntitle = 'A'\ndate = 2026-01-01\n+++\n{single}\n"));
    assert_eq!(shown(&folder, "zola/content"), shown_single);
}

#[test]
fn the_markup_of_each_generator_is_shown_as_its_own_site_shows_it() {
    let folder = Folder::new();
    let article = |body: &str| format!("---\ntitle: A\ndate: 2026-01-01\n---\n{body}\n");
    let box_html = "<p><strong>The <em>title</em></strong></p>\n<p>words</p>";
    for (site, content, path, body, html) in [
        ("plain/x", "", "plain/a.md", "!!! note \"The *title*\"\n    words", box_html),
        ("mkdocs/mkdocs.yml", "site_name: M\n", "mkdocs/docs/a.md", "!!! note \"The *title*\"\n    words", box_html),
        (
            "vault/.obsidian/app.json",
            "{}",
            "vault/a.md",
            "a %%not\n\nshown%%\n\n> [!info]- T\n> b",
            "<p>a</p>\n<blockquote>\n<p><strong>T</strong></p>\n<p>b</p>\n</blockquote>",
        ),
        (
            "jekyll/_config.yml",
            "plugins: [jemoji]\n",
            "jekyll/_posts/2026-01-01-a.md",
            "<div markdown=\"1\">\n*a* {::comment}b{:/} :tada:\n</div>",
            "<div>\n<p><em>a</em>  🎉</p>\n</div>",
        ),
        (
            "hugo/hugo.toml",
            "enableEmoji = true\n",
            "hugo/content/a.md",
            "a :tada: {{</* b */>}}",
            "<p>a 🎉 {{&lt; b &gt;}}</p>",
        ),
        (
            "zola/config.toml",
            "base_url = '/'\n",
            "zola/content/a.md",
            "a :tada: {{/* b() */}}",
            "<p>a :tada: {{ b() }}</p>",
        ),
    ] {
        folder.put(site, content);
        folder.put(path, article(body));
        let directory = path.rsplit_once('/').unwrap().0.trim_end_matches("/_posts");
        assert_eq!(shown(&folder, directory), html, "{path}");
    }
}
