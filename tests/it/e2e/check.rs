//! `feedmill check`: reports every problem with its file, line and column, and a problem of one article does
//! not affect the others.

use crate::driver::{Folder, article, article_with, png};

/// One good article, and one whose front matter is invalid in line 3, so that neither title nor date can be
/// recovered.
fn broken() -> Folder {
    let folder = Folder::new();
    folder.write("posts/good.md", article("Good", "2026-01-01"));
    folder.write("posts/bad.md", "---\nauthor: Bad\ndate: [2026\n---\ntext\n");
    folder
}

/// The line and column of the problem reported in a file; the report has the form `path:line:column:
/// message`.
#[track_caller]
fn place(said: &str, path: &str) -> (u32, u32) {
    let found = said.lines().find_map(|line| {
        let (_, rest) = line.split_once(&format!("{path}:"))?;
        let mut parts = rest.splitn(3, ':');
        let line = parts.next()?.parse().ok()?;
        let column = parts.next()?.parse().ok()?;
        parts.next()?.strip_prefix(' ').filter(|message| !message.is_empty())?;
        Some((line, column))
    });
    found.unwrap_or_else(|| panic!("no {path}:line:column: message in\n{said}"))
}

#[test]
fn a_good_directory_has_no_errors() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.run(&["check"]).assert_code(0);
    folder.run(&["check", "--deny-warnings"]).assert_code(0);
}

#[test]
fn broken_front_matter_is_reported_with_its_line_and_column() {
    let finished = broken().run(&["check"]);
    finished.assert_code(1);
    let (line, column) = place(&finished.said(), "posts/bad.md");
    assert!((3..=4).contains(&line) && column >= 1, "{line}:{column}");
    assert!(!finished.said().contains("good.md:"), "{}", finished.said());
}

#[test]
fn all_problems_are_reported_and_not_only_the_first() {
    let folder = broken();
    folder.write("worse.md", "---\ntitle: 'open\n---\ntext\n");
    folder.write("toml.md", "+++\ntitle = \n+++\ntext\n");
    let finished = folder.run(&["check"]);
    finished.assert_code(1);
    for path in ["posts/bad.md", "worse.md", "toml.md"] {
        place(&finished.said(), path);
    }
}

#[test]
fn a_mistake_in_toml_or_json_is_explained_where_it_begins() {
    let folder = Folder::new();
    folder.write("toml.md", "+++\ntitle = \"A\"\ntags = [\"x\", \"y\"\ndate = 2026-01-01\n+++\ntext\n");
    folder.write("json.md", "{\n\"title\": \"标题\" \"date\": \"2026-01-01\"\n}\n\ntext\n");
    let finished = folder.run(&["check"]);
    finished.assert_code(1);
    assert_eq!((place(&finished.said(), "toml.md"), place(&finished.said(), "json.md")), ((3, 8), (2, 15)));
    finished.assert_says("the TOML cannot be read: the bracket `[` that opens here is not closed");
    finished.assert_says("the JSON cannot be read: a comma is missing before this");
}

#[test]
fn links_to_a_web_site_whose_url_is_not_set_are_reported() {
    let folder = Folder::new();
    folder.put("_config.yml", "title: Tea\n");
    folder.write("_posts/a.md", article("A", "2026-01-01"));
    folder.define("site.yaml", "dialect: hexo\narticle_url: site\n");
    let finished = folder.run(&["check"]);
    finished.assert_code(0);
    assert_eq!(place(&finished.said(), "feeds/site.yaml"), (2, 1));
    finished.assert_says("[warning: home-unset]");
    folder.run(&["check", "--deny-warnings", "--base-url", "https://example.org"]).assert_code(0);
    folder.define("site.yaml", "dialect: hexo\narticle_url: site\nhome: https://example.org\n");
    folder.run(&["check", "--deny-warnings"]).assert_code(0);
}

#[test]
fn a_key_that_is_written_twice_is_reported_and_its_last_value_counts() {
    let folder = Folder::new();
    folder.write("a.md", "---\ntitle: First\ndate: 2026-01-01\nTitle: Second\n---\ntext\n");
    let finished = folder.run(&["check"]);
    finished.assert_code(0);
    assert_eq!(place(&finished.said(), "a.md"), (4, 8));
    finished.assert_says("`Title` is written more than once; the last value counts [warning: duplicate-key]");
    assert_eq!(folder.serve().titles("/rss.xml"), ["Second"]);
}

