//! Writes `MathML` as text: `(a+b)/7`, `x^2`, `√(a+b)`.

use super::code;
use crate::article::body::html::{StartTag, Token, Tokens, decode, escape};

/// How tightly a part is bound, which decides where it needs parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    /// A number, a name or an operator.
    Single,
    /// `x^2`, `√x`.
    Power,
    /// `a/b`, `a+b`.
    Row,
}

#[derive(Debug, Clone)]
struct Operand {
    text: String,
    binding: Binding,
}

impl Operand {
    /// Returns the text, in parentheses if it is bound less tightly.
    fn within(&self, binding: Binding) -> String {
        if self.binding > binding { format!("({})", self.text) } else { self.text.clone() }
    }
}

/// An element that is not closed yet.
struct OpenElement<'a> {
    tag: StartTag<'a>,
    parts: Vec<Operand>,
}

/// Returns the HTML of the first formula in `MathML`.
pub(super) fn code_or_text(mathml: &str) -> Option<String> {
    let mut tokens = Tokens::new(mathml);
    let tag = tokens.by_ref().find_map(|token| match token {
        Token::Start(tag) if tag.name == "math" => Some(tag),
        _ => None,
    })?;
    let tokens: Vec<Token> = tokens.collect();
    Some(element(&tag, tokens.into_iter()))
}

/// Returns the HTML of the element `math` with this content: its TeX, or else text.
pub(super) fn element<'a>(tag: &StartTag<'a>, inside: impl Iterator<Item = Token<'a>> + Clone) -> String {
    if let Some(tex) = annotation(inside.clone()).or_else(|| tag.value("alttext").map(Into::into)) {
        return code(tex.trim());
    }
    escape(text(tag, inside).trim())
}

/// Returns the TeX that annotates a formula.
fn annotation<'a>(tokens: impl Iterator<Item = Token<'a>>) -> Option<String> {
    let mut tokens = tokens.skip_while(|token| !matches!(token, Token::Start(tag) if is_tex(tag)));
    tokens.next()?;
    let texts = tokens.map_while(|token| match token {
        Token::Text(text) => Some(decode(text)),
        Token::Start(_) | Token::End(_) | Token::Raw(_) => None,
    });
    let tex: String = texts.collect();
    (!tex.trim().is_empty()).then_some(tex)
}

fn is_tex(tag: &StartTag) -> bool {
    tag.name == "annotation"
        && tag
            .raw("encoding")
            .is_some_and(|encoding| encoding.to_ascii_lowercase().trim_end_matches('/').contains("tex"))
}

/// Elements that are nested more deeply are written without their structure.
const DEEPEST: usize = 100;

/// Returns a formula as text.
fn text<'a>(tag: &StartTag<'a>, inside: impl Iterator<Item = Token<'a>>) -> String {
    let mut open = vec![OpenElement { tag: *tag, parts: Vec::new() }];
    // The number of elements that are open and nested too deeply.
    let mut too_deep = 0_usize;
    for token in inside {
        match token {
            Token::Start(tag) if open.len() > DEEPEST => too_deep += usize::from(!tag.closes_itself()),
            Token::Start(tag) => {
                open.push(OpenElement { tag, parts: Vec::new() });
                if tag.closes_itself() {
                    close(&mut open);
                }
            }
            Token::End(_) if too_deep > 0 => too_deep -= 1,
            Token::End(name) if open[1..].iter().any(|frame| frame.tag.name == name) => {
                while open.len() > 1 && close(&mut open) != name {}
            }
            Token::Text(text) | Token::Raw(text) => {
                let is_carried = |c: &char| !matches!(c, '\u{2061}'..='\u{2064}' | '\u{200B}');
                let words: Vec<String> =
                    decode(text).split_whitespace().map(|word| word.chars().filter(is_carried).collect()).collect();
                let text = words.join(" ");
                if let Some(frame) = open.last_mut().filter(|_| !text.is_empty()) {
                    frame.parts.push(Operand { text, binding: Binding::Single });
                }
            }
            Token::End(_) => {}
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map_or_else(String::new, |frame| row(frame.parts).text)
}

/// Closes the innermost element and returns its name.
fn close(open: &mut Vec<OpenElement>) -> &'static str {
    let Some(frame) = open.pop() else { return "" };
    let name = frame.tag.name;
    if let Some((part, outer)) = part(frame).zip(open.last_mut()) {
        outer.parts.push(part);
    }
    name
}

/// Returns the text of an element; `None` if it shows nothing.
fn part(frame: OpenElement) -> Option<Operand> {
    use Binding::{Power, Row, Single};
    let OpenElement { tag, parts } = frame;
    let made = |text: String, binding| Some(Operand { text, binding });
    match (tag.name, parts.as_slice()) {
        ("mspace", _) => made(" ".to_owned(), Single),
        ("annotation" | "annotation-xml" | "mphantom", _) | (_, []) => None,
        ("semantics", [first, ..]) => Some(first.clone()),
        ("mfrac", [above, below]) => made(format!("{}/{}", above.within(Power), below.within(Power)), Row),
        ("msub" | "munder", [base, below]) => made(format!("{}_{}", base.within(Single), below.within(Single)), Power),
        ("mover", [base, above]) if is_accent(&above.text) => {
            made(format!("{}{}", base.text, above.text), base.binding)
        }
        ("msup" | "mover", [base, above]) => made(format!("{}^{}", base.within(Single), above.within(Single)), Power),
        ("msubsup" | "munderover", [base, below, above]) => {
            let (base, below, above) = (base.within(Single), below.within(Single), above.within(Single));
            made(format!("{base}_{below}^{above}"), Power)
        }
        ("msqrt", [_, ..]) => made(format!("√{}", row(parts).within(Single)), Power),
        ("mroot", [inner, index]) => made(format!("root({}, {})", index.text, inner.text), Single),
        ("mtable", _) => made(joined(&parts, "; "), Single),
        ("mtr" | "mlabeledtr", _) => made(joined(&parts, ", "), Row),
        ("mfenced", _) => {
            let attribute =
                |name, usual: &str| tag.raw(name).map_or_else(|| usual.to_owned(), |raw| decode(raw).into());
            let (open, close) = (attribute("open", "("), attribute("close", ")"));
            made(format!("{open}{}{close}", joined(&parts, ", ")), Single)
        }
        ("mi" | "mn" | "mo" | "ms" | "mtext", _) => made(joined(&parts, " "), Single),
        _ => Some(row(parts)),
    }
}

fn is_accent(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| !c.is_alphanumeric()) && chars.next().is_none()
}

fn joined(parts: &[Operand], between: &str) -> String {
    parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(between)
}

/// Writes parts side by side.
fn row(mut parts: Vec<Operand>) -> Operand {
    match parts.len() {
        1 => parts.remove(0),
        _ => Operand { text: joined(&parts, ""), binding: Binding::Row },
    }
}
