//! Configurations of real sites, and the settings taken from them.

use super::*;
use crate::generator::config_parts::{is_part, lay_over};
use crate::generator::config_syntax::fields;
use crate::generator::defaults;
use crate::generator::hexo::Trailing;
use crate::name::Name;

fn read(generator: Generator, file_name: &str, text: &str) -> GeneratorSettings {
    super::read(generator, &fields(file_name, text).unwrap().0)
}

fn hexo(text: &str) -> GeneratorSettings {
    read(crate::generator::hexo::HEXO, "_config.yml", text)
}

fn jekyll(text: &str) -> GeneratorSettings {
    read(crate::generator::jekyll::JEKYLL, "_config.yml", text)
}

#[test]
fn the_configuration_of_hexo_gives_all_settings_of_a_feed() {
    let text = "\u{feff}# Site\r\ntitle: 示例\r\nsubtitle: ''\r\ndescription:\r\nauthor: Mill\r\nemail: mill@example.org\r\nlanguage: [zh-CN, en]\r\ntimezone: Asia/Shanghai\r\nurl: https://example.org\r\npermalink: :year/:title/\r\ncategory_map:\r\n\t新媒体: media\r\n\t2024: y24\r\ntag_map:\r\nskip_render:\r\n- README.md\r\n- '_posts/old/**'\r\nfilename_case: 1\r\n";
    let generator = hexo(text);
    assert_eq!(generator.title.as_deref(), Some("示例"));
    assert_eq!(generator.description, None);
    assert_eq!(generator.language.as_deref(), Some("zh-CN"));
    assert_eq!(generator.time_zone.as_deref(), Some("Asia/Shanghai"));
    assert_eq!(generator.author.as_ref().unwrap().email.as_deref(), Some("mill@example.org"));
    assert_eq!(
        generator.permalink_config.category_map,
        [("新媒体".to_owned(), "media".to_owned()), ("2024".to_owned(), "y24".to_owned())]
    );
    assert_eq!(generator.permalink_config.tag_map, []);
    assert_eq!(generator.exclude, ["README.md", "source/README.md", "_posts/old/**", "source/_posts/old/**", "old/**"]);
    let told: Vec<_> = generator.taken.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    assert_eq!(told[0], "title: 示例");
    assert_eq!(told[3], "author: Mill <mill@example.org>");
    assert!(!told.iter().any(|line| line.contains("https://example.org")), "{told:?}");
    let path: Vec<Name> = ["新媒体", "C++ Notes"].iter().filter_map(|name| Name::new(name)).collect();
    assert_eq!(generator.permalink_config.category_slug(&path), "media/c-notes");
}

#[test]
fn hexo_has_more_permalink_settings_than_a_pattern() {
    let text = "permalink_defaults: {lang: en}\ndefault_category: none\nnew_post_name: :year-:title.md\npretty_urls: {trailing_index: false}\npost_asset_folder: true\n";
    let permalink_config = PermalinkConfig {
        defaults: vec![("lang".to_owned(), "en".to_owned())],
        default_category: Some("none".to_owned()),
        new_post_name: Some(":year-:title.md".to_owned()),
        trailing: Trailing::NoIndex,
        asset_folders: true,
        ..PermalinkConfig::default()
    };
    assert_eq!(hexo(text).permalink_config, permalink_config);
    assert_eq!(hexo("pretty_urls: {trailing_html: false}\n").permalink_config.trailing, Trailing::NoExtension);
    assert_eq!(own_pattern(&hexo(text), crate::generator::hexo::HEXO), ":home/:year/:month/:day/:title/");
}

#[test]
fn named_permalink_styles_of_jekyll_are_expanded() {
    for (style, pattern) in [
        ("date", ":home/:categories/:year/:month/:day/:title:output_ext"),
        ("pretty", ":home/:categories/:year/:month/:day/:title/"),
        ("ordinal", ":home/:categories/:year/:y_day/:title:output_ext"),
        ("weekdate", ":home/:categories/:year/W:week/:short_day/:title:output_ext"),
        ("none", ":home/:categories/:title:output_ext"),
        ("/blog/:title/", ":home/blog/:title/"),
    ] {
        assert_eq!(own_pattern(&jekyll(&format!("permalink: {style}\n")), crate::generator::jekyll::JEKYLL), pattern);
    }
    assert_eq!(
        own_pattern(&GeneratorSettings::default(), crate::generator::jekyll::JEKYLL),
        ":home/:categories/:year/:month/:day/:title:output_ext"
    );
}

