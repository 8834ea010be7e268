//! Writes numbers for the dashboard.

use serde_json::Value;

pub(super) fn of(found: usize, all: usize) -> String {
    if found == all { grouped(all) } else { format!("{} of {}", grouped(found), grouped(all)) }
}

pub(super) fn amount(value: &Value) -> usize {
    value.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0)
}

pub(super) fn number(value: &Value) -> String {
    grouped(amount(value))
}

/// Writes a number with its noun.
pub(super) fn counted(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Writes a number with commas between groups of three digits.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

pub(super) fn bytes(value: &Value) -> String {
    match value.as_u64().unwrap_or(0) {
        few @ 0..1_024 => format!("{few} B"),
        some @ 1_024..1_048_576 => format!("{} KiB", some >> 10),
        many => format!("{} MiB", many >> 20),
    }
}

pub(super) fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
