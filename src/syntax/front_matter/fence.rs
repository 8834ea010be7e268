//! Finds the beginning, the end and the language of front matter.
//!
//! A count of 55,270 real files found `---` fences in 42,757, no front matter in 5,415, link references in 4,198,
//! `+++` in 1,064, Hexo's form without an opening fence in 1,062, Pelican's `Key: value` in 724 and `~~~~toml` in 45.
//! Line ends must be `\n`.

use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FrontMatterLanguage {
    /// Between `---` lines, or above a single one.
    Yaml,
    /// Between `+++` lines, or in a `~~~~toml` block.
    Toml,
    /// A `{ … }` block.
    Json,
    /// JSON without its braces, between `;;;` lines.
    BareJson,
    /// Pelican's `Key: value` lines, which end at an empty line.
    Headers,
    /// `[#]: key: (value)` lines.
    References,
    /// Code of a programming language, as gray-matter runs it between `---js` and `---`.
    Program,
}

/// The parts of a file as byte ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Split {
    /// The language; `None` if the file has no front matter.
    pub language: Option<FrontMatterLanguage>,
    /// The front matter without its fences.
    pub block: Range<usize>,
    /// The text below the front matter.
    pub body: Range<usize>,
    /// Whether the closing fence is missing.
    pub unclosed: bool,
}

pub(crate) fn split(text: &str) -> Split {
    let start = text.len() - text.trim_start_matches(['\n', ' ', '\t']).len();
    // Skip empty lines, but not the indentation of the first line with text.
    let start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    fenced(text, start)
        .or_else(|| nikola(text, start))
        .or_else(|| after_comment(text, start))
        .or_else(|| json(text, start))
        .or_else(|| references(text, start))
        .or_else(|| unopened(text, start))
        .or_else(|| headers(text, start))
        .unwrap_or_else(|| Split::of_body(text))
}

impl Split {
    /// The parts of a file without front matter.
    pub(crate) fn of_body(text: &str) -> Self {
        Self { language: None, block: 0..0, body: 0..text.len(), unclosed: false }
    }
}

fn of(language: FrontMatterLanguage, block: Range<usize>, body: Range<usize>) -> Split {
    Split { language: Some(language), block, body, unclosed: false }
}

/// The lines of `text` from `start` on, as ranges without their line ends.
fn lines(text: &str, start: usize) -> impl Iterator<Item = Range<usize>> {
    let mut next = start;
    std::iter::from_fn(move || {
        if next >= text.len() {
            return None;
        }
        let end = text[next..].find('\n').map_or(text.len(), |at| next + at);
        let line = next..end;
        next = end + 1;
        Some(line)
    })
}

fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.bytes().all(|b| b == b'-')
}

fn fenced(text: &str, start: usize) -> Option<Split> {
    let opening = lines(text, start).next()?;
    let fence = text[opening.clone()].trim_end();
    let first = (opening.end + 1).min(text.len());
    let close = |closes: &dyn Fn(&str) -> bool| {
        lines(text, first)
            .find(|line| closes(text[line.clone()].trim_end()))
            .map(|line| (first..line.start, (line.end + 1).min(text.len())))
    };
    let found = |language, (block, body): (Range<usize>, usize)| of(language, block, body..text.len());
    if is_rule(fence) {
        // In Hexo the closing fence equals the opening one; Jekyll also accepts `...`. A line of more or fewer hyphens
        // counts only if there is no other.
        return close(&|line| line == fence || line == "...")
            .or_else(|| close(&is_rule))
            .map(|parts| found(FrontMatterLanguage::Yaml, parts))
            .or_else(|| unclosed(text, first));
    }
    if let Some(language) = fence.strip_prefix("---").and_then(|name| of_gray_matter(name.trim())) {
        return close(&|line| line == "---").map(|parts| found(language, parts));
    }
    match fence {
        "+++" => close(&|line| line == "+++")
            .map(|parts| found(FrontMatterLanguage::Toml, parts))
            .or_else(|| unclosed_toml(text, first)),
        ";;;" => close(&|line| line == ";;;").map(|parts| found(FrontMatterLanguage::BareJson, parts)),
        "~~~~toml" | "~~~toml" | "```toml" => {
            let end = fence.trim_end_matches("toml");
            close(&|line| line == end).map(|parts| found(FrontMatterLanguage::Toml, parts))
        }
        _ => None,
    }
}

