//! Addresses as the generators themselves make them.

use chrono::NaiveDate;

use super::*;

const BASE: &str = "https://feeds.example.org/";
const HOME: &str = "https://example.org";

/// An article, and the address that a pattern gives it, the home taken off.
struct Article {
    place: ContentPath,
    title: &'static str,
    name: &'static str,
    slugs: Slugs,
    instant: Option<DateTime<Utc>>,
    categories: Vec<Box<[Name]>>,
}

fn article(place: &str, name: &'static str) -> Article {
    // 2013-07-14 17:01:34, the day of Hexo's example.
    let instant = DateTime::from_timestamp(1_373_821_294, 0);
    let slugs = Slugs::default();
    Article {
        place: ContentPath::new(place),
        title: "Hello, World: 新媒体!",
        name,
        slugs,
        instant,
        categories: Vec::new(),
    }
}

impl Article {
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

    fn at(&self, pattern: &str, dialect: Dialect) -> String {
        let slug = |path: &[Name]| path.iter().map(|name| slug::hexo(name.spelled())).collect::<Vec<_>>().join("/");
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
            category_slug: &slug,
        };
        let address = Pattern::parse(pattern, dialect).unwrap().address(BASE, HOME, &facts);
        assert!(address.is_ascii(), "{address}");
        address.strip_prefix(HOME).unwrap_or(&address).to_owned()
    }
}

#[test]
fn the_default_is_the_page_of_feedmill() {
    let default = ":base/articles/:path/";
    for dialect in [Dialect::Hexo, Dialect::Jekyll, Dialect::Hugo, Dialect::Zola, Dialect::Plain] {
        let address = article("新 媒体/50% #1.md", "50% #1").with("permalink", "/elsewhere/").at(default, dialect);
        assert_eq!(address, "https://feeds.example.org/articles/%E6%96%B0%20%E5%AA%92%E4%BD%93/50%25%20%231/");
    }
    assert_eq!(article("a/index.md", "a").at(default, Dialect::Plain), "https://feeds.example.org/articles/a/");
}

#[test]
fn hexo_addresses() {
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
        assert_eq!(post().at(pattern, Dialect::Hexo), address, "{pattern}");
    }
    assert_eq!(post().with("abbrlink", "a1b2").at("posts/:abbrlink.html", Dialect::Hexo), "/posts/a1b2.html");
    assert_eq!(article("a.md", "a").at(":category/:title/", Dialect::Hexo), "/uncategorized/a/");
    assert_eq!(article("2013-07-14-a.md", "a").at(":title/", Dialect::Hexo), "/2013-07-14-a/");
}

#[test]
fn the_hash_is_that_of_hexos_documentation() {
    let post = article("source/_posts/hello-world.md", "hello-world");
    assert_eq!(post.at(":hash/", Dialect::Hexo), "/a2c8ac003b43/");
}

#[test]
fn a_permalink_of_the_front_matter_goes_before_the_pattern() {
    let post = |key, value| article("posts/a.md", "a").with(key, value);
    for (dialect, key, value, address) in [
        (Dialect::Hexo, "permalink", "custom/path", "/custom/path"),
        (Dialect::Hexo, "permalink", "/custom//:year/", "/custom/:year/"),
        (Dialect::Hexo, "permalink", "/%E6%96%B0/", "/%E6%96%B0/"),
        (Dialect::Hexo, "permalink", "../../up/", "/up/"),
        (Dialect::Hexo, "permalink", "https://other.example/新", "https://other.example/%E6%96%B0"),
        (Dialect::Hexo, "url", "https://source.example/", "/pattern/a/"),
        (Dialect::Jekyll, "permalink", "/blog/:year/:title/", "/blog/2013/a/"),
        (Dialect::Jekyll, "permalink", "about.html", "/about.html"),
        (Dialect::Hugo, "url", "/x/:slug/", "/x/hello-world-%E6%96%B0%E5%AA%92%E4%BD%93/"),
        (Dialect::Hugo, "url", "/articles/first", "/articles/first/"),
        (Dialect::Hugo, "url", "/x/:slug", "/x/hello-world-%E6%96%B0%E5%AA%92%E4%BD%93/"),
        (Dialect::Hugo, "url", "first.html", "/first.html"),
        (Dialect::Hugo, "permalink", "/x/", "/pattern/a/"),
        (Dialect::Zola, "path", "x/y", "/x/y/"),
    ] {
        assert_eq!(
            post(key, value).at(":home/pattern/:path/", dialect).replace("pattern/posts", "pattern"),
            address,
            "{dialect:?} {value}"
        );
    }
}

