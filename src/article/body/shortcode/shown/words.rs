//! Expands tags that format words: labels, underlines, keys, checkboxes, hidden words.

use std::borrow::Cow;

use super::{Opening, Shortcode};

/// Returns the text of a link: everything after the first argument, without a flag at the end.
pub(crate) fn words(tag: &Shortcode) -> String {
    let words: Vec<_> = tag.arguments.iter().skip(1).map(|argument| argument.value).collect();
    let words = words.join(" ");
    ["true", "false"].iter().find_map(|flag| words.strip_suffix(flag)).unwrap_or(&words).trim_end().to_owned()
}

/// Returns the words that a tag formats; `None` if they are its content `inner`.
pub(crate) fn of<'a>(tag: &Shortcode<'a>, inner: Option<&str>) -> Option<Cow<'a, str>> {
    const COLOURS: [&str; 8] = ["default", "blue", "pink", "red", "purple", "orange", "green", "yellow"];
    let behind_comma = || tag.text.split_once([',', '，']).map(|(_, text)| text.trim());
    let text = match tag.name {
        "asset_path" => tag.positional().next()?,
        "post_link" => return Some(super::escape(&words(tag)).into()),
        _ if inner.is_some() => return None,
        // Volantis: the text follows the first comma.
        "p" | "span" | "note" => behind_comma()?,
        "checkbox" | "radio" => {
            let text = behind_comma().unwrap_or(tag.text);
            let mark = if tag.text.split([',', ' ']).any(|word| word == "checked") { '☑' } else { '☐' };
            return Some(format!("{mark} {text}").into());
        }
        "hideInline" => tag.parts().into_iter().next()?,
        "label" => match tag.text.split_once('@') {
            Some((_, text)) => text,
            None => {
                tag.text.rsplit_once(' ').filter(|(_, last)| COLOURS.contains(last)).map_or(tag.text, |(text, _)| text)
            }
        },
        "u" | "emp" | "wavy" | "del" | "kbd" | "psw" | "mark" | "sub" | "sup" | "hl"
            if tag.opening == Opening::Block =>
        {
            tag.text
        }
        // `{{< tooltip text="…" >}}`, but not the text of a QR code.
        "qr" => return None,
        _ => tag.value(&["text"])?,
    };
    Some(text.into())
}
