//! The texts of the pages, in the languages they are written in.
//!
//! Knows which language a site's pages speak; where a text stands is the
//! templates' business.

use chrono::{DateTime, Utc};

use crate::feed::{Kind, Language};

/// The texts in one language. Where a text holds `{}`, a number or a name
/// stands there.
pub(super) struct Words {
    pub skip: &'static str,
    pub breadcrumb: &'static str,
    pub web_site: &'static str,
    pub subscribe: &'static str,
    pub what_a_feed_is: &'static str,
    pub open_in_reader: &'static str,
    pub view: &'static str,
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
    pub not_found: [&'static str; 2],
    pub gone: [&'static str; 2],
    one_article: &'static str,
    some_articles: &'static str,
    newest_of: &'static str,
    all_of: &'static str,
    updated: &'static str,
    /// As chrono writes it: it knows the English names of months.
    date: &'static str,
}

const ENGLISH: Words = Words {
    skip: "Skip to the content",
    breadcrumb: "Where this page is",
    web_site: "Web site",
    subscribe: "Subscribe",
    what_a_feed_is: "A feed brings you new articles by itself. Copy an address into your feed reader, or open it there; no account is needed.",
    open_in_reader: "Open in a feed reader",
    view: "View",
    all_articles: "All articles",
    feeds: "Feeds",
    categories: "Categories",
    tags: "Tags",
    authors: "Authors",
    articles: "Articles",
    below: "Below {}",
    nothing_yet: "There is nothing here yet.",
    in_feeds: "In these feeds",
    read_at: "Read at {}",
    start_page: "All feeds",
    not_found: ["Nothing here", "There is no page at this address. It may have moved, or never been."],
    gone: ["Gone for good", "What was at this address has been taken away and will not come back."],
    one_article: "1 article",
    some_articles: "{} articles",
    newest_of: "The newest {} of {} articles",
    all_of: "All {}",
    updated: "updated {}",
    date: "%-d %B %Y",
};

const SIMPLIFIED_CHINESE: Words = Words {
    skip: "跳到正文",
    breadcrumb: "当前位置",
    web_site: "网站首页",
    subscribe: "订阅",
    what_a_feed_is: "订阅源会把新文章自动送到你面前：把下面的地址复制到阅读器，或直接在阅读器中打开，无需注册。",
    open_in_reader: "在阅读器中打开",
    view: "查看",
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
    one_article: "1 篇文章",
    some_articles: "{} 篇文章",
    newest_of: "最新 {} 篇，共 {} 篇文章",
    all_of: "全部{}",
    updated: "更新于 {}",
    date: CHINESE_DATE,
};

const TRADITIONAL_CHINESE: Words = Words {
    skip: "跳至正文",
    breadcrumb: "目前位置",
    web_site: "網站首頁",
    subscribe: "訂閱",
    what_a_feed_is: "訂閱源會把新文章自動送到你面前：把下面的網址複製到閱讀器，或直接在閱讀器中開啟，無需註冊。",
    open_in_reader: "在閱讀器中開啟",
    view: "檢視",
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
    one_article: "1 篇文章",
    some_articles: "{} 篇文章",
    newest_of: "最新 {} 篇，共 {} 篇文章",
    all_of: "全部{}",
    updated: "更新於 {}",
    date: CHINESE_DATE,
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

    /// How many of its articles a feed shows.
    pub fn shown(&self, shown: usize, of: usize) -> String {
        if shown >= of {
            return self.count(of);
        }
        self.newest_of.replacen("{}", &shown.to_string(), 1).replacen("{}", &of.to_string(), 1)
    }

    /// An instant as the date in UTC.
    pub fn date(&self, instant: DateTime<Utc>) -> String {
        instant.format(self.date).to_string()
    }

    /// That something was edited on a date.
    pub fn updated(&self, instant: DateTime<Utc>) -> String {
        self.updated.replace("{}", &self.date(instant))
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(words("en").date(instant), "31 January 2026");
        assert_eq!(words("zh").date(instant), "2026年1月31日");
        assert_eq!(words("en").count(1), "1 article");
        assert_eq!(words("en").shown(30, 112), "The newest 30 of 112 articles");
        assert_eq!(words("zh").shown(2, 2), "2 篇文章");
        assert_eq!(words("en").all(Kind::Tag), "All tags");
    }
}
