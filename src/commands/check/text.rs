//! The report for people and editors: `posts/a.md:3:12: message`, then the severity and the code in
//! brackets, and help on the next line, where it was not given above. On a terminal it also shows the line of the
//! file, with a caret below the column, and problems of one kind together.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation as _;

use super::Located;
use super::place::LastRead;
use crate::commands::problems::groups;
use crate::diagnostic::{Position, Severity};
use crate::text::{printable, push};

/// Characters that are shown of a long line, and how many of them come before the caret.
const WIDTH: usize = 100;
const BEFORE: usize = 70;

/// Problems of one kind that are shown in full. If there are more, only the first is.
const MOST_IN_FULL: usize = 2;

/// Whether the report is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Colours,
    Black,
}

impl Ink {
    fn on(self, code: &str, text: &str) -> String {
        match self {
            Self::Colours => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Self::Black => text.to_owned(),
        }
    }
}

/// The report for pipes, logs and editors.
pub(super) fn plain(found: &[Located]) -> String {
    let (mut report, mut given) = (String::new(), HashSet::new());
    for Located { problem, .. } in found {
        let (severity, code) = (problem.severity.as_str(), problem.code.as_str());
        // The report may be read by a GitHub runner, and a file may be named
        // `::stop-commands::x.md`.
        let start = if problem.file.trim_start().starts_with("::") { "./" } else { "" };
        push!(report, "{start}{} [{severity}: {code}]\n", printable(&problem.to_string()));
        if let Some(help) = problem.help.as_ref().filter(|help| given.insert((problem.code, help.as_str()))) {
            push!(report, "  help: {}\n", printable(help));
        }
    }
    report
}

pub(super) fn annotated(found: &[Located], ink: Ink) -> String {
    let (mut report, mut last_read) = (String::new(), LastRead::default());
    for group in groups(found, |located| &located.problem) {
        let shown = if group.len() > MOST_IN_FULL { 1 } else { group.len() };
        let (shown, more) = group.split_at(shown);
        for (index, located) in shown.iter().enumerate() {
            if index > 0 {
                report.push('\n');
            }
            in_full(&mut report, located, &mut last_read, ink);
        }
        if !more.is_empty() {
            push!(report, "  {} more of this kind:\n", more.len());
        }
        for Located { problem, .. } in more {
            let quoted: Vec<&str> = problem.message.split('`').skip(1).step_by(2).collect();
            let quoted = if quoted.is_empty() { String::new() } else { format!(" `{}`", quoted.join("`, `")) };
            push!(report, "    {}{}\n", ink.on("1", &printable(&problem.place())), printable(&quoted));
        }
        report.push('\n');
    }
    report
}

fn in_full(report: &mut String, Located { problem, path }: &Located, last_read: &mut LastRead, ink: Ink) {
    let colour = match problem.severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Note => "1;34",
    };
    let label = format!("[{}: {}]", problem.severity.as_str(), problem.code.as_str());
    let (place, message) = (format!("{}: ", problem.place()), printable(&problem.message));
    push!(report, "{}{message} {}\n", ink.on("1", &printable(&place)), ink.on(colour, &label));
    // A note is about a locked article, and the line may contain its password.
    let position = problem.position.filter(|_| problem.severity > Severity::Note);
    if let Some(snippet) = position.and_then(|position| snippet(last_read.text_of(path)?, position, colour, ink)) {
        report.push_str(&snippet);
    }
    if let Some(help) = &problem.help {
        push!(report, "  {} {}\n", ink.on("1;36", "help:"), printable(help));
    }
}

/// The line of a text with a caret below the column. `None` if the text no longer has this line.
fn snippet(text: &str, position: Position, colour: &str, ink: Ink) -> Option<String> {
    let line = text.split('\n').nth(usize::try_from(position.line).ok()?.checked_sub(1)?)?;
    let (shown, mark) = window(line, usize::try_from(position.column).ok()?);
    let number = position.line.to_string();
    let margin = " ".repeat(number.len());
    let bar = ink.on("1;34", "|");
    let (number, caret) = (ink.on("1;34", &number), ink.on(colour, "^"));
    Some(format!("{margin} {bar}\n{number} {bar} {shown}\n{margin} {bar} {mark}{caret}\n"))
}

