//! Parses the front matter of an article into [`Fields`].
//!
//! It supports the languages of all generators and recovers keys from YAML that the parser rejects. The meaning of the
//! keys is up to the callers in `article` and `generator`.

use std::borrow::Cow;
use std::collections::HashSet;

use super::data_error::{self, DataMistake};
use super::locate;
use super::yaml_error::{self, YamlMistake};
use crate::diagnostic::{Code, Position};
use surrogates::Escapes;

mod yaml_limits;
pub(crate) mod fence;
mod fast_path;
mod recover;
mod shorten;
mod surrogates;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use fence::{FrontMatterLanguage, Split};
pub(crate) use value::{Fields, Value, from_yaml};
pub(crate) use yaml_limits::too_deep;

/// Maximum size of front matter in bytes. Larger input can stall the parsers, and no real file comes near it. In
/// larger front matter `shorten` cuts long values, so an article with a title of one megabyte or with sixty thousand
/// tags is still published; one with a megabyte of keys is not.
pub(crate) const MOST_BYTES: usize = 64 * 1024;

/// The front matter of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontMatter {
    /// Keys and values; empty if the file has no front matter.
    pub(crate) fields: Fields,
    /// The positions of the front matter and the body in the file.
    pub(crate) split: Split,
    /// Problems found while parsing.
    pub(crate) findings: Vec<Finding>,
    /// The lines of broken YAML that could not be read.
    pub(crate) lost: Vec<String>,
}

/// A problem in the front matter. [`parse`] returns it as an error if the article cannot be published, else in
/// [`FrontMatter::findings`].
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub(crate) code: Code,
    pub(crate) position: Position,
    /// The message, without position and code.
    pub(crate) message: String,
    /// How to fix it.
    pub(crate) help: Option<String>,
}

impl FrontMatter {
    /// The position of a top-level key's value, for a problem with this value.
    pub(crate) fn position_of(&self, text: &str, key: &str) -> Position {
        let key = key.split('.').next().unwrap_or(key);
        let block = &text[self.split.block.clone()];
        let located = match self.split.language {
            // This could stall the parser.
            _ if block.len() > MOST_BYTES => None,
            Some(FrontMatterLanguage::Yaml) => {
                locate::in_yaml(&prepare(block), &[key]).map(|place| yaml_position(text, &self.split, Some(place)))
            }
            Some(FrontMatterLanguage::Toml) => {
                locate::in_toml(block, &[key]).map(|at| Position::at(text, self.split.block.start + at))
            }
            _ => None,
        };
        located.unwrap_or_else(|| Position::at(text, self.offset_by_line(text, key)))
    }

    /// Whether the value of a key is a text between quotation marks, or of a language that has no other texts.
    pub(crate) fn is_quoted(&self, text: &str, key: &str) -> bool {
        self.split.language != Some(FrontMatterLanguage::Yaml)
            || text[self.offset_by_line(text, key)..].starts_with(['"', '\''])
    }

    /// The offset of a key's value in a block that is read line by line, or that the parser cannot locate it in.
    fn offset_by_line(&self, text: &str, key: &str) -> usize {
        let block = &text[self.split.block.clone()];
        let mut at = self.split.block.start;
        let mut found = self.split.block.start;
        for line in block.split_inclusive('\n') {
            let bare = line.trim_start_matches(['"', '\'']);
            let matches = bare.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key))
                && bare[key.len()..].trim_start_matches(['"', '\'', ' ', '\t']).starts_with([':', '：', '=']);
            if matches {
                let after = line.find([':', '：', '=']).map_or(0, |colon| colon + 1);
                let blanks = line[after..].len() - line[after..].trim_start().len();
                found = at + (after + blanks).min(line.trim_end().len());
            }
            at += line.len();
        }
        found
    }
}

/// Parses the front matter of `text`, whose line ends must be `\n`. Returns an error if nothing can be recovered; the
/// article is then not published.
pub fn parse(text: &str) -> Result<FrontMatter, Finding> {
    let split = fence::split(text);
    let block = &text[split.block.clone()];
    if block.len() > MOST_BYTES {
        return large(text, split);
    }
    read(text, split.clone(), block)
}

