//! Evidence of real sites, and the generator that it shows.

use super::*;
use crate::generator::{astro, docusaurus, eleventy, lume, pelican};

fn of_text(name: &str, text: &str) -> Option<&'static str> {
    mark(name, text, name).map(|(_, generator, _)| generator.as_str())
}

#[test]
fn names_of_configurations_decide_without_their_texts() {
    for (name, generator) in [
        ("hugo.toml", Some(hugo::HUGO)),
        ("hugo.", None),
        ("hugo.md", None),
        ("docusaurus.config.ts", Some(docusaurus::DOCUSAURUS)),
        (".eleventy.js", Some(eleventy::ELEVENTY)),
        ("astro.config.mjs", Some(astro::ASTRO)),
        ("_config.ts", Some(lume::LUME)),
        ("pelicanconf.py", Some(pelican::PELICAN)),
        ("config.toml", None),
        ("_config.yml", None),
        ("_posts", None),
    ] {
        assert_eq!(named(name), generator, "{name}");
    }
    for name in ["hugo.toml", "archetypes", "_index.md", "_posts", "package.json", "_config.yml", ".obsidian"] {
        assert!(is_evidence(name), "{name}");
    }
    assert!(!is_evidence("hugo.") && !is_evidence("a.md") && !is_evidence("_index.html"));
    assert_eq!(named_part("params.en.toml"), Some(hugo::HUGO));
    assert_eq!(named_part("database.yml"), None);
}

#[test]
fn a_configuration_with_a_common_name_is_judged_by_its_keys() {
    for (name, text, generator) in [
        ("_config.yml", "title: x\nsource_dir: src\nmarkdown: {x: y}\nper_page: 10\n", Some("hexo")),
        ("_config.yml", "title: x\ntheme: landscape\ndeploy:\n  type: git\n", Some("hexo")),
        ("_config.yml", "title: x\nplugins: [jekyll-feed]\n", Some("jekyll")),
        ("_config.yml", "title: x\nsource: docs\ncollections: {a: {}}\n", Some("jekyll")),
        ("_config.yml", "title: x\nurl: y\n", None),
        ("_config.yml", "", None),
        ("config.toml", "baseurl = 'x'\n", Some("hugo")),
        ("config.toml", "base_url = 'x'\ntitle = 'y'\n", Some("zola")),
        ("config.toml", "title = 'x'\n[params]\na = 1\n[menu]\n", Some("hugo")),
        ("config.toml", "[params]\na = 1\n", None),
        ("config.toml", "base_url = 'x'\ncompile_sass = true\n[markdown]\n[extra]\n", Some("zola")),
        ("config.yaml", "baseURL: x\n", Some("hugo")),
        ("config.yml", "backend: {name: git}\ncollections: []\n", None),
        ("config.toml", "baseURL = \n", None),
    ] {
        assert_eq!(of_text(name, text), generator, "{text}");
    }
}

#[test]
fn a_package_of_a_generator_is_evidence() {
    let package = |name: &str| format!("{{\"name\":\"x\",\"devDependencies\":{{\"{name}\":\"^1\"}}}}");
    for (name, generator) in [
        ("hexo", Some("hexo")),
        ("astro", Some("astro")),
        ("@docusaurus/core", Some("docusaurus")),
        ("@11ty/eleventy", Some("eleventy")),
        ("gatsby", Some("gatsby")),
        ("next", Some("next")),
        ("vitepress", Some("vitepress")),
        ("valaxy", Some("valaxy")),
        ("hexo-theme", None),
        ("nextra-theme", None),
    ] {
        assert_eq!(of_text("package.json", &package(name)), generator, "{name}");
    }
    assert_eq!(of_text("package.json", "{\"name\":\"next\",\"keywords\":[\"hexo\"]}"), None);
    assert_eq!(of_text("package.json", "{"), None);
    assert_eq!(of_text("Gemfile", "# gem 'jekyll'\ngem \"github-pages\", group: :jekyll_plugins"), Some("jekyll"));
    assert_eq!(of_text("Gemfile", "gem 'rails'\ngem 'jekyll-thing'"), None);
    assert_eq!(of_text("requirements.txt", "pelican[markdown]==4.8\nmarkdown\n"), Some("pelican"));
    assert_eq!(of_text("deno.json", "{\"imports\": {\"lume/\": \"https://deno.land/x/lume@v2/\"}}"), Some("lume"));
}

#[test]
fn the_layout_decides_if_nothing_is_configured() {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let index = |bytes: &[u8]| LayoutEvidence { index: Some(bytes.to_vec()), ..LayoutEvidence::default() };
    let posts = |dated, undated, found: &[&str]| LayoutEvidence {
        posts: Some((dated, undated)),
        names: names(found),
        ..LayoutEvidence::default()
    };
    for (layout, generator) in [
        (LayoutEvidence::default(), None),
        (LayoutEvidence { source_posts: true, ..posts(3, 0, &["_posts"]) }, Some("hexo")),
        (posts(3, 0, &["_posts"]), Some("jekyll")),
        (posts(0, 0, &["_posts"]), Some("jekyll")),
        (posts(38, 28, &["_posts"]), Some("hexo")),
        (posts(38, 3, &["_posts"]), Some("jekyll")),
        (posts(5, 1, &["_posts"]), Some("jekyll")),
        (posts(1, 4, &["_posts", "_layouts"]), Some("jekyll")),
        (posts(4, 0, &[]), Some("jekyll")),
        (LayoutEvidence { has_list_page: true, ..posts(4, 0, &["_posts"]) }, Some("hexo")),
        (LayoutEvidence { names: names(&["archetypes", "_posts"]), ..posts(3, 0, &[]) }, Some("hugo")),
        (index(b"---\ntitle: x"), Some("hugo")),
        (index(b""), Some("hugo")),
        (index(b"\xef\xbb\xbf\n+++\ntitle"), Some("zola")),
        (LayoutEvidence { names: names(&["archetypes"]), ..index(b"+++\n") }, Some("zola")),
        (LayoutEvidence { has_deep_index: true, ..LayoutEvidence::default() }, Some("hugo")),
        (LayoutEvidence { names: names(&[".obsidian"]), ..LayoutEvidence::default() }, Some("obsidian")),
    ] {
        assert_eq!(layout.generator().map(|(generator, _)| generator.as_str()), generator, "{layout:?}");
    }
}

#[test]
fn a_verdict_names_the_generator_and_the_reason() {
    let (generator, reason) = decided(&verdict(hugo::HUGO, "`hugo.toml` is there")).unwrap();
    assert_eq!((generator, reason.as_str()), (hugo::HUGO, "hugo: `hugo.toml` is there"));
    assert_eq!(unknown().0, plain::PLAIN);
    assert!(is_dated("2021-08-04-a.md"));
    assert_eq!(["2021-08-a.md", "a-2021-08-04.md", "2021-08-04"].map(is_dated), [false; 3]);
}
