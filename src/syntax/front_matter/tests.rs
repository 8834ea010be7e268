//! Front matter in all languages, recovery from invalid YAML, and limits.

use super::*;

fn text_of(text: &str, key: &str) -> String {
    parse(text).unwrap().fields.get(key).and_then(Value::as_text).unwrap_or_default().to_owned()
}

#[test]
fn every_language_gives_fields() {
    for text in [
        "---\ntitle: x\n---\n",
        "\u{a}---\ntitle: 'x'\n--- \nbody",
        "+++\ntitle = \"x\"\n+++\n",
        "{\"title\": \"x\"}\nbody",
        ";;;\n\"title\": \"x\"\n;;;\nbody",
        "Title: x\nDate: 2020-01-01\n\nbody",
        "[#]: title: (x)\nbody",
        "<!--\n.. title: x\n.. date: 2020-01-01 10:00:00 UTC+02:00\n.. tags: a, b\n-->\n\nbody",
        ".. title: x\n.. slug: y\n\nbody",
        "Title: x\nDate: 2020-01-01\nbody: at once, and no more keys\nHere it goes on.",
        "Title: x\nDate: 2020-01-01\nHere it goes on at once.",
        "title: x\n---\nbody",
    ] {
        assert_eq!(text_of(text, "title"), "x", "{text:?}");
    }
}

#[test]
fn leading_tabs_are_spaces_and_control_characters_are_harmless() {
    let text = "---\ntitle: a\u{8}b\u{2028}c\ncategories:\n\t- x\n\t- y\n---\n";
    let front = parse(text).unwrap();
    assert_eq!(front.fields.get("categories").unwrap().elements().len(), 2);
    assert_eq!(front.findings, []);
    assert!(text_of(text, "title").starts_with("a b"));
}

#[test]
fn an_invalid_block_is_recovered_and_reported_with_its_position() {
    let text = "\n---\ntitle: 日本\nauthor: @me: x\n\tbad: [\n---\nbody";
    let front = parse(text).unwrap();
    assert_eq!(front.findings[0].code, Code::FrontMatterRescued);
    assert_eq!(front.findings[0].position, Position { line: 4, column: 9 });
    assert_eq!(text_of(text, "title"), "日本");
}

#[test]
fn an_invalid_block_that_never_had_a_title_is_recovered_too() {
    let front = parse("---\ndate: 2020-01-01\ndescription: a: b\n---\n").unwrap();
    assert_eq!(front.findings[0].code, Code::FrontMatterRescued);
    assert!(parse("---\nauthor: x\ndate: [2020\n---\n").is_err());
    assert!(parse("---\ntitle: [x\ndate: 2020-01-01\n---\n").is_err());
    assert!(parse("---\ntitle: \"x\ndate: 2020-01-01\n---\n").is_err());
}

#[test]
fn an_invalid_block_without_a_title_is_an_error_with_a_position() {
    let finding = parse("---\na: b: c\n---\n").unwrap_err();
    assert_eq!((finding.code, finding.position.line), (Code::FrontMatter, 2));
    let finding = parse("+++\ntitle = \"x\"\nb = \n+++\n").unwrap_err();
    assert_eq!((finding.code, finding.position.line), (Code::FrontMatter, 3));
    let finding = parse("{\"title\": 1,\n \"b\": }\n").unwrap_err();
    assert_eq!((finding.code, finding.position.line), (Code::FrontMatter, 2));
}

#[test]
fn an_unclosed_quotation_is_reported_where_it_opens() {
    for (text, line, column) in [
        ("---\ntitle: \"x\ndate: 2020-01-01\n---\n", 2, 8),
        ("\n---\ntitle: x\nauthor: 'y\ntags: a\n...\n", 4, 9),
        ("---\ntitle: x\ntags:\n\t- 'a\n\t- b\n---\n", 4, 4),
        ("title: 日本\nnames: {a: 日本, b: \"c}\nx: y\n---\n", 2, 19),
        ("---\n'title: x\ndate: 2020-01-01\n---\n", 2, 1),
    ] {
        let finding = parse(text).map_or_else(|finding| finding, |front| front.findings[0].clone());
        assert_eq!(finding.position, Position { line, column }, "{text:?}: {}", finding.message);
        assert!(finding.message.ends_with("the quotation that begins here is not closed"), "{}", finding.message);
    }
    // The quotation is closed; only the escape in it is invalid.
    let front = parse("---\ntitle: x\nauthor: \"P\\'olya\"\n---\n").unwrap();
    assert_eq!(front.findings[0].position, Position { line: 3, column: 11 });
}

