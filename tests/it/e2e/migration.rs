//! Migration from another generator: the old feed URLs redirect, and ids and permalinks are those of the
//! generator. `tests/migration` runs the generators themselves.

use crate::driver::{Folder, TestServer, article_with, png};

const SITE: &str = "home: https://www.example.org\narticle_url: site\nids: permalink\n";

fn article(title: &str, more: &str) -> String {
    article_with(title, "2026-01-02", more)
}

/// Id and link of each entry, newest first; they must be equal in all formats.
#[track_caller]
fn entries(server: &TestServer) -> Vec<(String, String)> {
    let of = |path| -> Vec<(String, String)> {
        let entries = server.get(path).ok().feed().entries.into_iter();
        entries.map(|mut entry| (entry.id, entry.links.remove(0).href)).collect()
    };
    let entries = of("/atom.xml");
    assert_eq!(of("/rss.xml"), entries);
    assert_eq!(of("/feed.json"), entries);
    entries
}

#[test]
fn a_section_of_hugo_is_a_category_where_directories_are() {
    let folder = Folder::new();
    folder.write("hugo.toml", "title = 'Site'\n");
    folder.write("content/notes/rust/a/index.md", article("A", "categories: [news]\n"));
    folder.write("content/notes/2026/b.md", article("B", ""));
    folder.write("content/c.md", article("C", ""));
    folder.define("site.yaml", "presets: [hugo]\n");
    let server = folder.serve();
    server.get("/notes/index.xml").assert_moved_to(&server.url("/rss.xml"));
    assert_eq!(server.get("/categories/notes/rss.xml").status, 404);
    folder.define("site.yaml", "presets: [hugo]\ncategories: {directories: true}\n");
    server.eventually("/categories/notes/rss.xml", |answer| answer.status == 200);
    assert_eq!(server.titles("/categories/notes/rss.xml"), ["A", "B"]);
    assert_eq!(server.titles("/categories/notes/rust/rss.xml"), ["A"]);
    assert_eq!(server.titles("/categories/news/rss.xml"), ["A"]);
    server.get("/notes/index.xml").assert_moved_to(&server.url("/categories/notes/rss.xml"));
    server.get("/notes/rust/index.xml").assert_moved_to(&server.url("/categories/notes/rust/rss.xml"));
    server.get("/gone/index.xml").assert_moved_to(&server.url("/rss.xml"));
}