#[test]
fn jekyll_addresses() {
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
        assert_eq!(post().at(pattern, Dialect::Jekyll), address, "{pattern}");
    }
    assert_eq!(post().with("slug", "Other One").at(":title/:slug", Dialect::Jekyll), "/Other-One/other-one");
    assert_eq!(article("_posts/2013-07-14-a.md", "a").at("/:categories/:title/", Dialect::Jekyll), "/a/");
}

#[test]
fn hugo_addresses() {
    let post = || article("content/Posts/Tech Notes/2013-07-14-My_File.fr.md", "My_File");
    let title = "hello-world-%E6%96%B0%E5%AA%92%E4%BD%93";
    for (pattern, address) in [
        ("/:year/:month/:day/:slug/", format!("/2013/07/14/{title}/")),
        ("/:sections/:filename/", "/posts/tech-notes/2013-07-14-my_file/".to_owned()),
        ("/:section/:title/", format!("/posts/{title}/")),
        ("/:sections[1:]/:sections[last]/:contentbasename/", "/tech-notes/tech-notes/2013-07-14-my_file/".to_owned()),
        ("/:sections[0]/:sections[7]/:sections[:last]/x", "/posts/posts/x".to_owned()),
        (
            "/:monthname/:weekday/:weekdayname/:yearday/:slugorfilename/",
            "/July/0/Sunday/195/2013-07-14-my_file/".to_owned(),
        ),
        ("/:06/:1/:2/a\\:b/", "/13/7/14/a:b/".to_owned()),
    ] {
        assert_eq!(post().at(pattern, Dialect::Hugo), address, "{pattern}");
    }
    assert_eq!(
        post().with("slug", "Sea Mill").at("/:slug/:slugorcontentbasename/", Dialect::Hugo),
        "/sea-mill/sea-mill/"
    );
    let bundle = article("content/posts/2013-07-14-sea/index.fr.md", "sea");
    assert_eq!(bundle.at("/:sections/:slugorcontentbasename/", Dialect::Hugo), "/posts/2013-07-14-sea/");
}

#[test]
fn zola_addresses() {
    let post = || article("content/Blog Posts/2013-07-14-新媒体.md", "新媒体");
    assert_eq!(post().at(":home/:sections/:slug/", Dialect::Zola), "/blog-posts/xin-mei-ti/");
    assert_eq!(post().with("slug", "mill").at(":home/:sections/:slug/", Dialect::Zola), "/blog-posts/mill/");
}

#[test]
fn what_an_undated_article_lacks_goes_with_its_slash() {
    let post = || article("posts/a.md", "a").undated();
    for (pattern, dialect, address) in [
        (":year/:month/:day/:title/", Dialect::Hexo, "/posts/a/"),
        (":year-:month-:day-:name.html", Dialect::Hexo, "/a.html"),
        (":name-:year.html", Dialect::Hexo, "/a.html"),
        ("/:year/W:week/:title/", Dialect::Jekyll, "/a/"),
        ("/archive/:year/", Dialect::Jekyll, "/archive/"),
        (":timestamp-:hash/", Dialect::Hexo, "/posts/a/"),
    ] {
        assert_eq!(post().at(pattern, dialect), address, "{pattern}");
    }
}

#[test]
fn the_day_is_that_of_the_sites_clocks() {
    let post = article("a.md", "a");
    let facts = Facts {
        place: &post.place,
        page_path: &|| String::new(),
        title: "",
        name: post.name,
        slugs: &post.slugs,
        local: NaiveDate::from_ymd_opt(2013, 7, 15).and_then(|day| day.and_hms_opt(1, 1, 34)),
        instant: post.instant,
        categories: &[],
        language: "",
        category_slug: &|_| String::new(),
    };
    let pattern = Pattern::parse(":day/:timestamp/", Dialect::Hexo).unwrap();
    assert_eq!(pattern.address(BASE, "https://example.org/blog/", &facts), "https://example.org/blog/15/1373821294/");
}

#[test]
fn unknown_names_and_absolute_addresses_are_refused() {
    let error = Pattern::parse(":home/:titel/", Dialect::Jekyll).unwrap_err();
    assert_eq!(error.to_string(), "`:titel` means nothing in a pattern of jekyll");
    assert!(error.help().contains(":title"));
    assert!(Pattern::parse("/:sections[x]/", Dialect::Hugo).is_err());
    assert_eq!(Pattern::parse("https://example.org/:title/", Dialect::Hexo), Err(PatternError::Absolute));
    for odd in [":", "::", "a:/:", ":home", ":base/", ":homes/", "", ":[", "\\:", "/:sections[/"] {
        let _ =
            Pattern::parse(odd, Dialect::Hugo).map(|pattern| pattern.path(&facts_of_nothing(&article("a.md", "a"))));
    }
}

fn facts_of_nothing(article: &Article) -> Facts<'_> {
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
        category_slug: &|_| String::new(),
    }
}