/// Handles an opening fence without a closing one. The keys end at the first empty line. There must be a key on the
/// first line.
fn unclosed(text: &str, first: usize) -> Option<Split> {
    let end =
        lines(text, first).find(|line| text[line.clone()].trim().is_empty()).map_or(text.len(), |line| line.start);
    key_of(text[first..end].lines().next()?)?;
    Some(Split { unclosed: true, ..of(FrontMatterLanguage::Yaml, first..end, end..text.len()) })
}

/// Handles `+++` without a second one, like [`unclosed`].
fn unclosed_toml(text: &str, first: usize) -> Option<Split> {
    let end =
        lines(text, first).find(|line| text[line.clone()].trim().is_empty()).map_or(text.len(), |line| line.start);
    let (key, _) = text[first..end].lines().next()?.split_once('=')?;
    let is_key = |c: char| c.is_ascii_alphanumeric() || "_-.\"'".contains(c);
    let key = key.trim();
    (!key.is_empty() && key.chars().all(is_key)).then_some(())?;
    Some(Split { unclosed: true, ..of(FrontMatterLanguage::Toml, first..end, end..text.len()) })
}

/// The language that a word behind the opening `---` names, as gray-matter defines it (used by Eleventy and Gatsby).
fn of_gray_matter(name: &str) -> Option<FrontMatterLanguage> {
    match name.to_ascii_lowercase().as_str() {
        "yaml" | "yml" => Some(FrontMatterLanguage::Yaml),
        "toml" => Some(FrontMatterLanguage::Toml),
        "json" => Some(FrontMatterLanguage::Json),
        "js" | "javascript" | "json5" | "cjs" | "mjs" | "ts" | "coffee" | "cson" => Some(FrontMatterLanguage::Program),
        _ => None,
    }
}

/// Handles an HTML comment before the fence. Translations keep the front matter of the original in such a comment.
fn after_comment(text: &str, start: usize) -> Option<Split> {
    let comment = text[start..].strip_prefix("<!--")?;
    let end = start + 4 + comment.find("-->")? + 3;
    let next = text[end..].find(|c: char| !c.is_whitespace())? + end;
    let next = text[..next].rfind('\n').map_or(0, |at| at + 1);
    (next >= end).then(|| fenced(text, next)).flatten().filter(|split| !split.unclosed)
}

fn json(text: &str, start: usize) -> Option<Split> {
    let rest = &text[start..];
    rest.starts_with('{').then_some(())?;
    // `{%` and `{{` begin a template, not an object.
    let inside = rest[1..].trim_start();
    (inside.starts_with('"') || inside.starts_with('}')).then_some(())?;
    let (mut depth, mut in_text, mut escaped) = (0_u32, false, false);
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' if !in_text => depth += 1,
            b'}' if !in_text => {
                depth -= 1;
                if depth == 0 {
                    let end = start + at + 1;
                    return Some(of(FrontMatterLanguage::Json, start..end, end..text.len()));
                }
            }
            _ => {}
        }
    }
    None
}

/// Finds `[#]: subject: (title)` lines, which are link references in Markdown.
fn references(text: &str, start: usize) -> Option<Split> {
    let end = lines(text, start).take_while(|line| text[line.clone()].starts_with("[#]:")).last()?.end;
    Some(of(FrontMatterLanguage::References, start..end, (end + 1).min(text.len())..text.len()))
}