/// Returns whether a file ends within its front matter, as while it is written.
pub(crate) fn is_unfinished(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes.get(..MOST_BYTES).unwrap_or(bytes));
    let text = text.replace("\r\n", "\n");
    let split = fence::split(&text);
    split.unclosed && bytes.len() <= MOST_BYTES && text[split.body].trim().is_empty()
}

/// Parses a block of at most [`MOST_BYTES`].
fn read(text: &str, split: Split, block: &str) -> Result<FrontMatter, Finding> {
    let is_yaml = split.language == Some(FrontMatterLanguage::Yaml);
    if let Some(offset) = is_yaml.then(|| too_deep(block)).flatten() {
        let position = Position::at(text, split.block.start + offset);
        return Err(refusal(position, "the front matter is nested deeper than 32 levels", "flatten it"));
    }
    if let Some(offset) = is_yaml.then(|| yaml_limits::too_many_aliases(block)).flatten() {
        let position = Position::at(text, split.block.start + offset);
        return Err(refusal(position, "the front matter has too many aliases", "write the values out"));
    }
    let mut findings = Vec::new();
    if split.unclosed {
        findings.push(Finding {
            code: Code::FrontMatterRescued,
            position: Position::START,
            message: "the front matter has no closing fence".to_owned(),
            help: Some("add a line `---` below it".to_owned()),
        });
    }
    let mut lost = Vec::new();
    let fields = match split.language {
        None => Fields::default(),
        Some(FrontMatterLanguage::Yaml) => yaml(text, &split, block, &mut findings, &mut lost)?,
        Some(FrontMatterLanguage::Toml) => toml(text, &split, block)?,
        Some(FrontMatterLanguage::Json) => json(text, &split, block)?,
        Some(FrontMatterLanguage::BareJson) => json(text, &split, &format!("{{{block}}}"))?,
        Some(FrontMatterLanguage::Headers) => headers(block),
        Some(FrontMatterLanguage::References) => references(block),
        Some(FrontMatterLanguage::Program) => {
            return Err(Finding {
                code: Code::FrontMatter,
                position: Position::at(text, split.block.start),
                message: "the front matter is in a programming language, which feedmill does not run".to_owned(),
                help: Some("write it in YAML, TOML or JSON".to_owned()),
            });
        }
    };
    let mut front = FrontMatter { fields, split, findings, lost };
    front.findings.extend(repeated(&front, text));
    Ok(front)
}

/// Handles a block of more than [`MOST_BYTES`], which is too large or only looks like front matter.
fn large(text: &str, split: Split) -> Result<FrontMatter, Finding> {
    let block = &text[split.block.clone()];
    let is_yaml = split.language == Some(FrontMatterLanguage::Yaml);
    if is_yaml && (split.unclosed || block.lines().all(|line| fence::key_of(line).is_none())) {
        // This is a text that begins with a thematic break.
        return Ok(FrontMatter {
            fields: Fields::default(),
            split: Split::of_body(text),
            findings: Vec::new(),
            lost: Vec::new(),
        });
    }
    let start = Position::at(text, split.block.start);
    let refusal = || refusal(start, "the front matter is larger than 64 KiB", "move the text below the front matter");
    let (short, cut) = shorten::shorten(block, split.language.ok_or_else(refusal)?);
    if short.len() > MOST_BYTES {
        return Err(refusal());
    }
    // Problems of the shortened block are not reported, because they may be due to the cuts and have other positions
    // in the file.
    let mut front = read(text, split, &short).map_err(|_| refusal())?;
    if is_yaml {
        // Indented lines below a long value may be keys that were cut off with it.
        let left: HashSet<&str> = short.lines().collect();
        let below = block.lines().filter(|line| line.starts_with([' ', '\t']) && !left.contains(line));
        front.lost.extend(below.map(str::to_owned));
    }
    front.findings = cut
        .into_iter()
        .map(|key| Finding {
            code: Code::Limit,
            position: front.position_of(text, key),
            message: format!("`{key}` is longer than {} bytes and is cut", shorten::OF_ONE_KEY),
            help: Some("shorten it: front matter of more than 64 KiB is not read whole".to_owned()),
        })
        .collect();
    Ok(front)
}

