//! Finds the headings and sections of Markdown files, by the rules of GitHub.

use std::collections::BTreeMap;

/// The lines of a Markdown text outside of fenced code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// The heading in a line, without the leading `#`.
fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    if (1..=6).contains(&level) { rest.strip_prefix(' ').map(str::trim) } else { None }
}

/// The anchor that GitHub assigns to a heading: lower case, without punctuation, with hyphens for spaces.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The anchor and the first paragraph of every section.
pub fn sections(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut count: BTreeMap<String, u32> = BTreeMap::new();
    let mut is_first = false;
    for line in prose(text) {
        if let Some(heading) = heading(line) {
            let anchor = anchor(heading);
            let earlier = count.entry(anchor.clone()).or_default();
            found.push((if *earlier == 0 { anchor } else { format!("{anchor}-{earlier}") }, String::new()));
            *earlier += 1;
            is_first = true;
        } else if let Some((_, paragraph)) = found.last_mut().filter(|_| is_first) {
            is_first = line.is_empty() && paragraph.is_empty() || !line.is_empty();
            paragraph.push_str(line);
        }
    }
    found
}
