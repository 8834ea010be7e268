//! The row of dashes in a table, which has as many columns as the author likes in Kramdown.

/// Whether a text may contain such a row.
pub(super) fn may_be_in(body: &str) -> bool {
    body.contains("--") && body.contains('|')
}

/// Returns the row of dashes with as many columns as the header; `None` if it has them or there is no such row.
pub(super) fn delimiter(header: &str, row: &str) -> Option<String> {
    let dashes = row.trim();
    let is_delimiter = dashes.contains("--") && dashes.bytes().all(|byte| matches!(byte, b'-' | b'|' | b':' | b' '));
    if !is_delimiter || !dashes.contains('|') || header.trim().is_empty() {
        return None;
    }
    let columns = cells(header).count();
    let written: Vec<&str> = cells(dashes).map(str::trim).collect();
    if written.len() == columns || written.iter().any(|cell| cell.is_empty()) {
        return None;
    }
    let cells = (0..columns).map(|column| written.get(column).copied().unwrap_or("---"));
    let indentation = &row[..row.len() - row.trim_start().len()];
    let ending = &row[row.trim_end().len()..];
    Some(format!("{indentation}| {} |{ending}", cells.collect::<Vec<_>>().join(" | ")))
}

/// Returns the cells of a row.
fn cells(row: &str) -> impl Iterator<Item = &str> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = row.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(row);
    let mut is_escaped = false;
    row.split(move |c| {
        let separates = c == '|' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        separates
    })
}
