//! Finds the title of an article: in front matter, in the first heading, or in the file name. A note without any has none.

use std::borrow::Cow;

use super::LazyBody;
use crate::article::body::Syntax;
use crate::article::body::html::{self, Token, Tokens};
use crate::article::body::{hidden, locked};
use crate::article::{ParseOptions, body};
use crate::content_path::{ContentPath, file_name, is_index};
use crate::generator::languages as language;
use crate::syntax::date;
use crate::syntax::front_matter::{Fields, Value};
use crate::text::is_invisible;

/// Maximum number of characters in a title. Longer titles are cut.
const LONGEST: usize = 2_000;

/// Returns the title of an article, cut to [`LONGEST`] characters; empty if it has none.
pub(super) fn title(place: &ContentPath, body: &LazyBody<'_>, fields: &Fields, options: &ParseOptions) -> Box<str> {
    let title = whole(place, body, fields, options);
    match title.char_indices().nth(LONGEST) {
        Some((end, _)) => title[..end].into(),
        None => title,
    }
}

fn whole(place: &ContentPath, body: &LazyBody<'_>, fields: &Fields, options: &ParseOptions) -> Box<str> {
    if let Some(title) = fields.first_of(&["title", "subject"]).and_then(|(_, value)| written(value)) {
        // Aggregators that write for Hexo escape braces in the whole file.
        let title = title.replace("&#123;", "{").replace("&#125;", "}");
        let title = locked::without(&title, || body.markup()).0;
        let title = match hidden::visible(&title) {
            Cow::Borrowed(shown) => Cow::Borrowed(shown),
            // If a part was removed, the rest is HTML text with character references.
            Cow::Owned(shown) => Cow::Owned(html::decode(&shown).into_owned()),
        };
        if !is_invisible(&title) {
            return title.into();
        }
    }
    let page = || (body.markup().syntax == Syntax::Html).then(|| of_page(body.text())).flatten();
    let heading = || body::first_heading(body).filter(|heading| !is_invisible(heading));
    if let Some(title) = page().or_else(heading) {
        return title.into();
    }
    let name = name_of(place, options);
    // A note, whose file is named after its time, or whose title is empty on purpose.
    let is_empty = fields.get("title").is_some_and(|title| matches!(title, Value::Text(_) | Value::List(_)));
    if is_empty || name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Box::default();
    }
    (options.generator.title_of_name)(&name).into()
}

/// Returns the `<title>` of a body that is a whole HTML page. Without a `<head>`, a `<title>` belongs to an SVG image.
fn of_page(body: &str) -> Option<String> {
    let head = body.as_bytes().windows(5).position(|tag| tag.eq_ignore_ascii_case(b"<head"))?;
    let mut tokens = Tokens::new(&body[head..]);
    for token in tokens.by_ref() {
        match token {
            Token::Start(tag) if tag.name == "title" => break,
            Token::Start(tag) if tag.name == "body" => return None,
            _ => {}
        }
    }
    let Some(Token::Raw(title) | Token::Text(title)) = tokens.next() else {
        return None;
    };
    let title = html::decode(title).split_whitespace().collect::<Vec<_>>().join(" ");
    (!is_invisible(&title)).then_some(title)
}

/// Returns a title as text. In YAML, a title in brackets is a list: `title: [bees]`.
fn written(value: &Value) -> Option<String> {
    let texts: Vec<&str> = value.elements().iter().filter_map(Value::as_text).collect();
    (!texts.is_empty()).then(|| texts.join(", ")).filter(|title| !is_invisible(title))
}

/// Returns the file name without date and language: `a` for `2021-08-04-a.zh.md`. For an `index.md` it is the name of
/// the directory.
pub(crate) fn name_of(place: &ContentPath, options: &ParseOptions) -> String {
    let stem = place.stem();
    let stem = language::in_name(place).map_or(stem, |tag| &stem[..stem.len() - tag.len() - 1]);
    if is_index(stem) && !place.directory().is_empty() {
        return file_name(place.directory()).to_owned();
    }
    // `in_name` removes the extension, and the stem may contain dots.
    match date::in_name(&format!("{stem}.md"), &options.zones, options.generator.date_order) {
        Some(dated) if !dated.slug.is_empty() => dated.slug,
        _ => stem.to_owned(),
    }
}
