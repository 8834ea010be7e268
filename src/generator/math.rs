//! Which delimiters of mathematics the articles of a site use: those of Hugo's passthrough extension, and `$…$` where the
//! front matter, the configuration or the packages of the site say that there is mathematics.
//!
//! `article::body::math` keeps the text between them as it is written.

use super::{Generator, MarkdownExtension};
use crate::syntax::front_matter::{Fields, Value};

/// Keys of front matter and configurations that turn mathematics on or off.
const SWITCHES: [&str; 5] = ["math", "mathjax", "katex", "use_math", "usemathjax"];

/// The tables that may contain such keys.
const TABLES: [&str; 5] = ["", "extra.", "params.", "theme_config.", "markdown."];

/// Hugo's delimiters if its extension is on and none are configured.
const USUAL: [[&str; 2]; 3] = [["\\[", "\\]"], ["$$", "$$"], ["\\(", "\\)"]];

/// What the configuration of a site says about mathematics.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct MathSettings {
    /// Whether every article may contain mathematics; `None` if the configuration does not say so.
    pub is_on: Option<bool>,
    /// Pairs of delimiters between which Markdown has no effect, in order of precedence.
    pub passthrough: Vec<[String; 2]>,
}

/// The delimiters in one article. `$$…$$` is one everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MathDelimiters<'a> {
    /// Whether `$…$`, `\\(…\\)` and `\\[…\\]` contain mathematics.
    pub has_dollars: bool,
    /// The delimiters of [`MathSettings::passthrough`].
    pub passthrough: &'a [[String; 2]],
}

impl MathSettings {
    /// Parses the configuration of any generator.
    pub(crate) fn parse(fields: &Fields) -> Self {
        Self { is_on: switch(fields), passthrough: passthrough(fields) }
    }

    /// Turns mathematics on if the site has a package for it and its configuration says nothing.
    pub(crate) fn with_packages(mut self, packages: &[String]) -> Self {
        self.is_on = self.is_on.or(packages.iter().any(|package| renders_math(package)).then_some(true));
        self
    }

    /// Returns the delimiters of an article with these fields.
    pub(crate) fn of_article(&self, fields: &Fields, generator: Generator) -> MathDelimiters<'_> {
        let has_dollars =
            switch(fields).or(self.is_on).unwrap_or(generator.markdown.contains(&MarkdownExtension::Mathematics));
        MathDelimiters { has_dollars, passthrough: &self.passthrough }
    }
}

/// Returns whether the switches turn mathematics on; `None` if there are none.
fn switch(fields: &Fields) -> Option<bool> {
    let values = || TABLES.iter().flat_map(|table| SWITCHES.iter().map(move |key| format!("{table}{key}")));
    let states: Vec<bool> = values().filter_map(|key| state(fields.get(&key)?)).collect();
    (!states.is_empty()).then(|| states.contains(&true))
}

/// Returns what the value of a switch means: `true`, `katex`, `{enable: true}`.
fn state(value: &Value) -> Option<bool> {
    match value {
        Value::Map(inside) => {
            let set = ["enable", "enabled"].iter().find_map(|key| inside.get(key)?.as_bool());
            // NexT: `math: {mathjax: {enable: true}}`.
            Some(set.or_else(|| switch(inside)).unwrap_or(true))
        }
        value => value.as_bool().or_else(|| value.as_text().map(|text| !matches!(text, "" | "none" | "off" | "0"))),
    }
}

/// Returns the delimiters of Hugo's passthrough extension, those of blocks first.
/// <https://gohugo.io/configuration/markup/#passthrough>
fn passthrough(fields: &Fields) -> Vec<[String; 2]> {
    let key = |key: &str| fields.get(&format!("markup.goldmark.extensions.passthrough.{key}"));
    if key("enable").and_then(Value::as_bool) != Some(true) {
        return Vec::new();
    }
    let pair = |pair: &Value| match pair.elements() {
        [open, close] => [open.as_text(), close.as_text()].into_iter().flatten().map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let pairs = |key: Option<&Value>| -> Vec<[String; 2]> {
        let written = key.into_iter().flat_map(Value::elements).map(pair);
        written.filter_map(|pair| <[String; 2]>::try_from(pair).ok()).collect()
    };
    let configured = [pairs(key("delimiters.block")), pairs(key("delimiters.inline"))].concat();
    if configured.is_empty() { USUAL.map(|pair| pair.map(str::to_owned)).to_vec() } else { configured }
}

/// Returns whether a package renders mathematics in articles.
fn renders_math(package: &str) -> bool {
    const RENDERERS: [&str; 4] =
        ["hexo-renderer-kramed", "hexo-renderer-kramdown", "hexo-renderer-pandoc", "hexo-renderer-markdown-it-plus"];
    let words = || package.split(['-', '/', '_']);
    RENDERERS.contains(&package)
        || words().any(|word| matches!(word, "math" | "texmath") || word.contains("katex") || word.contains("mathjax"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::{hugo::HUGO, obsidian::OBSIDIAN};
    use crate::syntax::front_matter;

    fn fields(yaml: &str) -> Fields {
        front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields
    }

    #[test]
    fn front_matter_precedes_the_configuration_and_that_precedes_packages() {
        for (site, packages, article, expected) in [
            ("title: x", &[][..], "title: x", false),
            ("title: x", &[], "math: true", true),
            ("title: x", &[], "mathjax: 'yes'", true),
            ("title: x", &[], "extra: {katex: true}", true),
            ("title: x", &["hexo", "hexo-filter-mathjax"], "title: x", true),
            ("title: x", &["mathjs-like", "hexo"], "title: x", false),
            ("title: x", &["@traptitech/markdown-it-katex"], "math: false", false),
            ("math: {enable: true}", &[], "title: x", true),
            ("math: {enable: false}", &["remark-math"], "title: x", false),
            ("params: {math: true}", &[], "title: x", true),
            ("theme_config: {math: {mathjax: {enable: false}}}", &[], "title: x", false),
            ("mathjax: {enable: true}", &[], "mathjax: false", false),
        ] {
            let packages: Vec<String> = packages.iter().map(|&package| package.to_owned()).collect();
            let settings = MathSettings::parse(&fields(site)).with_packages(&packages);
            assert_eq!(
                settings.of_article(&fields(article), HUGO).has_dollars,
                expected,
                "{site} {packages:?} {article}"
            );
        }
        assert!(MathSettings::default().of_article(&fields("title: x"), OBSIDIAN).has_dollars);
    }

    #[test]
    fn the_delimiters_of_hugo_are_those_of_its_configuration() {
        let of = |inner: &str| {
            let yaml = format!("markup: {{goldmark: {{extensions: {{passthrough: {{{inner}}}}}}}}}");
            let pairs = MathSettings::parse(&fields(&yaml)).passthrough;
            pairs.iter().map(|[open, close]| format!("{open} {close}")).collect::<Vec<_>>()
        };
        assert_eq!(of("enable: true, delimiters: {block: [['$$', '$$']], inline: [['@(', ')@']]}"), ["$$ $$", "@( )@"]);
        assert_eq!(of("enable: true"), ["\\[ \\]", "$$ $$", "\\( \\)"]);
        assert_eq!(of("enable: false, delimiters: {inline: [['$', '$']]}"), [""; 0]);
    }
}
