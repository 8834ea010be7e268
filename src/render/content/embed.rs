//! Turns embedded pages into links, because feed readers show no frames and no plug-ins.
//!
//! Each becomes a paragraph with the class [`EMBED`], so that two never run together and summaries can leave them out.
//! There is no list of trusted hosts, because a link is harmless.

use super::Reference;
use super::rewrite::Rewrite;
use crate::article::body::html::{StartTag, Token, Tokens, escape};
use crate::text::host;

/// The class of a paragraph that replaces an embedded page.
pub(super) const EMBED: &str = "embed";

impl Rewrite<'_> {
    /// Writes a link to an embedded page. Its text is the title, or the fallback content `inner`, or the host.
    pub(super) fn embed(&mut self, tag: &StartTag, inner: &str) {
        let inside = || {
            Tokens::new(inner).find_map(|token| match token {
                Token::Start(part) if part.name == "param" => {
                    part.raw("name").filter(|name| matches!(*name, "movie" | "src"))?;
                    part.value("value")
                }
                _ => None,
            })
        };
        let own = ["src", "data-src", "data-lazy-src", "data"];
        let own = || own.into_iter().find_map(|name| tag.value(name)).filter(|src| !src.starts_with("about:"));
        let reference = match (tag.name, tag.value("videoid")) {
            ("lite-youtube", Some(id)) => Some(format!("https://www.youtube.com/watch?v={id}")),
            ("lite-vimeo", Some(id)) => Some(format!("https://vimeo.com/{id}")),
            _ => own().or_else(inside).map(std::borrow::Cow::into_owned),
        };
        let Some(address) = reference.and_then(|reference| self.absolute(Reference::Link, &reference)) else {
            return;
        };
        if tag.value("type").is_some_and(|media_type| media_type.starts_with("image/")) {
            let alt = tag.value("title").or_else(|| tag.value("aria-label")).unwrap_or_default();
            self.out.push_str("<img");
            self.attribute("src", &escape(&address));
            self.attribute("alt", &escape(&alt));
            self.picture_ends();
            return;
        }
        let fallback = match tag.name {
            "object" => super::text(inner),
            _ => String::new(),
        };
        let title = ["title", "playlabel", "aria-label"].into_iter().find_map(|name| tag.value(name));
        let title = title.map_or(fallback, std::borrow::Cow::into_owned);
        self.embedded(&watchable(address), &title);
    }

    /// Writes a link to a gist, which authors embed with a script.
    pub(super) fn script(&mut self, tag: &StartTag) {
        let gist = tag.value("src").filter(|src| src.contains("//gist.github.com/"));
        let page = gist.as_deref().and_then(|src| src.split('?').next()?.strip_suffix(".js"));
        if let Some(address) = page.and_then(|page| self.absolute(Reference::Link, page)) {
            self.embedded(&address, "");
        }
    }

    /// Writes the paragraph, outside the paragraph and the link that are open.
    fn embedded(&mut self, address: &str, title: &str) {
        let interrupts = self.interrupted || self.open.contains("p");
        self.open.close_link(&mut self.out);
        let is_written = self.open.start("p", &mut self.out);
        if self.out.ends_with("<p></p>") {
            self.out.truncate(self.out.len() - "<p></p>".len());
        }
        if is_written {
            self.out.push_str("<p class=\"");
            self.out.push_str(EMBED);
            self.out.push_str("\"><a");
            self.attribute("href", &escape(address));
            self.out.push('>');
            if let Some(id) = address.strip_prefix(WATCH).filter(|id| id.bytes().all(is_of_id)) {
                self.out.push_str("<img");
                self.attribute("src", &format!("https://i.ytimg.com/vi/{id}/hqdefault.jpg"));
                self.out.push_str(" alt=\"\" width=\"480\" height=\"360\"");
                self.picture_ends();
                self.out.push_str("<br>");
            }
            let words = if title.is_empty() { host(address).trim_start_matches("www.") } else { title };
            self.out.push_str(&escape(words));
            self.out.push_str("</a>");
        }
        self.open.end("p", &mut self.out);
        self.interrupted = interrupts;
    }
}

/// Returns the end of the first link, image or other embedded page in the content of an `<object>`; with one, the content
/// can be shown in its place.
pub(super) fn own_content(inner: &str) -> Option<usize> {
    const SHOWN: [&str; 6] = ["a", "img", "iframe", "embed", "video", "audio"];
    let mut tokens = Tokens::new(inner);
    tokens.find(|token| matches!(token, Token::Start(tag) if SHOWN.contains(&tag.name)))?;
    Some(tokens.position())
}

/// The URL of a video on `YouTube`, without its id.
const WATCH: &str = "https://www.youtube.com/watch?v=";

fn is_of_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Returns the URL of the video's page instead of its player, if one follows from the other.
fn watchable(address: String) -> String {
    let player = |paths: &[&str]| {
        let (_, rest) = paths.iter().find_map(|path| address.split_once(path))?;
        let end = rest.find(|c: char| !c.is_ascii() || !is_of_id(c as u8)).unwrap_or(rest.len());
        (end > 0).then(|| (rest[..end].to_owned(), rest[end..].to_owned()))
    };
    let parameter = |query: &str, name: &str| {
        let pairs = query.trim_start_matches(['?', '&']).split(['&', '?', '#']);
        let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?.1.to_owned();
        (!value.is_empty()).then_some(value)
    };
    if let Some((id, query)) = player(&["youtube.com/embed/", "youtube-nocookie.com/embed/", "youtube.com/v/"]) {
        return match parameter(&query, "list") {
            Some(list) if id == "videoseries" => format!("https://www.youtube.com/playlist?list={list}"),
            _ if matches!(&*id, "videoseries" | "live_stream") => address,
            _ => format!("{WATCH}{id}"),
        };
    }
    if let Some((id, query)) = player(&["player.vimeo.com/video/"]) {
        let hash = parameter(&query, "h").map_or_else(String::new, |hash| format!("/{hash}"));
        return format!("https://vimeo.com/{id}{hash}");
    }
    match address.split_once("player.bilibili.com/player.html").and_then(|(_, query)| parameter(query, "bvid")) {
        Some(id) => format!("https://www.bilibili.com/video/{id}"),
        None => address,
    }
}
