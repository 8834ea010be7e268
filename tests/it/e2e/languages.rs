//! Sites with several languages: each declared language has feeds, pages and lists below its code.

use std::collections::BTreeSet;

use crate::driver::{Folder, TestServer, article_with};

const HUGO: &str = "title = 'Example'\nlanguageCode = 'en-US'\n[languages.en]\nweight = 1\n[languages.fr]\ntitle = 'Exemple'\n[languages.fr.params]\ndescription = 'En bref.'\n[languages.de]\n[languages.de.params]\n[languages.zh-CN]\ndisabled = true\n";

/// A Hugo site with an article in English, two in French, a translated one, none in German, and one in a language that
/// is not declared.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("hugo.toml", HUGO);
    folder
        .write("content/posts/a.md", article_with("A", "2026-01-02", "categories: [News]\ntags: [Big]\nauthor: Ann\n"));
    folder.write("content/posts/a.fr.md", article_with("Le A", "2026-01-03", "categories: [News]\ntags: [Grand]\n"));
    folder.write("content/posts/b.fr.md", article_with("Le B", "2026-01-04", "categories: [Été]\nauthor: Ann\n"));
    folder.write("content/posts/c.es.md", article_with("La C", "2026-01-05", ""));
    folder
}

fn feeds(server: &TestServer, path: &str) -> Vec<(String, String)> {
    let list = server.get(path).ok().json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let feeds = list["feeds"].as_array().unwrap().iter();
    feeds.map(|feed| (server.path_of(&text(&feed["page"])), text(&feed["language"]))).collect()
}

#[test]
fn each_declared_language_with_articles_is_a_site_below_its_code() {
    let server = folder().serve();
    assert_eq!(server.titles("/rss.xml"), ["La C", "A"]);
    assert_eq!(server.titles("/fr/rss.xml"), ["Le B", "Le A"]);
    assert_eq!(server.titles("/categories/news/atom.xml"), ["A"]);
    assert_eq!(server.titles("/fr/categories/news/atom.xml"), ["Le A"]);
    assert_eq!(server.titles("/fr/tags/grand/feed.json"), ["Le A"]);
    assert_eq!(server.titles("/fr/authors/ann/feed.json"), ["Le B"]);
    for missing in
        ["/de/", "/de/rss.xml", "/zh-cn/", "/en/", "/tags/grand/", "/fr/tags/big/", "/fr/feeds/", "/fr/feed.css"]
    {
        server.get(missing).assert_status(404);
    }
    let feed = server.get("/fr/rss.xml").ok().text();
    assert!(feed.contains("<title>Exemple</title>") && feed.contains("<language>fr</language>"), "{feed}");
    assert!(feed.contains("<description>En bref.</description>"), "{feed}");
    assert!(server.get("/rss.xml").ok().text().contains("<language>en-US</language>"));
    let home = server.get("/fr/").ok().text();
    assert!(home.contains("<html lang=\"fr\"") && home.contains("href=\"/fr/categories/\""), "{home}");
    assert!(home.contains("href=\"/fr/feeds.opml\"") && home.contains("href=\"/feed.css\""), "{home}");
    assert!(!home.contains("href=\"/categories/news/\""), "{home}");
    let article = server.get("/articles/content/posts/b.fr/").ok().text();
    assert!(article.contains("<html lang=\"fr\"") && article.contains("href=\"/fr/categories/ete/\""), "{article}");
}

#[test]
fn the_root_lists_the_feeds_of_every_language() {
    let server = folder().serve();
    let all = feeds(&server, "/feeds.json");
    let french: Vec<_> = all.iter().filter(|(_, language)| language == "fr").cloned().collect();
    assert_eq!(feeds(&server, "/fr/feeds.json"), french);
    assert!(french.iter().all(|(page, _)| page.starts_with("/fr/")) && french.len() == 5, "{french:?}");
    assert!(all.iter().any(|(page, language)| page == "/tags/big/" && language == "en-US"), "{all:?}");
    let outlines = |path: &str| -> BTreeSet<String> {
        let opml = server.get(path).ok().xml();
        let outlines = opml.one("body").all("outline");
        let subscriptions = outlines.iter().filter(|outline| outline.attributes.contains_key("xmlUrl"));
        subscriptions.map(|outline| server.path_of(outline.attribute("htmlUrl"))).collect()
    };
    let pages = |feeds: &[(String, String)]| feeds.iter().map(|(page, _)| page.clone()).collect::<BTreeSet<_>>();
    assert_eq!(outlines("/feeds.opml"), pages(&all));
    assert_eq!(outlines("/fr/feeds.opml"), pages(&french));
}

