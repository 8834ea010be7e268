//! Expands tags that show an image, in the argument orders of Hexo, Hugo, Zola and of themes found in real
//! articles.

use super::super::super::{html::escape, markdown::inline};
use super::super::{Argument, Opening};
use super::Shortcode;
use crate::text::push;

const EXTENSIONS: [&str; 9] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".image"];

fn looks_like_image(value: &str) -> bool {
    let path = value.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    EXTENSIONS.iter().any(|extension| path.ends_with(extension))
}

/// Returns whether an argument is a size such as `300`, `150px` or `50%`.
fn is_size(value: &str) -> bool {
    let number = value.strip_suffix("px").or_else(|| value.strip_suffix('%')).unwrap_or(value);
    number.parse::<u32>().is_ok()
}

/// Returns whether a tag that is not known shows the image among its arguments: it is a tag of a theme, not a reference,
/// and does not compute anything.
fn may_show(tag: &Shortcode) -> bool {
    const OTHERS: [&str; 22] = [
        "if",
        "elsif",
        "elseif",
        "elif",
        "unless",
        "case",
        "when",
        "assign",
        "set",
        "cycle",
        "for",
        "include",
        "include_relative",
        "include_cached",
        "render",
        "partial",
        "import",
        "extends",
        "ref",
        "relref",
        "asset_path",
        "asset_link",
    ];
    let is_tag = matches!(tag.opening, Opening::Block | Opening::GoShortcode);
    is_tag && !OTHERS.contains(&tag.name) && !tag.name.starts_with("end") && !super::link::is_link(tag)
}

pub(crate) fn image(tag: &Shortcode) -> Option<String> {
    let named = ["src", "url", "image_path", "path", "file", "image", "img", "link"]
        .iter()
        .find_map(|key| tag.value(&[key]).filter(|src| looks_like_image(src)));
    // `light_src` and `dark_src` of a theme.
    let is_source = |argument: &&Argument| argument.key.ends_with("_src") && looks_like_image(argument.value);
    let named = named.or_else(|| tag.arguments.iter().find(is_source).map(|argument| argument.value));
    let shows = matches!(
        tag.name,
        "img"
            | "image"
            | "asset_img"
            | "figure"
            | "inlineImg"
            | "inlineimage"
            | "picture"
            | "fancybox"
            | "resize_image"
    );
    // A URL may lack an extension (`https://host/img/abc`), but class names before it contain no slash.
    let pictured =
        tag.arguments.iter().position(|argument| argument.key.is_empty() && looks_like_image(argument.value));
    let position = pictured.or_else(|| {
        let addressed = |argument: &Argument| argument.key.is_empty() && argument.value.contains('/');
        tag.arguments.iter().position(addressed)
    });
    let src = match (named, shows) {
        (Some(src), _) => src,
        (None, true) => match tag.value(&["src"]).filter(|src| src.contains(['/', '.'])) {
            Some(src) => src,
            None => tag.arguments.get(position?)?.value,
        },
        (None, false) => tag.arguments.get(pictured.filter(|_| may_show(tag))?)?.value,
    };
    let numbers: Vec<&str> = tag.positional().filter(|value| value.parse::<u32>().is_ok()).collect();
    let words: Vec<&str> = position
        .map(|position| {
            tag.arguments[position + 1..]
                .iter()
                .filter(|argument| argument.key.is_empty() && !is_size(argument.value))
                .map(|argument| argument.value)
                .collect()
        })
        .unwrap_or_default();
    let quoted = words.iter().any(|word| word.contains(' '));
    let unnamed = match (quoted, words.last()) {
        (true, Some(last)) => {
            let last = last.trim_matches(['"', '\'']);
            // Hexo: `'"title" "alt"'`, or with mixed quotation marks.
            let alt = ["\" \"", "\" '", "' '", " '", " \""].iter().find_map(|between| last.rsplit_once(between));
            alt.map_or(last, |(_, alt)| alt).to_owned()
        }
        _ => words.join(" ").replace('"', ""),
    };
    let title = tag.value(&["title"]);
    let caption = tag.value(&["caption", "description"]);
    let alt = tag.value(&["alt"]).or(caption).or(title).unwrap_or(&unnamed);
    let mut img = format!("<img src=\"{}\" alt=\"{}\"", escape(src), escape(alt));
    for (name, given) in [
        ("width", tag.value(&["width"]).or(numbers.first().copied())),
        ("height", tag.value(&["height"]).or(numbers.get(1).copied())),
    ] {
        if let Some(given) = given {
            push!(img, " {name}=\"{}\"", escape(given));
        }
    }
    img.push('>');
    if let Some(link) = tag.value(&["link"]).filter(|link| *link != src) {
        img = format!("<a href=\"{}\">{img}</a>", escape(link));
    }
    let title = title.filter(|_| tag.name == "figure" && caption != title);
    if caption.or(title).is_none() {
        return Some(img);
    }
    let parts = title.map(escape).into_iter().chain(caption.map(inline));
    Some(format!("<figure>{img}<figcaption>{}</figcaption></figure>", parts.collect::<Vec<_>>().join(" ")))
}
