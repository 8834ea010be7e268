//! Shortens front matter that is too large for a parser: cuts each long value, so that the article and its other keys
//! are kept.
//!
//! It works on the text of each language, because the parsers need many times its size in memory.

use std::ops::Range;

use super::FrontMatterLanguage;
use super::fence::key_of;

/// Maximum number of bytes that are kept of one value.
pub(crate) const OF_ONE_KEY: usize = 4096;

/// Returns the block with all values cut to [`OF_ONE_KEY`] bytes, and the keys whose values were cut.
pub(crate) fn shorten(block: &str, language: FrontMatterLanguage) -> (String, Vec<&str>) {
    let values = match language {
        FrontMatterLanguage::Json | FrontMatterLanguage::BareJson => in_json(block),
        FrontMatterLanguage::Yaml
        | FrontMatterLanguage::Toml
        | FrontMatterLanguage::Headers
        | FrontMatterLanguage::References
        | FrontMatterLanguage::Program => in_lines(block, language),
    };
    let (mut short, mut cut) = (String::new(), Vec::new());
    let mut done = 0;
    for (key, value) in values {
        if value.len() <= OF_ONE_KEY {
            continue;
        }
        short.push_str(&block[done..value.start]);
        short.push_str(&shortened(&block[value.clone()]));
        if block[value.clone()].ends_with('\n') && !short.ends_with('\n') {
            short.push('\n');
        }
        done = value.end;
        cut.push(key);
    }
    short.push_str(&block[done..]);
    (short, cut)
}

/// The keys with the ranges of their values, which end where the next key begins.
fn in_lines(block: &str, language: FrontMatterLanguage) -> Vec<(&str, Range<usize>)> {
    let mut found: Vec<(&str, Range<usize>)> = Vec::new();
    let mut at = 0;
    for line in block.split_inclusive('\n') {
        let key = match language {
            FrontMatterLanguage::Toml => line.split_once('=').map(|(key, _)| key.trim_end()).filter(|key| is_bare(key)),
            FrontMatterLanguage::References => line.strip_prefix("[#]:").and_then(|line| key_of(line.trim_start())),
            _ => key_of(line.strip_prefix(".. ").unwrap_or(line)),
        };
        if let Some(key) = key {
            let key_end = key.as_ptr() as usize - line.as_ptr() as usize + key.len();
            let value = line[key_end..].trim_start_matches([' ', '\t', ':', '：', '=']);
            let value = at + line.len() - value.len();
            found.push((key, value..at + line.len()));
        } else if let Some((_, value)) =
            found.last_mut().filter(|_| !line.starts_with("[[") || language != FrontMatterLanguage::Toml)
        {
            value.end = at + line.len();
        }
        at += line.len();
    }
    found
}

