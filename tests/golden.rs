//! Golden values: slugs are addresses, and must not change with a minor
//! version. The bytes of documents are held by the snapshots of `formats.rs`.
//!
//! A difference here is a **breaking** line in the CHANGELOG, or a mistake.
//! `INSTA_UPDATE=always` accepts it.

use std::fmt::Write as _;

use feedmill::name::{Name, long_slug, slug};

#[test]
fn slugs_stay_what_they_are() {
    const NAMES: [&str; 32] = [
        "News",
        "新媒体",
        "趣头条",
        "生活&旅游",
        "C++",
        "C#",
        "C/C++",
        ".NET",
        "R&D",
        "Ünïcode",
        "Straße",
        "Ærø",
        "Łódź",
        "Привет мир",
        "Ελληνικά",
        "日本語",
        "東京 2020",
        "한국어",
        "ไทย",
        "עברית",
        "العربية",
        "Đà Nẵng",
        "ｆｕｌｌ　ｗｉｄｔｈ",
        "two  blanks",
        "snake_case",
        "--dashes--",
        "😀",
        "🎉 party",
        "œuvre",
        "1984",
        "a very long name that goes on and on until nobody would type it into an address bar any more at all",
        "№ 5",
    ];
    let list = NAMES.iter().fold(String::new(), |mut list, name| {
        let short = slug(name);
        let long = long_slug(&Name::new(name).unwrap(), short.as_deref());
        let _ = writeln!(list, "{name} | {} | {long}", short.as_deref().unwrap_or("-"));
        list
    });
    insta::assert_snapshot!("slugs", list);
}
