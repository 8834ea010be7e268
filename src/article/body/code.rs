//! Finds the code in a body, where marks and tags are shown literally: fenced and indented blocks, code
//! spans, and the elements `<pre>`, `<code>`, `<script>` and `<style>`.

use std::{collections::HashMap, ops::Range};

use super::{Syntax, html, markdown};

/// Returns the byte ranges of code, sorted and without overlaps.
pub(crate) fn ranges(body: &str, syntax: Syntax) -> Vec<Range<usize>> {
    match syntax {
        Syntax::Markdown if may_hold_block(body) => ranges_around(body, &markdown::code_block_lines(body)),
        Syntax::Markdown => ranges_around(body, &[]),
        Syntax::Html => merge(element_ranges(body, &[])),
    }
}

/// Like [`ranges`], for Markdown whose code blocks are at these lines.
pub(crate) fn ranges_around(body: &str, blocks: &[(usize, usize)]) -> Vec<Range<usize>> {
    let mut found = merge(block_ranges(body, blocks));
    let spans = span_ranges(body, &found);
    found.extend(spans);
    found = merge(found);
    found.extend(element_ranges(body, &found));
    merge(found)
}

/// Returns the range that contains `at`. `ranges` must be sorted.
pub(crate) fn containing(ranges: &[Range<usize>], at: usize) -> Option<&Range<usize>> {
    let next = ranges.partition_point(|range| range.start <= at);
    ranges[..next].last().filter(|range| at < range.end)
}

/// Returns whether code is only code because its lines are indented, as those of a formula or an element may be.
pub(crate) fn is_indented(code: &str) -> bool {
    let marks = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\t' | '>' | '-' | '*' | '+' | '.' | ')');
    !code.trim_start_matches(marks).starts_with(['`', '~', '<'])
}

fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn may_hold_block(body: &str) -> bool {
    ["```", "~~~", "\n    ", "\n\t"].iter().any(|mark| body.contains(mark))
        || body.starts_with("    ")
        || body.starts_with('\t')
}

fn block_ranges(body: &str, blocks: &[(usize, usize)]) -> Vec<Range<usize>> {
    if blocks.is_empty() {
        return Vec::new();
    }
    // A lone CR also ends a line in Markdown.
    let bytes = body.as_bytes();
    let mut starts = vec![0];
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            starts.push(at + 1);
        }
    }
    let start = |line: usize| starts.get(line).copied().unwrap_or(body.len());
    blocks
        .iter()
        .filter(|(first, last)| *first >= 1 && last >= first)
        .map(|(first, last)| start(first - 1)..start(*last))
        .collect()
}

/// Finds code spans: from a run of backticks to the next run of the same length in the same paragraph.
fn span_ranges(body: &str, blocks: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if line.trim().is_empty() || containing(blocks, at).is_some() {
            close_spans(&mut runs, &mut found);
        } else if line.contains('`') {
            let bytes = line.as_bytes();
            let mut from = 0;
            while let Some(next) = line[from..].find('`') {
                let start = from + next;
                let length = bytes[start..].iter().take_while(|b| **b == b'`').count();
                runs.push(at + start..at + start + length);
                from = start + length;
            }
        }
        at += line.len();
    }
    close_spans(&mut runs, &mut found);
    found
}

fn close_spans(runs: &mut Vec<Range<usize>>, found: &mut Vec<Range<usize>>) {
    let mut next_of_length = HashMap::new();
    let mut closes = vec![None; runs.len()];
    for (at, run) in runs.iter().enumerate().rev() {
        closes[at] = next_of_length.insert(run.len(), at);
    }
    let mut at = 0;
    while at < runs.len() {
        if let Some(close) = closes[at] {
            found.push(runs[at].start..runs[close].end);
            at = close;
        }
        at += 1;
    }
    runs.clear();
}

fn element_ranges(body: &str, code: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for name in ["pre", "code", "script", "style"] {
        let mut from = 0;
        while let Some(next) = body[from..].find('<') {
            let at = from + next;
            from = at + 1;
            let after = &body.as_bytes()[from..];
            let opens = after.len() > name.len()
                && after[..name.len()].eq_ignore_ascii_case(name.as_bytes())
                && (after[name.len()].is_ascii_whitespace() || after[name.len()] == b'>');
            if !opens || containing(code, at).is_some() {
                continue;
            }
            let Some(end) = html::end_tag(&body[from..], name) else {
                break;
            };
            found.push(at..from + end);
            from += end;
        }
    }
    found
}
