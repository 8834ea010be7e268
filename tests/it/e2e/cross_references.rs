//! Cross-references: a reference to an article is a link while that article exists, and plain text otherwise.

use crate::driver::{Folder, TestServer};

fn naming(body: &str) -> String {
    format!("---\ntitle: Naming\ndate: 2026-01-02\ncategories: naming\n---\n{body}\n")
}

fn named(more: &str) -> String {
    format!("---\ntitle: \"*Named* & 'so'\"\ndate: 2026-01-01\n{more}---\nWords.\n")
}

/// The content of the entry called Naming, from a feed that does not contain the articles it refers to.
fn content(server: &TestServer) -> String {
    let json = server.get("/categories/naming/feed.json").ok().json();
    let items = json["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["title"] == "Naming").unwrap();
    item["content_html"].as_str().unwrap().trim().to_owned()
}

#[test]
fn a_reference_is_a_link_while_the_article_exists() {
    let folder = Folder::new();
    folder.write("source/_posts/a.md", naming("See {% post_link sub/b %} and [so]({% post_path sub/b %})."));
    let server = folder.serve();
    assert_eq!(content(&server), "<p>See  and <a>so</a>.</p>");
    folder.write("source/_posts/sub/b.md", named(""));
    let address = server.url("/articles/source/_posts/sub/b/");
    let both = format!("<p>See <a href=\"{address}\">*Named* &amp; 'so'</a> and <a href=\"{address}\">so</a>.</p>");
    server.eventually("/feed.json", |_| content(&server) == both);
    folder.remove("source/_posts/sub/b.md");
    server.eventually("/feed.json", |_| content(&server) == "<p>See  and <a>so</a>.</p>");
}

#[test]
fn in_hexo_a_reference_is_a_slug_or_a_title() {
    let folder = Folder::new();
    folder.write("_config.yml", "new_post_name: :year-:month-:day-:title.md\n");
    let body = "{% post_link b %}, {% post_link \"*Named* & 'so'\" it %}, {% post_link 2026-01-01-b here %}.";
    folder.write("source/_posts/2026-01-02-a.md", naming(body));
    folder.write("source/_posts/2026-01-01-b.md", named(""));
    let server = folder.serve();
    let address = server.url("/articles/source/_posts/2026-01-01-b/");
    let link = |words: &str| format!("<a href=\"{address}\">{words}</a>");
    let title = link("*Named* &amp; 'so'");
    assert_eq!(content(&server), format!("<p>{title}, {}, {}.</p>", link("it"), link("here")));
    // After a change of its title, the old title no longer refers to it.
    folder.write("source/_posts/2026-01-01-b.md", "---\ntitle: New\ndate: 2026-01-01\n---\nWords.\n");
    let renamed = format!("<p>{}, it, {}.</p>", link("New"), link("here"));
    server.eventually("/feed.json", |_| content(&server) == renamed);
    folder.write("source/_posts/2026-01-03-c.md", named(""));
    let later = server.url("/articles/source/_posts/2026-01-03-c/");
    let again = format!("<p>{}, <a href=\"{later}\">it</a>, {}.</p>", link("New"), link("here"));
    server.eventually("/feed.json", |_| content(&server) == again);
}

#[test]
fn a_reference_links_to_the_url_of_the_entry() {
    let folder = Folder::new();
    folder.define("site.yaml", "home: https://example.org\narticle_url: site\n");
    folder.write("_posts/2026-01-02-a.md", naming("[so]({{ site.baseurl }}{% post_url 2026-01-01-b %})"));
    folder.write("_posts/2026-01-01-b.md", named("permalink: /chosen/\ncategories: c\n"));
    let server = folder.serve();
    assert_eq!(content(&server), "<p><a href=\"https://example.org/chosen/\">so</a></p>");
    folder.write("_posts/2026-01-01-b.md", named("categories: c\n"));
    server.eventually("/feed.json", |_| content(&server).contains("https://example.org/c/2026/01/01/b.html"));
}

#[test]
fn links_to_article_files_become_links_to_their_pages() {
    let folder = Folder::new();
    folder.write("x/a.md", naming("[one](../b.md#s) [two](gone.md) `[b](../b.md)` [three](@/gone.md)"));
    folder.write("b.md", named(""));
    let server = folder.serve();
    let named = server.url("/articles/b/#s");
    assert_eq!(
        content(&server),
        format!("<p><a href=\"{named}\">one</a> <a>two</a> <code>[b](../b.md)</code> <a>three</a></p>")
    );
    let page = server.get("/articles/x/a/").ok().text();
    // Pages link to each other by path.
    assert!(page.contains("href=\"/articles/b/#s\""), "{page}");
}

#[test]
fn a_link_to_a_file_below_parentheses_is_the_url_of_its_page() {
    let folder = Folder::new();
    folder.write("b (c)/a.md", naming("[one](d.md) [two](<d.md>)"));
    folder.write("b (c)/d.md", named(""));
    let server = folder.serve();
    let url = server.url("/articles/b%20(c)/d/");
    server.get("/articles/b%20(c)/d/").ok();
    assert_eq!(content(&server), format!("<p><a href=\"{url}\">one</a> <a href=\"{url}\">two</a></p>"));
}

#[test]
fn hugo_finds_a_page_by_its_name_anywhere_in_the_site() {
    let folder = Folder::new();
    folder.write("hugo.toml", "baseURL = 'https://www.example.org/'\n");
    let body = "[two]({{< ref \"two#part\" >}}), [three]({{< relref \"three.md\" >}}), [none]({{< ref \"x/two\" >}})";
    folder.write("content/posts/a.md", naming(body));
    let server = folder.serve();
    assert_eq!(content(&server), "<p><a>two</a>, <a>three</a>, <a>none</a></p>");
    folder.write("content/deep/down/two/index.md", named(""));
    folder.write("content/other/three.md", named(""));
    let [two, three] = ["deep/down/two", "other/three"].map(|page| server.url(&format!("/articles/content/{page}/")));
    let linked = format!("<p><a href=\"{two}#part\">two</a>, <a href=\"{three}\">three</a>, <a>none</a></p>");
    server.eventually("/feed.json", |_| content(&server) == linked);
}
