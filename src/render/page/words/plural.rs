//! Which form of a noun goes with a number, by the rules of CLDR. A form is
//! its place among those that a language has.

/// One form for every number.
pub(super) fn alike(_: usize) -> usize {
    0
}

/// One, and any other number.
pub(super) fn one_or_more(n: usize) -> usize {
    usize::from(n != 1)
}

/// None and one, and any larger number.
pub(super) fn none_counts_as_one(n: usize) -> usize {
    usize::from(n > 1)
}

/// 1, 21 or 101; 2 to 4, 22 or 104; any other number.
pub(super) fn slavic(n: usize) -> usize {
    match (n % 10, n % 100) {
        (1, last) if last != 11 => 0,
        (2..=4, last) if !(12..=14).contains(&last) => 1,
        _ => 2,
    }
}

/// None, one, two, three to ten, more. CLDR tells 11 to 99 from 100; the nouns
/// of the pages are written alike there.
pub(super) fn arabic(n: usize) -> usize {
    match (n, n % 100) {
        (0..=2, _) => n,
        (_, 3..=10) => 3,
        _ => 4,
    }
}
