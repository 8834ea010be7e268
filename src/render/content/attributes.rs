//! Writes attributes: those with a meaning outside their page, in the forms that HTML allows.

use super::Reference;
use super::rewrite::Rewrite;
use crate::article::body::html::{StartTag, decode, escape};
use crate::article::body::image::pixels;

/// Attributes that are copied as written. The sanitiser checks on which elements they are allowed.
const KEPT: [&str; 18] = [
    "align", "alt", "char", "charoff", "colspan", "datetime", "headers", "height", "hreflang", "lang", "media",
    "rowspan", "scope", "size", "span", "summary", "title", "width",
];

impl Rewrite<'_> {
    pub(super) fn attributes(&mut self, tag: &StartTag) {
        let id = tag.value("id").or_else(|| tag.value("name").filter(|_| tag.name == "a"));
        if let Some(id) = id.filter(|id| self.ids.insert(id.to_string())) {
            self.attribute("id", &escape(&id));
        }
        if let Some(language) = self.language_of(tag) {
            self.attribute("class", &format!("language-{language}"));
        }
        for (name, value) in tag.attributes() {
            let name = name.to_ascii_lowercase();
            match (&*name, tag.name) {
                ("width" | "height", "img" | "video" | "source") => {
                    // "auto", "50vw" and "100%" have no meaning outside their page.
                    if let Some(pixels) = pixels(value) {
                        self.attribute(&name, &pixels.to_string());
                    }
                }
                ("dir", _) => {
                    let direction = value.trim().to_ascii_lowercase();
                    if matches!(&*direction, "ltr" | "rtl" | "auto") {
                        self.attribute("dir", &direction);
                    }
                }
                ("type", "ol") if matches!(value.trim(), "1" | "a" | "A" | "i" | "I") => {
                    self.attribute("type", value.trim());
                }
                ("type", "source") => self.attribute("type", &escape(&decode(value))),
                ("start", "ol") | ("value", "li") => {
                    if let Ok(number) = value.trim().parse::<i32>() {
                        self.attribute(&name, &number.to_string());
                    }
                }
                ("reversed", "ol") | ("open", "details") => self.attribute(&name, ""),
                _ if KEPT.contains(&&*name) => self.attribute(&name, &value.replace('"', "&quot;")),
                _ => {}
            }
        }
        if matches!(tag.name, "td" | "th")
            && tag.raw("align").is_none()
            && let Some(align) = tag.raw("style").and_then(text_align)
        {
            self.attribute("align", align);
        }
    }

    pub(super) fn attribute(&mut self, name: &str, escaped: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.out.push_str(escaped);
        self.out.push('"');
    }

    /// Writes the attribute if its reference resolves to a URL.
    pub(super) fn address(&mut self, name: &str, reference: Option<&str>, kind: Reference) {
        if let Some(address) = reference.and_then(|reference| self.absolute(kind, reference)) {
            self.attribute(name, &escape(&address));
        }
    }

    /// Returns the language to write on a `<code>` element. Rouge and Prism write it on an element around it.
    fn language_of(&mut self, tag: &StartTag) -> Option<String> {
        let own = || {
            let named = |class: &str| {
                let name = class.strip_prefix("language-").or_else(|| class.strip_prefix("lang-"))?;
                // Markdown may have more words behind the language: `rust,editable`, `{.python}`.
                let name = name.trim_start_matches(['{', '.']);
                let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.'));
                let name = &name[..name.find(ends).unwrap_or(name.len())];
                (!name.is_empty() && name.len() <= 40).then(|| name.to_owned())
            };
            decode(tag.raw("class")?).split_ascii_whitespace().find_map(named)
        };
        match tag.name {
            "code" => own().or_else(|| self.language.clone().filter(|_| self.open.contains("pre"))),
            "pre" | "div" | "figure" => {
                self.language = own().or_else(|| self.language.take());
                None
            }
            _ => None,
        }
    }
}

/// Returns the value of `text-align`, which kramdown and goldmark write for the columns of a table.
fn text_align(style: &str) -> Option<&'static str> {
    let value = style.split(';').filter_map(|rule| rule.split_once(':')).find(|(name, _)| name.trim() == "text-align");
    let value = value?.1.trim();
    ["left", "right", "center"].into_iter().find(|known| value.eq_ignore_ascii_case(known))
}
