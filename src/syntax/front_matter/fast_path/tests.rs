//! Compares the fast path with the complete YAML parser.

use proptest::prelude::*;

use super::super::value::{Value, parsed};
use super::read;

fn text_of(block: &str, key: &str) -> Option<String> {
    read(block)?.get(key).and_then(Value::as_text).map(str::to_owned)
}

#[test]
fn common_front_matter_is_read_by_the_fast_path() {
    let block = "title: '财源街道：加大整治力度'\ncategories: \n - 新媒体\n - 分类\nheadimg: 'https://x.y/?http://z/a.jpeg'\n\
                 author: 趣头条\ncomments: false\ndate: Wed, 04 Aug 2021 14:56:46 GMT\n# a remark\nupdated: 2021-08-04 14:56:46\n\
                 day: 2021-08-04\ntop: 10\ncode: 007\ntags:\n- a\n- it''s\n\nsummary: \"x\"\nempty:\n";
    let fields = read(block).unwrap();
    assert_eq!(Some(&fields), parsed(block).unwrap().as_ref());
    assert_eq!(fields.get("categories").unwrap().elements().len(), 2);
    assert_eq!(text_of("title: 'it''s'", "title").as_deref(), Some("it's"));
}

#[test]
fn everything_ambiguous_is_left_to_the_parser() {
    for block in [
        "",
        "\n",
        "# only a remark\n",
        "a",
        "a:b",
        "a : b",
        " a: b",
        "a: b\n c",
        "a: b: c",
        "a: b:",
        "a: b # c",
        "a: #c",
        "a: [b]",
        "a: {b: c}",
        "a: |\n b",
        "a: >\n b",
        "a: &b c",
        "a: *b",
        "a: !b c",
        "a: @b",
        "a: %b",
        "a: `b",
        "a: ~",
        "a: 'b",
        "a: 'b' c",
        "a: '",
        "a: 'b'c'",
        "a: \"b\\n\"",
        "a: \"b",
        "a: \"",
        "a: True",
        "a: NULL",
        "a: 0x10",
        "a: 1.5",
        "a: 1e3",
        "a: .5",
        "a: +1",
        "a: -1",
        "a: 1_0",
        "null: a",
        "true: b",
        "<<: a",
        "? a",
        "---\na: b",
        "a: b\n...",
        "- a",
        "a: b\n- c",
        "a:\n - b\n  - c",
        "a:\n  - b\n - c",
        "a:\n- b: c",
        "a:\n- - b",
        "a:\n-",
        "a:\n b",
        "a:\tb",
        "a: b\tc",
        "a: b\u{85}c",
        "a: b\u{2028}c",
        "\u{feff}a: b",
        "a: b\u{7f}",
        "é: b",
        "\"a\": b",
        "a: ?",
    ] {
        assert_eq!(read(block), None, "{block:?}");
    }
}

/// Parts of scalars. More than half of them have no special meaning in YAML.
fn piece() -> impl Strategy<Value = String> {
    let harmless =
        ["a", "b c", "é", "新", "\u{a0}", "💧", "yes", "http://x.y/z?a=b#c", "14:56:46", ", ", "12", "2021-08-04"];
    let pieces = [
        " ", "  ", ":", ": ", " #", "#", "-", "- ", "--- ", "'", "''", "\"", "\\", "[", "]", "{", "}", "&", "*", "!",
        "|", ">", "%", "@", "`", "?", "? ", "~", "<<", "=", "\u{85}", "\u{2028}", "\u{feff}", "\t", "\r", "true",
        "False", "null", "Null", ".nan", "inf", "0", "7", "007", "0x1F", "0o7", "1e5", "1_0", "1.5", ".5", "+", "...",
    ];
    let of = |pieces: &[&'static str]| proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned);
    prop_oneof![8 => of(&harmless), 4 => of(&pieces), 1 => any::<char>().prop_map(String::from)]
}

fn scalar() -> impl Strategy<Value = String> {
    let plain = prop::collection::vec(piece(), 0..4).prop_map(|pieces| pieces.concat());
    let quoted = |quote: &'static str| {
        prop::collection::vec(piece(), 0..4).prop_map(move |pieces| format!("{quote}{}{quote}", pieces.concat()))
    };
    prop_oneof![4 => plain, 1 => quoted("'"), 1 => quoted("\"")]
}

fn line() -> impl Strategy<Value = String> {
    let some = proptest::sample::select::<&str>;
    let blanks = move || prop_oneof![6 => Just(""), 1 => some(vec![" ", "  "])];
    let key = prop_oneof![6 => some(vec!["a", "b", "title", "yes", "a-b"]), 1 => some(vec!["null", "True", "0", "-", "é", "a b", "", "'a'", "~"])];
    let colon = prop_oneof![6 => Just(": "), 1 => some(vec![":", ":  ", " : "])];
    let dash = prop_oneof![6 => Just("- "), 1 => some(vec!["-", "-  "])];
    prop_oneof![
        8 => (blanks(), key, colon, scalar(), blanks())
            .prop_map(|(before, key, colon, value, after)| format!("{before}{key}{colon}{value}{after}")),
        3 => (blanks(), dash, scalar()).prop_map(|(before, dash, value)| format!("{before}{dash}{value}")),
        2 => (blanks(), scalar()).prop_map(|(indent, item)| format!("list:\n{indent}- {item}\n{indent}- {item}")),
        1 => some(vec!["", "# remark", " a", "---"]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fast_path_reads_the_same_fields_as_the_parser(lines in prop::collection::vec(line(), 1..6)) {
        for block in [lines.join("\n"), lines.join("\n") + "\n"] {
            if let Some(fields) = read(&block) {
                prop_assert_eq!(Some(fields), parsed(&block).ok().flatten(), "{:?}", block);
            }
        }
    }
}
