//! Fills in what Liquid writes in place of variables and links, as far as the files of a site say it without a program:
//! `{{ page.KEY }}` and `{{ site.KEY }}` with a scalar value, names that `assign` or `capture` give a literal text, and
//! `{% link %}` to a file or page that is no article.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Opening, Shortcode, ShortcodeTags};
use crate::article::body::{Markup, ParsedBody, Templates};
use crate::content_path::is_article_extension;
use crate::syntax::front_matter::{Fields, Value};
use crate::text::encode_path;

/// The keys that Jekyll sets itself, and those of URLs, without which paths stay relative to the site.
const PAGE: [&str; 13] = [
    "collection",
    "content",
    "date",
    "excerpt",
    "id",
    "name",
    "next",
    "output",
    "path",
    "previous",
    "relative_path",
    "url",
    "permalink",
];
const SITE: [&str; 9] = ["baseurl", "collections", "data", "documents", "github", "pages", "posts", "time", "url"];

/// Filters that keep a path as it is.
const FILTERS: [&str; 4] = ["relative_url", "absolute_url", "strip", "escape_once"];

/// Maximum length of a value in bytes.
const LONGEST: usize = 1000;

/// What may be added to a body besides its own length, in bytes.
const ROOM: usize = 4096;

/// Where the values of variables are.
#[derive(Clone, Copy)]
pub(crate) struct Variables<'a> {
    /// The front matter.
    pub page: &'a Fields,
    /// The configuration.
    pub site: &'a Fields,
}

/// Returns a body with the tags replaced whose text is known; the others stay.
pub(crate) fn filled<'a>(body: &'a str, markup: Markup, variables: Variables<'_>) -> Cow<'a, str> {
    if markup.templates != Templates::Liquid {
        return Cow::Borrowed(body);
    }
    let parsed = ParsedBody::new(body, markup);
    let mut names: HashMap<&str, String> = HashMap::new();
    let mut captured: Option<(&str, usize)> = None;
    // How many conditions and loops are open. Whether a tag in them runs is unknown.
    let mut depth = 0_usize;
    let (mut out, mut done, mut room) = (String::new(), 0, body.len() + ROOM);
    for tag in ShortcodeTags::new(&parsed).take(super::MOST) {
        let written = &body[tag.range.clone()];
        let begun = captured.take();
        let text = match tag.name {
            "if" | "unless" | "case" | "for" | "tablerow" => {
                depth += 1;
                continue;
            }
            "endif" | "endunless" | "endcase" | "endfor" | "endtablerow" => {
                depth = depth.saturating_sub(1);
                continue;
            }
            "assign" => {
                let Some((name, value)) = tag.text.split_once('=') else {
                    continue;
                };
                let value = value_of(value, &names, variables).filter(|_| depth == 0);
                let value = value.map(Cow::into_owned);
                give(&mut names, name.trim(), value);
                continue;
            }
            "capture" => {
                captured = Some((tag.text.trim_matches(['"', '\'']), tag.range.end));
                give(&mut names, tag.text.trim_matches(['"', '\'']), None);
                continue;
            }
            "endcapture" => {
                if let Some((name, start)) = begun.filter(|_| depth == 0) {
                    give(&mut names, name, Some(body[start..tag.range.start].to_owned()));
                }
                continue;
            }
            "link" => linked(&tag, variables.site).map(Cow::Owned),
            _ if tag.opening == Opening::Variable => {
                let inside = written.trim_start_matches(['{', '-']).trim_end_matches(['}', '-']);
                value_of(inside, &names, variables)
            }
            _ => None,
        };
        let Some(text) = text.filter(|text| text.len() <= room) else {
            continue;
        };
        room -= text.len();
        out.push_str(&body[done..tag.range.start]);
        out.push_str(&text);
        done = tag.range.end;
    }
    if done == 0 {
        return Cow::Borrowed(body);
    }
    out.push_str(&body[done..]);
    Cow::Owned(out)
}

/// Sets or forgets the value of a name.
fn give<'a>(names: &mut HashMap<&'a str, String>, name: &'a str, value: Option<String>) {
    match value.filter(|text| is_plain(text)) {
        Some(text) => names.insert(name, text),
        None => names.remove(name),
    };
}

/// Returns the value of an expression: a literal, a name or a key, and filters that change nothing.
fn value_of<'v>(
    expression: &'v str,
    names: &'v HashMap<&str, String>,
    variables: Variables<'v>,
) -> Option<Cow<'v, str>> {
    let mut parts = expression.split('|').map(str::trim);
    let first = parts.next()?;
    if parts.any(|filter| !FILTERS.contains(&filter)) {
        return None;
    }
    let quote = first.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote {
        return Some(first[1..].strip_suffix(quote).filter(|text| !text.contains(quote))?.into());
    }
    if let Some(text) = names.get(first) {
        return Some(Cow::Borrowed(text));
    }
    let (fields, others, key): (&Fields, &[&str], &str) = match first.split_once('.')? {
        ("page", key) => (variables.page, &PAGE, key),
        ("site", key) => (variables.site, &SITE, key),
        _ => return None,
    };
    let is_other = others.contains(&key.split('.').next().unwrap_or(key));
    let value = fields.get(key).filter(|_| !is_other).and_then(Value::as_text);
    value.filter(|text| is_plain(text)).map(Cow::Borrowed)
}

