//! The texts of the pages, in the languages they are written in.
//!
//! Knows which language a site's pages speak; where a text stands is the
//! templates' business.

use chrono::{DateTime, Utc};

use super::direction;
use crate::feed::{Kind, Language, Masthead};

/// The texts in one language. Where a text holds `{}`, a number or a name
/// stands there.
pub(super) struct Words {
    pub skip: &'static str,
    pub breadcrumb: &'static str,
    pub web_site: &'static str,
    pub subscribe: &'static str,
    subscribe_to: &'static str,
    pub what_a_feed_is: &'static str,
    pub open_in_reader: &'static str,
    pub all_articles: &'static str,
    pub feeds: &'static str,
    pub categories: &'static str,
    pub tags: &'static str,
    pub authors: &'static str,
    pub articles: &'static str,
    pub below: &'static str,
    pub nothing_yet: &'static str,
    pub in_feeds: &'static str,
    pub read_at: &'static str,
    pub start_page: &'static str,
    /// All feeds at once: the heading, the explanation, the link to the file.
    pub everything: [&'static str; 3],
    pub not_found: [&'static str; 2],
    pub gone: [&'static str; 2],
    newest: &'static str,
    one_feed: &'static str,
    some_feeds: &'static str,
    one_article: &'static str,
    some_articles: &'static str,
    newest_of: &'static str,
    all_of: &'static str,
    updated: &'static str,
    /// As chrono writes it: it knows the English names of months.
    date: &'static str,
    /// What the texts are written in.
    language: &'static str,
}

const ENGLISH: Words = Words {
    skip: "Skip to the content",
    breadcrumb: "Where this page is",
    web_site: "Web site",
    subscribe: "Subscribe",
    subscribe_to: "Subscribe to {}",
    what_a_feed_is: "A feed brings you new articles by itself. Click an address to select it, copy it into your feed reader, or open it there; no account is needed.",
    open_in_reader: "Open in a feed reader",
    all_articles: "All articles",
    feeds: "Selected feeds",
    categories: "Categories",
    tags: "Tags",
    authors: "Authors",
    articles: "Articles",
    below: "Below {}",
    nothing_yet: "There is nothing here yet.",
    in_feeds: "In these feeds",
    read_at: "Read at {}",
    start_page: "All feeds",
    everything: [
        "All feeds at once",
        "One file lists every feed of this site. Import it into your reader to follow them all.",
        "Download the OPML file",
    ],
    not_found: ["Nothing here", "There is no page at this address. It may have moved, or never been."],
    gone: ["Gone for good", "What was at this address has been taken away and will not come back."],
    newest: "newest from {}",
    one_feed: "1 feed",
    some_feeds: "{} feeds",
    one_article: "1 article",
    some_articles: "{} articles",
    newest_of: "The newest {} of {} articles",
    all_of: "All {}",
    updated: "updated {}",
    date: "%-d %B %Y",
    language: "en",
};

const SIMPLIFIED_CHINESE: Words = Words {
    skip: "跳到正文",
    breadcrumb: "当前位置",
    web_site: "网站首页",
    subscribe: "订阅",
    subscribe_to: "订阅{}",
    what_a_feed_is: "订阅源会把新文章自动送到你面前：点一下地址即可选中，复制到阅读器，或直接在阅读器中打开，无需注册。",
    open_in_reader: "在阅读器中打开",
    all_articles: "全部文章",
    feeds: "精选订阅",
    categories: "分类",
    tags: "标签",
    authors: "作者",
    articles: "文章",
    below: "{}的下级分类",
    nothing_yet: "这里还没有内容。",
    in_feeds: "所属订阅源",
    read_at: "在 {} 阅读原文",
    start_page: "全部订阅源",
    not_found: ["页面不存在", "这个地址没有内容，可能已经移走，也可能从未有过。"],
    gone: ["内容已移除", "这个地址的内容已被永久移除。"],
    everything: ["一次订阅全部", "一个文件列出本站的全部订阅源，导入阅读器即可全部订阅。", "下载 OPML 文件"],
    newest: "最近更新：{}",
    one_feed: "1 个订阅源",
    some_feeds: "{} 个订阅源",
    one_article: "1 篇文章",
    some_articles: "{} 篇文章",
    newest_of: "最新 {} 篇，共 {} 篇文章",
    all_of: "全部{}",
    updated: "更新于 {}",
    date: CHINESE_DATE,
    language: "zh-Hans",
};

const TRADITIONAL_CHINESE: Words = Words {
    skip: "跳至正文",
    breadcrumb: "目前位置",
    web_site: "網站首頁",
    subscribe: "訂閱",
    subscribe_to: "訂閱{}",
    what_a_feed_is: "訂閱源會把新文章自動送到你面前：點一下網址即可選取，複製到閱讀器，或直接在閱讀器中開啟，無需註冊。",
    open_in_reader: "在閱讀器中開啟",
    all_articles: "全部文章",
    feeds: "精選訂閱",
    categories: "分類",
    tags: "標籤",
    authors: "作者",
    articles: "文章",
    below: "{}的下層分類",
    nothing_yet: "這裡還沒有內容。",
    in_feeds: "所屬訂閱源",
    read_at: "在 {} 閱讀原文",
    start_page: "全部訂閱源",
    not_found: ["找不到頁面", "這個網址沒有內容，可能已經移走，也可能從未有過。"],
    gone: ["內容已移除", "這個網址的內容已被永久移除。"],
    everything: ["一次訂閱全部", "一個檔案列出本站的全部訂閱源，匯入閱讀器即可全部訂閱。", "下載 OPML 檔案"],
    newest: "最近更新：{}",
    one_feed: "1 個訂閱源",
    some_feeds: "{} 個訂閱源",
    one_article: "1 篇文章",
    some_articles: "{} 篇文章",
    newest_of: "最新 {} 篇，共 {} 篇文章",
    all_of: "全部{}",
    updated: "更新於 {}",
    date: CHINESE_DATE,
    language: "zh-Hant",
};

const CHINESE_DATE: &str = "%Y年%-m月%-d日";

impl Words {
    /// The texts of a site in `language`: Chinese in the script that its
    /// readers use, English for all the world else.
    pub fn of(language: &Language) -> &'static Self {
        let mut parts = language.as_str().split('-');
        if parts.next() != Some("zh") {
            return &ENGLISH;
        }
        if parts.any(|part| matches!(part, "Hant" | "TW" | "HK" | "MO")) {
            &TRADITIONAL_CHINESE
        } else {
            &SIMPLIFIED_CHINESE
        }
    }

    /// What all feeds of a kind are called together.
    pub fn kind(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Site => self.all_articles,
            Kind::Category => self.categories,
            Kind::Tag => self.tags,
            Kind::Author => self.authors,
            Kind::Feed => self.feeds,
        }
    }

    /// The invitation to all feeds of a kind.
    pub fn all(&self, kind: Kind) -> String {
        // English has no capital in the middle of a phrase, Chinese none at all.
        self.all_of.replace("{}", &self.kind(kind).to_lowercase())
    }

    /// So many articles.
    pub fn count(&self, articles: usize) -> String {
        if articles == 1 {
            self.one_article.to_owned()
        } else {
            self.some_articles.replace("{}", &articles.to_string())
        }
    }

    /// So many feeds.
    pub fn feed_count(&self, feeds: usize) -> String {
        if feeds == 1 { self.one_feed.to_owned() } else { self.some_feeds.replace("{}", &feeds.to_string()) }
    }

    /// How many of its articles a feed shows.
    pub fn shown(&self, shown: usize, of: usize) -> String {
        if shown >= of {
            return self.count(of);
        }
        self.newest_of.replacen("{}", &shown.to_string(), 1).replacen("{}", &of.to_string(), 1)
    }

    /// The language of these texts, where the site around them speaks another:
    /// a voice that reads them out must know (WCAG 2.2, 3.1.2).
    pub fn foreign(&self, masthead: &Masthead) -> Option<&'static str> {
        let same = |tag: &str| tag.split('-').next() == self.language.split('-').next();
        (!same(masthead.language.as_str())).then_some(self.language)
    }

