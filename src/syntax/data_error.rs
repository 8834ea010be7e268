//! Explains the syntax errors of TOML and JSON to authors: what is wrong, where it begins, and what to write instead.
//!
//! None of the parsers' messages is shown: one that is not known here becomes "this is not valid TOML".

/// A syntax error, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DataMistake {
    pub message: &'static str,
    pub help: &'static str,
    /// Where it begins: a byte of the text that was parsed.
    pub offset: usize,
}

const CLOSE: &str = "close it";
const QUOTE: &str = "put it between double quotes";
const ASSIGN: &str = "write it as `key = value`";
const FLATTEN: &str = "flatten it";
const NOT_CLOSED: [(char, &str); 3] = [
    ('[', "the bracket `[` that opens here is not closed"),
    ('{', "the brace `{` that opens here is not closed"),
    ('"', "the quotation that begins here is not closed"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DataLanguage {
    Toml,
    Json,
}

/// Explains why the parser rejected TOML.
pub(crate) fn of_toml(text: &str, error: &toml::de::Error) -> DataMistake {
    let offset = text.floor_char_boundary(error.span().map_or(0, |span| span.start));
    let mistake = |message, help| DataMistake { message, help, offset };
    let line = text[offset..].lines().next().unwrap_or_default();
    let starts = |words: &[&str]| words.iter().any(|start| error.message().starts_with(start));
    if starts(&["unclosed ", "invalid basic string", "invalid literal string", "invalid multi-line"]) {
        return unclosed(text, offset, DataLanguage::Toml).unwrap_or(mistake(NOT_CLOSED[0].1, CLOSE));
    }
    if starts(&["missing comma"]) {
        let is_closed = |close| !lines_of_value(&text[offset..]).all(|line| !line.contains(close));
        return match opening(text, offset, DataLanguage::Toml) {
            Some((_, '[')) if is_closed(']') => mistake("a comma is missing before this", "separate values by commas"),
            Some((_, '{')) if is_closed('}') => mistake("a comma is missing before this", "separate keys by commas"),
            _ => unclosed(text, offset, DataLanguage::Toml).unwrap_or(mistake(NOT_CLOSED[0].1, CLOSE)),
        };
    }
    match () {
        () if starts(&["string values must be quoted"]) && line.trim().is_empty() => {
            mistake("a value is missing here", ASSIGN)
        }
        () if starts(&["string values must be quoted"]) => mistake("a text without quotation marks", QUOTE),
        () if starts(&["key with no value"]) && (line.starts_with(':') || text[..offset].trim_end().ends_with(':')) => {
            mistake("a colon follows the key, where TOML has `=`", ASSIGN)
        }
        () if starts(&["key with no value"]) => mistake("there is no `=` after the key", ASSIGN),
        () if starts(&["duplicate key"]) => mistake("this key is written twice", "keep one of the two"),
        () if starts(&["unexpected key or value"]) => mistake(
            "text follows the end of the value",
            "write a quotation mark inside a text as \\\", and each key on its own line",
        ),
        () if starts(&["missing escaped value"]) => mistake(
            "the character after this backslash is not an escape",
            "put the text between single quotes, where a backslash is a backslash",
        ),
        () if starts(&["invalid date", "invalid time"]) => {
            mistake("this date cannot be read", "write it as 2026-01-31T18:30:00+08:00")
        }
        () if starts(&["invalid boolean"]) => mistake("this is neither true nor false", QUOTE),
        () if starts(&["unexpected leading zero"]) => mistake("a number cannot begin with 0", QUOTE),
        () if starts(&["invalid unquoted key"]) => {
            mistake("a key without quotation marks has other characters than a-z, 0-9, - and _", QUOTE)
        }
        () if starts(&["unquoted keys cannot be empty"]) => mistake("there is no key before this", ASSIGN),
        () if starts(&["extra comma"]) => mistake("there is no value before this comma", "remove it"),
        () if error.message().contains("recurs") => mistake("this is nested too deeply", FLATTEN),
        () => mistake("this is not valid TOML", "write each line as `key = \"value\"`"),
    }
}

/// Explains why the parser rejected JSON.
pub(crate) fn of_json(text: &str, error: &serde_json::Error) -> DataMistake {
    let whole = error.to_string();
    let line_start = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    // The parser counts a line feed as column 0 of the next line.
    let offset = text.floor_char_boundary((line_start + error.column()).saturating_sub(1).min(text.len()));
    let mistake = |message, help| DataMistake { message, help, offset };
    let starts = |words: &[&str]| words.iter().any(|start| whole.starts_with(start));
    if starts(&["EOF while parsing"]) {
        return unclosed(text, text.len(), DataLanguage::Json).unwrap_or(mistake("a value is missing here", "add it"));
    }
    match () {
        () if starts(&["control character"]) => {
            let found = unclosed(text, offset, DataLanguage::Json);
            found.unwrap_or(mistake("this is a control character", "remove it"))
        }
        () if starts(&["trailing comma"]) => {
            let comma = text[..offset].rfind(',').unwrap_or(offset);
            DataMistake { offset: comma, ..mistake("nothing follows this comma", "remove it") }
        }
        () if starts(&["expected `:`"]) => mistake("there is no colon after the key", "write it as \"key\": \"value\""),
        () if starts(&["expected `,`"]) => {
            mistake("a comma is missing before this", "write a quotation mark inside a text as \\\"")
        }
        () if starts(&["key must be a string"]) => mistake("there is no key between double quotes here", QUOTE),
        () if starts(&["expected value", "expected ident"]) => mistake("this is not a value", QUOTE),
        () if starts(&["invalid escape", "unexpected end of hex", "lone leading", "invalid unicode"]) => {
            mistake("this escape is not valid", "write a backslash as \\\\")
        }
        () if starts(&["invalid number", "number out of range"]) => mistake("this number cannot be read", QUOTE),
        () if starts(&["trailing characters"]) => mistake("text follows the end of the JSON", "remove it"),
        () if starts(&["recursion limit"]) => mistake("this is nested too deeply", FLATTEN),
        () => mistake("this is not valid JSON", "write it as {\"key\": \"value\"}"),
    }
}

/// The lines up to the next one that begins a key or a table.
fn lines_of_value(text: &str) -> impl Iterator<Item = &str> {
    let mut lines = text.lines();
    let first = lines.next();
    let is_key = |line: &&str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        line.contains('=') && !key.is_empty() && !key.contains(['"', '\'', '[', ']', ','])
    };
    first.into_iter().chain(lines.take_while(move |line| !is_key(line)))
}

/// The innermost bracket or quotation that is open at an offset.
fn unclosed(text: &str, offset: usize, language: DataLanguage) -> Option<DataMistake> {
    let (offset, mark) = opening(text, offset, language)?;
    let message = NOT_CLOSED.iter().find(|(known, _)| *known == mark).map(|(_, message)| *message)?;
    Some(DataMistake { message, help: CLOSE, offset })
}

/// The innermost bracket or quotation that is open at an offset: its own offset, and `[`, `{` or `"`.
fn opening(text: &str, offset: usize, language: DataLanguage) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut rest = 0;
    while rest < offset {
        let c = text[rest..].chars().next()?;
        let start = rest;
        rest += c.len_utf8();
        match c {
            '"' | '\'' if c == '"' || language == DataLanguage::Toml => {
                rest = end_of_quotation(text, start, c, language).filter(|end| *end <= offset).unwrap_or(usize::MAX);
                if rest == usize::MAX {
                    return Some((start, '"'));
                }
            }
            '#' if language == DataLanguage::Toml => {
                rest = text[start..].find('\n').map_or(text.len(), |end| start + end);
            }
            '[' | '{' => open.push((start, c)),
            ']' | '}' => _ = open.pop(),
            _ => {}
        }
    }
    open.pop()
}