#[test]
fn feed_urls_of_other_generators_redirect_in_one_hop() {
    let old = [
        ("hexo", "/rss2.xml", "/rss.xml"),
        ("hexo", "/categories/%e6%96%b0%e5%aa%92%e4%bd%93/rss2.xml", "/categories/xin-mei-ti/rss.xml"),
        ("hexo", "/categories/%E6%96%B0%E5%AA%92%E4%BD%93/atom.xml", "/categories/xin-mei-ti/atom.xml"),
        ("hexo", "/tags/Big%20News/rss2.xml", "/tags/big-news/rss.xml"),
        ("hugo", "/index.xml", "/rss.xml"),
        ("hugo", "/posts/index.xml", "/rss.xml"),
        ("hugo", "/categories/%E6%96%B0%E5%AA%92%E4%BD%93/index.xml", "/categories/xin-mei-ti/rss.xml"),
        ("hugo", "/tags/big-news/index.xml", "/tags/big-news/rss.xml"),
        ("hugo", "/authors/ann/index.xml", "/authors/ann/rss.xml"),
        ("jekyll", "/feed.xml", "/atom.xml"),
        ("jekyll", "/feed/by_tag/big-news.xml", "/tags/big-news/atom.xml"),
        ("jekyll", "/feed/by_tag/Big%20News.xml", "/tags/big-news/atom.xml"),
        ("jekyll", "/feed/%E6%96%B0%E5%AA%92%E4%BD%93.xml", "/categories/xin-mei-ti/atom.xml"),
        ("wordpress", "/feed/", "/rss.xml"),
        ("wordpress", "/feed", "/rss.xml"),
        ("wordpress", "/feed/?withcomments=0", "/rss.xml"),
        ("wordpress", "/feed/rss2/", "/rss.xml"),
        ("wordpress", "/feed/atom/", "/atom.xml"),
        ("wordpress", "/wp-rss2.php", "/rss.xml"),
        ("wordpress", "/category/xin-mei-ti/feed/", "/categories/xin-mei-ti/rss.xml"),
        ("wordpress", "/category/xin-mei-ti/feed/atom/", "/categories/xin-mei-ti/atom.xml"),
        ("wordpress", "/tag/big-news/feed/", "/tags/big-news/rss.xml"),
        ("wordpress", "/author/ann/feed/", "/authors/ann/rss.xml"),
        ("wordpress", "/?feed=rss2", "/rss.xml"),
        ("wordpress", "/?a=1&feed=atom", "/atom.xml"),
        ("zola", "/posts/atom.xml", "/atom.xml"),
        ("zola", "/posts/rss.xml", "/rss.xml"),
        ("zola", "/tags/Big%20News/atom.xml", "/tags/big-news/atom.xml"),
        ("ghost", "/rss/", "/rss.xml"),
        ("ghost", "/rss", "/rss.xml"),
        ("ghost", "/tag/big-news/rss/", "/tags/big-news/rss.xml"),
        ("ghost", "/author/ann/rss/", "/authors/ann/rss.xml"),
        ("pelican", "/feeds/all.atom.xml", "/atom.xml"),
        ("pelican", "/feeds/all.rss.xml", "/rss.xml"),
        ("pelican", "/feeds/xin-mei-ti.atom.xml", "/categories/xin-mei-ti/atom.xml"),
        ("pelican", "/feeds/ann.atom.xml", "/authors/ann/atom.xml"),
        ("docusaurus", "/blog/rss.xml", "/rss.xml"),
        ("docusaurus", "/blog/atom.xml", "/atom.xml"),
        ("docusaurus", "/blog/feed.json", "/feed.json"),
        ("eleventy", "/feed.xml", "/atom.xml"),
        ("eleventy", "/feed/feed.xml", "/atom.xml"),
        ("eleventy", "/feed/feed.json", "/feed.json"),
    ];
    let mut mills = std::collections::BTreeMap::new();
    for (preset, from, to) in old {
        let server = mills.entry(preset).or_insert_with(|| {
            let folder = Folder::new();
            folder.write("posts/a.md", article("A", "categories: [新媒体]\ntags: [Big News]\nauthor: Ann\n"));
            folder.define("site.yaml", &format!("presets: [{preset}]\n"));
            folder.serve()
        });
        server.get(from).assert_moved_to(&server.url(to));
        server.get(to).assert_status(200);
    }
    mills["wordpress"].get("/comments/feed/").assert_status(410);
    for path in ["/?feed=rss2&cat=3", "/?feed=x", "/?x=rss2"] {
        mills["wordpress"].get(path).assert_status(200);
    }
    mills["hugo"].get("/?feed=rss2").assert_status(200);
    for (preset, path) in [("wordpress", "/category/nothing/feed/"), ("hugo", "/rss2.xml"), ("hexo", "/index.xml")] {
        mills[preset].get(path).assert_status(404);
    }
}

#[test]
fn without_a_generator_its_feed_urls_are_not_found() {
    let folder = Folder::new();
    folder.write("a.md", article("A", ""));
    let server = folder.serve();
    for path in ["/rss2.xml", "/index.xml", "/feed.xml", "/feed/"] {
        server.get(path).assert_status(404);
    }
}

#[test]
fn a_format_that_is_not_offered_redirects_to_one_that_is() {
    let folder = Folder::new();
    folder.define("site.yaml", "presets: [jekyll]\nfeeds: {formats: [rss]}\n");
    folder.write("a.md", article("A", ""));
    let server = folder.serve();
    server.get("/feed.xml").assert_moved_to(&server.url("/rss.xml"));
}

#[test]
fn ids_of_hexo_are_its_permalinks() {
    let folder = Folder::new();
    folder.define("site.yaml", SITE);
    folder.put("content/_config.yml", "permalink: :year/:month/:title.html\n");
    folder.write("source/_posts/新 文.md", article("A", ""));
    let address = "https://www.example.org/2026/01/%E6%96%B0%20%E6%96%87.html".to_owned();
    assert_eq!(entries(&folder.serve()), [(address.clone(), address)]);
}

