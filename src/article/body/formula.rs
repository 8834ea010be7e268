//! Replaces formulas in HTML that are made for browsers, which would be shown twice or without their structure:
//! `MathML`, the output of `KaTeX` and `MathJax`, and `<script type="math/tex">`.
//!
//! A formula becomes its TeX as code if the HTML contains that, or else text such as `(a+b)/7`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

mod mathml;

use super::cost;
use super::html::{StartTag, Token, Tokens, decode, escape};

/// Text without which there is no formula.
const MARKS: [&str; 5] = ["<math", "katex", "MathJax", "mjx-", "math/tex"];

/// HTML with more tags is left as it is; a formula of `KaTeX` has about a hundred.
const MOST_TAGS: usize = 200_000;

/// How much memory a tag and the text after it take.
const BYTES_PER_TAG: usize = 150;

/// Returns HTML in which every formula is text.
pub(crate) fn readable(html: &str) -> Cow<'_, str> {
    if !MARKS.iter().any(|mark| html.contains(mark)) {
        return Cow::Borrowed(html);
    }
    let tags = memchr::memchr_iter(b'<', html.as_bytes()).count();
    if tags > MOST_TAGS {
        return Cow::Borrowed(html);
    }
    let _permit = cost::permit(tags * BYTES_PER_TAG);
    let page = FormulaPage::new(html);
    let mut out = String::with_capacity(html.len());
    let (mut at, mut done) = (0, 0);
    while let Some((token, range)) = page.tokens.get(at) {
        let end = page.ends.get(&at).copied();
        let text = match (token, end) {
            (Token::Start(tag), Some(end)) => page.formula(tag, at, end).map(|text| (text, end)),
            _ => None,
        };
        if let Some((text, end)) = text {
            out.push_str(&html[done..range.start]);
            out.push_str(&text);
            done = page.tokens[end].1.end;
            at = end;
        }
        at += 1;
    }
    if done == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[done..]);
    Cow::Owned(out)
}

struct FormulaPage<'a> {
    tokens: Vec<(Token<'a>, Range<usize>)>,
    /// The end tag of each start tag that has one.
    ends: HashMap<usize, usize>,
    /// The start tags of `MathML`.
    maths: Vec<usize>,
    /// The start tags of elements that no formula contains.
    blocks: Vec<usize>,
}

impl<'a> FormulaPage<'a> {
    fn new(html: &'a str) -> Self {
        let mut tokens = Vec::new();
        let (mut ends, mut maths, mut blocks) = (HashMap::new(), Vec::new(), Vec::new());
        let mut open: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut all = Tokens::new(html);
        loop {
            let start = all.position();
            let Some(token) = all.next() else { break };
            match token {
                Token::Start(tag) if !tag.closes_itself() => open.entry(tag.name).or_default().push(tokens.len()),
                Token::End(name) => {
                    if let Some(start) = open.get_mut(name).and_then(Vec::pop) {
                        ends.insert(start, tokens.len());
                    }
                }
                Token::Start(_) | Token::Text(_) | Token::Raw(_) => {}
            }
            match token {
                Token::Start(tag) if tag.name == "math" => maths.push(tokens.len()),
                Token::Start(tag) if is_block(tag.name) => blocks.push(tokens.len()),
                _ => {}
            }
            tokens.push((token, start..all.position()));
        }
        Self { tokens, ends, maths, blocks }
    }

    /// Returns the HTML of the formula that an element contains; `None` if it is none.
    fn formula(&self, tag: &StartTag<'a>, at: usize, end: usize) -> Option<String> {
        let classes = tag.raw("class").unwrap_or_default();
        let has = |wanted: &[&str]| classes.split_ascii_whitespace().any(|class| wanted.contains(&class));
        let inside = &self.tokens[at + 1..end];
        let text = match tag.name {
            "script" => {
                let kind = tag.value("type").filter(|kind| kind.starts_with("math/"))?;
                let written: String = inside.iter().filter_map(|(token, _)| raw(token)).collect();
                if kind.starts_with("math/mml") { mathml::code_or_text(&written)? } else { code(written.trim()) }
            }
            "math" => mathml::element(tag, inside.iter().map(|(token, _)| *token)),
            _ if self.is_text(at, end) => return None,
            // These precede the script with the source of the formula.
            _ if has(&["MathJax_Preview", "MathJax_Display", "MathJax", "MathJax_SVG", "MathJax_CHTML"]) => {
                if self.precedes_script(end) {
                    return Some(String::new());
                }
                let attribute = || mathml::code_or_text(&decode(tag.raw("data-mathml")?));
                self.math_in(at, end).or_else(attribute)?
            }
            "mjx-container" => self.math_in(at, end).or_else(|| tag.value("aria-label").map(|label| escape(&label)))?,
            _ if has(&["katex", "katex-display", "katex-mathml"]) => self.math_in(at, end)?,
            _ => return None,
        };
        let is_block = has(&["katex-display", "MathJax_Display"])
            || tag.raw("display").is_some_and(|display| matches!(display, "block" | "true"))
            || tag.raw("type").is_some_and(|kind| kind.contains("display"));
        Some(if is_block { format!("\n{text}\n") } else { text })
    }

    /// Returns whether there is more than one formula between these tokens.
    fn is_text(&self, start: usize, end: usize) -> bool {
        let inside = |places: &[usize]| {
            places.partition_point(|place| *place < end) - places.partition_point(|place| *place <= start)
        };
        inside(&self.maths) > 1 || inside(&self.blocks) > 0
    }

    /// Returns the HTML of the first formula in `MathML` between these tokens.
    fn math_in(&self, start: usize, end: usize) -> Option<String> {
        let next = self.maths.partition_point(|math| *math <= start);
        let math = *self.maths.get(next).filter(|math| **math < end)?;
        let Token::Start(tag) = &self.tokens[math].0 else { return None };
        let last = self.ends.get(&math).copied().unwrap_or(end).min(end);
        Some(mathml::element(tag, self.tokens[math + 1..last].iter().map(|(token, _)| *token)))
    }

    /// Returns whether a script with the source of a formula follows, after elements that show the same formula.
    fn precedes_script(&self, end: usize) -> bool {
        let mut at = end + 1;
        // The preview, the formula and its container.
        for _ in 0..3 {
            while let Some((Token::Text(text), _)) = self.tokens.get(at)
                && text.trim().is_empty()
            {
                at += 1;
            }
            match self.tokens.get(at) {
                Some((Token::Start(tag), _)) if tag.name == "script" => {
                    return tag.raw("type").is_some_and(|kind| kind.starts_with("math/"));
                }
                Some((Token::Start(tag), _)) if tag.raw("class").is_some_and(|class| class.contains("MathJax")) => {
                    let Some(end) = self.ends.get(&at) else { return false };
                    at = end + 1;
                }
                _ => return false,
            }
        }
        false
    }
}

fn is_block(name: &str) -> bool {
    matches!(name, "p" | "div" | "ul" | "ol" | "dl" | "li" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre")
        || matches!(name, "blockquote" | "section" | "article" | "figure")
}

fn raw<'a>(token: &Token<'a>) -> Option<&'a str> {
    match token {
        Token::Raw(text) | Token::Text(text) => Some(text),
        Token::Start(_) | Token::End(_) => None,
    }
}

/// Returns TeX as code.
fn code(tex: &str) -> String {
    format!("<code>{}</code>", escape(tex))
}

#[cfg(test)]
mod tests;