#[test]
fn a_broken_article_is_skipped_and_the_rest_is_served() {
    let server = broken().serve();
    assert_eq!(server.titles("/rss.xml"), ["Good"]);
    server.get("/articles/posts/bad/").assert_status(404);
    server.logs(&["posts/bad.md"]);
}

#[test]
fn an_unknown_key_of_site_yaml_is_an_error_that_names_the_nearest() {
    let folder = Folder::new();
    folder.define("site.yaml", "title: A\nlangage: zh\n");
    let finished = folder.run(&["check"]);
    finished.assert_code(1);
    assert_eq!(place(&finished.said(), "site.yaml").0, 2);
    finished.assert_says("langage");
    finished.assert_says("language");
}

#[test]
fn an_unknown_key_of_a_definition_is_an_error_too() {
    let folder = Folder::new();
    folder.define("mine.yaml", "title: Mine\nselect:\n  categorys: [a]\n");
    let finished = folder.run(&["check"]);
    finished.assert_code(1);
    assert_eq!(place(&finished.said(), "mine.yaml").0, 3);
    finished.assert_says("categories");
}

#[test]
fn two_names_with_one_slug_are_a_warning_or_with_a_flag_an_error() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [事实]\n"));
    folder.write("b.md", article_with("B", "2026-01-02", "categories: [实事]\n"));
    let finished = folder.run(&["check"]);
    finished.assert_code(0);
    finished.assert_says("shi-shi");
    folder.run(&["check", "--deny-warnings"]).assert_code(1);
}

#[test]
fn two_articles_with_one_id_are_reported() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-01", "id: urn:x:same\n"));
    folder.write("b.md", article_with("B", "2026-01-02", "id: urn:x:same\n"));
    let said = folder.run(&["check"]).said();
    assert!(said.contains("a.md:") || said.contains("b.md:"), "{said}");
}