#[test]
fn ids_of_jekyll_are_its_permalinks_without_extension() {
    let folder = Folder::new();
    folder.define("site.yaml", SITE);
    folder.write("_posts/2026-01-03-A-Post.md", "---\ntitle: A\n---\nbody\n");
    folder.write("_posts/2026-01-02-b.md", "---\ntitle: B\npermalink: /own/page.html\n---\nbody\n");
    folder.write("_posts/2026-01-01-c.md", "---\ntitle: C\nslug: slugged\npermalink: /c/\n---\nbody\n");
    let of =
        |server: &TestServer| entries(server).into_iter().map(|(id, link)| format!("{id} {link}")).collect::<Vec<_>>();
    assert_eq!(
        of(&folder.serve()),
        [
            "https://www.example.org/2026/01/03/A-Post https://www.example.org/2026/01/03/A-Post.html",
            "https://www.example.org/own/b https://www.example.org/own/page.html",
            "https://www.example.org/slugged https://www.example.org/c/",
        ]
    );
    folder.write("_config.yml", "permalink: pretty\n");
    assert_eq!(
        of(&folder.serve())[0],
        "https://www.example.org/2026/01/03/A-Post https://www.example.org/2026/01/03/A-Post/"
    );
}

#[test]
fn sections_of_hugo_have_their_own_permalink_patterns() {
    let folder = Folder::new();
    folder.define("site.yaml", SITE);
    folder.write("hugo.toml", "[permalinks]\nposts = '/:year/:slug/'\n");
    folder.write("content/posts/a.md", article("First One", "slug: first\n"));
    folder.write("content/notes/b.md", article_with("B", "2026-01-01", ""));
    let wanted = ["https://www.example.org/2026/first/", "https://www.example.org/notes/b/"];
    assert_eq!(entries(&folder.serve()), wanted.map(|address| (address.to_owned(), address.to_owned())));
}

#[test]
fn each_language_directory_of_hugo_has_its_own_sections() {
    let folder = Folder::new();
    folder.define("site.yaml", &format!("{SITE}languages: {{mixed: true}}\n"));
    folder.write(
        "hugo.toml",
        "[permalinks]\nblog = '/:section/:year/:slug/'\n[languages.en]\ncontentDir = 'content/en'\n[languages.zh]\ncontentDir = 'content/zh'\n",
    );
    folder.write("content/en/blog/_posts/a.md", article("First One", "slug: first\n"));
    folder.write("content/zh/blog/b.md", article_with("B", "2026-01-01", ""));
    let wanted = ["https://www.example.org/blog/2026/first/", "https://www.example.org/zh/blog/2026/b/"];
    assert_eq!(entries(&folder.serve()), wanted.map(|address| (address.to_owned(), address.to_owned())));
}

#[test]
fn an_export_from_wordpress_keeps_urls_ids_categories_and_images() {
    let folder = Folder::new();
    folder.define(
        "site.yaml",
        "home: https://www.example.org\narticle_url: ':home/:year/:month/:slugorcontentbasename/'\ncategories: {lists: set}\n",
    );
    let front = "categories:\n  - news\n  - tech\ncoverImage: photo.png\nid: https://www.example.org/?p=123\n";
    folder.write("posts/hello/index.md", article_with("Hello", "2026-01-01", front));
    folder.write("posts/hello/images/photo.png", png(4, 3));
    let server = folder.serve();
    let wanted = ("https://www.example.org/?p=123".to_owned(), "https://www.example.org/2026/01/hello/".to_owned());
    assert_eq!(entries(&server), [wanted]);
    assert_eq!(server.titles("/categories/tech/rss.xml"), ["Hello"]);
    assert!(server.get("/rss.xml").ok().text().contains("/media/posts/hello/images/photo.png"));
}

#[test]
fn the_first_by_path_of_two_articles_with_one_permalink_keeps_the_id() {
    let folder = Folder::new();
    folder.define("site.yaml", SITE);
    folder.write("source/_posts/new.md", article_with("New", "2026-01-02", "permalink: same/\n"));
    folder.write("source/_posts/old.md", article_with("Old", "2026-01-01", "permalink: same/\n"));
    let entries = entries(&folder.serve());
    assert_eq!(entries[0].0, "https://www.example.org/same/");
    assert!(entries[1].0.starts_with("urn:uuid:"), "{}", entries[1].0);
    assert_eq!(entries[1].1, "https://www.example.org/same/");
}

