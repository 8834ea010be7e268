//! Permalinks of all generators, compared with what the generators themselves produce.

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::*;

const BASE: &str = "https://feeds.example.org/";
const HOME: &str = "https://example.org";
static NO_SECTIONS: LazyLock<Sections> = LazyLock::new(Sections::default);
static NO_SETTINGS: LazyLock<UrlSettings> = LazyLock::new(UrlSettings::default);

/// An article whose permalink a test asks for; `at` returns it without the URL of the web site.
struct TestArticle {
    place: ContentPath,
    title: &'static str,
    name: &'static str,
    slugs: Slugs,
    instant: Option<DateTime<Utc>>,
    categories: Vec<Box<[Name]>>,
}

fn article(place: &str, name: &'static str) -> TestArticle {
    // 2013-07-14 17:01:34, the date of the example in Hexo's documentation.
    let instant = DateTime::from_timestamp(1_373_821_294, 0);
    let slugs = Slugs::default();
    TestArticle {
        place: ContentPath::new(place),
        title: "Hello, World: 新媒体!",
        name,
        slugs,
        instant,
        categories: Vec::new(),
    }
}

impl TestArticle {
    fn undated(self) -> Self {
        Self { instant: None, ..self }
    }

    fn with(mut self, key: &str, value: &str) -> Self {
        let keys = self.slugs.0.iter().cloned().chain([(key.into(), value.into())]);
        self.slugs = Slugs(keys.collect());
        self
    }

    fn filed(mut self, paths: &[&[&str]]) -> Self {
        self.categories = paths.iter().map(|path| path.iter().filter_map(|name| Name::new(name)).collect()).collect();
        self
    }

    fn at(&self, pattern: &str, generator: Generator) -> String {
        let page_path = || self.place.page_path();
        let facts = Facts {
            place: &self.place,
            page_path: &page_path,
            title: self.title,
            name: self.name,
            slugs: &self.slugs,
            local: self.instant.map(|instant| instant.naive_utc()),
            instant: self.instant,
            categories: &self.categories,
            language: "",
            language_code: "en",
            sections: &NO_SECTIONS,
            permalink_config: &PermalinkConfig::default(),
            url_settings: &NO_SETTINGS,
        };
        let address = PermalinkPattern::parse(pattern, generator).unwrap().address(BASE, HOME, &facts);
        assert!(address.is_ascii(), "{address}");
        address.strip_prefix(HOME).unwrap_or(&address).to_owned()
    }
}

#[test]
fn the_default_pattern_gives_the_page_of_feedmill() {
    let default = ":base/articles/:path/";
    for generator in [
        crate::generator::hexo::HEXO,
        crate::generator::jekyll::JEKYLL,
        crate::generator::hugo::HUGO,
        crate::generator::zola::ZOLA,
        crate::generator::plain::PLAIN,
    ] {
        let address = article("新 媒体/50% #1.md", "50% #1").with("permalink", "/elsewhere/").at(default, generator);
        assert_eq!(address, "https://feeds.example.org/articles/%E6%96%B0%20%E5%AA%92%E4%BD%93/50%25%20%231/");
    }
    assert_eq!(
        article("a/index.md", "a").at(default, crate::generator::plain::PLAIN),
        "https://feeds.example.org/articles/a/"
    );
}

