//! Which files of real sites are articles.

use super::*;

fn selection(generator: Generator, content: &str, held: &[&str]) -> Selection {
    Selection::new(generator, Globs::default(), Path::new(content), &|path| held.contains(&path))
}

#[test]
fn a_plain_directory_has_articles_and_its_readme_and_licence_describe_it() {
    let plain = selection(crate::generator::plain::PLAIN, "articles", &[]);
    for place in ["a.md", "a.MARKDOWN", "x/_y/b.html", "x/c.mdx", "license-plates.md", "readme/index.md", "日.md"] {
        assert!(plain.takes(place), "{place}");
    }
    for place in ["a.txt", ".a.md", "a.md~", "a.md%", "md", ".md"] {
        assert!(!plain.takes(place), "{place}");
    }
    for place in ["README.md", "readme.zh-CN.md", "x/LICENSE.md", "Changelog.markdown"] {
        assert!(is_about(place) && !is_about("readme/index.md") && !is_about("license-plates.md"), "{place}");
    }
    for directory in
        ["node_modules", "lost+found", "x/vendor", "themes", ".git", "_site", "_layouts", "x/_data", "blog/_template"]
    {
        assert!(!plain.enters(directory), "{directory}");
    }
    assert!(plain.enters("_posts") && plain.enters("x/y"));
}

#[test]
fn hexo_posts_are_found_from_every_content_directory() {
    let site = selection(crate::generator::hexo::HEXO, "blog", &["source/_posts"]);
    assert!(site.takes("source/_posts/a/b.md") && site.takes("source/_drafts/b.md"));
    assert!(
        !site.takes("source/about/index.md")
            && !site.takes("source/_posts/_a/b.md")
            && !site.takes("source/_posts/_b.md")
    );
    assert!(!site.enters("themes") && site.enters("source/_posts/themes") && site.enters("source/img"));
    let source = selection(crate::generator::hexo::HEXO, "blog/source", &["_posts"]);
    assert!(source.takes("_posts/a.md") && !source.takes("about/index.md"));
    let posts = selection(crate::generator::hexo::HEXO, "blog/source/_posts", &[]);
    assert!(posts.takes("a.md") && !posts.takes("_a/b.md"));
    assert!(selection(crate::generator::hexo::HEXO, "articles", &[]).takes("a.md"));
}

#[test]
fn jekyll_reads_dated_files_in_every_posts_directory() {
    let site = selection(crate::generator::jekyll::JEKYLL, "site", &["_posts"]);
    assert!(site.takes("_posts/2021-08-04-a.md") && site.takes("news/_posts/deep/21-8-4-a.html"));
    for place in [
        "2021-08-04-a.md",
        "_posts/a.md",
        "_posts/2021-08-04.md",
        "_posts/_x/2021-08-04-a.md",
        "_drafts/a.md",
        "_recipes/2021-08-04-a.md",
    ] {
        assert!(!site.takes(place), "{place}");
    }
    assert!(selection(crate::generator::jekyll::JEKYLL, "site/_posts", &[]).takes("2021-08-04-a.md"));
    assert!(selection(crate::generator::jekyll::JEKYLL, "dated", &[]).takes("2021-08-04-a.md"));
}

#[test]
fn hugo_and_zola_read_content_except_section_pages() {
    for generator in [crate::generator::hugo::HUGO, crate::generator::zola::ZOLA] {
        let site = selection(generator, "site", &["content"]);
        assert!(site.takes("content/posts/a.md") && site.takes("content/a/index.md"));
        assert!(!site.takes("content/_index.md") && !site.takes("content/a/_index.fr.md") && !site.takes("docs/a.md"));
        assert!(site.enters("content/themes") && !site.enters("themes") && site.enters("static"));
        assert!(selection(generator, "site/content", &["content"]).takes("posts/a.md"));
    }
}

#[test]
fn hugo_reads_the_directories_that_its_configuration_names_beside_content() {
    let content = Path::new("site");
    let declared = ["content/fr", "extra"];
    let layout = Layout { content, holds: &|path| path == "content", source: None, declared: &declared, level: 0 };
    let site = Selection::at(crate::generator::hugo::HUGO, Globs::default(), &layout);
    assert!(site.takes("content/fr/a.md") && site.takes("extra/posts/a.md") && site.is_bundle("extra/b/index.md"));
    assert!(!site.takes("docs/a.md") && !site.takes("extra/_index.md"));
}

#[test]
fn an_index_makes_its_directory_a_bundle_in_hugo() {
    let hugo = selection(crate::generator::hugo::HUGO, "site", &["content"]);
    for place in ["content/posts/a/index.md", "content/a/index.fr.md", "content/a/index.html"] {
        assert!(hugo.is_bundle(place), "{place}");
    }
    for place in ["content/index.md", "content/a/_index.md", "content/a/b.md", "content/a/index.txt", "a/index.md"] {
        assert!(!hugo.is_bundle(place), "{place}");
    }
    for generator in [
        crate::generator::hexo::HEXO,
        crate::generator::jekyll::JEKYLL,
        crate::generator::zola::ZOLA,
        crate::generator::plain::PLAIN,
    ] {
        assert!(!selection(generator, "site", &[]).is_bundle("posts/a/index.md"), "{generator:?}");
    }
}

#[test]
fn excluded_globs_match_files_and_directories() {
    let globs = Globs::new(["drafts", "**/*.tmp.md"].map(str::to_owned).into()).unwrap();
    let selection = Selection::new(crate::generator::plain::PLAIN, globs, Path::new("x"), &|_| false);
    assert!(!selection.enters("drafts") && selection.enters("a/drafts"));
    assert!(!selection.takes("a/b.tmp.md") && selection.takes("a/b.md"));
}

#[test]
fn a_complete_html_page_is_recognized_by_its_first_bytes() {
    for page in ["<!DOCTYPE html>", "\u{feff}\n <html lang=en>", "<!doctype html>x"] {
        assert!(is_whole_page(page.as_bytes()), "{page}");
    }
    for article in ["---\ntitle: x\n---\n<html>", "<htmlx>", "<p>", "", "<!-- x --><html>"] {
        assert!(!is_whole_page(article.as_bytes()), "{article}");
    }
}
