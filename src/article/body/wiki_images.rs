//! Expands images in the syntax of wikis: `![[image.png]]`, `![[image.png|300]]`, `![[image.png|words|300x200]]`.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::super::lead_image;
use super::html::escape;
use super::{Syntax, code};
use crate::text::push;

static IMAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"!\[\[([^\[\]|\n]+)((?:\|[^\[\]|\n]*)*)\]\]").expect("the pattern is a constant"));

/// Returns Markdown in which these images are elements of HTML, outside code.
pub(super) fn expanded(written: Cow<'_, str>) -> Cow<'_, str> {
    if !written.contains("![[") {
        return written;
    }
    let code = code::ranges(&written, Syntax::Markdown);
    let expanded = IMAGE.replace_all(&written, |found: &Captures<'_>| {
        let (whole, src) = (found.get_match(), found[1].trim_end_matches('\\').trim());
        if code::containing(&code, whole.start()).is_some() || lead_image::media_type(src).is_none() {
            return whole.as_str().to_owned();
        }
        image(src, &found[2])
    });
    Cow::Owned(expanded.into_owned())
}

/// Returns the element. `options` are words and a size, each behind a bar.
fn image(src: &str, options: &str) -> String {
    let (mut alt, mut size) = ("", (None, None));
    for option in options.split('|').map(|option| option.trim_end_matches('\\').trim()) {
        let (width, height) = option.split_once('x').unwrap_or((option, ""));
        match (width.parse::<u32>(), height.parse::<u32>()) {
            (Ok(width), height) => size = (Some(width), height.ok()),
            (Err(_), _) if !option.is_empty() => alt = option,
            _ => {}
        }
    }
    let mut image = format!("<img src=\"{}\" alt=\"{}\"", escape(src), escape(alt));
    for (name, pixels) in [("width", size.0), ("height", size.1)] {
        if let Some(pixels) = pixels {
            push!(image, " {name}=\"{pixels}\"");
        }
    }
    image.push('>');
    image
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_wikis_are_expanded_outside_code() {
        for (written, shown) in [
            ("a ![[b c.png]]", "a <img src=\"b c.png\" alt=\"\">"),
            ("![[b.png|300]]", "<img src=\"b.png\" alt=\"\" width=\"300\">"),
            ("![[b.png|W & w|30x20]]", "<img src=\"b.png\" alt=\"W &amp; w\" width=\"30\" height=\"20\">"),
            ("`![[b.png]]` ![[note]] ![[a.pdf]] [[b.png]]", "`![[b.png]]` ![[note]] ![[a.pdf]] [[b.png]]"),
        ] {
            assert_eq!(expanded(written.into()), shown);
        }
    }
}
