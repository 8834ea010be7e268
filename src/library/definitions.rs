//! Reports definitions whose feeds are empty, and names in them that no article has.

use std::collections::HashSet;

use super::Library;
use crate::content_path::split;
use crate::diagnostic::{Code, Position, Problem};
use crate::key::{FeedKey, Kind, Topic};
use crate::site::{Condition, Definition, Format, Target};
use crate::text::{decode_path, nearest};

impl Library {
    /// Returns the problems of definitions that are valid, but not what their author meant.
    pub(crate) fn feed_problems(&self) -> Vec<Problem> {
        // Without any article, that is the only problem.
        if self.published_count() == 0 {
            return Vec::new();
        }
        let definitions = self.rules.definitions.values().flat_map(|definition| self.definition_problems(definition));
        definitions.chain(self.podcast_problems()).chain(self.urls_in_use()).collect()
    }

    /// Returns the lines of `redirects` and `gone` that have no effect, because the site has something at their URLs.
    fn urls_in_use(&self) -> Vec<Problem> {
        let (file, positions) = &self.rules.site.legacy.source;
        if positions.is_empty() {
            return Vec::new();
        }
        let feeds: HashSet<String> = self.keys().map(|key| self.path(key)).collect();
        let is_in_use = |path: &str| {
            let decoded = decode_path(path).unwrap_or_default();
            let below = decoded.trim_start_matches('/');
            let (directory, name) = split(below);
            let page = below.strip_prefix("articles/").and_then(|page| page.strip_suffix('/'));
            let is_document = name.is_empty() || Format::ALL.iter().any(|format| format.file_name() == name);
            (is_document && feeds.contains(directory)) || page.is_some_and(|page| self.article_of_page(page).is_some())
        };
        let problem = |(path, position): (&String, &Position)| {
            let message = format!("`{path}` is a URL of this site, so it is neither redirected nor gone");
            Problem::new(file.as_str(), Code::UrlInUse, message).at(*position).help("remove this line")
        };
        positions.iter().filter(|(path, _)| is_in_use(path)).map(problem).collect()
    }

    fn definition_problems(&self, definition: &Definition) -> Vec<Problem> {
        let is_empty = self.is_empty_feed(&definition.key(&self.rules.site));
        let Target::Select(select) = &definition.target else {
            let message = || "no published article is in this feed, so it is empty".to_owned();
            let path = definition.target_key();
            let empty = || definition.problem(Code::EmptyFeed, path.as_slice(), message());
            return is_empty.then(empty).into_iter().collect();
        };
        let unknown = select.named().into_iter().filter_map(|(path, condition)| {
            let (kind, name) = self.unknown(condition)?;
            let path: Vec<&str> = ["select"].into_iter().chain(path.iter().map(String::as_str)).collect();
            let message = format!("no published article has the {} `{name}`", kind.as_str());
            let problem = definition.problem(Code::UnknownName, &path, message);
            let known = self.names_of_kind(&kind);
            Some(match nearest(name, known.iter().map(String::as_str)) {
                Some(nearest) => problem.help(format!("did you mean `{nearest}`?")),
                None => problem,
            })
        });
        let mut problems: Vec<Problem> = unknown.collect();
        if is_empty {
            let message = "these conditions match no published article, so the feed is empty".to_owned();
            problems.push(definition.problem(Code::SelectsNothing, &["select"], message));
        }
        problems
    }

    /// Returns the kind and the name of a condition that no article meets.
    fn unknown<'a>(&self, condition: Condition<'a>) -> Option<(Kind, &'a str)> {
        let has = |meets: &dyn Fn(&Topic) -> bool| self.keys().any(|key| meets(&key.topic) && !self.is_empty_feed(key));
        let (kind, name, is_known) = match condition {
            Condition::Category(category) => {
                let holds = |names: &[std::sync::Arc<str>]| category.holds(names.iter().map(|name| &**name));
                let known = has(&|topic| matches!(topic, Topic::Category(names) if holds(names)));
                (Kind::Category, category.text.as_str(), known)
            }
            Condition::Tag(tag) => {
                (Kind::Tag, &**tag.spelled(), has(&|topic| matches!(topic, Topic::Tag(name) if name == tag.folded())))
            }
            Condition::Author(author) => {
                let known = has(&|topic| matches!(topic, Topic::Author(name) if name == author.folded()));
                (Kind::Author, &**author.spelled(), known)
            }
        };
        (!is_known).then_some((kind, name))
    }

    fn is_empty_feed(&self, key: &FeedKey) -> bool {
        self.members(key).is_none_or(super::Members::is_empty)
    }

    /// Returns the names of all feeds of a kind; categories both as single names and as paths.
    fn names_of_kind(&self, kind: &Kind) -> Vec<String> {
        let keys = self.keys().filter(|key| key.kind() == *kind && !self.is_empty_feed(key));
        let names = keys.flat_map(|key| {
            let names: Vec<String> = self.names(key).iter().map(ToString::to_string).collect();
            [names.last().cloned().unwrap_or_default(), names.join("/")]
        });
        names.filter(|name| !name.is_empty()).collect()
    }
}
