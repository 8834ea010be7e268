//! Which articles of a site are published: those that its own generator publishes.

use std::fs;

use crate::driver::Folder;

/// Writes articles of these paths and front matter beside a configuration, and returns the titles in the feed, sorted.
/// The title of each article is its path.
fn published(config: &str, articles: &[(&str, &str)]) -> Vec<String> {
    let folder = Folder::new();
    folder.write("_config.yml", config);
    for (path, more) in articles {
        folder.write(path, format!("---\ntitle: {path}\ndate: 2026-01-01\n{more}\n---\nWords.\n"));
    }
    let mut titles = folder.serve().get("/feed.json").ok().titles();
    titles.sort();
    titles
}

const HEXO: &str = "title: H\npost_asset_folder: false\n";
const JEKYLL: &str = "title: J\nplugins: [jekyll-feed]\n";

#[test]
fn in_hexo_only_javascripts_false_values_hide_an_article() {
    let values = ["true", "no", "off", "false", "'false'", "0", "''", ""];
    let articles: Vec<_> = values.iter().enumerate().collect();
    let articles: Vec<_> = articles
        .into_iter()
        .map(|(at, value)| (format!("source/_posts/{at}.md"), format!("published: {value}")))
        .collect();
    let articles: Vec<(&str, &str)> = articles.iter().map(|(path, more)| (&**path, &**more)).collect();
    let titles = published(HEXO, &articles);
    assert_eq!(titles, ["0", "1", "2", "7"].map(|at| format!("source/_posts/{at}.md")));
}

#[test]
fn hexo_publishes_drafts_if_the_configuration_says_so() {
    let articles = [
        ("source/_drafts/a.md", ""),
        ("source/_posts/b.md", "published: false"),
        ("source/_posts/c.md", "draft: true"),
        ("source/_posts/d.md", ""),
    ];
    assert_eq!(published(HEXO, &articles), ["source/_posts/d.md"]);
    let config = format!("{HEXO}render_drafts: true\n");
    assert_eq!(published(&config, &articles), ["source/_drafts/a.md", "source/_posts/b.md", "source/_posts/d.md"]);
}

#[test]
fn hexo_compares_ignored_patterns_with_whole_paths() {
    let articles = [("source/_posts/old/a.md", ""), ("source/_posts/new/b.md", "")];
    let ignoring = |glob: &str| published(&format!("{HEXO}ignore: '{glob}'\n"), &articles);
    assert_eq!(ignoring("**/old/**"), ["source/_posts/new/b.md"]);
    assert_eq!(ignoring("_posts/old/**"), ["source/_posts/new/b.md", "source/_posts/old/a.md"]);
}

#[test]
fn in_hexo_parts_of_a_file_name_are_front_matter_and_an_empty_list_is_a_value() {
    let folder = Folder::new();
    folder.write("_config.yml", format!("{HEXO}new_post_name: :category/:title.md\n"));
    for (path, more) in [("x/a", ""), ("x/b", "category: y\n"), ("x/c", "categories: z\n"), ("x/d", "categories: []\n")]
    {
        folder.write(&format!("source/_posts/{path}.md"), format!("---\ntitle: {path}\n{more}---\nWords.\n"));
    }
    let server = folder.serve();
    let titles = |path: &str| {
        let mut titles = server.get(path).ok().titles();
        titles.sort();
        titles
    };
    assert_eq!(titles("/categories/x/feed.json"), ["x/a", "x/b"]);
    assert_eq!(titles("/categories/z/feed.json"), ["x/c"]);
}

#[test]
fn jekyll_excludes_what_begins_with_a_name() {
    let articles = [
        ("news/_posts/2026-01-01-a.md", ""),
        ("newsletter/_posts/2026-01-01-b.md", ""),
        ("x/_posts/below/2026-01-01-c.md", ""),
        ("_posts/2026-01-01-d.md", ""),
    ];
    let excluding = |entry: &str| {
        let titles = published(&format!("{JEKYLL}exclude: ['{entry}']\n"), &articles);
        titles.iter().filter_map(|title| title.rsplit(['-', '.']).nth(1)).map(str::to_owned).collect::<String>()
    };
    assert_eq!(excluding("news"), "dc");
    assert_eq!(excluding("news/"), "dbc");
    // Jekyll compares a glob below `_posts` with files alone.
    assert_eq!(excluding("*/_posts/below"), "dabc");
    assert_eq!(excluding("_posts/2026-*"), "abc");
    // Its `*` matches slashes, too.
    assert_eq!(excluding("*-c.md"), "dab");
    assert_eq!(excluding("n*-a.md"), "dbc");
    assert_eq!(excluding("*"), "");
}

#[test]
fn jekyll_includes_names_with_an_underscore_if_the_configuration_names_them() {
    let articles = [("_hidden/_posts/2026-01-01-a.md", ""), ("_posts/_under/2026-01-01-b.md", "")];
    assert!(published(JEKYLL, &[articles[0], articles[1], ("_posts/2026-01-01-c.md", "")]).len() == 1);
    let config = format!("{JEKYLL}include: [_hidden, _under/]\n");
    assert_eq!(published(&config, &articles), articles.map(|(path, _)| path));
}

#[test]
fn keys_that_the_generator_does_not_know_date_only_what_has_no_other_date() {
    for (dialect, config, place, url) in [
        ("jekyll", "_config.yml", "_posts/2026-01-01-k.md", "/2026/01/01/k.html"),
        ("hexo", "_config.yml", "_posts/2026-01-01-k.md", "/2026/01/01/"),
        ("zola", "config.toml", "2026-01-01-k.md", "/k/"),
    ] {
        let folder = Folder::new();
        let title = if dialect == "zola" { "base_url = 'https://x.example'\n" } else { "title: T\n" };
        folder.write(config, title);
        folder.define("site.yaml", &format!("dialect: {dialect}\nhome: https://x.example\narticle_url: site\n"));
        folder.write(place, "---\ntitle: K\ncreated: 2025-05-05\npublishDate: 2099-01-01\n---\nx\n");
        let named = place.replace("2026-01-01-k", "n");
        folder.write(&named, "---\ntitle: N\ncreated: 2025-05-05\n---\nx\n");
        folder.run(&["build", "--base-url", "https://f.example"]).assert_code(0);
        let feed = fs::read_to_string(folder.path("dist/feed.json")).unwrap();
        let feed: serde_json::Value = serde_json::from_str(&feed).unwrap();
        let item = |title: &str| {
            let items = feed["items"].as_array().unwrap();
            items.iter().find(|item| item["title"] == title).unwrap_or_else(|| panic!("{dialect}: {feed}")).clone()
        };
        assert!(item("K")["date_published"].as_str().unwrap().starts_with("2026-01-01"), "{dialect}: {feed}");
        assert!(item("K")["url"].as_str().unwrap().contains(url), "{dialect}: {feed}");
        if dialect != "jekyll" {
            assert!(item("N")["date_published"].as_str().unwrap().starts_with("2025-05-05"), "{dialect}: {feed}");
        }
    }
}
