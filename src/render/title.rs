//! Returns titles as readers show them: plain text of limited length.
//!
//! Authors write markup into titles, and readers show it as text. This module removes tags that are markup
//! and keeps those that the title is about, for example in `the <b> tag`.

use std::borrow::Cow;
use std::collections::HashMap;

use super::content::excerpt;
use super::summary;
use crate::article::body::html::{decode, name_of};
use crate::feed::{Address, Entry, Feed, Text};
use crate::text::decode_path;

/// Maximum length of a title, in characters. Longer titles are bodies in the wrong field.
const LIMIT: usize = 500;
/// Maximum length of a title that is made from the summary, in characters.
const MADE_OF_SUMMARY: usize = 80;

/// Elements that only format text, so a pair of their tags in a title is markup.
const INLINE: [&str; 28] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u",
];

/// Returns the title of an entry. Pairs of inline tags are markup and are removed, as are line breaks and images;
/// `a < b` and `use </b>` stay. References to characters are decoded. The title may be empty.
pub(crate) fn title(entry: &Entry) -> Text {
    plain(&entry.title)
}

/// Returns the title of an entry for a format that requires one. It is never blank.
pub(crate) fn demanded(entry: &Entry) -> Text {
    let title = title(entry);
    if !title.is_empty() {
        return title;
    }
    let summary = summary(entry);
    if !summary.is_empty() {
        return Text::line(&excerpt(summary.as_str(), MADE_OF_SUMMARY));
    }
    // A photograph without any text.
    named_by_page(&entry.page)
}

/// Returns the name of a page, for articles without any other title.
pub(crate) fn named_by_page(page: &Address) -> Text {
    let path = page.path().split('?').next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let name = Text::line(&decode_path(last).unwrap_or_default());
    if name.is_empty() { Text::line(page.as_str()) } else { name }
}

/// Returns the title of a feed. Its own part keeps its name: a category may be called `</b>`.
pub(crate) fn of_feed(feed: &Feed) -> Text {
    let own = own(feed);
    if own == feed.title.as_str() {
        return plain(&feed.title);
    }
    Text::line(&format!("{} · {}", plain(&Text::line(own)), plain(&feed.masthead.title)))
}

/// Returns the title of a feed without the site's title.
pub(crate) fn own(feed: &Feed) -> &str {
    let whole = feed.title.as_str();
    whole
        .strip_suffix(feed.masthead.title.as_str())
        .and_then(|own| own.strip_suffix(" · "))
        .filter(|own| !own.is_empty())
        .unwrap_or(whole)
}

/// Returns a title without markup and of limited length.
pub(crate) fn plain(title: &Text) -> Text {
    let bare = Text::line(&decoded(&without_markup(title.as_str())));
    // A title that consists of markup only is kept as written, because readers drop entries without a
    // title.
    let bare = if bare.is_empty() { title } else { &bare };
    Text::line(&excerpt(bare.as_str(), LIMIT))
}

/// Returns a title with its references decoded, those that end in a semicolon.
fn decoded(title: &str) -> Cow<'_, str> {
    if !title.contains('&') {
        return Cow::Borrowed(title);
    }
    let mut out = String::with_capacity(title.len());
    let mut rest = title;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '#').map_or(rest.len(), |end| end + 1);
        let end = if rest[name..].starts_with(';') { name + 1 } else { 1 };
        out.push_str(&if end > 1 { decode(&rest[..end]) } else { Cow::Borrowed("&") });
        rest = &rest[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

struct TitleTag {
    start: usize,
    end: usize,
    element: &'static str,
    closes: bool,
}

fn without_markup(title: &str) -> Cow<'_, str> {
    // An end tag closes the last open tag of the same name. A stack for each name keeps this linear.
    let mut open: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
    let mut gone: Vec<(usize, usize)> = Vec::new();
    for tag in tags(title) {
        if matches!(tag.element, "br" | "wbr" | "img") {
            gone.push((tag.start, tag.end));
            continue;
        }
        let open = open.entry(tag.element).or_default();
        if !tag.closes {
            open.push((tag.start, tag.end));
            continue;
        }
        if let Some(opened) = open.pop().filter(|_| INLINE.contains(&tag.element)) {
            gone.extend([opened, (tag.start, tag.end)]);
        }
    }
    if gone.is_empty() {
        return Cow::Borrowed(title);
    }
    gone.sort_unstable();
    let mut kept = String::with_capacity(title.len());
    let mut at = 0;
    for (start, end) in gone {
        kept.push_str(&title[at..start]);
        if is_break(&title[start..end]) {
            kept.push(' ');
        }
        at = end;
    }
    kept.push_str(&title[at..]);
    Cow::Owned(kept)
}