/// Finds Hexo's form without an opening fence, with keys from the first line to the first `---`. All lines above must
/// look like YAML; otherwise an article that contains a thematic break would lose its first part (hexo#4961).
fn unopened(text: &str, start: usize) -> Option<Split> {
    let rule = lines(text, start).find(|line| is_rule(text[line.clone()].trim_end()))?;
    let block = &text[start..rule.start];
    let first = block.lines().next()?;
    // There must be something above the line; the keys are checked below.
    (!first.trim().is_empty()).then_some(())?;
    // A capital letter and an empty line at the end mean Pelican's headers above a text that begins with a thematic
    // break.
    if block.ends_with("\n\n") && key_of(first)?.starts_with(char::is_uppercase) {
        return None;
    }
    // The elements of a list in brackets need no indentation.
    let mut in_list = false;
    let mut looks_like_yaml = |line: &str| {
        let line = line.trim_end();
        let is_yaml = in_list || line.is_empty() || line.starts_with([' ', '\t', '-', '#']) || key_of(line).is_some();
        let opens = key_of(line).is_some_and(|key| line[key.len()..].trim_start_matches([':', ' ']).starts_with('['));
        in_list = (in_list || opens) && !line.ends_with(']');
        is_yaml
    };
    let has_known = block.lines().filter_map(key_of).any(is_known);
    (has_known && block.lines().all(&mut looks_like_yaml) && !in_list)
        .then(|| of(FrontMatterLanguage::Yaml, start..rule.start, (rule.end + 1).min(text.len())..text.len()))
}

/// Finds Nikola's `.. title: x` lines. They are usually in an HTML comment, which ends them.
fn nikola(text: &str, start: usize) -> Option<Split> {
    let comment = text[start..]
        .strip_prefix("<!--")
        .map_or(start, |rest| text.len() - rest.trim_start_matches([' ', '\n']).len());
    let is_key =
        |line: &Range<usize>| text[line.clone()].strip_prefix(".. ").is_some_and(|line| key_of(line).is_some());
    let end = lines(text, comment).take_while(is_key).last()?.end;
    let block = comment..end;
    let is_titled = text[block.clone()].lines().any(|line| line.to_ascii_lowercase().starts_with(".. title:"));
    let rest = text[end..].trim_start();
    let body = match rest.strip_prefix("-->") {
        Some(body) => body,
        None if comment > start => return None,
        None => rest,
    };
    is_titled.then(|| of(FrontMatterLanguage::Headers, block, text.len() - body.len()..text.len()))
}

fn headers(text: &str, start: usize) -> Option<Split> {
    let known =
        ["title", "date", "category", "tags", "slug", "author", "authors", "summary", "modified", "status", "lang"];
    let (mut end, mut below) = (start, start);
    let mut seen = 0;
    for line in lines(text, start) {
        let content = &text[line.clone()];
        if content.trim().is_empty() {
            break;
        }
        // An indented line continues the header above.
        if !content.starts_with([' ', '\t']) {
            let Some(key) = key_of(content) else {
                // After two known keys the body may begin without an empty line.
                if seen < 2 {
                    return None;
                }
                below = line.start;
                break;
            };
            seen += u32::from(known.iter().any(|known| key.eq_ignore_ascii_case(known)));
        }
        (end, below) = (line.end, line.end + 1);
    }
    // One known word and a colon may be a sentence. Two known keys are headers, and so is a title alone.
    let first = key_of(text[start..].lines().next()?)?;
    (seen >= 2 || (seen == 1 && first.eq_ignore_ascii_case("title")))
        .then(|| of(FrontMatterLanguage::Headers, start..end, below.min(text.len())..text.len()))
}

/// Whether generators know this key. A known key shows that a block is front matter.
pub(crate) fn is_known(key: &str) -> bool {
    ["title", "date", "tags", "tag", "categories", "category", "layout", "permalink", "author", "id"]
        .iter()
        .any(|known| key.eq_ignore_ascii_case(known))
}

