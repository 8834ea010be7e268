//! Tests that apply to the texts in every language. ICU in Node.js generated the expected plural forms and
//! dates, except for the first days of a month in two languages, which follow common usage instead.

use std::collections::BTreeMap;
use std::fs;

use super::super::sample::masthead;
use super::*;

fn words(tag: &str) -> &'static Words {
    Words::of(&Language::parse(tag).unwrap())
}

#[test]
fn pages_use_the_language_of_the_site_if_there_is_a_translation() {
    for (tag, subscribe) in [
        ("zh-CN", "订阅"),
        ("zh-Hans-HK", "订阅"),
        ("zh-hant-hk", "訂閱"),
        ("zh-TW", "訂閱"),
        ("fr-CA", "S’abonner"),
        ("pt-BR", "Assinar"),
        ("pt-PT", "Subscrever"),
        ("fil", "Subscribe"),
        ("nl", "Subscribe"),
    ] {
        assert_eq!(words(tag).subscribe, subscribe, "{tag}");
    }
    assert_eq!(Words::of(&Language::undetermined()).subscribe, "Subscribe");
}

#[test]
fn a_taxonomy_begins_with_a_capital() {
    for (name, shown) in [("series", "Series"), ("élan", "Élan"), ("专栏", "专栏")] {
        let kind = Kind::Taxonomy(name.into());
        assert_eq!((words("en").kind(&kind), words("zh-CN").all(&kind)), (shown.into(), shown.into()));
    }
}

#[test]
fn numbers_take_the_plural_form_of_the_language() {
    let counts = |tag: &str, numbers: &[usize]| -> Vec<String> {
        numbers.iter().map(|&number| words(tag).count(number)).collect()
    };
    assert_eq!(counts("en", &[0, 1, 2]), ["0 articles", "1 article", "2 articles"]);
    assert_eq!(counts("fr", &[0, 1, 2]), ["0 article", "1 article", "2 articles"]);
    assert_eq!(counts("pt", &[0, 1, 2]), ["0 artigo", "1 artigo", "2 artigos"]);
    assert_eq!(counts("pt-PT", &[0, 1, 2]), ["0 artigos", "1 artigo", "2 artigos"]);
    let russian = ["0 статей", "1 статья", "3 статьи", "5 статей", "11 статей", "12 статей", "21 статья", "22 статьи"];
    assert_eq!(counts("ru", &[0, 1, 3, 5, 11, 12, 21, 22]), russian);
    assert_eq!(
        counts("ru", &[100, 101, 104, 111, 114]),
        ["100 статей", "101 статья", "104 статьи", "111 статей", "114 статей"]
    );
    let arabic = ["لا مقالات", "مقالة واحدة", "مقالتان", "3 مقالات", "10 مقالات", "11 مقالة", "100 مقالة", "103 مقالات"];
    assert_eq!(counts("ar", &[0, 1, 2, 3, 10, 11, 100, 103]), arabic);
    assert_eq!(counts("zh", &[1, 2]), ["1 篇文章", "2 篇文章"]);
    assert_eq!(words("en").page_of(3, 1200), "Page 3 of 1,200");
}

#[test]
fn large_numbers_are_grouped_as_the_language_does() {
    for (tag, grouped) in [
        ("en", "1,234 articles"),
        ("de", "1.234 Artikel"),
        ("fr", "1\u{202f}234 articles"),
        ("es", "1234 artículos"),
        ("ru", "1\u{a0}234 статьи"),
        ("zh", "1,234 篇文章"),
    ] {
        assert_eq!(words(tag).count(1234), grouped, "{tag}");
    }
    assert_eq!(words("es").number(1_234_567), "1.234.567");
    assert_eq!(words("en").number(999), "999");
}

#[test]
fn dates_read_as_people_write_them() {
    let days = [
        ("en", "28 June 2026", "1 March 2026"),
        ("de", "28. Juni 2026", "1. März 2026"),
        ("fr", "28 juin 2026", "1er mars 2026"),
        ("es", "28 de junio de 2026", "1 de marzo de 2026"),
        ("it", "28 giugno 2026", "1º marzo 2026"),
        ("pt-BR", "28 de junho de 2026", "1º de março de 2026"),
        ("pt-PT", "28 de junho de 2026", "1 de março de 2026"),
        ("ru", "28 июня 2026\u{a0}г.", "1 марта 2026\u{a0}г."),
        ("ja", "2026年6月28日", "2026年3月1日"),
        ("ko", "2026년 6월 28일", "2026년 3월 1일"),
        ("ar", "28 يونيو 2026", "1 مارس 2026"),
        ("zh", "2026年6月28日", "2026年3月1日"),
        ("zh-TW", "2026年6月28日", "2026年3月1日"),
    ];
    for (tag, june, march) in days {
        let date = |seconds| words(tag).date(&masthead(tag), DateTime::from_timestamp(seconds, 0).unwrap());
        assert_eq!((&*date(1_782_604_800), &*date(1_772_323_200)), (june, march), "{tag}");
    }
    let instant = DateTime::from_timestamp(1_782_604_800, 0).unwrap();
    assert_eq!(words("ja").updated(&masthead("ja"), instant), "2026年6月28日更新");
}

