//! Digests of what documents are made of. `build` keeps a file of which the digest is the same as in the earlier build.
//!
//! A document depends on the program, on the rules, and on a value of the edition, such as a feed with its entries, which
//! is hashed whole. The page of an article is made from its file, which need not be read: it depends on the digest of the
//! file, on the value that a page without text would show, and on the names that its text may refer to.

use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use xxhash_rust::xxh3::Xxh3Default;

use super::find::FoundTarget;
use super::{Edition, Found};
use crate::article::{Article, ArticleBody};
use crate::content_path::ContentPath;
use crate::digest::digest;
use crate::library::References;

/// Digests of what the documents of an edition are made of.
pub(crate) struct Inputs<'a> {
    edition: &'a Edition,
    /// The program and the rules.
    common: u128,
    nothing: ArticleBody,
    articles: OnceLock<u128>,
    media: OnceLock<u128>,
}

/// A digest of what the page of an article is made of, apart from what its text refers to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageInputs(u128);

impl Edition {
    /// Returns the digests, given one of the program.
    pub(crate) fn inputs(&self, program: u128) -> Inputs<'_> {
        // The rules contain regular expressions and globs, which have no other complete form than this one.
        let rules = format!("{:?}", self.library.rules());
        Inputs {
            edition: self,
            common: digest(&(program, rules)),
            nothing: ArticleBody::empty(),
            articles: OnceLock::new(),
            media: OnceLock::new(),
        }
    }
}

impl Edition {
    /// Returns the path of the article whose page is at an URL.
    pub(crate) fn article_at(&self, address: &str) -> Option<ContentPath> {
        match self.locate(address) {
            FoundTarget::Other(Found::Article(place)) => Some(place),
            _ => None,
        }
    }
}

impl Inputs<'_> {
    /// Returns the digest of the document at an URL; `None` if there is none, or if it is quickly rendered.
    pub(crate) fn document(&self, address: &str) -> Option<u128> {
        let own = match self.edition.locate(address) {
            FoundTarget::Feed(published, format) => digest(&(published.digest(), format)),
            FoundTarget::Page(published) => self.edition.digest_of_page(published, published.first_position()),
            FoundTarget::Older(published, position) => self.edition.digest_of_page(published, position),
            FoundTarget::Listed(..) | FoundTarget::Site(_) | FoundTarget::Other(_) => return None,
        };
        Some(digest(&(self.common, address, own)))
    }

    /// Returns the digest of the page of an article whose file has this digest.
    pub(crate) fn page(&self, article: &Article, file: u64) -> PageInputs {
        let (page, newest, _) = self.edition.article_page_inputs(article, &self.nothing);
        PageInputs(digest(&(self.common, file, page, newest)))
    }

    /// Returns the complete digest of the page of an article whose text has these references.
    pub(crate) fn complete(&self, page: PageInputs, references: References) -> u128 {
        let of = |cell: &OnceLock<u128>, hash: &dyn Fn(&mut Xxh3Default)| {
            *cell.get_or_init(|| {
                let mut state = Xxh3Default::new();
                hash(&mut state);
                state.digest128()
            })
        };
        let library = &self.edition.library;
        let mut state = Xxh3Default::new();
        (page.0, references).hash(&mut state);
        if references.articles {
            state.write_u128(of(&self.articles, &|state| library.hash_articles(state)));
        }
        if references.media {
            state.write_u128(of(&self.media, &|state| library.hash_media(state)));
        }
        state.digest128()
    }
}