#[test]
fn jekyll_defaults_apply_by_path_and_type() {
    let generator = jekyll(
        "defaults:\n- scope: {path: ''}\n  values: {author: All, lang: en}\n- scope: {path: '_posts/de', type: posts}\n  values: {lang: de}\n- scope: {path: 'wiki/*/notes', type: pages}\n  values: {layout: note}\n- scope: {type: posts}\n  values: {permalink: '/blog/:title/'}\n- values: broken\n- nonsense\n",
    );
    assert_eq!(generator.site_context.defaults.len(), 4);
    let of = |place: &str, key: &str| {
        defaults::of(&generator.site_context.defaults, place).get(key).and_then(Value::as_text).map(str::to_owned)
    };
    assert_eq!(of("_posts/2020-01-01-a.md", "lang").as_deref(), Some("en"));
    assert_eq!(of("_posts/de/2020-01-01-a.md", "lang").as_deref(), Some("de"));
    assert_eq!(of("de/2020-01-01-a.md", "lang").as_deref(), Some("de"), "the content directory is `_posts`");
    assert_eq!(of("_posts/design.md", "lang").as_deref(), Some("en"));
    assert_eq!(of("2020-01-01-a.md", "permalink").as_deref(), Some("/blog/:title/"));
    assert_eq!(of("about.md", "permalink"), None);
    assert_eq!(of("about.md", "author").as_deref(), Some("All"));
    assert_eq!(of("wiki/x/notes/a.md", "layout").as_deref(), Some("note"));
    assert_eq!(of("wiki/x/y/notes/a.md", "layout"), None);
    assert_eq!(defaults::of(&[], "a.md"), crate::syntax::front_matter::Fields::default());
}

#[test]
fn jekyll_excludes_directories_with_their_contents() {
    assert_eq!(
        jekyll("exclude: [vendor/, README.md]\n").exclude,
        ["vendor", "vendor/**", "README.md*", "README.md*/**"]
    );
}

#[test]
fn a_jekyll_author_may_be_a_table() {
    let generator = jekyll("name: Mill\nauthor:\n  name: Ann\n  email: ann@example.org\nemail: desk@example.org\n");
    assert_eq!(generator.title.as_deref(), Some("Mill"));
    let author = generator.author.unwrap();
    assert_eq!((&**author.name.spelled(), author.email.as_deref()), ("Ann", Some("ann@example.org")));
}

#[test]
fn a_broken_key_loses_only_itself() {
    let (fields, left_out) = fields(
        "_config.yml",
        "title: A: B\ndescription: >\n  two\n  lines\nfoo: {{ site.x }}\nauthor: {% if x %}\nmessage: \"a\n  \\q\"\nexclude:\n- a\n- b\n<<<<<<< HEAD\npermalink: pretty\n",
    )
    .unwrap();
    let generator = super::read(crate::generator::jekyll::JEKYLL, &fields);
    assert_eq!(generator.description.as_deref(), Some("two lines"));
    assert_eq!(generator.exclude.len(), 4);
    assert!(generator.permalink.is_some());
    assert_eq!(generator.title, None);
    assert_eq!(left_out[0].line, 1);
    assert!(left_out.len() >= 4, "{left_out:?}");
}

#[test]
fn a_file_without_a_readable_key_is_an_error_with_a_position() {
    let error = fields("_config.yml", "\ntitle: a: b\n").unwrap_err();
    assert_eq!(error.line, 2);
    let error = fields("config.toml", "title = \"x\"\nb =\n").unwrap_err();
    assert_eq!(error.line, 2);
    let error = fields("hugo.json", "{\"title\": 1,\n x}").unwrap_err();
    assert_eq!(error.line, 2);
    assert!(fields("_config.yml", &"[".repeat(100_000)).is_err());
    assert!(fields("hugo.toml", &format!("a = {}", "[".repeat(100_000))).is_err());
}

#[test]
fn duplicate_keys_and_empty_files_are_accepted() {
    assert_eq!(hexo("title: a\ntitle: b\n").title.as_deref(), Some("b"));
    assert_eq!(hexo(""), GeneratorSettings::default());
    assert_eq!(hexo("- a\n- b\n"), GeneratorSettings::default());
}