#[test]
fn programs_get_the_report_in_json_and_annotations() {
    let folder = broken();
    let json = folder.run(&["check", "--format", "json"]);
    json.assert_code(1);
    let parsed: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert!(parsed.to_string().contains("posts/bad.md"), "{parsed}");

    let sarif = folder.run(&["check", "--format", "sarif"]);
    sarif.assert_code(1);
    let parsed: serde_json::Value = serde_json::from_str(&sarif.out).unwrap();
    assert_eq!(parsed["version"], "2.1.0");
    let result = &parsed["runs"][0]["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert!(place["artifactLocation"]["uri"].as_str().unwrap().ends_with("posts/bad.md"), "{result}");

    let github = folder.run(&["check", "--format", "github"]);
    github.assert_code(1);
    let annotation = github.out.lines().find(|line| line.starts_with("::error "));
    let annotation = annotation.unwrap_or_else(|| panic!("no annotation in {}", github.out));
    assert!(annotation.contains("posts/bad.md") && annotation.contains("line="), "{annotation}");
}

#[test]
fn settings_of_the_generator_are_used_and_listed() {
    let folder = Folder::new();
    folder.put("_config.yml", "title: Hexo title\nlanguage: zh-CN\ntimezone: Asia/Shanghai\n");
    folder.put("source/_posts/a.md", article("A", "2026-01-01 08:00:00"));
    let finished = folder.run(&["check", "--content", "source/_posts"]);
    finished.assert_code(0);
    let server = folder.serve_with(&["--content", "source"]);
    let feed = server.get("/feed.json").ok().json();
    assert_eq!(feed["title"], "Hexo title");
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    let finished = folder.run(&["check", "--content", "source"]);
    finished.assert_code(0);
    finished.assert_says("Hexo title");
}

#[test]
fn articles_are_checked_even_if_site_yaml_is_broken() {
    let folder = broken();
    folder.define("site.yaml", "langage: zh\n");
    let finished = folder.run(&["check"]);
    finished.assert_code(1);
    assert_eq!(place(&finished.out, "feeds/site.yaml").0, 1);
    place(&finished.out, "posts/bad.md");
}

#[test]
fn a_line_begins_with_the_position_and_the_summary_is_a_line_of_its_own() {
    let finished = broken().run(&["check"]);
    let line = finished.out.lines().next().unwrap_or_default();
    assert!(line.starts_with("posts/bad.md:") && line.ends_with("[error: front-matter]"), "{line}");
    let sum = finished.err.lines().last().unwrap_or_default();
    assert_eq!(sum, "1 error and no warnings in 1 article and no categories");
}

#[test]
fn a_problem_code_is_explained_and_a_misspelled_one_gets_a_suggestion() {
    let folder = Folder::new();
    let finished = folder.run(&["check", "--explain", "slug-taken"]);
    finished.assert_code(0);
    assert!(finished.out.contains("same slug"), "{}", finished.out);
    let all = folder.run(&["check", "--explain", "all"]);
    all.assert_code(0);
    assert!(all.out.contains("slug-taken (") && all.out.contains("date-zone ("), "{}", all.out);
    let finished = folder.run(&["check", "--explain", "slug-takn"]);
    finished.assert_code(2);
    finished.assert_says("`slug-taken`");
}

#[test]
fn a_deep_check_reports_bodies_that_sanitising_empties() {
    let folder = Folder::new();
    folder.write("a.md", "---\ntitle: A\ndate: 2026-01-01\n---\n<script>alert(1)</script>\n");
    folder.write("b.md", article("B", "2026-01-02"));
    assert_eq!(folder.run(&["check"]).out, "");
    let finished = folder.run(&["check", "--deep"]);
    finished.assert_code(0);
    let reported: Vec<&str> = finished.out.lines().filter(|line| !line.starts_with(' ')).collect();
    assert!(
        matches!(reported[..], [line] if line.starts_with("a.md:1:1: ") && line.ends_with("[warning: content]")),
        "{reported:?}"
    );
}

#[test]
fn every_problem_has_a_line_and_a_column_and_each_kind_is_counted() {
    let folder = broken();
    folder
        .write("a.md", article_with("A", "2026-01-01", "id: x\ncover: /none.png\nimage: no.jpg\ncategories: [事实]\n"));
    folder.write("b.md", article_with("B", "2026-01-02", "id: x\ncategories: [实事]\n"));
    folder.define("mine.yaml", "title: Mine\nselect:\n  categorys: [a]\n");
    let finished = folder.run(&["check"]);
    finished.assert_code(1);
    for line in finished.out.lines().filter(|line| !line.starts_with(' ')) {
        let mut parts = line.splitn(4, ':').skip(1);
        let numbers = [parts.next(), parts.next()].map(|number| number.and_then(|number| number.parse::<u32>().ok()));
        assert!(numbers.iter().all(|number| number.is_some_and(|number| number > 0)), "{line}");
    }
    assert_eq!((place(&finished.out, "a.md").0, place(&finished.out, "b.md").0), (5, 4));
    for line in ["1 error: front-matter", "1 error: definition", "2 warnings: lead-image", "1 warning: id-taken"] {
        assert!(finished.err.lines().any(|reported| reported == line), "{line}: {}", finished.err);
    }
}

#[test]
fn a_check_that_cannot_run_ends_with_2() {
    let folder = Folder::new();
    folder.run(&["check", "--content", "nowhere"]).assert_code(2);
    folder.run(&["check", "--feeds", "nowhere"]).assert_code(2);
    folder.run(&["check", "--format", "xml"]).assert_code(2);
}

#[test]
fn every_file_of_the_directory_is_accounted_for() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("draft.md", "---\ntitle: D\ndraft: true\n---\n");
    for stray in ["README.md", "style.css", "node_modules/x/b.md"] {
        folder.write(stray, "x\n");
    }
    folder.write("page.html", "<!doctype html><title>x</title>\n");
    folder.write("img/a.png", png(2, 2));
    folder.write("img/a.pdf", "%PDF-1.7\n%%EOF\n");
    folder.write("late.md", article("Late", "2099-01-01"));
    folder.write("over.md", article_with("Over", "2026-01-01", "expirydate: 2026-01-02\n"));
    let finished = folder.run(&["check"]);
    finished.assert_code(0);
    for line in [
        "1 hidden, it is a draft: draft.md",
        "1 file is not an article, READMEs, licences and the like: README.md",
        "1 file is not an article, neither Markdown nor HTML: style.css",
        "1 file is not an article, directories that are not entered: node_modules/",
        "1 file is not an article, images: img/a.png",
        "1 file is not an article, attachments: img/a.pdf",
        "1 not due yet: late.md",
        "1 expired: over.md",
        "1 file is not an article, whole HTML pages, or parts of a bundle: page.html",
    ] {
        assert!(finished.err.contains(line), "{line}: {}", finished.err);
    }
}

