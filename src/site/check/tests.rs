//! Tests that validate whole files.

use uuid::Uuid;

use super::super::Ids;
use super::*;

fn inputs(base_url: Option<&str>) -> SiteInputs<'_> {
    SiteInputs { base_url, ..SiteInputs::new(crate::generator::plain::PLAIN) }
}

fn check(text: &str) -> Result<Site, Vec<Problem>> {
    RawSite::parse("feeds/site.yaml", text).map_err(|problem| vec![problem])?.check(inputs(None))
}

#[test]
fn an_empty_file_gives_the_defaults_of_the_manual() {
    let site = check("").unwrap();
    assert_eq!(site.identity.title, "content");
    assert_eq!(site.identity.base.as_str(), "http://127.0.0.1/");
    assert_eq!(site.identity.home, site.identity.base);
    assert_eq!(
        site.http.cache.header(),
        "public, max-age=1800, s-maxage=60, stale-while-revalidate=300, stale-if-error=86400"
    );
    assert_eq!((site.feeds.limit, site.feeds.max_bytes), (30, 1_048_576));
    assert_eq!(site.identity.namespace, Uuid::new_v5(&Uuid::NAMESPACE_URL, b"feedmill:"));
}

#[test]
fn the_flag_overrides_the_file() {
    let written = RawSite::parse("feeds/site.yaml", "base_url: https://a.example/x\n").unwrap();
    assert_eq!(written.check(inputs(None)).unwrap().identity.base.as_str(), "https://a.example/x/");
    assert_eq!(written.check(inputs(Some("https://b.example"))).unwrap().identity.base.as_str(), "https://b.example/");
    assert!(written.check(inputs(Some("b.example"))).is_err());
}

#[test]
fn a_url_with_a_password_is_refused_and_not_repeated() {
    let refusal = |problems: Vec<Problem>| problems[0].to_string();
    for url in ["https://ann:secret@a.example", "http://ann@a.example/x", "HTTPS://:secret@a.example"] {
        for key in ["base_url", "home"] {
            let message = refusal(check(&format!("{key}: \"{url}\"\n")).unwrap_err());
            assert!(message.contains("user name or password") && !message.contains("secret"), "{message}");
        }
        let written = RawSite::parse("feeds/site.yaml", "").unwrap();
        assert!(refusal(written.check(inputs(Some(url))).unwrap_err()).contains("user name or password"));
    }
    assert!(check("base_url: https://a.example/@ann\n").is_ok());
}

#[test]
fn all_errors_are_reported_at_once_with_line_and_column() {
    let problems = check("time_zone: Mars/Base\nlanguage: english\nids: x\naccent_color: blue\nzones: {CST: 8h}\nauthor:\n  name: A\n  email: x\n").unwrap_err();
    let messages: Vec<_> = problems.iter().map(ToString::to_string).collect();
    for expected in [
        "feeds/site.yaml:1:12: there is no time zone `Mars/Base`",
        "feeds/site.yaml:2:11: `english` is not a language tag",
        "feeds/site.yaml:3:6: `x` is not a kind of ids",
        "feeds/site.yaml:4:15: the colour cannot be read",
        "feeds/site.yaml:5:14: `8h` is not a UTC offset",
        "feeds/site.yaml:8:10: this is not an e-mail address",
    ] {
        assert!(messages.iter().any(|message| message == expected), "{expected} is not in {messages:#?}");
    }
}

#[test]
fn circular_redirects_are_invalid() {
    assert!(check("redirects: {/a: /b, /b: /a}\n").is_err());
    assert!(check("redirects: {/a: /a}\n").is_err());
    assert!(check("redirects: {/a: /b, /b: /c}\n").is_ok());
    assert!(check("redirects: {/old/: /rss.xml, /x: https://y.example/}\n").is_ok());
    assert!(check("redirects: {old: /rss.xml}\n").is_err());
}

#[test]
fn tag_ids_need_an_authority_and_a_date() {
    assert_eq!(check("ids: tag:example.org,2021\n").unwrap().links.ids, Ids::Tag("tag:example.org,2021".into()));
    for wrong in ["tag:example.org", "tag:Example.org,2021", "tag:example.org,21"] {
        assert!(check(&format!("ids: '{wrong}'\n")).is_err(), "{wrong}");
    }
}

#[test]
fn a_wrong_dialect_or_preset_is_reported_at_its_position_with_the_known_ones() {
    for (text, message, help) in [
        (
            "title: x\ndialect: hgo\n",
            "feeds/site.yaml:2:10: dialect: unknown value `hgo`, expected one of `auto`, `zola`, `hugo`, `hexo`, `jekyll`, `docusaurus`, `valaxy`, `eleventy`, `astro`, `gatsby`, `vitepress`, `lume`, `quarto`, `pelican`, `mkdocs`, `next`, `obsidian`, `plain`",
            Some("did you mean `hugo`?"),
        ),
        (
            "presets: [hugo, drupal7]
",
            "feeds/site.yaml:1:17: presets[1]: unknown value `drupal7`, expected one of `zola`, `hugo`, `hexo`, `jekyll`, `wordpress`, `ghost`, `pelican`, `docusaurus`, `eleventy`, `astro`",
            None,
        ),
        (
            "future: shown\n",
            "feeds/site.yaml:1:9: future: unknown value `shown`, expected `hold` or `show`",
            Some("did you mean `show`?"),
        ),
    ] {
        let problems = check(text).unwrap_err();
        assert_eq!((problems[0].to_string().as_str(), problems[0].help.as_deref()), (message, help));
    }
}