#[test]
fn dates_are_in_the_time_zone_of_the_site() {
    let mut masthead = (*masthead("zh-CN")).clone();
    masthead.time_zone = "Asia/Shanghai".parse().unwrap();
    let midnight = DateTime::from_timestamp(1_767_196_800, 0).unwrap();
    assert_eq!(words("zh").date(&masthead, midnight), "2026年1月1日");
    assert_eq!(words("zh").updated(&masthead, midnight), "更新于 2026年1月1日");
}

#[test]
fn every_language_has_all_texts_and_forms() {
    for words in &*ALL {
        let language = words.languages[0].as_str();
        let masthead = masthead(language);
        assert_eq!(Words::of(&masthead.language).languages, words.languages);
        for n in 0..=1000 {
            assert!(words.plural.form(n) < words.some_articles.len().min(words.some_feeds.len()), "{language}: {n}");
            assert!(n < 3 || words.count(n).contains(&words.number(n)), "{language}: {n}");
        }
        for forms in [&words.some_articles, &words.some_feeds] {
            let most = (0..=1000).map(|n| words.plural.form(n)).max().unwrap();
            assert_eq!(forms.len(), 1 + most, "{language}");
        }
        assert!([0, 12].contains(&words.months.len()), "{language}");
        // WCAG 2.2, 2.5.3: the accessible name contains the visible text.
        let heard = words.subscribe_to("X").to_lowercase();
        assert!(heard.contains(&words.subscribe.to_lowercase()), "{language}: {heard}");
    }
}

/// The placeholders of every text in a file, by key. The keys of lists that differ between languages have none.
fn placeholders(file: &str) -> BTreeMap<String, Vec<Vec<&'static str>>> {
    const ALL: [&str; 4] = ["{}", "{day}", "{month}", "{year}"];
    let of = |text: &toml::Value| {
        let text = text.as_str().unwrap();
        let known: Vec<_> = ALL.iter().flat_map(|one| text.matches(*one).map(|_| *one)).collect();
        assert_eq!(text.matches(['{', '}']).count(), 2 * known.len(), "an unknown placeholder in {text:?}");
        known
    };
    let table: toml::Table = file.parse().unwrap();
    let texts = table.into_iter().map(|(key, value)| {
        let of_language = ["languages", "some_feeds", "some_articles", "months"].contains(&key.as_str());
        let found = match &value {
            toml::Value::Array(_) if of_language => Vec::new(),
            toml::Value::Array(texts) => texts.iter().map(of).collect(),
            toml::Value::Integer(_) => Vec::new(),
            text => vec![of(text)],
        };
        (key, found)
    });
    texts.collect()
}

#[test]
fn every_language_has_the_keys_and_placeholders_of_english() {
    for file in FILES {
        let language = file.lines().next().unwrap();
        assert_eq!(placeholders(file), placeholders(FILES[0]), "{language}");
        if let Err(error) = toml::from_str::<Words>(file) {
            panic!("{language}: {error}");
        }
    }
}

#[test]
fn every_file_of_a_language_is_listed() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/render/page/words");
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let languages = files.filter(|file| file.extension().is_some_and(|extension| extension == "toml"));
    assert_eq!(languages.count(), FILES.len());
}

#[test]
fn the_explanation_of_feeds_is_one_css_rule_for_each_language() {
    let rules = explain_feeds();
    assert_eq!(rules.lines().count(), ALL.len());
    assert!(rules.starts_with(":is(rss,feed)::before{content:\"This is a feed"));
    for (words, rule) in ALL.iter().zip(rules.lines()) {
        assert!(!words.this_is_a_feed.contains(['"', '\\', '\n', '<']), "{rule}");
        assert_eq!(rule.matches(['{', '}']).count(), 2, "{rule}");
    }
    let traditional = ":is(rss,feed):is(:lang(zh-Hant),:lang(zh-TW),:lang(zh-HK),:lang(zh-MO))::before{content:\"這是";
    assert!(rules.find(traditional) > rules.find(":is(:lang(zh))"), "{rules}");
}

#[test]
fn texts_declare_their_language_if_it_differs_from_the_sites() {
    for (site, foreign) in [
        ("en-GB", None),
        ("zh-TW", None),
        ("zh", None),
        ("fr", None),
        ("ar", None),
        ("nl", Some("en")),
        ("fa", Some("en")),
    ] {
        let masthead = masthead(site);
        let words = Words::of(&masthead.language);
        assert_eq!(words.foreign(&masthead), foreign, "{site}");
        assert_eq!(words.direction(&masthead), (site == "fa").then_some("ltr"), "{site}");
    }
}
