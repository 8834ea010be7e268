//! Articles that name others: a link while the other is there, words when it is not.

use crate::driver::{Folder, Mill};

fn naming(body: &str) -> String {
    format!("---\ntitle: Naming\ndate: 2026-01-02\ncategories: naming\n---\n{body}\n")
}

fn named(more: &str) -> String {
    format!("---\ntitle: \"*Named* & 'so'\"\ndate: 2026-01-01\n{more}---\nWords.\n")
}

/// The content of the entry called Naming, in a feed that shows no article it names.
fn content(mill: &Mill) -> String {
    let json = mill.get("/categories/naming/feed.json").ok().json();
    let items = json["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["title"] == "Naming").unwrap();
    item["content_html"].as_str().unwrap().trim().to_owned()
}

#[test]
fn a_name_is_a_link_to_the_article_while_it_is_there() {
    let folder = Folder::new();
    folder.write("source/_posts/a.md", naming("See {% post_link sub/b %} and [so]({% post_path sub/b %})."));
    let mill = folder.serve();
    assert_eq!(content(&mill), "<p>See  and <a>so</a>.</p>");
    folder.write("source/_posts/sub/b.md", named(""));
    let address = mill.url("/articles/source/_posts/sub/b/");
    let both = format!("<p>See <a href=\"{address}\">*Named* &amp; 'so'</a> and <a href=\"{address}\">so</a>.</p>");
    mill.eventually("/feed.json", |_| content(&mill) == both);
    folder.remove("source/_posts/sub/b.md");
    mill.eventually("/feed.json", |_| content(&mill) == "<p>See  and <a>so</a>.</p>");
}

#[test]
fn hexo_calls_a_post_by_slug_or_title() {
    let folder = Folder::new();
    folder.write("_config.yml", "new_post_name: :year-:month-:day-:title.md\n");
    let body = "{% post_link b %}, {% post_link \"*Named* & 'so'\" it %}, {% post_link 2026-01-01-b here %}.";
    folder.write("source/_posts/2026-01-02-a.md", naming(body));
    folder.write("source/_posts/2026-01-01-b.md", named(""));
    let mill = folder.serve();
    let address = mill.url("/articles/source/_posts/2026-01-01-b/");
    let link = |words: &str| format!("<a href=\"{address}\">{words}</a>");
    let title = link("*Named* &amp; 'so'");
    assert_eq!(content(&mill), format!("<p>{title}, {}, {}.</p>", link("it"), link("here")));
    // By another title it is called no longer what it was.
    folder.write("source/_posts/2026-01-01-b.md", "---\ntitle: New\ndate: 2026-01-01\n---\nWords.\n");
    let renamed = format!("<p>{}, it, {}.</p>", link("New"), link("here"));
    mill.eventually("/feed.json", |_| content(&mill) == renamed);
    folder.write("source/_posts/2026-01-03-c.md", named(""));
    let later = mill.url("/articles/source/_posts/2026-01-03-c/");
    let again = format!("<p>{}, <a href=\"{later}\">it</a>, {}.</p>", link("New"), link("here"));
    mill.eventually("/feed.json", |_| content(&mill) == again);
}

#[test]
fn a_name_leads_where_the_entry_of_the_article_leads() {
    let folder = Folder::new();
    folder.define("site.yaml", "home: https://example.org\narticle_url: site\n");
    folder.write("_posts/2026-01-02-a.md", naming("[so]({{ site.baseurl }}{% post_url 2026-01-01-b %})"));
    folder.write("_posts/2026-01-01-b.md", named("permalink: /chosen/\ncategories: c\n"));
    let mill = folder.serve();
    assert_eq!(content(&mill), "<p><a href=\"https://example.org/chosen/\">so</a></p>");
    folder.write("_posts/2026-01-01-b.md", named("categories: c\n"));
    mill.eventually("/feed.json", |_| content(&mill).contains("https://example.org/c/2026/01/01/b.html"));
}

#[test]
fn files_that_lead_to_articles_lead_to_their_pages() {
    let folder = Folder::new();
    folder.write("x/a.md", naming("[one](../b.md#s) [two](gone.md) `[b](../b.md)` [three](@/gone.md)"));
    folder.write("b.md", named(""));
    let mill = folder.serve();
    let named = mill.url("/articles/b/#s");
    assert_eq!(
        content(&mill),
        format!("<p><a href=\"{named}\">one</a> <a>two</a> <code>[b](../b.md)</code> <a>three</a></p>")
    );
    let page = mill.get("/articles/x/a/").ok().text();
    assert!(page.contains(&named), "{page}");
}
