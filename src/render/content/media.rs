//! Players, frames and plug-ins as links: feed readers show none of them.
//!
//! It knows where each kind of element keeps the address of what it plays.
//! It deliberately does not know which hosts are to be trusted: a link is harmless.

use super::{Reference, rewrite::Rewrite};
use crate::article::body::html::{Tag, Token, Tokens, escape};

impl Rewrite<'_> {
    /// A player becomes a link to what it plays: readers show no players.
    pub(super) fn media(&mut self, tag: &Tag, inner: &str) {
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

/// The page of a video rather than its player, where the one tells the other.
fn watchable(address: String) -> String {
    let player =
        ["youtube.com/embed/", "youtube-nocookie.com/embed/"].into_iter().find_map(|player| address.split_once(player));
    let id = player.and_then(|(_, rest)| rest.split(['?', '&', '#', '/']).next());
    match id.filter(|id| !id.is_empty() && *id != "videoseries") {
        Some(id) => format!("https://www.youtube.com/watch?v={id}"),
        None => address,
    }
}