#[test]
fn front_matter_that_would_stall_a_parser_is_rejected_first() {
    let brackets = format!("---\ntitle: x\na: {}\n---\n", "[".repeat(60_000));
    assert_eq!(parse(&brackets).unwrap_err().code, Code::FrontMatterSize);
    // The parsers of TOML and JSON limit the depth themselves and fail quickly.
    let (open, dotted) = ("[".repeat(30_000), "a.".repeat(30_000));
    for yaml_limits in [
        format!("+++\na = {open}\n+++\n"),
        format!("+++\n{dotted}a = 1\n+++\n"),
        format!("{{\"a\": {open}}}\n"),
        format!(";;;\n\"a\": {open}\n;;;\n"),
    ] {
        let cost = |_| {
            let began = std::time::Instant::now();
            drop(parse(&yaml_limits));
            began.elapsed()
        };
        let least = (0..3).map(cost).min().unwrap();
        assert!(least < std::time::Duration::from_millis(200), "{least:?}");
    }
    let aliases = format!("---\ntitle: x\na: &a [{}]\nb: [{}]\n---\n", "x,".repeat(9_000), "*a,".repeat(9_000));
    assert_eq!(parse(&aliases).unwrap_err().code, Code::FrontMatterSize);
    let dashes = format!("---\n{} x\n---\n", "- ".repeat(20_000));
    assert_eq!(parse(&dashes).unwrap_err().code, Code::FrontMatterSize);
}

#[test]
fn long_values_are_cut_in_every_language_if_the_block_exceeds_64_kib() {
    for (open, close, lines) in [
        ("---\ntitle: x\nnote: ", "\n", "---\nbody"),
        ("\n---\ntitle: x\nnote: ", "\n", "...\nbody"),
        ("---\ntitle: x\nnote: [", "]\n", "---\nbody"),
        ("<!-- x -->\n---\ntitle: x\nnote: ", "\n", "---\nbody"),
        ("title: x\nnote: ", "\n", "---\nbody"),
        ("+++\ntitle = \"x\"\nnote = \"", "\"\n", "+++\nbody"),
        ("~~~~toml\ntitle = \"x\"\nnote = \"", "\"\n", "~~~~\nbody"),
        ("{\"title\": \"x\", \"note\": \"", "\"}", "\nbody"),
        (";;;\n\"title\": \"x\",\n\"note\": \"", "\"\n", ";;;\nbody"),
        ("Title: x\nNote: ", "", "\n\nbody"),
        ("[#]: title: (x)\n[#]: note: (", ")", "\nbody"),
        ("<!--\n.. title: x\n.. note: ", "", "\n-->\n\nbody"),
    ] {
        let of = |bytes: usize| format!("{open}{}{close}{lines}", "x".repeat(bytes));
        let least = fence::split(&of(1)).block.len() - 1;
        let most = parse(&of(MOST_BYTES - least)).unwrap();
        assert_eq!(most.split.block.len(), MOST_BYTES);
        assert_eq!(most.fields.get("title").unwrap().as_text(), Some("x"), "{open:?}");
        for bytes in [MOST_BYTES - least + "title: x".len() + 1, 16 * MOST_BYTES] {
            let began = std::time::Instant::now();
            let front = parse(&of(bytes)).unwrap();
            let cost = began.elapsed();
            assert_eq!(front.fields.get("title").unwrap().as_text(), Some("x"), "{open:?}, {bytes}");
            let cut: Vec<_> = front.findings.iter().map(|finding| (finding.code, &*finding.message)).collect();
            assert!(matches!(&*cut, [(Code::Limit, message)] if message.to_lowercase().contains("`note`")), "{cut:?}");
            assert!(cost < std::time::Duration::from_millis(500), "{open:?}, {bytes}: {cost:?}");
        }
    }
    let keys = "key: x\n".repeat(20_000);
    assert_eq!(parse(&format!("---\ntitle: x\n{keys}---\n")).unwrap_err().code, Code::FrontMatterSize);
}

#[test]
fn a_long_title_is_cut_in_every_notation() {
    for title in ["x", "[x], ", "\"x\\n", "'x y ", "字"] {
        let text = format!("---\ntitle: {}\nnote: x\n---\n", title.repeat(16 * MOST_BYTES / title.len()));
        let front = parse(&text).unwrap();
        assert!((1..=4096).contains(&front.fields.get("title").unwrap().elements()[0].as_text().unwrap().len()));
        assert_eq!(front.fields.get("note").unwrap().as_text(), Some("x"), "{title}");
    }
}

#[test]
fn a_long_text_without_front_matter_is_body() {
    let lines = "a line of text, and more of it\n".repeat(MOST_BYTES / 16);
    for text in [
        lines.clone(),
        format!("---\n{lines}"),
        format!("---\n{lines}---\n{lines}"),
        format!("---\nNote: a text\n{lines}"),
        format!("Note: a text\n{lines}\n---\n{lines}"),
        format!("{{% raw %}}\n{lines}"),
    ] {
        let front = parse(&text).unwrap();
        assert_eq!((front.fields, front.split.body), (Fields::default(), 0..text.len()), "{:?}", &text[..20]);
    }
}

#[test]
fn the_position_of_a_value_is_found() {
    for (text, line, column) in [
        ("\n---\ntitle: x\nDate:  Invalid Date\n---\n", 4, 8),
        ("---\n{title: x, date: y}\n---\n", 2, 18),
        ("---\ntext: |\n\n  date: a\n\"date\":\n\t- y\n---\n", 6, 2),
        ("---\ndate: a\ntitle: b: c\n---\n", 2, 7),
        ("+++\ndate =  2\n[extra]\ndate = 1\n+++\n", 2, 9),
        ("{\n\"date\": 1\n}\n\ntext\n", 2, 9),
        ("Title: x\nDate: y\n\ntext\n", 2, 7),
    ] {
        let front = parse(text).unwrap();
        assert_eq!(front.position_of(text, "date"), Position { line, column }, "{text}");
    }
}