#[test]
fn hexo_patterns_give_the_urls_of_hexo() {
    let post = || article("source/_posts/lorem/hello-world.md", "hello-world").filed(&[&["Sports"], &["foo", "bar"]]);
    for (pattern, address) in [
        (":year/:month/:day/:title/", "/2013/07/14/lorem/hello-world/"),
        (":home/:year-:i_month-:i_day-:hour:minute:second/:name.html", "/2013-7-14-170134/hello-world.html"),
        (":timestamp/:title_x/", "/1373821294/undefined/"),
        (":timestamp/:title_/", "/1373821294/lorem/hello-world_/"),
        (":category/:title/", "/foo/bar/lorem/hello-world/"),
        (":post_title/", "/hello-world-%E6%96%B0%E5%AA%92%E4%BD%93/"),
        ("posts/:nothing/", "/posts/undefined/"),
        ("/", "/source/_posts/lorem/hello-world/"),
    ] {
        assert_eq!(post().at(pattern, crate::generator::hexo::HEXO), address, "{pattern}");
    }
    assert_eq!(
        post().with("abbrlink", "a1b2").at("posts/:abbrlink.html", crate::generator::hexo::HEXO),
        "/posts/a1b2.html"
    );
    assert_eq!(article("a.md", "a").at(":category/:title/", crate::generator::hexo::HEXO), "/uncategorized/a/");
    assert_eq!(article("2013-07-14-a.md", "a").at(":title/", crate::generator::hexo::HEXO), "/2013-07-14-a/");
}

#[test]
fn the_hash_equals_the_example_in_hexos_documentation() {
    let post = article("source/_posts/hello-world.md", "hello-world");
    assert_eq!(post.at(":hash/", crate::generator::hexo::HEXO), "/a2c8ac003b43/");
}

#[test]
fn a_permalink_in_the_front_matter_overrides_the_pattern() {
    let post = |key, value| article("posts/a.md", "a").with(key, value);
    for (generator, key, value, address) in [
        (crate::generator::hexo::HEXO, "permalink", "custom/path", "/custom/path"),
        (crate::generator::hexo::HEXO, "permalink", "/custom//:year/", "/custom/:year/"),
        (crate::generator::hexo::HEXO, "permalink", "/%E6%96%B0/", "/%E6%96%B0/"),
        (crate::generator::hexo::HEXO, "permalink", "../../up/", "/up/"),
        (crate::generator::hexo::HEXO, "permalink", "https://other.example/新", "https://other.example/%E6%96%B0"),
        (crate::generator::hexo::HEXO, "url", "https://source.example/", "/pattern/a/"),
        (crate::generator::jekyll::JEKYLL, "permalink", "/blog/:year/:title/", "/blog/2013/a/"),
        (crate::generator::jekyll::JEKYLL, "permalink", "about.html", "/about.html"),
        (crate::generator::hugo::HUGO, "url", "/x/:slug/", "/x/hello-world-%E6%96%B0%E5%AA%92%E4%BD%93/"),
        (crate::generator::hugo::HUGO, "url", "/articles/first", "/articles/first/"),
        (crate::generator::hugo::HUGO, "url", "/v1.2/:slug/", "/v1.2/hello-world-%E6%96%B0%E5%AA%92%E4%BD%93/"),
        (crate::generator::hugo::HUGO, "url", "/v1.2/x", "/v1.2/x"),
        (crate::generator::hugo::HUGO, "url", "/x/:slug", "/x/hello-world-%E6%96%B0%E5%AA%92%E4%BD%93/"),
        (crate::generator::hugo::HUGO, "url", "first.html", "/first.html"),
        (crate::generator::hugo::HUGO, "permalink", "/x/", "/pattern/a/"),
        (crate::generator::zola::ZOLA, "path", "x/y", "/x/y/"),
    ] {
        assert_eq!(
            post(key, value).at(":home/pattern/:path/", generator).replace("pattern/posts", "pattern"),
            address,
            "{generator:?} {value}"
        );
    }
}

