//! Tests that parse whole files.

use super::*;
use crate::generator::SiteContext;

fn options() -> ParseOptions {
    ParseOptions::new(crate::generator::plain::PLAIN)
}

fn of(path: &str, text: &str) -> Full {
    let place = ContentPath::new(path);
    read(&Source { place: &place, bytes: text.as_bytes(), modified: None }, &options())
}

fn article(path: &str, text: &str) -> Arc<Article> {
    match of(path, text).skimmed.outcome {
        Outcome::Article(article) => article,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_article_of_the_news_aggregator_is_read() {
    let text = "\n---\ntitle: '街道：x'\ncategories: \n - 新媒体\n - 趣头条\n - 分类\nheadimg: 'https://p.example/?http://x.example/a.jpeg'\nauthor: 趣头条\ndate: Wed, 04 Aug 2021 14:56:46 GMT\n---\n\n<div>   \n<p>text</p>\n\n<p>more</p>\n</div>\n            ";
    let detailed = of("a.md", text);
    assert_eq!(detailed.skimmed.problems, []);
    let article = article("a.md", text);
    assert_eq!(&*article.title, "街道：x");
    assert_eq!(article.published.unwrap().to_rfc3339(), "2021-08-04T14:56:46+00:00");
    assert_eq!(article.categories[0].len(), 3);
    let detail = detailed.detail.unwrap();
    assert_eq!(detail.body.markup().syntax, body::Syntax::Html);
    assert_eq!(&*detail.lead[0].reference, "https://p.example/?http://x.example/a.jpeg");
}

#[test]
fn drafts_and_unlisted_articles_are_hidden() {
    for front in [
        "draft: true",
        "draft: yes",
        "published: false",
        "hidden: true",
        "unlisted: true",
        "password: x",
        "status: draft",
    ] {
        let outcome = of("a.md", &format!("---\ntitle: x\n{front}\n---\n")).skimmed.outcome;
        assert!(matches!(outcome, Outcome::Hidden(_)), "{front}: {outcome:?}");
    }
    for front in ["draft: false", "published: true", "published: 2020-01-01", "password:", "password: ''"] {
        let outcome = of("a.md", &format!("---\ntitle: x\n{front}\n---\n")).skimmed.outcome;
        assert!(matches!(outcome, Outcome::Article(_)), "{front}: {outcome:?}");
    }
}

#[test]
fn a_locked_article_is_left_out_and_noted() {
    let locks = [
        "password: x",
        "password: 0",
        "password: '  '",
        "password: true",
        "password: [x]",
        "Password: {hash: x}",
        "pwd: 123",
        "passwords: [a, b]",
        "encrypted: true",
        "encrypted: 'Yes'",
        "encrypt: on",
        "encrypt: my-password",
        "isEncrypted: 'true'",
        "isEncrypted: 1",
        "private: yes",
        "status: Private",
        "status: trash",
        "status: PENDING",
        "status: draft",
        "visibility: private",
        "visibility: Paid",
        "x: &x {private: true}\n<<: *x",
        "extra: {private: true}",
        "params: {password: x}",
    ];
    let toml = [
        "password = \"x\"",
        "private = true",
        "status = \"trash\"",
        "[extra]\npassword = \"x\"",
        "[extra]\nencrypted = \"true\"",
        "[params]\npassword = \"x\"",
    ];
    let json = ["{\"title\": \"x\", \"private\": \"true\"}", "{\"title\": \"x\", \"pwd\": 1}"];
    let texts = locks.iter().map(|front| format!("---\ntitle: x\n{front}\n---\nbody\n"));
    let texts = texts.chain(toml.iter().map(|front| format!("+++\ntitle = \"x\"\n{front}\n+++\nbody\n")));
    for text in texts.chain(json.iter().map(|front| format!("{front}\nbody\n"))) {
        let skimmed = of("a.md", &text).skimmed;
        assert!(matches!(skimmed.outcome, Outcome::Hidden(_)), "{text}: {:?}", skimmed.outcome);
        let notes: Vec<_> = skimmed.problems.iter().map(|problem| (problem.code, problem.is_wrong())).collect();
        assert_eq!(notes, [(Code::Locked, false)], "{text}");
    }
    for front in [
        "password:",
        "password: ''",
        "password: []",
        "password: ['']",
        "password: {}",
        "password: false",
        "encrypted: false",
        "encrypt: no",
        "isEncrypted: 0",
        "private: off",
        "status: publish",
        "visibility: public",
        "extra: {private: false}",
    ] {
        let skimmed = of("a.md", &format!("---\ntitle: x\n{front}\n---\n")).skimmed;
        assert!(matches!(skimmed.outcome, Outcome::Article(_)), "{front}: {:?}", skimmed.outcome);
        assert_eq!(skimmed.problems, [], "{front}");
    }
}

#[test]
fn a_tag_that_the_configuration_encrypts_locks_its_articles() {
    let locked_tags = ["Diary", "私"].map(|name| crate::name::Name::new(name).unwrap()).into();
    let options = ParseOptions {
        generator: crate::generator::hexo::HEXO,
        site_context: SiteContext { locked_tags, ..SiteContext::default() },
        ..options()
    };
    let outcome = |front: &str| {
        let place = ContentPath::new("a.md");
        let text = format!("---\ntitle: x\n{front}\n---\n");
        parse_front_matter(&Source { place: &place, bytes: text.as_bytes(), modified: None }, &options).outcome
    };
    for front in
        ["tags: diary", "tags: [a, Diary]", "tags:\n- a\n- 私", "tag: 私", "tags: Diary\npassword:", "tags: 'a, diary'"]
    {
        assert_eq!(outcome(front), Outcome::Hidden(HiddenReason::EncryptedTag), "{front}");
    }
    for front in ["tags: [a]", "tags: Diary\npassword: ''", "tags: Diary\npassword: \"\"", "categories: Diary"] {
        assert!(matches!(outcome(front), Outcome::Article(_)), "{front}");
    }
}

#[test]
fn a_password_in_the_defaults_locks_an_article() {
    let fields = front_matter::parse("---\ndefaults: [{values: {password: x}}]\n---\n").unwrap().fields;
    let defaults = defaults::Defaults::parse(fields.get("defaults"), "");
    let site_context = SiteContext { defaults, ..SiteContext::default() };
    let options = ParseOptions { site_context, ..ParseOptions::new(crate::generator::jekyll::JEKYLL) };
    let place = ContentPath::new("2020-01-01-a.md");
    let source = Source { place: &place, bytes: b"---\ntitle: x\n---\n", modified: None };
    assert!(matches!(parse_front_matter(&source, &options).outcome, Outcome::Hidden(_)));
    let open = Source { bytes: b"---\ntitle: x\npassword: ''\n---\n", ..source };
    assert!(matches!(parse_front_matter(&open, &options).outcome, Outcome::Article(_)));
}

#[test]
fn a_locked_part_occurs_in_no_part_of_the_result() {
    let text = "---\ndate: 2020-01-01\nsummary: a {% secret %}HIDDEN{% endsecret %}b\n---\nshown ![a](shown.png)\n\n\
                {% secret %}\n# HIDDEN\n![HIDDEN](HIDDEN.png) {% post_link HIDDEN %} [HIDDEN](HIDDEN.md)\n\
                <!-- more -->\n{% endsecret %}\n\n# Title {{< private />}}\n\nmore <!-- secret --> HIDDEN";
    let detailed = of("a.md", text);
    assert!(!format!("{:?}", (&detailed.skimmed.outcome, &detailed.detail)).contains("HIDDEN"), "{detailed:?}");
    let detail = detailed.detail.unwrap();
    assert_eq!((detail.summary.as_deref(), detail.above, detail.images.len()), (Some("a b"), None, 1));
    assert_eq!(&*article("a.md", text).title, "Title");
    let notes: Vec<String> = detailed.skimmed.problems.iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["a.md:7:1: `secret` locks a part of the body, which is left out"]);
    let titled = "---\ntitle: 'a {{< secret >}}HIDDEN{{< /secret >}}b'\n---\n";
    assert_eq!(&*article("a.md", titled).title, "a b");
}

#[test]
fn an_invalid_date_is_reported_and_the_file_name_gives_the_date() {
    let text = "---\ntitle: x\ndate: Invalid Date\n---\n";
    let detailed = of("2021-08-04-x.md", text);
    assert_eq!(
        detailed.skimmed.problems[0].to_string(),
        "2021-08-04-x.md:3:7: the date `Invalid Date` cannot be read: it is no date"
            .replace("it is no date", detailed.skimmed.problems[0].message.rsplit(": ").next().unwrap())
    );
    assert_eq!(article("2021-08-04-x.md", text).published.unwrap().to_rfc3339(), "2021-08-04T00:00:00+00:00");
    assert_eq!(article("x.md", text).published, None);
}

#[test]
fn without_a_title_the_heading_or_the_file_name_is_used() {
    assert_eq!(&*article("a/2021-08-04-some-name.md", "---\ndate: 2020-01-01\n---\ntext").title, "some-name");
    assert_eq!(&*article("a/some-name/index.md", "---\ndate: 2020-01-01\n---\n").title, "some-name");
    assert_eq!(&*article("a.md", "---\ndate: 2020-01-01\n---\n# A heading\n").title, "A heading");
    let page = "<head>\n<title>\n A page &amp; x\n</title></head><h1>First part</h1>";
    assert_eq!(&*article("a.html", page).title, "A page & x");
    assert_eq!(&*article("a.html", "<svg><title>bee</title></svg><h1>First part</h1>").title, "First part");
    assert_eq!(&*article("a.md", "---\ntitle: 1.10\n---\n# A heading\n").title, "1.10");
    // A lone surrogate and a control character: XML can contain neither.
    assert_eq!(&*article("a.md", "---\ntitle: \"\\udd9e\\u0001\"\n---\n# A heading\n").title, "A heading");
    assert_eq!(&*article("a.md", "---\ntitle: '&#123;x&#125;'\n---\n").title, "{x}");
    assert_eq!(&*article("a.md", "---\ntitle: \"\\u200b\"\n---\n## Not of level one\n").title, "");
}

#[test]
fn every_charset_is_decoded_and_invalid_utf_8_is_reported() {
    let place = ContentPath::new("a.md");
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("---\r\ntitle: 日\r\n---\r\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for (bytes, title) in
        [(utf16.as_slice(), "日"), (b"\xef\xbb\xbf---\rtitle: x\r---\r", "x"), (b"---\ntitle: x\n---\n\xff", "x")]
    {
        let skimmed = parse_front_matter(&Source { place: &place, bytes, modified: None }, &options());
        let Outcome::Article(article) = skimmed.outcome else { panic!() };
        assert_eq!(&*article.title, title);
    }
    let skimmed =
        parse_front_matter(&Source { place: &place, bytes: b"---\ntitle: x\n---\n\xff", modified: None }, &options());
    assert_eq!(skimmed.problems[0].to_string(), "a.md:4:1: the file is not UTF-8; it is read as windows-1252");
}

#[test]
fn an_edit_before_the_publication_is_ignored() {
    let text = "---\ntitle: x\ndate: 2020-01-02\nupdated: 2020-01-01\n---\n";
    assert_eq!(article("a.md", text).updated, None);
}

#[test]
fn a_date_in_the_url_path_is_used_if_front_matter_has_none() {
    let of = |front: &str| article("MIR/index.md", &format!("+++\ntitle = \"x\"\n{front}\n+++\n")).published;
    let day = |text: &str| Some(text.parse().unwrap());
    assert_eq!(of("path = \"2016/04/19/MIR\""), day("2016-04-19T00:00:00Z"));
    assert_eq!(of("path = \"inside-rust/2025/09/30/all-hands\""), day("2025-09-30T00:00:00Z"));
    assert_eq!(of("path = \"2016/04/19/MIR\"\ndate = 2020-01-01"), day("2020-01-01T00:00:00Z"));
    assert_eq!(of("path = \"about\""), None);
}

#[test]
fn values_of_an_unusual_type_are_read_if_they_make_sense() {
    assert_eq!(&*article("a.md", "---\ntitle: [bees, ants]\n---\n").title, "bees, ants");
    assert_eq!(&*article("a.md", "---\ntitle: {en: bees}\n---\n# Heading\n").title, "Heading");
    assert_eq!(&*article("a.md", "---\ntitle: two\n  lines\n---\n").title, "two lines");
    let day = Some("2020-01-02T00:00:00Z".parse().unwrap());
    assert_eq!(article("a.md", "---\ntitle: x\ndate: [2020-01-02]\n---\n").published, day);
    let odd = of("2020-01-02-a.md", "---\ntitle: x\ndate: {a: b}\n---\n").skimmed;
    assert_eq!(odd.problems[0].code, Code::Value);
    assert_eq!(article("2020-01-02-a.md", "---\ntitle: x\ndate: {a: b}\n---\n").published, day);
    let odd = article("a.md", "---\ntitle: x\nid: 42\ntags: {a: b}\nauthor: [null]\n---\n");
    assert_eq!((odd.id.as_deref(), odd.tags.len(), odd.authors.len()), (Some("42"), 1, 0));
}

#[test]
fn hugo_prefers_the_date_of_publication() {
    let of = |generator, front: &str| {
        let place = ContentPath::new("a.md");
        let text = format!("---\ntitle: x\n{front}\n---\n");
        let options = ParseOptions { generator, ..options() };
        match parse_front_matter(&Source { place: &place, bytes: text.as_bytes(), modified: None }, &options).outcome {
            Outcome::Article(article) => article.published.unwrap().date_naive().to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(of(crate::generator::hugo::HUGO, "date: 2020-01-01\npublished: 2020-01-02"), "2020-01-02");
    assert_eq!(of(crate::generator::hugo::HUGO, "date: 2020-01-01\npublished: true"), "2020-01-01");
    assert_eq!(of(crate::generator::hugo::HUGO, "lastmod: 2020-01-03"), "2020-01-03");
    assert_eq!(of(crate::generator::plain::PLAIN, "date: 2020-01-01\npublished: 2020-01-02"), "2020-01-01");
    assert_eq!(of(crate::generator::plain::PLAIN, "published: 2020-01-02"), "2020-01-02");
}

#[test]
fn a_false_password_does_not_hide_an_article_and_build_options_do() {
    for front in ["password: false", "build: {list: always, render: link}"] {
        let outcome = of("a.md", &format!("---\ntitle: x\n{front}\n---\n")).skimmed.outcome;
        assert!(matches!(outcome, Outcome::Article(_)), "{front}: {outcome:?}");
    }
    for front in ["build: {list: never}", "_build: {list: false}", "build: {list: local}", "build: {render: never}"] {
        let outcome = of("a.md", &format!("---\ntitle: x\n{front}\n---\n")).skimmed.outcome;
        assert!(matches!(outcome, Outcome::Hidden(_)), "{front}: {outcome:?}");
    }
}

#[test]
fn names_above_the_limit_are_ignored_and_reported() {
    let list: Vec<String> = (0..60_000).map(|n| format!("t{n}")).collect();
    for (key, list) in [("tags", list.join(", ")), ("authors", list[..5_000].join(", "))] {
        let text = format!("---\ntitle: x\n{key}: [{list}]\n---\nbody");
        let skimmed = of("a.md", &text).skimmed;
        let Outcome::Article(article) = &skimmed.outcome else { panic!("{key}: {:?}", skimmed.problems) };
        assert_eq!(article.tags.len() + article.authors.len(), 100, "{key}");
        let warning = skimmed.problems.iter().find(|problem| problem.message.ends_with("of which the first 100 count"));
        let position = warning.unwrap_or_else(|| panic!("{key}: {:?}", skimmed.problems)).position;
        assert_eq!(position, Some(Position { line: 3, column: u32::try_from(key.len()).unwrap() + 3 }));
    }
}

#[test]
fn deep_and_many_categories_are_cut_and_reported() {
    let path = |name: &str, levels| (0..levels).map(|n| format!("{name}{n}")).collect::<Vec<_>>().join(", ");
    let paths = |levels| ["a", "b", "c", "d"].map(|name| format!("\n- [{}]", path(name, levels))).concat();
    let deep = "levels, of which the first 32 count";
    for (key, list, lengths, reported) in [
        ("categories", format!("[{}]", path("a", 32)), vec![32], None),
        ("categories", format!("[{}]", path("a", 33)), vec![32], Some(format!("`categories` has 33 {deep}"))),
        ("category", format!("[{}]", path("a", 500)), vec![32], Some(format!("`category` has 500 {deep}"))),
        ("categories", paths(40), vec![32, 32, 32, 4], Some(format!("`categories` has 40 {deep}"))),
        (
            "categories",
            paths(30),
            vec![30, 30, 30, 10],
            Some("`categories` has 120 names, of which the first 100 count".to_owned()),
        ),
    ] {
        let skimmed = of("a.md", &format!("---\ntitle: x\n{key}: {list}\n---\n")).skimmed;
        let Outcome::Article(article) = &skimmed.outcome else { panic!("{:?}", skimmed.problems) };
        assert_eq!(article.categories.iter().map(|path| path.len()).collect::<Vec<_>>(), lengths);
        assert_eq!(skimmed.problems.first().map(|problem| problem.message.clone()), reported);
    }
}

#[test]
fn an_expensive_body_is_reported_and_a_long_title_is_cut() {
    let text = format!("---\ntitle: {}\n---\n\n{}\n", "long ".repeat(5_000), "[a](b)\n\n".repeat(20_000));
    let skimmed = of("a.md", &text).skimmed;
    let Outcome::Article(article) = &skimmed.outcome else { panic!() };
    assert_eq!(article.title.chars().count(), 2_000);
    let warnings: Vec<_> = skimmed.problems.iter().map(|problem| (problem.code, problem.position)).collect();
    assert_eq!(warnings, [(Code::Limit, Some(Position { line: 5, column: 1 }))]);
    let heading = format!("# {}\n", "long ".repeat(5_000));
    let Outcome::Article(article) = of("a.md", &heading).skimmed.outcome else { panic!() };
    assert_eq!(article.title.chars().count(), 2_000);
}

#[test]
fn markdown_is_parsed_once_for_title_images_code_and_html() {
    use crate::article::body::markdown::PARSED;
    let text = "---\ndate: 2020-01-01\n---\n# Title\n\n![](a.png) [ref](https://x.example/)\n\n```\n<!-- more -->\n```\n\n\
                above\n\n<!-- more -->\n\nbelow\n";
    let before = PARSED.get();
    let full = of("a.md", text);
    let detail = full.detail.unwrap();
    assert!(matches!(full.skimmed.outcome, Outcome::Article(article) if &*article.title == "Title"));
    assert_eq!((detail.images.len(), detail.above.is_some()), (1, true));
    assert!(ParsedBody::new(&detail.body.text(), detail.body.markup()).html().contains("<h1 id=\"title\">Title</h1>"));
    assert_eq!(PARSED.get() - before, 1);
}

#[test]
fn a_body_is_kept_as_written_if_its_html_is_not_needed_or_would_not_do() {
    let kept = |body: &str| {
        let detail = of("a.md", &format!("---\ntitle: x\n---\n{body}")).detail.unwrap();
        (detail.body.text().to_string(), detail.body.markup())
    };
    let html = "<p>Some words before <img src=\"a.png\" alt=\"\" /></p>\n";
    assert_eq!(kept("Some words before ![](a.png)"), (html.to_owned(), Markup::MADE));
    // Its HTML was not needed, its links depend on other articles, its HTML is too long or empty.
    let autolinks = format!("![](a.png) {}", "www.x.example ".repeat(20));
    for body in ["*a*", "![](a.png) [b](b.md)", autolinks.trim(), "{% x %}<!-- more -->"] {
        assert_eq!(kept(body), (body.to_owned(), Markup::MARKDOWN));
    }
}
