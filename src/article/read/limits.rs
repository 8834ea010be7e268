//! Warns about articles that exceed a limit.

use super::Source;
use crate::article::body::{self, Syntax};
use crate::diagnostic::{Code, Position, Problem};
use crate::generator::category::{self, Lists};
use crate::syntax::front_matter::FrontMatter;

/// Reports keys with too many names, and a body that is too expensive to render and is shown as plain text instead.
pub(super) fn report(source: &Source<'_>, text: &str, front: &FrontMatter, lists: Lists, problems: &mut Vec<Problem>) {
    let problem = |message, position| Problem::new(source.place.shared(), Code::Limit, message).at(position);
    for (key, message) in category::excess(&front.fields, lists) {
        problems.push(problem(message, front.position_of(text, key)).help("remove the others: each name makes a feed"));
    }
    let range = front.split.body.clone();
    let body = &text[range.clone()];
    if body::is_excessive(body) && body::syntax(source.place.extension(), body) == Syntax::Markdown {
        let message = "the body takes too much memory to render, and is shown as text".to_owned();
        let start = range.start + body.len() - body.trim_start().len();
        problems
            .push(problem(message, Position::at(text, start)).help("split the article, or its tables, into several"));
    }
}
