//! Repairs HTML after the parser has moved content out of tables.
//!
//! A parser moves content between the cells of a table to a position before the table, where it may end up
//! in a forbidden parent: a heading in a heading, a list item in a list item, a link in a link. Parsing
//! such HTML again is an error, which the validator reports as `NotHtml`. This module takes sanitised HTML
//! and only adds end tags or drops tags.

use std::borrow::Cow;

use super::balance::OpenElements;
use crate::article::body::html::{Token, Tokens};

/// Returns sanitised HTML that parses to the tree it was written from.
pub(crate) fn settle(html: &str) -> Cow<'_, str> {
    // The parser only moves content out of tables.
    if !html.contains("<table") {
        return Cow::Borrowed(html);
    }
    let mut open = OpenElements::default();
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
