//! Reports definitions whose feeds are empty, and names in them that no article has.

use super::Library;
use crate::diagnostic::{Code, Problem};
use crate::key::{FeedKey, Kind, Topic};
use crate::site::{Condition, Definition, Target};
use crate::text::nearest;

impl Library {
    /// Returns the problems of definitions that are valid, but not what their author meant.
    pub(crate) fn feed_problems(&self) -> Vec<Problem> {
        // Without any article, that is the only problem.
        if self.published_count() == 0 {
            return Vec::new();
        }
        let definitions = self.rules.definitions.values().flat_map(|definition| self.definition_problems(definition));
        definitions.chain(self.podcast_problems()).collect()
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