#[test]
fn other_spellings_below_a_language_redirect_in_one_hop() {
    let server = folder().serve();
    for (from, to) in [
        ("/fr", "/fr/"),
        ("/fr/index.html", "/fr/"),
        ("/fr/tags", "/fr/tags/"),
        ("/fr/categories/%C3%89t%C3%A9/rss.xml", "/fr/categories/ete/rss.xml"),
        ("/fr/categories/ete", "/fr/categories/ete/"),
    ] {
        server.get(from).assert_moved_to(&server.url(to));
    }
}

#[test]
fn a_definition_has_all_languages_unless_it_selects_one() {
    let folder = folder();
    folder.define("all.yaml", "title: All\n");
    folder.define("french.yaml", "title: Français\nselect: {languages: [fr]}\n");
    folder.define("nouvelles.yaml", "category: News\nlanguage: fr\ntitle: Nouvelles\n");
    let server = folder.serve();
    assert_eq!(server.titles("/feeds/all/rss.xml"), ["La C", "Le B", "Le A", "A"]);
    assert_eq!(server.titles("/feeds/french/rss.xml"), ["Le B", "Le A"]);
    assert!(server.get("/feeds/french/rss.xml").ok().text().contains("<language>fr</language>"));
    assert!(server.get("/fr/categories/news/rss.xml").ok().text().contains("<title>Nouvelles · Exemple</title>"));
    assert!(server.get("/categories/news/rss.xml").ok().text().contains("<title>News · Example</title>"));
}

#[test]
fn a_mixed_site_has_one_feed_and_the_same_ids() {
    let folder = folder();
    let server = folder.serve();
    let ids = |server: &TestServer, path: &str| -> BTreeSet<String> {
        server.get(path).ok().feed().entries.into_iter().map(|entry| entry.id).collect()
    };
    let apart: BTreeSet<String> = ["/atom.xml", "/fr/atom.xml"].iter().flat_map(|path| ids(&server, path)).collect();
    folder.define("site.yaml", "languages: {mixed: true}\n");
    server.eventually("/fr/", |answer| answer.status == 404);
    assert_eq!(server.titles("/rss.xml"), ["La C", "Le B", "Le A", "A"]);
    assert_eq!(ids(&server, "/atom.xml"), apart);
}

#[test]
fn a_language_appears_with_its_first_article_and_disappears_with_its_last() {
    let folder = folder();
    let server = folder.serve();
    folder.write("content/posts/a.de.md", article_with("Das A", "2026-01-06", "tags: [Neu]\n"));
    server.eventually("/de/tags/neu/rss.xml", |answer| answer.status == 200);
    assert_eq!(server.titles("/de/rss.xml"), ["Das A"]);
    assert!(feeds(&server, "/feeds.json").contains(&("/de/".to_owned(), "de".to_owned())));
    folder.remove("content/posts/a.de.md");
    server.eventually("/de/rss.xml", |answer| answer.status == 404);
    server.get("/de/").assert_status(404);
    assert!(server.titles("/rss.xml").contains(&"A".to_owned()));
}

#[test]
fn zola_and_polyglot_declare_languages_too() {
    let folder = Folder::new();
    folder.write("zola.toml", "base_url = 'https://example.org'\ntitle = 'Site'\n[languages.fr]\ntitle = 'Le site'\n");
    folder.write("content/_index.md", "+++\n+++\n");
    folder.write("content/a.md", "+++\ntitle = 'A'\ndate = 2026-01-02\n+++\nText.\n");
    folder.write("content/a.fr.md", "+++\ntitle = 'Le A'\ndate = 2026-01-02\n+++\nTexte.\n");
    let server = folder.serve();
    assert_eq!((server.titles("/rss.xml"), server.titles("/fr/rss.xml")), (vec!["A".into()], vec!["Le A".into()]));
    assert!(server.get("/fr/atom.xml").ok().text().contains("Le site"));
    let folder = Folder::new();
    folder.write("_config.yml", "title: Site\nlanguages: [en, fr]\ndefault_lang: en\nplugins: [jekyll-polyglot]\n");
    folder.write("_posts/2026-01-02-a.md", article_with("A", "2026-01-02", ""));
    folder.write("_posts/2026-01-02-le-a.md", article_with("Le A", "2026-01-02", "lang: fr\n"));
    let server = folder.serve();
    assert_eq!((server.titles("/rss.xml"), server.titles("/fr/rss.xml")), (vec!["A".into()], vec!["Le A".into()]));
    let folder = Folder::new();
    folder.write("_config.yml", "title: Site\ntheme: x\nlanguage: [en, fr]\npermalink: :title/\n");
    folder.write("source/_posts/a.md", article_with("A", "2026-01-02", ""));
    folder.write("source/_posts/b.md", article_with("B", "2026-01-01", "lang: fr\n"));
    let server = folder.serve();
    assert_eq!(server.titles("/rss.xml"), ["A", "B"], "the list of Hexo is that of its theme");
}