#[test]
fn jekyll_patterns_give_the_urls_of_jekyll() {
    let post =
        || article("_posts/2013-07-14-Hello_World.md", "Hello_World").filed(&[&["Open Source"], &["news"], &["News"]]);
    for (pattern, address) in [
        ("/:categories/:year/:month/:day/:title:output_ext", "/open%20source/news/2013/07/14/Hello_World.html"),
        ("/:categories/:year/:y_day/:title:output_ext", "/open%20source/news/2013/195/Hello_World.html"),
        ("/:slugified_categories/:title/", "/open-source/news/Hello_World/"),
        ("/:year/W:week/:short_day/:slug", "/2013/W28/Sun/hello-world"),
        ("/:short_year/:short_month/:long_month/:i_day/:long_day/:w_year/:w_day", "/13/Jul/July/14/Sunday/2013/7"),
        ("/:collection/:name/", "/posts/2013-07-14-hello-world/"),
        ("/:month-:day-:year/:title.html", "/07-14-2013/Hello_World.html"),
    ] {
        assert_eq!(post().at(pattern, crate::generator::jekyll::JEKYLL), address, "{pattern}");
    }
    assert_eq!(
        post().with("slug", "Other One").at(":title/:slug", crate::generator::jekyll::JEKYLL),
        "/Other-One/other-one"
    );
    assert_eq!(
        article("_posts/2013-07-14-a.md", "a").at("/:categories/:title/", crate::generator::jekyll::JEKYLL),
        "/a/"
    );
}

#[test]
fn hugo_patterns_give_the_urls_of_hugo() {
    let date = "2013-07-14T23:01:34";
    let post = || article("Posts/Tech Notes/2013-07-14-My_File.md", "2013-07-14-My_File").with(LOCAL_DATE, date);
    let title = "hello-world-%E6%96%B0%E5%AA%92%E4%BD%93";
    for (pattern, address) in [
        ("/:year/:month/:day/:slug/", format!("/2013/07/14/{title}/")),
        ("/:sections/:filename", "/posts/2013-07-14-my_file/".to_owned()),
        ("/:sectionslug/:sectionslugs/:slug", format!("/posts/posts/{title}/")),
        ("/:section/:title.html", format!("/posts/{title}.html/")),
        ("/:sections[1:]/:sections[last]/:contentbasename/", "/posts/2013-07-14-my_file/".to_owned()),
        ("/:sections[0]/:sections[7]/:sections[:last]/x", "/posts/x/".to_owned()),
        (
            "/:monthname/:weekday/:weekdayname/:yearday/:slugorfilename/",
            "/july/0/sunday/195/2013-07-14-my_file/".to_owned(),
        ),
        ("/:06/:1/:2/a\\:b/", "/13/7/14/ab/".to_owned()),
        (":default/", "/posts/tech-notes/2013-07-14-my_file/".to_owned()),
    ] {
        assert_eq!(post().at(pattern, crate::generator::hugo::HUGO), address, "{pattern}");
    }
    let slug = |slug: &str, pattern| post().with("slug", slug).at(pattern, crate::generator::hugo::HUGO);
    assert_eq!(slug("Sea Mill", "/:slug/:slugorcontentbasename/"), "/sea-mill/sea-mill/");
    assert_eq!(slug("A + B", "/:slug/"), "/a--b/");
    assert_eq!(slug("A + B", ":default/"), "/posts/tech-notes/a-+-b/");
    assert_eq!(slug("-q/w-", ":default/"), "/posts/tech-notes/q/w/");
    let bundle = article("posts/2013-07-14-sea/index.md", "index");
    assert_eq!(
        bundle.at("/:year/:sections/:slugorcontentbasename/", crate::generator::hugo::HUGO),
        "/1/posts/2013-07-14-sea/"
    );
}

#[test]
fn zola_patterns_give_the_urls_of_zola() {
    let post = || article("content/Blog Posts/2013-07-14-新媒体.md", "新媒体");
    assert_eq!(post().at(":home/:sections/:slug/", crate::generator::zola::ZOLA), "/blog-posts/xin-mei-ti/");
    assert_eq!(
        post().with("slug", "mill").at(":home/:sections/:slug/", crate::generator::zola::ZOLA),
        "/blog-posts/mill/"
    );
}