fn is_bare(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// The keys of the outermost object with the ranges of their values.
fn in_json(block: &str) -> Vec<(&str, Range<usize>)> {
    let mut found: Vec<(&str, Range<usize>)> = Vec::new();
    let mut scan = BracketScan::default();
    let outside = usize::from(block.trim_start().starts_with('{'));
    let (mut text_start, mut key, mut value) = (0, "", None);
    for (at, byte) in block.bytes().enumerate() {
        let was_text = scan.quote.is_some();
        scan.take(byte);
        match byte {
            b'"' if !was_text => text_start = at + 1,
            b'"' if scan.quote.is_none() && value.is_none() => key = &block[text_start..at],
            b':' if !was_text && scan.depth == outside && value.is_none() => {
                value = Some(at + 1 + block[at + 1..].bytes().take_while(u8::is_ascii_whitespace).count());
            }
            b',' | b'}' if !was_text && scan.depth <= outside && (byte == b',' || scan.depth < outside) => {
                found.extend(value.take().map(|start| (key, start.min(at)..at)));
            }
            _ => {}
        }
    }
    found.extend(value.map(|start| (key, start..block.len())));
    found
}

/// Tracks brackets and quotations byte by byte.
#[derive(Default)]
struct BracketScan {
    depth: usize,
    quote: Option<u8>,
    is_escaped: bool,
    /// The last byte that is not white space.
    before: u8,
}

impl BracketScan {
    fn take(&mut self, byte: u8) {
        match self.quote {
            Some(_) if self.is_escaped => self.is_escaped = false,
            Some(b'"') if byte == b'\\' => self.is_escaped = true,
            Some(quote) => {
                if byte == quote {
                    self.quote = None;
                }
            }
            None => match byte {
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                // After any other byte it is an apostrophe.
                b'"' | b'\'' if matches!(self.before, 0 | b'[' | b'{' | b',' | b':' | b'=') => self.quote = Some(byte),
                _ => {}
            },
        }
        if !byte.is_ascii_whitespace() {
            self.before = byte;
        }
    }
}

/// Cuts a value and closes it in the way in which it was opened.
fn shortened(value: &str) -> String {
    let kept = &value[..value.floor_char_boundary(OF_ONE_KEY)];
    if let Some(list) = shortened_list(kept) {
        return list;
    }
    match &value[..value.chars().next().map_or(0, char::len_utf8)] {
        quote @ ("\"" | "'") => {
            let long = quote.repeat(3);
            let quote = if kept.starts_with(&long) { &long } else { quote };
            // An escape that is cut in two would escape the closing quote.
            let kept = kept.rfind('\\').filter(|at| kept.len() - at < 12).map_or(kept, |at| &kept[..at]);
            format!("{}{quote}", kept.trim_end_matches(['\\', '\'', '"']))
        }
        "(" if value.trim_end().ends_with(')') => format!("{kept})"),
        // Keeps complete lines of a list or text.
        _ => match kept.rfind('\n') {
            Some(end) => kept[..=end].to_owned(),
            None => kept.to_owned(),
        },
    }
}

/// The complete elements of a list or table in brackets; `None` if the value is something else.
fn shortened_list(kept: &str) -> Option<String> {
    let closing = match kept.chars().next()? {
        '[' => ']',
        '{' => '}',
        _ => return None,
    };
    let mut scan = BracketScan::default();
    let mut last = 1;
    for (at, byte) in kept.bytes().enumerate() {
        if byte == b',' && scan.depth == 1 && scan.quote.is_none() {
            last = at;
        }
        scan.take(byte);
        if scan.depth == 0 {
            // `[a] and b` is text.
            return None;
        }
    }
    Some(format!("{}{closing}", &kept[..last]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::front_matter::{Value, parse};

    /// Front matter with this number of tags, a long text, and a short key at the end.
    fn written(language: FrontMatterLanguage, tags: usize) -> String {
        let list = |quote: &str| (0..tags).map(|n| format!("{quote}t{n}{quote}")).collect::<Vec<_>>().join(", ");
        let text = "it's \\n long ".repeat(tags);
        match language {
            FrontMatterLanguage::Yaml => {
                format!("---\ntitle: x\ntags: [{}]\nnote: \"{text}\"\nlast: y\n---\nbody", list(""))
            }
            FrontMatterLanguage::Toml => {
                format!("+++\ntitle = 'x'\ntags = [{}]\nnote = \"{text}\"\nlast = 'y'\n+++\nbody", list("'"))
            }
            FrontMatterLanguage::Json => {
                format!("{{\"title\": \"x\", \"tags\": [{}], \"note\": \"{text}\", \"last\": \"y\"}}\nbody", list("\""))
            }
            FrontMatterLanguage::BareJson => {
                format!(
                    ";;;\n\"title\": \"x\", \"tags\": [{}], \"note\": \"{text}\",\n\"last\": \"y\"\n;;;\nbody",
                    list("\"")
                )
            }
            FrontMatterLanguage::Headers => format!("Title: x\nTags: {}\nNote: {text}\nLast: y\n\nbody", list("")),
            FrontMatterLanguage::References | FrontMatterLanguage::Program => {
                format!("[#]: title: (x)\n[#]: tags: ({})\n[#]: last: (y)\nbody", list(""))
            }
        }
    }

    #[test]
    fn long_lists_and_texts_are_cut_in_every_language_and_other_keys_are_kept() {
        use FrontMatterLanguage::{BareJson, Headers, Json, References, Toml, Yaml};
        for language in [Yaml, Toml, Json, BareJson, Headers, References] {
            let text = written(language, 20_000);
            let front = parse(&text).unwrap_or_else(|finding| panic!("{language:?}: {finding:?}"));
            let of = |key| front.fields.get(key).and_then(Value::as_text);
            assert_eq!((of("title"), of("last")), (Some("x"), Some("y")), "{language:?}");
            let kept = front.fields.get("tags").unwrap().elements();
            assert!(kept.len() > 300 || language == References, "{language:?}: {} tags", kept.len());
            assert!(kept[0].as_text().unwrap().starts_with("t0"), "{language:?}");
            assert!(
                front
                    .findings
                    .iter()
                    .any(|finding| finding.message.starts_with("`tags` ") || finding.message.starts_with("`Tags` ")),
                "{:?}",
                front.findings
            );
        }
    }

    #[test]
    fn lists_over_several_lines_are_cut_between_lines() {
        let lines = |before: &str, after: &str| {
            (0..20_000).map(|n| format!("{before}t{n}{after}")).collect::<Vec<_>>().join("\n") + "\n"
        };
        for text in [
            format!("---\ntitle: x\ntags:\n{}last: y\n---\n", lines("- ", "")),
            format!("---\ntitle: x\ntags: [\n{}]\nlast: y\n---\n", lines("  ", ",")),
            format!("---\ntitle: x\ntags:\n{}last: y\n---\n", lines("- name: it's ", "\n  of: [a, b]")),
            format!("---\ntitle: x\ntags: |\n{}last: y\n---\n", lines("  ", "")),
            format!("+++\ntitle = 'x'\ntags = [\n{}]\nlast = 'y'\n+++\n", lines("  '", "',")),
            format!("+++\ntitle = 'x'\ntags = '''\n{}'''\nlast = 'y'\n+++\n", lines("", "")),
        ] {
            let front = parse(&text).unwrap_or_else(|finding| panic!("{text:.60}: {finding:?}"));
            let of = |key| front.fields.get(key).and_then(Value::as_text);
            assert_eq!((of("title"), of("last")), (Some("x"), Some("y")), "{text:.60}");
            assert!(front.fields.get("tags").is_some_and(|tags| !tags.is_blank()), "{text:.60}");
        }
    }

    #[test]
    fn nested_lists_are_cut_between_inner_lists() {
        let inner = (0..9_000).map(|n| format!("[a, 'b, c', \"d\", t{n}]")).collect::<Vec<_>>().join(", ");
        let front = parse(&format!("---\ntitle: x\ncategories: [{inner}]\n---\n")).unwrap();
        let paths = front.fields.get("categories").unwrap().elements();
        assert!(paths.len() > 100 && paths.iter().all(|path| path.elements().len() == 4));
    }

    #[test]
    fn any_text_is_shortened_without_a_panic() {
        for language in [
            FrontMatterLanguage::Yaml,
            FrontMatterLanguage::Toml,
            FrontMatterLanguage::Json,
            FrontMatterLanguage::BareJson,
            FrontMatterLanguage::Headers,
        ] {
            for piece in ["\"", "\\", "[", "}", "a: '", "字=", "\n", "：", ",{\"a\":", "\"\"\"", "''", "x\\u12"] {
                for before in ["a: ", "a = ", "{\"a\": ", "{\"a\": [", "\"a\": \"", ""] {
                    shorten(&format!("{before}{}", piece.repeat(2_000)), language);
                }
            }
        }
    }
}
