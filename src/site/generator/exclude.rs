//! What a generator leaves out, as globs below the content directory.
//!
//! Generators count from the site's root, from `source`, or match regular
//! expressions; the content directory may be any of these. A pattern that
//! cannot be said as a glob without hitting more than it should is left out:
//! an article too many is seen, one too few is not.

use crate::syntax::front_matter::Value;

fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.into_iter().flat_map(Value::elements).filter_map(Value::as_text)
}

fn add(globs: &mut Vec<String>, glob: String) {
    if !glob.is_empty() && !globs.contains(&glob) {
        globs.push(glob);
    }
}

/// Hexo's globs, which count from `source`.
pub fn hexo<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let mut globs = Vec::new();
    for glob in values.flat_map(|value| texts(Some(value))) {
        // `!` brings back what another pattern takes; nothing says that here.
        if glob.starts_with('!') {
            continue;
        }
        let glob = glob.trim_start_matches("./").trim_start_matches('/');
        let glob = glob.strip_prefix("source/").unwrap_or(glob);
        add(&mut globs, glob.to_owned());
        if !glob.starts_with("**") {
            add(&mut globs, format!("source/{glob}"));
        }
        if let Some(below) = glob.strip_prefix("_posts/") {
            add(&mut globs, below.to_owned());
        }
    }
    globs
}

/// Jekyll's names and globs, which count from the root; a directory takes all
/// that is in it.
pub fn jekyll(value: Option<&Value>) -> Vec<String> {
    let mut globs = Vec::new();
    for entry in texts(value) {
        let entry = entry.trim_start_matches("./").trim_matches('/');
        for entry in
            [Some(entry), entry.strip_prefix("_posts/")].into_iter().flatten().filter(|entry| !entry.is_empty())
        {
            add(&mut globs, entry.to_owned());
            add(&mut globs, format!("{entry}/**"));
        }
    }
    globs
}

/// Hugo's regular expressions, where they say no more than how a name ends or
/// what is in it.
pub fn hugo(value: Option<&Value>) -> Vec<String> {
    let mut globs = Vec::new();
    for expression in texts(value) {
        if let Some(glob) = glob_of(expression) {
            add(&mut globs, format!("**/{glob}"));
            add(&mut globs, format!("**/{glob}/**"));
        }
    }
    globs
}

/// The glob for a name that a regular expression of the simplest kind finds.
fn glob_of(expression: &str) -> Option<String> {
    // The start of a whole name, as people write it against full paths.
    let (start, rest) = ["(?:^|/)", "(^|/)", "/"]
        .iter()
        .find_map(|start| Some(("", expression.strip_prefix(start)?)))
        .unwrap_or(("*", expression));
    let (rest, end) = rest.strip_suffix('$').map_or((rest, "*"), |rest| (rest, ""));
    let mut glob = start.to_owned();
    let mut letters = rest.chars();
    let mut literal = false;
    while let Some(c) = letters.next() {
        match c {
            '\\' => match letters.next()? {
                c @ ('.' | '-' | '_' | '~' | '#') => glob.push(c),
                _ => return None,
            },
            '.' if letters.as_str().starts_with('*') => {
                letters.next();
                glob.push('*');
                continue;
            }
            c if c.is_alphanumeric() || matches!(c, '-' | '_' | '~' | '#' | ' ' | '@') => {
                glob.push(c);
            }
            _ => return None,
        }
        literal = true;
    }
    glob.push_str(end);
    literal.then(|| glob.replace("**", "*"))
}

/// Zola's globs, which may match anywhere.
pub fn zola(value: Option<&Value>) -> Vec<String> {
    let mut globs = Vec::new();
    for glob in texts(value) {
        let glob = glob.trim_start_matches('/');
        add(&mut globs, if glob.starts_with("**") { glob.to_owned() } else { format!("**/{glob}") });
    }
    globs
}
