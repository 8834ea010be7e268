//! Turns players, frames and plug-ins into links, because feed readers show none of them.
//!
//! The URL of the media is found in a different attribute or child for each kind of element. There is no
//! list of trusted hosts, because a link is harmless.

use super::{Reference, rewrite::Rewrite};
use crate::article::body::html::{StartTag, Token, Tokens, escape};

impl Rewrite<'_> {
    /// Writes a link to the media in place of the player. The poster or the title becomes the text of the
    /// link.
    pub(super) fn media(&mut self, tag: &StartTag, inner: &str) {
        let inside = || {
            Tokens::new(inner).find_map(|token| match token {
                Token::Start(part) if matches!(part.name, "source" | "embed" | "iframe") => part.value("src"),
                Token::Start(part) if part.name == "param" => {
                    part.raw("name").filter(|name| matches!(*name, "movie" | "src"))?;
                    part.value("value")
                }
                _ => None,
            })
        };
        let own = ["src", "data-src", "data-lazy-src", "data"];
        let own = own.into_iter().find_map(|name| tag.value(name)).filter(|src| !src.starts_with("about:"));
        let Some(address) = own.or_else(inside).and_then(|src| self.absolute(Reference::Link, &src)) else {
            return;
        };
        let address = watchable(address);
        let poster = tag.value("poster").and_then(|poster| self.absolute(Reference::Image, &poster));
        let title = tag.value("title").or_else(|| tag.value("aria-label"));
        if !self.open.start("a", &mut self.out) {
            return;
        }
        self.out.push_str("<a");
        self.attribute("href", &escape(&address));
        self.out.push('>');
        match poster {
            Some(poster) => {
                self.out.push_str("<img");
                self.attribute("src", &escape(&poster));
                self.attribute("alt", &escape(title.as_deref().unwrap_or(&address)));
                self.picture_ends();
            }
            None => self.out.push_str(&escape(title.as_deref().unwrap_or(&address))),
        }
        self.end("a");
    }
}

/// Returns the URL of the video's page instead of its player, if one follows from the other.
fn watchable(address: String) -> String {
    let player =
        ["youtube.com/embed/", "youtube-nocookie.com/embed/"].into_iter().find_map(|player| address.split_once(player));
    let id = player.and_then(|(_, rest)| rest.split(['?', '&', '#', '/']).next());
    match id.filter(|id| !id.is_empty() && *id != "videoseries") {
        Some(id) => format!("https://www.youtube.com/watch?v={id}"),
        None => address,
    }
}
