//! Gives headings the ids that generators give them, so that links to a heading of an article lead there on our page
//! and on the generator's.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Write};
use std::sync::Mutex;

use comrak::Anchorizer;
use comrak::adapters::{HeadingAdapter, HeadingMeta};
use comrak::nodes::Sourcepos;
use unicode_normalization::UnicodeNormalization as _;

use super::html::escape;
use crate::lock::lock;
use crate::name::former_slug;
use crate::syntax::Templates;

/// Writes the headings of one body.
pub(super) struct HeadingIds {
    templates: Templates,
    seen: Mutex<UsedIds>,
}

/// The ids of the headings so far.
#[derive(Default)]
struct UsedIds {
    anchorizer: Anchorizer,
    ids: HashSet<String>,
    next: HashMap<String, usize>,
}

impl HeadingIds {
    /// Gives ids as the generator with this template language does.
    pub(super) fn new(templates: Templates) -> Self {
        Self { templates, seen: Mutex::default() }
    }

    fn id(&self, text: &str) -> String {
        let mut seen = lock(&self.seen);
        let id = match self.templates {
            Templates::Nunjucks => slugized(text),
            Templates::Tera => {
                let spaced = |c: char| if c.is_ascii_punctuation() { ' ' } else { c };
                former_slug(&text.chars().map(spaced).collect::<String>()).unwrap_or_default()
            }
            // Hugo, kramdown's reader of GitHub's Markdown, and most others follow GitHub.
            _ => return seen.anchorizer.anchorize(text.trim()),
        };
        seen.unique(&id)
    }
}

impl UsedIds {
    /// Returns the id, with the lowest number that no other heading has if one has it already.
    fn unique(&mut self, id: &str) -> String {
        let next = self.next.entry(id.to_owned()).or_default();
        let mut unique = id.to_owned();
        while self.ids.contains(&unique) {
            *next += 1;
            unique = format!("{id}-{next}");
        }
        self.ids.insert(unique.clone());
        unique
    }
}

/// Returns the id that Hexo gives a heading (`slugize` of hexo-util): without diacritics, with a hyphen for each run of
/// spaces and signs of ASCII.
fn slugized(text: &str) -> String {
    let plain = text.trim().chars().flat_map(|c| {
        let is_latin = matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
        let base = c.nfd().next().filter(|base| is_latin && base.is_ascii());
        base.unwrap_or(c).to_string().chars().collect::<Vec<_>>()
    });
    let separates = |c: char| c.is_whitespace() || c.is_ascii_punctuation();
    let plain: String = plain.filter(|c| !c.is_control()).collect();
    plain.split(separates).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

impl HeadingAdapter for HeadingIds {
    fn enter(&self, out: &mut dyn Write, heading: &HeadingMeta, _: Option<Sourcepos>) -> fmt::Result {
        let id = self.id(&heading.content);
        if id.is_empty() {
            return write!(out, "<h{}>", heading.level);
        }
        write!(out, "<h{} id=\"{}\">", heading.level, escape(&id))
    }

    fn exit(&self, out: &mut dyn Write, heading: &HeadingMeta) -> fmt::Result {
        writeln!(out, "</h{}>", heading.level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_generator_gives_its_own_ids() {
        for (templates, headings, ids) in [
            (
                Templates::GoShortcodes,
                ["What's new in 2.0?", "What's new in 2.0?", "数据 模型"],
                ["whats-new-in-20", "whats-new-in-20-1", "数据-模型"],
            ),
            (
                Templates::Nunjucks,
                ["What's new in 2.0?", "What's new in 2.0?", "Déjà vu: 数据"],
                ["What-s-new-in-2-0", "What-s-new-in-2-0-1", "Deja-vu-数据"],
            ),
            (
                Templates::Tera,
                ["What's new in 2.0?", "What's new in 2.0?", "Déjà vu"],
                ["what-s-new-in-2-0", "what-s-new-in-2-0-1", "deja-vu"],
            ),
        ] {
            let given = HeadingIds::new(templates);
            assert_eq!(headings.map(|heading| given.id(heading)), ids, "{templates:?}");
        }
    }
}
