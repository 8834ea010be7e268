//! Explains the syntax errors of YAML to authors: what is wrong, where it begins, and what to write instead.
//!
//! The parser's messages are those of libyaml, in the terms of its grammar. None of them is shown: a message that is not
//! known here becomes "this is not valid YAML".

use serde_yaml::Error;

/// A syntax error, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct YamlMistake {
    pub message: String,
    pub help: &'static str,
    /// Line and column, from 1, in the text that was parsed.
    pub place: (usize, usize),
}

const QUOTE: &str = "quote the value: put it between single quotes";
const TAB: &str = "a tab indents this line; YAML allows only spaces there";
const SPACES: &str = "indent with spaces";

/// Explains why the parser rejected a text. `written` is the text as the author wrote it, which has the same lines.
pub(crate) fn explain(written: &str, error: &Error) -> YamlMistake {
    let whole = error.to_string();
    let place = error.location().map_or((1, 1), |at| (at.line().max(1), at.column().max(1)));
    let mistake = |message: &str, help, place| YamlMistake { message: message.to_owned(), help, place };
    if whole.contains("more than one document") {
        if let Some(line) = second_document(written) {
            return mistake("a line `---` begins a second document here", "remove the line", (line, 1));
        }
        let tabs = written.lines().enumerate().find_map(|(above, line)| Some((above + 1, tab(line)?)));
        return match tabs {
            Some(tab) => mistake(TAB, SPACES, tab),
            None => mistake("there is more than one YAML document here", "keep one of them", place),
        };
    }
    if let Some(opens) =
        opening(&whole, "while scanning a quoted scalar").filter(|_| whole.starts_with("found unexpected "))
    {
        return mistake("the quotation that begins here is not closed", "close it", opens);
    }
    if let Some(column) = written.lines().nth(place.0 - 1).and_then(tab) {
        return mistake(TAB, SPACES, (place.0, column));
    }
    for (context, message, end) in [
        ("while parsing a flow sequence", "the bracket `[` that opens here is not closed", ']'),
        ("while parsing a flow mapping", "the brace `{` that opens here is not closed", '}'),
    ] {
        if let Some(opens) = opening(&whole, context) {
            let line = written.lines().nth(opens.0 - 1).unwrap_or_default();
            let is_closed = line.chars().skip(opens.1).any(|c| c == end);
            if is_closed {
                return mistake("a comma or a quotation mark is missing between the brackets", QUOTE, place);
            }
            return mistake(message, "close it, or put the value between single quotes", opens);
        }
    }
    let line = written.lines().nth(place.0 - 1).unwrap_or_default();
    let here = line.chars().nth(place.1 - 1);
    let (message, help) = match whole.split([',', ':']).next().unwrap_or_default().trim_end() {
        start if start.starts_with("mapping values are not allowed") => colon(written, place),
        start if start.starts_with("found character that cannot start any token") => match here {
            Some(c @ ('@' | '`' | '%')) => (format!("a value cannot begin with {c}"), QUOTE),
            _ => ("a value cannot begin with this character".to_owned(), QUOTE),
        },
        start if start.starts_with("unknown anchor") => {
            ("a value that begins with `*` refers to an anchor, and there is none of this name".to_owned(), QUOTE)
        }
        start if start.starts_with("found unknown escape") => (
            "the character after this backslash is not an escape".to_owned(),
            "put the text between single quotes, where a backslash is a backslash",
        ),
        start if start.starts_with("did not find expected key") => (
            "this does not continue the lines above: text follows a quotation or a list, or the indentation differs"
                .to_owned(),
            "quote the value: put all of it between single quotes, or align the line with the other keys",
        ),
        start if start.starts_with("did not find expected '-' indicator") => {
            ("this is not an item of the list above".to_owned(), "begin each item with `- `, all in the same column")
        }
        start if start.starts_with("could not find expected '") => {
            ("this line has no colon".to_owned(), "write it as `key: value`")
        }
        start if start.starts_with("block sequence entries are not allowed") => {
            ("a list cannot begin here".to_owned(), "begin it on the next line, or quote the value")
        }
        _ if whole.contains("scanning a directive") => ("a line cannot begin with %".to_owned(), QUOTE),
        start if start.starts_with("control characters") => ("this is a control character".to_owned(), "remove it"),
        start if start.contains("recursion limit") => ("this is nested too deeply".to_owned(), "flatten it"),
        start if start.contains("repetition limit") => {
            ("aliases repeat too much here".to_owned(), "write the values out")
        }
        _ => ("this is not valid YAML".to_owned(), QUOTE),
    };
    YamlMistake { message, help, place }
}