/// The key of a line such as `title: x`, `title:x` or `title：x`.
pub(crate) fn key_of(line: &str) -> Option<&str> {
    let end = line.find([':', '：'])?;
    let key = line[..end].trim_end();
    let well_formed = key.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
        && key.len() <= 64;
    // `http` in `http://…` is not a key.
    (well_formed && !line[end..].starts_with("://")).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<FrontMatterLanguage>, &str, &str) {
        let split = split(text);
        (split.language, &text[split.block.clone()], &text[split.body.clone()])
    }

    #[test]
    fn every_kind_of_fence_is_found() {
        use FrontMatterLanguage::{BareJson, Headers, Json, Program, References, Toml, Yaml};
        for (text, language, block, body) in [
            ("---\na: 1\n---\nbody", Some(Yaml), "a: 1\n", "body"),
            ("\n---\na: 1\n--- \nbody", Some(Yaml), "a: 1\n", "body"),
            ("\n \n---  \na: 1\n...\nbody", Some(Yaml), "a: 1\n", "body"),
            ("----\na: 1\n----\nbody\n---\n", Some(Yaml), "a: 1\n", "body\n---\n"),
            ("---\n---\nbody", Some(Yaml), "", "body"),
            ("title: x\ntags:\n- a\n\n---\nbody", Some(Yaml), "title: x\ntags:\n- a\n\n", "body"),
            ("+++\na = 1\n+++\nbody", Some(Toml), "a = 1\n", "body"),
            ("~~~~toml\na = 1\n~~~~\nbody", Some(Toml), "a = 1\n", "body"),
            ("---json\n{\"a\": 1}\n---\nbody", Some(Json), "{\"a\": 1}\n", "body"),
            ("--- yaml\na: 1\n---\nbody", Some(Yaml), "a: 1\n", "body"),
            ("---toml\na = 1\n---\nbody", Some(Toml), "a = 1\n", "body"),
            ("---js\n{ a: 1 }\n---\nbody", Some(Program), "{ a: 1 }\n", "body"),
            ("+++\ndraft = true\n\nbody", Some(Toml), "draft = true\n", "\nbody"),
            (";;;\n\"a\": 1\n;;;\nbody", Some(BareJson), "\"a\": 1\n", "body"),
            ("{\"a\": {\"b\": \"}\"}}\nbody", Some(Json), "{\"a\": {\"b\": \"}\"}}", "\nbody"),
            ("Title: x\nDate: 2020-01-01\n\nbody", Some(Headers), "Title: x\nDate: 2020-01-01", "\nbody"),
            ("Title: x\nTags: a, b\n\n---\nbody", Some(Headers), "Title: x\nTags: a, b", "\n---\nbody"),
            ("Title: x\nTags:\n- a\n---\nbody", Some(Yaml), "Title: x\nTags:\n- a\n", "body"),
            (
                "title: x\naliases: [\n/a/,\n/b/\n]\n---\nbody",
                Some(Yaml),
                "title: x\naliases: [\n/a/,\n/b/\n]\n",
                "body",
            ),
            (
                "[#]: subject: (x)\n[#]: author: (y)\nbody",
                Some(References),
                "[#]: subject: (x)\n[#]: author: (y)",
                "body",
            ),
            ("<!--\n---\na: 0\n---\n-->\n---\na: 1\n---\nbody", Some(Yaml), "a: 1\n", "body"),
        ] {
            assert_eq!(parts(text), (language, block, body), "{text:?}");
        }
    }

    #[test]
    fn a_body_with_thematic_breaks_is_not_split() {
        for text in [
            "Hello\n\n-----\nworld",
            "A heading\n---\ntext",
            "Note: this\nis text\n\n---\nmore",
            "{% raw %}\n",
            "<!-- x -->\ntext",
            "See http://x.y\n---\n",
            "---jsx\ntext\n---\n",
            "+++\na sentence = not a key\n",
        ] {
            assert_eq!(parts(text), (None, "", text), "{text:?}");
        }
    }

    #[test]
    fn without_a_closing_fence_the_front_matter_ends_at_the_first_empty_line() {
        let text = "---\ntitle: x\n\nbody";
        assert!(split(text).unclosed);
        assert_eq!(parts(text).1, "title: x\n");
    }
}
