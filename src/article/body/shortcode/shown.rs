//! What a generator tag would show: an image, a video, the title of a link.
//!
//! It knows the argument orders of Hexo, Hugo and the tags of themes seen in real articles.
//! It deliberately does not know where a tag stands or what follows it.

use std::fmt::Write as _;

use super::{Argument, Shortcode, escape};

/// The words of a link: what follows its first argument, a flag at the end off.
pub fn words(tag: &Shortcode) -> String {
    let words: Vec<_> = tag.arguments.iter().skip(1).map(|argument| argument.value).collect();
    let words = words.join(" ");
    ["true", "false"].iter().find_map(|flag| words.strip_suffix(flag)).unwrap_or(&words).trim_end().to_owned()
}

const EXTENSIONS: [&str; 9] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".image"];

fn looks_like_image(value: &str) -> bool {
    let path = value.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    EXTENSIONS.iter().any(|extension| path.ends_with(extension))
}

pub fn image(tag: &Shortcode) -> Option<String> {
    let value = |keys: &[&str]| {
        tag.arguments
            .iter()
            .find(|argument| keys.contains(&argument.key) && !argument.value.is_empty())
            .map(|argument| argument.value)
    };
    let named =
        value(&["src", "url", "image_path", "path", "file", "image", "link"]).filter(|src| looks_like_image(src));
    let shows = matches!(tag.name, "img" | "image" | "asset_img" | "figure" | "inlineImg" | "picture" | "fancybox");
    // Extensions may be missing (`https://host/img/abc`), but classes in front of the address have no slash.
    let position =
        tag.arguments.iter().position(|argument| argument.key.is_empty() && looks_like_image(argument.value));
    let position = position.or_else(|| {
        let addressed = |argument: &Argument| argument.key.is_empty() && argument.value.contains('/');
        tag.arguments.iter().position(addressed)
    });
    let src = match (named, shows) {
        (Some(src), _) => src,
        (None, true) => match value(&["src"]).filter(|src| src.contains(['/', '.'])) {
            Some(src) => src,
            None => tag.arguments.get(position?)?.value,
        },
        (None, false) => return None,
    };
    let numbers: Vec<&str> = tag
        .arguments
        .iter()
        .filter(|a| a.key.is_empty())
        .map(|a| a.value)
        .filter(|v| v.parse::<u32>().is_ok())
        .collect();
    let words: Vec<&str> = position
        .map(|position| {
            tag.arguments[position + 1..]
                .iter()
                .filter(|a| a.key.is_empty())
                .map(|a| a.value)
                .filter(|v| v.parse::<u32>().is_err())
                .collect()
        })
        .unwrap_or_default();
    let quoted = words.iter().any(|word| word.contains(' '));
    let told = match (quoted, words.last()) {
        (true, Some(last)) => last.rsplit_once("\" \"").map_or(*last, |(_, alt)| alt).trim_matches('"').to_owned(),
        _ => words.join(" ").replace('"', ""),
    };
    let caption = value(&["caption", "title"]);
    let alt = value(&["alt"]).or(caption).unwrap_or(&told);
    let mut img = format!("<img src=\"{}\" alt=\"{}\"", escape(src), escape(alt));
    for (name, given) in [
        ("width", value(&["width"]).or(numbers.first().copied())),
        ("height", value(&["height"]).or(numbers.get(1).copied())),
    ] {
        if let Some(given) = given {
            // Writing to a string cannot fail.
            let _ = write!(img, " {name}=\"{}\"", escape(given));
        }
    }
    img.push('>');
    Some(match value(&["caption"]) {
        Some(caption) => format!("<figure>{img}<figcaption>{}</figcaption></figure>", escape(caption)),
        None => img,
    })
}

pub fn video(tag: &Shortcode) -> Option<String> {
    let id =
        tag.arguments.iter().find(|argument| matches!(argument.key, "" | "id")).map(|argument| argument.value).filter(
            |id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/')),
        )?;
    let address = match tag.name {
        "youtube" => format!("https://www.youtube.com/watch?v={id}"),
        "vimeo" => format!("https://vimeo.com/{id}"),
        "bilibili" => format!("https://www.bilibili.com/video/{id}"),
        "gist" => format!("https://gist.github.com/{id}"),
        _ => return None,
    };
    Some(format!("<a href=\"{address}\">{address}</a>"))
}
