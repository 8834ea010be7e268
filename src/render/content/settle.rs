//! What HTML moves out of tables, settled where it came to stand.
//!
//! A parser puts what stands between the cells of a table before the table, and there it may lie in what it must not lie
//! in: a heading in a heading, an item in an item, a link in a link. Read once more, such HTML is an error (`NotHtml`).
//! It knows sanitised HTML; it deliberately does not know what is allowed, and only adds end tags or leaves tags out.

use std::borrow::Cow;

use super::balance::Open;
use crate::article::body::html::{Token, Tokens};

/// Sanitised HTML that parses as it is written.
pub fn settle(html: &str) -> Cow<'_, str> {
    // Nothing else moves anything.
    if !html.contains("<table") {
        return Cow::Borrowed(html);
    }
    let mut open = Open::default();
    let mut out = String::with_capacity(html.len());
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) | Token::Raw(text) => out.push_str(text),
            Token::End(name) => open.end(name, &mut out),
            Token::Start(tag) => {
                if !open.start(tag.name, &mut out) {
                    continue;
                }
                out.push('<');
                out.push_str(tag.name);
                for (name, value) in tag.attributes() {
                    out.push(' ');
                    out.push_str(name);
                    out.push_str("=\"");
                    out.push_str(value);
                    out.push('"');
                }
                out.push('>');
            }
        }
    }
    open.finish(&mut out);
    Cow::Owned(out)
}
