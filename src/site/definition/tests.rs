//! Tests of definitions.

use super::select::CategoryMatch;
use super::*;

fn parse(text: &str) -> Result<Definition, Problem> {
    Definition::parse("feeds/x.yaml", "x", text, &Zones::default())
}

fn path(text: &str) -> Box<[Name]> {
    text.split('/').filter_map(Name::new).collect()
}

#[test]
fn a_name_matches_at_any_level_and_a_path_only_from_the_top() {
    let folded = |path: &[Name]| path.iter().map(|name| name.folded().to_string()).collect::<Vec<_>>();
    let holds_in =
        |wanted: &str, has: &[Name]| CategoryMatch::new(wanted).holds(folded(has).iter().map(String::as_str));
    let holds = |wanted: &str, has: &str| holds_in(wanted, &path(has));
    assert!(holds("科学", "科学/天文") && holds("天文", "科学/天文"));
    assert!(holds("科学/天文", "科学/天文/星") && !holds("天文/星", "科学/天文/星"));
    assert!(holds_in("C/C++", &[Name::new("C/C++").unwrap()]));
    assert!(!holds("C", "C++"));
}

#[test]
fn a_definition_has_exactly_one_target() {
    assert_eq!(
        parse("category: A/b c").unwrap().topic(&Filing::default()),
        Topic::Category(["a".into(), "bc".into()].into())
    );
    assert_eq!(parse("category: [C/C++]").unwrap().topic(&Filing::default()), Topic::Category(["c/c++".into()].into()));
    assert_eq!(parse("site: true").unwrap().topic(&Filing::default()), Topic::Site);
    assert_eq!(
        parse("taxonomy: Series/Long Tale").unwrap().topic(&Filing::default()),
        Topic::Term("series".into(), "longtale".into())
    );
    assert_eq!(parse("").unwrap().topic(&Filing::default()), Topic::Feed("x".into()));
    let problem = parse("title: t\ntag: a\nauthor: b\n").unwrap_err();
    assert_eq!(problem.to_string(), "feeds/x.yaml:3:9: `tag` and `author` cannot be combined in one definition");
}

#[test]
fn errors_are_reported_with_line_and_column() {
    for (text, message) in [
        ("slug: A b\n", "feeds/x.yaml:1:7: `A b` is not valid in a URL"),
        ("category: a\nslug: page\n", "feeds/x.yaml:2:7: `page` is reserved for the older articles of a list"),
        ("select:\n  title: '('\n", "feeds/x.yaml:2:10: the regular expression cannot be read: unclosed group"),
        ("select:\n  since: soon\n", "feeds/x.yaml:2:10: the date `soon` cannot be read: "),
        ("select:\n  any:\n  - {}\n  - not_title: '['\n", "feeds/x.yaml:4:16: the regular expression cannot be read: "),
        ("select: {title: '(\\w{99}){99}'}\n", "feeds/x.yaml:1:17: the regular expression is too large"),
        ("select: {words: '30'}\n", "feeds/x.yaml:1:17: `30` is not a number of words"),
        ("select: {words: '9..3'}\n", "feeds/x.yaml:1:17: `9..3` is not a number of words"),
        ("select:\n  text: 'a('\n", "feeds/x.yaml:2:9: the regular expression cannot be read: unclosed group"),
        ("select: {newer_than: 30}\n", "feeds/x.yaml:1:22: `30` is not an age"),
        ("select: {path: ['a', '{b']}\n", "feeds/x.yaml:1:16: the pattern `{b` is not valid"),
        ("selct: {}\n", "feeds/x.yaml:1:1: unknown key `selct`"),
        ("taxonomy: series\n", "feeds/x.yaml:1:11: `series` names no taxonomy"),
        ("limit: 0\n", "feeds/x.yaml:1:8: a feed needs at least one entry"),
        ("language: english\n", "feeds/x.yaml:1:11: `english` is not a language tag"),
    ] {
        let problem = parse(text).unwrap_err().to_string();
        assert!(problem.starts_with(message), "{problem}");
    }
}