/// The titles in the feed of a site with 25 articles.
fn limited((name, config): (&str, &str), site: &str) -> Vec<String> {
    let folder = Folder::new();
    folder.write(name, config);
    for day in 1..=25 {
        let path = match name {
            "hugo.toml" => format!("content/a{day}.md"),
            _ if config.contains("jekyll") => format!("_posts/2026-01-{day:02}-a{day}.md"),
            _ => format!("source/_posts/a{day}.md"),
        };
        folder.write(&path, article_with(&format!("A{day}"), &format!("2026-01-{day:02}"), ""));
    }
    folder.define("site.yaml", site);
    folder.serve().titles("/atom.xml")
}

#[test]
fn with_permalinks_as_ids_a_feed_has_the_limit_that_it_had() {
    let count = |config, site: &str| limited(config, site).len();
    let site = |preset: &str| format!("ids: permalink\npresets: [{preset}]\n");
    for (config, preset, expected) in [
        (("_config.yml", "new_post_name: x\n"), "hexo", 20),
        (("_config.yml", "new_post_name: x\nfeed: {limit: 7}\n"), "hexo", 7),
        (("_config.yml", "new_post_name: x\nfeed: {limit: false}\n"), "hexo", 25),
        (("_config.yml", "plugins: [jekyll-feed]\n"), "jekyll", 10),
        (("_config.yml", "plugins: [jekyll-feed]\nfeed: {posts_limit: 3}\n"), "jekyll", 3),
        (("hugo.toml", "title = 'x'\n"), "hugo", 25),
        (("hugo.toml", "services.rss.limit = 4\n"), "hugo", 4),
        (("hugo.toml", "services.rss.limit = 4\n"), "hexo", 20),
        (("hugo.toml", "services.rss.limit = 4\n"), "ghost", 15),
        (("hugo.toml", "services.rss.limit = 4\n"), "pelican", 25),
    ] {
        assert_eq!(count(config, &site(preset)), expected, "{config:?} {preset}");
    }
    let config = ("_config.yml", "plugins: [jekyll-feed]\n");
    assert_eq!(count(config, "presets: [jekyll]\n"), 25);
    assert_eq!(count(config, &(site("jekyll") + "feeds: {limit: 2}\n")), 2);
}

#[test]
fn check_reports_how_many_entries_the_byte_budget_leaves_out() {
    let folder = Folder::new();
    for day in 1..=25 {
        folder.write(&format!("a{day}.md"), article_with(&format!("A{day}"), &format!("2026-01-{day:02}"), ""));
    }
    folder.define("site.yaml", "ids: permalink\npresets: [hugo]\nfeeds: {max_bytes: 16384}\n");
    let shown = folder.serve().titles("/rss.xml").len();
    assert!((10..=16).contains(&shown), "{shown}");
    let checked = folder.run(&["check"]);
    checked.assert_says(&format!("max_bytes leaves {} entries out of /, which has {shown}", 25 - shown));
    folder.define("site.yaml", "ids: permalink\npresets: [hugo]\n");
    assert!(!folder.run(&["check"]).said().contains("max_bytes"));
}

#[test]
fn feeds_keep_the_ids_that_they_had_in_another_generator() {
    let ids = |preset: &str| {
        let folder = Folder::new();
        folder.write("_posts/2026-01-02-a.md", article("A", "categories: [新, b]\ntags: [Rust]\nauthor: Ann\n"));
        folder.write("_config.yml", "plugins: [jekyll-feed]\n");
        folder.define("site.yaml", &format!("{SITE}feed_ids: permalink\npresets: [{preset}]\n"));
        let server = folder.serve();
        ["/", "/categories/xin/", "/tags/rust/", "/authors/ann/"]
            .map(|path| server.get(&format!("{path}atom.xml")).ok().feed().id)
    };
    let jekyll = ids("jekyll");
    let home = "https://www.example.org/";
    assert_eq!(
        jekyll[..3],
        ["feed.xml", "feed/%E6%96%B0.xml", "feed/by_tag/Rust.xml"].map(|path| format!("{home}{path}"))
    );
    assert!(jekyll[3].starts_with("urn:uuid:"), "{jekyll:?}");
    assert_eq!(ids("hexo")[0], home);
    assert!(ids("hexo")[1].starts_with("urn:uuid:"));
    assert_eq!(
        ids("zola")[..3],
        ["atom.xml", "categories/xin/atom.xml", "tags/rust/atom.xml"].map(|path| format!("{home}{path}"))
    );
    assert!(ids("hugo")[0].starts_with("urn:uuid:"));
}
