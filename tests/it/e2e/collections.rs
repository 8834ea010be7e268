//! Collections of Jekyll: each is a feed, and the old URLs of jekyll-feed redirect to it.

use serde_json::json;

use crate::driver::{Folder, TestServer};

const CONFIG: &str = "title: J
collections:
  recipes: {output: true, permalink: '/food/:name/'}
  my_notes: {output: true}
  people: {output: true}
  data: {}
feed:
  path: /blog/feed.xml
  tags: {path: /t/}
  collections:
    recipes: {path: /recipes.xml, categories: [Soups]}
";

fn document(title: &str, more: &str) -> String {
    format!("---\ntitle: {title}\n{more}---\nbody\n")
}

fn site() -> Folder {
    let folder = Folder::new();
    folder.write("_config.yml", CONFIG);
    folder.write("_posts/2026-01-01-post.md", document("Post", "categories: [News]\ntags: [go]\n"));
    folder.write("_recipes/soup.md", document("Soup", "date: 2026-01-03\ncategories: [Soups]\n"));
    folder.write("_recipes/more/2026-01-04-bread.md", document("Bread", ""));
    folder.write("_recipes/undated.md", document("Undated", ""));
    folder.write("_recipes/plain.md", "no front matter\n");
    folder.write("_recipes/_draft.md", document("Skipped", "date: 2026-01-03\n"));
    folder.write("_my_notes/note.md", document("Note", "date: 2026-01-05\n"));
    folder.write("_people/ann.md", document("Ann", ""));
    folder.write("_data/a.md", document("Data", "date: 2026-01-05\n"));
    folder
}

fn links(server: &TestServer, path: &str) -> Vec<String> {
    let feed = server.get(path).ok().json();
    feed["items"].as_array().unwrap().iter().map(|item| item["url"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_collection_is_a_feed_beside_the_posts() {
    let folder = site();
    folder.define("site.yaml", "home: https://www.example.org\narticle_url: site\n");
    let server = folder.serve();
    assert_eq!(server.titles("/rss.xml"), ["Post"]);
    assert_eq!(server.titles("/collections/recipes/rss.xml"), ["Bread", "Soup", "Undated"]);
    assert_eq!(server.titles("/collections/my-notes/atom.xml"), ["Note"]);
    for absent in ["people", "data", "posts"] {
        server.get(&format!("/collections/{absent}/rss.xml")).assert_status(404);
    }
    server.get("/categories/soups/rss.xml").assert_status(404);
    assert_eq!(
        links(&server, "/collections/recipes/feed.json"),
        ["2026-01-04-bread", "soup", "undated"].map(|name| format!("https://www.example.org/food/{name}/"))
    );
    assert_eq!(links(&server, "/collections/my-notes/feed.json"), ["https://www.example.org/my_notes/note.html"]);
    assert!(server.get("/articles/_recipes/soup/").ok().text().contains("href=\"/collections/recipes/\""));
    let list = server.get("/feeds.json").ok().json();
    let feeds = list["feeds"].as_array().unwrap();
    let recipes = feeds.iter().find(|feed| feed["path"] == json!(["recipes"])).unwrap();
    assert_eq!((&recipes["kind"], &recipes["taxonomy"]), (&json!("taxonomy"), &json!("collections")));
    folder.define("all.yaml", "select: {taxonomies: {collections: [recipes]}}\n");
    server.eventually("/feeds/all/rss.xml", |answer| answer.status == 200);
    assert_eq!(server.titles("/feeds/all/rss.xml").len(), 3);
}

#[test]
fn old_feeds_of_collections_and_configured_paths_redirect_in_one_hop() {
    let folder = site();
    folder.define("site.yaml", "home: https://www.example.org\npresets: [jekyll]\nfeed_ids: permalink\n");
    let server = folder.serve();
    for (old, new) in [
        ("/blog/feed.xml", "/atom.xml"),
        ("/t/go.xml", "/tags/go/atom.xml"),
        ("/feed/News.xml", "/categories/news/atom.xml"),
        ("/recipes.xml", "/collections/recipes/atom.xml"),
        ("/feed/recipes/Soups.xml", "/collections/recipes/atom.xml"),
        ("/feed/my_notes.xml", "/collections/my-notes/atom.xml"),
    ] {
        server.get(old).assert_moved_to(&server.url(new));
        server.get(new).ok();
    }
    let id = |path: &str| server.get(path).ok().text();
    assert!(id("/atom.xml").contains("<id>https://www.example.org/blog/feed.xml</id>"));
    assert!(id("/tags/go/atom.xml").contains("<id>https://www.example.org/t/go.xml</id>"));
    assert!(id("/collections/recipes/atom.xml").contains("<id>https://www.example.org/recipes.xml</id>"));
    let built = folder.run(&["build", "--base-url", "https://feeds.example.org"]);
    built.assert_code(0);
    let redirects = std::fs::read_to_string(folder.path("dist/_redirects")).unwrap();
    for old in ["/blog/feed.xml", "/recipes.xml", "/feed/recipes/Soups.xml", "/t/go.xml"] {
        assert!(redirects.contains(&format!("{old} ")), "{old}: {redirects}");
    }
}

#[test]
fn without_posts_the_documents_of_collections_are_in_all_feeds() {
    let folder = Folder::new();
    folder.write("_config.yml", "title: J\ncollections_dir: all\ncollections: {recipes: {output: true}}\n");
    folder.write("all/_recipes/soup.md", document("Soup", "date: 2026-01-03\ntags: [go]\n"));
    folder.write("all/_recipes/undated.md", document("Undated", ""));
    let server = folder.serve();
    assert_eq!(server.titles("/rss.xml"), ["Soup", "Undated"]);
    assert_eq!(server.titles("/tags/go/rss.xml"), ["Soup"]);
    folder.write("all/news/_posts/2026-01-05-post.md", document("Post", ""));
    server.eventually("/tags/go/rss.xml", |answer| answer.status == 404);
    assert_eq!(server.titles("/rss.xml"), ["Post"]);
    assert_eq!(server.titles("/categories/news/rss.xml"), ["Post"]);
    server.get("/categories/all/rss.xml").assert_status(404);
    assert_eq!(server.titles("/collections/recipes/rss.xml"), ["Soup"]);
}