/// The position that the message gives for its context, such as `while parsing a flow mapping at line 3 column 7`. The
/// parser's own position is where it gave up, which is often the end. At the start of the text there is no position.
fn opening(message: &str, context: &str) -> Option<(usize, usize)> {
    let (_, rest) = message.split_once(context)?;
    let Some(place) = rest.strip_prefix(" at line ") else { return Some((1, 1)) };
    let (line, column) = place.split_once(" column ")?;
    let column: String = column.chars().take_while(char::is_ascii_digit).collect();
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// The column of the first tab in the indentation of a line that has text.
fn tab(line: &str) -> Option<usize> {
    let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
    let tab = line[..indentation].find('\t').filter(|_| !line.trim().is_empty())?;
    Some(tab + 1)
}

/// Explains a colon that the parser did not expect.
fn colon(written: &str, place: (usize, usize)) -> (String, &'static str) {
    let mut lines = written.lines();
    let above = place.0.checked_sub(2).and_then(|above| lines.nth(above)).unwrap_or_default();
    let line = lines.next().unwrap_or_default();
    let before: String = line.chars().take(place.1 - 1).collect();
    let indentation = |line: &str| line.len() - line.trim_start().len();
    if before.contains(": ") {
        ("a colon inside a value begins another value".to_owned(), QUOTE)
    } else if !above.trim().is_empty() && !above.contains(':') {
        ("the line above has no colon".to_owned(), "write it as `key: value`")
    } else if indentation(line) > indentation(above) {
        (
            "this line is indented, although the line above has a value".to_owned(),
            "begin it in the column of the line above",
        )
    } else {
        ("a value begins here where none is expected".to_owned(), QUOTE)
    }
}

/// The number of the line that begins the second document.
fn second_document(written: &str) -> Option<usize> {
    let is_mark = |line: &str| {
        line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
    };
    let mut lines = written.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    lines.next()?;
    lines.find(|(_, line)| is_mark(line)).map(|(number, _)| number + 1)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use serde::de::IgnoredAny;

    use super::*;

    #[test]
    fn each_mistake_is_explained_where_it_begins() {
        for (text, place, words) in [
            ("a: 1\n\tb: 2\n", (2, 1), "a tab indents this line"),
            ("\ta: 1\n", (1, 1), "a tab indents this line"),
            ("a:\n  \tb: 2\n", (2, 3), "a tab indents this line"),
            ("a: [x, y\nb: 2\n", (1, 4), "the bracket `[` that opens here is not closed"),
            ("[x, y\n", (1, 1), "the bracket `[` that opens here is not closed"),
            ("a: 1\nb: {c: 1\nd: 2\n", (2, 4), "the brace `{` that opens here is not closed"),
            ("a: [\"x\" y]\n", (1, 9), "a comma or a quotation mark is missing"),
            ("a: 'x\nb: 2\n", (1, 4), "the quotation that begins here is not closed"),
            ("a: 1\nb: \"x\n", (2, 4), "the quotation that begins here is not closed"),
            ("a: b: c\n", (1, 5), "a colon inside a value begins another value"),
            ("a b\nc: 1\n", (2, 2), "the line above has no colon"),
            ("a: b\n  c: 1\n", (2, 4), "this line is indented, although the line above has a value"),
            ("a: @b\n", (1, 4), "a value cannot begin with @"),
            ("a: *b\n", (1, 4), "refers to an anchor"),
            ("a: \"\\q\"\n", (1, 4), "is not an escape"),
            ("a: \"b\" c\n", (1, 8), "this does not continue the lines above"),
            ("a: 1\n---\nb: 1\n", (2, 1), "begins a second document"),
            ("a: 1\n\n---\tx\nb: 1\n", (3, 1), "begins a second document"),
            ("a: 1\n...\nb: 1\n", (1, 1), "there is more than one YAML document"),
            ("%a: 1\n", (1, 1), "cannot begin with %"),
        ] {
            let error = serde_yaml::from_str::<IgnoredAny>(text).expect_err(text);
            let mistake = explain(text, &error);
            assert!(mistake.message.contains(words), "{text}: {mistake:?} for {error}");
            assert_eq!(mistake.place.0, place.0, "{text}: {mistake:?} for {error}");
            if !["is not an escape", "with %"].iter().any(|word| words.contains(word)) {
                assert_eq!(mistake.place, place, "{text}: {mistake:?} for {error}");
            }
        }
    }

    #[test]
    fn very_many_empty_lines_before_another_document_cost_linear_time() {
        for mark in ["---\tx", "..."] {
            let text = format!("a: 1\n{}{mark}\nb: 1\n", "\n".repeat(20_000));
            let error = serde_yaml::from_str::<IgnoredAny>(&text).expect_err(mark);
            let start = Instant::now();
            let mistake = explain(&text, &error);
            assert!(start.elapsed() < Duration::from_secs(5), "{mark}: {:?}", start.elapsed());
            assert!(mistake.message.contains("document"), "{mark}: {mistake:?}");
        }
    }
}