fn refusal(position: Position, message: &str, help: &str) -> Finding {
    Finding { code: Code::FrontMatterSize, position, message: message.to_owned(), help: Some(help.to_owned()) }
}

/// Parses YAML. Adds to `lost` the lines of a broken block that could not be read.
fn yaml(
    text: &str,
    split: &Split,
    block: &str,
    findings: &mut Vec<Finding>,
    lost_lines: &mut Vec<String>,
) -> Result<Fields, Finding> {
    let prepared = prepare(block);
    let error = match value::from_yaml(&prepared) {
        Ok(Some(fields)) => return Ok(fields),
        // There is text or a list between the fences, which Hexo treats as body. It has no keys.
        Ok(None) => return Ok(Fields::default()),
        Err(error) => error,
    };
    if let Some(Ok(Some(fields))) = surrogates::joined(&prepared, Escapes::Yaml).map(|joined| value::from_yaml(&joined))
    {
        return Ok(fields);
    }
    let YamlMistake { message: reason, help, place } = yaml_error::explain(block, &error);
    let position = yaml_position(text, split, Some(place));
    let (fields, lost) = recover::recover(&prepared);
    // If the title is lost, the article would be published under a wrong title. An article that never had a title is
    // accepted if it has a date.
    let lines: Vec<&str> = prepared.lines().collect();
    let of_title = |key: &str| key.eq_ignore_ascii_case("title");
    let title_lost = lost.iter().any(|&line| fence::key_of(lines[line]).is_some_and(of_title));
    let found = match fields.get("title") {
        Some(value) => !value.is_blank(),
        None => !title_lost && fields.get("date").is_some_and(|value| !value.is_blank()),
    };
    if !found {
        return Err(Finding {
            code: Code::FrontMatter,
            position,
            message: format!("the YAML cannot be read: {reason}"),
            help: Some(help.to_owned()),
        });
    }
    lost_lines.extend(lost.iter().map(|&line| lines[line].to_owned()));
    let lost = match lost.len() {
        0 => String::new(),
        1 => ", 1 line is lost".to_owned(),
        more => format!(", {more} lines are lost"),
    };
    findings.push(Finding {
        code: Code::FrontMatterRescued,
        position,
        message: format!("the YAML is broken and was read line by line{lost}: {reason}"),
        help: Some(help.to_owned()),
    });
    Ok(fields)
}

/// Changes what the YAML parser rejects: each leading tab becomes two spaces, as in Hexo, and characters that make it
/// reject the whole document become spaces. `config_syntax` uses it for configurations too.
pub(crate) fn prepare(block: &str) -> Cow<'_, str> {
    let refused = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' | '\u{feff}')
    };
    if !block.contains('\t') && !block.contains(refused) {
        return Cow::Borrowed(block);
    }
    let mut prepared = String::with_capacity(block.len() + 16);
    for line in block.split_inclusive('\n') {
        let mut rest = line;
        while let Some(next) = rest.chars().next().filter(|c| matches!(c, '\t' | ' ')) {
            prepared.push_str(if next == '\t' { "  " } else { " " });
            rest = &rest[1..];
        }
        prepared.extend(rest.chars().map(|c| if refused(c) { ' ' } else { c }));
    }
    Cow::Owned(prepared)
}

/// Converts a line and column of the prepared block to a position in the file.
fn yaml_position(text: &str, split: &Split, place: Option<(usize, usize)>) -> Position {
    let start = Position::at(text, split.block.start);
    let Some((line, column)) = place else {
        return start;
    };
    let line = line.saturating_sub(1);
    let tabs = text[split.block.clone()]
        .lines()
        .nth(line)
        .map_or(0, |line| line.chars().take_while(|c| matches!(c, '\t' | ' ')).filter(|&c| c == '\t').count());
    let column = column.saturating_sub(tabs).max(1);
    Position {
        line: start.line.saturating_add(u32::try_from(line).unwrap_or(u32::MAX)),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    }
}