/// Returns whether a tag is a line break.
fn is_break(tag: &str) -> bool {
    tag.get(1..3).is_some_and(|name| name.eq_ignore_ascii_case("br"))
        && tag[3..].starts_with(|c: char| !c.is_ascii_alphanumeric())
}

/// Finds the tags of HTML elements in a title.
fn tags(title: &str) -> impl Iterator<Item = TitleTag> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(found) = title[at..].find('<') {
            let start = at + found;
            at = start + 1;
            let (closes, inside) = title[at..].strip_prefix('/').map_or((false, &title[at..]), |rest| (true, rest));
            let name_end =
                inside.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '/')).unwrap_or(inside.len());
            let element = name_of(&inside[..name_end]);
            if !element.is_empty()
                && let Some(length) = length(&inside[name_end..])
            {
                at = title.len() - inside.len() + name_end + length;
                return Some(TitleTag { start, end: at, element, closes });
            }
        }
        None
    })
}

/// Returns the length of the rest of a tag, from the end of its name to its `>`. A `>` in quotes does not
/// end the tag, and a `<` outside quotes means that it is not a tag.
fn length(rest: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '<') => return None,
            (None, '"' | '\'') if before == '=' => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_removed_and_text_that_resembles_it_stays() {
        for (written, shown) in [
            ("a < b", "a < b"),
            ("Vec<T> in <div>", "Vec<T> in <div>"),
            ("<b>bold</b> and <EM class=x>more</EM>", "bold and more"),
            ("<b><i>both</b></i>", "both"),
            ("use </b> or </div>", "use </b> or </div>"),
            ("the <b> tag", "the <b> tag"),
            ("<div>x</div>", "<div>x</div>"),
            ("<<b>x</b>>", "<x>"),
            ("a<", "a<"),
            ("a</", "a</"),
            ("<>", "<>"),
            ("</>", "</>"),
            ("&copy; & ]]>", "© & ]]>"),
            ("c &lt; d &amp;amp; &#39;e&#39;", "c < d &amp; 'e'"),
            ("the &lt;b&gt; tag &copy; &copy x &nosuch;", "the <b> tag © &copy x &nosuch;"),
            ("a<br>b<BR/>c<wbr>d <img src=x alt='e'>", "a b cd"),
            ("一 <b>二</b> 三 🦀", "一 二 三 🦀"),
            ("<b></b>", "<b></b>"),
            ("</div>", "</div>"),
            ("</div>lone</P> end</br>", "</div>lone</P> end"),
            ("x<y>z</y> </T>", "x<y>z</y> </T>"),
            ("<a href='x>y' title=\"a<b\">l</a>", "l"),
            ("<a href='x>l", "<a href='x>l"),
        ] {
            assert_eq!(plain(&Text::line(written)).as_str(), shown, "{written}");
        }
    }

    #[test]
    fn a_long_title_is_cut_between_characters() {
        let short = "字".repeat(500);
        assert_eq!(plain(&Text::line(&short)).as_str(), short);
        let long = plain(&Text::line(&"字".repeat(600)));
        assert_eq!(long.as_str().chars().count(), 500);
        assert!(long.as_str().ends_with("字…"));
    }

    #[test]
    fn the_title_of_a_feed_keeps_its_name() {
        for (own, shown) in [("</b>", "</b>"), ("<i>x</i>", "x"), ("a < b", "a < b")] {
            let mut feed = crate::render::sample::feed_of(Vec::new());
            feed.title = Text::line(&format!("{own} · {}", feed.masthead.title));
            assert_eq!(of_feed(&feed).as_str(), format!("{shown} · Example & News"));
        }
    }
}
