//! The report for GitHub Actions: one workflow command per problem, which becomes an annotation in
//! the pull request.

use super::{Located, uri};
use crate::diagnostic::Severity;
use crate::text::{printable, push};

pub(super) fn report(found: &[Located]) -> String {
    let mut report = String::new();
    for Located { problem, path } in found {
        let place = problem
            .position
            .map(|position| format!(",line={},col={}", position.line, position.column))
            .unwrap_or_default();
        let message = match &problem.help {
            Some(help) => format!("{}\nhelp: {help}", problem.message),
            None => problem.message.clone(),
        };
        push!(
            report,
            "::{} file={}{place},title={}::{}\n",
            level(problem.severity),
            property(&uri(path)),
            property(problem.code.as_str()),
            data(&message)
        );
    }
    report
}

/// The name of the workflow command for a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "notice",
        Severity::Warning | Severity::Error => severity.as_str(),
    }
}

/// Escapes a message in the same way as GitHub's toolkit. That has no escape for other control
/// characters, so they are made printable.
pub(in crate::commands) fn data(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let parts = line.split('\r').map(|part| printable(part).replace('%', "%25"));
        parts.collect::<Vec<_>>().join("%0D")
    });
    lines.collect::<Vec<_>>().join("%0A")
}

/// Escapes a property, in which a colon or comma is special too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_ends_a_command_early() {
        assert_eq!(
            report(&super::super::tests::sample()),
            "::warning file=content/b c.md,title=slug-taken::two%0Alines␛[31m\n\
             ::error file=content/posts/a.md,line=3,col=7,title=front-matter::no value: here, 100%25%0Ahelp: write one\n"
        );
        assert_eq!(property("a,b:c%\r"), "a%2Cb%3Ac%25%0D");
        assert_eq!(level(Severity::Note), "notice");
    }
}
