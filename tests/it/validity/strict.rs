//! A strict reader of XML 1.0: it accepts only the characters, references, names and attributes that the
//! standard allows (2.2, 2.3, 3.1, 4.1, 4.6).
//!
//! It is written from the standard and does not use `quick-xml`, which renders our feeds and also accepts
//! some invalid XML that it must not write. Of feeds it knows only the names of the elements in an entry.

use std::collections::HashMap;

use super::Seen;

struct Reader<'a> {
    rest: &'a str,
}

/// The text of an element and its descendants.
#[derive(Default)]
struct Element {
    name: String,
    attributes: HashMap<String, String>,
    text: String,
    children: Vec<Element>,
}

/// Id, link and title of each entry of an RSS or Atom document.
pub fn entries(document: &[u8]) -> Result<Vec<Seen>, String> {
    let text = std::str::from_utf8(document).map_err(|error| error.to_string())?;
    if let Some(forbidden) = text.chars().find(|&c| !is_char(c)) {
        return Err(format!("{forbidden:?} is not an XML character"));
    }
    let mut reader =
        Reader { rest: text.strip_prefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>").ok_or("no declaration")? };
    reader.between()?;
    let root = reader.element()?;
    reader.between()?;
    if !reader.rest.is_empty() {
        return Err(format!("after the root: {:.40}", reader.rest));
    }
    let mut found = Vec::new();
    collect(&root, &mut found);
    Ok(found)
}

fn collect(element: &Element, found: &mut Vec<Seen>) {
    let of = |name: &str| element.children.iter().find(|child| child.name == name);
    let text = |name: &str| of(name).map_or(String::new(), |child| child.text.clone());
    match element.name.as_str() {
        "item" => found.push((text("guid"), text("link"), text("title"))),
        "entry" => {
            let link = of("link").and_then(|link| link.attributes.get("href").cloned()).unwrap_or_default();
            found.push((text("id"), link, text("title")));
        }
        _ => element.children.iter().for_each(|child| collect(child, found)),
    }
}

fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, ':' | '_')
}

impl<'a> Reader<'a> {
    /// White space and processing instructions.
    fn between(&mut self) -> Result<(), String> {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
            let Some(instruction) = self.rest.strip_prefix("<?") else {
                return Ok(());
            };
            let end = instruction.find("?>").ok_or("an instruction without an end")?;
            self.rest = &instruction[end + 2..];
        }
    }

    fn take(&mut self, expected: &str) -> Result<(), String> {
        self.rest = self.rest.strip_prefix(expected).ok_or(format!("{expected:?} expected at {:.40}", self.rest))?;
        Ok(())
    }

    fn name(&mut self) -> Result<&'a str, String> {
        let is_part = |c: char| is_name_start(c) || c.is_ascii_digit() || matches!(c, '-' | '.');
        let length = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(length);
        if !name.starts_with(is_name_start) {
            return Err(format!("no name at {:.40}", self.rest));
        }
        self.rest = rest;
        Ok(name)
    }

    fn element(&mut self) -> Result<Element, String> {
        self.take("<")?;
        let mut element = Element { name: self.name()?.to_owned(), ..Element::default() };
        loop {
            let before = self.rest.len();
            self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
            if self.rest.starts_with("/>") {
                self.take("/>")?;
                return Ok(element);
            }
            if self.rest.starts_with('>') {
                self.take(">")?;
                break;
            }
            if before == self.rest.len() {
                return Err(format!("no space before an attribute at {:.40}", self.rest));
            }
            let name = self.name()?.to_owned();
            self.take("=")?;
            let quote = self.rest.get(..1).filter(|quote| ["\"", "'"].contains(quote)).ok_or("no quote")?;
            self.take(quote)?;
            let end = self.rest.find(quote).ok_or("an attribute without an end")?;
            let value = self.resolved(end)?;
            self.take(quote)?;
            if element.attributes.insert(name.clone(), value).is_some() {
                return Err(format!("{name} occurs twice"));
            }
        }
        self.content(&mut element)?;
        Ok(element)
    }

    fn content(&mut self, element: &mut Element) -> Result<(), String> {
        loop {
            let end = self.rest.find('<').ok_or(format!("{} has no end", element.name))?;
            if self.rest[..end].contains("]]>") {
                return Err("]]> in text".to_owned());
            }
            let text = self.resolved(end)?;
            element.text.push_str(&text);
            if let Some(data) = self.rest.strip_prefix("<![CDATA[") {
                let end = data.find("]]>").ok_or("CDATA without an end")?;
                element.text.push_str(&data[..end]);
                self.rest = &data[end + 3..];
            } else if self.rest.starts_with("</") {
                self.take("</")?;
                self.take(&element.name)?;
                return self.take(">");
            } else {
                element.children.push(self.element()?);
            }
        }
    }

    /// Reads `length` bytes and resolves their references; they contain no `<`.
    fn resolved(&mut self, length: usize) -> Result<String, String> {
        let (written, rest) = self.rest.split_at(length);
        self.rest = rest;
        if written.contains('<') {
            return Err("< in an attribute".to_owned());
        }
        let mut parts = written.split('&');
        let mut resolved = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, after) = part.split_once(';').ok_or(format!("a lone & before {part:.20}"))?;
            let number = match (name.strip_prefix("#x"), name.strip_prefix('#')) {
                (Some(hex), _) => u32::from_str_radix(hex, 16).ok(),
                (None, Some(decimal)) => decimal.parse().ok(),
                (None, None) => ["amp", "lt", "gt", "quot", "apos"]
                    .iter()
                    .position(|known| *known == name)
                    .map(|at| u32::from(b"&<>\"'"[at])),
            };
            let character = number.and_then(char::from_u32).filter(|&c| is_char(c));
            resolved.push(character.ok_or(format!("&{name}; is nothing"))?);
            resolved.push_str(after);
        }
        Ok(resolved)
    }
}
