//! Expands tags that become links: videos, posts of social networks, buttons, files.

use super::super::super::html::escape;
use super::Shortcode;

pub(crate) fn link(tag: &Shortcode) -> Option<String> {
    if let Some(address) = page(tag) {
        return Some(frame(&address, tag.value(&["title"]).unwrap_or_default()));
    }
    match tag.kind() {
        "asset_link" => {
            let address = tag.positional().next()?;
            let words = super::words(tag);
            Some(anchor(address, if words.is_empty() { address } else { &words }))
        }
        "ghcard" => tag
            .parts()
            .first()
            .filter(|name| name.contains('/'))
            .map(|name| anchor(&format!("https://github.com/{name}"), name)),
        kind if LINKS.contains(&kind) || kind == "rawlink" => addressed(tag),
        _ => None,
    }
}

/// Tags that link to a URL among their arguments.
const LINKS: [&str; 22] = [
    "gist",
    "youtube",
    "vimeo",
    "link",
    "a",
    "btn",
    "button",
    "cell",
    "site",
    "linkcard",
    "bookmark",
    "iframe",
    "pdf",
    "audio",
    "video",
    "aplayer",
    "dplayer",
    "mp3",
    "mp4",
    "embed",
    "externallink",
    "linkpreview",
];

/// Returns whether a tag is known to be a link.
pub(super) fn is_link(tag: &Shortcode) -> bool {
    LINKS.contains(&tag.kind()) || matches!(tag.kind(), "rawlink" | "ghcard" | "post_link" | "post_path" | "post_url")
}

fn anchor(address: &str, words: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(address), escape(words))
}

/// Returns a frame for a page, or a player for a file. [`crate::render::content`] decides how a frame is shown.
fn frame(address: &str, title: &str) -> String {
    const AUDIO: [&str; 7] = ["mp3", "m4a", "ogg", "opus", "wav", "flac", "aac"];
    const VIDEO: [&str; 5] = ["mp4", "webm", "ogv", "mov", "m4v"];
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let element = if AUDIO.contains(&&*extension) {
        "audio"
    } else if VIDEO.contains(&&*extension) {
        "video"
    } else {
        "iframe"
    };
    let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(title)) };
    format!("<{element} src=\"{}\"{title}></{element}>", escape(address))
}

/// Returns whether a tag shows a page or a file in place of itself.
fn embeds(kind: &str) -> bool {
    const KINDS: [&str; 11] =
        ["gist", "youtube", "vimeo", "iframe", "pdf", "audio", "video", "aplayer", "dplayer", "mp3", "mp4"];
    KINDS.contains(&kind) || kind == "embed"
}

/// Returns the page of something that a tag shows by its id, for example a video.
fn page(tag: &Shortcode) -> Option<String> {
    let kind = tag.kind();
    let is_id = |id: &str| {
        !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/' | b'.'))
    };
    let mut given = tag.positional().skip(usize::from(kind != tag.name));
    let (first, second) = (given.next(), given.next());
    let id = tag.value(&["id", "video_id", "videoId"]).or(first).filter(|id| is_id(id))?;
    // Hugo: the user name comes first.
    let (user, id) = match (tag.value(&["user"]), second) {
        (Some(user), _) => (Some(user), id),
        (None, Some(second))
            if tag.name == "gist" && second.len() >= 5 && second.bytes().all(|b| b.is_ascii_hexdigit()) =>
        {
            (Some(id), second)
        }
        _ => (None, id),
    };
    Some(match kind {
        "youtube" => format!("https://www.youtube.com/watch?v={id}"),
        "vimeo" => format!("https://vimeo.com/{id}"),
        "bilibili" => format!("https://www.bilibili.com/video/{id}"),
        "gist" => match user {
            Some(user) => format!("https://gist.github.com/{user}/{id}"),
            None => format!("https://gist.github.com/{id}"),
        },
        "tweet" | "twitter" | "x" => {
            format!("https://twitter.com/{}/status/{id}", user.filter(|user| is_id(user)).unwrap_or("i"))
        }
        "instagram" => format!("https://www.instagram.com/p/{id}/"),
        "jsfiddle" => format!("https://jsfiddle.net/{id}/"),
        "codepen" => match id.split_once('/') {
            Some((user, pen)) => format!("https://codepen.io/{user}/pen/{pen}"),
            None => return None,
        },
        "asciinema" => format!("https://asciinema.org/a/{id}"),
        _ => return None,
    })
}

/// Returns the URL in an argument, up to the next white space, quotation mark or comma.
pub(crate) fn address_in(argument: &str) -> Option<&str> {
    let at = ["https://", "http://"].iter().filter_map(|scheme| argument.find(scheme)).min()?;
    let address = &argument[at..];
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '，');
    Some(&address[..address.find(ends).unwrap_or(address.len())])
}

/// Returns a link to a URL anywhere in the arguments, with the nearest text.
fn addressed(tag: &Shortcode) -> Option<String> {
    let made = |address: &str, words: &str| {
        if embeds(tag.kind()) {
            frame(address, words)
        } else {
            anchor(address, if words.is_empty() { address } else { words })
        }
    };
    let parts = tag.parts();
    let leads = |part: &str| address_in(part).is_some() || (part.starts_with('/') && part.len() > 1);
    if parts.len() > 1 {
        let at = parts.iter().position(|part| leads(part))?;
        let address = address_in(parts[at]).unwrap_or(parts[at]);
        let words = parts.get(usize::from(at == 0)).map_or("", |words| words.rsplit('=').next().unwrap_or(words));
        return Some(made(address, words));
    }
    let at = tag
        .arguments
        .iter()
        .position(|argument| leads(argument.value) && !matches!(argument.key, "poster" | "cover"))?;
    let value = tag.arguments[at].value;
    let address = address_in(value).unwrap_or(value);
    let before: Vec<&str> =
        tag.arguments[..at].iter().filter(|argument| argument.key.is_empty()).map(|argument| argument.value).collect();
    let words =
        tag.value(&["text", "title", "content", "label", "name"]).map_or_else(|| before.join(" "), str::to_owned);
    Some(made(address, &words))
}