/// The part of a line around a column, and spaces that are as wide as the text before the column.
fn window(line: &str, column: usize) -> (String, String) {
    let at = column.saturating_sub(1).min(line.chars().count());
    let from = if at > WIDTH { at - BEFORE } else { 0 };
    let shown = printable(&line.chars().skip(from).take(WIDTH).collect::<String>()).into_owned();
    let before: String = line.chars().skip(from).take(at - from).collect();
    (shown, before.graphemes(true).map(spaces).collect())
}

/// Spaces that are as wide as a grapheme is on a terminal.
fn spaces(grapheme: &str) -> &'static str {
    let wide = |c| match u32::from(c) {
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1_f1e6..=0x1_f1ff
        | 0x1_f300..=0x1_faff
        | 0x2_0000..=0x3_fffd => true,
        _ => c == '\u{fe0f}',
    };
    if grapheme.chars().any(wide) { "  " } else { " " }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::tests::sample;
    use super::*;
    use crate::diagnostic::{Code, Problem};

    #[test]
    fn a_line_begins_with_the_position_as_in_compiler_output() {
        assert_eq!(
            plain(&sample()),
            "b c.md: two␊lines␛[31m [warning: slug-taken]\n\
             posts/a.md:3:7: no value: here, 100% [error: front-matter]\n  help: write one\n"
        );
    }

    #[test]
    fn problems_of_one_kind_are_shown_together_and_help_is_given_once() {
        let missing = |number: usize| Located {
            problem: Problem::new(format!("{number}.md"), Code::LeadImage, format!("there is no `{number}.png`"))
                .at(Position { line: 2, column: 7 })
                .help("add it"),
            path: "no such file".into(),
        };
        let mut found: Vec<Located> = (1..4).map(missing).collect();
        found.insert(1, sample().remove(0));
        assert_eq!(
            annotated(&found, Ink::Black),
            "1.md:2:7: there is no `1.png` [warning: lead-image]\n  help: add it\n  2 more of this kind:\n    \
             2.md:2:7 `2.png`\n    3.md:2:7 `3.png`\n\nb c.md: two␊lines␛[31m [warning: slug-taken]\n\n"
        );
        let lines = plain(&found);
        assert_eq!(
            (lines.matches("help: add it").count(), lines.matches(":2:7: there is no").count()),
            (1, 3),
            "{lines}"
        );
    }

    #[test]
    fn no_line_of_the_report_is_a_workflow_command() {
        let mut found = sample();
        found[0].problem.file = " ::stop-commands::x.md".into();
        assert!(plain(&found).starts_with("./ ::stop-commands::x.md: two"));
    }

    #[test]
    fn the_caret_is_below_the_column() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.md");
        fs::write(&path, "---\r\ntitle: x\r\n日期\t: x\r\n---\r\n").unwrap();
        let mut last_read = LastRead::default();
        let text = last_read.text_of(&path).unwrap();
        let shown = snippet(text, Position { line: 3, column: 4 }, "1;31", Ink::Black).unwrap();
        assert_eq!(shown, "  |\n3 | 日期␉: x\n  |      ^\n");
        for (before, spaces) in [("é\u{301}", 1), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("ｱＡ", 3), ("한", 2), ("❤️", 2)]
        {
            let line = format!("{before}x");
            assert_eq!(window(&line, before.chars().count() + 1).1.len(), spaces, "{before}");
        }
        assert_eq!(snippet(text, Position { line: 9, column: 1 }, "1", Ink::Black), None);
    }

    #[test]
    fn a_long_line_is_shown_around_the_caret() {
        let line = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let (shown, mark) = window(&line, 501);
        assert_eq!((shown.chars().count(), mark.len()), (WIDTH, BEFORE));
        assert_eq!(shown.chars().nth(BEFORE), Some('X'));
        assert_eq!(window("ab", 99).1.len(), 2, "a column after the end counts as the end");
    }

    #[test]
    fn without_colours_the_report_has_no_escape_sequences() {
        assert!(!annotated(&sample(), Ink::Black).contains('\u{1b}'));
        assert!(annotated(&sample(), Ink::Colours).contains("\u{1b}[1mposts/a.md:3:7: \u{1b}[0mno value"));
    }
}
