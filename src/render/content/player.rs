//! Writes audio and video with controls, and with a link to the file for readers that have no player.

use super::Reference;
use super::rewrite::Rewrite;
use crate::article::body::html::{StartTag, Token, Tokens, decode, escape};

impl Rewrite<'_> {
    /// Writes a player for the sources of a tag and of its content `inner`. The rest of the content is shown where
    /// there is no player. Returns whether there is a source.
    pub(super) fn player(&mut self, tag: &StartTag, inner: &str) -> bool {
        let resolve = |this: &Self, tag: &StartTag| {
            let src = ["src", "data-src"].into_iter().find_map(|name| tag.value(name))?;
            this.absolute(Reference::Link, &src)
        };
        let own = resolve(self, tag);
        let sources = Tokens::new(inner).filter_map(|token| match token {
            Token::Start(source) if source.name == "source" => Some((resolve(self, &source)?, source.value("type"))),
            _ => None,
        });
        let sources: Vec<_> = sources.filter(|_| own.is_none()).collect();
        let Some(first) = own.clone().or_else(|| sources.first().map(|(address, _)| address.clone())) else {
            return false;
        };
        if self.interrupted {
            self.resume();
        }
        if !self.open.start(tag.name, &mut self.out) {
            self.open.end(tag.name, &mut self.out);
            return true;
        }
        self.out.push('<');
        self.out.push_str(tag.name);
        self.out.push_str(" controls=\"\"");
        if let Some(address) = &own {
            self.attribute("src", &escape(address));
        }
        self.address("poster", tag.value("poster").as_deref(), Reference::Image);
        self.attributes(tag);
        self.out.push('>');
        for (address, media_type) in sources {
            self.out.push_str("<source");
            self.attribute("src", &escape(&address));
            if let Some(media_type) = media_type {
                self.attribute("type", &escape(&media_type));
            }
            self.out.push('>');
        }
        self.fallback(tag, inner, &first);
        self.open.end(tag.name, &mut self.out);
        true
    }

    /// Writes the words and links of the content, and a link to the file if there is none.
    fn fallback(&mut self, tag: &StartTag, inner: &str, file: &str) {
        let is_link =
            |token: &Token| matches!(token, Token::Start(tag) if tag.name == "a" && tag.raw("href").is_some());
        if self.open.contains("a") {
            self.out.push_str(&escape(&super::text(inner)));
            return;
        }
        if !Tokens::new(inner).any(|token| is_link(&token)) {
            let words = super::text(inner);
            let name = || file.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).unwrap_or(file);
            let title = tag.value("title").or_else(|| tag.value("aria-label"));
            let words = Some(words).filter(|words| !words.is_empty());
            let words = words.or_else(|| title.map(std::borrow::Cow::into_owned)).unwrap_or_else(|| name().to_owned());
            self.out.push_str("<a");
            self.attribute("href", &escape(file));
            self.out.push('>');
            self.out.push_str(&escape(&words));
            self.out.push_str("</a>");
            return;
        }
        for token in Tokens::new(inner) {
            match token {
                Token::Text(text) => self.out.push_str(&escape(&decode(text))),
                Token::Start(link) if link.name == "a" => self.element("a", &link),
                Token::End("a") => self.end("a"),
                Token::Start(_) | Token::End(_) | Token::Raw(_) => {}
            }
        }
        self.end("a");
    }
}
