//! Removes the locked parts of a body, which the author encrypts or protects by a password on the web site.
//! A shortcode, tag, pair of comments, container or element locks a part by its name.
//!
//! [`without`] is called where a body is separated from its front matter, so that everything made from the
//! body (content, summary, title, images, links to other articles) is made from what is left. If the markup
//! is ambiguous, more is hidden rather than less.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::Markup;
use marks::{Family, LockMark, Role};

mod marks;

/// Words that lock a part if they occur in a name, in any letter case.
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(?i-u)encrypt|secret|protect|password|locked|private").expect("the pattern is a constant")
});

fn locks(name: &str) -> bool {
    WORDS.is_match(name.as_bytes())
}

/// The first locked part of a body, for a note to the author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Locked {
    /// The offset at which it begins.
    pub at: usize,
    pub name: Box<str>,
    pub ended: LockEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LockEnd {
    Yes,
    /// It has no end, and extends to the end of the body.
    No,
}

/// Returns the body without its locked parts, and the first of them.
pub(crate) fn without(body: &str, markup: impl FnOnce() -> Markup) -> (Cow<'_, str>, Option<Locked>) {
    // Most bodies contain none of these words.
    if !locks(body) {
        return (Cow::Borrowed(body), None);
    }
    let marks = marks::find(body, markup());
    let (parts, first) = parts(body, &marks);
    if first.is_none() {
        return (Cow::Borrowed(body), None);
    }
    let mut left = String::with_capacity(body.len());
    let mut from = 0;
    for part in parts {
        left.push_str(&body[from..part.start]);
        from = part.end;
    }
    left.push_str(&body[from..]);
    (Cow::Owned(left), first)
}

#[derive(Default)]
struct OpenItems<'a> {
    /// All items opened since the part began: whether each locks, and whether it is closed by now.
    items: Vec<(bool, bool)>,
    named: HashMap<(Family, &'a str), Vec<usize>>,
    /// Open calls of Zola, all of which end at `{% end %}`.
    calls: Vec<usize>,
    /// Open containers, each with its number of colons.
    containers: Vec<(usize, usize)>,
    locking: usize,
}

impl<'a> OpenItems<'a> {
    fn open(&mut self, mark: &'a LockMark) {
        let (at, locks) = (self.items.len(), mark.role != Role::Inside);
        self.items.push((locks, false));
        self.locking += usize::from(locks);
        match mark.family {
            Family::Container => self.containers.push((at, mark.range.len())),
            Family::Call => self.calls.push(at),
            Family::Tag | Family::Comment | Family::Element | Family::Bracket => {}
        }
        if locks && mark.family != Family::Container {
            self.named.entry((mark.family, &mark.name)).or_default().push(at);
        }
    }

    fn close(&mut self, mark: &'a LockMark) {
        let named = |family| (family, mark.name.as_str());
        let item = match mark.family {
            Family::Container => {
                let fits = self.containers.last().is_some_and(|(_, colons)| mark.range.len() >= *colons);
                fits.then(|| self.containers.pop()).flatten().map(|(at, _)| at)
            }
            Family::Call => loop {
                match self.calls.pop() {
                    Some(at) if self.items[at].1 => {}
                    last => break last,
                }
            },
            Family::Tag => {
                let plain = self.named.get_mut(&named(Family::Tag)).and_then(Vec::pop);
                plain.or_else(|| {
                    loop {
                        match self.named.get_mut(&named(Family::Call)).and_then(Vec::pop) {
                            Some(at) if self.items[at].1 => {}
                            last => break last,
                        }
                    }
                })
            }
            family => self.named.get_mut(&named(family)).and_then(Vec::pop),
        };
        if let Some(at) = item {
            self.items[at].1 = true;
            self.locking -= usize::from(self.items[at].0);
        }
    }
}

/// Returns the ranges to leave out, in order, and the first locked part.
fn parts(body: &str, marks: &[LockMark]) -> (Vec<Range<usize>>, Option<Locked>) {
    // The last end of each name, for marks that lock only if they are closed.
    let mut ends: HashMap<(Family, &str), usize> = HashMap::new();
    for mark in marks.iter().filter(|mark| mark.role == Role::Close) {
        ends.insert((mark.family, &mark.name), mark.range.start);
    }
    let has_end = |mark: &LockMark| ends.get(&(mark.family, &*mark.name)).is_some_and(|end| *end > mark.range.start);
    let mut found = Vec::new();
    let mut first: Option<Locked> = None;
    let mut open = OpenItems::default();
    let mut from = 0;
    for mark in marks {
        let locked = open.locking > 0;
        match mark.role {
            Role::OpenIfEnded if !has_end(mark) => {}
            Role::Open | Role::OpenIfEnded => {
                if !locked {
                    from = mark.range.start;
                    first.get_or_insert_with(|| Locked { at: from, name: (&*mark.name).into(), ended: LockEnd::No });
                }
                open.open(mark);
            }
            Role::Inside if locked => open.open(mark),
            Role::Close if locked => {
                open.close(mark);
                if open.locking == 0 {
                    open = OpenItems::default();
                    found.push(from..mark.range.end);
                    if let Some(first) = first.as_mut().filter(|first| first.at == from) {
                        first.ended = LockEnd::Yes;
                    }
                }
            }
            Role::Alone if !locked => {
                found.push(mark.range.clone());
                first.get_or_insert_with(|| Locked {
                    at: mark.range.start,
                    name: (&*mark.name).into(),
                    ended: LockEnd::Yes,
                });
            }
            Role::Inside | Role::Close | Role::Alone => {}
        }
    }
    if open.locking > 0 {
        found.push(from..body.len());
    }
    (found, first)
}

#[cfg(test)]
mod tests;