#[test]
fn date_tokens_of_an_undated_article_are_left_out_with_their_slash() {
    let post = || article("posts/a.md", "a").undated();
    for (pattern, generator, address) in [
        (":year/:month/:day/:title/", crate::generator::hexo::HEXO, "/posts/a/"),
        (":year-:month-:day-:name.html", crate::generator::hexo::HEXO, "/a.html"),
        (":name-:year.html", crate::generator::hexo::HEXO, "/a.html"),
        ("/:year/W:week/:title/", crate::generator::jekyll::JEKYLL, "/a/"),
        ("/archive/:year/", crate::generator::jekyll::JEKYLL, "/archive/"),
        (":timestamp-:hash/", crate::generator::hexo::HEXO, "/posts/a/"),
    ] {
        assert_eq!(post().at(pattern, generator), address, "{pattern}");
    }
}

#[test]
fn the_day_is_in_the_time_zone_of_the_site() {
    let (post, config) = (article("a.md", "a"), PermalinkConfig::default());
    let local = NaiveDate::from_ymd_opt(2013, 7, 15).and_then(|day| day.and_hms_opt(1, 1, 34));
    let facts = Facts { local, instant: post.instant, ..facts_of_nothing(&post, &config) };
    let pattern = PermalinkPattern::parse(":day/:timestamp/", crate::generator::hexo::HEXO).unwrap();
    assert_eq!(pattern.address(BASE, "https://example.org/blog/", &facts), "https://example.org/blog/15/1373821294/");
}

#[test]
fn unknown_tokens_and_absolute_urls_are_errors() {
    let error = PermalinkPattern::parse(":home/:titel/", crate::generator::jekyll::JEKYLL).unwrap_err();
    assert_eq!(error.to_string(), "`:titel` is not a permalink token of jekyll");
    assert!(error.help().contains(":title"));
    assert!(PermalinkPattern::parse("/:sections[x]/", crate::generator::hugo::HUGO).is_err());
    assert_eq!(
        PermalinkPattern::parse("https://example.org/:title/", crate::generator::hexo::HEXO),
        Err(PatternError::Absolute)
    );
    for odd in [":", "::", "a:/:", ":home", ":base/", ":homes/", "", ":[", "\\:", "/:sections[/"] {
        let _ = PermalinkPattern::parse(odd, crate::generator::hugo::HUGO)
            .map(|pattern| pattern.path(&facts_of_nothing(&article("a.md", "a"), &PermalinkConfig::default())));
    }
}

fn facts_of_nothing<'a>(article: &'a TestArticle, permalink_config: &'a PermalinkConfig) -> Facts<'a> {
    Facts {
        place: &article.place,
        page_path: &|| String::new(),
        title: "",
        name: article.name,
        slugs: &article.slugs,
        local: None,
        instant: None,
        categories: &[],
        language: "",
        language_code: "",
        sections: &NO_SECTIONS,
        permalink_config,
        url_settings: &NO_SETTINGS,
    }
}

#[test]
fn a_page_of_hexo_with_an_asset_folder_is_in_a_directory() {
    let article = article("source/_posts/a.md", "a");
    let folders = PermalinkConfig { asset_folders: true, ..PermalinkConfig::default() };
    for (pattern, path) in [("x/:title", "x/a/"), ("x/:title/", "x/a/"), ("x/:title.html", "x/a.html")] {
        let pattern = PermalinkPattern::parse(pattern, crate::generator::hexo::HEXO).unwrap();
        let url = pattern.address(BASE, HOME, &facts_of_nothing(&article, &folders));
        assert_eq!(url, format!("{HOME}/{path}"));
    }
}

#[test]
fn a_pattern_of_the_web_site_can_have_a_query() {
    let hexo = crate::generator::hexo::HEXO;
    let post = || article("source/_posts/a b.md", "a b").filed(&[&["R&D"]]);
    assert_eq!(post().at(":home/?name=:name&in=:category", hexo), "/?name=a%20b&in=R-D");
    assert_eq!(post().at(":home/post.php?p=:name", hexo), "/post.php?p=a%20b");
    assert_eq!(post().with("permalink", "own/").at(":home/?p=:name", hexo), "/own/");
    assert_eq!(post().with("permalink", "why?.html").at(":home/:name/", hexo), "/why%3F.html");
    assert_eq!(PermalinkPattern::parse(":base/?p=:name", hexo), Err(PatternError::Query));
}
