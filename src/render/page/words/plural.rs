//! Selects the plural form of a noun for a number by the rules of CLDR. The result is an index into the
//! forms of the language.

/// One form for every number.
pub(super) fn alike(_: usize) -> usize {
    0
}

/// One form for 1, another for all other numbers.
pub(super) fn one_or_more(n: usize) -> usize {
    usize::from(n != 1)
}

/// One form for 0 and 1, another for larger numbers.
pub(super) fn none_counts_as_one(n: usize) -> usize {
    usize::from(n > 1)
}

/// Forms for 1, 21 or 101; for 2 to 4, 22 or 104; for all other numbers.
pub(super) fn slavic(n: usize) -> usize {
    match (n % 10, n % 100) {
        (1, last) if last != 11 => 0,
        (2..=4, last) if !(12..=14).contains(&last) => 1,
        _ => 2,
    }
}

/// Forms for 0, 1, 2, 3 to 10, and more. CLDR distinguishes 11 to 99 from 100, but the nouns of the pages
/// are the same there.
pub(super) fn arabic(n: usize) -> usize {
    match (n, n % 100) {
        (0..=2, _) => n,
        (_, 3..=10) => 3,
        _ => 4,
    }
}