#[test]
fn a_check_says_in_which_zone_dates_were_read_and_when_articles_are_due() {
    let folder = Folder::new();
    folder.define("site.yaml", "time_zone: Asia/Tokyo\n");
    let soon = chrono::Utc::now() + chrono::TimeDelta::hours(9 + 3);
    folder.write("soon.md", article("Soon", &soon.format("%Y-%m-%d %H:%M:%S").to_string()));
    folder.write("late.md", article("Late", "2099-01-01"));
    folder.write("zoned.md", article("Zoned", "2026-01-01T10:00:00Z"));
    let check = folder.run(&["check"]);
    let soon = soon.format("%Y-%m-%d %H:%M read as Asia/Tokyo; set `time_zone` if that is wrong), late.md is due in ");
    for words in
        ["2 dates without a zone are read as Asia/Tokyo\n", "2 not due yet: soon.md is due in ", &soon.to_string()]
    {
        check.assert_says(words);
    }
    let late = check.err.split("late.md is due in ").nth(1).unwrap();
    assert!(late.lines().next().unwrap().ends_with(" h"), "{late}");
}

#[test]
fn a_deep_check_reports_broken_links() {
    let folder = Folder::new();
    folder.write(
        "a.md",
        article("A", "2026-01-01") + "\n[here](b.md) [gone](c.md) [web](https://example.org/) ![no](no.png)\n",
    );
    folder.write("b.md", article("B", "2026-01-02"));
    folder.run(&["check"]).assert_code(0);
    let check = folder.run(&["check", "--deep"]);
    check.assert_code(0);
    check.assert_says("the link `c.md` leads to nothing that is published");
    check.assert_says("the file `no.png`, which the body shows, does not exist");
    assert_eq!(check.out.matches("dead-link").count(), 2, "{}", check.out);
}

#[test]
fn a_mistake_in_site_yaml_is_named_where_it_begins_and_without_words_of_the_parser() {
    let folder = Folder::new();
    for (yaml, position, words) in [
        ("title: x\n\tlanguage: en\n", (2, 1), "a tab indents this line"),
        ("feeds:\n\tlimit: 3\n", (2, 1), "a tab indents this line"),
        ("title: x\nlanguage: en\ntitle: y\n", (3, 1), "the key `title` is given twice"),
        ("redirects: {/a.xml: /rss.xml, /a.xml: /b}\n", (1, 31), "the key `/a.xml` is given twice"),
        ("title: [x, y\nlanguage: en\n", (1, 8), "the bracket `[` that opens here is not closed"),
        ("language: en\nfeeds: {limit: 3\ntitle: x\n", (2, 8), "the brace `{` that opens here is not closed"),
        ("title: \"x\nlanguage: en\n", (1, 8), "the quotation that begins here is not closed"),
        ("feeds: 3\n", (1, 8), "feeds: expected keys and values, found `3`"),
        ("author: 3\n", (1, 9), "author: expected a name, or the keys name, email and url, found `3`"),
        ("author: {name: x, mail: y}\n", (1, 19), "unknown key `mail`"),
        ("max_article_bytes: 2MiB\n", (1, 20), "max_article_bytes: expected a whole number, found \"2MiB\""),
        ("exclude: [a, 'x[']\n", (1, 14), "`x[` is not a valid glob: unclosed character class"),
        ("exclude: [a, /]\n", (1, 14), "`/` is not a valid glob: it is empty"),
        ("exclude: notes\n", (1, 10), "exclude: expected a list, found \"notes\""),
    ] {
        folder.define("site.yaml", yaml);
        let finished = folder.run(&["check"]);
        finished.assert_code(1);
        finished.assert_says(words);
        assert_eq!(place(&finished.said(), "site.yaml"), position, "{yaml}: {}", finished.said());
        for word in ["struct", "u64", "usize", "Raw", "untagged", "token", "flow", "sequence", "string", "integer"] {
            assert!(!finished.said().contains(word), "{word} in {}", finished.said());
        }
    }
    folder.define("site.yaml", "");
    folder.define("mine.yaml", "title: Mine\nselect: {tags: 3}\n");
    folder.run(&["check"]).assert_says("select.tags: expected a name, or a list of names, found `3`");
}

#[test]
fn a_time_zone_that_does_not_exist_is_a_problem_of_the_configuration() {
    let folder = Folder::new();
    folder.write("_config.yml", "title: News\nurl: https://www.example.org\ntimezone: Asia/Beijing\n");
    folder.write("_posts/2026-01-01-a.md", article("A", "2026-01-01"));
    let finished = folder.run(&["check"]);
    finished.assert_code(0);
    assert_eq!(place(&finished.said(), "_config.yml"), (3, 11));
    finished.assert_says("there is no time zone `Asia/Beijing`");
    folder.define("site.yaml", "time_zone: Asia/Shanghai\n");
    let said = folder.run(&["check"]).said();
    assert!(!said.contains("there is no time zone"), "{said}");
}
