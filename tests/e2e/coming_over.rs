//! Coming from another generator: its feed addresses are answered, and its ids
//! are ours. `tests/migration` runs the generators themselves.

use crate::driver::{Folder, Mill, article_with, png};

const SITE: &str = "home: https://www.example.org\narticle_url: site\nids: permalink\n";

fn article(title: &str, more: &str) -> String {
    article_with(title, "2026-01-02", more)
}

/// Id and link of each entry, the same in every format, newest first.
#[track_caller]
fn entries(mill: &Mill) -> Vec<(String, String)> {
    let of = |path| -> Vec<(String, String)> {
        let entries = mill.get(path).ok().feed().entries.into_iter();
        entries.map(|mut entry| (entry.id, entry.links.remove(0).href)).collect()
    };
    let told = of("/atom.xml");
    assert_eq!(of("/rss.xml"), told);
    assert_eq!(of("/feed.json"), told);
    told
}

#[test]
fn a_section_of_hugo_is_a_category_where_directories_are() {
    let folder = Folder::new();
    folder.write("hugo.toml", "title = 'Site'\n");
    folder.write("content/notes/rust/a/index.md", article("A", "categories: [news]\n"));
    folder.write("content/notes/2026/b.md", article("B", ""));
    folder.write("content/c.md", article("C", ""));
    folder.define("site.yaml", "presets: [hugo]\n");
    let mill = folder.serve();
    mill.get("/notes/index.xml").assert_moved_to(&mill.url("/rss.xml"));
    assert_eq!(mill.get("/categories/notes/rss.xml").status, 404);
    folder.define("site.yaml", "presets: [hugo]\ncategories: {directories: true}\n");
    mill.eventually("/categories/notes/rss.xml", |answer| answer.status == 200);
    assert_eq!(mill.titles("/categories/notes/rss.xml"), ["A", "B"]);
    assert_eq!(mill.titles("/categories/notes/rust/rss.xml"), ["A"]);
    assert_eq!(mill.titles("/categories/news/rss.xml"), ["A"]);
    mill.get("/notes/index.xml").assert_moved_to(&mill.url("/categories/notes/rss.xml"));
    mill.get("/notes/rust/index.xml").assert_moved_to(&mill.url("/categories/notes/rust/rss.xml"));
    mill.get("/gone/index.xml").assert_moved_to(&mill.url("/rss.xml"));
}

#[test]
fn the_feed_addresses_of_other_generators_lead_to_their_like_in_one_hop() {
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
    ];
    let mut mills = std::collections::BTreeMap::new();
    for (preset, from, to) in old {
        let mill = mills.entry(preset).or_insert_with(|| {
            let folder = Folder::new();
            folder.write("posts/a.md", article("A", "categories: [新媒体]\ntags: [Big News]\nauthor: Ann\n"));
            folder.define("site.yaml", &format!("presets: [{preset}]\n"));
            folder.serve()
        });
        mill.get(from).assert_moved_to(&mill.url(to));
        mill.get(to).assert_status(200);
    }
    for (preset, path) in [
        ("wordpress", "/comments/feed/"),
        ("wordpress", "/category/nothing/feed/"),
        ("hugo", "/rss2.xml"),
        ("hexo", "/index.xml"),
    ] {
        mills[preset].get(path).assert_status(404);
    }
}

#[test]
fn without_a_preset_nobody_else_s_addresses_are_known() {
    let folder = Folder::new();
    folder.write("a.md", article("A", ""));
    let mill = folder.serve();
    for path in ["/rss2.xml", "/index.xml", "/feed.xml", "/feed/"] {
        mill.get(path).assert_status(404);
    }
}

#[test]
fn a_document_that_is_not_offered_leads_to_one_that_is() {
    let folder = Folder::new();
    folder.define("site.yaml", "presets: [jekyll]\nfeeds: {formats: [rss]}\n");
    folder.write("a.md", article("A", ""));
    let mill = folder.serve();
    mill.get("/feed.xml").assert_moved_to(&mill.url("/rss.xml"));
}

#[test]
fn hexo_s_ids_are_its_permalinks() {
    let folder = Folder::new();
    folder.define("site.yaml", SITE);
    folder.put("content/_config.yml", "permalink: :year/:month/:title.html\n");
    folder.write("source/_posts/新 文.md", article("A", ""));
    let address = "https://www.example.org/2026/01/%E6%96%B0%20%E6%96%87.html".to_owned();
    assert_eq!(entries(&folder.serve()), [(address.clone(), address)]);
}

#[test]
fn jekyll_s_ids_are_its_permalinks_without_their_extension() {
    let folder = Folder::new();
    folder.define("site.yaml", SITE);
    folder.write("_posts/2026-01-03-A-Post.md", "---\ntitle: A\n---\nbody\n");
    folder.write("_posts/2026-01-02-b.md", "---\ntitle: B\npermalink: /own/page.html\n---\nbody\n");
    folder.write("_posts/2026-01-01-c.md", "---\ntitle: C\nslug: slugged\npermalink: /c/\n---\nbody\n");
    let of = |mill: &Mill| entries(mill).into_iter().map(|(id, link)| format!("{id} {link}")).collect::<Vec<_>>();
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
fn hugo_s_sections_have_patterns_of_their_own() {
    let folder = Folder::new();
    folder.define("site.yaml", SITE);
    folder.write("hugo.toml", "[permalinks]\nposts = '/:year/:slug/'\n");
    folder.write("content/posts/a.md", article("First One", "slug: first\n"));
    folder.write("content/notes/b.md", article_with("B", "2026-01-01", ""));
    let wanted = ["https://www.example.org/2026/first/", "https://www.example.org/notes/b/"];
    assert_eq!(entries(&folder.serve()), wanted.map(|address| (address.to_owned(), address.to_owned())));
}

#[test]
fn hugo_s_sections_are_those_of_each_language_s_own_directory() {
    let folder = Folder::new();
    folder.define("site.yaml", SITE);
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
fn what_was_exported_from_wordpress_keeps_addresses_ids_categories_and_images() {
    let folder = Folder::new();
    folder.define(
        "site.yaml",
        "home: https://www.example.org\narticle_url: ':home/:year/:month/:slugorcontentbasename/'\ncategories: {lists: set}\n",
    );
    let front = "categories:\n  - news\n  - tech\ncoverImage: photo.png\nid: https://www.example.org/?p=123\n";
    folder.write("posts/hello/index.md", article_with("Hello", "2026-01-01", front));
    folder.write("posts/hello/images/photo.png", png(4, 3));
    let mill = folder.serve();
    let wanted = ("https://www.example.org/?p=123".to_owned(), "https://www.example.org/2026/01/hello/".to_owned());
    assert_eq!(entries(&mill), [wanted]);
    assert_eq!(mill.titles("/categories/tech/rss.xml"), ["Hello"]);
    assert!(mill.get("/rss.xml").ok().text().contains("/media/posts/hello/images/photo.png"));
}

#[test]
fn of_two_articles_at_one_permalink_the_first_by_path_keeps_the_id() {
    let folder = Folder::new();
    folder.define("site.yaml", SITE);
    folder.write("source/_posts/new.md", article_with("New", "2026-01-02", "permalink: same/\n"));
    folder.write("source/_posts/old.md", article_with("Old", "2026-01-01", "permalink: same/\n"));
    let entries = entries(&folder.serve());
    assert_eq!(entries[0].0, "https://www.example.org/same/");
    assert!(entries[1].0.starts_with("urn:uuid:"), "{}", entries[1].0);
    assert_eq!(entries[1].1, "https://www.example.org/same/");
}