/// Whether a text is short and contains no tag of any kind: Liquid would not run it, and it could begin a locked part of
/// the body, which was searched for already.
fn is_plain(text: &str) -> bool {
    text.len() <= LONGEST && !text.contains(['{', '<', '[']) && !text.contains(":::")
}

/// Returns the path of a file or page that is no article.
fn linked(tag: &Shortcode<'_>, site: &Fields) -> Option<String> {
    let path = tag.text.trim_matches(['"', '\'', '/']);
    let is_page = path.rsplit_once('.').is_some_and(|(_, extension)| is_article_extension(extension));
    if path.is_empty() || path.contains(['{', '#', ':']) || path.split('/').any(|part| part.starts_with('_')) {
        return None;
    }
    let Some((stem, _)) = path.rsplit_once('.').filter(|_| is_page) else {
        return Some(format!("/{}", encode_path(path)));
    };
    let page = match stem.strip_suffix("index").filter(|above| above.is_empty() || above.ends_with('/')) {
        Some(above) => above.to_owned(),
        None => format!("{stem}{}", ending(site)),
    };
    Some(format!("/{}", encode_path(&page)))
}

/// Returns the ending of the URL of a page, which depends on the permalinks of posts.
fn ending(site: &Fields) -> &'static str {
    match site.get("permalink").and_then(Value::as_text) {
        None | Some("date" | "ordinal" | "none") => ".html",
        Some(style) if style == "pretty" || style.ends_with('/') => "/",
        Some(style) if style.ends_with(":output_ext") => ".html",
        Some(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::front_matter;

    fn fields(yaml: &str) -> Fields {
        front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields
    }

    fn written(body: &str) -> String {
        let page =
            fields("title: A & B\nimg: /img\nimage: {path: a.png}\ncount: 3\nlist: [a]\nodd: '{{ x }}'\nurl: no");
        let site = fields("url: https://x.example\ncdn: https://cdn.example\nauthor: {name: Ann}\npermalink: pretty");
        let markup = Markup { templates: Templates::Liquid, ..Markup::MARKDOWN };
        filled(body, markup, Variables { page: &page, site: &site }).into_owned()
    }

    #[test]
    fn scalars_of_the_page_and_the_site_are_filled_in() {
        for (body, text) in [
            ("{{ page.title }}, {{page.count}}", "A & B, 3"),
            ("![]({{ page.img | relative_url }}/{{ page.image.path }})", "![](/img/a.png)"),
            ("{{- site.cdn -}}/x by {{ site.author.name }}", "https://cdn.example/x by Ann"),
            ("{{ page.list }}{{ page.odd }}{{ page.url }}{{ site.url }}{{ page.title | upcase }}{{ page.none }}", ""),
            ("`{{ page.title }}` {% raw %}{{ page.title }}{% endraw %}", ""),
        ] {
            assert_eq!(written(body), if text.is_empty() { body } else { text });
        }
    }

    #[test]
    fn names_have_the_literal_that_was_given_last() {
        for (body, text) in [
            ("{% assign a = \"/x\" %}{{ a }}/b", "{% assign a = \"/x\" %}/x/b"),
            ("{% assign a = page.img %}{{ a }}", "{% assign a = page.img %}/img"),
            ("{% capture a %}p q{% endcapture %}{{ a }}", "{% capture a %}p q{% endcapture %}p q"),
            ("{% capture a %}{{ x }}{% endcapture %}{{ a }}", ""),
            ("{% assign a = '<div class=secret>' %}{{ a }}", ""),
            ("{% assign a = 'x' %}{% if y %}{% assign a = 'z' %}{% endif %}{{ a }}", ""),
            ("{% assign a = 'x' | append: y %}{{ a }}", ""),
        ] {
            assert_eq!(written(body), if text.is_empty() { body } else { text });
        }
    }

    #[test]
    fn links_lead_to_files_and_pages() {
        for (body, text) in [
            ("![]({% link assets/a b.png %})", "![](/assets/a%20b.png)"),
            ("[x]({% link about.md %}#top)", "[x](/about/#top)"),
            ("[x]({% link docs/index.md %})", "[x](/docs/)"),
            ("[x]({% link _posts/2026-01-01-a.md %}) {% link {{ x }}.png %}", ""),
        ] {
            assert_eq!(written(body), if text.is_empty() { body } else { text });
        }
        assert_eq!(ending(&fields("title: x")), ".html");
        assert_eq!(ending(&fields("permalink: /:title")), "");
    }

    #[test]
    fn values_double_a_body_at_most() {
        let body = format!("{{% assign a = '{}' %}}{}", "x".repeat(900), "{{ a }}".repeat(4000));
        assert!(written(&body).len() < 2 * body.len() + ROOM);
    }
}