#[test]
fn a_build_has_the_files_of_every_language() {
    let folder = folder();
    folder.run(&["build", "--out", "site"]).assert_code(0);
    for file in ["fr/index.html", "fr/rss.xml", "fr/feeds.json", "fr/tags/index.html", "fr/categories/ete/atom.xml"] {
        assert!(folder.path(&format!("site/{file}")).is_file(), "{file}");
    }
    assert!(!folder.path("site/fr/feed.css").exists() && !folder.path("site/de").exists());
}

#[test]
fn the_feeds_that_hugo_had_in_every_language_redirect_in_one_hop() {
    let folder = folder();
    folder.define("site.yaml", "presets: [hugo]\n");
    let server = folder.serve();
    for (from, to) in [
        ("/index.xml", "/rss.xml"),
        ("/en/index.xml", "/rss.xml"),
        ("/fr/index.xml", "/fr/rss.xml"),
        ("/fr/posts/index.xml", "/fr/rss.xml"),
        ("/fr/tags/grand/index.xml", "/fr/tags/grand/rss.xml"),
        ("/fr/categories/%C3%A9t%C3%A9/index.xml", "/fr/categories/ete/rss.xml"),
        ("/en/tags/big/index.xml", "/tags/big/rss.xml"),
    ] {
        server.get(from).assert_moved_to(&server.url(to));
    }
}

#[test]
fn translations_are_linked_with_their_languages() {
    let folder = folder();
    let server = folder.serve();
    let [english, french] = ["a", "a.fr"].map(|page| server.url(&format!("/articles/content/posts/{page}/")));
    let link = |language: &str, url: &str| format!("<link rel=\"alternate\" hreflang=\"{language}\" href=\"{url}\">");
    for page in ["a", "a.fr"] {
        let page = server.get(&format!("/articles/content/posts/{page}/")).ok().text();
        assert!(page.contains(&link("en-US", &english)) && page.contains(&link("fr", &french)), "{page}");
    }
    let alone = server.get("/articles/content/posts/b.fr/").ok().text();
    assert!(!alone.contains("hreflang"), "{alone}");
    for home in ["/", "/fr/"] {
        let page = server.get(home).ok().text();
        assert!(
            page.contains(&link("en-US", &server.url("/"))) && page.contains(&link("fr", &server.url("/fr/"))),
            "{page}"
        );
    }
    let alternates = |path: &str| -> BTreeSet<(String, String)> {
        let feed = server.get(path).ok().xml();
        let links = feed.all("entry").into_iter().flat_map(|entry| entry.all("link"));
        let links = links.filter(|link| link.attributes.contains_key("hreflang"));
        links.map(|link| (link.attribute("hreflang").to_owned(), link.attribute("href").to_owned())).collect()
    };
    assert_eq!(alternates("/atom.xml"), BTreeSet::from([("fr".to_owned(), french)]));
    assert_eq!(alternates("/fr/atom.xml"), BTreeSet::from([("en-US".to_owned(), english)]));
    folder.remove("content/posts/a.md");
    server.eventually("/fr/atom.xml", |answer| !answer.text().contains("hreflang"));
}

#[test]
fn directories_that_hugo_mounts_as_content_are_languages_of_their_own() {
    let folder = Folder::new();
    let config = "languages: {en: {}, fr: {}}
module:
  mounts:
  - {source: text/en, target: content, sites: {matrix: {languages: [en]}}}
  - {source: text/fr, target: content, lang: fr}
  - {source: pictures, target: static}
";
    folder.write("hugo.yaml", config);
    folder.write("text/en/posts/a.md", article_with("A", "2026-01-02", ""));
    folder.write("text/fr/posts/a.md", article_with("Le A", "2026-01-03", ""));
    folder.write("content/posts/b.md", article_with("B", "2026-01-04", ""));
    folder.define("site.yaml", "home: https://www.example.org\narticle_url: site\n");
    let server = folder.serve();
    let links = |path: &str| -> Vec<String> {
        server.get(path).ok().feed().entries.into_iter().map(|entry| entry.links[0].href.clone()).collect()
    };
    assert_eq!(links("/atom.xml"), ["https://www.example.org/posts/a/"]);
    assert_eq!(links("/fr/atom.xml"), ["https://www.example.org/fr/posts/a/"]);
}