    /// The direction of these texts, where the site around them has another.
    pub fn direction(&self, masthead: &Masthead) -> Option<&'static str> {
        self.foreign(masthead).and(direction(&masthead.language)).map(|_| "ltr")
    }

    /// The invitation to one feed among many.
    pub fn subscribe_to(&self, title: &str) -> String {
        self.subscribe_to.replace("{}", title)
    }

    /// An instant as its date where the site is at home: who wrote `2026-01-01`
    /// in Shanghai did not mean the last day of December.
    pub fn date(&self, masthead: &Masthead, instant: DateTime<Utc>) -> String {
        instant.with_timezone(&masthead.time_zone).format(self.date).to_string()
    }

    /// When the newest article is from.
    pub fn newest(&self, masthead: &Masthead, instant: DateTime<Utc>) -> String {
        self.newest.replace("{}", &self.date(masthead, instant))
    }

    /// That something was edited on a date.
    pub fn updated(&self, masthead: &Masthead, instant: DateTime<Utc>) -> String {
        self.updated.replace("{}", &self.date(masthead, instant))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::masthead;
    use super::*;

    fn words(tag: &str) -> &'static Words {
        Words::of(&Language::parse(tag).unwrap())
    }

    #[test]
    fn pages_speak_the_language_of_the_site_where_they_can() {
        assert_eq!(words("zh-CN").subscribe, "订阅");
        assert_eq!(words("zh-hant-hk").subscribe, "訂閱");
        assert_eq!(words("fr").subscribe, "Subscribe");
        assert_eq!(Words::of(&Language::undetermined()).subscribe, "Subscribe");
    }

    #[test]
    fn numbers_and_dates_read_as_sentences() {
        let instant = DateTime::from_timestamp(1_769_817_600, 0).unwrap();
        let masthead = masthead("en");
        assert_eq!(words("en").date(&masthead, instant), "31 January 2026");
        assert_eq!(words("zh").date(&masthead, instant), "2026年1月31日");
        assert_eq!(words("en").count(1), "1 article");
        assert_eq!(words("en").shown(30, 112), "The newest 30 of 112 articles");
        assert_eq!(words("zh").shown(2, 2), "2 篇文章");
        assert_eq!(words("en").all(Kind::Tag), "All tags");
    }

    #[test]
    fn a_date_is_the_one_on_the_calendar_of_the_site() {
        let mut masthead = (*masthead("zh-CN")).clone();
        masthead.time_zone = chrono_tz::Asia::Shanghai;
        let midnight = DateTime::from_timestamp(1_767_196_800, 0).unwrap();
        assert_eq!(words("zh").date(&masthead, midnight), "2026年1月1日");
        assert_eq!(words("zh").newest(&masthead, midnight), "最近更新：2026年1月1日");
    }

    #[test]
    fn texts_say_their_language_where_the_site_speaks_another() {
        for (site, foreign) in [("en-GB", None), ("zh-TW", None), ("zh", None), ("fr", Some("en")), ("ar", Some("en"))]
        {
            let masthead = masthead(site);
            let words = Words::of(&masthead.language);
            assert_eq!(words.foreign(&masthead), foreign, "{site}");
            assert_eq!(words.direction(&masthead), (site == "ar").then_some("ltr"), "{site}");
        }
    }
}