/// Where a quotation ends that begins at `start`; `None` if it does not, or not on its line where it has to.
fn end_of_quotation(text: &str, start: usize, quote: char, language: DataLanguage) -> Option<usize> {
    let triple = quote.to_string().repeat(3);
    let is_long = language == DataLanguage::Toml && text[start..].starts_with(&triple);
    let mark = if is_long { triple.len() } else { 1 };
    let mut escaped = false;
    for (at, c) in text[start + mark..].char_indices() {
        let here = start + mark + at;
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            '\n' if !is_long => return None,
            c if c == quote && (!is_long || text[here..].starts_with(&triple)) => return Some(here + mark),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_in_toml_is_explained_where_it_begins() {
        for (text, offset, words) in [
            ("a = \"x\nb = 1\n", 4, "the quotation that begins here"),
            ("a = \"\"\"x\nb = 1\n", 4, "the quotation that begins here"),
            ("a = 'x\nb = 1\n", 4, "the quotation that begins here"),
            ("a = [1, 2\nb = 1\n", 4, "the bracket `[` that opens here"),
            ("b = '# ['\na = [1, # 2]\n 2", 14, "the bracket `[` that opens here"),
            ("a = {b = 1\nc = 2\n", 4, "the brace `{` that opens here"),
            ("[a\nb = 1\n", 0, "the bracket `[` that opens here"),
            ("a = [\"x\" \"y\"]\n", 9, "a comma is missing"),
            ("a = [\n\"x\"\n\"y=\"\n]\n", 10, "a comma is missing"),
            ("a = x\n", 4, "a text without quotation marks"),
            ("a =\n", 3, "a value is missing here"),
            ("a: 1\n", 3, "a colon follows the key"),
            ("a b = 1\n", 2, "there is no `=` after the key"),
            ("a = 1\na = 2\n", 6, "this key is written twice"),
            ("a = 'it's'\n", 8, "text follows the end of the value"),
            ("a = \"\\q\"\n", 6, "is not an escape"),
            ("a = 2026-13-01\n", 4, "this date cannot be read"),
            ("a = truth\n", 4, "neither true nor false"),
            ("a = 01\n", 4, "cannot begin with 0"),
            ("é = 1\n", 0, "a key without quotation marks"),
            ("= 1\n", 0, "there is no key before this"),
            ("a = [1,,2]\n", 7, "no value before this comma"),
        ] {
            let error = toml::from_str::<toml::Value>(text).expect_err(text);
            let mistake = of_toml(text, &error);
            assert!(mistake.message.contains(words), "{text}: {mistake:?} for {error}");
            assert_eq!(mistake.offset, offset, "{text}: {mistake:?} for {error}");
        }
    }

    #[test]
    fn each_mistake_in_json_is_explained_where_it_begins() {
        for (text, offset, words) in [
            ("{\"a\": \"é\n\"b\": 1}", 6, "the quotation that begins here"),
            ("{\"a\": \"x", 6, "the quotation that begins here"),
            ("{\"a\": [1, 2", 6, "the bracket `[` that opens here"),
            ("{\"é\": 1", 0, "the brace `{` that opens here"),
            ("{\"é\" 1}", 6, "there is no colon"),
            ("{a: 1}", 1, "no key between double quotes"),
            ("{\"a\": x}", 6, "this is not a value"),
            ("{\"a\": 1,\n}", 7, "nothing follows this comma"),
            ("{\"a\": 1 \"b\": 2}", 8, "a comma is missing"),
            ("{\"a\": \"\\q\"}", 8, "escape is not valid"),
            ("{\"a\": 01}", 7, "number cannot be read"),
            ("{} x", 3, "text follows the end"),
        ] {
            let error = serde_json::from_str::<serde_json::Value>(text).expect_err(text);
            let mistake = of_json(text, &error);
            assert!(mistake.message.contains(words), "{text}: {mistake:?} for {error}");
            assert_eq!(mistake.offset, offset, "{text}: {mistake:?} for {error}");
        }
    }
}
