//! Generates articles with arbitrary characters, and with those that are known to break feeds more often than
//! others.

use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;

/// A text, and its spelling in front matter.
#[derive(Clone, PartialEq)]
pub struct Text {
    /// The text that the author means.
    pub meant: String,
    /// The text as a JSON string, which is also a YAML string.
    spelled: String,
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.400}", self.spelled)
    }
}

impl Text {
    pub fn plain(text: &str) -> Self {
        Self { meant: text.to_owned(), spelled: serde_json::to_string(text).unwrap() }
    }

    /// Escapes every character outside ASCII, as programs do; characters beyond the first plane become
    /// surrogate pairs.
    pub fn escaped(text: &str) -> Self {
        let mut spelled = String::from("\"");
        for unit in text.encode_utf16() {
            match u8::try_from(unit) {
                Ok(byte @ (b'a'..=b'z' | b'A'..=b'Z' | b' ' | b'<' | b'>' | b'&')) => spelled.push(byte.into()),
                _ => {
                    // Writing to a `String` cannot fail.
                    let _ = write!(spelled, "\\u{unit:04x}");
                }
            }
        }
        Self { meant: text.to_owned(), spelled: spelled + "\"" }
    }

    pub fn spelled(&self) -> &str {
        &self.spelled
    }

    /// The title that readers must show; `None` if markup or the length limit changes it in ways this test
    /// does not predict.
    pub fn cleaned(&self) -> Option<String> {
        let is_simple =
            !self.meant.contains(['<', '&', '\u{c2}', '\u{c3}', '\u{feff}']) && self.meant.chars().count() < 400;
        let kept = |c: char| match u32::from(c) {
            0x7f..=0x9f | 0xfffd | 0xfdd0..=0xfdef => None,
            code if code & 0xfffe == 0xfffe => None,
            _ => Some(c),
        };
        let parts = self.meant.split(|c: char| c.is_whitespace() || c.is_control());
        let words = parts.map(|part| part.chars().filter_map(kept).collect::<String>());
        is_simple.then(|| words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
    }
}

/// An article as it is written to a file.
#[derive(Debug, Clone)]
pub struct Article {
    pub number: usize,
    pub title: Text,
    pub author: Text,
    pub tag: Text,
    pub summary: Option<Text>,
    pub id: Option<Text>,
    pub body: String,
}

impl Article {
    pub fn place(&self) -> String {
        format!("{}.{}", self.number, if self.number.is_multiple_of(2) { "md" } else { "html" })
    }

    pub fn source(&self) -> String {
        let line =
            |key: &str, text: Option<&Text>| text.map_or(String::new(), |text| format!("{key}: {}\n", text.spelled()));
        format!(
            "---\ndate: 2020-01-{:02}\n{}{}{}{}{}---\n{}",
            // The newest article comes first, in the feed and in the list.
            28 - self.number,
            line("title", Some(&self.title)),
            line("author", Some(&self.author)),
            line("tags", Some(&self.tag)),
            line("description", self.summary.as_ref()),
            line("id", self.id.as_ref()),
            self.body
        )
    }
}

/// Strings that have broken feeds.
const PIECES: [&str; 52] = [
    "]]>",
    "<![CDATA[",
    "&",
    "&amp;",
    "&copy;",
    "&copy",
    "&#8;",
    "&#x1;",
    "&#xD800;",
    "<",
    ">",
    "</b>",
    "<b>",
    "</div>",
    "<script>",
    "<!--",
    "-->",
    "<?",
    "?>",
    "\"",
    "'",
    "\\",
    "\u{0}",
    "\u{8}",
    "\u{b}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{9f}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{202e}",
    "\u{2028}",
    "\u{fdd0}",
    "\u{feff}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{1fffe}",
    "\u{10ffff}",
    "Ã©",
    "Â\u{a0}",
    "🦀",
    "\n",
    "\n{: ",
    "{:",
    "{{<",
    "{%",
    "}",
    "=",
    "\n:::",
    "{::comment}",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => any::<char>().prop_map(String::from),
        3 => prop::sample::select(PIECES.as_slice()).prop_map(str::to_owned),
        3 => "[a-zA-Z0-9 ]{1,8}",
        1 => "\\PC{1,4}",
    ]
}

fn raw() -> impl Strategy<Value = String> {
    prop_oneof![
        40 => vec(piece(), 0..10).prop_map(|pieces| pieces.concat()),
        // Front matter with hundreds of brackets in a row is refused as a YAML bomb, even in quotes.
        1 => (piece(), 200..600_usize).prop_map(|(piece, times)| piece.replace(['{', '['], "(").repeat(times)),
    ]
}

pub fn text() -> impl Strategy<Value = Text> {
    (raw(), any::<bool>()).prop_map(|(text, escaped)| if escaped { Text::escaped(&text) } else { Text::plain(&text) })
}

/// Generates one to three articles.
pub fn written() -> impl Strategy<Value = Vec<Article>> {
    let article = (text(), text(), text(), prop::option::of(text()), prop::option::weighted(0.2, text()), raw());
    vec(article, 1..4).prop_map(|articles| {
        let numbered = articles.into_iter().enumerate();
        numbered
            .map(|(number, (title, author, tag, summary, id, body))| Article {
                number,
                title,
                author,
                tag,
                summary,
                id,
                body,
            })
            .collect()
    })
}