#[test]
fn hugo_settings_are_those_of_its_default_language() {
    let text = "title = \"All\"\ndefaultContentLanguage = \"de\"\ntimeZone = \"Europe/Berlin\"\nignoreFiles = ['\\.Rmd$', '_files$', '^content/x', '(?:^|/)OWNERS$', '[a-z]+']\n[params]\n  description = \"d\"\n  [params.author]\n  name = \"Ann\"\n  email = \"ann@example.org\"\n[languages.de]\n  title = \"Alle\"\n  languageCode = \"de-AT\"\n[languages.en]\n  title = \"Every\"\n[permalinks]\n  tags = \"/t/:slug/\"\n  posts = \"/:year/:slug/\"\n";
    let generator = read(crate::generator::hugo::HUGO, "hugo.toml", text);
    assert_eq!(generator.title.as_deref(), Some("Alle"));
    assert_eq!(generator.description.as_deref(), Some("d"));
    assert_eq!(generator.language.as_deref(), Some("de-AT"));
    assert_eq!(generator.time_zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(generator.author.as_ref().unwrap().email.as_deref(), Some("ann@example.org"));
    assert!(generator.section_permalinks.contains(&("/{posts,posts/**}".to_owned(), "/:year/:slug/".to_owned())));
    assert_eq!(
        generator.exclude,
        ["**/*.Rmd", "**/*.Rmd/**", "**/*_files", "**/*_files/**", "**/OWNERS", "**/OWNERS/**"]
    );
}

#[test]
fn hugo_patterns_have_three_shapes() {
    for (text, glob) in [
        ("permalinks: {posts: /b/:slug/}", "/{posts,posts/**}"),
        ("permalinks: {page: {posts: /b/:slug/}, section: {posts: /x/}}", "/{posts,posts/**}"),
        (
            "permalinks: [{target: {kind: section}, pattern: /x/}, {target: {path: '/posts/**'}, pattern: /b/:slug/}]",
            "/posts/**",
        ),
    ] {
        let generator = read(crate::generator::hugo::HUGO, "hugo.yaml", text);
        assert_eq!(generator.section_permalinks, [(glob.to_owned(), "/b/:slug/".to_owned())], "{text}");
        assert_eq!(own_pattern(&generator, crate::generator::hugo::HUGO), ":home/:default/", "{text}");
    }
}

#[test]
fn the_configuration_of_zola_gives_its_few_settings() {
    let generator = read(
        crate::generator::zola::ZOLA,
        "config.toml",
        "base_url = \"https://x.example\"\ntitle = \"Z\"\ndescription = \"d\"\ndefault_language = \"fr\"\nauthor = \"ann@example.org (Ann)\"\nignored_content = [\"*.{graphml,xlsx}\", \"**/old\"]\n",
    );
    assert_eq!(generator.language.as_deref(), Some("fr"));
    assert_eq!(&**generator.author.as_ref().unwrap().name.spelled(), "Ann");
    assert_eq!(generator.exclude, ["**/*.{graphml,xlsx}", "**/old"]);
    assert_eq!(generator.taken.len(), 5);
}

#[test]
fn a_narrower_scope_overrides_a_wider_one_in_any_order() {
    let generator = jekyll(
        "defaults:\n- {scope: {path: _posts/de}, values: {lang: de}}\n- {scope: {path: '', type: posts}, values: {lang: en}}\n- {scope: {path: ''}, values: {lang: fr}}\n",
    );
    let of = |place: &str| {
        defaults::of(&generator.site_context.defaults, place).get("lang").and_then(Value::as_text).map(str::to_owned)
    };
    assert_eq!(of("_posts/de/2020-01-01-a.md").as_deref(), Some("de"));
    assert_eq!(of("_posts/2020-01-01-a.md").as_deref(), Some("en"));
    assert_eq!(of("about.md").as_deref(), Some("fr"));
}

#[test]
fn encrypted_tags_of_hexo_are_read_in_every_form() {
    for (yaml, names) in [
        ("encrypt: {tags: [{name: a, password: x}, {name: b b, password: y}]}", "a b b"),
        ("encrypt:\n  tags:\n  - a\n  - b b", "a b b"),
        ("encrypt: {tags: {a: x, b: y}}", "a b"),
        ("encrypt: {tags: a}", "a"),
        ("encrypt: {abstract: x}", ""),
        ("encrypt: true", ""),
    ] {
        let generator = super::read(crate::generator::hexo::HEXO, &fields("_config.yml", yaml).unwrap().0);
        let found: Vec<String> = generator.site_context.locked_tags.iter().map(ToString::to_string).collect();
        assert_eq!(found.join(" "), names, "{yaml}");
    }
}

#[test]
fn hugos_configuration_can_be_split_into_files() {
    let mut all = Fields::default();
    for (name, text) in [
        ("hugo.toml", "title = \"whole\"\ndefaultContentLanguage = \"fr\"\n[params]\nauthor = \"Ann\"\n"),
        ("languages.yaml", "fr: {title: français}\nen: {title: English}\n"),
        ("params.toml", "description = \"of params\"\n"),
        ("params.fr.toml", "description = \"en français\"\n"),
        ("permalinks.json", "{\"posts\": \"/:year/:slug/\"}"),
        ("taxonomies.yml", "category: topics\ntag: tags\n"),
        ("hugo.toml", "timeZone = \"Asia/Tokyo\"\n"),
    ] {
        assert!(is_part(name));
        lay_over(&mut all, name, fields(name, text).unwrap().0);
    }
    let generator = super::read(crate::generator::hugo::HUGO, &all);
    assert_eq!(generator.title.as_deref(), Some("français"));
    assert_eq!(generator.description.as_deref(), Some("en français"));
    assert_eq!(generator.author.unwrap().name.to_string(), "Ann");
    assert_eq!(generator.time_zone.as_deref(), Some("Asia/Tokyo"));
    assert_eq!(generator.section_permalinks, [("/{posts,posts/**}".to_owned(), "/:year/:slug/".to_owned())]);
    let english = &generator.site_context.languages.others[0];
    assert_eq!((&*english.code, english.title.as_deref()), ("en", Some("English")));
    assert_eq!(
        (generator.site_context.filing.categories.as_deref(), generator.site_context.filing.tags),
        (Some("topics"), None)
    );
    assert!(!is_part("notes.txt") && !is_part(".params.toml.swp"));
}

/// Which of these files below the site's root are published by Hugo.
fn mounted<'a>(mounts: &str, places: &[&'a str]) -> Vec<&'a str> {
    let generator = read(crate::generator::hugo::HUGO, "hugo.yaml", &format!("module: {{mounts: [{mounts}]}}\n"));
    let languages = generator.site_context.languages;
    places.iter().copied().filter(|place| !languages.is_outside(place)).collect()
}