/// The problem of a block of TOML or JSON that cannot be read. `before` is the length of what was put before the block.
fn unreadable(text: &str, split: &Split, language: &str, before: usize, mistake: &DataMistake) -> Finding {
    Finding {
        code: Code::FrontMatter,
        position: Position::at(text, split.block.start + mistake.offset.saturating_sub(before)),
        message: format!("the {language} cannot be read: {}", mistake.message),
        help: Some(mistake.help.to_owned()),
    }
}

/// The keys that are written more than once, with the position of the value that counts.
fn repeated(front: &FrontMatter, text: &str) -> Vec<Finding> {
    let keys: Vec<&str> = front.fields.0.iter().map(|(key, _)| key.as_str()).collect();
    let is_repeated = |at: usize| {
        let is_same = |other: &&str| other.eq_ignore_ascii_case(keys[at]);
        keys[..at].iter().any(is_same) && !keys[at + 1..].iter().any(is_same)
    };
    let repeated = (0..keys.len()).filter(|at| is_repeated(*at)).map(|at| Finding {
        code: Code::DuplicateKey,
        position: Position::at(text, front.offset_by_line(text, keys[at])),
        message: format!("`{}` is written more than once; the last value counts", keys[at]),
        help: Some("remove the others".to_owned()),
    });
    repeated.collect()
}

fn toml(text: &str, split: &Split, block: &str) -> Result<Fields, Finding> {
    match toml::from_str(block) {
        Ok(Value::Map(fields)) => Ok(fields),
        Ok(_) => Ok(Fields::default()),
        Err(error) => Err(unreadable(text, split, "TOML", 0, &data_error::of_toml(block, &error))),
    }
}

fn json(text: &str, split: &Split, block: &str) -> Result<Fields, Finding> {
    let parsed = serde_json::from_str(block).or_else(|error| {
        let repaired =
            surrogates::joined(block, Escapes::Json).and_then(|repaired| serde_json::from_str(&repaired).ok());
        repaired.ok_or(error)
    });
    match parsed {
        Ok(Value::Map(fields)) => Ok(fields),
        Ok(_) => Ok(Fields::default()),
        Err(error) => {
            let before = usize::from(split.language == Some(FrontMatterLanguage::BareJson));
            Err(unreadable(text, split, "JSON", before, &data_error::of_json(block, &error)))
        }
    }
}

/// Parses Pelican's headers. Its documentation says that tags and authors are lists, separated by semicolons if there
/// are any and otherwise by commas.
fn headers(block: &str) -> Fields {
    let mut fields: Vec<(String, Value)> = Vec::new();
    for line in block.lines() {
        // Nikola's metadata lines begin with `.. `.
        let line = line.strip_prefix(".. ").unwrap_or(line);
        if let (true, Some((_, Value::Text(text)))) = (line.starts_with([' ', '\t']), fields.last_mut()) {
            text.push(' ');
            text.push_str(line.trim());
        } else if let Some(key) = fence::key_of(line) {
            let value = line[key.len()..].trim_start().trim_start_matches([':', '：']).trim();
            fields.push((key.to_owned(), Value::Text(value.to_owned())));
        }
    }
    for (key, value) in &mut fields {
        if ["tags", "authors"].iter().any(|list| key.eq_ignore_ascii_case(list))
            && let Value::Text(text) = value
        {
            let separator = if text.contains(';') { ';' } else { ',' };
            let list = text.split(separator).map(|item| Value::Text(item.trim().to_owned())).collect();
            *value = Value::List(list);
        }
    }
    Fields(fields)
}

fn references(block: &str) -> Fields {
    let fields = block.lines().filter_map(|line| {
        let line = line.strip_prefix("[#]:")?.trim_start();
        let key = fence::key_of(line)?;
        let value = line[key.len()..].trim_start_matches([':', '：', ' ']).trim();
        let inside = [('(', ')'), ('"', '"'), ('\'', '\'')]
            .iter()
            .find_map(|&(open, close)| value.strip_prefix(open)?.strip_suffix(close))
            .unwrap_or(value);
        // LCTT calls the title `subject`; `article` reads this key too.
        Some((key.to_owned(), Value::Text(inside.trim().to_owned())))
    });
    Fields(fields.collect())
}