#[test]
fn hugo_publishes_only_what_the_patterns_of_a_mount_let_through() {
    let places = ["content/a.md", "content/secret/s.md", "content/Secret/deep/s.md", "content/b.html"];
    for (patterns, published) in [
        ("", &places[..]),
        (", excludeFiles: ['secret/**']", &["content/a.md", "content/b.html"]),
        (", excludeFiles: secret", &["content/a.md", "content/b.html"]),
        (", excludeFiles: ['/secret**', '**.html']", &["content/a.md"]),
        (", includeFiles: '**.html'", &["content/b.html"]),
        (", excludeFiles: '**/*.md'", &["content/a.md", "content/b.html"]),
        (", includeFiles: ['secret/**'], excludeFiles: ['**/deep/*']", &places[1..3]),
        (", files: ['!secret/**', '**']", &places[..]),
        (", files: ['! secret/**', '*.md']", &["content/a.md"]),
        (", files: ['!secret/**']", &["content/a.md", "content/b.html"]),
    ] {
        let mounts = format!("{{source: content, target: content{patterns}}}");
        assert_eq!(mounted(&mounts, &places), published, "{patterns}");
    }
    let root = "{source: ., target: content, excludeFiles: ['secret/**']}";
    assert_eq!(mounted(root, &["a.md", "secret/s.md"]), ["a.md"]);
    let twice = "{source: content, target: content, excludeFiles: 'x/**'}, {source: content/x, target: content}";
    assert_eq!(mounted(twice, &["content/x/a.md"]), ["content/x/a.md"]);
}

#[test]
fn hugo_publishes_the_files_of_all_mounts_without_a_language() {
    let mounts = "{source: content, target: content}, {source: extra, target: content}";
    assert_eq!(mounted(mounts, &["content/a.md", "extra/b.md", "other/c.md"]), ["content/a.md", "extra/b.md"]);
    let text = "module: {mounts: [{source: content, target: content}, {source: posts, target: content/blog}]}\n";
    let languages = read(crate::generator::hugo::HUGO, "hugo.yaml", text).site_context.languages;
    assert!(!languages.is_outside("posts/a.md") && !languages.is_outside("content/a.md"));
    assert_eq!(languages.split("posts/a.md"), ("en", "blog/a.md".into()));
}
